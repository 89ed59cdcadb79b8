"""AWS's names, logs and roles: each rule refuses what it is about, and lets its near miss pass."""

from pathlib import Path
from typing import Any

import pytest

from simulator.aws.account import Account
from simulator.state import Store
from tests.simulator.aws_basis import ENDPOINT, SUBNET, VPC
from tests.simulator.aws_stage import (
    FLOWS,
    GROUP,
    LOGS,
    OWN,
    POLICY,
    ROLE,
    STREAMS,
    VALUE,
    ZONE,
    Case,
    Stage,
    allow,
    changed,
    document,
    for_logs,
    port,
    service,
)
from tests.simulator.conftest import Connect, Refused

STAR = allow("s3:*", Resource="*")
ACCESS = "Access error"
CASES: dict[str, Case] = {
    "SecurityGroup-name-form": changed(GROUP, VALUE, {"name": "sg-a"}, {"name": "a-sg"}),
    "SecurityGroup-vpcId": changed(GROUP, "InvalidVpcID.NotFound", {"vpcId": "vpc-0"}, {}),
    "SecurityGroup-ingress.securityGroups": changed(
        GROUP,
        "InvalidGroup.NotFound",
        {"ingress": [port(securityGroups=["sg-0"])]},
        lambda s: {"ingress": [port(securityGroups=[s.group], self=True)]},
    ),
    "SecurityGroup-egress.securityGroups": changed(
        GROUP,
        "InvalidGroup.NotFound",
        {"egress": [port(securityGroups=["sg-0"])]},
        lambda s: {"egress": [port(securityGroups=[s.group])]},
    ),
    "SecurityGroup-ports": changed(
        GROUP, "-1 443-443 is no range", {"ingress": [port(protocol="-1")]}, {"ingress": [port(0, 0, "-1")]}
    ),
    "SecurityGroup-description-form": changed(GROUP, VALUE, {"description": "a?"}, {"description": "a!"}),
    "SecurityGroup-ingress.description-form": changed(
        GROUP, VALUE, {"ingress": [port(description="a|b")]}, {"ingress": [port(description="a:b")]}
    ),
    "SecurityGroup-egress.description-form": changed(
        GROUP, VALUE, {"egress": [port(description="ä" * 256)]}, {"egress": [port(description="a" * 255)]}
    ),
    "SecurityGroup-name": (
        "InvalidGroup.Duplicate",
        lambda s: (s.put(GROUP, name="a"), s.put(GROUP, name="a")),
        lambda s: s.put(GROUP, name="a", vpcId=s.foreign),
    ),
    "SecurityGroup-twice": changed(
        GROUP, "InvalidPermission.Duplicate", {"ingress": [port(), port()]}, {"ingress": [port(), port(444, 444)]}
    ),
    "SecurityGroup-block": changed(
        GROUP, VALUE, {"ingress": [port(cidrBlocks=["10.0.0.0/33"])]}, {"ingress": [port(cidrBlocks=["10.0.0.0/32"])]}
    ),
    "Vpc-of-SecurityGroup": (
        "is in use by SecurityGroup",
        lambda s: (s.group, s.drop(VPC, s.vpc)),
        lambda s: (s.drop(GROUP, s.group), s.drop(VPC, s.vpc)),
    ),
    "VpcEndpoint-subnetIds": changed(ENDPOINT, "InvalidSubnetID.NotFound", {"subnetIds": ["subnet-0"]}, {}),
    "VpcEndpoint-securityGroupIds": changed(ENDPOINT, "InvalidGroup.NotFound", {"securityGroupIds": ["sg-0"]}, {}),
    "Subnet-of-VpcEndpoint": (
        "DependencyViolation",
        lambda s: (s.put(ENDPOINT), s.drop(SUBNET, s.subnets[0])),
        lambda s: s.drop(SUBNET, s.subnet_in("10.0.9.0/24", 3)),
    ),
    "SecurityGroup-of-VpcEndpoint": (
        "DependencyViolation",
        lambda s: (s.put(ENDPOINT), s.drop(GROUP, s.group)),
        lambda s: s.drop(GROUP, s.put(GROUP)),
    ),
    "VpcEndpoint-kind": changed(
        ENDPOINT,
        "endpoint type (Gateway) does not match",
        {"vpcEndpointType": None, "subnetIds": None, "securityGroupIds": None, "privateDnsEnabled": None},
        {},
    ),
    "VpcEndpoint-inside": changed(
        ENDPOINT,
        "(`securityGroupIds`) is in vpc-",
        lambda s: {"securityGroupIds": [s.group, s.put(GROUP, vpcId=s.foreign)]},
        lambda s: {"securityGroupIds": [s.group, s.put(GROUP)]},
    ),
    "VpcEndpoint-zones": changed(
        ENDPOINT,
        "DuplicateSubnetsInSameZone",
        lambda s: {"subnetIds": [*s.subnets, s.subnet_in("10.0.9.0/24", 1)]},
        lambda s: {"subnetIds": [*s.subnets, s.subnet_in("10.0.10.0/24", 3)]},
    ),
    "VpcEndpoint-resolving": changed(
        ENDPOINT,
        "private DNS needs enableDnsHostnames",
        lambda s: {"vpcId": s.make(VPC, cidrBlock="10.2.0.0/16"), "subnetIds": [], "securityGroupIds": []},
        lambda s: {"vpcId": s.foreign, "subnetIds": [], "securityGroupIds": []},
    ),
    "VpcEndpoint-names": (
        "conflicting DNS domain for kms.us-east-1.amazonaws.com",
        lambda s: (s.put(ENDPOINT), s.put(ENDPOINT)),
        lambda s: (
            s.put(ENDPOINT, privateDnsEnabled=False),
            s.put(ENDPOINT, serviceName="com.amazonaws.us-east-1.sts"),
        ),
    ),
    "Zone-name-form": changed(ZONE, "InvalidDomainName", {"name": "a..b"}, {"name": "a.b."}),
    "Zone-vpcs.vpcId": changed(ZONE, "InvalidVPCId", {"vpcs": [{"vpcId": "vpc-0"}]}, {}),
    "Zone-conflict": (
        "ConflictingDomainExists",
        lambda s: (s.put(ZONE), s.put(ZONE, name="team.internal.")),
        lambda s: s.put(ZONE, name="other.internal"),
    ),
    "Role-name-form": changed(ROLE, "ValidationError", {"name": "a b"}, {"name": "a=b"}),
    "Role-maxSessionDuration-range": changed(
        ROLE, "ValidationError", {"maxSessionDuration": 60}, {"maxSessionDuration": 3600}
    ),
    "Role-taken": (
        "EntityAlreadyExists",
        lambda s: (s.put(ROLE, name="Writer"), s.put(ROLE, name="writer")),
        lambda s: s.put(ROLE, name="writer2"),
    ),
    "Role-document": changed(
        POLICY,
        "MalformedPolicyDocument: Policy statement must contain resources",
        {"policy": document(allow("s3:*"))},
        {"policy": document(STAR)},
    ),
    "Role-limit": (
        "LimitExceeded: 10241 characters are more than 10240",
        lambda s: (
            s.put(POLICY, policy=document({**STAR, "Sid": "a" * 5000})),
            s.put(POLICY, policy=document({**STAR, "Sid": "b" * 5047})),
        ),
        lambda s: s.put(POLICY, policy=document({**STAR, "Sid": "b" * 5046})),
    ),
    "RolePolicy-name-form": changed(POLICY, "ValidationError", {"name": "a:b"}, {"name": "a@b"}),
    "RolePolicy-role": changed(POLICY, "NoSuchEntity", {"role": "nobody"}, {}),
    "Role-of-RolePolicy": (
        "DeleteConflict",
        lambda s: (s.writer, s.drop(ROLE, s.role)),
        lambda s: s.drop(ROLE, s.put(ROLE)),
    ),
    "LogGroup-name-form": changed(LOGS, "InvalidParameterException", {"name": "a b"}, {"name": "/a/b"}),
    "LogGroup-name-taken": (
        "ResourceAlreadyExistsException",
        lambda s: (s.put(LOGS), s.put(LOGS)),
        lambda s: (s.drop(LOGS, "flows"), s.put(LOGS)),
    ),
    "LogGroup-kmsKeyId-form": changed(LOGS, "InvalidParameterException", lambda s: {"kmsKeyId": s.key}, {}),
    "LogGroup-kmsKeyId-granted": changed(
        LOGS,
        "AccessDeniedException: the specified KMS key does not exist or is not allowed",
        lambda s: {"kmsKeyId": s.arn},
        lambda s: {"kmsKeyId": s.key_of(for_logs(groups=f"{OWN}:flows"))},
    ),
    "LogGroup-retentionInDays-choice": changed(
        LOGS, "InvalidParameterException: 360", {"retentionInDays": 360}, {"retentionInDays": 365}
    ),
    "FlowLog-vpcId": changed(FLOWS, "InvalidVpcID.NotFound", {"vpcId": "vpc-0"}, {}),
    "FlowLog-subnetId": changed(
        FLOWS,
        "InvalidSubnetID",
        {"vpcId": None, "subnetId": "subnet-0"},
        lambda s: {"vpcId": None, "subnetId": s.subnets[0]},
    ),
    "FlowLog-iamRoleArn": changed(FLOWS, ACCESS, {"iamRoleArn": "arn:aws:iam::111122223333:role/nobody"}, {}),
    "FlowLog-maxAggregationInterval-choice": changed(
        FLOWS, "InvalidParameter: 300", {"maxAggregationInterval": 300}, {"maxAggregationInterval": 600}
    ),
    "FlowLog-trafficType-choice": changed(
        FLOWS, "InvalidParameter: 'all'", {"trafficType": "all"}, {"trafficType": "REJECT"}
    ),
    "FlowLog-source": changed(FLOWS, "InvalidParameter: logs vpcId; say", {"trafficType": None}, {}),
    "FlowLog-delivery": changed(
        FLOWS,
        "may not do logs:CreateLogStream",
        lambda s: {"iamRoleArn": f"arn:aws:iam::111122223333:role/{s.put(ROLE)}"},
        lambda s: {"iamRoleArn": s.writer},
    ),
    "FlowLog-once": (
        "FlowLogAlreadyExists",
        lambda s: (s.put(FLOWS), s.put(FLOWS, maxAggregationInterval=600)),
        lambda s: s.put(FLOWS, trafficType="REJECT"),
    ),
}


