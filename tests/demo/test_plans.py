"""Both plans on three clouds, and whose word decides which plan a stack is on."""

import dataclasses
import json
from pathlib import Path

import pytest

from demo.project import STACKS, Project
from demo.session import session
from tests.conftest import silent


def test_the_managed_plan_comes_up_where_the_packs_configuration_allows_it(project: Project) -> None:
    with session(project, silent) as fleet:
        choose_managed(fleet.project)
        relaxed = dataclasses.replace(fleet, pack_config=managed(fleet.pack_config, project.home))
        outcomes = relaxed.up(STACKS, silent)
        assert [(o.status, o.policy, o.errors) for o in outcomes] == [("updated", "pass", [])] * 3
        for stack in STACKS:
            types = {r["type"] for r in fleet.deployment(stack)["resources"]}
            assert "rampart:bucket:Bucket" in types
            assert "rampart:keys:Key" not in types


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_cannot_leave_the_enterprise_plan_by_its_own_settings(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        choose_managed(fleet.project)
        [outcome] = fleet.up([stack], silent)
    assert outcome.status == "refused"
    assert any("customer-managed" in v.message for v in outcome.violations if v.level == "mandatory")


def choose_managed(project: Path) -> None:
    team = project / "stacks" / "team.yaml"
    team.write_text(team.read_text() + "stacks:\n" + "".join(f"  {stack}: {{plan: managed}}\n" for stack in STACKS))


def managed(config: Path, folder: Path) -> Path:
    """The pack's configuration, with these stacks on the managed plan."""
    document = json.loads(config.read_text())
    document["rampart"]["plans"] = dict.fromkeys(STACKS, "managed")
    path = folder / "managed.config.json"
    path.write_text(json.dumps(document))
    return path
