"""What the program inside the network will read of the one outside, through the engine's own StackReference."""

import json
import os
import textwrap
from pathlib import Path

import pytest
from pulumi import automation

from components.dataplane import DataPlane
from components.dataplane.exports import Exports
from components.dataplane.workloads import SECRETS, WORKLOADS
from components.keys import DATA_PLANE
from demo.project import STACKS
from tests.conftest import Standing


def test_the_contract_names_every_output_and_no_other() -> None:
    assert set(Exports.model_fields) == set(DataPlane.outputs)


@pytest.mark.parametrize("stack", STACKS)
def test_another_program_reads_them_by_reference(
    standing: Standing, stack: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("reader")
    (folder / "Pulumi.yaml").write_text("{name: reader, runtime: python}")
    (folder / "__main__.py").write_text(
        textwrap.dedent("""
            import pulumi
            from components.dataplane.exports import Exports

            found = Exports.of(pulumi.StackReference(f"organization/rampart/{pulumi.get_stack()}"))
            pulumi.export("read", found.apply(lambda exports: exports.model_dump_json()))
        """)
    )
    path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    workspace = automation.LocalWorkspace(work_dir=str(folder), env_vars={"PYTHONPATH": path})
    reader = automation.Stack.create_or_select(stack, workspace)
    read = reader.up().outputs["read"]
    assert not read.secret
    exports = Exports.model_validate_json(read.value)
    assert exports.place.stack == stack
    assert set(exports.identities) == set(WORKLOADS)
    assert set(exports.secrets) == set(SECRETS)
    assert set(exports.keys) == set(DATA_PLANE)
    assert exports.cluster.endpoint.startswith("https://")
    for account in exports.identities.values():
        assert account.service_account.endswith(stack)


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_in_them_is_secret(standing: Standing, stack: str) -> None:
    [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
    assert set(root["outputs"]) == set(DataPlane.outputs)
    assert "4dabf18193072939515e22adb298388d" not in json.dumps(root["outputs"]), "a Pulumi secret among the outputs"


def test_the_workloads_of_all_clouds_have_the_same_logins(standing: Standing) -> None:
    logins = {}
    for stack in STACKS:
        [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
        accounts = Exports.model_validate(root["outputs"]).identities
        logins[stack] = {name: sorted(login.store for login in account.logins) for name, account in accounts.items()}
    first, *others = logins.values()
    assert all(other == first for other in others)
    assert first["query"] == ["cache", "postgres"]