ROLES = "arn:aws:iam::111122223333:role"


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda s: {"logDestination": f"{OWN}:nowhere"}, "the log group .* does not exist"),
        (
            lambda s: {"iamRoleArn": f"{ROLES}/{s.put(ROLE, assumeRolePolicy=document(service('ec2')))}"},
            "does not trust vpc-flow-logs",
        ),
        (lambda s: {"iamRoleArn": f"{ROLES}/{s.put(ROLE, assumeRolePolicy=s.elsewhere)}"}, "does not trust"),
        (lambda s: {"iamRoleArn": f"{ROLES}/{s.limited(STREAMS)}"}, "may not do logs:DescribeLogGroups"),
        (lambda s: {"vpcId": s.vpc, "subnetId": s.subnets[0]}, "logs vpcId and subnetId"),
    ],
)
def test_a_flow_log_that_would_deliver_nothing_is_refused(connect: Connect, change: Any, refusal: str) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused, match=refusal):
        stage.put(FLOWS, **change(stage))


@pytest.mark.parametrize(
    "statements",
    [
        (),
        (for_logs(where="us-west-2"),),
        (for_logs(actions="kms:Encrypt*"),),
        (for_logs(groups=f"{OWN}:other"),),
        (for_logs(), {**for_logs(), "Effect": "Deny", "Condition": {}}),
    ],
)
def test_a_log_group_needs_a_key_that_its_regions_service_may_use_for_it(connect: Connect, statements: Any) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused, match="AccessDeniedException"):
        stage.put(LOGS, kmsKeyId=stage.key_of(*statements))


