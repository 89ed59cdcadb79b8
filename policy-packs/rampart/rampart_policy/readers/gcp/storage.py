"""Google Cloud Storage buckets. Who may read them is IAM's."""

from collections.abc import Iterator

from rampart_policy.facts import AccessLists, AnonymousAccess, EncryptionAtRest, ForcedDeletion, Versioning
from rampart_policy.registry import reader
from rampart_policy.resources import Resource

Facts = AccessLists | AnonymousAccess | EncryptionAtRest | ForcedDeletion | Versioning


@reader("gcp:storage/bucket:Bucket")
def bucket(made: Resource) -> Iterator[Facts]:
    """Public access prevention is inherited from the organization when not set: which may say nothing."""
    prevention = made.at("publicAccessPrevention").text(default="inherited")
    yield AnonymousAccess(possible=prevention.map(lambda value: value != "enforced"))
    yield AccessLists(enabled=made.at("uniformBucketLevelAccess").flag(default=False).map(lambda uniform: not uniform))
    yield EncryptionAtRest(customer_key=made.at("encryption.defaultKmsKeyName").text(default="").map(bool))
    yield Versioning(enabled=made.at("versioning.enabled").flag(default=False))
    yield ForcedDeletion(allowed=made.at("forceDestroy").flag(default=False))
