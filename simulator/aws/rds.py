"""RDS for PostgreSQL: instances, their subnet groups and parameter groups."""

import functools
import re
import uuid
from typing import Any

from simulator.aws.keys import KEY, denied
from simulator.aws.network import GROUP, SUBNET, elsewhere, found
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import between, key_use, matches, one_of, rule
from simulator.values import Props

_RDS, _SDK = Source("RDS API reference", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE, _SEEN = Source("RDS User Guide", "D"), Source("errors that RDS's users report", "K")
_KINDS = ("SubnetGroup", "ParameterGroup", "Instance")
SUBNETS, PARAMETERS, INSTANCE = (f"aws:rds/{kind[0].lower()}{kind[1:]}:{kind}" for kind in _KINDS)
_VALUE, _COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_MAJORS = tuple(map(str, range(11, 19)))
_SWITCH, _TLS = ("0", "1"), ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "rds.force_ssl": _SWITCH,
    "ssl_min_protocol_version": _TLS,
    "ssl_max_protocol_version": _TLS,
}
# What else begins with rds. or ssl is no parameter; other names are taken as they are
_OTHERS = (
    "ssl ssl_ca_file ssl_cert_file ssl_ciphers ssl_key_file rds.logical_replication rds.log_retention_period"
    " rds.force_admin_logging_level rds.force_autovacuum_logging_level rds.rds_superuser_reserved_connections"
    " rds.restrict_password_commands rds.accepted_password_auth_method rds.adaptive_autovacuum rds.allowed_extensions"
    " rds.extensions rds.allowed_delegated_extensions rds.custom_dns_resolution rds.superuser_variables"
)
_PARAMETERS |= dict.fromkeys(_OTHERS.split(), ())


