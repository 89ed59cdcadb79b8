"""The demonstration, under the real engine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from tests.conftest import RUN_PART, Standing, silent


def test_the_first_run_creates_and_the_policy_pack_passes_it(standing: Standing) -> None:
    for outcome in standing.first.values():
        assert outcome.status == "updated"
        # Azure has the one way out that the design names, and the pack three exceptions for it.
        assert outcome.policy == ("pass, 3 excepted" if outcome.stack.startswith("azure") else "pass")
        assert outcome.changes["create"] == outcome.resources > 20


def test_the_second_run_changes_nothing(standing: Standing) -> None:
    outcomes = standing.fleet.up(STACKS, silent)
    assert [outcome.status for outcome in outcomes] == ["unchanged"] * 3
    assert [outcome.changed for outcome in outcomes] == [0, 0, 0]


def test_the_fleet_has_no_output_in_its_memory(standing: Standing) -> None:
    """The Automation API reads all of them in clear after every update, unless it is kept from it."""
    [root] = standing.of_type(STACKS[0], "pulumi:pulumi:Stack")
    assert root["outputs"]
    assert standing.fleet.recovery(STACKS[0]).stack.outputs() == {}


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("plan", "gold", "plan: got 'gold'"),
        ("regoin", "us-east-1", "did you mean region?"),
        ("cidr", "10.0.0.0/8", "cidr"),
    ],
)
def test_a_wrong_setting_stops_before_anything_is_planned(
    project: Project, setting: str, value: str, says: str
) -> None:
    with session(project, silent) as fleet:
        stack = STACKS[0]
        (fleet.project / "stacks" / f"Pulumi.{stack}.yaml").write_text(f"config: {{rampart:{setting}: {value}}}\n")
        [outcome] = fleet.up([stack], silent)
    assert outcome.status == "failed"
    assert says in outcome.errors[0]
    assert "Traceback" not in outcome.errors[0]
    assert outcome.resources <= 1  # the stack itself


def test_git_status_is_clean_after_up(tmp_path: Path) -> None:
    """Stack files with their encryption salt, state, clouds: all of it in .rampart/."""
    clone = tmp_path / "clone"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = clone / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((REPOSITORY / name).read_bytes())
    (clone / "infra" / "__main__.py").write_text(RUN_PART)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as cloned"]):
        subprocess.run([*git, *command], cwd=clone, check=True)
    run = subprocess.run(
        [sys.executable, "-m", "demo", "up", "aws-us-east-1"],
        cwd=clone,
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert run.returncode == 0, run.stdout + run.stderr
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert status.stdout == ""
    assert (clone / ".rampart" / "project" / "stacks" / "Pulumi.aws-us-east-1.yaml").exists()
