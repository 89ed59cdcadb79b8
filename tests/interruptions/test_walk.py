"""Every operation of one stack per cloud, interrupted in turn: `make test-all`; `make test` interrupts the first two.

Each run of the engine makes one thing, and then is killed or loses the answer, so the next begins with what follows.
"""

import os
from itertools import cycle

import pytest

from demo.project import STACKS, Project
from demo.session import session
from simulator.faults import Fault
from tests.conftest import silent
from tests.interruptions.trial import Trial

LENGTH = 1_000 if os.environ.get("RAMPART_WALK") else 2
"""At most so many operations."""


@pytest.mark.parametrize("stack", STACKS)
def test_walk(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        trial = Trial(fleet, project, stack)
        walked = 0
        for kind in cycle(("engine", "lost")):
            trial.ask_for([Fault(kind, trial.package, at=1)])
            trial.up(one_by_one=True)
            if not trial.met() or walked == LENGTH:
                break
            walked += 1
            lines = trial.resume()
            assert trial.settled(), lines
        print(f"{stack}: {walked} operations interrupted")
        assert walked == LENGTH or trial.whole()
