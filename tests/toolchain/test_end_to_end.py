"""The real engine, with Rampart's language host: a program and a policy pack, from preview to destroy."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

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

Pulumi = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pulumi(engine: Engine, tmp_path: Path) -> Pulumi:
    """The CLI in a project with a program, a pack, and a backend of its own."""
    (tmp_path / "Pulumi.yaml").write_text("name: tiny\nmain: program/\nruntime: python\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "PulumiPolicy.yaml").write_text("runtime: python\nname: tiny\nversion: 0.0.1\n")
    (tmp_path / "pack" / "__main__.py").write_text(PACK)
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__main__.py").write_text(PROGRAM)
    (tmp_path / "state").mkdir()
    environment = engine.environment() | {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "tiny",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(engine.pulumi), "--non-interactive", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


def test_a_stack_lives_from_preview_to_destroy_under_its_policy_pack(pulumi: Pulumi) -> None:
    def succeed(*arguments: str) -> str:
        done = pulumi(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    succeed("stack", "init", "dev")
    succeed("config", "set", "color", "blue")
    succeed("config", "set", "--secret", "password", "hunter2")
    updated = succeed("up", "--yes", "--skip-preview", "--policy-pack", "pack")
    assert "tiny@v0.0.1" in updated
    assert json.loads(succeed("stack", "output", "--json")) == {"color": "blue", "password": "[secret]"}
    assert "warning" not in succeed("preview", "--expect-no-changes", "--policy-pack", "pack")

    succeed("config", "set", "color", "red")
    refused = pulumi("preview", "--policy-pack", "pack")
    assert refused.returncode != 0
    assert "dev must not be red" in refused.stdout
    succeed("destroy", "--yes", "--skip-preview")


def test_a_program_that_fails_fails_the_preview_with_its_own_error(pulumi: Pulumi, tmp_path: Path) -> None:
    (tmp_path / "program" / "__main__.py").write_text("raise ValueError('broken on purpose')\n")
    assert pulumi("stack", "init", "dev").returncode == 0
    done = pulumi("preview")
    assert done.returncode != 0
    assert "ValueError: broken on purpose" in done.stdout
    assert "exit code" not in done.stdout
