"""ElastiCache: replication groups, and the users that may log in to them."""

import functools

from simulator.aws.keys import denied
from simulator.aws.network import GROUP, SUBNET, elsewhere, found
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import between, key_use, matches, one_of, rule
from simulator.values import Props

_API, _SDK = Source("ElastiCache API reference", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE, _TF = Source("ElastiCache User Guide", "D"), Source("TF provider source", "D")
_KINDS = ("SubnetGroup", "UserGroup", "User", "UserGroupAssociation", "ReplicationGroup")
SUBNETS, USERS, USER, MEMBER, CACHE = (f"aws:elasticache/{kind[0].lower()}{kind[1:]}:{kind}" for kind in _KINDS)
_VALUE, _COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_ARN, _UNIQUE = "arn:aws:elasticache:{region}:{account}:", "{account}/{region}/"
_ID = r"(?!.*--)[a-z][a-z0-9-]{0,39}(?<!-)"
_SUBNETS_NAME = Name(
    "name", _API, "[a-z0-9._-]{1,255}", _VALUE, _UNIQUE + "{name}", "CacheSubnetGroupAlreadyExists", longest=255
)
_USERS_NAME = Name("userGroupId", _API, _ID, _VALUE, _UNIQUE + "{userGroupId}", "UserGroupAlreadyExists", auto=None)
_USER_NAME = Name("userId", _API, _ID, _VALUE, _UNIQUE + "{userId}", "UserAlreadyExists", auto=None)
_CACHE_NAME = Name(
    "replicationGroupId", _API, _ID, _VALUE, _UNIQUE + "{replicationGroupId}",
    "ReplicationGroupAlreadyExists", tidy=str.lower, longest=40,
)  # fmt: skip


def _host(role: str, operation: Operation) -> str:
    tls = role if operation.one("transitEncryptionEnabled") else f"{role}-plain"
    return operation.text(f"{tls}.{{replicationGroupId}}.{{hex:.6}}.{{region}}.cache.amazonaws.com")


_ON: Props = {"arn": _ARN + "replicationgroup:{replicationGroupId}", "region": "{region}", "port": 6379}
_ON |= {"primaryEndpointAddress": functools.partial(_host, "master"), "clusterEnabled": False}
_ON |= {"readerEndpointAddress": functools.partial(_host, "replica"), "engine": "redis"}
_SET: Props = {"autoMinorVersionUpgrade": True, "automaticFailoverEnabled": False, "multiAzEnabled": False}
_FIXED = "replicationGroupId kmsKeyId atRestEncryptionEnabled subnetGroupName port networkType dataTieringEnabled"
_FIXED += " snapshotArns snapshotName"
_REFS = (
    Ref("subnetGroupName", SUBNETS, "CacheSubnetGroupNotFoundFault", _API, "CacheSubnetGroupInUse", ("name",)),
    Ref("securityGroupIds", GROUP, _VALUE, _API, "DependencyViolation"),
    Ref("userGroupIds", USERS, "UserGroupNotFound", _API, "InvalidUserGroupState", ("userGroupId",)),
)
_IN = (Ref("subnetIds", SUBNET, "InvalidSubnet", _API),)
_USER_REF = Ref("userId", USER, "UserNotFound", _API, by=("userId",))
_USERS_REF = Ref("userGroupId", USERS, "UserGroupNotFound", _API, by=("userGroupId",))
TYPES = (
    ResourceType(SUBNETS, 2, "{name}", {"arn": _ARN + "subnetgroup:{name}"}, ("name",), _IN, _SUBNETS_NAME),
    ResourceType(USER, 20, "{userId}", {"arn": _ARN + "user:{userId}"}, ("userId", "userName"), (), _USER_NAME),
    ResourceType(
        USERS, 20, "{userGroupId}", {"arn": _ARN + "usergroup:{userGroupId}"}, ("userGroupId",), (), _USERS_NAME
    ),
    ResourceType(MEMBER, 20, "{userGroupId},{userId}", {}, ("*",), (_USERS_REF, _USER_REF)),
    ResourceType(CACHE, 690, "{replicationGroupId}", _ON, tuple(_FIXED.split()), _REFS, _CACHE_NAME, _SET),
)


@rule(USER, _VALUE, _GUIDE, property_="userName", fix="make both the same")
def _named(operation: Operation) -> str | None:
    """A user that logs in with IAM has one name and id."""
    iam = operation.one("authenticationMode.type") == "iam"
    return "userId and userName differ" if iam and operation.one("userId") != operation.one("userName") else None


@rule(USER, _VALUE, _GUIDE, property_="authenticationMode", fix="log in with IAM or a password")
def _login(operation: Operation) -> str | None:
    """A Valkey user logs in with IAM or a password."""
    none = operation.one("noPasswordRequired") or operation.one("authenticationMode.type") == "no-password-required"
    return "a Valkey user needs a way to log in" if none and operation.one("engine") == "valkey" else None


@rule(USERS, "DefaultUserRequired", _API, property_="userIds", fix="name a user called default, or use Valkey")
def _default(operation: Operation) -> str | None:
    """A Redis group of users has one that is called `default`."""
    users = (operation.find(USER, user, ("userId",)) for user in operation.at("userIds"))
    has = any(user and user.get("userName") == "default" for user in users)
    return "user group needs to contain a user with the user name default" if _redis(operation) and not has else None


def _redis(operation: Operation) -> bool:
    return str(operation.one("engine") or "redis").lower() == "redis"


@rule(CACHE, _COMBINATION, _SDK)
def _together(operation: Operation) -> str | None:
    """Multi-AZ needs failover, which needs a replica; users need TLS, and no token beside them."""
    inputs = operation.inputs
    replicas = max(inputs.get("numCacheClusters") or 1, (inputs.get("replicasPerNodeGroup") or 0) + 1)
    if inputs.get("multiAzEnabled") and not inputs.get("automaticFailoverEnabled"):
        return "`multiAzEnabled` needs `automaticFailoverEnabled`"
    if inputs.get("automaticFailoverEnabled") and replicas < 2:
        return "`automaticFailoverEnabled` needs two nodes or more"
    if inputs.get("userGroupIds") and not inputs.get("transitEncryptionEnabled"):
        return "`userGroupIds` needs `transitEncryptionEnabled`"
    token = next((name for name in ("authToken", "authTokenWo") if name in inputs), None)
    return f"`{token}` conflicts with `userGroupIds`" if token and inputs.get("userGroupIds") else None


@rule(CACHE, _COMBINATION, _API, property_="userGroupIds")
def _engines(operation: Operation) -> str | None:
    """Its group of users is of its engine."""
    groups = (operation.find(USERS, group, ("userGroupId",)) for group in operation.at("userGroupIds"))
    wrong = [
        group.id for group in groups if group and (str(group.get("engine")).lower() == "redis") != _redis(operation)
    ]
    return f"the user group {wrong[0]} is for another engine" if wrong else None


@rule(CACHE, _COMBINATION, _API, property_="securityGroupIds")
def _inside(operation: Operation) -> str | None:
    """Its security groups are of its subnet group's VPC."""
    place = operation.find(SUBNETS, operation.one("subnetGroupName"), ("name",))
    subnets = [operation.find(SUBNET, subnet) for subnet in (place.get("subnetIds") if place else [])]
    return (
        elsewhere(operation, str(subnets[0].get("vpcId")), (GROUP, "securityGroupIds"))
        if subnets and subnets[0]
        else None
    )


@rule(SUBNETS, "InvalidSubnet", _API, property_="subnetIds")
def _common(operation: Operation) -> str | None:
    """Its subnets are of one VPC."""
    subnets = found(operation, SUBNET, "subnetIds")
    return elsewhere(operation, str(subnets[0].get("vpcId")), (SUBNET, "subnetIds")) if subnets else None


def _use(operation: Operation, key: str) -> str | None:
    same = operation.record and operation.record.inputs.get("kmsKeyId") == key  # judged when it was set
    actions = ("GenerateDataKey", "Decrypt", "DescribeKey", "CreateGrant")
    return None if same else denied(operation, key, "elasticache", actions)


_ENGINES = ("valkey", "redis")
RULES = (
    *(_named, _login, _default, _together, _engines, _inside, _common),
    key_use(CACHE, "kmsKeyId", _use, "InvalidKMSKeyFault", _API),
    one_of(CACHE, "engine", _ENGINES, _VALUE, _SDK),
    matches(CACHE, "engineVersion", r"\d\.\d+(\.\d+)?", _VALUE, _SDK),
    matches(CACHE, "nodeType", r"cache\.[a-z0-9]+\.(micro|small|medium|\d*x?large)", _VALUE, _API),
    one_of(CACHE, "transitEncryptionMode", ("preferred", "required"), _VALUE, _SDK),
    between(CACHE, "snapshotRetentionLimit", 0, 35, _VALUE, _API),
    one_of(USER, "authenticationMode.type", ("iam", "no-password-required", "password"), _VALUE, _SDK),
)