@pytest.mark.parametrize(
    "trust",
    ["{", "{}", document(allow("sts:AssumeRole")), document(service("ec2", "s3:*"))],
)
def test_a_role_that_nobody_could_assume_is_refused(connect: Connect, trust: str) -> None:
    with pytest.raises(Refused, match="MalformedPolicyDocument"):
        Stage(connect).put(ROLE, assumeRolePolicy=trust)


def test_a_group_whose_rules_are_refused_leaves_nothing_behind(connect: Connect) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused):
        stage.put(GROUP, name="a", ingress=[port(), port()])
    group = stage.put(GROUP, name="a")
    rules = {"vpcId": stage.vpc, "name": "a", "ingress": [port(80, 80)]}
    assert stage.engine.update(GROUP, group, {}, rules)["ingress"] == [port(80, 80)]


@pytest.mark.parametrize("name", ["kms.us-east-1.amazonaws.com", "kms.us-east-1.amazonaws.com."])
def test_private_dns_clashes_with_a_private_zone(connect: Connect, name: str) -> None:
    stage = Stage(connect)
    stage.put(ZONE, name=name)
    with pytest.raises(Refused, match="conflicting DNS domain"):
        stage.put(ENDPOINT)


def test_an_endpoint_changes_subnets_and_groups_in_place(connect: Connect) -> None:
    stage = Stage(connect)
    given = stage.inputs(ENDPOINT)
    endpoint, outputs = stage.engine.create(ENDPOINT, "kms", given)
    assert outputs["dnsEntries"][-1] == {"dnsName": "kms.us-east-1.amazonaws.com"}
    new = {**given, "subnetIds": stage.subnets[:1], "securityGroupIds": [stage.put(GROUP)]}
    assert not stage.engine.diff(ENDPOINT, given, new).replaces
    assert stage.engine.update(ENDPOINT, endpoint, outputs, new)["subnetIds"] == stage.subnets[:1]
    stage.drop(GROUP, stage.group)


