"""Microsoft.DBforPostgreSQL: flexible servers, their parameters, their Entra administrators."""

import re
from dataclasses import dataclass
from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, TIMES, ArmType, each, parent, row
from simulator.azure.identity import Identified, principal_exists
from simulator.azure.keys import encrypted
from simulator.cloud import Operation, Rule
from simulator.regions import regions
from simulator.rules import between, rule, unchanged
from simulator.values import Props, at

SERVER, PARAMETER, ADMINISTRATOR = (
    f"{PACKAGE}:dbforpostgresql:{name}" for name in ("Server", "Configuration", "AdministratorsMicrosoftEntra")
)
_PARAMETERS = {  # name: default, values
    "require_secure_transport": ("on", "on,off"),
    "ssl_min_protocol_version": ("TLSv1.2", "TLSv1.2,TLSv1.3"),
    "ssl_max_protocol_version": ("", ",TLSv1.2,TLSv1.3"),
    "log_connections": ("on", "on,off"),
    "log_disconnections": ("off", "on,off"),
}


def _default(operation: Operation) -> str:
    return _PARAMETERS[operation.inputs["configurationName"]][0]


@dataclass(frozen=True)
class _Parameter(ArmType):
    """It always exists: creation sets it, and deletion sets it back."""

    def create(self, operation: Operation) -> Props:
        made = super().create(operation)
        for other in operation.others(PARAMETER):
            if other.id == operation.id:
                operation.store.remove(other)
        return made


