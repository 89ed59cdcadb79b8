import subprocess
from pathlib import Path

import pytest

from fleet.selection import SelectionError, affected, changed_since, select

KNOWN = ("aws-us-east-1", "aws-us-west-2", "azure-eastus2", "gcp-us-east4", "gcp-us-east4-blue")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, KNOWN),
        ({"clouds": ["aws"]}, KNOWN[:2]),
        ({"regions": ["us-east4"]}, KNOWN[3:]),
        ({"names": ["gcp-us-east4"]}, KNOWN[3:4]),
        ({"clouds": ["aws", "gcp"], "regions": ["us-west-2"]}, KNOWN[1:2]),
    ],
)
def test_filters_are_all_to_fit(filters: dict[str, list[str]], found: tuple[str, ...]) -> None:
    assert select(KNOWN, **filters) == list(found)


@pytest.mark.parametrize(
    "filters",
    [{"clouds": ["asw"]}, {"names": ["aws"]}, {"regions": ["us-east"]}, {"clouds": ["aws"], "regions": ["eastus2"]}],
)
def test_a_filter_that_fits_nothing_is_an_error_that_says_what_there_is(filters: dict[str, list[str]]) -> None:
    with pytest.raises(SelectionError, match="there are aws-us-east-1"):
        select(KNOWN, **filters)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (["stacks/Pulumi.aws-us-west-2.yaml"], KNOWN[1:2]),
        (["team/Pulumi.gcp-us-east4.yaml"], KNOWN[3:4]),
        (["components/network/aws.py"], KNOWN[:2]),
        (["components/clouds/gcp.py", "stacks/Pulumi.azure-eastus2.yaml"], KNOWN[2:]),
        (["components/bucket/azure/account.py"], KNOWN[2:3]),
        (["components/network/plan.py"], KNOWN),
        (["components/dataplane/__init__.py"], KNOWN),
        (["infra/catalogue/regions.json"], KNOWN),
        (["team/team.yaml"], KNOWN),
        (["policy-packs/rampart/rampart_policy/controls/access.py"], KNOWN),
        (["requirements.txt"], KNOWN),
        (["simulator/aws/network.py", "docs/architecture.md", "README.md", "tests/conftest.py"], ()),
        ([], ()),
    ],
)
def test_a_changed_file_affects_those_that_are_built_from_it(changed: list[str], found: tuple[str, ...]) -> None:
    assert affected(KNOWN, changed) == list(found)


def test_changes_are_committed_ones_uncommitted_ones_and_new_files(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", *command], cwd=tmp_path, check=True)

    for name in ("kept", "committed", "edited"):
        (tmp_path / name).write_text("1")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    (tmp_path / "committed").write_text("2")
    git("commit", "-q", "-a", "-m", "second")
    (tmp_path / "edited").write_text("2")
    (tmp_path / "new").write_text("1")
    assert sorted(changed_since("HEAD~1", tmp_path)) == ["committed", "edited", "new"]
    with pytest.raises(SelectionError, match="since nowhere"):
        changed_since("nowhere", tmp_path)
