"""Microsoft.KeyVault: vaults and keys, and who may use a key.

Not modelled: recovering or purging what is soft-deleted, secrets and certificates, rotation itself.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from simulator.azure.access import DEPLOYER, holds
from simulator.azure.arm import IN_GROUP, NAMES, PACKAGE, SDK, ArmType, merged, parent, row, rule
from simulator.cloud import Operation, Source
from simulator.rules import between, unchanged, unique_key
from simulator.state import Record
from simulator.values import Props

VAULT, KEY = f"{PACKAGE}:keyvault:Vault", f"{PACKAGE}:keyvault:Key"
_FACTS, _CODES = Source("keys chapter of the facts", "D"), Source("Key Vault error codes", "K")
_VAULT_ID = f"{IN_GROUP}/providers/Microsoft.KeyVault/vaults/{{vaultName}}"
_ADMINISTRATOR, _OFFICER = "Key Vault Administrator", "Key Vault Crypto Officer"
_USERS = ("Key Vault Crypto Service Encryption User", "Key Vault Crypto User", _OFFICER, _ADMINISTRATOR)
_KEPT = "a soft-deleted one keeps its name for 7 to 90 days, and purge protection keeps it from being purged"


def _vault(operation: Operation) -> Props:
    had = operation.record.outputs["properties"] if operation.record else {}
    made = {"vaultUri": operation.text("https://{vaultName}.vault.azure.net/"), "provisioningState": "Succeeded"}
    defaults = {"enableSoftDelete": True, "enableRbacAuthorization": False, "publicNetworkAccess": "Enabled"}
    return {**made, **defaults, "enablePurgeProtection": had.get("enablePurgeProtection")}


@dataclass(frozen=True)
class _Key(ArmType):
    """What goes in as `properties` comes out beside the rest, and a PUT leaves a key that exists as it is."""

    def describe(self, operation: Operation) -> Props:
        vault = parent(operation)
        protected = vault and vault.outputs["properties"].get("enablePurgeProtection")
        uri = operation.text("https://{vaultName}.vault.azure.net/keys/{keyName}")
        made: Props = {
            "location": vault and vault.get("location"),
            "keyUri": uri,
            "keyUriWithVersion": f"{uri}/{operation.text('{hex}')}",
            "keyOps": ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"],
            "keySize": 2048 if str(operation.one("properties.kty")).upper().startswith("RSA") else None,
            "attributes": {"enabled": True, "recoveryLevel": "Recoverable" + ("" if protected else "+Purgeable")},
        }
        described: Props = merged(super().describe(operation) | made, operation.inputs["properties"])
        return described

    def update(self, operation: Operation) -> Props:
        kept = operation.record.outputs if operation.record else {}
        unsealed: Props = operation.store.unseal(kept, operation.raw)
        return unsealed


TYPES = (
    row(
        VAULT,
        _VAULT_ID,
        25,
        name={
            "pattern": "[A-Za-z][A-Za-z0-9-]{2,23}",
            "invalid": "VaultNameNotValid",
            "unique": "{vaultName}",
            "taken": "",
        },
        outputs={"properties": _vault},
        keeps_name=_KEPT,
    ),
    row(
        KEY,
        _VAULT_ID + "/keys/{keyName}",
        3,
        VAULT,
        _Key,
        name={"pattern": "[0-9A-Za-z-]{1,127}", "invalid": "BadParameter", "taken": "Conflict"},
        keeps_name=_KEPT,
    ),
)


def _may(operation: Operation, vault: Record, key: str, principal: Any, roles: Collection[str], *does: str) -> bool:
    """Whether a principal has one of the roles or, in a vault without RBAC, an access policy for these actions."""
    properties = vault.outputs["properties"]
    if properties.get("enableRbacAuthorization"):
        return holds(operation, principal, roles, key)
    own = (policy for policy in properties.get("accessPolicies") or [] if policy.get("objectId") == principal)
    granted = [{str(action).lower() for action in policy["permissions"].get("keys") or []} for policy in own]
    return any("all" in actions or actions.issuperset(does) for actions in granted)


def closed(vault: Record) -> bool:
    """Whether a vault's network rules keep out who comes neither from inside nor from a trusted service."""
    properties = vault.outputs["properties"]
    denies = (properties.get("networkAcls") or {}).get("defaultAction") == "Deny"
    return denies or str(properties.get("publicNetworkAccess")).lower() == "disabled"


def denied(operation: Operation, vault: Record, key: Record, principal: Any) -> str | None:
    """What keeps an Azure service that acts as the principal from using a key."""
    rules = vault.outputs["properties"].get("networkAcls") or {}
    if closed(vault) and rules.get("bypass", "AzureServices") != "AzureServices":
        return f"the network rules of {vault.get('name')} let no trusted services in (bypass)"
    if not _may(operation, vault, key.id, principal, _USERS, "get", "wrapkey", "unwrapkey"):
        return f"principal {principal} may not wrap and unwrap with {key.get('keyUri')}: assign it {_USERS[0]}"
    return None


