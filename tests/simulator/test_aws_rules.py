"""Each AWS rule refuses what it is about, and lets its near miss pass."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.values import Props
from tests.simulator.aws_basis import (
    ALIAS,
    ASSOCIATION,
    BUCKET,
    DENY,
    ENCRYPTION,
    ENDPOINT,
    GROUP,
    KEY,
    MANAGE_ONLY,
    PARTS,
    ROOT,
    ROUTES,
    SUBNET,
    VPC,
    Basis,
    bucket_part,
)
from tests.simulator.conftest import Connect, Engine, Refused

Act = Callable[[Basis], object]
# rule id -> (code, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "region": (
        "region: InvalidRegion",
        lambda s: s.make(KEY, region="us-east-9"),
        lambda s: s.make(KEY, region="eu-west-1"),
    ),
    "Vpc-block": (
        "InvalidVpc.Range: '10.0.0.0/29'",
        lambda s: s.make(VPC, cidrBlock="10.0.0.0/29"),
        lambda s: s.make(VPC, cidrBlock="10.0.0.0/28"),
    ),
    "Subnet-block": (
        "InvalidSubnet.Range: '10.0.9.1/24'",
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.9.1/24"),
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.9.0/24"),
    ),
    "Subnet-inside": (
        "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid",
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.1.0.0/24"),
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.255.0/24"),
    ),
    "Subnet-overlap": (
        "InvalidSubnet.Conflict",
        lambda s: (s.subnet, s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.0.128/25")),
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.1.0/25"),
    ),
    "Subnet-zone": (
        "InvalidParameterValue: 'use1-az9' (`availabilityZoneId`) is no zone of us-east-1",
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.1.0/24", availabilityZoneId="use1-az9"),
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.1.0/24", availabilityZoneId="use1-az6"),
    ),
    "Subnet-vpcId": (
        "InvalidVpcID.NotFound",
        lambda s: s.west.create(SUBNET, "x", {"vpcId": s.vpc, "cidrBlock": "10.0.1.0/24"}),
        lambda s: s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.1.0/24"),
    ),
    "RouteTable-vpcId": (
        "InvalidVpcID.NotFound: 'vpc-0' (`vpcId`) does not exist in us-east-1",
        lambda s: s.make(ROUTES, vpcId="vpc-0"),
        lambda s: s.make(ROUTES, vpcId=s.vpc),
    ),
    "DefaultSecurityGroup-vpcId": (
        "InvalidVpcID.NotFound",
        lambda s: s.make(GROUP, vpcId="vpc-0"),
        lambda s: s.make(GROUP, vpcId=s.vpc),
    ),
    "VpcEndpoint-vpcId": (
        "InvalidVpcID.NotFound",
        lambda s: s.make(ENDPOINT, vpcId="vpc-0", serviceName="com.amazonaws.us-east-1.s3"),
        lambda s: s.make(ENDPOINT, vpcId=s.vpc, serviceName="com.amazonaws.us-east-1.s3"),
    ),
    "VpcEndpoint-routeTableIds": (
        "InvalidRouteTableID.NotFound",
        lambda s: s.make(
            ENDPOINT, vpcId=s.vpc, serviceName="com.amazonaws.us-east-1.s3", routeTableIds=[s.table, "rtb-0"]
        ),
        lambda s: s.make(ENDPOINT, vpcId=s.vpc, serviceName="com.amazonaws.us-east-1.s3", routeTableIds=[s.table]),
    ),
    "VpcEndpoint-service": (
        "InvalidServiceName: the service 'com.amazonaws.eu-west-1.s3' is not in us-east-1",
        lambda s: s.make(ENDPOINT, vpcId=s.vpc, serviceName="com.amazonaws.eu-west-1.s3"),
        lambda s: s.make(ENDPOINT, vpcId=s.vpc, serviceName="com.amazonaws.us-east-1.s3"),
    ),
    "RouteTableAssociation-routeTableId": (
        "InvalidRouteTableID.NotFound",
        lambda s: s.engine.update(ASSOCIATION, s.association, {}, {"subnetId": s.subnet, "routeTableId": "rtb-0"}),
        lambda s: s.engine.update(
            ASSOCIATION, s.association, {}, {"subnetId": s.subnet, "routeTableId": s.make(ROUTES, vpcId=s.vpc)}
        ),
    ),
    "RouteTableAssociation-subnetId": (
        "InvalidSubnetID.NotFound",
        lambda s: s.make(ASSOCIATION, subnetId="subnet-0", routeTableId=s.table),
        lambda s: s.make(
            ASSOCIATION, subnetId=s.make(SUBNET, vpcId=s.vpc, cidrBlock="10.0.1.0/24"), routeTableId=s.table
        ),
    ),
    "RouteTableAssociation-once": (
        "Resource.AlreadyAssociated",
        lambda s: (s.association, s.make(ASSOCIATION, subnetId=s.subnet, routeTableId=s.make(ROUTES, vpcId=s.vpc))),
        lambda s: (
            s.drop(ASSOCIATION, s.association),
            s.make(ASSOCIATION, subnetId=s.subnet, routeTableId=s.table),
        ),
    ),
    "Vpc-of-Subnet": (
        "DependencyViolation",
        lambda s: (s.subnet, s.drop(VPC, s.vpc)),
        lambda s: s.drop(VPC, s.make(VPC, cidrBlock="10.9.0.0/16")),
    ),
    "Vpc-of-RouteTable": (
        "is in use by RouteTable",
        lambda s: (s.table, s.drop(VPC, s.vpc)),
        lambda s: s.drop(VPC, s.make(VPC, cidrBlock="10.9.0.0/16")),
    ),
    "Vpc-of-VpcEndpoint": (
        "is in use by VpcEndpoint",
        lambda s: (
            vpc := s.make(VPC, cidrBlock="10.9.0.0/16"),
            s.make(ENDPOINT, vpcId=vpc, serviceName="com.amazonaws.us-east-1.s3"),
            s.drop(VPC, vpc),
        ),
        lambda s: s.drop(VPC, s.make(VPC, cidrBlock="10.9.0.0/16")),
    ),
    "RouteTable-of-RouteTableAssociation": (
        "DependencyViolation",
        lambda s: (s.association, s.drop(ROUTES, s.table)),
        lambda s: (s.drop(ASSOCIATION, s.association), s.drop(ROUTES, s.table)),
    ),
    "Key-rotationPeriodInDays-range": (
        "ValidationException: 89",
        lambda s: s.make(KEY, enableKeyRotation=True, rotationPeriodInDays=89),
        lambda s: s.make(KEY, enableKeyRotation=True, rotationPeriodInDays=90),
    ),
    "Key-deletionWindowInDays-range": (
        "ValidationException: 31",
        lambda s: s.make(KEY, deletionWindowInDays=31),
        lambda s: s.make(KEY, deletionWindowInDays=30),
    ),
    "Key-policy": (
        "MalformedPolicyDocumentException: the new key policy will not allow you",
        lambda s: s.keyed({**ROOT, "Action": "kms:Encrypt"}),
        lambda s: s.keyed({**ROOT, "Action": "kms:Encrypt"}, bypassPolicyLockoutSafetyCheck=True),
    ),
    "Alias-name-form": (
        "name: ValidationException: 'alias/aws/x'",
        lambda s: s.make(ALIAS, name="alias/aws/x", targetKeyId=s.key),
        lambda s: s.make(ALIAS, name="alias/awsx", targetKeyId=s.key),
    ),
    "Alias-name-taken": (
        "AlreadyExistsException",
        lambda s: [s.make(ALIAS, name="alias/a", targetKeyId=s.key) for _ in range(2)],
        lambda s: [
            engine.create(ALIAS, "x", {"name": "alias/b", "targetKeyId": engine.create(KEY, "k", {})[0]})
            for engine in (s.engine, s.west)
        ],
    ),
    "Alias-targetKeyId": (
        "NotFoundException",
        lambda s: (key := s.make(KEY), s.drop(KEY, key), s.make(ALIAS, targetKeyId=key)),
        lambda s: s.make(ALIAS, targetKeyId=s.arn),
    ),
    "Bucket-bucket-form": (
        "bucket: InvalidBucketName: 'Ours'",
        lambda s: s.make(BUCKET, bucket="Ours"),
        lambda s: s.make(BUCKET, bucket="our.s"),
    ),
    "Bucket-yours": (
        "BucketAlreadyOwnedByYou",
        lambda s: s.west.create(BUCKET, "x", {"bucket": s.bucket}),
        lambda s: s.west.create(BUCKET, "x", {"bucket": s.bucket + "-2"}),
    ),
    "Bucket-global": (
        "BucketAlreadyExists",
        lambda s: _other_account(s).create(BUCKET, "x", {"bucket": s.bucket}),
        lambda s: _other_account(s).create(BUCKET, "x", {"bucket": s.bucket + "-2"}),
    ),
    "BucketVersioning-versioningConfiguration.status-choice": (
        "MalformedXML: 'On'",
        lambda s: s.make(bucket_part("BucketVersioning"), bucket=s.bucket, versioningConfiguration={"status": "On"}),
        lambda s: s.make(
            bucket_part("BucketVersioning"), bucket=s.bucket, versioningConfiguration={"status": "Suspended"}
        ),
    ),
    "BucketServerSideEncryptionConfiguration-rules.applyServerSideEncryptionByDefault.sseAlgorithm-choice": (
        "MalformedXML: 'aws:foo'",
        lambda s: s.make(
            ENCRYPTION, bucket=s.bucket, rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:foo"}}]
        ),
        lambda s: s.encrypt(s.key),
    ),
    "BucketServerSideEncryptionConfiguration-rules.applyServerSideEncryptionByDefault.kmsMasterKeyId-granted": (
        "KMS.NotFoundException",
        lambda s: s.encrypt(s.keyed(MANAGE_ONLY)),
        lambda s: s.encrypt(s.keyed(MANAGE_ONLY, {**ROOT, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]})),
    ),
    "BucketPolicy-document": (
        "MalformedPolicy: policy has invalid resource 'arn:aws:s3:::other'",
        lambda s: _policy(s, "arn:aws:s3:::other"),
        lambda s: _policy(s, f"arn:aws:s3:::{s.bucket}/*"),
    ),
    **{
        f"{name}-bucket": (
            "NoSuchBucket",
            lambda s, name=name: s.make(bucket_part(name), bucket="nobodys", **PARTS[name]),  # type: ignore[misc]
            lambda s, name=name: s.make(bucket_part(name), bucket=s.bucket, **PARTS[name]),  # type: ignore[misc]
        )
        for name in PARTS
    },
}


def _other_account(stage: Basis) -> Engine:
    role = json.dumps([{"roleArn": "arn:aws:iam::444455556666:role/deploy"}])
    settings = {"region": "us-east-1", "allowedAccountIds": ["444455556666"], "assumeRoles": role}
    return stage.connect("aws", settings)


def _policy(stage: Basis, resource: str) -> str:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resource}
    return stage.make(bucket_part("BucketPolicy"), bucket=stage.bucket, policy=json.dumps({"Statement": [statement]}))


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Basis(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)


@pytest.mark.parametrize(
    ("key", "refusal"),
    [
        (lambda s: s.west.create(KEY, "k", {})[0], "does not exist in us-east-1"),
        (lambda s: (s.drop(KEY, s.key), s.arn)[1], "does not exist"),
        (lambda s: s.keyed(ROOT, DENY), "lets nobody in 111122223333 do kms:Decrypt"),
        (lambda s: s.keyed(ROOT, {**DENY, "Condition": {"Bool": {"aws:ViaAWSService": "false"}}}), None),
        (lambda s: s.keyed({**ROOT, "Principal": {"AWS": ["x", "111122223333"]}}), None),
    ],
)
def test_a_key_is_used_only_by_who_was_granted_it(connect: Connect, key: Any, refusal: str | None) -> None:
    stage = Basis(connect)
    if refusal is None:
        stage.encrypt(key(stage))
        return
    with pytest.raises(Refused, match=refusal):
        stage.encrypt(key(stage))


def test_a_malformed_key_policy_is_refused(connect: Connect) -> None:
    for policy in ("{", "[]", "{}"):
        with pytest.raises(Refused, match="MalformedPolicyDocumentException"):
            connect("aws").create(KEY, "k", {"policy": policy})


@pytest.mark.parametrize(
    ("token", "old", "new"),
    [
        (VPC, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"}),
        (SUBNET, {"availabilityZoneId": "use1-az1"}, {"availabilityZoneId": "use1-az2"}),
        (ENDPOINT, {"serviceName": "a"}, {"serviceName": "b"}),
        (KEY, {"customerMasterKeySpec": "a"}, {"customerMasterKeySpec": "b"}),
        (ALIAS, {"name": "alias/a"}, {"name": "alias/b"}),
        (bucket_part("BucketPolicy"), {"bucket": "a"}, {"bucket": "b"}),
    ],
)
def test_immutable_properties_replace(connect: Connect, token: str, old: Props, new: Props) -> None:
    engine = connect("aws")
    assert list(engine.diff(token, old, new).replaces) == list(old)
    assert not engine.diff(token, old, {**old, "region": None}).replaces


@pytest.mark.parametrize("part", PARTS)
def test_what_configures_a_bucket_can_be_put_again_and_taken_away(connect: Connect, part: str) -> None:
    stage = Basis(connect)
    stage.make(bucket_part(part), bucket=stage.bucket, **PARTS[part])
    stage.engine.update(bucket_part(part), stage.bucket, {}, {"bucket": stage.bucket, **PARTS[part]})
    stage.engine.delete(bucket_part(part), stage.bucket)
    stage.engine.delete(BUCKET, stage.bucket)
    stage.make(BUCKET, bucket=stage.bucket)
