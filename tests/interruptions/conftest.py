"""Stacks that are up, to be interrupted: copies of the test run's standing ones, each with clouds of its own."""

import shutil
from pathlib import Path

import pytest

from demo.project import Project
from tests.conftest import Standing


@pytest.fixture
def copied(standing: Standing, tmp_path: Path) -> Project:
    """A demonstration like the standing one, up, with the same state, clouds and secrets."""
    home = tmp_path / "home"
    shutil.copytree(standing.fleet.project.parent, home, symlinks=True, ignore=shutil.ignore_patterns("*.lease"))
    return Project(home)
