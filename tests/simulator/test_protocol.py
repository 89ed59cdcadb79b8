"""The engine's protocol: instances, configuration, previews, differences, what is refused outright."""

import importlib.metadata
import json

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from simulator.values import UNKNOWN, encode
from tests.simulator.conftest import SETTINGS, Connect, Refused

VPC, SUBNET, KEY = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:kms/key:Key"
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
KINDS = pb.PropertyDiff


@pytest.mark.parametrize("package", ["aws", "random"])
def test_reports_the_version_of_the_sdk_in_use(connect: Connect, package: str) -> None:
    info = connect(package).stub.GetPluginInfo(empty_pb2.Empty())
    assert info.version == importlib.metadata.version(f"pulumi-{package}")


def test_two_instances_of_one_package_are_told_apart(connect: Connect) -> None:
    east, west = connect("aws"), connect("aws", {**SETTINGS["aws"], "region": "us-west-2"})
    assert east.create(VPC, "v", {"cidrBlock": "10.0.0.0/16"})[1]["region"] == "us-east-1"
    id_, there = west.create(VPC, "v", {"cidrBlock": "10.0.0.0/16"})
    assert there["region"] == "us-west-2"
    assert f":us-west-2:111122223333:vpc/{id_}" in there["arn"]
    with pytest.raises(Refused, match=r"InvalidVpcID\.NotFound"):
        east.create(SUBNET, "s", {"vpcId": id_, "cidrBlock": "10.0.0.0/24"})