_OUTPUTS: Props = {
    **{"fullyQualifiedDomainName": "{serverName}.postgres.database.azure.com", "state": "Ready", "identity": None},
    **{"authConfig": {"activeDirectoryAuth": "Disabled", "passwordAuth": "Enabled"}, "replicationRole": "Primary"},
    **{"highAvailability": {"mode": "Disabled"}, "network": {"publicNetworkAccess": "Enabled"}},
    **{"backup": {"backupRetentionDays": 7, "geoRedundantBackup": "Disabled"}},
}
_OF_SERVER: Props = {
    **{"kind": Identified, "outputs": _OUTPUTS, "name": {"unique": "{serverName}", "taken": "ServerNameAlreadyExists"}},
    # What the API's specification (2025-08-01) lets only a creation set replaces; the rest ARM refuses.
    "replace": ("location", "administratorLogin", "availabilityZone", "sourceServerResourceId", "pointInTimeUTC"),
}
_OF_PARAMETER: Props = {
    **{"kind": _Parameter, "within": SERVER, "name": {"taken": ""}},
    "outputs": {
        **{"value": _default, "defaultValue": _default, "source": "system-default"},
        "allowedValues": lambda operation: _PARAMETERS[operation.inputs["configurationName"]][1],
    },
}
_ID = IN_GROUP + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/{serverName}"
_FORM = ("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "InvalidServerName", FACTS)
_KNOWN = ("|".join(_PARAMETERS), "ConfigurationNotExists", FACTS)
TYPES = (
    row(SERVER, _ID, 720, _FORM, timed=TIMES, **_OF_SERVER),
    row(PARAMETER, _ID + "/configurations/{configurationName}", 20, _KNOWN, timed=TIMES, **_OF_PARAMETER),
    row(ADMINISTRATOR, _ID + "/administrators/{objectId}", 30, timed=TIMES, within=SERVER),
)


def _key(operation: Operation) -> tuple[Any, Any] | None:
    keyed = operation.one("dataEncryption.type") == "AzureKeyVault"
    given = (operation.one(f"dataEncryption.primary{part}") for part in ("KeyURI", "UserAssignedIdentityId"))
    return (next(given), next(given)) if keyed else None


def _size(gib: int) -> bool:
    return 32 <= gib <= 32768 and gib.bit_count() == 1


@rule(SERVER, "InvalidSkuName", MET, "check")
def _sku(operation: Operation) -> str | None:
    """The name of a SKU is of its tier: B Burstable, D GeneralPurpose, E MemoryOptimized."""
    name, tier = str(operation.one("sku.name")), str(operation.one("sku.tier"))
    right = re.match(f"Standard_{_SERIES.get(tier.lower(), '[BDE]')}\\d|None", name)
    return None if right else f"{name} is no SKU of {tier}"


@rule(SERVER, "HANotSupportedForBurstableSku", FACTS, "check")
def _burstable(operation: Operation) -> str | None:
    """A burstable server has no high availability."""
    mode, tier = operation.one("highAvailability.mode"), operation.one("sku.tier")
    return f"{mode} with {tier}" if tier == "Burstable" and mode not in (None, "Disabled") else None


@rule(SERVER, "AvailabilityZoneNotSupported", FACTS, "check")
def _zones(operation: Operation) -> str | None:
    """Its zones are of the region; with ZoneRedundant the standby is in another one."""
    have, own = regions("azure").get(operation.region, ()), operation.at("availabilityZone")
    standby, mode = operation.at("highAvailability.standbyAvailabilityZone"), operation.one("highAvailability.mode")
    if mode == "ZoneRedundant" and (not have or (own and own == standby)):
        return f"no second zone: {operation.region} has {', '.join(have) or 'none'}, server and standby are in {own}"
    return next((f"{operation.region} has no zone {zone}" for zone in own + standby if zone not in have), None)


@rule(SERVER, "InvalidParameterValue", SDK, "create")
def _login(operation: Operation) -> str | None:
    """Somebody can log in: by Entra, or an administrator with a password."""
    password = operation.one("authConfig.passwordAuth") != "Disabled"
    if not password and operation.one("authConfig.activeDirectoryAuth") != "Enabled":
        return "password login is off, and Entra login is not on"
    given = [name for name in ("administratorLogin", "administratorLoginPassword") if operation.one(name)]
    return "password login needs administratorLogin and its password" if password and len(given) < 2 else None


@rule(SERVER, "InvalidParameterValue", FACTS, "update")
def _grows(operation: Operation) -> str | None:
    """Storage does not shrink, and the version does not go down."""
    for path in ("storage.storageSizeGB", "version"):
        for old, new in zip(at(operation.record and operation.record.inputs, path), operation.at(path), strict=False):
            if int(new) < int(old):
                return f"`{path}` cannot go from {old} to {new}"
    return None


@rule(PARAMETER, "InvalidParameterValue", FACTS, "check")
def _value(operation: Operation) -> str | None:
    """A parameter has one of the values that it allows."""
    name = operation.one("configurationName")
    allowed = _PARAMETERS[name][1].split(",") if name in _PARAMETERS else []
    return next((f"{v!r} is none of {name}'s: {allowed}" for v in operation.at("value") if v not in allowed), None)


@rule(ADMINISTRATOR, "AadAuthNotEnabled", MET)
def _entra(operation: Operation) -> str | None:
    """Its server has Entra login on."""
    on = (server := parent(operation)) and "Enabled" in at(server.outputs, "authConfig.activeDirectoryAuth")
    return None if on else "Entra login is not on"


_SERIES, _FIXED = {"burstable": "B", "generalpurpose": "D", "memoryoptimized": "E"}, "PropertyChangeNotAllowed"
_WHO, _POWER = "the principal exists", "it is a power of two from 32 to 32768"
_CHOSEN = ("dataEncryption.type", "network.delegatedSubnetResourceId", "backup.geoRedundantBackup")
RULES = (
    *encrypted(SERVER, _key, ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessDenied")),
    *(unchanged(SERVER, path, _FIXED, FACTS) for path in _CHOSEN),
    each(SERVER, "storage.storageSizeGB", _size, "InvalidParameterValue", MET, _POWER),
    between(SERVER, "backup.backupRetentionDays", 7, 35, "InvalidParameterValue", FACTS),
    *(_sku, _burstable, _zones, _login, _grows, _value, _entra),
    Rule("AdministratorsMicrosoftEntra-principal", ADMINISTRATOR, _WHO, "PrincipalNotFound", MET, principal_exists),
)
