"""Microsoft.Storage: accounts, containers, the blob service's properties, lifecycle policies.

Not modelled: keys used by a system-assigned identity or from another tenant, encryption scopes, immutability.
"""

from dataclasses import dataclass

from simulator.azure.access import IDENTITY
from simulator.azure.arm import IN_GROUP, PACKAGE, SDK, ArmType, existing, parent, row, rule
from simulator.azure.keys import KEY, VAULT, denied
from simulator.cloud import Operation, Source
from simulator.rules import between, unchanged
from simulator.state import Record
from simulator.values import Props

ACCOUNT, CONTAINER, SERVICE, POLICY = (
    f"{PACKAGE}:storage:{name}"
    for name in ("StorageAccount", "BlobContainer", "BlobServiceProperties", "ManagementPolicy")
)
_ACCOUNT_ID = f"{IN_GROUP}/providers/Microsoft.Storage/storageAccounts/{{accountName}}"
_FACTS, _FIXED = Source("keys and bucket chapters of the facts", "D"), Source("replacement table of the facts", "D")
_CODES = Source("Azure Storage error codes", "K")
_KEY = "encryption.keyVaultProperties"


@dataclass(frozen=True)
class _Account(ArmType):
    """Identities go in as a list of ids, and come out as a map with what each is."""

    def describe(self, operation: Operation) -> Props:
        described = super().describe(operation)
        if ids := operation.at("identity.userAssignedIdentities"):
            found = ((id_, existing(operation, IDENTITY, id_)) for id_ in ids)
            known = {i: {name: r.get(name) for name in ("principalId", "clientId")} for i, r in found if r}
            described["identity"] = {**described["identity"], "userAssignedIdentities": known}
        return described


def _endpoints(operation: Operation) -> Props:
    services = ("blob", "dfs", "file", "queue", "table", "web")
    return {name: operation.text(f"https://{{accountName}}.{name}.core.windows.net/") for name in services}


_ENABLED = {"enabled": True, "keyType": "Account"}
TYPES = (
    row(
        ACCOUNT,
        _ACCOUNT_ID,
        21,
        kind=_Account,
        name={
            "pattern": "[a-z0-9]{3,24}",
            "invalid": "AccountNameInvalid",
            "unique": "{accountName}",
            "taken": "StorageAccountAlreadyTaken",
        },
        outputs={
            "accessTier": "Hot",
            "allowBlobPublicAccess": False,
            "allowCrossTenantReplication": False,
            "enableHttpsTrafficOnly": True,
            "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": _ENABLED, "file": _ENABLED}},
            "minimumTlsVersion": "TLS1_0",
            "networkRuleSet": {
                "bypass": "AzureServices",
                "defaultAction": "Allow",
                "ipRules": [],
                "virtualNetworkRules": [],
            },
            "primaryEndpoints": _endpoints,
            "primaryLocation": "{location}",
            "privateEndpointConnections": [],
            "provisioningState": "Succeeded",
            "sku": lambda operation: {"tier": operation.inputs["sku"]["name"].partition("_")[0]},
            "statusOfPrimary": "available",
        },
        replace=("location", "isHnsEnabled"),
    ),
    row(
        CONTAINER,
        f"{_ACCOUNT_ID}/blobServices/default/containers/{{containerName}}",
        1,
        ACCOUNT,
        name={
            "pattern": "(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*",
            "invalid": "InvalidResourceName",
            "source": SDK,
            "taken": "ContainerAlreadyExists",
        },
        outputs={"publicAccess": "None", "hasImmutabilityPolicy": False, "hasLegalHold": False, "deleted": False},
    ),
    row(
        SERVICE,
        f"{_ACCOUNT_ID}/blobServices/{{blobServicesName}}",
        1,
        ACCOUNT,
        name={"pattern": "default", "invalid": "InvalidResourceName", "source": SDK},
    ),
    row(
        POLICY,
        f"{_ACCOUNT_ID}/managementPolicies/{{managementPolicyName}}",
        1,
        ACCOUNT,
        name={"pattern": "default", "invalid": "InvalidResourceName", "source": SDK},
    ),
)


def _key(operation: Operation) -> tuple[Record | None, Record | None]:
    """The vault and key of customer-managed encryption."""
    uri = str(operation.one(f"{_KEY}.keyVaultUri")).rstrip("/").lower()
    vaults = (r for r in operation.store.all(PACKAGE) if r.type == VAULT)
    vault = next((r for r in vaults if r.outputs["properties"]["vaultUri"].rstrip("/").lower() == uri), None)
    return vault, vault and existing(operation, KEY, f"{vault.id}/keys/{operation.one(f'{_KEY}.keyName')}")