def test_a_call_on_an_instance_that_was_not_configured_is_a_clear_error(connect: Connect) -> None:
    connect("aws")
    with pytest.raises(Refused, match="this aws provider was not configured"):
        connect("aws", configure=False).create(VPC, "v", {"cidrBlock": "10.0.0.0/16"})


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"region": "us-east-9", "allowedAccountIds": ["111122223333"]}, "region: 'us-east-9' is no AWS region"),
        ({"allowedAccountIds": ["111122223333"]}, "region: '' is no AWS region"),
        ({"region": "us-east-1"}, "allowedAccountIds: name the accounts"),
        ({"region": "us-east-1", "allowedAccountIds": ["999999999999"]}, "account ID not allowed: 111122223333"),
        ({"region": "us-east-1", "allowedAcountIds": ["1"]}, "did you mean 'allowedAccountIds'"),
        ({"region": "us-east-1", "allowedAccountIds": "not a list"}, "allowedAccountIds: expected a list"),
    ],
)
def test_wrong_provider_settings_are_refused(connect: Connect, settings: dict[str, object], refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        connect("aws", settings)
    assert refusal in str(refused.value)


def test_settings_come_as_json_texts_too_as_the_sdks_send_them(connect: Connect) -> None:
    engine = connect("aws", {"region": "us-east-1", "allowedAccountIds": json.dumps(["111122223333"])})
    assert engine.check(BUCKET, "b", {})["bucket"].startswith("b-")


def test_unknown_provider_settings_pass_a_preview(connect: Connect) -> None:
    engine = connect("aws", configure=False)
    news = encode({"region": UNKNOWN, "allowedAccountIds": ["111122223333"]})
    assert not engine.stub.CheckConfig(pb.CheckRequest(news=news)).failures


def test_an_assumed_role_decides_the_account(connect: Connect) -> None:
    role = json.dumps([{"roleArn": "arn:aws:iam::444455556666:role/deploy"}])
    engine = connect("aws", {"region": "us-east-1", "allowedAccountIds": ["444455556666"], "assumeRoles": role})
    assert ":444455556666:" in engine.create(VPC, "v", {"cidrBlock": "10.0.0.0/16"})[1]["arn"]


@pytest.mark.parametrize(
    ("setting", "value", "replaced"),
    [("region", "us-west-2", True), ("allowedAccountIds", '["2"]', True), ("maxRetries", "3", False)],
)
def test_another_region_or_account_replaces_the_provider(
    connect: Connect, setting: str, value: str, replaced: bool
) -> None:
    old = SETTINGS["aws"]
    request = pb.DiffRequest(old_inputs=encode(old), news=encode({**old, setting: value}))
    answer = connect("aws").stub.DiffConfig(request)
    assert (answer.changes, list(answer.replaces)) == (pb.DiffResponse.DIFF_SOME, [setting] if replaced else [])


def test_remote_components_and_methods_are_refused(connect: Connect) -> None:
    stub = connect("aws").stub
    for call, request in (
        (stub.Construct, pb.ConstructRequest(type="aws:x:Y")),
        (stub.Call, pb.CallRequest(tok="aws:x:y")),
    ):
        with pytest.raises(grpc.RpcError, match="the simulated clouds"):
            call(request)


def test_unknown_functions_and_types_are_refused(connect: Connect) -> None:
    engine = connect("aws")
    with pytest.raises(Refused, match="aws:index/getThing:getThing is not simulated"):
        engine.invoke("aws:index/getThing:getThing", {})
    with pytest.raises(Refused, match=r"aws:sqs/queue:Queue is not simulated; docs/fidelity\.md"):
        engine.create("aws:sqs/queue:Queue", "q", {})


def test_a_preview_leaves_computed_outputs_unknown_and_makes_nothing(connect: Connect) -> None:
    engine = connect("aws")
    id_, outputs = engine.create(VPC, "v", {"cidrBlock": "10.0.0.0/16"}, preview=True)
    assert (id_, outputs["arn"], outputs["cidrBlock"]) == ("", UNKNOWN, "10.0.0.0/16")
    subnet = {"vpcId": UNKNOWN, "cidrBlock": UNKNOWN, "availabilityZoneId": "use1-az1", "tags": {"a": UNKNOWN}}
    _, outputs = engine.create(SUBNET, "s", subnet, preview=True)
    assert (outputs["vpcId"], outputs["tags"], outputs["tagsAll"]) == (UNKNOWN, {"a": UNKNOWN}, UNKNOWN)
    engine.create(POLICY, "p", {"bucket": UNKNOWN, "policy": UNKNOWN}, preview=True)


def test_what_inputs_alone_show_is_refused_at_a_preview(connect: Connect) -> None:
    with pytest.raises(Refused, match=r"rotationPeriodInDays: ValidationException: 30 .* is out of range; use 90 to"):
        connect("aws").create(KEY, "k", {"rotationPeriodInDays": 30}, preview=True)


def test_a_preview_of_an_update_keeps_what_will_not_change(connect: Connect) -> None:
    engine = connect("aws")
    id_, had = engine.create(KEY, "k", {"description": "a", "tags": {"a": "b"}})
    seen = engine.update(KEY, id_, had, {"description": UNKNOWN}, preview=True)
    assert (seen["arn"], seen["description"]) == (had["arn"], UNKNOWN)
    assert engine.read(KEY, id_)[0]["description"] == "a"


def test_an_update_and_a_read_show_the_new_properties(connect: Connect) -> None:
    engine = connect("aws")
    id_, had = engine.create(KEY, "k", {"description": "a", "tags": {"a": "b"}})
    engine.update(KEY, id_, had, {"description": "z"})
    outputs, inputs = engine.read(KEY, id_)
    assert (outputs["description"], outputs["arn"], inputs["description"]) == ("z", had["arn"], "z")
    assert "tags" not in outputs


def test_what_is_gone_reads_as_nothing_deletes_quietly_and_cannot_be_updated(connect: Connect) -> None:
    engine = connect("aws")
    id_, had = engine.create(BUCKET, "b", {})
    engine.delete(BUCKET, id_, had)
    engine.delete(BUCKET, id_, had)
    assert engine.read(BUCKET, id_) == ({}, {})
    with pytest.raises(Refused, match="no longer exists"):
        engine.update(BUCKET, id_, had, {"bucket": id_})


def test_names_are_made_once_and_kept(connect: Connect) -> None:
    engine = connect("aws")
    first = engine.check(BUCKET, "Logs", {})
    assert first["bucket"].startswith("logs-")
    assert len(first["bucket"]) == len("logs-") + 7
    assert first["__defaults"] == ["bucket"]
    assert engine.check(BUCKET, "other", {}, olds=first)["bucket"] == first["bucket"]
    given = engine.check(BUCKET, "Logs", {"bucket": "mine"})
    assert (given["bucket"], given["__defaults"]) == ("mine", [])
    # A name that the program gave is not kept once it no longer gives it
    assert engine.check(BUCKET, "Logs", {}, olds=given)["bucket"] == first["bucket"]


def test_differences_say_which_property_and_whether_it_replaces(connect: Connect) -> None:
    engine = connect("aws")
    old = {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "tags": {"a": "1", "b.c": "2"}, "__defaults": []}
    new = {"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24", "tags": {"a": "1"}, "mapPublicIpOnLaunch": True}
    answer = engine.diff(SUBNET, old, new)
    kinds = {path: found.kind for path, found in answer.detailedDiff.items()}
    assert kinds == {"cidrBlock": KINDS.UPDATE_REPLACE, 'tags["b.c"]': KINDS.DELETE, "mapPublicIpOnLaunch": KINDS.ADD}
    assert (list(answer.replaces), answer.changes) == (["cidrBlock"], pb.DiffResponse.DIFF_SOME)
    assert engine.diff(SUBNET, old, {**old, "__defaults": ["x"]}).changes == pb.DiffResponse.DIFF_NONE


@pytest.mark.parametrize(("given", "first"), [({"bucket": "mine"}, True), ({}, False)])
def test_a_fixed_name_is_freed_before_its_replacement(connect: Connect, given: dict[str, str], first: bool) -> None:
    engine = connect("aws")
    old = engine.check(BUCKET, "b", given)
    new = engine.check(BUCKET, "b", {**given, "objectLockEnabled": True}, olds=old)
    answer = engine.diff(BUCKET, old, new)
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["objectLockEnabled"], first)


def test_default_tags_are_part_of_the_checked_inputs(connect: Connect) -> None:
    engine = connect("aws", {**SETTINGS["aws"], "defaultTags": {"tags": {"owner": "us", "a": "0"}}})
    checked = engine.check(VPC, "v", {"cidrBlock": "10.0.0.0/16", "tags": {"a": "1"}})
    assert (checked["tags"], checked["tagsAll"]) == ({"a": "1"}, {"owner": "us", "a": "1"})
    assert "tagsAll" not in engine.check("aws:kms/alias:Alias", "a", {"targetKeyId": "x"})
