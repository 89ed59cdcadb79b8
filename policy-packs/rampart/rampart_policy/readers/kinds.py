"""What holds of a resource whatever its type: that this pack knows the type, and how a provider came to be."""

from collections.abc import Iterator

from rampart_policy.facts import CloudLogin, Fact, Review, StateProtection
from rampart_policy.registry import FALLBACKS, NO_SURFACE, READERS, STACK_READERS
from rampart_policy.resources import Resource
from rampart_policy.values import Field

PROVIDERS = "pulumi:providers:"
BUILT_IN = "pulumi:providers:pulumi"
"""The engine's own provider, of stack references: it cannot be declared, and reaches no cloud."""

HOLDERS = frozenset(
    {
        "aws:kms/key:Key",
        "aws:s3/bucket:Bucket",
        "aws:rds/instance:Instance",
        "aws:rds/cluster:Cluster",
        "aws:cloudwatch/logGroup:LogGroup",
        "gcp:artifactregistry/repository:Repository",
        "gcp:container/cluster:Cluster",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:storage/bucket:Bucket",
        "gcp:sql/databaseInstance:DatabaseInstance",
        "gcp:memorystore/instance:Instance",
        "gcp:secretmanager/secret:Secret",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "azure-native:resources:ResourceGroup",
        "azure-native:keyvault:Vault",
        "azure-native:keyvault:Key",
        "azure-native:storage:StorageAccount",
        "azure-native:storage:BlobContainer",
        "azure-native:dbforpostgresql:Server",
        "azure-native:compute:DiskEncryptionSet",
        "azure-native:containerregistry:Registry",
        "azure-native:containerservice:ManagedCluster",
        "azure-native:keyvault:Secret",
        "azure-native:redisenterprise:Database",
        "azure-native:redisenterprise:RedisEnterprise",
    }
)
"""Types that hold data or keys, or what does: what is lost with one of these is not made again."""


def facts(resource: Resource) -> Iterator[Fact]:
    """Components, the stack and its like have no provider: what they make is judged, they are not."""
    if resource.type.startswith(PROVIDERS):
        if resource.type not in READERS and resource.type != BUILT_IN:
            yield login(resource, pinned=Field(True))
    elif resource.provider is not None:
        known = resource.type in READERS or resource.type in STACK_READERS or resource.type in NO_SURFACE
        if known or resource.type.partition(":")[0] not in FALLBACKS:
            yield Review(reviewed=resource.is_such().map(lambda _: known))
        if resource.type in HOLDERS:
            yield StateProtection(enabled=Field(resource.protect, "options.protect"))


def login(provider: Resource, pinned: Field[bool]) -> CloudLogin:
    """A provider. The engine names those that it makes by itself `default` or `default_<version>`."""
    default = provider.name == "default" or provider.name.startswith("default_")
    return CloudLogin(default=Field(default, "name", source=provider.name), pinned=pinned)
