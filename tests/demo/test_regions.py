"""Other regions than the demonstration's: the same resources, in one run of the fleet."""

import os

from demo.project import REPOSITORY, Project
from demo.session import session
from infra import sources
from tests.conftest import silent

EVERY = sorted(sources.stacks(sources.UPSTREAM))
OTHERS = ["aws-af-south-1", "azure-southafricanorth", "gcp-southamerica-east1"]
"""One that must be opted in to, and two on other continents."""


def count(stack: str) -> int:
    """How many resources the list of a cloud's URNs has."""
    names = REPOSITORY / "tests" / "components" / "urns" / f"{stack.partition('-')[0]}.txt"
    return len(names.read_text().splitlines())


def test_other_regions_are_as_the_first_ones(project: Project) -> None:
    """`make test` previews one more region of each cloud; `make test-all` brings all of them up."""
    whole = bool(os.environ.get("RAMPART_WALK"))
    stacks = EVERY if whole else OTHERS
    with session(project, silent) as fleet:
        outcomes = fleet.up(stacks, silent) if whole else fleet.preview(stacks, silent)
    status = "updated" if whole else "previewed"
    assert [(o.stack, o.status, o.errors) for o in outcomes] == [(stack, status, []) for stack in stacks]
    assert {o.stack: o.changes["create"] for o in outcomes} == {stack: count(stack) for stack in stacks}
