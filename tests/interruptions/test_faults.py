"""Every kind of fault on every cloud, at points that a seed decides, while a stack is built from nothing.

The stack is a part of the data plane; `test_walk` goes through whole ones.
"""

import random

import pytest

from demo.project import STACKS, Project
from demo.session import session
from simulator.faults import KINDS, Fault
from tests.conftest import have_part, silent
from tests.interruptions.ledger import clear, in_state
from tests.interruptions.trial import IN_FLIGHT, POINTS, SEED, Trial

CALM = [kind for kind in KINDS if kind not in ("provider", "engine")]


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_lost_or_made_twice(project: Project, stack: str) -> None:
    print(f"RAMPART_SEED={SEED}")
    chance = random.Random(SEED)
    with session(project, silent) as fleet:
        have_part(fleet.project)
        trial = Trial(fleet, project, stack)
        for kinds in rounds(chance):
            while kinds:  # a fault may come too late for what is left to make once others have struck
                points = sorted(chance.sample(range(1, 3 * len(kinds)), len(kinds)))
                pairs = zip(kinds, points, strict=True)
                trial.ask_for([Fault(kind, trial.package, at=at) for kind, at in pairs])
                said = trial.up()
                met = trial.met()
                # What was under way when the provider or the engine died, it had no time to tell of.
                told = [fault for fault in met if met[-1].kind in CALM or fault.at <= met[-1].at - IN_FLIGHT]
                assert all(KINDS[fault.kind].codes[trial.package][0] in said for fault in told)
                lines = trial.resume()
                assert any("released the lock" in line for line in lines) == (met[-1].kind == "engine")
                assert trial.unsettled() == [], lines
                for fault in met:
                    kinds.remove(fault.kind)
        trial.ask_for([])
        assert trial.up() == ""
        assert trial.wrong() == []
        assert in_state(project, stack).total() > 40
        assert clear(project.home, (project.home / "passphrase").read_text()) == []


def rounds(chance: random.Random) -> list[list[str]]:
    """The kinds of fault that strike one run of the engine each: all kinds, and some again until there are enough.

    A dead provider answers nothing more, and a dead engine asks nothing more, so these come last.
    """
    more = chance.choices(CALM, k=max(0, POINTS - len(KINDS)))
    return [[*chance.sample(CALM, len(CALM)), "provider"], [*more, "engine"]]
