from collections.abc import Sequence

import pulumi
import pulumi_azure_native
import pulumi_random

from components.bucket.azure import BlobBucket as Bucket
from components.dns.azure import PrivateDns as Dns
from components.keys.azure import VaultKeys as Keys
from components.logs.azure import StorageLogs as Logs
from components.network.azure import VirtualNetwork as Network
from components.postgres.azure import FlexiblePostgres as Postgres
from components.prerequisites.azure import SubscriptionPrerequisites as Prerequisites
from components.site import Location

__all__ = ["Bucket", "Dns", "Keys", "Logs", "Network", "Postgres", "Prerequisites", "providers"]


def providers(location: Location) -> Sequence[pulumi.ProviderResource]:
    # This provider has no default tags: each resource that takes tags is given the location's.
    return (
        pulumi_azure_native.Provider("azure", subscription_id=location.account, location=location.region),
        pulumi_random.Provider("random"),
    )
