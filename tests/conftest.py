import dataclasses
import fcntl
import os
import pickle
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from pulumi import automation

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet, Outcome
from simulator.client import beside
from simulator.state import Store
from tests import plans

# How fast a machine is says nothing about the code: speed is measured in bench/.
settings.register_profile("rampart", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rampart")


# A shell has a background job ignore interrupts, and so does what that starts: tests that send them would wait forever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the committed lists anew instead of comparing them")


# The engine writes a stack's state once, at the end, and not after every resource: a fifth of what an update costs.
# Only what is interrupted needs more, and tests of that ask for it (`checkpoints`).
os.environ |= {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}

PART = Path(__file__).parent / "part"
"""The program that is a part of the data plane."""

T = TypeVar("T")

RUN_PART = """import runpy
from pathlib import Path
runpy.run_path(str(Path(__file__).parents[1] / "tests" / "part" / "__main__.py"), run_name="__main__")
"""
"""A program in a clone's infra/ that runs it."""


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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """What `make` gives, handed an empty folder: made once for all processes of the test run."""
    folder, kept = root(factory) / name, root(factory) / f"{name}.pickle"
    with (root(factory) / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what a process left that failed
            folder.mkdir()
            kept.write_bytes(pickle.dumps(make(folder)))
    made: T = pickle.loads(kept.read_bytes())
    return made


def root(factory: pytest.TempPathFactory) -> Path:
    """The folder that the processes of the test run share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def build_once(factory: pytest.TempPathFactory, name: str, up: Callable[[Path], list[Outcome]]) -> Path:
    """The folder of a project whose stacks `up` has brought up; made once for all processes of the test run."""

    def build(home: Path) -> dict[str, Outcome]:
        outcomes = up(home)
        assert all(outcome.ok for outcome in outcomes), [o.errors or o.violations for o in outcomes]
        return {outcome.stack: outcome for outcome in outcomes}

    once(factory, name, build)
    return root(factory) / name


def first(built: Path) -> dict[str, Outcome]:
    """The outcomes of the update that made a built project."""
    outcomes: dict[str, Outcome] = pickle.loads(built.with_name(f"{built.name}.pickle").read_bytes())
    return outcomes


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration whose three stacks are up."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home), silent) as fleet:
            return fleet.up(STACKS, silent)

    return build_once(tmp_path_factory, "built", up)


@pytest.fixture(scope="session")
def built_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise of stacks that are a part of the data plane."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home), silent) as fleet:
            have_part(fleet.project)
            return update_all(fleet, STACKS)

    return build_once(tmp_path_factory, "built-part", up)


@pytest.fixture(scope="session")
def built_managed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise on the managed plan, which the pack's configuration in its folder allows."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home), silent) as fleet:
            plans.choose(fleet.project, "managed")
            allowed = plans.allow_managed(fleet.pack_config, home)
            return update_all(dataclasses.replace(fleet, pack_config=allowed), STACKS)

    return build_once(tmp_path_factory, "built-managed", up)


def copy(built: Path, folder: Path, program: str = "infra") -> Project:
    """A project like the built one, up, with the same state and secrets, and clouds of its own."""
    shutil.copytree(built, folder, symlinks=True, ignore=shutil.ignore_patterns("*.lease", "*.lock", "*.server*"))
    return Project(folder, program)


@contextmanager
def by_hand(project: Project) -> Iterator[Store]:
    """What the simulated clouds remember, to be changed behind their back, once nobody serves it any more.

    A server that has not yet seen its last client go would be joined by the next one, and knows nothing of the change.
    """
    with beside(project.clouds, "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(Store(project.clouds)) as store:
            yield store


def have_part(folder: Path) -> None:
    """Have a Pulumi project run the part of the data plane in place of the whole."""
    infra = folder / "infra"
    infra.unlink()
    infra.symlink_to(PART, target_is_directory=True)


def update(fleet: Fleet, stack: str) -> Outcome:
    """An update under the policy pack, without the preview that the fleet has before it."""
    outcome = Outcome(stack)
    pack, its_configuration = [str(fleet.pack)], [str(fleet.pack_config)]
    opened = fleet.recovery(stack).stack
    try:
        opened.up(
            policy_packs=pack,
            policy_pack_configs=its_configuration,
            on_event=outcome.take,
            suppress_progress=True,
            show_secrets=False,
        )
    except automation.CommandError:
        outcome.status = "refused" if outcome.stopped else "failed"
    else:
        outcome.status = "updated" if outcome.changed else "unchanged"
    return outcome


def update_all(fleet: Fleet, stacks: Sequence[str]) -> list[Outcome]:
    """Likewise of several stacks, side by side."""
    with ThreadPoolExecutor(fleet.jobs) as pool:
        return list(pool.map(partial(update, fleet), stacks))


@pytest.fixture
def checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine writes the state after every resource, as it does for everybody else."""
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS")


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
def copied_part(built_part: Path, tmp_path: Path) -> Project:
    """Likewise of the part."""
    return copy(built_part, tmp_path / "home")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A demonstration of the test's own, not yet laid out."""
    return Project(tmp_path / "home")
