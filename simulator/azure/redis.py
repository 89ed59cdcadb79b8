"""Microsoft.Cache: Azure Managed Redis, its database, and who may log in."""

from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, TIMES, each, parent, row
from simulator.azure.identity import Identified, principal_exists
from simulator.azure.keys import VAULT, encrypted
from simulator.cloud import Operation, Rule
from simulator.rules import one_of, rule, unchanged
from simulator.values import Props

CACHE, DATABASE, LOGIN = (
    f"{PACKAGE}:redisenterprise:{name}" for name in ("RedisEnterprise", "Database", "AccessPolicyAssignment")
)
_ID = IN_GROUP + "/providers/Microsoft.Cache/redisEnterprise/{clusterName}"
_OUTPUTS: Props = {
    **{"hostName": "{clusterName}.{region}.redis.azure.net", "highAvailability": "Enabled", "identity": None},
    **{"provisioningState": "Succeeded", "resourceState": "Running"},
}
_OF_CACHE: Props = {
    **{"kind": Identified, "outputs": _OUTPUTS, "timed": TIMES, "replace": ("location", "zones", "highAvailability")},
    "name": {"unique": "{clusterName}.{region}", "taken": "NameNotAvailable"},
}
_MADE: Props = {"provisioningState": "Succeeded"}
_DEFAULTS = _MADE | {"accessKeysAuthentication": "Disabled", "clientProtocol": "Encrypted", "port": 10000}
_FORM = (r"(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*", "InvalidResourceName", SDK)
_NAME = ("default", "InvalidResourceName", SDK)
_WORD = ("[A-Za-z0-9]{1,60}", "InvalidResourceName", MET)
_DATABASE_ID = _ID + "/databases/{databaseName}"
TYPES = (
    row(CACHE, _ID, 840, _FORM, **_OF_CACHE),
    row(DATABASE, _DATABASE_ID, 120, _NAME, within=CACHE, timed=TIMES, outputs=_DEFAULTS),
    row(
        LOGIN,
        _DATABASE_ID + "/accessPolicyAssignments/{accessPolicyAssignmentName}",
        30,
        _WORD,
        within=DATABASE,
        timed=TIMES,
        outputs=_MADE,
    ),
)


def _key(operation: Operation) -> tuple[Any, Any] | None:
    path = "encryption.customerManagedKeyEncryption.keyEncryptionKey"
    uri = operation.one(f"{path}Url")
    return (uri, operation.one(f"{path}Identity.userAssignedIdentityResourceId")) if uri else None


@rule(CACHE, "KeyVaultInDifferentRegion", FACTS)
def _near(operation: Operation) -> str | None:
    """The vault of its key is in its region."""
    uri = str((_key(operation) or [""])[0]).lower()
    vaults = (v for v in operation.others(VAULT) if uri.startswith(f"https://{v.get('name')}.".lower()))
    return next((f"{v.id} is in {v.region}" for v in vaults if v.region != operation.region), None)


@rule(LOGIN, "AccessPolicyAssignmentNotSupported", FACTS)
def _keyless(operation: Operation) -> str | None:
    """Who logs in by Entra has TLS to do so."""
    database = parent(operation)
    plain = database and database.get("clientProtocol") == "Plaintext"
    return "the database takes plaintext" if plain else None


_WHO, _CODES = "the principal exists", ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessDenied")
_FIXED = ("port", "clusteringPolicy", "modules")
RULES = (
    *encrypted(CACHE, _key, _CODES, versioned=True),
    *(_near, _keyless),
    *(unchanged(DATABASE, path, "PropertyChangeNotAllowed", FACTS) for path in _FIXED),
    each(DATABASE, "port", {10000}.__contains__, "InvalidPort", FACTS, "it is 10000"),
    one_of(LOGIN, "accessPolicyName", ("default",), "InvalidAccessPolicy", SDK),
    Rule("AccessPolicyAssignment-principal", LOGIN, _WHO, "PrincipalNotFound", MET, principal_exists),
)
