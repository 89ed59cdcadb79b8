"""The S3 buckets that Rampart makes."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.keys import Key
from components.site import Site

Statement = Mapping[str, object]
"""One statement of a policy document."""


class PrivateBucket(NamedTuple):
    """A bucket, and what its policy hangs on: who is let in by it must wait for it."""

    bucket: aws.s3.Bucket
    policy: aws.s3.BucketPolicy


def private_bucket(
    name: str,
    site: Site,
    key: Key | None,
    recovery_days: int,
    parent: pulumi.Resource,
    more: Callable[[str], Sequence[Statement]] = lambda arn: (),
) -> PrivateBucket:
    """A bucket that nothing public reaches, versioned, under the key or, without one, under S3's own.

    recovery_days: for how long what is overwritten or deleted can be brought back. more: what its policy says besides,
    given its ARN: whom it lets in.
    """
    inside = pulumi.ResourceOptions(parent=parent)
    bucket = aws.s3.Bucket(
        f"{name}-objects",
        bucket=site.physical(name),
        force_destroy=False,
        opts=site.location.guarded(parent),
    )
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket.id,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        opts=inside,
    )
    closed = aws.s3.BucketPublicAccessBlock(
        f"{name}-closed",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=inside,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.id,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=(
                    aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="aws:kms" if key else "AES256",
                        kms_master_key_id=key.id if key else None,
                    )
                ),
                bucket_key_enabled=key is not None,
            )
        ],
        opts=inside,
    )
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket.id,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=inside,
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
                        noncurrent_days=recovery_days
                    )
                ),
                abort_incomplete_multipart_upload=(
                    aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=7)
                ),
            )
        ],
        opts=inside,
    )
    policy = aws.s3.BucketPolicy(
        f"{name}-policy",
        # Through the public access block: S3 refuses to change both at once (OperationAborted).
        bucket=closed.bucket,
        policy=pulumi.Output.all(bucket.arn, *([key.id] if key else [])).apply(lambda ids: _policy(ids, more(ids[0]))),
        opts=inside,
    )
    return PrivateBucket(bucket, policy)


def _policy(ids: Sequence[str], more: Sequence[Statement]) -> str:
    """Refuse plain HTTP, TLS below 1.2, and writes under a key that is not the bucket's own."""
    arn, *key = ids

    def deny(sid: str, action: str, resources: list[str], condition: Mapping[str, object]) -> Statement:
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
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements, *more]})
