"""Vaults and their keys; the identities that use them, and the role assignments that let them."""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from simulator.azure.arm import (
    ASSIGNMENT,
    FACTS,
    IN_GROUP,
    LOCK,
    MET,
    PACKAGE,
    SDK,
    ArmType,
    each,
    existing,
    merged,
    parent,
    row,
)
from simulator.cloud import Operation, Rule, Scope
from simulator.rules import between, unchanged, unique_key
from simulator.state import Record, Store
from simulator.values import Props, at

VAULT, KEY = f"{PACKAGE}:keyvault:Vault", f"{PACKAGE}:keyvault:Key"
IDENTITY = f"{PACKAGE}:managedidentity:UserAssignedIdentity"
DEPLOYER = {"clientId": "00000000-0000-4000-8000-0000000c11e4", "objectId": "00000000-0000-4000-8000-00000000b1ec"}
_ROLES: dict[str, str] = json.loads((Path(__file__).parent / "roles.json").read_text())
_ADMINISTRATOR, _OFFICER = "Key Vault Administrator", "Key Vault Crypto Officer"
_USERS = ("Key Vault Crypto Service Encryption User", "Key Vault Crypto User", _OFFICER, _ADMINISTRATOR)


def _vault(operation: Operation) -> Props:
    had = operation.record.outputs["properties"] if operation.record else {}
    made = {"vaultUri": operation.text("https://{vaultName}.vault.azure.net/"), "provisioningState": "Succeeded"}
    defaults = {"enableSoftDelete": True, "enableRbacAuthorization": False, "publicNetworkAccess": "Enabled"}
    return {**made, **defaults, "enablePurgeProtection": had.get("enablePurgeProtection")}


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


def _users(operation: Operation) -> list[str]:
    given = operation.at("identity.userAssignedIdentities")
    return [id_ for one in given for id_ in ([one] if isinstance(one, str) else one)]


@dataclass(frozen=True)
class Identified(ArmType):
    """Identities go in as a list of ids or a map, and come out as a map with what each is."""

    def describe(self, operation: Operation) -> Props:
        """The outputs, with the ids of each identity."""
        described = super().describe(operation)
        if ids := _users(operation):
            found = ((id_, existing(operation, IDENTITY, id_)) for id_ in ids)
            known = {i: {name: r.get(name) for name in ("principalId", "clientId")} for i, r in found if r}
            described["identity"] = {**described["identity"], "userAssignedIdentities": known}
        return described


_IDS: Props = {
    "principalId": lambda operation: str(UUID(operation.text("{hex}"))),
    "clientId": lambda operation: str(UUID(operation.text("{hex}")[::-1])),
    "tenantId": "{tenant}",
}
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_IN = f"{IN_GROUP}/providers/Microsoft."
_VAULT_ID = _IN + "KeyVault/vaults/{vaultName}"
_IDENTITY_ID = _IN + "ManagedIdentity/userAssignedIdentities/{resourceName}"
_ASSIGNMENT_ID = "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
_OF_BOTH: Props = {"keeps_name": "soft-deleted for 7 to 90 days, and with purge protection never purged"}
_OF_VAULT = _OF_BOTH | {"outputs": {"properties": _vault}, "name": {"unique": "{vaultName}", "taken": ""}}
_OF_KEY = _OF_BOTH | {"kind": _Key, "within": VAULT, "name": {"taken": "Conflict"}}
_OF_GRANT: Props = {"within": "", "name": {"auto": ("", 32)}, "replace": ("principalId", "roleDefinitionId")}
TYPES = (
    row(VAULT, _VAULT_ID, 25, ("[A-Za-z][A-Za-z0-9-]{2,23}", "VaultNameNotValid", FACTS), **_OF_VAULT),
    row(KEY, _VAULT_ID + "/keys/{keyName}", 3, ("[0-9A-Za-z-]{1,127}", "BadParameter", FACTS), **_OF_KEY),
    row(IDENTITY, _IDENTITY_ID, 4, (".{3,128}", "InvalidResourceName", FACTS), outputs=_IDS, replace=("location",)),
    row(ASSIGNMENT, _ASSIGNMENT_ID, 25, (_GUID, "InvalidRoleAssignmentId", SDK), **_OF_GRANT),
)


def client_config(scope: Scope, arguments: Props, store: Store) -> Props:
    """The lookup get_client_config: who deploys, and where."""
    return {**DEPLOYER, "subscriptionId": scope.account, "tenantId": scope.settings["tenant"]}


def _role(definition: Any) -> str:
    path, _, guid = str(definition).lower().rpartition("/")
    return _ROLES.get(guid, "") if path.endswith("/providers/microsoft.authorization/roledefinitions") else ""


def _holds(operation: Operation, principal: Any, roles: Collection[str], resource: str) -> bool:
    """Whether a principal was assigned one of these roles on a resource, or on what it lies in."""
    mine = (r for r in operation.store.all(PACKAGE) if r.type == ASSIGNMENT and r.get("principalId") == principal)
    scopes = (str(record.get("scope")) for record in mine if _role(record.get("roleDefinitionId")) in roles)
    return any(f"{resource}/".lower().startswith(f"{scope}/".lower()) for scope in scopes)


