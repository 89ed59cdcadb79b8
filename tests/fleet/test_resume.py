"""What is decided about interrupted creations; how the engine and the clouds bear it out is in tests/interruptions."""

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.events import EngineEvent

from fleet.finds import Lookup, how
from fleet.journal import Journal
from fleet.pending import Creation, identify, judge, ours, unsettled
from fleet.resume import Settlement, _decide

VPC, BUCKET, KEY = "aws:ec2/vpc:Vpc", "aws:s3/bucket:Bucket", "aws:kms/key:Key"
PROVIDER = {"urn": "urn:pulumi:s::p::pulumi:providers:aws::aws", "inputs": {"region": "us-east-1"}}
State = dict[str, Any]


def creation(token: str = BUCKET, **inputs: Any) -> Creation:
    urn = f"urn:pulumi:s::p::{token}::thing"
    return Creation({"urn": urn, "type": token, "custom": True, "inputs": inputs, "provider": f"{PROVIDER['urn']}::id"})


def settled(one: Creation, *resources: State) -> Settlement:
    done = Settlement({"deployment": {"resources": list(resources)}})
    _decide(one, done)
    return done


def test_a_type_without_a_row_is_listed_and_never_taken_for_absent() -> None:
    one = creation("aws:new/thing:Thing", name="a")
    assert identify(one, PROVIDER) is None
    [line] = settled(one).open
    assert "no row for aws:new/thing:Thing" in line
    assert "--adopt thing=ID or --forget thing" in line


def test_an_id_that_the_inputs_do_not_tell_is_listed() -> None:
    one = creation()
    identify(one, PROVIDER)
    assert "follows from bucket" in one.why


def test_a_lookup_that_finds_several_or_fails_is_listed() -> None:
    row = how("aws:ec2/subnet:Subnet")
    assert isinstance(row, Lookup)
    for answer, says in (({"ids": ["a", "b"]}, "2 fit"), (RuntimeError("AccessDenied"), "AccessDenied")):
        one = creation()
        judge(one, row, answer, set(), 0)
        assert says in one.why


def test_ids_that_the_state_has_are_not_candidates() -> None:
    row, one = how("aws:ec2/subnet:Subnet"), creation()
    assert isinstance(row, Lookup)
    judge(one, row, {"ids": ["a", "b"]}, {"a"}, 0)
    assert one.id == "b"


def test_an_index_that_may_lag_proves_no_absence() -> None:
    row, one = how(KEY), creation(KEY)
    assert isinstance(row, Lookup)
    judge(one, row, {"resourceTagMappingLists": []}, set(), visible=2**33)
    assert "may not show it before" in one.why
    one = creation(KEY)
    judge(one, row, {"resourceTagMappingLists": []}, set(), visible=0)
    assert not one.why


@pytest.mark.parametrize(
    ("inputs", "outputs", "mine"),
    [
        ({"bucket": "logs", "tagsAll": {"stack": "s"}}, {"tagsAll": {"stack": "s", "more": "x"}}, True),
        ({"bucket": "logs", "tagsAll": {"stack": "s"}}, {"tagsAll": {"stack": "another"}}, False),
        ({"bucket": "logs", "tagsAll": {"stack": "s"}}, {}, False),
        ({"bucket": "rampart-logs-0a1b2c3d", "tagsAll": {"stack": "s"}}, {}, True),
        ({"bucket": "logs-1234567", "__defaults": ["bucket"]}, {}, True),
    ],
)
def test_what_has_the_name_but_neither_tags_nor_an_ending_of_ours_is_somebody_elses(
    inputs: State, outputs: State, mine: bool
) -> None:
    incarnation = {"type": "random:index/randomId:RandomId", "urn": "i", "outputs": {"hex": "0a1b2c3d"}}
    one = creation(**inputs)
    one.id = "x"
    one.found = {"type": BUCKET, "id": "x", "outputs": outputs}
    assert ours(one, {"resources": [incarnation]}) is mine
    done = settled(one, incarnation)
    assert len(done.resources) == 1 + mine
    assert ("adopted x" if mine else "is not this stack's") in done.lines[0]


def found(**more: Any) -> Creation:
    one = creation(bucket="b", tagsAll={"stack": "s"})
    one.resource |= more
    one.id, one.found = "new", {"type": BUCKET, "id": "new", "outputs": {"tagsAll": {"stack": "s"}}}
    return one


def test_a_second_one_of_a_resource_is_handed_to_the_engine_to_delete() -> None:
    there = {**found().resource, "id": "old"}
    done = settled(found(), there)
    assert [(r["id"], r.get("delete", False)) for r in done.resources] == [("old", False), ("new", True)]


def test_a_second_one_of_what_holds_data_is_never_deleted() -> None:
    done = settled(found(protect=True), {**found().resource, "id": "old"})
    assert len(done.resources) == 1
    assert "exists twice" in done.open[0]


def test_what_was_deleted_to_be_replaced_makes_room() -> None:
    done = settled(found(), {**found().resource, "id": "old", "pendingReplacement": True})
    assert [resource["id"] for resource in done.resources] == ["new"]


def test_pending_and_failed_operations_add_up_each_once() -> None:
    asked = {"type": "creating", "resource": creation(bucket="b").resource}
    other = {"type": "creating", "resource": creation(bucket="c").resource}
    kept = {"urn": "u", "type": BUCKET, "custom": True}
    gone = {"type": "deleting", "resource": {**kept, "urn": "not there"}}
    deployment = {"resources": [kept], "pending_operations": [asked, {"type": "updating", "resource": kept}, gone]}
    left = unsettled(deployment, [asked, other])
    assert [one.inputs["bucket"] for one in left.creations] == ["b", "c"]
    assert left.touched == ["u"]


def test_what_is_in_no_cloud_is_not_looked_for() -> None:
    """An engine that is killed may leave the creation of a component or of a provider pending."""
    component = {"urn": "c", "type": "rampart:secrets:Secret"}
    provider = {"urn": "p", "type": "pulumi:providers:aws", "custom": True}
    asked = [{"type": "creating", "resource": resource} for resource in (component, provider)]
    assert not unsettled({"pending_operations": asked}, [])


def failed(inputs: State) -> EngineEvent:
    state = {"urn": "urn:x", "type": BUCKET, "custom": True, "inputs": inputs, "provider": "p::id", "parent": "u"}
    metadata = {"op": "create", "urn": "urn:x", "type": BUCKET, "provider": "p::id", "new": state}
    return EngineEvent.from_json(
        {"sequence": 1, "timestamp": 1, "resOpFailedEvent": {"metadata": metadata, "status": 1, "steps": 1}}
    )


def test_the_journal_keeps_what_was_asked_for_and_no_secret(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "stack.json")
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "[secret]"}
    journal.take(failed({"bucket": "b", "password": secret}))
    journal.take(failed({"bucket": "c", "properties": {"value": secret, "enabled": False}, "rules": [{"of": secret}]}))
    assert [entry["resource"]["inputs"] for entry in Journal(journal.path).entries()] == [
        {"bucket": "b"},
        {"bucket": "c", "properties": {"enabled": False}},
    ]
    assert "secret" not in json.dumps(journal.entries())
    assert journal.path.stat().st_mode & 0o077 == 0
    journal.clear()
    assert journal.entries() == []
