"""Google Cloud Storage buckets. Who may read them is IAM's."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessLists,
    AnonymousAccess,
    EncryptionAtRest,
    Fact,
    ForcedDeletion,
    Versioning,
)
from rampart_policy.readers.table import admits, cross_origin, each, includes
from rampart_policy.registry import reader
from rampart_policy.resources import Resource


@reader("gcp:storage/bucket:Bucket")
def bucket(made: Resource) -> Iterator[Fact]:
    """Public access prevention is inherited from the organization when not set: which may say nothing."""
    prevention = made.at("publicAccessPrevention").text(default="inherited")
    yield AnonymousAccess(possible=prevention.map(lambda value: value != "enforced"))
    yield AccessLists(enabled=made.at("uniformBucketLevelAccess").flag(default=False).map(lambda uniform: not uniform))
    yield EncryptionAtRest(customer_key=made.at("encryption.defaultKmsKeyName").text(default="").map(bool))
    yield Versioning(enabled=made.at("versioning.enabled").flag(default=False))
    softly = made.at("softDeletePolicy.retentionDurationSeconds")
    if not softly.missing:
        yield Versioning(enabled=softly.number(default=0).map(bool))
    yield ForcedDeletion(allowed=made.at("forceDestroy").flag(default=False))
    yield from each("cors", cross_origin(includes("origins", "*")))(made.properties)
    yield from admits("ipFilter.publicNetworkSource.allowedIpCidrRanges")(made.properties)
