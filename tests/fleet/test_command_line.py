"""`python -m fleet`, as a shell or a pipeline calls it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from tests.conftest import silent

STACK = STACKS[0]
Run = subprocess.CompletedProcess[str]


class Shell:
    """The demonstration's shell: the variables that put the policy pack in force are set there."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def __call__(self, command: str, *arguments: str) -> Run:
        call = [sys.executable, "-m", "fleet", command, *arguments, "--project", str(self.project.folder)]
        environment = dict(os.environ) | self.project.policy
        return subprocess.run(call, cwd=REPOSITORY, capture_output=True, text=True, env=environment)


@pytest.fixture
def shell(project: Project) -> Iterator[Shell]:
    with session(project, silent):
        yield Shell(project)


def test_a_preview_is_one_json_document_and_its_exit_code_says_whether_there_are_changes(shell: Shell) -> None:
    run = shell("preview", STACK, "--json", "--expect-no-changes")
    [found] = json.loads(run.stdout)["stacks"]
    assert (found["stack"], found["status"], found["ok"]) == (STACK, "previewed", True)
    assert found["policy"].startswith("pass")
    assert found["changes"]["create"] > 20
    assert run.returncode == 4


def test_a_preview_writes_the_pull_requests_comment(shell: Shell) -> None:
    path = shell.project.home / "comment.md"
    run = shell("preview", STACK, "--comment-file", str(path), "--revision", "1a2b3c")
    assert run.returncode == 0, run.stderr
    assert "Preview of 1 region at 1a2b3c" in path.read_text()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["preview", "aws-us-esat-1"], "there are aws-af-south-1"),
        (["preview", "--cloud", "asw"], "no stack on asw"),
        (["preview", "--changed", "no-such-revision"], "since no-such-revision"),
        (["down"], "wants stacks by name"),
    ],
)
def test_a_call_that_cannot_be_meant_exits_with_2_and_says_what_would_do(
    shell: Shell, call: list[str], says: str
) -> None:
    run = shell(*call)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr


def test_the_wrong_settings_of_all_stacks_are_said_before_any_is_touched(shell: Shell) -> None:
    for stack in STACKS[:2]:
        path = shell.project.folder / "stacks" / f"Pulumi.{stack}.yaml"
        path.write_text("config: {rampart:plan: gold}\n")
    run = shell("up")
    assert run.returncode == 2
    assert run.stderr.count("plan: got 'gold'") == 2
    assert "preview" not in run.stderr
