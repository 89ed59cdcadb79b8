"""CloudTrail: a trail, and what it must be let to write to."""

import re

from simulator.aws.bucket import BUCKET
from simulator.aws.keys import KEY
from simulator.aws.policy import allows
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import rule
from simulator.values import Props

_API, _GUIDE = Source("CloudTrail API reference", "D"), Source("CloudTrail User Guide: bucket and key policies", "D")
TRAIL, _BUCKET_POLICY = "aws:cloudtrail/trail:Trail", "aws:s3/bucketPolicy:BucketPolicy"
_CALLER = ("cloudtrail.amazonaws.com",)
_ARN = "arn:aws:cloudtrail:{region}:{account}:trail/{name}"
_FORM = r"(?!.*[._-]{2}|\d+\.\d+\.\d+\.\d+$)[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]"
_NAME = Name("name", _API, _FORM, "InvalidTrailNameException", _ARN, "TrailAlreadyExistsException", longest=128)
_INTO = Ref("s3BucketName", BUCKET, "S3BucketDoesNotExistException", _API, by=("bucket",), anywhere=True)
_SET: Props = {"enableLogging": True, "includeGlobalServiceEvents": True, "isMultiRegionTrail": False}
_HAS = {"arn": _ARN, "homeRegion": "{region}"}
TYPES = (ResourceType(TRAIL, 3, _ARN, _HAS, ("name",), (_INTO,), _NAME, defaults=_SET),)


def _context(operation: Operation) -> dict[str, str]:
    return {"aws:SourceArn": operation.text(_ARN)}


@rule(TRAIL, "InsufficientS3BucketPolicyException", _GUIDE, property_="s3BucketName")
def _writes(operation: Operation) -> str | None:
    """The bucket's policy lets CloudTrail look at it, and write objects for this trail."""
    bucket = str(operation.one("s3BucketName"))
    policies = [r.get("policy") for r in operation.others(_BUCKET_POLICY) if r.get("bucket") == bucket]
    context = _context(operation)
    prefix = "".join(f"/{part}" for part in operation.at("s3KeyPrefix"))
    arn, objects = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}{prefix}/AWSLogs/{operation.account}/a"
    wanted = (("s3:GetBucketAcl", arn), ("s3:PutObject", objects))
    for action, on in wanted:
        if not any(allows(policy, _CALLER, action, on, context) for policy in policies):
            return f"the policy of {bucket} does not allow CloudTrail {action} on {on}"
    return None


@rule(TRAIL, "InsufficientEncryptionPolicyException", _GUIDE, property_="kmsKeyId")
def _encrypts(operation: Operation) -> str | None:
    """The key exists in the trail's region, and lets CloudTrail encrypt for this trail."""
    for named in operation.at("kmsKeyId"):
        key = operation.find(KEY, re.sub("^arn:.*:key/", "", str(named)), ("keyId",), anywhere=False)
        if key is None:
            return f"the key {named!r} does not exist in {operation.region}"
        if not allows(key.get("policy"), _CALLER, "kms:GenerateDataKey", context=_context(operation)):
            return f"the policy of {key.get('arn')} does not allow CloudTrail kms:GenerateDataKey for this trail"
    return None


@rule(TRAIL, "MaximumNumberOfTrailsExceededException", _API, "create")
def _five(operation: Operation) -> str | None:
    """A region has five trails at most."""
    here = [other for other in operation.others(TRAIL) if other.region == operation.region]
    return "there are five in this region" if len(here) >= 5 else None


RULES = (_writes, _encrypts, _five)
