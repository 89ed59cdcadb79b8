"""Every resource of every stack at once, as if its creation had been interrupted."""

import dataclasses

import pytest

from demo.project import STACKS, Project
from demo.session import session
from fleet.engine import State
from fleet.finds import Again, how
from fleet.resume import Choices
from tests.conftest import silent
from tests.interruptions.ledger import BY_HAND, NOT_MADE, in_clouds, in_state, latest, rewrite
from tests.interruptions.trial import Trial


def interrupt(project: Project, stack: str) -> dict[str, str]:
    """Make every creation of a stack a pending one. Gives the ids of those that somebody must look up, by name."""
    deployment = latest(project, stack)
    kept: list[State] = []
    pending: list[State] = []
    by_hand = {}
    for resource in deployment["resources"]:
        made = resource.get("custom") and not resource["type"].startswith(NOT_MADE)
        (pending if made else kept).append(resource)
        if resource["type"] in BY_HAND:
            by_hand[resource["urn"]] = resource["id"]
    without = [{k: v for k, v in resource.items() if k not in ("id", "outputs")} for resource in pending]
    operations = [{"type": "creating", "resource": resource} for resource in without]
    rewrite(project, stack, deployment | {"resources": kept, "pending_operations": operations})
    return by_hand


@pytest.mark.parametrize("stack", STACKS)
def test_what_was_made_is_adopted_under_its_own_id(copied: Project, stack: str) -> None:
    before, cloud = in_state(copied, stack), stack.partition("-")[0]
    adopt = interrupt(copied, stack)
    assert in_state(copied, stack).total() == 0
    with session(copied, silent) as fleet:
        dataclasses.replace(fleet, resume=Choices(adopt)).recovery(stack).resume()
        missing = before - in_state(copied, stack)
        assert {token for token, _ in missing if not isinstance(how(token), Again)} == set()
        assert Trial(fleet, copied, stack).up() == ""
    assert in_state(copied, stack) == before
    assert in_clouds(copied, cloud) == before
