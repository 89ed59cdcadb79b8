"""Google Cloud Logging: log buckets, and what fills them."""

from collections.abc import Iterator

from rampart_policy.facts import EncryptionAtRest, LogRetention
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource

RETENTION = 30
"""Days that a log bucket keeps entries when nothing is said (`ProjectBucketConfig.retention_days`)."""

no_surface({"gcp:logging/projectSink:ProjectSink": "copies log entries; who may read them there is the destination's"})


@reader("gcp:logging/projectBucketConfig:ProjectBucketConfig")
def bucket(made: Resource) -> Iterator[EncryptionAtRest | LogRetention]:
    yield EncryptionAtRest(customer_key=made.at("cmekSettings.kmsKeyName").text(default="").map(bool))
    yield LogRetention(days=made.at("retentionDays").number(default=RETENTION))