def _made(operation: Operation, what: str) -> uuid.UUID:
    """What is the same for all instances of an account and region."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{what}.{operation.account}.{operation.region}")


def _address(operation: Operation) -> str:
    return operation.text(f"{{identifier}}.{_made(operation, 'rds').hex[:12]}.{{region}}.rds.amazonaws.com")


def _key(operation: Operation, path: str, service: str) -> Any:
    """The ARN of the key at a path, or of the one that AWS manages for the service."""
    given = operation.find(KEY, operation.one(path), ("keyId", "arn"))
    own = operation.text(f"arn:aws:kms:{{region}}:{{account}}:key/{_made(operation, service)}")
    return given.get("arn") if given else own


def _secrets(operation: Operation) -> list[Props]:
    name = "rds!db-{hex:.8}-{hex:.4}-4{hex:.3}-8{hex:.3}-{hex:.12}-{hex:.6}"
    arn = operation.text("arn:aws:secretsmanager:{region}:{account}:secret:" + name)
    key = _key(operation, "masterUserSecretKmsKeyId", "secretsmanager")
    managed = operation.one("manageMasterUserPassword")
    return [{"secretArn": arn, "secretStatus": "active", "kmsKeyId": key}] if managed else []


def _major(version: Any) -> str:
    return str(version or _MAJORS[-1]).partition(".")[0]


class _Instance(ResourceType):
    def describe(self, operation: Operation) -> Props:
        outputs, had = super().describe(operation), operation.record
        if had:  # it may have grown by itself: the provider ignores a smaller size then
            outputs["allocatedStorage"] = max(outputs.get("allocatedStorage", 0), had.get("allocatedStorage") or 0)
        return outputs


def _named(path: str, noun: str, form: str, longest: int) -> Name:
    return Name(path, _RDS, form, _VALUE, f"{{account}}/{{region}}/{{{path}}}", noun, ("-", 7), str.lower, longest)


def _vpc(operation: Operation) -> str:
    return str(found(operation, SUBNET, "subnetIds")[0].get("vpcId"))


_ID, _ARN = r"(?!.*--)[a-z][a-z0-9-]{0,%d}(?<!-)", "arn:aws:rds:{region}:{account}:"
_GROUP_NAME = _named("name", "DBSubnetGroupAlreadyExists", "(?!default$)[a-z0-9._ -]{1,255}", 255)
_PARAMETERS_NAME = _named("name", "DBParameterGroupAlreadyExists", _ID.replace("z0-9-", "z0-9.-") % 254, 255)
_INSTANCE_NAME = _named("identifier", "DBInstanceAlreadyExists", _ID % 62, 63)
_ON_SUBNETS = {"arn": _ARN + "subgrp:{name}", "region": "{region}", "vpcId": _vpc, "supportedNetworkTypes": ["IPV4"]}
_ON_PARAMETERS = {"arn": _ARN + "pg:{name}", "region": "{region}"}
_ON: Props = {"arn": _ARN + "db:{identifier}", "region": "{region}", "resourceId": "{id}", "status": "available"}
_ON |= {"address": _address, "endpoint": lambda o: f"{_address(o)}:{o.one('port') or 5432}", "port": 5432}
_ON |= {"masterUserSecrets": _secrets, "engineVersionActual": lambda o: o.one("engineVersion") or _MAJORS[-1]}
_ON["kmsKeyId"] = lambda o: _key(o, "kmsKeyId", "rds") if o.one("storageEncrypted") else ""
_OFF = ("publiclyAccessible", "skipFinalSnapshot", "copyTagsToSnapshot", "performanceInsightsEnabled")
_SET = {**dict.fromkeys(_OFF, False), "autoMinorVersionUpgrade": True, "deleteAutomatedBackups": True}
_FIXED = "kmsKeyId storageEncrypted engine dbName username availabilityZone snapshotIdentifier restoreToPointInTime"
_IN = (Ref("subnetIds", SUBNET, "InvalidSubnet", _RDS),)
_REFS = (
    Ref("dbSubnetGroupName", SUBNETS, "DBSubnetGroupNotFoundFault", _RDS, "InvalidDBSubnetGroupStateFault", ("name",)),
    Ref("parameterGroupName", PARAMETERS, "DBParameterGroupNotFound", _RDS, "InvalidDBParameterGroupState", ("name",)),
    Ref("vpcSecurityGroupIds", GROUP, _VALUE, _SEEN, "DependencyViolation"),
)
_TEXT, _OTHER = {"description": "Managed by Pulumi"}, ("name", "namePrefix", "family", "description")
TYPES = (
    ResourceType(SUBNETS, 2, "{name}", _ON_SUBNETS, ("name", "namePrefix"), _IN, _GROUP_NAME, _TEXT),
    ResourceType(PARAMETERS, 5, "{name}", _ON_PARAMETERS, _OTHER, (), _PARAMETERS_NAME, _TEXT),
    # as long as with a standby: 10 to 20 minutes; alone 6 to 10
    _Instance(
        INSTANCE,
        900,
        "db-{number}{number:.7}",
        _ON,
        tuple(_FIXED.split()),
        _REFS,
        _INSTANCE_NAME,
        _SET,
        imported="{identifier}",
    ),
)


@rule(SUBNETS, "DBSubnetGroupDoesNotCoverEnoughAZs", _RDS, property_="subnetIds", fix="add subnets of other zones")
def _zones(operation: Operation) -> str | None:
    """Its subnets cover two zones at least."""
    zones = {subnet.get("availabilityZone") for subnet in found(operation, SUBNET, "subnetIds")}
    return f"current zone coverage: {', '.join(zones)}" if len(zones) < 2 else None


@rule(SUBNETS, "InvalidSubnet", _RDS, property_="subnetIds")
def _common(operation: Operation) -> str | None:
    """Its subnets are of one VPC."""
    return elsewhere(operation, _vpc(operation), (SUBNET, "subnetIds"))


@rule(PARAMETERS, _VALUE, _GUIDE, "check", "parameters", "`aws rds describe-db-parameters` lists what there is")
def _known(operation: Operation) -> str | None:
    """There are such parameters (as to `rds.*` and `ssl*`), and those that enforce TLS can have such values."""
    for name, value in ((str(given.get("name")), given.get("value")) for given in operation.at("parameters")):
        if name.startswith(("rds.", "ssl")) and name not in _PARAMETERS:
            return f"could not find parameter with name: {name}"
        if isinstance(value, str) and value not in (_PARAMETERS.get(name) or (value,)):
            return f"invalid parameter value: {value} for: {name}; allowed values are: {', '.join(_PARAMETERS[name])}"
    return None


@rule(INSTANCE, _COMBINATION, _RDS, property_="parameterGroupName")
def _family(operation: Operation) -> str | None:
    """The parameter group is of the engine's and version's family."""
    group = operation.find(PARAMETERS, operation.one("parameterGroupName"), ("name",))
    wanted = f"postgres{_major(operation.one('engineVersion'))}"
    wrong = group is not None and group.get("family") != wanted
    return f"the parameter group's family is not {wanted}" if wrong else None


@rule(INSTANCE, _COMBINATION, _SEEN, property_="vpcSecurityGroupIds")
def _inside(operation: Operation) -> str | None:
    """Its security groups are of its subnet group's VPC."""
    place = operation.find(SUBNETS, operation.one("dbSubnetGroupName"), ("name",))
    return elsewhere(operation, place.get("vpcId"), (GROUP, "vpcSecurityGroupIds")) if place else None


_KEYS = {"kmsKeyId": "storageEncrypted", "masterUserSecretKmsKeyId": "manageMasterUserPassword"}
_KEYS["performanceInsightsKmsKeyId"] = "performanceInsightsEnabled"
_RESTORED, _PASSWORDS = (
    re.compile("snapshotIdentifier|replicateSourceDb|restoreTo|s3Import"),
    ("password", "passwordWo"),
)


@rule(INSTANCE, _VALUE, _RDS, "check")
def _required(operation: Operation) -> str | None:
    """What is not restored has `allocatedStorage`, `engine`, `username` and a password, or one that RDS manages."""
    inputs = operation.inputs
    password = inputs.get("manageMasterUserPassword") or any(name in inputs for name in _PASSWORDS)
    missing = [name for name in ("allocatedStorage", "engine", "username") if name not in inputs]
    missing += [] if password else ["manageMasterUserPassword"]
    return f"{missing[0]} is missing" if missing and not any(map(_RESTORED.match, inputs)) else None


