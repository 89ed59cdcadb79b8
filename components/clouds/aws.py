from collections.abc import Sequence

import pulumi
import pulumi_aws
import pulumi_random

from components.alarms.aws import EventAlarms as Alarms
from components.bucket.aws import S3Bucket as Bucket
from components.cache.aws import ElastiCacheValkey as Cache
from components.cluster.aws import EksCluster as Cluster
from components.dns.aws import Route53Dns as Dns
from components.egress.aws import RegionalNat as Egress
from components.identity.aws import IamIdentity as Identity
from components.ingest.aws import EndpointService as Ingest
from components.keys.aws import KmsKeys as Keys
from components.logs.aws import CloudWatchLogs as Logs
from components.network.aws import Vpc as Network
from components.peering.aws import VpcPeering as Peering
from components.postgres.aws import RdsPostgres as Postgres
from components.prerequisites.aws import AccountPrerequisites as Prerequisites
from components.registry.aws import EcrRegistry as Registry
from components.secrets.aws import SecretsManager as Secrets
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
        pulumi_aws.Provider(
            "aws",
            region=location.region,
            allowed_account_ids=[location.account],
            default_tags=pulumi_aws.ProviderDefaultTagsArgs(tags=location.tags),
        ),
        pulumi_random.Provider("random"),
    )