def _customer(operation: Operation) -> bool:
    return str(operation.one("encryption.keySource")).lower() == "microsoft.keyvault"


@rule(ACCOUNT, "InvalidRequestPropertyValue", SDK, property_="identity")
def _identities(operation: Operation) -> str | None:
    """An account has one user-assigned identity at most, and that exists."""
    ids = operation.at("identity.userAssignedIdentities")
    missing = (f"the identity {id_!r} does not exist" for id_ in ids if not existing(operation, IDENTITY, id_))
    return f"{len(ids)} user-assigned identities are too many" if len(ids) > 1 else next(missing, None)


@rule(ACCOUNT, "KeyVaultPolicyError", _FACTS, property_="encryption")
def _recoverable(operation: Operation) -> str | None:
    """A customer-managed key lies in a vault with purge protection."""
    vault, _ = _key(operation) if _customer(operation) else (None, None)
    protected = vault is None or vault.outputs["properties"].get("enablePurgeProtection")
    return None if protected else f"the key vault {vault and vault.get('name')} has no purge protection"


@rule(ACCOUNT, "KeyVaultKeyNotFound", _CODES, property_=_KEY)
def _key_exists(operation: Operation) -> str | None:
    """A customer-managed key exists."""
    sought = f"{operation.one(f'{_KEY}.keyVaultUri')} has no key {operation.one(f'{_KEY}.keyName')}"
    return sought if _customer(operation) and _key(operation)[1] is None else None


@rule(ACCOUNT, "KeyVaultAuthenticationFailure", _FACTS, property_="encryption", fix="grant first, then encrypt")
def _granted(operation: Operation) -> str | None:
    """A user-assigned identity that the account has may use the customer-managed key, and reaches its vault."""
    vault, key = _key(operation)
    if not _customer(operation) or vault is None or key is None:
        return None
    id_ = operation.one("encryption.encryptionIdentity.encryptionUserAssignedIdentity")
    has = [str(own).lower() for own in operation.at("identity.userAssignedIdentities")]
    user = existing(operation, IDENTITY, id_)
    if user is None or str(id_).lower() not in has:
        return f"the encryption identity {id_!r} is no user-assigned identity of the account"
    return denied(operation, vault, key, user.get("principalId"))


@rule(ACCOUNT, "AccountPropertyCannotBeUpdated", _FIXED, "update", "kind")
def _fixed(operation: Operation) -> str | None:
    """`kind` changes to StorageV2 only, and `sku` neither to nor from zone redundancy."""
    old = operation.record.inputs if operation.record else operation.inputs
    kind, skus = operation.inputs["kind"], (old["sku"]["name"], operation.inputs["sku"]["name"])
    if kind not in (old["kind"], "StorageV2"):
        return f"kind cannot change from {old['kind']} to {kind}"
    return None if len({"ZRS" in sku for sku in skus}) == 1 else f"sku cannot change from {skus[0]} to {skus[1]}"


@rule(ACCOUNT, "InvalidValuesForRequestParameters", SDK, "check", "minimumTlsVersion", "use TLS1_2")
def _tls(operation: Operation) -> str | None:
    """TLS 1.3 is not supported as a minimum."""
    return "TLS1_3 is no minimum that the service has" if operation.one("minimumTlsVersion") == "TLS1_3" else None


@rule(CONTAINER, "PublicAccessNotPermitted", _CODES, property_="publicAccess", fix="use None")
def _public(operation: Operation) -> str | None:
    """Containers are not public in an account that does not allow it."""
    account, access = parent(operation), operation.one("publicAccess")
    forbidden = access not in (None, "None") and account and not account.get("allowBlobPublicAccess")
    return "public access is not permitted on this storage account" if forbidden else None


@rule(POLICY, "VersioningNotEnabled", _CODES, property_="policy", fix="set is_versioning_enabled, and depend on it")
def _versions(operation: Operation) -> str | None:
    """Rules for versions need versioning on, in BlobServiceProperties."""
    account = parent(operation)
    services = (r for r in operation.others(SERVICE) if account and r.id.startswith(f"{account.id}/"))
    on = any(record.get("isVersioningEnabled") for record in services)
    return None if on or not operation.at("policy.rules.definition.actions.version") else "versioning is not enabled"


RULES = (
    _identities,
    _recoverable,
    _key_exists,
    _granted,
    _fixed,
    unchanged(ACCOUNT, "encryption.requireInfrastructureEncryption", "AccountPropertyCannotBeUpdated", _FIXED),
    _tls,
    _public,
    between(SERVICE, "deleteRetentionPolicy.days", 1, 365, "InvalidXmlNodeValue", SDK),
    between(SERVICE, "containerDeleteRetentionPolicy.days", 1, 365, "InvalidXmlNodeValue", SDK),
    _versions,
)
