"""Microsoft.Storage: accounts, containers, the blob service's properties, lifecycle policies."""

import re
from dataclasses import dataclass

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, ArmType, existing, parent, row
from simulator.azure.keys import IDENTITY, KEY, VAULT, denied
from simulator.cloud import Operation, Ref, Rule
from simulator.rules import between, unchanged
from simulator.state import Record
from simulator.values import Props, at

ACCOUNT, CONTAINER, SERVICE, POLICY = (
    f"{PACKAGE}:storage:{name}"
    for name in ("StorageAccount", "BlobContainer", "BlobServiceProperties", "ManagementPolicy")
)
_KEY, _USERS = "encryption.keyVaultProperties", "identity.userAssignedIdentities"


@dataclass(frozen=True)
class _Account(ArmType):
    """Identities go in as a list of ids, and come out as a map with what each is."""

    def describe(self, operation: Operation) -> Props:
        described = super().describe(operation)
        if ids := operation.at(_USERS):
            found = ((id_, existing(operation, IDENTITY, id_)) for id_ in ids)
            known = {i: {name: r.get(name) for name in ("principalId", "clientId")} for i, r in found if r}
            described["identity"] = {**described["identity"], "userAssignedIdentities": known}
        return described


_OUTPUTS: Props = {
    **{"allowBlobPublicAccess": False, "enableHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_0"},
    **{"encryption": {"keySource": "Microsoft.Storage"}, "identity": None, "provisioningState": "Succeeded"},
    "primaryEndpoints": lambda operation: {"blob": operation.text("https://{accountName}.blob.core.windows.net/")},
}
_ACCOUNT_ID = IN_GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}"
_OF_ACCOUNT: Props = {
    **{"kind": _Account, "outputs": _OUTPUTS, "replace": ("location", "isHnsEnabled")},
    "name": {"unique": "{accountName}", "taken": "StorageAccountAlreadyTaken"},
    "refs": (Ref(_USERS, IDENTITY, "FailedIdentityOperation", SDK, anywhere=True),),
}
_OF_CONTAINER: Props = {"within": ACCOUNT, "outputs": {"publicAccess": "None", "hasLegalHold": False}}
_DASHED, _INVALID = "(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*", "InvalidResourceName"
_DEFAULT = ("default", _INVALID, SDK)
_CONTAINER_ID = _ACCOUNT_ID + "/blobServices/default/containers/{containerName}"
TYPES = (
    row(ACCOUNT, _ACCOUNT_ID, 21, ("[a-z0-9]{3,24}", "AccountNameInvalid", SDK), **_OF_ACCOUNT),
    row(CONTAINER, _CONTAINER_ID, 1, (_DASHED, _INVALID, SDK), **_OF_CONTAINER),
    row(SERVICE, _ACCOUNT_ID + "/blobServices/{blobServicesName}", 1, _DEFAULT, within=ACCOUNT),
    row(POLICY, _ACCOUNT_ID + "/managementPolicies/{managementPolicyName}", 1, _DEFAULT, within=ACCOUNT),
)


def _key(operation: Operation) -> tuple[Record | None, Record | None] | None:
    """The vault and key of customer-managed encryption; None where the service manages its keys."""
    if str(operation.one("encryption.keySource")).lower() != "microsoft.keyvault":
        return None
    name = re.sub(r"https://(.*)\.vault\.azure\.net/?", r"\1", str(operation.one(f"{_KEY}.keyVaultUri")).lower())
    vaults = (r for r in operation.store.all(PACKAGE) if r.type == VAULT)
    vault = next((r for r in vaults if r.id.lower().endswith(f"/{name}")), None)
    return vault, vault and existing(operation, KEY, f"{vault.id}/keys/{operation.one(f'{_KEY}.keyName')}")


def _missing(operation: Operation) -> str | None:
    missing = (found := _key(operation)) and found[1] is None
    return f"{operation.one(f'{_KEY}.keyVaultUri')} has no key {operation.one(f'{_KEY}.keyName')}" if missing else None


def _purgeable(operation: Operation) -> str | None:
    vault, _ = _key(operation) or (None, None)
    bare = vault and not vault.outputs["properties"].get("enablePurgeProtection")
    return f"the key vault {vault.get('name')} has no purge protection" if vault and bare else None


def _denied(operation: Operation) -> str | None:
    vault, key = _key(operation) or (None, None)
    if vault is None or key is None:
        return None
    id_ = operation.one("encryption.encryptionIdentity.encryptionUserAssignedIdentity")
    user, has = existing(operation, IDENTITY, id_), operation.at(_USERS)
    if user is None or str(id_).lower() not in map(str.lower, has):
        return f"the encryption identity {id_!r} is no user-assigned identity of the account"
    return denied(operation, vault, key, user.get("principalId"))


def _fixed(operation: Operation) -> str | None:
    old = operation.record.inputs if operation.record else operation.inputs
    kind, skus = operation.one("kind"), at(old, "sku.name") + operation.at("sku.name")
    if kind not in (old["kind"], "StorageV2"):
        return f"kind cannot change from {old['kind']} to {kind}"
    return None if len({"ZRS" in sku for sku in skus}) == 1 else f"sku cannot change from {skus[0]} to {skus[1]}"


def _public(operation: Operation) -> str | None:
    account, access = parent(operation), operation.one("publicAccess")
    forbidden = access not in (None, "None") and account and not account.get("allowBlobPublicAccess")
    return "public access is not permitted on this storage account" if forbidden else None


def _versions(operation: Operation) -> str | None:
    account = parent(operation)
    services = (r for r in operation.others(SERVICE) if account and r.id.startswith(f"{account.id}/"))
    on = any(record.get("isVersioningEnabled") for record in services)
    return None if on or not operation.at("policy.rules.definition.actions.version") else "versioning is not enabled"


_USE, _KINDS = "the account's identity may use the key", "`kind` may become StorageV2; zone redundancy stays"
_UNUPDATED, _RETENTION, _CLOSED = "AccountPropertyCannotBeUpdated", "InvalidXmlNodeValue", "PublicAccessNotPermitted"
_INFRASTRUCTURE, _UNVERSIONED = "encryption.requireInfrastructureEncryption", "VersioningNotEnabled"
RULES = (
    Rule("StorageAccount-key", ACCOUNT, "a customer-managed key exists", "KeyVaultKeyNotFound", MET, _missing),
    Rule("StorageAccount-purgeable", ACCOUNT, "its vault is purge-protected", "KeyVaultPolicyError", FACTS, _purgeable),
    Rule("StorageAccount-granted", ACCOUNT, _USE, "KeyVaultAuthenticationFailure", FACTS, _denied),
    Rule("StorageAccount-fixed", ACCOUNT, _KINDS, _UNUPDATED, FACTS, _fixed, "update"),
    unchanged(ACCOUNT, _INFRASTRUCTURE, _UNUPDATED, FACTS),
    Rule("BlobContainer-public", CONTAINER, "it is public only if the account allows that", _CLOSED, MET, _public),
    between(SERVICE, "deleteRetentionPolicy.days", 1, 365, _RETENTION, SDK),
    between(SERVICE, "containerDeleteRetentionPolicy.days", 1, 365, _RETENTION, SDK),
    Rule("ManagementPolicy-versions", POLICY, "rules for versions need versioning", _UNVERSIONED, MET, _versions),
)
