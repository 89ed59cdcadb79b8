"""Microsoft.Storage: accounts, containers, the blob service's properties, lifecycle policies."""

from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, parent, row
from simulator.azure.identity import Identified
from simulator.azure.keys import encrypted
from simulator.cloud import Operation, Rule
from simulator.rules import between, unchanged
from simulator.values import Props, at

ACCOUNT, CONTAINER, SERVICE, POLICY = (
    f"{PACKAGE}:storage:{name}"
    for name in ("StorageAccount", "BlobContainer", "BlobServiceProperties", "ManagementPolicy")
)
_OUTPUTS: Props = {
    **{"allowBlobPublicAccess": False, "enableHttpsTrafficOnly": True, "minimumTlsVersion": "TLS1_0"},
    **{"encryption": {"keySource": "Microsoft.Storage"}, "identity": None, "provisioningState": "Succeeded"},
    "primaryEndpoints": lambda operation: {"blob": operation.text("https://{accountName}.blob.core.windows.net/")},
}
_ACCOUNT_ID = IN_GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}"
_OF_ACCOUNT: Props = {
    **{"kind": Identified, "outputs": _OUTPUTS, "replace": ("location", "isHnsEnabled")},
    "name": {"unique": "{accountName}", "taken": "StorageAccountAlreadyTaken"},
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


def _key(operation: Operation) -> tuple[Any, Any] | None:
    if str(operation.one("encryption.keySource")).lower() != "microsoft.keyvault":
        return None
    uri, name = (operation.one(f"encryption.keyVaultProperties.{part}") for part in ("keyVaultUri", "keyName"))
    user = operation.one("encryption.encryptionIdentity.encryptionUserAssignedIdentity")
    return f"{str(uri).rstrip('/')}/keys/{name}", user


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


_KINDS = "`kind` may become StorageV2; zone redundancy stays"
_UNUPDATED, _RETENTION, _CLOSED = "AccountPropertyCannotBeUpdated", "InvalidXmlNodeValue", "PublicAccessNotPermitted"
_INFRASTRUCTURE, _UNVERSIONED = "encryption.requireInfrastructureEncryption", "VersioningNotEnabled"
RULES = (
    *encrypted(ACCOUNT, _key, ("KeyVaultKeyNotFound", "KeyVaultPolicyError", "KeyVaultAuthenticationFailure")),
    Rule("StorageAccount-fixed", ACCOUNT, _KINDS, _UNUPDATED, FACTS, _fixed, "update"),
    unchanged(ACCOUNT, _INFRASTRUCTURE, _UNUPDATED, FACTS),
    Rule("BlobContainer-public", CONTAINER, "it is public only if the account allows that", _CLOSED, MET, _public),
    between(SERVICE, "deleteRetentionPolicy.days", 1, 365, _RETENTION, SDK),
    between(SERVICE, "containerDeleteRetentionPolicy.days", 1, 365, _RETENTION, SDK),
    Rule("ManagementPolicy-versions", POLICY, "rules for versions need versioning", _UNVERSIONED, MET, _versions),
)
