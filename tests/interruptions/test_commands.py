"""What somebody types after an engine was killed, and what they are told."""

import json
import os
import random
import subprocess
import sys

import pytest

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from simulator.faults import Fault
from tests.conftest import have_part, silent
from tests.interruptions.ledger import checkpoint, latest
from tests.interruptions.trial import SEED, Trial

Run = subprocess.CompletedProcess[str]


def typed(project: Project, *command: str) -> Run:
    """A plain `pulumi` command, in the project's folder."""
    whole = ["pulumi", *command, "--non-interactive", "--color=never"]
    return subprocess.run(whole, cwd=project.folder, capture_output=True, text=True)


def fleet(project: Project, *arguments: str) -> Run:
    command = [sys.executable, "-m", "fleet", "up", STACKS[0], "--project", str(project.folder), *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, env=dict(os.environ) | project.policy
    )


def test_plain_pulumi_says_what_to_do_and_resume_mends_even_what_it_made_twice(project: Project) -> None:
    print(f"RAMPART_SEED={SEED}")
    stack, chance = STACKS[0], random.Random(SEED)
    up = ("up", "--yes", "--skip-preview", "--stack", stack)
    with session(project, silent) as made:
        have_part(made.project)
        trial = Trial(made, project, stack)
        made.recovery(stack)  # makes the stack
        trial.ask_for([Fault("engine", "aws", at=chance.randint(10, 20))])
        assert typed(project, *up).returncode < 0
        trial.ask_for([])
        pending = latest(project, stack)["pending_operations"]
        assert pending

        locked = typed(project, *up)
        assert locked.returncode != 0
        assert "the stack is currently locked" in locked.stderr
        assert "pulumi cancel" in locked.stderr

        assert typed(project, "cancel", "--yes", "--stack", stack).returncode == 0
        warned = typed(project, *up)  # and makes again what may be made again
        assert f"with {len(pending)} pending operations" in warned.stdout
        assert "pulumi refresh" in warned.stdout
        assert len(latest(project, stack)["pending_operations"]) == len(pending)

        stopped = fleet(project)
        assert stopped.returncode == 5
        assert "run with --resume" in stopped.stderr
        # A kill in the middle of it leaves this in a backend that keeps notes about its files (docs/traps.md).
        checkpoint(project, stack).with_suffix(".json.attrs").write_text("")
        assert "failed to load checkpoint" in typed(project, *up).stderr
        resumed = fleet(project, "--resume", "--json")
        assert resumed.returncode == 0, resumed.stderr
        [found] = json.loads(resumed.stdout)["stacks"]
        assert len(found["settled"]) >= len(pending)
        assert trial.wrong() == []


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["--adopt", "network-vpc=vpc-1"], "go with --resume"),
        (["--resume", "--adopt", "network-vpc"], "NAME=ID"),
    ],
)
def test_a_decision_that_cannot_be_meant_exits_with_2(project: Project, call: list[str], says: str) -> None:
    project.prepare()
    run = fleet(project, *call)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr
