"""Microsoft.ContainerRegistry: registries, and the rules by which they mirror others."""

from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, PACKAGE, TIMES, existing, row
from simulator.azure.identity import IDENTITY, Identified, users
from simulator.azure.keys import encrypted
from simulator.cloud import Operation, Source
from simulator.regions import regions
from simulator.rules import between, rule, unchanged
from simulator.values import Props

REGISTRY, MIRROR = f"{PACKAGE}:containerregistry:Registry", f"{PACKAGE}:containerregistry:CacheRule"
_DOCS = Source("Azure Container Registry documentation", "D")
_ID = IN_GROUP + "/providers/Microsoft.ContainerRegistry/registries/{registryName}"
_OUTPUTS: Props = {
    **{"loginServer": "{registryName}.azurecr.io", "provisioningState": "Succeeded", "adminUserEnabled": False},
    **{"publicNetworkAccess": "Enabled", "zoneRedundancy": "Enabled", "identity": None},
    "dataEndpointHostNames": lambda operation: [operation.text("{registryName}.{region}.data.azurecr.io")],
}
_OF_REGISTRY: Props = {
    **{"kind": Identified, "outputs": _OUTPUTS, "replace": ("location",), "timed": TIMES},
    "name": {"unique": "{registryName}", "taken": "AlreadyInUse", "auto": ("", 8)},
}
_OF_MIRROR: Props = {
    **{"within": REGISTRY, "timed": TIMES, "outputs": {"provisioningState": "Succeeded"}},
    "replace": ("sourceRepository", "targetRepository", "credentialSetResourceId"),
}
TYPES = (
    row(REGISTRY, _ID, 30, ("[A-Za-z0-9]{5,50}", "InvalidRegistryName", FACTS), **_OF_REGISTRY),
    row(MIRROR, _ID + "/cacheRules/{cacheRuleName}", 5, ("[A-Za-z0-9-]{5,50}", "InvalidName", FACTS), **_OF_MIRROR),
)


def _key(operation: Operation) -> tuple[Any, Any] | None:
    """The identity goes in as its client id."""
    if operation.one("encryption.status") != "enabled":
        return None
    client, uri = (operation.one(f"encryption.keyVaultProperties.{part}") for part in ("identity", "keyIdentifier"))
    mine = (
        id_ for id_ in users(operation) if (r := existing(operation, IDENTITY, id_)) and r.get("clientId") == client
    )
    return uri, next(mine, client)


@rule(REGISTRY, "FeatureNotSupportedForSku", FACTS, "check")
def _premium(operation: Operation) -> str | None:
    """Private access, customer-managed keys, zone redundancy and retention want SKU Premium."""
    wants = {
        **{"publicNetworkAccess": "Disabled", "encryption.status": "enabled", "zoneRedundancy": "Enabled"},
        "policies.retentionPolicy.status": "enabled",
    }
    other = operation.at("sku.name") not in ([], ["Premium"])
    return next((f"`{path}` is {v!r}" for path, v in wants.items() if other and operation.one(path) == v), None)


@rule(REGISTRY, "PolicyConflict", _DOCS, "check")
def _policies(operation: Operation) -> str | None:
    """Of retention and soft delete one is on, and exports are off only where public access is."""
    on = [name for name in ("retention", "softDelete") if operation.one(f"policies.{name}Policy.status") == "enabled"]
    kept = operation.one("policies.exportPolicy.status") == "disabled"
    if kept and operation.one("publicNetworkAccess") != "Disabled":
        return "exports are off, and public access is on"
    return "retentionPolicy and softDeletePolicy are both on" if len(on) > 1 else None


@rule(REGISTRY, "ZoneRedundancyNotSupported", FACTS, "check")
def _zones(operation: Operation) -> str | None:
    """Zone redundancy wants a region with zones."""
    wanted = operation.one("zoneRedundancy") == "Enabled" and operation.region
    return f"{operation.region} has none" if wanted and not regions("azure").get(operation.region) else None


RULES = (
    *encrypted(REGISTRY, _key, ("KeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessDenied")),
    *(_premium, _policies, _zones),
    unchanged(REGISTRY, "encryption.status", "EncryptionCannotBeChanged", FACTS),
    unchanged(REGISTRY, "zoneRedundancy", "ZoneRedundancyCannotBeChanged", FACTS),
    between(REGISTRY, "policies.retentionPolicy.days", 0, 365, "InvalidRetentionDays", _DOCS),
    between(REGISTRY, "policies.softDeletePolicy.retentionDays", 1, 90, "InvalidRetentionDays", _DOCS),
)
