"""Other regions than the demonstration's: the same resources, in one run of the fleet."""

import pytest

from demo.project import REPOSITORY, Project
from demo.session import session
from fleet import Outcome
from infra import sources
from tests.conftest import silent

EVERY = sorted(sources.stacks(sources.UPSTREAM))
OTHERS = ["aws-af-south-1", "azure-southafricanorth", "gcp-southamerica-east1"]
"""One that must be opted in to, and two on other continents."""


def count(stack: str) -> int:
    """How many resources the list of a cloud's URNs has."""
    names = REPOSITORY / "tests" / "components" / "urns" / f"{stack.partition('-')[0]}.txt"
    return len(names.read_text().splitlines())


def as_the_first(outcomes: list[Outcome], stacks: list[str], status: str) -> None:
    assert [(o.stack, o.status, o.errors) for o in outcomes] == [(stack, status, []) for stack in stacks]
    assert {o.stack: o.changes["create"] for o in outcomes} == {stack: count(stack) for stack in stacks}


def test_another_region_of_each_cloud_previews_as_the_first_one(project: Project) -> None:
    with session(project, silent) as fleet:
        as_the_first(fleet.preview(OTHERS, silent), OTHERS, "previewed")


@pytest.mark.long
def test_every_region_comes_up_as_the_first_ones_in_one_run(project: Project) -> None:
    assert len(EVERY) >= 18
    with session(project, silent) as fleet:
        as_the_first(fleet.up(EVERY, silent), EVERY, "updated")
