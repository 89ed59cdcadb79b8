from collections.abc import Sequence

import pulumi
import pulumi_aws
import pulumi_random

from components.bucket.aws import S3Bucket as Bucket
from components.dns.aws import Route53Dns as Dns
from components.keys.aws import KmsKeys as Keys
from components.logs.aws import CloudWatchLogs as Logs
from components.network.aws import Vpc as Network
from components.postgres.aws import RdsPostgres as Postgres
from components.prerequisites.aws import AccountPrerequisites as Prerequisites
from components.site import Location

__all__ = ["Bucket", "Dns", "Keys", "Logs", "Network", "Postgres", "Prerequisites", "providers"]


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
