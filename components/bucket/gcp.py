import pulumi
import pulumi_gcp as gcp

from components.bucket import Bucket, BucketArgs

DAY = 86_400


class CloudStorageBucket(Bucket):
    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        bucket = gcp.storage.Bucket(
            f"{name}-objects",
            name=args.site.physical(name),
            project=args.site.scope,
            location=args.site.location.region.upper(),
            storage_class="STANDARD",
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            force_destroy=False,
            encryption=gcp.storage.BucketEncryptionArgs(default_kms_key_name=args.key.id) if args.key else None,
            versioning=gcp.storage.BucketVersioningArgs(enabled=True),
            soft_delete_policy=gcp.storage.BucketSoftDeletePolicyArgs(
                retention_duration_seconds=args.recovery_days * DAY
            ),
            lifecycle_rules=[
                gcp.storage.BucketLifecycleRuleArgs(
                    action=gcp.storage.BucketLifecycleRuleActionArgs(type="Delete"),
                    condition=gcp.storage.BucketLifecycleRuleConditionArgs(
                        days_since_noncurrent_time=args.recovery_days, with_state="ARCHIVED"
                    ),
                ),
                gcp.storage.BucketLifecycleRuleArgs(
                    action=gcp.storage.BucketLifecycleRuleActionArgs(type="AbortIncompleteMultipartUpload"),
                    condition=gcp.storage.BucketLifecycleRuleConditionArgs(age=7),
                ),
            ],
            opts=args.site.location.guarded(self),
        )
        self.id = bucket.name
        self.location = pulumi.Output.concat("gs://", bucket.name)
        self.done()
