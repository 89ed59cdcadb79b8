"""What "the same on three clouds" means: the same component tree, and only the leaves differ."""

from pathlib import Path
from typing import Any

import pytest

from components.dataplane import DataPlane
from demo.project import STACKS
from tests.conftest import Standing

Resource = dict[str, Any]
LISTS = Path(__file__).parent / "urns"


def tree(resources: list[Resource]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Every component by nested type, name and parent's name, with the names of its outputs."""
    names = {resource["urn"]: resource["urn"].rpartition("::")[2] for resource in resources}
    return sorted(
        (
            resource["urn"].split("::")[2],
            names[resource["urn"]],
            names.get(resource.get("parent", ""), ""),
            tuple(sorted(resource.get("outputs", {}))),
        )
        for resource in resources
        if resource["type"].startswith("rampart:")
    )


def test_the_component_trees_of_the_three_stacks_are_the_same(standing: Standing) -> None:
    aws, gcp, azure = (tree(standing.resources[stack]) for stack in STACKS)
    assert aws
    # A stack's own name is the tree's root, and differs.
    assert [row[:2] + row[3:] for row in aws] == [row[:2] + row[3:] for row in gcp]
    assert [row[:2] + row[3:] for row in gcp] == [row[:2] + row[3:] for row in azure]


def test_the_stacks_export_the_same_outputs(standing: Standing) -> None:
    for stack in STACKS:
        [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
        assert set(root["outputs"]) == set(DataPlane.outputs)


@pytest.mark.parametrize("stack", STACKS)
def test_the_urns_are_the_committed_ones(standing: Standing, stack: str, request: pytest.FixtureRequest) -> None:
    """A renamed or re-nested resource is replaced unless it has an alias: it must show in review."""
    prefix = f"urn:pulumi:{stack}::rampart::"
    lines = sorted(resource["urn"].removeprefix(prefix) for resource in standing.resources[stack])
    committed = LISTS / f"{stack.partition('-')[0]}.txt"
    if request.config.getoption("--renew"):
        committed.write_text("".join(f"{line}\n" for line in lines))
    assert committed.read_text().splitlines() == lines, "if every moved one has an alias: make renew"


@pytest.mark.parametrize("stack", STACKS)
def test_no_resource_has_a_default_provider(standing: Standing, stack: str) -> None:
    providers = [r["urn"] for r in standing.resources[stack] if r["type"].startswith("pulumi:providers:")]
    assert len(providers) == 2
    assert not [urn for urn in providers if urn.rpartition("::")[2].startswith("default")]
    assert not [r["urn"] for r in standing.resources[stack] if "::default_" in r.get("provider", "")]


@pytest.mark.parametrize("stack", STACKS)
def test_a_childs_name_begins_with_its_components(standing: Standing, stack: str) -> None:
    """URNs hold the types of parents, not their names: bare constants would clash with a second component's."""
    names = {r["urn"]: r["urn"].rpartition("::")[2] for r in standing.resources[stack]}
    for resource in standing.resources[stack]:
        parent = names.get(resource.get("parent", ""), "")
        leaf = not resource["type"].startswith(("rampart:", "pulumi:"))
        assert not leaf or names[resource["urn"]].startswith(f"{parent}-"), resource["urn"]
