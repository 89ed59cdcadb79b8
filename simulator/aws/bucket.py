"""S3: the bucket and the resources that configure it."""

import json
import re
from dataclasses import dataclass

from simulator.aws.account import Api, AwsType, Calls, pascal
from simulator.aws.keys import denied
from simulator.cloud import Name, Operation, Ref, Rule, Source
from simulator.rules import key_use, one_of, rule
from simulator.values import Props

_S3, _SDK = Source("S3 API reference", "D"), Source("pulumi-aws SDK text", "S")
BUCKET = "aws:s3/bucket:Bucket"


class _Bucket(AwsType):
    def make(self, aws: Calls) -> Props:
        region = aws.operation.region
        place = None if region == "us-east-1" else {"LocationConstraint": region}
        lock = aws.operation.inputs.get("objectLockEnabled")
        aws.operation.id = name = aws.operation.inputs["bucket"]
        aws("s3.create_bucket", Bucket=name, CreateBucketConfiguration=place, ObjectLockEnabledForBucket=lock)
        return {}


@dataclass(frozen=True)
class _Part(AwsType):
    """What configures a bucket.

    put: the parameter of `api.call`, and the input that it is (all of them if empty), inside `Rules` if `listed`.
    """

    put: tuple[str, str] = ("", "")
    listed: bool = False

    def make(self, aws: Calls) -> Props:
        aws.operation.id = aws.operation.inputs["bucket"]
        self.change(aws)
        return {}

    def change(self, aws: Calls) -> None:
        ours = ("bucket", "region", "expectedBucketOwner", "skipDestroy", "__defaults")
        given = {key: value for key, value in aws.operation.inputs.items() if key not in ours}
        parameter, name = self.put
        value = pascal(given[name] if name else given)
        body = {"Rules": value if isinstance(value, list) else [value]} if self.listed else value
        aws(self.api.call, Bucket=aws.operation.id, **{parameter: body})


def _part(name: str, method: str, parameter: str, input_: str = "", listed: bool = False) -> _Part:
    token, bucket = f"aws:s3/bucket{name}:Bucket{name}", Ref("bucket", BUCKET, "NoSuchBucket", _S3, by=("bucket",))
    gone = "" if method == "bucket_versioning" else f"s3.delete_{method.removesuffix('_configuration')} Bucket"
    api = Api(f"s3.put_{method}", gone=gone)
    return _Part(token, 1, replace=("bucket",), refs=(bucket,), api=api, listed=listed, put=(parameter, input_))


_POLICY = _part("Policy", "bucket_policy", "Policy", "policy")
_VERSIONING = _part("Versioning", "bucket_versioning", "VersioningConfiguration", "versioningConfiguration")
_SSE = "ServerSideEncryptionConfiguration"
_ENCRYPTION = _part(_SSE, "bucket_encryption", _SSE, "rules", listed=True)
_HAS = {"arn": "arn:aws:s3:::{bucket}", "bucketDomainName": "{bucket}.s3.amazonaws.com", "bucketRegion": "{region}"}
_HAS |= {"bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com"}
_BUCKET_HAS = {**_HAS, "forceDestroy": False, "objectLockEnabled": False}
_FORM = r"(?!xn--|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
_NAME = Name("bucket", _S3, _FORM, "InvalidBucketName", "{bucket}", tidy=str.lower)
_FIXED = ("bucket", "bucketPrefix", "objectLockEnabled")
TYPES = (
    _Bucket(BUCKET, 3, "", _BUCKET_HAS, _FIXED, name=_NAME, api=Api("", gone="s3.delete_bucket Bucket")),
    _part("OwnershipControls", "bucket_ownership_controls", "OwnershipControls", "rule", listed=True),
    _part("PublicAccessBlock", "public_access_block", "PublicAccessBlockConfiguration"),
    _part("LifecycleConfiguration", "bucket_lifecycle_configuration", "LifecycleConfiguration", "rules", listed=True),
    *(_ENCRYPTION, _VERSIONING, _POLICY),
)


@rule(_POLICY.token, "MalformedPolicy", _S3, property_="policy", fix="name this bucket's ARN, alone or with /*")
def _document(operation: Operation) -> str | None:
    """`policy` is JSON, and names no other bucket's resources."""
    policy, bucket = operation.one("policy"), operation.one("bucket")
    try:
        statements = json.loads(policy)["Statement"] if policy else []
    except (ValueError, KeyError, TypeError):
        return "policies must be valid JSON, with statements"
    for statement in statements if isinstance(statements, list) else [statements]:
        named = statement.get("Resource", [])
        for resource in named if isinstance(named, list) else [named]:
            if not re.fullmatch(rf"arn:aws:s3:::{re.escape(str(bucket))}(/.*|\*)?", resource):
                return f"policy has invalid resource {resource!r}"
    return None


_STATUS, _ALGORITHM = "versioningConfiguration.status", "rules.applyServerSideEncryptionByDefault.sseAlgorithm"
_KEY = "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId"
RULES = (
    Rule("Bucket-yours", BUCKET, "the account has no bucket of that name", "BucketAlreadyOwnedByYou", _S3, at="create"),
    Rule("Bucket-global", BUCKET, "no other account has one of that name", "BucketAlreadyExists", _S3, at="create"),
    one_of(_VERSIONING.token, _STATUS, ("Enabled", "Suspended", "Disabled"), "MalformedXML", _SDK),
    one_of(_ENCRYPTION.token, _ALGORITHM, ("AES256", "aws:kms", "aws:kms:dsse"), "MalformedXML", _SDK),
    _document,
    # AWS itself takes the configuration, and fails the first write
    key_use(_ENCRYPTION.token, _KEY, denied, "KMS.NotFoundException", Source("who needs the key, in the facts", "K")),
)
