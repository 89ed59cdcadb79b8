"""What the first day makes is what a region takes: both programs in one account."""

import dataclasses
from pathlib import Path

import yaml

from demo.project import STACKS, Project
from demo.session import session
from tests.bootstrap.conftest import PACK_CONFIG
from tests.conftest import copy, silent, update


@dataclasses.dataclass(frozen=True)
class Neighbour(Project):
    """The demonstration in the clouds of another project."""

    clouds: Path = Path()


def test_a_region_comes_up_beside_the_first_day_with_every_role_bounded(begun: Path, tmp_path: Path) -> None:
    first = copy(begun, tmp_path / "first", "bootstrap")
    with session(first, silent) as fleet:
        resources = fleet.deployment("aws")["resources"]
        team = next(r for r in resources if r["type"] == "pulumi:pulumi:Stack")["outputs"]["team"]
    with session(Neighbour(tmp_path / "region", clouds=first.clouds), silent) as fleet:
        file = fleet.project / "stacks" / "team.yaml"
        settings = yaml.safe_load(file.read_text())
        file.write_text(yaml.safe_dump(settings | {"boundaries": {"aws": team["boundaries.aws"]}}))
        outcome = update(fleet, STACKS[0])
        assert (outcome.status, outcome.errors) == ("updated", [])
        made = fleet.deployment(STACKS[0])["resources"]
        roles = [r["outputs"] for r in made if r["type"] == "aws:iam/role:Role"]
        assert roles
        assert {role["permissionsBoundary"] for role in roles} == {team["boundaries.aws"]}
    with session(first, silent) as fleet:
        [again] = dataclasses.replace(fleet, pack_config=PACK_CONFIG).up(["aws"], silent)
        assert (again.status, again.errors) == ("unchanged", [])
