import json
from pathlib import Path
from textwrap import dedent

import pytest

from infra import sources
from infra.problems import SettingsError

TEAM = """
    accounts: {aws: "111122223333", gcp: rampart-demo}
    owner: platform
    environment: production
    dataClass: confidential
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "team.yaml", TEAM)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.write_text(dedent(text))


def test_a_committed_stack_and_a_team_file_are_enough(folder: Path) -> None:
    settings = sources.read("aws-us-east-1", folder)
    assert (settings.cloud, settings.plan, settings.account) == ("aws", "enterprise", "111122223333")


def test_the_team_overrides_upstream_and_the_teams_stack_file_overrides_both(folder: Path) -> None:
    write(folder / "team.yaml", TEAM + "    stacks: {aws-us-east-1: {plan: managed, owner: payments}}\n")
    assert sources.read("aws-us-east-1", folder).plan == "managed"
    write(folder / "Pulumi.aws-us-east-1.yaml", "config: {rampart:owner: search}")
    settings = sources.read("aws-us-east-1", folder)
    assert (settings.plan, settings.owner) == ("managed", "search")


def test_a_boundary_is_its_clouds_own(folder: Path) -> None:
    arn = "arn:aws:iam::111122223333:policy/limit"
    write(folder / "team.yaml", TEAM + f"    boundaries: {{aws: '{arn}'}}\n")
    assert sources.read("aws-us-east-1", folder).location("aws-us-east-1").boundary == arn
    write(folder / "team.yaml", TEAM + f"    boundaries: {{azure: '{arn}'}}\n")
    assert sources.read("aws-us-east-1", folder).boundary is None
    with pytest.raises(SettingsError, match="only AWS has boundaries"):
        sources.read("azure-eastus2", folder)


def test_upstreams_own_stack_file_does_not_hide_what_the_team_says(folder: Path) -> None:
    """With the committed folder as the project's, the engine hands over what upstream set."""
    write(folder / "team.yaml", TEAM + "    stacks: {aws-us-east-1: {plan: managed}}\n")
    engine = {"rampart:cloud": "aws", "rampart:region": "us-east-1", "rampart:plan": "enterprise", "aws:region": "x"}
    assert sources.read("aws-us-east-1", folder, engine).plan == "managed"
    assert sources.read("aws-us-east-1", folder, engine | {"rampart:owner": "search"}).owner == "search"


def test_structured_values_arrive_from_the_engine_as_json(folder: Path) -> None:
    zones = ["use1-az4", "use1-az5", "use1-az6"]
    settings = sources.read("aws-us-east-1", folder, {"rampart:zones": json.dumps(zones)})
    assert settings.zones == tuple(zones)


def test_a_range_of_another_stack_is_taken(folder: Path) -> None:
    write(folder / "team.yaml", TEAM + "    stacks: {aws-us-east-1: {cidr: 10.22.0.0/16}}\n")
    with pytest.raises(SettingsError, match="which is gcp-us-east4's"):
        sources.read("aws-us-east-1", folder)


def test_a_range_that_the_team_reserved_is_taken(folder: Path) -> None:
    write(folder / "team.yaml", TEAM + "    reserved: {the offices: 10.16.0.0/12}\n")
    with pytest.raises(SettingsError, match="which is the offices'"):
        sources.read("aws-us-east-1", folder)


def test_an_error_names_the_file_that_set_it(folder: Path) -> None:
    write(folder / "team.yaml", TEAM + "    stacks: {aws-us-east-1: {plan: gold}}\n")
    with pytest.raises(SettingsError, match=r"plan: got 'gold'.*\[team.yaml, stacks.aws-us-east-1\]"):
        sources.read("aws-us-east-1", folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [("acounts: {}", "it takes accounts, owner"), ("a: [", "is not YAML"), ("reserved: {x: 1.2.3}", "reserved.x")],
)
def test_a_wrong_team_file_is_an_error_that_says_so(folder: Path, text: str, says: str) -> None:
    write(folder / "team.yaml", text)
    with pytest.raises(SettingsError, match=says):
        sources.read("aws-us-east-1", folder)


def test_every_committed_stack_file_reads(folder: Path) -> None:
    write(folder / "team.yaml", TEAM.replace("gcp:", "azure: 00000000-0000-4000-8000-00000000d3e0, gcp:"))
    for stack in sources.stacks(sources.UPSTREAM):
        assert sources.read(stack, folder).location(stack).stack == stack