@pytest.mark.parametrize("path", ["vpcId", "trafficType", "logDestination", "iamRoleArn", "maxAggregationInterval"])
def test_everything_but_tags_replaces_a_flow_log(connect: Connect, path: str) -> None:
    engine = connect("aws")
    assert list(engine.diff(FLOWS, {path: "a"}, {path: "b"}).replaces) == [path]
    assert not engine.diff(FLOWS, {"tags": {"a": "b"}}, {"tags": {"a": "c"}}).replaces


@pytest.mark.parametrize("token", [GROUP, ENDPOINT, ZONE, LOGS, FLOWS, ROLE, POLICY])
def test_a_second_run_changes_nothing(connect: Connect, token: str) -> None:
    stage = Stage(connect)
    inputs = stage.inputs(token)
    checked = stage.engine.check(token, "x", inputs)
    assert not stage.engine.diff(token, checked, stage.engine.check(token, "x", inputs, checked)).diffs


def test_moto_makes_the_groups_and_endpoints_again(connect: Connect, store: Store, tmp_path: Path) -> None:
    stage = Stage(connect)
    stage.put(FLOWS)
    stage.put(ENDPOINT)
    again = Store(tmp_path / "clouds.db")
    account = Account.of(again)
    found = account.client("ec2", "us-east-1", "111122223333").describe_vpc_endpoints()["VpcEndpoints"]
    assert found[0]["Groups"][0]["GroupId"] == stage.group
    again.close()
