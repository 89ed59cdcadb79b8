import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet, Outcome

# How fast a machine is says nothing about the code: speed is measured in bench/.
settings.register_profile("rampart", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rampart")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write the committed lists anew instead of comparing them")


LONG = ("interruptions", "test_plans.py", "test_protection.py")
"""What runs whole stacks many times over: part of `make test-all`, which sets RAMPART_WALK, and not of `make test`."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("RAMPART_WALK"):
        return
    later = [item for item in items if any(part in LONG for part in item.path.parts)]
    config.hook.pytest_deselected(items=later)
    items[:] = [item for item in items if item not in later]


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


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with session(Project(tmp_path_factory.mktemp("standing")), silent) as fleet:
        outcomes = {outcome.stack: outcome for outcome in fleet.up(STACKS, silent)}
        assert all(outcome.ok for outcome in outcomes.values()), [o.errors or o.violations for o in outcomes.values()]
        states = {stack: fleet.deployment(stack)["resources"] for stack in STACKS}
        yield Standing(fleet, outcomes, states)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A demonstration of the test's own, not yet laid out."""
    return Project(tmp_path / "home")
