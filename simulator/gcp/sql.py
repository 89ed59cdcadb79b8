"""Cloud SQL: instances, PostgreSQL above all, and their users."""

from typing import Any

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.identity import ACCOUNT, SQL, encrypts
from simulator.gcp.network import NETWORK
from simulator.gcp.resource import FACTS, MET, SDK, GcpType, never, row, tokens
from simulator.rules import between, matches
from simulator.values import Change, Props, at

INSTANCE, USER = tokens("sql", "DatabaseInstance", "User")
_INVALID, _DOMAIN = "400 invalid", ".gserviceaccount.com"
_IP, _BACKUP = "settings.ipConfiguration", "settings.backupConfiguration"
_NETWORK, _PSC, _DAYS = (
    f"{_IP}.privateNetwork",
    f"{_IP}.pscConfigs.pscEnabled",
    f"{_BACKUP}.transactionLogRetentionDays",
)
_VERSION = "POSTGRES_(9_6|1[0-8])|MYSQL_(5_6|5_7|8_0|8_4)|SQLSERVER_20(22|25)_(STANDARD|ENTERPRISE|EXPRESS|WEB)"
_ATTACHMENT = "projects/{hex:.18}-tp/regions/{region}/serviceAttachments/a-{hex:.12}-psc-service-attachment-{hex:.16}"


def _by_psc(template: str) -> Any:
    return lambda instance: instance.text(template) if any(instance.at(_PSC)) else ""


class _Instance(GcpType):
    def replaces(self, change: Change) -> bool:
        """A private network can be changed, but not taken away."""
        return (change.path == _NETWORK and change.new is None) or super().replaces(change)


_NAME = Name("name", FACTS, "[a-z]([-a-z0-9]*[a-z0-9])?", _INVALID, "{account}/{name}", "409 instanceAlreadyExists")
_INSTANCE: Props = {
    "name": _NAME,
    "keeps_name": "blocked for about a week",
    "refs": (Ref(_NETWORK, NETWORK, "404 notFound", SDK, by=("id", "selfLink"), anywhere=True),),
    "defaults": {"deletionProtection": True},
    "outputs": {
        "connectionName": "{account}:{region}:{name}",
        "selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/projects/{account}/instances/{name}",
        "dnsName": _by_psc("{hex:.12}.{number:.12}.{region}.sql.goog."),
        "pscServiceAttachmentLink": _by_psc(_ATTACHMENT),
    },
}
_USER = Name("name", MET, unique="{account}/{instance}/{name}", taken="409 alreadyExists")
_OF = Ref("instance", INSTANCE, "404 notFound", SDK, by=("name",), anywhere=True)
_WHOSE = "{account}/{instance}/{name}"
_FIXED = "project region encryptionKeyName masterInstanceName settings.collation"
TYPES = (
    row(INSTANCE, 690, "{name}", _FIXED, _Instance, **_INSTANCE),  # 8 to 15 minutes: a regional one
    row(USER, 10, "{name}//{instance}", "project host type", name=_USER, refs=(_OF,), imported=_WHOSE),
)


def _postgres(version: object) -> int:
    """16 of POSTGRES_16, 0 of what is none."""
    return int(str(version).split("_")[1]) if str(version).startswith("POSTGRES_") else 0


def _plus(instance: Operation) -> bool:
    default = "ENTERPRISE_PLUS" if _postgres(instance.one("databaseVersion")) >= 16 else "ENTERPRISE"
    return bool((instance.one("settings.edition") or default) == "ENTERPRISE_PLUS")


def _frail(instance: Operation) -> bool:
    backup, recovery = (instance.one(f"{_BACKUP}.{name}") for name in ("enabled", "pointInTimeRecoveryEnabled"))
    recovery = recovery or not _postgres(instance.one("databaseVersion")) or (recovery is None and _plus(instance))
    return instance.one("settings.availabilityType") == "REGIONAL" and not (backup and recovery)


def _unreachable(instance: Operation) -> bool:
    return instance.one(f"{_IP}.ipv4Enabled") is False and not any([*instance.at(_NETWORK), *instance.at(_PSC)])


def _misfit(instance: Operation) -> bool:
    return str(instance.one("settings.tier")).startswith("db-perf-optimized-N-") != _plus(instance)


def _endless(instance: Operation) -> bool:
    return any(not 1 <= days <= (35 if _plus(instance) else 7) for days in instance.at(_DAYS))


def _smaller(instance: Operation) -> bool:
    had = at(instance.record.inputs, "settings.diskSize") if instance.record else []
    return any(size < old for size in instance.at("settings.diskSize") for old in had)


def _held(instance: Operation) -> bool:
    return instance.one("deletionProtection") is not False


def _guarded(instance: Operation) -> bool:
    return bool(instance.record and any(at(instance.record.inputs, _GUARD)))


def _unnamed(user: Operation) -> bool:
    instance, name = user.find(INSTANCE, user.one("instance"), _OF.by), str(user.one("name"))
    full = instance is not None and _postgres(instance.get("databaseVersion")) and name.endswith(_DOMAIN)
    account = user.find(ACCOUNT, name.removesuffix(_DOMAIN) + _DOMAIN, ("email",))
    return user.one("type") == "CLOUD_IAM_SERVICE_ACCOUNT" and bool(full or account is None)


def _mixed(user: Operation) -> bool:
    return bool(user.inputs.keys() & {"password", "passwordWo"}) == str(user.one("type")).startswith("CLOUD_IAM")


_GUARD, _TIERS = "settings.deletionProtectionEnabled", "has tiers `db-perf-optimized-N-*`; ENTERPRISE the others"
_SAFE = "REGIONAL needs `enabled` backups, and for PostgreSQL `pointInTimeRecoveryEnabled`"
_FULL = "a CLOUD_IAM_SERVICE_ACCOUNT is an existing account's e-mail, for PostgreSQL without `.gserviceaccount.com`"
RULES = (
    *encrypts(INSTANCE, "encryptionKeyName", SQL, (_INVALID, "403 forbidden")),
    matches(INSTANCE, "databaseVersion", _VERSION, _INVALID, SDK),
    between(INSTANCE, "settings.diskSize", 10, 65536, _INVALID, SDK),
    *never(
        *(INSTANCE, "400 invalidRequest", SDK),
        ("settings.tier", f"ENTERPRISE_PLUS, the default from PostgreSQL 16 on, {_TIERS}", _misfit, "write"),
        ("settings.availabilityType", _SAFE, _frail, "write"),
        (_DAYS, "transaction logs are kept 1 to 7 days, by ENTERPRISE_PLUS 1 to 35", _endless, "write"),
        (_IP, "without `ipv4Enabled` there is a `privateNetwork` or `pscEnabled`", _unreachable, "write"),
        ("settings.diskSize", "a disk does not shrink", _smaller, "update"),
        ("deletionProtection", "it is false before the provider deletes (true if not given)", _held, "delete"),
        (_GUARD, "it is false before Cloud SQL deletes", _guarded, "delete"),
    ),
    *never(
        *(USER, _INVALID, SDK),
        ("name", _FULL, _unnamed, "write"),
        ("type", "Cloud IAM's users have no password, built-in ones have", _mixed, "write"),
    ),
)
