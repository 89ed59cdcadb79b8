"""Every resource of every stack at once, as if its creation had been interrupted."""

import dataclasses

import pytest

from demo.project import STACKS, Project
from demo.session import session
from fleet.engine import State
from fleet.resume import Choices
from tests.conftest import silent
from tests.interruptions.ledger import BY_HAND, NOT_MADE, in_clouds, in_state, latest, rewrite


def interrupt(project: Project, stack: str) -> int:
    """Make every creation of a stack a pending one, and return how many there are."""
    deployment = latest(project, stack)
    kept: list[State] = []
    pending: list[State] = []
    for resource in deployment["resources"]:
        made = resource.get("custom") and not resource["type"].startswith((*NOT_MADE, *BY_HAND))
        (pending if made else kept).append(resource)
    without = [{k: v for k, v in resource.items() if k not in ("id", "outputs")} for resource in pending]
    operations = [{"type": "creating", "resource": resource} for resource in without]
    rewrite(project, stack, deployment | {"resources": kept, "pending_operations": operations})
    return len(operations)


@pytest.mark.parametrize("stack", STACKS)
def test_what_was_made_is_adopted_under_its_own_id(copied: Project, stack: str) -> None:
    before, cloud = in_state(copied, stack), stack.partition("-")[0]
    kept = sum(count for (token, _), count in before.items() if token in BY_HAND)
    assert interrupt(copied, stack) == before.total() - kept
    with session(copied, silent) as fleet:
        assert in_state(copied, stack).total() == kept
        [resumed] = dataclasses.replace(fleet, resume=Choices()).up([stack], silent)
    assert resumed.errors == []
    assert in_state(copied, stack) == before
    assert in_clouds(copied, cloud) == before
