"""Amazon S3 beside the bucket: access points, objects, websites, cross-origin rules, replication, tables, vectors."""

from collections.abc import Iterator

from rampart_policy.facts import AnonymousAccess, CrossTenantReplication, EncryptionAtRest, Fact
from rampart_policy.readers.aws.aspects import exposed, forced, is_own, keyed
from rampart_policy.readers.aws.policies import own_accounts, policy, shared
from rampart_policy.readers.aws.s3 import access_list, group
from rampart_policy.readers.table import Aspect, cross_origin, each, includes, on, service
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Node, combine

FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

_COUNTS = "counts and reports; lets nobody in"

no_surface(
    {
        **{
            f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}": reason
            for kind, reason in {
                "AnalyticsConfiguration": _COUNTS,
                "BucketAbac": "whether tags of a bucket count in policies",
                "BucketAccelerateConfiguration": "how fast uploads are",
                "BucketAccelerateConfigurationV2": "how fast uploads are",
                "BucketIntelligentTieringConfiguration": "which storage class objects are in",
                "BucketLogging": "where a bucket's log goes; that bucket is judged",
                "BucketLoggingV2": "where a bucket's log goes; that bucket is judged",
                "BucketMetadataConfiguration": _COUNTS,
                "BucketMetric": _COUNTS,
                "BucketNotification": "news of objects; who gets them is judged",
                "BucketObjectLockConfiguration": "keeps objects from being deleted",
                "BucketObjectLockConfigurationV2": "keeps objects from being deleted",
                "BucketRequestPaymentConfiguration": "who pays",
                "BucketRequestPaymentConfigurationV2": "who pays",
                "DirectoryBucket": "a bucket in one zone, with no access lists, blocked from the public always",
                "FilesMountTarget": "an address inside a subnet; its groups are judged",
                "FilesSynchronizationConfiguration": "when files are copied",
                "FilesAccessPoint": "as whom, and below which folder, files are mounted",
                "Inventory": _COUNTS,
            }.items()
        },
        **{
            f"aws:s3control/{kind[0].lower()}{kind[1:]}:{kind}": reason
            for kind, reason in {
                "AccessGrantsInstance": "a list of grants, which are judged",
                "AccessGrantsLocation": "a folder for grants, under a role, which is judged",
                "Bucket": "a bucket on one's own hardware; its policy is judged",
                "BucketLifecycleConfiguration": "when objects go, not who reads them",
                "DirectoryBucketAccessPointScope": "which objects an access point reaches: it only takes away",
                "MultiRegionAccessPointRoutes": "which region answers",
                "ObjectLambdaAccessPoint": "changes what is read; its policy is judged",
                "StorageLensConfiguration": _COUNTS,
            }.items()
        },
        "aws:s3outposts/endpoint:Endpoint": "an address inside a subnet; its groups are judged",
        "aws:s3tables/namespace:Namespace": "a name for tables",
        "aws:s3tables/tableBucketReplication:TableBucketReplication": "copies tables within the organization",
        "aws:s3tables/tableReplication:TableReplication": "copies tables within the organization",
    }
)


def _flags(path: str) -> Aspect:
    """The block of an access point is on when nothing is said; each flag that is turned off opens a way."""

    def aspect(place: Node) -> Iterator[Fact]:
        for flag in FLAGS:
            closed = place.at(path).key(flag).flag(default=True)
            yield AnonymousAccess(possible=closed.map(lambda blocks: not blocks))

    return aspect


service("aws:s3/accessPoint:AccessPoint", _flags("publicAccessBlockConfiguration"), also=(policy("policy"),))
service("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", _flags("details.publicAccessBlock"))
service("aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy", also=(policy("details.policy"),))
service(
    (
        "aws:s3control/accessPointPolicy:AccessPointPolicy",
        "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy",
        "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy",
        "aws:s3control/bucketPolicy:BucketPolicy",
        "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy",
        "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy",
    ),
    also=(policy("policy"),),
)
service(
    ("aws:s3tables/tableBucketPolicy:TableBucketPolicy", "aws:s3tables/tablePolicy:TablePolicy"),
    also=(policy("resourcePolicy"),),
)
service("aws:s3control/accessGrant:AccessGrant", also=(shared("grantee.granteeIdentifier"),))


def _list(place: Node) -> Iterator[Fact]:
    yield from access_list(place.key("acl"))
    for item in place.key("grants").items():
        yield from group(item.key("uri"))


service(("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"), _list)
service("aws:s3/objectCopy:ObjectCopy", _list)
service(
    (
        "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
        "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
    ),
    exposed,
)
service(
    (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2",
    ),
    each("corsRules", cross_origin(includes("allowedOrigins", "*"))),
)


@reader("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
def replication(made: Resource) -> Iterator[Fact]:
    """A copy in another account is that account's."""
    own = own_accounts(made)
    for rule in made.at("rules").items():
        account = rule.at("destination.account").text(default="")
        yield CrossTenantReplication(possible=account.map(lambda name: bool(name) and bool(own) and name not in own))


def _sealed(path: str) -> Aspect:
    """Tables and vectors are under S3's own keys when nothing is said."""

    def aspect(place: Node) -> Iterator[Fact]:
        block = place.at(path)
        yield EncryptionAtRest(
            customer_key=combine(
                lambda kind, key: kind == "aws:kms" and is_own(key),
                block.key("sseAlgorithm" if path == "encryptionConfiguration" else "sseType").text(default="AES256"),
                block.key("kmsKeyArn").text(default=""),
            )
        )

    return aspect


service("aws:s3tables/tableBucket:TableBucket", _sealed("encryptionConfiguration"), forced(on("forceDestroy")))
service(
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket", _sealed("encryptionConfigurations"), forced(on("forceDestroy"))
)
service("aws:s3/filesFileSystem:FilesFileSystem", keyed("kmsKeyId"))


def _of_bucket(place: Node) -> Iterator[Fact]:
    """A table or index is encrypted as its bucket is, unless it says otherwise."""
    for path in ("encryptionConfiguration", "encryptionConfigurations"):
        if not place.key(path).missing:
            yield from _sealed(path)(place)


service(("aws:s3tables/table:Table", "aws:s3/vectorsIndex:VectorsIndex"), _of_bucket)
