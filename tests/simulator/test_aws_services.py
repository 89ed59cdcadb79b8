"""AWS's names, logs and roles: each rule refuses what it is about, and lets its near miss pass."""

import pytest

from tests.simulator.aws_stage import (
    FLOWS,
    GROUP,
    LOGS,
    OWN,
    POLICY,
    ROLE,
    VALUE,
    ZONE,
    Case,
    Stage,
    allow,
    changed,
    document,
    for_logs,
    port,
)
from tests.simulator.conftest import Connect, Refused
from tests.simulator.test_aws_rules import ENDPOINT, SUBNET, VPC

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


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)
