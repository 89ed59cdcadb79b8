import pulumi
import pulumi_gcp as gcp

from components.bucket import Bucket, BucketArgs
from components.keys import Key
from components.site import Site

DAY = 86_400


class CloudStorageBucket(Bucket):
    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        bucket = private_bucket(name, args.site, args.key, args.recovery_days, self)
        self.id = bucket.name
        self.location = pulumi.Output.concat("gs://", bucket.name)
        self.done()


def private_bucket(
    name: str, site: Site, key: Key | None, recovery_days: int, parent: pulumi.Resource
) -> gcp.storage.Bucket:
    """A bucket that nothing public reaches, versioned, under the key or, without one, under Google's own.

    recovery_days: for how long what is overwritten or deleted can be brought back.
    """
    return gcp.storage.Bucket(
        f"{name}-objects",
        name=site.physical(name),
        project=site.scope,
        location=site.location.region.upper(),
        storage_class="STANDARD",
        uniform_bucket_level_access=True,
        public_access_prevention="enforced",
        force_destroy=False,
        encryption=gcp.storage.BucketEncryptionArgs(default_kms_key_name=key.id) if key else None,
        versioning=gcp.storage.BucketVersioningArgs(enabled=True),
        soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(retention_duration_seconds=recovery_days * DAY),
        lifecycle_rules=[
            gcp.storage.BucketLifecycleRuleArgs(
                action=gcp.storage.BucketLifecycleRuleActionArgs(type="Delete"),
                condition=gcp.storage.BucketLifecycleRuleConditionArgs(
                    days_since_noncurrent_time=recovery_days, with_state="ARCHIVED"
                ),
            ),
            gcp.storage.BucketLifecycleRuleArgs(
                action=gcp.storage.BucketLifecycleRuleActionArgs(type="AbortIncompleteMultipartUpload"),
                condition=gcp.storage.BucketLifecycleRuleConditionArgs(age=7),
            ),
        ],
        opts=site.location.guarded(parent),
    )
