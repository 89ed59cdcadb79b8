from collections.abc import Sequence

import pulumi
import pulumi_gcp
import pulumi_random

from components.alarms.gcp import MonitoringAlarms as Alarms
from components.bucket.gcp import CloudStorageBucket as Bucket
from components.cache.gcp import MemorystoreCache as Cache
from components.cluster.gcp import GkeCluster as Cluster
from components.dns.gcp import CloudDns as Dns
from components.egress.gcp import RouterEgress as Egress
from components.identity.gcp import ServiceAccountIdentity as Identity
from components.ingest.gcp import PublishedService as Ingest
from components.keys.gcp import KmsKeys as Keys
from components.logs.gcp import CloudLogging as Logs
from components.network.gcp import VpcNetwork as Network
from components.peering.gcp import NetworkPeerings as Peering
from components.postgres.gcp import CloudSqlPostgres as Postgres
from components.prerequisites.gcp import ProjectPrerequisites as Prerequisites
from components.registry.gcp import ArtifactRegistry as Registry
from components.secrets.gcp import ManagerSecrets as Secrets
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
    return (
        pulumi_gcp.Provider(
            "gcp",
            project=location.account,
            region=location.region,
            default_labels=location.tags,
        ),
        pulumi_random.Provider("random"),
    )
