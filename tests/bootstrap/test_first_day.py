"""The first day under the real engine: what stands, who is let in, and that nothing in the state opens anything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.project import Project
from demo.session import session
from tests.bootstrap.conftest import DEPLOY, PREVIEW, STACKS, output
from tests.conftest import Standing, silent
from tests.workflows.test_workflows import WORKFLOWS

EXCEPTED = {"aws": 2, "gcp": 2, "azure": 8}
CREDENTIALS = ("accessKey", "serviceaccount/key", "password", "Password", "hmacKey", "apiKey", "loginProfile", "Secret")


@pytest.mark.parametrize("stack", STACKS)
def test_it_comes_up_under_the_pack_with_its_exceptions_and_no_more(first_day: Standing, stack: str) -> None:
    outcome = first_day.first[stack]
    assert outcome.status == "updated"
    assert outcome.policy == f"pass, {EXCEPTED[stack]} excepted"


def test_the_second_run_changes_nothing(first_day: Standing) -> None:
    assert [outcome.status for outcome in first_day.fleet.up(STACKS, silent)] == ["unchanged"] * len(STACKS)


def secrets(value: Any, name: str = "") -> Iterator[str]:
    """The names of the properties that the engine keeps as secrets."""
    if isinstance(value, dict) and "4dabf18193072939515e22adb298388d" in value:
        yield name
    elif isinstance(value, dict):
        yield from (found for key, inner in value.items() for found in secrets(inner, key))
    elif isinstance(value, list):
        yield from (found for inner in value for found in secrets(inner, name))


@pytest.mark.parametrize("stack", STACKS)
def test_there_is_no_long_lived_key_or_secret_in_the_state(first_day: Standing, stack: str) -> None:
    resources = first_day.resources[stack]
    assert not [r["urn"] for r in resources if any(word in r["type"] for word in CREDENTIALS)]
    assert set(secrets(resources)) <= {"effectiveLabels", "pulumiLabels"}  # Google's SDK calls all labels secrets
    assert "PRIVATE KEY" not in json.dumps(resources)


@pytest.mark.parametrize("stack", STACKS)
def test_what_holds_state_or_keys_is_not_deleted(first_day: Standing, stack: str) -> None:
    holders = ("s3/bucket:Bucket", "kms/key:Key", "storage/bucket:Bucket", "CryptoKey", "StorageAccount", "Vault")
    found = [r for r in first_day.resources[stack] if r["type"].endswith(holders)]
    assert found
    assert all(r["protect"] for r in found), [r["urn"] for r in found if not r.get("protect")]
    assert "are protected" in first_day.fleet.down([stack], silent)[0].errors[0]


@pytest.mark.parametrize("stack", STACKS)
def test_the_workflows_variables_are_all_printed(first_day: Standing, stack: str) -> None:
    """Those that the workflows read for this cloud, and none that they do not."""
    text = "".join(path.read_text() for path in WORKFLOWS.glob("*.y*ml"))
    wanted = {word for word in text.replace("}", " ").split() if word.startswith(f"vars.{stack.upper()}_")}
    names = {word.removeprefix("vars.") for word in wanted}
    shared = {f"{stack.upper()}_{rest}" for rest in ("BACKEND", "SECRETS_PROVIDER")}
    assert set(output(first_day, stack, "variables")) == names | shared
    assert all(output(first_day, stack, "variables").values())


@pytest.mark.parametrize("stack", STACKS)
def test_the_subjects_are_those_of_the_workflows(first_day: Standing, stack: str) -> None:
    """A pull request's jobs have no environment, and what deploys is in the one that the subject names."""
    pull, push = (yaml.safe_load((WORKFLOWS / f"{name}.yaml").read_text()) for name in ("pull-request", "deploy"))
    assert "environment" not in pull["jobs"]["preview"]
    assert DEPLOY.endswith(f":environment:{push['jobs']['up']['environment']}")
    text = json.dumps(first_day.resources[stack])
    assert PREVIEW in text
    assert DEPLOY in text


def test_a_wrong_setting_stops_before_anything_is_planned(tmp_path: Path) -> None:
    with session(Project(tmp_path / "home", "bootstrap"), silent) as fleet:
        file = fleet.project / "stacks" / "team.yaml"
        team = yaml.safe_load(file.read_text())
        team["bootstrap"]["subjectPrefix"] = "repo:example/*"
        file.write_text(yaml.safe_dump(team))
        [outcome] = fleet.up(["gcp"], silent)
    assert outcome.status == "failed"
    assert "bootstrap.subjectPrefix: got 'repo:example/*'" in outcome.errors[0]
    assert "Traceback" not in outcome.errors[0]
    assert outcome.resources <= 1  # the stack itself