@rule(INSTANCE, _COMBINATION, _SDK, "check")
def _together(operation: Operation) -> str | None:
    """A managed password excludes another; a key comes with what it encrypts, storage grows by a tenth or not."""
    inputs, most, now = operation.inputs, operation.one("maxAllocatedStorage"), operation.one("allocatedStorage")
    for name in _PASSWORDS:
        if name in inputs and operation.one("manageMasterUserPassword"):
            return f"`{name}` conflicts with `manageMasterUserPassword`"
    for path, needed in _KEYS.items():
        if path in inputs and not inputs.get(needed):
            return f"`{path}` needs `{needed}`"
    low = most and now and most * 10 < now * 11
    return f"`maxAllocatedStorage` {most} is less than `allocatedStorage` {now} and 10 percent" if low else None


@rule(INSTANCE, _COMBINATION, _RDS, "update")
def _kept(operation: Operation) -> str | None:
    """Keys of the managed password and Performance Insights stay; storage does not shrink (what may grow: ignored)."""
    had, now = operation.record, operation.one("allocatedStorage") or 0
    for path, on in list(_KEYS.items())[1:]:
        if had and had.get(on) and operation.one(on) and had.inputs.get(path) != operation.one(path):
            return f"`{path}` cannot be changed"
    shrinks = had and now < (had.get("allocatedStorage") or 0) and (operation.one("maxAllocatedStorage") or 0) <= now
    return f"storage of {now} GiB is less than there is" if shrinks else None


@rule(INSTANCE, _COMBINATION, _RDS, "delete", fix="change that, update, and delete then")
def _protected(operation: Operation) -> str | None:
    """It has no deletion protection, and `skipFinalSnapshot` or a `finalSnapshotIdentifier`."""
    had = operation.record
    if had and had.get("deletionProtection"):
        return "cannot delete protected DB Instance, please disable deletion protection and try again"
    kept = had and (had.get("skipFinalSnapshot") or had.get("finalSnapshotIdentifier"))
    return None if kept else "finalSnapshotIdentifier is required when skipFinalSnapshot is false"


def _denied(service: str, actions: tuple[str, ...], operation: Operation, key: str) -> str | None:
    same = operation.record and key in operation.record.inputs.values()  # judged when it was set
    return None if same else denied(operation, key, service, actions)


_USE = ("GenerateDataKey", "Decrypt", "DescribeKey")
_RDS_USE = functools.partial(_denied, "rds", (*_USE, "CreateGrant"))
_USES = dict.fromkeys(_KEYS, _RDS_USE) | {
    "masterUserSecretKmsKeyId": functools.partial(_denied, "secretsmanager", _USE)
}
_USERS = r"(?!(rdsadmin|admin|rdsrepladmin|rds_superuser)$)[a-zA-Z]\w{0,62}"
_AUTHORITIES = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
_CLASS = r"db\.[a-z0-9-]+\.(\d*x?large|micro|small|medium|metal)"
RULES = (
    *(_zones, _common, _known, _family, _inside, _required, _together, _kept, _protected),
    *(key_use(INSTANCE, path, use, "KMSKeyNotAccessibleFault", _RDS) for path, use in _USES.items()),
    *(matches(INSTANCE, p, "arn:aws:kms:.+", _VALUE, _SDK) for p in ("kmsKeyId", "performanceInsightsKmsKeyId")),
    matches(INSTANCE, "instanceClass", _CLASS, _VALUE, _RDS),
    matches(INSTANCE, "finalSnapshotIdentifier", "(?i)" + _ID % 254, _VALUE, _SDK),
    matches(INSTANCE, "username", _USERS, _VALUE, _RDS),
    matches(INSTANCE, "engineVersion", rf"({'|'.join(_MAJORS)})(\.\d+)?", _COMBINATION, _RDS),
    one_of(PARAMETERS, "family", tuple(f"postgres{major}" for major in _MAJORS), _VALUE, _RDS),
    one_of(PARAMETERS, "parameters.applyMethod", ("immediate", "pending-reboot"), _VALUE, _SDK),
    one_of(INSTANCE, "engine", ("postgres",), _VALUE, _RDS),  # others are not simulated
    one_of(INSTANCE, "storageType", ("standard", "gp2", "gp3", "io1", "io2"), _VALUE, _SDK),
    one_of(INSTANCE, "caCertIdentifier", _AUTHORITIES, "CertificateNotFound", _GUIDE),
    between(INSTANCE, "backupRetentionPeriod", 0, 35, _VALUE, _SDK),
    between(INSTANCE, "allocatedStorage", 20, 65536, _VALUE, _RDS),
    between(INSTANCE, "port", 1150, 65535, _VALUE, _RDS),
)
