"""Vaults, their keys and secrets, and what a store must have to use a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, ArmType, each, existing, merged, parent, row
from simulator.azure.identity import DEPLOYER, IDENTITY, holds, identities_exist, users
from simulator.cloud import Operation, Rule
from simulator.rules import between, unchanged, unique_key
from simulator.state import Record
from simulator.values import Props, at

VAULT, KEY, SECRET = (f"{PACKAGE}:keyvault:{name}" for name in ("Vault", "Key", "Secret"))
_ADMINISTRATOR, _OFFICER = "Key Vault Administrator", "Key Vault Crypto Officer"
ENCRYPTERS = ("Key Vault Crypto User", _OFFICER, _ADMINISTRATOR)
WRAPPERS = ("Key Vault Crypto Service Encryption User", *ENCRYPTERS)


def _vault(operation: Operation) -> Props:
    had = operation.record.outputs["properties"] if operation.record else {}
    made = {"vaultUri": operation.text("https://{vaultName}.vault.azure.net/"), "provisioningState": "Succeeded"}
    defaults = {"enableSoftDelete": True, "enableRbacAuthorization": False, "publicNetworkAccess": "Enabled"}
    return {**made, **defaults, "enablePurgeProtection": had.get("enablePurgeProtection")}


def _secret(operation: Operation) -> Props:
    uri = operation.text("https://{vaultName}.vault.azure.net/secrets/{secretName}")
    return {"secretUri": uri, "secretUriWithVersion": f"{uri}/{operation.text('{hex}')}"}


@dataclass(frozen=True)
class _Key(ArmType):
    """What goes in as `properties` comes out beside the rest, and a PUT leaves a key that exists as it is."""

    def describe(self, operation: Operation) -> Props:
        vault, uri = parent(operation), operation.text("https://{vaultName}.vault.azure.net/keys/{keyName}")
        made: Props = {
            **{"keyUri": uri, "keyUriWithVersion": f"{uri}/{operation.text('{hex}')}"},
            **{"location": vault and vault.get("location"), "attributes": {"enabled": True}},
        }
        described: Props = merged(super().describe(operation) | made, operation.inputs["properties"])
        return described

    def update(self, operation: Operation) -> Props:
        kept: Props = operation.store.unseal(operation.record.outputs if operation.record else {}, operation.raw)
        return kept


_IN = f"{IN_GROUP}/providers/Microsoft."
_VAULT_ID = _IN + "KeyVault/vaults/{vaultName}"
_OF_BOTH: Props = {"keeps_name": "soft-deleted for 7 to 90 days, and with purge protection never purged"}
_OF_VAULT = _OF_BOTH | {"outputs": {"properties": _vault}, "name": {"unique": "{vaultName}", "taken": ""}}
_OF_KEY = _OF_BOTH | {"kind": _Key, "within": VAULT, "name": {"taken": "Conflict"}}
_OF_SECRET = _OF_BOTH | {"within": VAULT, "name": {"taken": "Conflict"}, "outputs": {"properties": _secret}}
_ENTRY = ("[0-9A-Za-z-]{1,127}", "BadParameter", FACTS)
TYPES = (
    row(VAULT, _VAULT_ID, 25, ("[A-Za-z][A-Za-z0-9-]{2,23}", "VaultNameNotValid", FACTS), **_OF_VAULT),
    row(KEY, _VAULT_ID + "/keys/{keyName}", 3, _ENTRY, **_OF_KEY),
    row(SECRET, _VAULT_ID + "/secrets/{secretName}", 3, _ENTRY, **_OF_SECRET),
)


def _closed(vault: Record) -> bool:
    properties = vault.outputs["properties"]
    return "Deny" in at(properties, "networkAcls.defaultAction") or properties.get("publicNetworkAccess") == "Disabled"


def encrypted(
    token: str,
    given: Callable[[Operation], tuple[Any, Any] | None],
    codes: tuple[str, str, str],
    roles: tuple[str, ...] = WRAPPERS,
    versioned: bool = False,
) -> tuple[Rule, ...]:
    """The rules for identities and a customer-managed key.

    given: the key's URI and the identity that uses it, or None. codes: of no such key, no purge protection, no access.
    roles: one of them is needed. versioned: the URI must say which version.
    """

    def found(operation: Operation) -> tuple[Record | None, Record | None]:
        form = r"https://([^./]+)\.vault\.azure\.net/keys/([^/]+)(/\w+)?"
        name = re.fullmatch(form, str((given(operation) or [""])[0]).lower())
        vaults = (r for r in operation.store.all(PACKAGE) if r.type == VAULT)
        vault = next((r for r in vaults if name and r.id.lower().endswith(f"/{name[1]}")), None)
        whole = bool(name and (name[3] or not versioned))
        return vault, vault and name and existing(operation, KEY, f"{vault.id}/keys/{name[2]}") if whole else None

    def missing(operation: Operation) -> str | None:
        key = given(operation)
        return f"there is no key {key[0]}" if key and found(operation)[1] is None else None

    def purgeable(operation: Operation) -> str | None:
        vault, _ = found(operation)
        bare = vault and not vault.outputs["properties"].get("enablePurgeProtection")
        return f"the key vault {vault.get('name')} has no purge protection" if vault and bare else None

    def denied(operation: Operation) -> str | None:
        (vault, key), (_, id_) = found(operation), given(operation) or ("", "")
        if vault is None or key is None:
            return None
        user = existing(operation, IDENTITY, id_)
        if user is None or str(id_).lower() not in map(str.lower, users(operation)):
            return f"the encryption identity {id_!r} is no user-assigned identity of it"
        if roles is WRAPPERS and _closed(vault) and "None" in at(vault.outputs, "properties.networkAcls.bypass"):
            return f"the network rules of {vault.get('name')} let no trusted services in (bypass)"
        if holds(operation, user.get("principalId"), roles, key.id):
            return None
        return f"principal {user.get('principalId')} may not use {key.get('keyUri')}: assign it {roles[0]}"

    short, use = token.rpartition(":")[2], "the resource's identity may use the key"
    exists = "a customer-managed key exists" + (", of one version" if versioned else "")
    return (
        identities_exist(token),
        Rule(f"{short}-key", token, exists, codes[0], MET, missing),
        Rule(f"{short}-purgeable", token, "its vault is purge-protected", codes[1], FACTS, purgeable),
        Rule(f"{short}-granted", token, use, codes[2], FACTS, denied),
    )


def _had(alive: bool, operation: Operation) -> str | None:
    holder = operation.store.holder(PACKAGE, VAULT, unique_key(operation))
    return f"{holder.key!r} is taken" if holder and holder.alive == alive else None


def _tenant(operation: Operation) -> str | None:
    given = operation.one("properties.tenantId")
    return f"{given!r} is another" if given not in (None, operation.text("{tenant}")) else None


def _hardware(operation: Operation) -> str | None:
    kty, vault = str(operation.one("properties.kty")), parent(operation)
    standard = vault is not None and "standard" in at(vault.outputs, "properties.sku.name")
    return f"a vault of SKU standard takes no {kty} keys" if standard and kty.upper().endswith("-HSM") else None


def _days(text: Any) -> int:
    """A duration as Key Vault takes it, `P90D` or `P1Y`; -1 if it is none."""
    found = re.fullmatch(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", str(text))
    return sum(int(n or 0) * unit for n, unit in zip(found.groups(), (365, 30, 1), strict=True)) if found else -1


def _rotation(policy: Props) -> bool:
    expiry = next(map(_days, at(policy, "attributes.expiryTime")), 10**6)
    kinds = [str(kind).lower() for kind in at(policy, "lifetimeActions.action.type")]
    rotates = [a for a in at(policy, "lifetimeActions") if "rotate" in map(str.lower, at(a, "action.type"))]
    triggers = ("trigger.timeAfterCreate", "trigger.timeBeforeExpiry")
    times = [_days(text) for action in rotates for path in triggers for text in at(action, path)]
    return expiry >= 28 and len(kinds) == len(set(kinds)) and all(7 <= days <= expiry - 7 for days in times)


def _unreachable(operation: Operation) -> str | None:
    vault, deployer = parent(operation), DEPLOYER["objectId"]
    if vault and _closed(vault):
        return f"public network access to {vault.get('name')} is disabled, and the deployer is no trusted service"
    officer = _OFFICER if operation.type.token == KEY else "Key Vault Secrets Officer"
    allowed = vault is None or holds(operation, deployer, (officer, _ADMINISTRATOR), operation.id)
    return None if allowed else f"the deployer may not delete it: it is no {officer} there"


_DAYS, _FALSE = "properties.softDeleteRetentionInDays", "properties.enablePurgeProtection properties.enableSoftDelete"
_SIZES, _POLICY = "it is 2048, 3072 or 4096", "properties.rotationPolicy"
_TIMES = "a key rotates P7D or more after creation and before expiry, which is P28D or more; one rotate, one notify"
_REACHED = "a key or secret is deleted over the data plane, by who reaches it and is an officer there"
_WITH_VAULT = "let it go with its vault (retain_on_delete)"
_TAKEN, _DELETED = partial(_had, True), partial(_had, False)
RULES = (
    Rule("Vault-taken", VAULT, "vault names are the world's", "VaultAlreadyExists", FACTS, _TAKEN, "create"),
    Rule("Vault-deleted", VAULT, "a soft-deleted vault keeps its name", "ConflictError", FACTS, _DELETED, "create"),
    Rule("Vault-tenant", VAULT, "`tenantId` is the subscription's", "BadRequest", MET, _tenant, "check"),
    each(VAULT, _FALSE, bool, "BadRequest", SDK, "purge protection and soft delete do not accept false"),
    between(VAULT, _DAYS, 7, 90, "BadRequest", SDK),
    unchanged(VAULT, _DAYS, "BadRequest", FACTS),
    Rule("Key-hardware", KEY, "keys in hardware need SKU premium", "BadParameter", FACTS, _hardware, "create"),
    each(KEY, "properties.keySize", {2048, 3072, 4096}.__contains__, "BadParameter", SDK, _SIZES),
    each(KEY, _POLICY, _rotation, "BadParameter", FACTS, _TIMES),
    Rule("Key-reached", (KEY, SECRET), _REACHED, "Forbidden", FACTS, _unreachable, "delete", fix=_WITH_VAULT),
)
