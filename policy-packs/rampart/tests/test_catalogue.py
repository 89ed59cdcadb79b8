"""The catalogue of controls that people and machines read is that of the controls there are."""

import json
from pathlib import Path

import pytest

from rampart_policy import catalogue
from rampart_policy.facts import EncryptionKey, KeyDeletion
from rampart_policy.registry import CONTROLS, READERS, Control

DOCS = Path(__file__).parents[3] / "docs"
RECORDS = {record["id"]: record for record in json.loads(catalogue.document())["controls"]}


@pytest.mark.parametrize(("name", "current"), [("controls.md", catalogue.page), ("controls.json", catalogue.document)])
def test_what_is_committed_is_current(name: str, current: object) -> None:
    assert callable(current)
    assert (DOCS / name).read_text() == current(), "make renew"


def test_there_is_one_catalogue() -> None:
    found = [path for path in DOCS.parent.glob("policy-packs/**/*.md") if "`no-open-ingress` |" in path.read_text()]
    assert found == []


@pytest.mark.parametrize("control", CONTROLS.values(), ids=lambda control: control.id)
def test_every_control_is_listed_with_all_that_a_reviewer_asks(control: Control) -> None:
    entry = catalogue.page().partition(f"### `{control.id}`\n")[2].partition("\n#")[0]
    for text in (control.title, str(control.mode), str(control.severity), str(control.level), control.why):
        assert text in entry
    assert control.remediation in entry
    record = RECORDS[control.id]
    assert record["types"]
    assert record["references"]
    assert (record["mode"], record["level"], record["exceptions"]) == (control.mode, control.level, control.waivable)


def test_the_types_of_a_control_are_those_whose_readers_make_its_facts() -> None:
    assert {EncryptionKey, KeyDeletion} <= catalogue.facts_made_by(READERS.get("aws:kms/key:Key", print))
    assert "aws:kms/key:Key" in RECORDS["key-rotates-every-90-days"]["types"]
    assert "aws:kms/key:Key" not in RECORDS["no-open-ingress"]["types"]
    assert RECORDS["unreviewed-type"]["types"] == ["every type"]
