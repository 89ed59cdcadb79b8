import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket, BucketArgs
from components.keys import Key


class S3Bucket(Bucket):
    key: Key | None
    """What encrypts it: whoever reads or writes objects must be allowed the key too."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.key = args.key
        bucket = aws.s3.Bucket(
            f"{name}-objects",
            bucket=args.site.physical(name),
            force_destroy=False,
            opts=args.site.location.guarded(self),
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self.inside,
        )
        closed = aws.s3.BucketPublicAccessBlock(
            f"{name}-closed",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.inside,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=(
                        aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                            sse_algorithm="aws:kms" if args.key else "AES256",
                            kms_master_key_id=args.key.id if args.key else None,
                        )
                    ),
                    bucket_key_enabled=args.key is not None,
                )
            ],
            opts=self.inside,
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self.inside,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-recovery",
            # Through the versioning: rules for old versions mean nothing before there are versions.
            bucket=versioning.bucket,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="recovery",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    noncurrent_version_expiration=(
                        aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                            noncurrent_days=args.recovery_days
                        )
                    ),
                    abort_incomplete_multipart_upload=(
                        aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                            days_after_initiation=7
                        )
                    ),
                )
            ],
            opts=self.inside,
        )
        aws.s3.BucketPolicy(
            f"{name}-policy",
            # Through the public access block: S3 refuses to change both at once (OperationAborted).
            bucket=closed.bucket,
            policy=pulumi.Output.all(bucket.arn, *([args.key.id] if args.key else [])).apply(_policy),
            opts=self.inside,
        )
        self.id = bucket.arn
        self.location = pulumi.Output.concat("s3://", bucket.id)
        self.done()


def _policy(ids: Sequence[str]) -> str:
    """Refuse plain HTTP, TLS below 1.2, and writes under a key that is not the bucket's own."""
    arn, *key = ids

    def deny(sid: str, action: str, resources: list[str], condition: dict[str, dict[str, str]]) -> dict[str, object]:
        return {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": action,
            "Resource": resources,
            "Condition": condition,
        }

    everything = [arn, f"{arn}/*"]
    statements = [
        deny("TlsOnly", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        deny("Tls12OrHigher", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ]
    if key:
        header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        # IfExists: a write that names no key gets the bucket's default, which is this one.
        other = {"StringNotEqualsIfExists": {header: key[0]}}
        statements.append(deny("OwnKeyOnly", "s3:PutObject", [f"{arn}/*"], other))
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
