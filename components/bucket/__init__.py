"""Bucket: private, versioned object storage under the data plane's own key."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.network import Network
from components.site import Site


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    """What a bucket needs; the fields mean the same on every cloud.

    network, dns: where it is reached from, and by which private name.
    key: encrypts every object; `None` on the managed plan, where the provider's own key does.
    recovery_days: for how long an object that was deleted or overwritten can be brought back: 7 to 90 days, which all
        three clouds offer (`gcp.storage.Bucket`: soft delete 7 to 90 days). `ValueError` for anything else.
    """

    site: Site
    network: Network
    dns: Dns
    key: Key | None
    recovery_days: int = 30

    def __post_init__(self) -> None:
        if not 7 <= self.recovery_days <= 90:
            raise ValueError(f"recovery_days is {self.recovery_days}; the clouds have 7 to 90 days in common")


class Bucket(Capability, token="rampart:bucket:Bucket"):
    """Object storage that nothing outside the network can read, in one region, over three zones.

    Public access is refused by the service itself, access control lists are off, every version is kept for
    `recovery_days` after it was replaced or deleted, and a bucket with objects in it is not deleted.

    Transport: AWS and Azure refuse plain HTTP and TLS below 1.2 for this bucket. Google Cloud Storage refuses requests
    with credentials over plain HTTP; a floor for the TLS version is an organization policy
    (`constraints/gcp.restrictTLSVersion`), not a property of a bucket.

    Key rotation: follows by itself on all three clouds. New objects use the new version; AWS keeps old material for old
    objects, Google Cloud keeps objects under the version that wrote them until they are rewritten, Azure rewraps the
    account's key within a day of the rotation.
    """

    id: pulumi.Output[str]
    """What a grant on the bucket names: bucket ARN, bucket name, container id."""

    location: pulumi.Output[str]
    """Where clients find it: `s3://...`, `gs://...`, `https://<account>.blob.core.windows.net/...`."""
