"""Azure Storage: accounts, containers, and what is set on an account's blob service."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AnonymousAccess,
    CrossTenantReplication,
    DeletionLock,
    EncryptionAtRest,
    LocalCredentials,
    ProtocolVersion,
    ServiceEndpoint,
    StoreVersioning,
    Transport,
    Versioning,
)
from rampart_policy.readers.azure.endpoints import endpoint
from rampart_policy.readers.azure.locks import lock_on
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

no_surface({"azure-native:storage:ManagementPolicy": "when blobs go, not who reads them"})


@reader("azure-native:storage:StorageAccount")
def account(
    made: Resource,
) -> Iterator[
    ServiceEndpoint
    | AnonymousAccess
    | LocalCredentials
    | CrossTenantReplication
    | Transport
    | ProtocolVersion
    | EncryptionAtRest
]:
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


@reader("azure-native:storage:BlobContainer")
def container(made: Resource) -> Iterator[AnonymousAccess]:
    access = made.at("publicAccess").text(default="None")
    yield AnonymousAccess(possible=access.map(lambda level: level.lower() != "none"))


@reader("azure-native:storage:BlobServiceProperties")
def blob_service(made: Resource) -> Iterator[Versioning]:
    kept = made.at("deleteRetentionPolicy.enabled").flag(default=False)
    yield Versioning(enabled=every(made.at("isVersioningEnabled").flag(default=False), kept))


@stack_reader("azure-native:storage:StorageAccount")
def beside(made: Resource, stack: Stack) -> Iterator[StoreVersioning | DeletionLock]:
    """What only Azure's flow logs and diagnostics write to is appended to by the minute: a version of each would cost
    more than the log.
    """
    configured = stack.has_companion(made, "accountName", "azure-native:storage:BlobServiceProperties")
    logs = [stack.has_companion(made, place, token) for token, place in LOG_WRITERS.items()]
    yield StoreVersioning(configured=either(configured, *logs))
    yield lock_on(made, stack)