@rule(VAULT, "VaultAlreadyExists", NAMES, "create", "vaultName", "choose another name")
def _taken(operation: Operation) -> str | None:
    """No two vaults in the world have the same name."""
    holder = operation.store.holder(PACKAGE, VAULT, unique_key(operation))
    return f"the vault name {holder.key!r} is already in use" if holder and holder.alive else None


@rule(VAULT, "ConflictError", NAMES, "create", "vaultName", "choose another name")
def _deleted(operation: Operation) -> str | None:
    """A soft-deleted vault keeps its name, and with purge protection nobody can free it early."""
    holder = operation.store.holder(PACKAGE, VAULT, unique_key(operation))
    return f"a vault {holder.key!r} exists in deleted state" if holder and not holder.alive else None


@rule(VAULT, "BadRequest", SDK, "check", "properties", "leave it out, or true")
def _irreversible(operation: Operation) -> str | None:
    """`enablePurgeProtection` and `enableSoftDelete` do not accept false."""
    names = ("enablePurgeProtection", "enableSoftDelete")
    return next((f"{n} cannot be set to false" for n in names if operation.one(f"properties.{n}") is False), None)


@rule(VAULT, "BadRequest", _CODES, "check", "properties.tenantId", "use get_client_config().tenant_id")
def _tenant(operation: Operation) -> str | None:
    """`tenantId` is the subscription's tenant."""
    given = operation.one("properties.tenantId")
    return f"{given!r} is not the subscription's tenant" if given not in (None, operation.text("{tenant}")) else None


@rule(KEY, "BadParameter", _FACTS, "create", "properties.kty", "use the vault SKU premium, or kty RSA")
def _hardware(operation: Operation) -> str | None:
    """Keys in hardware need a vault of SKU premium."""
    kty, vault = str(operation.one("properties.kty")), parent(operation)
    premium = vault and vault.outputs["properties"]["sku"]["name"].lower() == "premium"
    return f"this vault takes no {kty} keys" if kty.upper().endswith("-HSM") and not premium else None


@rule(KEY, "BadParameter", SDK, "check", "properties.keySize", "use 2048, 3072 or 4096")
def _size(operation: Operation) -> str | None:
    """RSA keys have 2048, 3072 or 4096 bits."""
    size = operation.one("properties.keySize")
    return f"{size!r} is no key size" if size not in (None, 2048, 3072, 4096) else None


def _days(text: Any) -> int:
    """A duration as Key Vault takes it, `P90D` or `P1Y`; -1 if it is none."""
    found = re.fullmatch(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", str(text))
    return sum(int(n or 0) * unit for n, unit in zip(found.groups(), (365, 30, 1), strict=True)) if found else -1


@rule(KEY, "BadParameter", _FACTS, "check", "properties.rotationPolicy")
def _rotation(operation: Operation) -> str | None:
    """Rotation is 7 days or more after creation and before expiry, expiry 28 or more; one rotate and one notify."""
    policy = "properties.rotationPolicy"
    expiry = next(map(_days, operation.at(f"{policy}.attributes.expiryTime")), 10**6)
    kinds = [str(kind).lower() for kind in operation.at(f"{policy}.lifetimeActions.action.type")]
    if expiry < 28 or len(kinds) != len(set(kinds)):
        return "expiryTime is at least P28D" if expiry < 28 else f"two lifetime actions {kinds[0]}"
    for action in operation.at(f"{policy}.lifetimeActions"):
        rotates = str((action.get("action") or {}).get("type")).lower() == "rotate"
        for name, given in (action.get("trigger") or {}).items():
            least, most = (7, expiry - 7) if rotates else (0, expiry)
            if isinstance(given, str) and not least <= _days(given) <= most:
                return f"{name} {given!r} is no duration of P{least}D or more that ends in time before expiry"
    return None


@rule(KEY, "Forbidden", _FACTS, "delete", fix="let the key go with its vault (retain_on_delete)")
def _unreachable(operation: Operation) -> str | None:
    """A key is deleted over the data plane: by who reaches it, and is a Key Vault Crypto Officer there."""
    vault = parent(operation)
    if vault and closed(vault):
        return f"public network access to {vault.get('name')} is disabled, and the deployer is no trusted service"
    officers = (_OFFICER, _ADMINISTRATOR)
    if vault and not _may(operation, vault, operation.id, DEPLOYER["objectId"], officers, "delete"):
        return f"the deployer may not delete keys in {vault.get('name')}: it is no {_OFFICER}"
    return None


_DAYS = "properties.softDeleteRetentionInDays"
RULES = (
    _taken,
    _deleted,
    _irreversible,
    _tenant,
    between(VAULT, _DAYS, 7, 90, "BadRequest", SDK),
    unchanged(VAULT, _DAYS, "BadRequest", _FACTS),
    _hardware,
    _size,
    _rotation,
    _unreachable,
)
