"""Amazon S3: what a bucket, or one of the resources that configure it, says by itself."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    AccessLists,
    AnonymousAccess,
    Audience,
    EncryptionAtRest,
    Fact,
    ForcedDeletion,
    Principal,
    ServiceEndpoint,
    Versioning,
)
from rampart_policy.readers.aws import policies
from rampart_policy.readers.aws.aspects import is_own
from rampart_policy.readers.table import cross_origin, includes
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine

KEYED = ("aws:kms", "aws:kms:dsse")
"""Algorithms that use a KMS key (`BucketServerSideEncryptionConfiguration`); the other, AES256, uses S3's own."""

CANNED = {
    "public-read": Audience.EVERYONE,
    "public-read-write": Audience.EVERYONE,
    "website": Audience.EVERYONE,
    "authenticated-read": Audience.EVERYONE,
}
"""Canned access lists that let everybody in (S3 User Guide, "Access control list (ACL) overview"). Authenticated users
are those of any AWS account."""

GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")

no_surface(
    {
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "when objects go, not who reads them",
        "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": "when objects go, not who reads them",
    }
)


@reader("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
def bucket(made: Resource) -> Iterator[Fact]:
    """What is written on the bucket itself, which the resources beside it have mostly replaced."""
    yield from policies.grants(made.at("policy"), made)
    yield from access_list(made.at("acl"))
    if not made.at("website").missing:
        yield ServiceEndpoint(public=made.at("website").given, admits=Field(True))
    for rule in made.at("corsRules").items():
        yield from cross_origin(includes("allowedOrigins", "*"))(rule)
    yield ForcedDeletion(allowed=made.at("forceDestroy").flag(default=False))
    for given in made.at("grants").items():
        yield from group(given.key("uri"))
    encryption = made.at("serverSideEncryptionConfiguration")
    if not encryption.missing:
        yield EncryptionAtRest(customer_key=_customer_key(encryption.at("rule")))
    versioning = made.at("versioning")
    if not versioning.missing:
        yield Versioning(enabled=versioning.at("enabled").flag(default=False))


@reader("aws:s3/bucketPolicy:BucketPolicy")
def bucket_policy(made: Resource) -> Iterator[Fact]:
    yield from policies.grants(made.at("policy"), made)


@reader("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")
def bucket_acl(made: Resource) -> Iterator[Fact]:
    yield from access_list(made.at("acl"))
    for given in made.at("accessControlPolicy.grants").items():
        yield from group(given.at("grantee.uri"))


@reader(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
)
def public_access_block(made: Resource) -> Iterator[AnonymousAccess]:
    """Each of the four flags closes another way; all default to off."""
    for flag in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"):
        yield AnonymousAccess(possible=made.at(flag).flag(default=False).map(lambda blocks: not blocks))


@reader("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
def ownership(made: Resource) -> Iterator[AccessLists]:
    rule = made.at("rule.objectOwnership").text(default="")
    yield AccessLists(enabled=rule.map(lambda owner: owner != "BucketOwnerEnforced"))


@reader(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
def encryption(made: Resource) -> Iterator[EncryptionAtRest]:
    for rule in made.at("rules").items():
        yield EncryptionAtRest(customer_key=_customer_key(rule))


@reader("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
def versioning(made: Resource) -> Iterator[Versioning]:
    status = made.at("versioningConfiguration.status").text(default="Disabled")
    yield Versioning(enabled=status.map(lambda state: state == "Enabled"))


def _customer_key(rule: Node) -> Field[bool]:
    """With no key named, `aws:kms` uses the account's `aws/s3` key, which AWS manages."""
    default = rule.at("applyServerSideEncryptionByDefault")
    return combine(
        lambda algorithm, key: algorithm in KEYED and is_own(key),
        default.at("sseAlgorithm").text(default=""),
        default.at("kmsMasterKeyId").text(default=""),
    )


def access_list(node: Node) -> Iterator[Fact]:
    if not node.missing:
        named = node.text(default="").map(lambda acl: Principal(f"access list {acl}", CANNED.get(acl, Audience.NAMED)))
        yield AccessGrant(allows=Field(True), principal=named, narrowed=Field(False))


def group(node: Node) -> Iterator[Fact]:
    if not node.missing:
        named = node.text(default="").map(
            lambda uri: Principal(uri, Audience.EVERYONE if uri.endswith(GROUPS) else Audience.NAMED)
        )
        yield AccessGrant(allows=Field(True), principal=named, narrowed=Field(False))
