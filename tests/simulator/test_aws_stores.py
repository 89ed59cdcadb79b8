"""ElastiCache, Secrets Manager, ECR and alarms: each rule refuses what it is about, and lets its near miss pass."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.aws.account import Account
from simulator.state import Store
from simulator.values import Props
from tests.simulator.aws_basis import ROOT
from tests.simulator.aws_cluster_stage import (
    ALARM,
    CACHE,
    EVENTS,
    FOR_ALARMS,
    IMAGES,
    MAIL,
    MEMBER,
    MIRROR,
    PLACE,
    PUBLISH,
    SCANNING,
    SECRET,
    SECRET_POLICY,
    TARGET,
    TOPIC,
    TOPIC_POLICY,
    USER,
    USERS,
    WHO,
    Case,
    Region,
    blocked,
    changed,
    twice,
)
from tests.simulator.aws_stage import GROUP, VALUE, allow, document
from tests.simulator.conftest import Connect, Refused

COMBINATION, INVALID, VALIDATION = "InvalidParameterCombination", "InvalidParameterException", "ValidationException"


def denying(s: Region, action: str) -> str:
    """A key that nobody may use so."""
    return s.key_of(ROOT, {**ROOT, "Effect": "Deny", "Principal": "*", "Action": action})


def login(kind: str) -> Props:
    return {"authenticationMode": {"type": kind}, "passwords": ["x" * 16] if kind == "password" else None}


def everybody(action: str, **more: Any) -> Props:
    return {"policy": document(allow(action, Principal="*", Resource="*", **more))}


def encryption(key: str) -> Props:
    return {"encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": key}]}


def pattern(fields: Any) -> Props:
    return {"eventPattern": json.dumps(fields)}


def quiet(s: Region, *statements: Props, key: Props = FOR_ALARMS) -> str:
    """A topic with this policy, under a key with this statement."""
    topic = s.put(TOPIC, kmsMasterKeyId=s.key_of(ROOT, key))
    s.put(TOPIC_POLICY, arn=topic, policy=document(*statements))
    return topic


UNUSABLE = {**FOR_ALARMS, "Action": "kms:Decrypt"}
WATCHING = {**FOR_ALARMS, "Principal": {"Service": "cloudwatch.amazonaws.com"}}
CASES: dict[str, Case] = {
    "CacheSubnetGroup-name-form": changed(PLACE, VALUE, {"name": "A"}, {"name": "a"}),
    "CacheSubnetGroup-name-taken": twice(PLACE, "CacheSubnetGroupAlreadyExists", "name"),
    "CacheSubnetGroup-subnetIds": changed(PLACE, "InvalidSubnet", {"subnetIds": ["subnet-0"]}, {}),
    "CacheSubnetGroup-common": changed(
        PLACE,
        "(`subnetIds`) is in vpc-",
        lambda s: {"subnetIds": [*s.subnets, s.subnet_in("10.1.1.0/24", 1, s.foreign)]},
        lambda s: {"subnetIds": [*s.subnets, s.subnet_in("10.0.9.0/24", 1)]},
    ),
    "CacheSubnetGroup-of-ReplicationGroup": (
        "CacheSubnetGroupInUse",
        lambda s: (s.put(PLACE, name="a"), s.put(CACHE, subnetGroupName="a"), s.drop(PLACE, "a")),
        lambda s: (s.put(PLACE, name="b"), s.drop(PLACE, "b")),
    ),
    "User-userId-form": changed(
        USER, VALUE, {"userId": "a--b", "userName": "a--b"}, {"userId": "a-b", "userName": "a-b"}
    ),
    "User-name-taken": (
        "UserAlreadyExists",
        lambda s: (s.put(USER), s.put(USER)),
        lambda s: s.put(USER, userId="b", userName="b"),
    ),
    "User-named": changed(USER, "userId and userName differ", {"userName": "other"}, {"userName": "app"}),
    "User-login": changed(
        USER, "needs a way to log in", login("no-password-required"), {**login("password"), "userName": "other"}
    ),
    "User-authenticationMode.type-choice": changed(USER, VALUE, login("token"), login("iam")),
    "UserGroup-userGroupId-form": changed(USERS, VALUE, {"userGroupId": "A"}, {"userGroupId": "a"}),
    "UserGroup-name-taken": twice(USERS, "UserGroupAlreadyExists", "userGroupId"),
    "UserGroup-default": changed(USERS, "DefaultUserRequired", {"engine": "redis"}, {"engine": "valkey"}),
    "UserGroupAssociation-userGroupId": changed(
        MEMBER, "UserGroupNotFound", {"userGroupId": "none"}, lambda s: {"userId": "app"}
    ),
    "UserGroupAssociation-userId": changed(MEMBER, "UserNotFound", {"userId": "none"}, {"userId": "app"}),
    "ReplicationGroup-replicationGroupId-form": changed(
        CACHE, VALUE, {"replicationGroupId": "a" * 41}, {"replicationGroupId": "a" * 40}
    ),
    "ReplicationGroup-name-taken": twice(CACHE, "ReplicationGroupAlreadyExists", "replicationGroupId"),
    "ReplicationGroup-subnetGroupName": changed(
        CACHE, "CacheSubnetGroupNotFoundFault", {"subnetGroupName": "none"}, {}
    ),
    "ReplicationGroup-securityGroupIds": changed(CACHE, VALUE, {"securityGroupIds": ["sg-0"]}, {}),
    "SecurityGroup-of-ReplicationGroup": blocked(
        GROUP, "DependencyViolation", lambda s: s.group, CACHE, lambda s: s.drop(GROUP, s.put(GROUP))
    ),
    "ReplicationGroup-userGroupIds": changed(CACHE, "UserGroupNotFound", {"userGroupIds": ["none"]}, {}),
    "UserGroup-of-ReplicationGroup": blocked(
        USERS, "InvalidUserGroupState", lambda s: s.users, CACHE, lambda s: s.drop(USERS, s.put(USERS, userGroupId="b"))
    ),
    "ReplicationGroup-together": changed(
        CACHE,
        "needs two nodes or more",
        {"numCacheClusters": 1, "multiAzEnabled": None},
        {"numCacheClusters": 1, "multiAzEnabled": None, "automaticFailoverEnabled": None},
    ),
    "ReplicationGroup-engines": changed(
        CACHE, "is for another engine", {"engine": "redis"}, {"engine": "redis", "userGroupIds": None}
    ),
    "ReplicationGroup-inside": changed(
        CACHE,
        "(`securityGroupIds`) is in vpc-",
        lambda s: {"securityGroupIds": [s.put(GROUP, vpcId=s.foreign)]},
        lambda s: {"securityGroupIds": [s.put(GROUP)]},
    ),
    "ReplicationGroup-kmsKeyId-granted": changed(
        CACHE,
        "lets nobody in 111122223333 do kms:CreateGrant",
        lambda s: {"kmsKeyId": denying(s, "kms:CreateGrant")},
        lambda s: {"kmsKeyId": denying(s, "kms:ReplicateKey")},
    ),
    "ReplicationGroup-engine-choice": changed(CACHE, VALUE, {"engine": "memcached"}, {"engine": "valkey"}),
    "ReplicationGroup-engineVersion-form": changed(CACHE, VALUE, {"engineVersion": "8"}, {"engineVersion": "8.0"}),
    "ReplicationGroup-nodeType-form": changed(CACHE, VALUE, {"nodeType": "m7g.large"}, {"nodeType": "cache.m7g.large"}),
    "ReplicationGroup-transitEncryptionMode-choice": changed(
        CACHE, VALUE, {"transitEncryptionMode": "on"}, {"transitEncryptionMode": "preferred"}
    ),
    "ReplicationGroup-snapshotRetentionLimit-range": changed(
        CACHE, VALUE, {"snapshotRetentionLimit": 36}, {"snapshotRetentionLimit": 35}
    ),
    "Secret-name-form": changed(SECRET, INVALID, {"name": "a-123456"}, {"name": "a-1234567"}),
    "Secret-name-taken": (
        "scheduled for deletion",
        lambda s: (s.drop(SECRET, s.put(SECRET, name="a")), s.put(SECRET, name="a")),
        lambda s: s.put(SECRET, name="b"),
    ),
    "Secret-recoveryWindowInDays-range": changed(
        SECRET, INVALID, {"recoveryWindowInDays": 6}, {"recoveryWindowInDays": 0}
    ),
    "Secret-kmsKeyId-granted": changed(
        SECRET,
        "lets nobody in 111122223333 do kms:GenerateDataKey",
        lambda s: {"kmsKeyId": denying(s, "kms:GenerateDataKey")},
        lambda s: {"kmsKeyId": denying(s, "kms:CreateGrant")},
    ),
    "SecretPolicy-secretArn": changed(SECRET_POLICY, "ResourceNotFoundException", {"secretArn": "none"}, {}),
    "SecretPolicy-document": changed(SECRET_POLICY, "MalformedPolicyDocument", {"policy": "{}"}, {}),
    "SecretPolicy-public": changed(
        SECRET_POLICY,
        "PublicPolicyException",
        everybody("secretsmanager:GetSecretValue"),
        everybody(
            "secretsmanager:GetSecretValue", Condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
        ),
    ),
    "PullThroughCacheRule-ecrRepositoryPrefix-form": changed(
        MIRROR, INVALID, {"ecrRepositoryPrefix": "a" * 31}, {"ecrRepositoryPrefix": "a" * 30}
    ),
    "PullThroughCacheRule-name-taken": twice(
        MIRROR, "PullThroughCacheRuleAlreadyExistsException", "ecrRepositoryPrefix"
    ),
    "PullThroughCacheRule-upstream": changed(
        MIRROR,
        "needs `credentialArn`",
        {"upstreamRegistryUrl": "registry-1.docker.io"},
        lambda s: {"upstreamRegistryUrl": "registry-1.docker.io", "credentialArn": s.secret},
    ),
    "RepositoryCreationTemplate-prefix-form": changed(IMAGES, INVALID, {"prefix": "Team"}, {"prefix": "ROOT"}),
    "RepositoryCreationTemplate-name-taken": twice(IMAGES, "TemplateAlreadyExistsException", "prefix"),
    "RepositoryCreationTemplate-customRoleArn": changed(IMAGES, INVALID, {"customRoleArn": WHO}, {}),
    "RepositoryCreationTemplate-maker": changed(
        IMAGES,
        "a custom role is needed",
        {"customRoleArn": None},
        {"customRoleArn": None, "encryptionConfigurations": [{"encryptionType": "AES256"}]},
    ),
    "RepositoryCreationTemplate-encryptionConfigurations.kmsKey-granted": changed(
        IMAGES,
        "lets nobody in 111122223333 do kms:RetireGrant",
        lambda s: encryption(denying(s, "kms:RetireGrant")),
        lambda s: encryption(denying(s, "kms:Encrypt")),
    ),
    "RepositoryCreationTemplate-appliedFors-choice": changed(
        IMAGES, INVALID, {"appliedFors": ["PUSH"]}, {"appliedFors": ["CREATE_ON_PUSH"]}
    ),
    "RepositoryCreationTemplate-imageTagMutability-choice": changed(
        IMAGES, INVALID, {"imageTagMutability": "FIXED"}, {"imageTagMutability": "IMMUTABLE"}
    ),
    "RegistryScanningConfiguration-scanType-choice": changed(SCANNING, INVALID, {"scanType": "DEEP"}, {}),
    "Topic-name-form": changed(TOPIC, "InvalidParameter", {"name": "a.b"}, {"name": "a_b"}),
    "TopicPolicy-arn": changed(TOPIC_POLICY, "InvalidParameter", {"arn": "none"}, {}),
    "TopicPolicy-document": changed(TOPIC_POLICY, "failed to parse", {"policy": "[]"}, {}),
    "TopicSubscription-topic": changed(MAIL, "NotFound", {"topic": "none"}, {}),
    "TopicSubscription-protocol-choice": changed(MAIL, "InvalidParameter", {"protocol": "mail"}, {"protocol": "email"}),
    "TopicSubscription-endpoint-form": changed(
        MAIL, "InvalidParameter", {"endpoint": "team"}, {"endpoint": "team@example.com"}
    ),
    "EventRule-name-form": changed(EVENTS, VALIDATION, {"name": "a b"}, {"name": "a.b"}),
    "EventRule-state-choice": changed(
        EVENTS, VALIDATION, {"state": "ON"}, {"state": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}
    ),
    "EventRule-pattern": changed(
        EVENTS, "must be an object or an array", pattern({"source": "aws.kms"}), pattern({"source": ["aws.kms"]})
    ),
    "EventTarget-rule": changed(TARGET, "ResourceNotFoundException", {"rule": "none"}, {}),
    "EventRule-of-EventTarget": (
        "is in use by EventTarget",
        lambda s: (s.put(EVENTS, name="a"), s.put(TARGET, rule="a"), s.drop(EVENTS, "a")),
        lambda s: s.drop(EVENTS, s.put(EVENTS)),
    ),
    "EventTarget-published": changed(
        TARGET,
        "does not let events do kms:GenerateDataKey",
        lambda s: {"arn": quiet(s, PUBLISH[0], key=UNUSABLE)},
        lambda s: {"arn": quiet(s, PUBLISH[0])},
    ),
    "MetricAlarm-name-form": changed(ALARM, VALIDATION, {"name": "a" * 256}, {"name": "a" * 255}),
    "MetricAlarm-alarmActions": changed(ALARM, VALIDATION, {"alarmActions": ["none"]}, {"alarmActions": None}),
    "MetricAlarm-raised": changed(
        ALARM,
        "lets cloudwatch publish nothing",
        lambda s: {"alarmActions": [quiet(s, PUBLISH[0], key=WATCHING)]},
        lambda s: {"alarmActions": [quiet(s, PUBLISH[1], key=WATCHING)]},
    ),
    "MetricAlarm-window": changed(
        ALARM, VALIDATION, {"period": 300, "evaluationPeriods": 289}, {"period": 300, "evaluationPeriods": 288}
    ),
    "MetricAlarm-treatMissingData-choice": changed(
        ALARM, VALIDATION, {"treatMissingData": "bad"}, {"treatMissingData": "breaching"}
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    region = Region(connect)
    with pytest.raises(Refused) as refused:
        refused_act(region)
    assert code in str(refused.value)
    allowed_act(region)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"automaticFailoverEnabled": None}, "needs `automaticFailoverEnabled`"),
        ({"transitEncryptionEnabled": None, "transitEncryptionMode": None}, "needs `transitEncryptionEnabled`"),
        ({"authToken": "x" * 16}, "`authToken` conflicts with `userGroupIds`"),
    ],
)
def test_what_a_cache_has_goes_together(connect: Connect, change: Props, says: str) -> None:
    with pytest.raises(Refused, match=says):
        Region(connect).put(CACHE, **change)


def test_snss_own_key_lets_no_service_publish(connect: Connect) -> None:
    region = Region(connect)
    topic = region.put(TOPIC, kmsMasterKeyId="alias/aws/sns")
    region.put(TOPIC_POLICY, arn=topic)
    with pytest.raises(Refused, match="alias/aws/sns, which is not the customer's"):
        region.put(TARGET, arn=topic)


@pytest.mark.parametrize(
    "text", ["{", json.dumps({"detail": {"errorCode": "AccessDenied"}}), json.dumps({"source": ["a" * 2048]})]
)
def test_an_event_pattern_is_one(connect: Connect, text: str) -> None:
    with pytest.raises(Refused, match="InvalidEventPatternException"):
        Region(connect).put(EVENTS, eventPattern=text)


def test_a_cache_that_only_speaks_tls_says_so_in_its_name(connect: Connect) -> None:
    region = Region(connect)
    outputs = region.engine.create(CACHE, "x", region.inputs(CACHE, replicationGroupId="team"))[1]
    assert outputs["primaryEndpointAddress"].startswith("master.team.")
    assert outputs["arn"] == "arn:aws:elasticache:us-east-1:111122223333:replicationgroup:team"


@pytest.mark.parametrize(
    ("kind", "path"),
    [(CACHE, "kmsKeyId"), (CACHE, "replicationGroupId"), (USER, "userName"), (MIRROR, "upstreamRegistryUrl")],
)
def test_immutable_properties_replace(connect: Connect, kind: str, path: str) -> None:
    assert list(connect("aws").diff(kind, {path: "a"}, {path: "b"}).replaces) == [path]


@pytest.mark.parametrize("kind", [CACHE, USER, USERS, SECRET, SECRET_POLICY, IMAGES, MIRROR, TOPIC, EVENTS, ALARM])
def test_a_second_run_changes_nothing(connect: Connect, kind: str) -> None:
    region = Region(connect)
    inputs = region.inputs(kind)
    checked = region.engine.check(kind, "x", inputs)
    assert not region.engine.diff(kind, checked, region.engine.check(kind, "x", inputs, checked)).diffs


def test_moto_makes_the_secrets_again(connect: Connect, tmp_path: Path) -> None:
    region = Region(connect)
    region.put(SECRET_POLICY)
    again = Store(tmp_path / "clouds.db")
    client = Account.of(again).client("secretsmanager", "us-east-1", "111122223333")
    assert [secret["ARN"] for secret in client.list_secrets()["SecretList"]] == [region.secret]
    assert "GetSecretValue" in client.get_resource_policy(SecretId=region.secret)["ResourcePolicy"]
    again.close()
