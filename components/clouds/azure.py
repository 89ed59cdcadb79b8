from collections.abc import Sequence

import pulumi
import pulumi_azure_native
import pulumi_random

from components.alarms.azure import MonitorAlarms as Alarms
from components.bucket.azure import BlobBucket as Bucket
from components.cache.azure import ManagedRedis as Cache
from components.cluster.azure import AksCluster as Cluster
from components.dns.azure import PrivateDns as Dns
from components.egress.azure import NatEgress as Egress
from components.identity.azure import ManagedIdentity as Identity
from components.ingest.azure import PrivateLink as Ingest
from components.keys.azure import VaultKeys as Keys
from components.logs.azure import StorageLogs as Logs
from components.network.azure import VirtualNetwork as Network
from components.peering.azure import VnetPeering as Peering
from components.postgres.azure import FlexiblePostgres as Postgres
from components.prerequisites.azure import SubscriptionPrerequisites as Prerequisites
from components.registry.azure import ContainerRegistry as Registry
from components.secrets.azure import VaultSecrets as Secrets
from components.site import Location

__all__ = [
    "Alarms",
    "Bucket",
    "Cache",
    "Cluster",
    "Dns",
    "Egress",
    "Identity",
    "Ingest",
    "Keys",
    "Logs",
    "Network",
    "Peering",
    "Postgres",
    "Prerequisites",
    "Registry",
    "Secrets",
    "providers",
]


def providers(location: Location) -> Sequence[pulumi.ProviderResource]:
    # This provider has no default tags: each resource that takes tags is given the location's.
    return (
        pulumi_azure_native.Provider("azure", subscription_id=location.account, location=location.region),
        pulumi_random.Provider("random"),
    )
