"""The account's trail: who called which API, and who read or wrote the state."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from bootstrap import RECOVERY_DAYS
from components.bucket.aws_objects import Statement, private_bucket
from components.keys import Key
from components.keys.aws import TRAIL
from components.site import Location, Site


def trail(name: str, site: Site, key: Key, watched: pulumi.Input[str], parent: pulumi.Resource) -> aws.cloudtrail.Trail:
    """A trail of every region, with digests, into a bucket of its own that only CloudTrail writes to.

    What a region's alarms hear of keys, they hear through it. watched: ARN of the bucket whose every read and write it
    has too.
    """
    bucket = private_bucket(name, site, key, RECOVERY_DAYS, parent, lambda arn: _writes(arn, site.location))
    return aws.cloudtrail.Trail(
        f"{name}-trail",
        name=TRAIL,
        # Through the policy: CloudTrail tries whether it may write.
        s3_bucket_name=bucket.policy.bucket,
        kms_key_id=key.id,
        is_multi_region_trail=True,
        include_global_service_events=True,
        enable_log_file_validation=True,
        advanced_event_selectors=[
            _selector("management", eventCategory="Management"),
            aws.cloudtrail.TrailAdvancedEventSelectorArgs(
                name="state",
                field_selectors=[
                    _equals("eventCategory", "Data"),
                    _equals("resources.type", "AWS::S3::Object"),
                    aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
                        field="resources.ARN", starts_withs=[pulumi.Output.concat(watched, "/")]
                    ),
                ],
            ),
        ],
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _selector(name: str, **fields: str) -> aws.cloudtrail.TrailAdvancedEventSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorArgs(
        name=name, field_selectors=[_equals(field, value) for field, value in fields.items()]
    )


def _equals(field: str, value: str) -> aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(field=field, equals=[value])


def _writes(bucket: str, location: Location) -> Sequence[Statement]:
    """CloudTrail User Guide, Amazon S3 bucket policy for CloudTrail: for this trail alone."""
    source = {"aws:SourceArn": f"arn:aws:cloudtrail:{location.region}:{location.account}:trail/{TRAIL}"}
    owner = {"s3:x-amz-acl": "bucket-owner-full-control"}

    def allow(sid: str, action: str, on: str, condition: dict[str, str]) -> Statement:
        service = {"Service": "cloudtrail.amazonaws.com"}
        about = {"Sid": sid, "Effect": "Allow", "Principal": service, "Action": action, "Resource": on}
        return about | {"Condition": {"StringEquals": condition}}

    return (
        allow("TrailLooks", "s3:GetBucketAcl", bucket, source),
        allow("TrailWrites", "s3:PutObject", f"{bucket}/AWSLogs/{location.account}/*", source | owner),
    )
