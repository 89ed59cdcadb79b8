"""The way of the first day's own state into another backend, as bootstrap/README.md has it, command by command."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from demo.project import PACK, REPOSITORY
from tests.bootstrap.conftest import PACK_CONFIG
from tests.conftest import Standing


def commands() -> list[str]:
    """The commands of the section, with a folder and a passphrase in the place of a bucket and a key."""
    text = (REPOSITORY / "bootstrap" / "README.md").read_text()
    section = text.partition("## Move its own state into the bucket")[2].partition("\n## ")[0]
    written = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    assert len(written) == 7
    ours = [re.sub(r'"\$\(jq -r \.own_backend outputs\.json\)"', '"$NEW_BACKEND"', line) for line in written]
    ours = [re.sub(r'"\$\(jq -r \.secrets_provider outputs\.json\)"', "passphrase", line) for line in ours]
    assert ours != written
    return ours


def test_the_state_moves_and_nothing_changes(first_day: Standing, tmp_path: Path) -> None:
    project, backend = tmp_path / "project", tmp_path / "bucket"
    shutil.copytree(first_day.fleet.project, project, symlinks=True)
    (tmp_path / "home" / "first-day").mkdir(parents=True)
    backend.mkdir()
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "NEW_BACKEND": f"file://{backend}",
        "PULUMI_HOME": str(tmp_path / "pulumi"),
        "PULUMI_OPTION_POLICY_PACK": str(PACK),
        "PULUMI_OPTION_POLICY_PACK_CONFIG": str(PACK_CONFIG),
    }
    before = environment.pop("PULUMI_BACKEND_URL")
    script = "\n".join(["set -e", f"pulumi login '{before}'", *commands()])
    run = subprocess.run(["bash", "-c", script], cwd=project, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (backend / ".pulumi" / "stacks" / "rampart-bootstrap" / "aws.json").exists()
    assert not (project / "aws.json").exists()
