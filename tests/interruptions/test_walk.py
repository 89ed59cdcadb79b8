"""Every operation that makes a stack, and every one that takes it away, interrupted: part of `make test-all`.

Each run of the engine loses the answers of a few operations, and is killed in the next one. What was struck once is
not struck again, so every run begins with what is left.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.project import STACKS, Project
from demo.session import session
from simulator.faults import Fault
from tests.conftest import copy, silent
from tests.interruptions.ledger import in_clouds, in_state, latest
from tests.interruptions.trial import Trial

LOST = int(os.environ.get("RAMPART_LOST", "4"))
"""How many answers are lost before each kill; 0 has the engine killed in every operation, and takes thrice as long."""


def walk(trial: Trial, operation: str, run: Callable[[], str]) -> Counter[str]:
    """Run until nothing is left to strike. How often each resource was struck, by URN."""
    kinds = [*["lost"] * LOST, "engine"]
    faults = [Fault(kind, trial.package, operation, at, fresh=True) for at, kind in enumerate(kinds, 1)]
    struck, kills = Counter[str](), 0
    while True:
        trial.ask_for(faults)
        said = run()
        met = trial.met()
        if not met:
            break
        struck.update(trial.struck())
        kills += met[-1].kind == "engine"
        lines = trial.resume()
        assert trial.unsettled() == [], lines
    assert said == ""
    assert trial.wrong() == []
    print(f"{trial.stack}: {struck.total()} times {operation} interrupted, {kills} of them by killing the engine")
    return struck


def known(trial: Trial) -> Counter[str]:
    """The resources of the stack that its cloud knows of, by URN."""
    resources = latest(trial.project, trial.stack)["resources"]
    return Counter(r["urn"] for r in resources if r["type"].startswith(f"{trial.package}:"))


@pytest.mark.long
@pytest.mark.parametrize("stack", STACKS)
def test_every_creation(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        trial = Trial(fleet, project, stack)
        struck = walk(trial, "Create", lambda: trial.up(one_by_one=True))
        assert struck == known(trial)


@pytest.mark.long
@pytest.mark.parametrize("stack", STACKS)
def test_every_deletion(copied: Project, built: Path, tmp_path: Path, stack: str) -> None:
    calm = copy(built, tmp_path / "calm")
    with session(calm, silent) as fleet:
        fleet.down([stack], silent)
    with session(copied, silent) as fleet:
        # What a calm run leaves behind, because the cloud keeps it, is all that this may leave.
        beyond = in_clouds(calm, stack.partition("-")[0])
        kept = [r for r in latest(copied, stack)["resources"] if r.get("retainOnDelete")]
        trial = Trial(fleet, copied, stack, beyond, Counter((r["type"], r["id"]) for r in kept))
        there = known(trial) - Counter(r["urn"] for r in kept)
        assert walk(trial, "Delete", trial.down) == there
        assert in_state(copied, stack).total() == 0
