import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.project import REPOSITORY, Project
from demo.session import session
from fleet import Outcome
from tests.components.test_trees import LISTS
from tests.conftest import Standing, build_once, copy, first, silent, update_all

STACKS = ("aws", "gcp", "azure")
PACK_CONFIG = REPOSITORY / "bootstrap" / "rampart.config.json"
PREVIEW = "repo:example@1234567/platform@7654321:pull_request"
DEPLOY = "repo:example@1234567/platform@7654321:environment:production"


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the first day of the demonstration's team, up in three simulated accounts under the pack."""

    def up(home: Path) -> list[Outcome]:
        with session(Project(home, "bootstrap"), silent) as fleet:
            return update_all(dataclasses.replace(fleet, pack_config=PACK_CONFIG), STACKS)

    return build_once(tmp_path_factory, "begun", up)


@pytest.fixture(scope="session")
def first_day(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """The first day, to be looked at."""
    with session(copy(begun, tmp_path_factory.mktemp("first-day") / "home", "bootstrap"), silent) as fleet:
        ours = dataclasses.replace(fleet, pack_config=PACK_CONFIG)
        yield Standing(ours, first(begun), {stack: ours.deployment(stack)["resources"] for stack in STACKS})


def made(cloud: str) -> set[str]:
    """The types that the components make on a cloud, whatever the settings: read from the code, and from what a
    deployed stack holds. Without the package: `ec2/vpc:Vpc`, `network:Subnet`.
    """
    held = {urn.split("::")[0].rpartition("$")[2] for urn in (LISTS / f"{cloud}.txt").read_text().splitlines()}
    package = "azure-native" if cloud == "azure" else cloud
    types = {token.removeprefix(f"{package}:") for token in held if token.startswith(f"{package}:")}
    for path in (REPOSITORY / "components").rglob(f"{cloud}*.py"):
        for module, name in re.findall(rf"\b{cloud}\.([a-z0-9]+)\.([A-Z]\w+)\(", path.read_text()):
            if not name.endswith("Args"):
                short = f"/{name[0].lower()}{name[1:]}" if cloud != "azure" else ""
                types.add(f"{module}{short}:{name}")
    assert len(types) > 30
    return types


def output(standing: Standing, stack: str, name: str) -> Any:
    """An output of a stack."""
    [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
    return root["outputs"][name]
