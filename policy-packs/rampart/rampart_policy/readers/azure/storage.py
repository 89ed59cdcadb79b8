"""Azure Storage: accounts, containers, and what is set on an account's blob service."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AnonymousAccess,
    CrossTenantReplication,
    DeletionLock,
    EncryptionAtRest,
    Fact,
    LocalCredentials,
    ProtocolVersion,
    StoreVersioning,
    Transport,
    Versioning,
)
from rampart_policy.readers.azure.endpoints import endpoint
from rampart_policy.readers.azure.locks import lock_on
from rampart_policy.readers.table import (
    admits,
    always,
    anonymous,
    cross_origin,
    customer_key,
    each,
    gives,
    includes,
    local_credentials,
    on,
    plaintext,
    says,
    service,
    set_,
)
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import either, every

TLS = {"tls1_0": 1.0, "tls1_1": 1.1, "tls1_2": 1.2, "tls1_3": 1.3}
"""`minimumTlsVersion`; TLS 1.0 when it is not set."""

LOG_WRITERS = {
    "azure-native:network:FlowLog": "storageId",
    "azure-native:monitor:DiagnosticSetting": "storageAccountId",
}
"""What writes logs to a storage account, and the property that names it."""

no_surface(
    {
        "azure-native:storage:ManagementPolicy": "when blobs go, not who reads them",
        "azure-native:storage:Blob": "an object in a container, which is judged",
        "azure-native:storage:BlobContainerImmutabilityPolicy": "keeps blobs from being changed",
        "azure-native:storage:BlobContainerLegalHold": "keeps blobs from being changed",
        "azure-native:storage:BlobInventoryPolicy": "lists blobs in another container",
        "azure-native:storage:FileShare": "a share of an account, which is judged",
        "azure-native:storage:ObjectReplicationPolicy": "copies between accounts, which are judged",
        "azure-native:storage:Queue": "in an account, which is judged",
        "azure-native:storage:Table": "in an account, which is judged",
    }
)

keeps_deleted = gives(Versioning, "enabled")
CORS = each("cors.corsRules", cross_origin(includes("allowedOrigins", "*")))


@reader("azure-native:storage:StorageAccount")
def account(
    made: Resource,
) -> Iterator[Fact]:
    yield endpoint(made.properties, acl=made.at("networkRuleSet"))
    yield AnonymousAccess(possible=made.at("allowBlobPublicAccess").flag(default=False))
    yield LocalCredentials(accepted=made.at("allowSharedKeyAccess").flag(default=True))
    for name in ("isLocalUserEnabled", "isSftpEnabled"):
        yield LocalCredentials(accepted=made.at(name).flag(default=False))
    yield CrossTenantReplication(possible=made.at("allowCrossTenantReplication").flag(default=False))
    yield Transport(plaintext=made.at("enableHttpsTrafficOnly").flag(default=True).map(lambda only: not only))
    minimum = made.at("minimumTlsVersion").text(default="TLS1_0")
    yield ProtocolVersion(minimum=minimum.map(lambda name: TLS.get(name.lower(), 0.0)))
    source = made.at("encryption.keySource").text(default="Microsoft.Storage")
    yield EncryptionAtRest(customer_key=source.map(lambda name: name.lower() == "microsoft.keyvault"))
    yield from admits("networkRuleSet.ipRules", "iPAddressOrRange")(made.properties)
    yield Transport(plaintext=made.at("isNfsV3Enabled").flag(default=False))


@reader("azure-native:storage:BlobContainer")
def container(made: Resource) -> Iterator[AnonymousAccess]:
    access = made.at("publicAccess").text(default="None")
    yield AnonymousAccess(possible=access.map(lambda level: level.lower() != "none"))


@reader("azure-native:storage:BlobServiceProperties")
def blob_service(made: Resource) -> Iterator[Fact]:
    kept = made.at("deleteRetentionPolicy.enabled").flag(default=False)
    yield Versioning(enabled=every(made.at("isVersioningEnabled").flag(default=False), kept))
    yield from CORS(made.properties)


@stack_reader("azure-native:storage:StorageAccount")
def beside(made: Resource, stack: Stack) -> Iterator[StoreVersioning | DeletionLock]:
    """What only Azure's flow logs and diagnostics write to is appended to by the minute: a version of each would cost
    more than the log.
    """
    configured = stack.has_companion(made, "accountName", "azure-native:storage:BlobServiceProperties")
    logs = [stack.has_companion(made, place, token) for token, place in LOG_WRITERS.items()]
    yield StoreVersioning(configured=either(configured, *logs))
    yield lock_on(made, stack)


def _takes_old_smb(versions: str) -> bool:
    """SMB 2.1 has no encryption (`SMB2.1;SMB3.0;SMB3.1.1`)."""
    return "smb2" in versions.lower()


service(
    ("azure-native:storage:QueueServiceProperties", "azure-native:storage:TableServiceProperties"),
    CORS,
)
service(
    "azure-native:storage:FileServiceProperties",
    CORS,
    set_(
        "protocolSettings.smb.versions",
        plaintext(lambda place: place.at("protocolSettings.smb.versions").text(default="").map(_takes_old_smb)),
    ),
    set_("shareDeleteRetentionPolicy.enabled", keeps_deleted(on("shareDeleteRetentionPolicy.enabled"))),
)
service("azure-native:storage:LocalUser", local_credentials(always))
service("azure-native:storage:StorageAccountStaticWebsite", anonymous(always))
service("azure-native:storage:EncryptionScope", customer_key(says("source", "Microsoft.KeyVault")))
