"""Every operation of one stack per cloud, interrupted in turn: part of `make test-all`.

Each run of the engine makes one thing, and then is killed or loses the answer, so the next begins with what follows.
"""

from itertools import cycle

import pytest

from demo.project import STACKS, Project
from demo.session import session
from simulator.faults import Fault
from tests.conftest import silent
from tests.interruptions.trial import Trial


@pytest.mark.long
@pytest.mark.parametrize("stack", STACKS)
def test_walk(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        trial = Trial(fleet, project, stack)
        walked = 0
        for kind in cycle(("engine", "lost")):
            trial.ask_for([Fault(kind, trial.package, at=1)])
            trial.up(one_by_one=True)
            if not trial.met():
                break
            walked += 1
            lines = trial.resume()
            assert trial.settled(), lines
        print(f"{stack}: {walked} operations interrupted")
        assert walked > 100
        assert trial.whole()
