import dataclasses
import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet, Outcome
from tests import plans

# How fast a machine is says nothing about the code: speed is measured in bench/.
settings.register_profile("rampart", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rampart")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the committed lists anew instead of comparing them")


FIRST = "first.pickle"
"""Where the built demonstration keeps the outcomes of its first update."""


def silent(*_: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Standing:
    """The demonstration's three stacks, up under the real engine against simulated clouds of the test run's own."""

    fleet: Fleet
    first: dict[str, Outcome]
    resources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def of_type(self, stack: str, token: str) -> list[dict[str, Any]]:
        return [resource for resource in self.resources[stack] if resource["type"] == token]


def build_once(factory: pytest.TempPathFactory, name: str, up: Callable[[Path], list[Outcome]]) -> Path:
    """The folder of a project whose stacks `up` has brought up; made once for all processes of the test run."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    home = root / name
    with (root / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / FIRST).exists():
            shutil.rmtree(home, ignore_errors=True)  # what a process left that failed
            outcomes = up(home)
            assert all(outcome.ok for outcome in outcomes), [o.errors or o.violations for o in outcomes]
            (home / FIRST).write_bytes(pickle.dumps({outcome.stack: outcome for outcome in outcomes}))
    return home


def first(built: Path) -> dict[str, Outcome]:
    """The outcomes of the update that made a built project."""
    outcomes: dict[str, Outcome] = pickle.loads((built / FIRST).read_bytes())
    return outcomes


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration whose three stacks are up."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home), silent) as fleet:
            return fleet.up(STACKS, silent)

    return build_once(tmp_path_factory, "built", up)


@pytest.fixture(scope="session")
def built_managed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise on the managed plan, which the pack's configuration in its folder allows."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home), silent) as fleet:
            plans.choose(fleet.project, "managed")
            return dataclasses.replace(fleet, pack_config=plans.allow_managed(fleet.pack_config, home)).up(
                STACKS, silent
            )

    return build_once(tmp_path_factory, "built-managed", up)


def copy(built: Path, folder: Path, program: str = "infra") -> Project:
    """A project like the built one, up, with the same state and secrets, and clouds of its own."""
    shutil.copytree(built, folder, symlinks=True, ignore=shutil.ignore_patterns("*.lease", "*.lock", "*.server*"))
    return Project(folder, program)


@pytest.fixture(scope="session")
def standing(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """The built stacks, to be looked at: what changes them takes `copied`."""
    with session(copy(built, tmp_path_factory.mktemp("standing") / "home"), silent) as fleet:
        states = {stack: fleet.deployment(stack)["resources"] for stack in STACKS}
        yield Standing(fleet, first(built), states)


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Project:
    """A copy of the built stacks of the test's own, to be changed."""
    return copy(built, tmp_path / "home")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A demonstration of the test's own, not yet laid out."""
    return Project(tmp_path / "home")
