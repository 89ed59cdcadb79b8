from collections.abc import Sequence

import pulumi
import pulumi_gcp
import pulumi_random

from components.bucket.gcp import CloudStorageBucket as Bucket
from components.dns.gcp import CloudDns as Dns
from components.keys.gcp import KmsKeys as Keys
from components.logs.gcp import CloudLogging as Logs
from components.network.gcp import VpcNetwork as Network
from components.postgres.gcp import CloudSqlPostgres as Postgres
from components.prerequisites.gcp import ProjectPrerequisites as Prerequisites
from components.site import Location

__all__ = ["Bucket", "Dns", "Keys", "Logs", "Network", "Postgres", "Prerequisites", "providers"]


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