def _closed(vault: Record) -> bool:
    properties = vault.outputs["properties"]
    return "Deny" in at(properties, "networkAcls.defaultAction") or properties.get("publicNetworkAccess") == "Disabled"


def _denied(operation: Operation, vault: Record, key: Record, principal: Any) -> str | None:
    """What keeps an Azure service that acts as the principal from using a key."""
    if _closed(vault) and "None" in at(vault.outputs, "properties.networkAcls.bypass"):
        return f"the network rules of {vault.get('name')} let no trusted services in (bypass)"
    if not _holds(operation, principal, _USERS, key.id):
        return f"principal {principal} may not wrap and unwrap with {key.get('keyUri')}: assign it {_USERS[0]}"
    return None


def encrypted(
    token: str, given: Callable[[Operation], tuple[Any, Any] | None], codes: tuple[str, str, str]
) -> tuple[Rule, ...]:
    """The rules for identities and a customer-managed key.

    given: the key's URI and the identity that uses it, or None. codes: of no such key, no purge protection, no access.
    """

    def found(operation: Operation) -> tuple[Record | None, Record | None]:
        form = r"https://([^./]+)\.vault\.azure\.net/keys/([^/]+)(/\w+)?"
        name = re.fullmatch(form, str((given(operation) or [""])[0]).lower())
        vaults = (r for r in operation.store.all(PACKAGE) if r.type == VAULT)
        vault = next((r for r in vaults if name and r.id.lower().endswith(f"/{name[1]}")), None)
        return vault, vault and name and existing(operation, KEY, f"{vault.id}/keys/{name[2]}")

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
        if user is None or str(id_).lower() not in map(str.lower, _users(operation)):
            return f"the encryption identity {id_!r} is no user-assigned identity of it"
        return _denied(operation, vault, key, user.get("principalId"))

    def stranger(operation: Operation) -> str | None:
        gone = (id_ for id_ in _users(operation) if existing(operation, IDENTITY, id_) is None)
        return next((f"the identity {id_!r} does not exist" for id_ in gone), None)

    short, use = token.rpartition(":")[2], "the resource's identity may use the key"
    return (
        Rule(f"{short}-identities", token, "its identities exist", "FailedIdentityOperation", SDK, stranger),
        Rule(f"{short}-key", token, "a customer-managed key exists", codes[0], MET, missing),
        Rule(f"{short}-purgeable", token, "its vault is purge-protected", codes[1], FACTS, purgeable),
        Rule(f"{short}-granted", token, use, codes[2], FACTS, denied),
    )


def principal_exists(operation: Operation) -> str | None:
    """What is wrong with the principal that is given a role, in Azure or in a database."""
    given, everyone = operation.one("principalId") or operation.one("objectId"), operation.store.all(PACKAGE)
    found = given == DEPLOYER["objectId"] or any(r.type == IDENTITY and r.get("principalId") == given for r in everyone)
    return None if found else f"principal {given!r} does not exist in the directory"


def _scope_exists(operation: Operation) -> str | None:
    given, own = str(operation.one("scope")).lower(), operation.text("/subscriptions/{account}").lower()
    found = given == own or any(record.id.lower() == given for record in operation.store.all(PACKAGE))
    return None if found else f"the scope {operation.one('scope')!r} was not found"


def _assigned(operation: Operation) -> str | None:
    def meant(given: Props) -> tuple[str, str, str]:
        return str(given["principalId"]), str(given["scope"]).lower(), _role(given["roleDefinitionId"])

    same = (r.id for r in operation.others(ASSIGNMENT) if meant(r.inputs) == meant(operation.inputs))
    return next((f"it exists as {id_}" for id_ in same), None)


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
    allowed = vault is None or _holds(operation, deployer, (_OFFICER, _ADMINISTRATOR), operation.id)
    return None if allowed else f"the deployer may not delete it: it is no {_OFFICER} there"


_DAYS, _FALSE = "properties.softDeleteRetentionInDays", "properties.enablePurgeProtection properties.enableSoftDelete"
_SIZES, _POLICY, _ROLELESS = "it is 2048, 3072 or 4096", "properties.rotationPolicy", "RoleDefinitionDoesNotExist"
_TIMES = "a key rotates P7D or more after creation and before expiry, which is P28D or more; one rotate, one notify"
_REACHED = "a key is deleted over the data plane, by who reaches it and is a Key Vault Crypto Officer there"
_WHO, _WITH_VAULT = "the principal exists", "let the key go with its vault (retain_on_delete)"
_TAKEN, _DELETED, _SCOPED = partial(_had, True), partial(_had, False), (ASSIGNMENT, LOCK)
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
    Rule("Key-reached", KEY, _REACHED, "Forbidden", FACTS, _unreachable, "delete", fix=_WITH_VAULT),
    each(ASSIGNMENT, "roleDefinitionId", _role, _ROLELESS, FACTS, "it is a role that the facts list"),
    Rule("RoleAssignment-principal", ASSIGNMENT, _WHO, "PrincipalNotFound", MET, principal_exists, "create"),
    Rule("RoleAssignment-scope", _SCOPED, "the scope exists", "ResourceNotFound", MET, _scope_exists, "create"),
    Rule("RoleAssignment-once", ASSIGNMENT, "no grant is made twice", "RoleAssignmentExists", MET, _assigned, "create"),
)
