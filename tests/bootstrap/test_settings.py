"""The first day's settings: one clear error for what is wrong, before anything is planned."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap.settings import read
from infra.problems import SettingsError
from tests.bootstrap.conftest import DEPLOY, PREVIEW

GOOD: dict[str, Any] = {
    "accounts": {"aws": "111122223333", "gcp": "rampart-demo", "azure": "00000000-0000-4000-8000-00000000d3e0"},
    "owner": "platform",
    "environment": "production",
    "dataClass": "confidential",
    "bootstrap": {
        "regions": {"aws": "us-east-1", "gcp": "us-east4", "azure": "eastus2"},
        "subjectPrefix": "repo:example@1234567/platform@7654321",
        "reach": ["203.0.113.16/28"],
    },
}


def team(folder: Path, **bootstrap: Any) -> Path:
    changed = {**GOOD["bootstrap"], **bootstrap}
    kept = {name: value for name, value in changed.items() if value is not None}
    (folder / "team.yaml").write_text(yaml.safe_dump({**GOOD, "bootstrap": kept}))
    return folder


@pytest.mark.parametrize("stack", ["aws", "gcp", "azure"])
def test_a_team_file_is_enough(tmp_path: Path, stack: str) -> None:
    args = read(stack, team(tmp_path)).args()
    assert args.location.account == GOOD["accounts"][stack]
    assert args.location.protected
    assert (args.pipeline.preview, args.pipeline.deploy) == (PREVIEW, DEPLOY)


def test_its_things_are_told_from_the_data_planes_which_pipelines_may_change(tmp_path: Path) -> None:
    assert read("aws", team(tmp_path)).args().location.tags["managed-by"] == "rampart-bootstrap"


def test_another_pipelines_subjects_are_what_is_set(tmp_path: Path) -> None:
    gitlab: dict[str, Any] = {
        "issuer": "https://gitlab.example.org",
        "subjectPrefix": "project_path:group/project",
        "preview": "ref_type:branch:ref:review",
        "deploy": "ref_type:branch:ref:main",
    }
    pipeline = read("aws", team(tmp_path, **gitlab)).args().pipeline
    assert pipeline == (
        "https://gitlab.example.org",
        "project_path:group/project:ref_type:branch:ref:review",
        "project_path:group/project:ref_type:branch:ref:main",
    )
    whole = read("aws", team(tmp_path, subjectPrefix="", preview="a", deploy="sc://org/project/deploy")).args()
    assert whole.pipeline.deploy == "sc://org/project/deploy"


@pytest.mark.parametrize(
    ("stack", "change", "says"),
    [
        ("aws", {"subjectPrefix": "repo:example/*"}, "bootstrap.subjectPrefix: got 'repo:example/*': wants it letter"),
        ("aws", {"preview": "*"}, "bootstrap.preview: got '*'"),
        ("aws", {"deploy": "pull_request"}, "wants another subject than preview's"),
        ("aws", {"subjectPrefix": None}, "bootstrap.subjectPrefix: is not set; set it in team.yaml"),
        ("aws", {"subjectprefix": "repo:a/b"}, "bootstrap.subjectprefix: is not a setting; there are regions, issuer"),
        ("aws", {"issuer": "http://token.example.org"}, "bootstrap.issuer: got 'http://token.example.org'"),
        ("aws", {"issuer": "https://token.example.org/"}, "no slash at the end"),
        ("aws", {"regions": {"aws": "us-east-9"}}, "bootstrap.regions.aws: got 'us-east-9': wants a region of aws"),
        ("gcp", {"regions": {"aws": "us-east-1"}}, "bootstrap.regions.gcp: is not set"),
        ("gcp", {"subjectPrefix": "repo:" + "a" * 120}, "Google Cloud takes 127"),
        ("azure", {"reach": []}, "nobody could read the state"),
        ("azure", {"reach": ["10.0.0.0/24"]}, "10.0.0.0/24 is private"),
        ("azure", {"reach": ["0.0.0.0/0"]}, "wider than a /16"),
        ("aws", {"linkedRoles": ["RDS"]}, "bootstrap.linkedRoles.0: got 'RDS'"),
        ("aws", {"account": "444455556666"}, "bootstrap.account: is not set here"),
    ],
)
def test_a_wrong_setting_is_one_error_that_says_what_would_do(
    tmp_path: Path, stack: str, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(SettingsError) as error:
        read(stack, team(tmp_path, **change))
    assert says in str(error.value)
    assert f"stack {stack}: " in str(error.value)
    assert "nothing was planned" in str(error.value)


@pytest.mark.parametrize("change", [{"subjectPrefix": "repo:" + "a" * 80}, {"regions": {"gcp": "us-east4"}}])
def test_what_one_cloud_does_not_take_may_do_on_another(tmp_path: Path, change: dict[str, Any]) -> None:
    assert read("gcp", team(tmp_path, **change)).cloud == "gcp"


def test_a_stack_is_called_after_a_cloud(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="wants aws, gcp, azure"):
        read("aws-us-east-1", team(tmp_path))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        read("aws", team(tmp_path, preview="*", regions={}))
    assert len(error.value.problems) == 2
