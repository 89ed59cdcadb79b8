"""The real engine, with Rampart's language host: a program and a policy pack, from preview to destroy."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.toolchain.support.lifeline import Lifeline
from toolchain import Engine

PROGRAM = """
import pulumi

class Thing(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("tiny:index:Thing", name)
        self.register_outputs({})

Thing("thing")
config = pulumi.Config()
pulumi.export("color", config.require("color"))
pulumi.export("password", config.require_secret("password"))
"""

PACK = """
import pulumi
from pulumi_policy import EnforcementLevel, PolicyPack, StackValidationPolicy

def judge(args, report):
    if pulumi.Config("tiny").require("color") == "red":
        report(f"{pulumi.get_stack()} must not be red")

PolicyPack("tiny", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    StackValidationPolicy(name="color", description="Not red.", validate=judge),
])
"""


@dataclass(frozen=True)
class Project:
    """A project with a program, a policy pack and a backend of its own."""

    folder: Path
    engine: Engine

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        environment = self.engine.environment() | {
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "tiny",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        return subprocess.Popen(
            [self.engine.pulumi, "--non-interactive", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def succeed(self, *arguments: str) -> str:
        process = self.start(*arguments)
        output, _ = process.communicate()
        assert process.returncode == 0, output
        return output

    def fail(self, *arguments: str) -> str:
        process = self.start(*arguments)
        output, _ = process.communicate()
        assert process.returncode > 0, output
        return output


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    for name, text in {
        "Pulumi.yaml": "name: tiny\nmain: program/\nruntime: python\n",
        "program/__main__.py": PROGRAM,
        "pack/PulumiPolicy.yaml": "runtime: python\nname: tiny\nversion: 0.0.1\n",
        "pack/__main__.py": PACK,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "state").mkdir()
    project = Project(tmp_path, engine)
    project.succeed("stack", "init", "dev")
    return project


def test_a_stack_lives_from_preview_to_destroy_under_its_policy_pack(project: Project) -> None:
    project.succeed("config", "set", "color", "blue")
    project.succeed("config", "set", "--secret", "password", "hunter2")
    assert "tiny@v0.0.1" in project.succeed("up", "--yes", "--skip-preview", "--policy-pack", "pack")
    assert json.loads(project.succeed("stack", "output", "--json")) == {"color": "blue", "password": "[secret]"}
    assert "warning" not in project.succeed("preview", "--expect-no-changes", "--policy-pack", "pack")

    project.succeed("config", "set", "color", "red")
    assert "dev must not be red" in project.fail("preview", "--policy-pack", "pack")
    project.succeed("destroy", "--yes", "--skip-preview")


def test_a_program_that_fails_fails_the_preview_with_its_own_error(project: Project) -> None:
    (project.folder / "program" / "__main__.py").write_text("raise ValueError('broken on purpose')\n")
    output = project.fail("preview")
    assert "ValueError: broken on purpose" in output
    assert "exit code" not in output


def test_a_killed_engine_leaves_no_program_and_no_policy_pack_behind(project: Project) -> None:
    lives = [Lifeline(project.folder / name) for name in ("pack-life", "program-life")]
    for folder, life, then in zip(("pack", "program"), lives, (PACK, "import signal; signal.pause()"), strict=True):
        hold = f"life = open({str(life.path)!r}, 'w')\nprint('started', file=life, flush=True)\n"
        (project.folder / folder / "__main__.py").write_text(hold + then)
    process = project.start("preview", "--policy-pack", "pack")
    for life in lives:
        assert life.wait_for_start() == "started"
    process.kill()
    for life in lives:
        life.wait_for_end()
    process.communicate()
