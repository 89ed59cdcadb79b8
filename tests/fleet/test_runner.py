"""How the fleet goes about many stacks. The engine is stood in for: what it does is tried in tests/demo."""

import dataclasses
import threading
from pathlib import Path

import pytest
from pulumi import automation

from fleet import Fleet, Outcome
from fleet.outcome import Violation
from fleet.runner import protected
from tests.conftest import silent


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fake(Fleet):
    """A fleet whose stacks fail by name, and which remembers their order."""

    seen: list[str] = dataclasses.field(default_factory=list)
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def _up(self, outcome: Outcome, say: object) -> None:
        with self.lock:
            self.seen.append(outcome.stack)
        if "policy" in outcome.stack:
            outcome.violations.append(Violation("no-public", "mandatory", "urn::x", "is public"))
        if "bad" in outcome.stack or "policy" in outcome.stack:
            raise automation.CommandError(automation._cmd.CommandResult("", "it broke", 1))
        outcome.status = "updated"


def fleet(canary: int = 0, jobs: int = 1) -> Fake:
    nowhere = Path("/nowhere")
    return Fake(project=nowhere, pack=nowhere, pack_config=nowhere, canary=canary, jobs=jobs)


def statuses(found: list[Outcome]) -> dict[str, str]:
    return {outcome.stack: outcome.status for outcome in found}


def test_the_canary_goes_first_and_the_rest_follow() -> None:
    made = fleet(canary=1, jobs=4)
    assert set(statuses(made.up(["a", "b", "c"], silent)).values()) == {"updated"}
    assert made.seen[0] == "a"


def test_after_a_canary_that_fails_nothing_else_is_touched() -> None:
    made = fleet(canary=1, jobs=4)
    assert statuses(made.up(["bad", "b", "c"], silent)) == {"bad": "failed", "b": "skipped", "c": "skipped"}
    assert made.seen == ["bad"]


def test_after_a_stack_that_fails_no_further_one_is_begun() -> None:
    assert statuses(fleet().up(["a", "bad", "c"], silent)) == {"a": "updated", "bad": "failed", "c": "skipped"}


def test_what_the_policy_pack_stops_is_refused_not_failed() -> None:
    [outcome] = fleet().up(["policy"], silent)
    assert (outcome.status, outcome.errors) == ("refused", [])


def test_an_engine_that_could_not_start_is_said() -> None:
    [outcome] = fleet().up(["bad"], silent)
    assert "it broke" in outcome.errors[0]


@pytest.mark.parametrize(("resource", "kept"), [({"urn": "a::b", "protect": True}, ["b"]), ({"urn": "a::b"}, [])])
def test_only_what_is_marked_is_protected(resource: dict[str, object], kept: list[str]) -> None:
    assert protected({"resources": [resource]}) == kept
