"""Google Cloud's secrets, registries, certificate authorities, and what moves data between buckets."""

from collections.abc import Iterator

from rampart_policy.facts import KeyDeletion
from rampart_policy.readers import secrets
from rampart_policy.readers.table import (
    admits,
    at,
    customer_key,
    deletion_protected,
    each,
    filled,
    on,
    one_of,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    secret_in_clear,
    service,
    set_,
    threat_detection,
    unless,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Node

no_surface(
    {
        "gcp:artifactregistry/vpcscConfig:VpcscConfig": "what a perimeter lets a registry fetch",
        "gcp:artifactregistry/rule:Rule": "narrows what is downloaded",
        "gcp:certificateauthority/caPool:CaPool": "which certificates may be issued; who may ask is IAM's",
        "gcp:certificateauthority/certificate:Certificate": "a certificate; its key stays with the program",
        "gcp:certificateauthority/certificateTemplate:CertificateTemplate": "narrows which certificates are issued",
        "gcp:certificatemanager/certificate:Certificate": "a certificate; its key is a secret of the provider's",
        "gcp:certificatemanager/certificateMap:CertificateMap": "which certificate answers for which name",
        "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": "which certificate answers for which name",
        "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": "proves that a name is one's own",
        "gcp:certificatemanager/trustConfig:TrustConfig": "whose certificates of clients are taken",
        "gcp:storage/bucketObject:BucketObject": "an object in a bucket, which is judged",
        "gcp:storage/folder:Folder": "a folder of a bucket, which is judged",
        "gcp:storage/managedFolder:ManagedFolder": "a folder of a bucket; the bindings on it are judged",
        "gcp:storage/notification:Notification": "tells a topic, which is judged, of new objects",
        "gcp:storage/anywhereCache:AnywhereCache": "a cache of a bucket, under its rules",
        "gcp:storage/transferAgentPool:TransferAgentPool": "a name for machines that copy",
        "gcp:storage/insightsReportConfig:InsightsReportConfig": "lists a bucket's objects in another bucket",
    }
)


def _grace(place: Node) -> Iterator[KeyDeletion]:
    """A deleted authority can be brought back for thirty days, unless told otherwise."""
    skipped = place.key("skipGracePeriod").flag(default=False)
    yield KeyDeletion(window=skipped.map(lambda at_once: 0.0 if at_once else 30.0))


service(
    "gcp:secretmanager/secret:Secret",
    where(
        filled("replication.userManaged"),
        each("replication.userManaged.replicas", customer_key(filled("customerManagedEncryption.kmsKeyName"))),
    ),
    where(
        lambda place: filled("replication.userManaged")(place).map(lambda own: not own),
        customer_key(filled("replication.auto.customerManagedEncryption.kmsKeyName")),
    ),
)
service("gcp:secretmanager/regionalSecret:RegionalSecret", customer_key(filled("customerManagedEncryption.kmsKeyName")))
service(
    (
        "gcp:secretmanager/secretVersion:SecretVersion",
        "gcp:secretmanager/regionalSecretVersion:RegionalSecretVersion",
    ),
    lambda place: (secrets.unmarked(place.key("secretData")),),
)
service(
    "gcp:artifactregistry/repository:Repository",
    where(unless("mode", "VIRTUAL_REPOSITORY"), customer_key(filled("kmsKeyName"))),
    set_(
        "vulnerabilityScanningConfig.enablementState",
        threat_detection(unless("vulnerabilityScanningConfig.enablementState", "DISABLED")),
    ),
    *(
        plaintext(plain_url(f"remoteRepositoryConfig.{kind}.uri"))
        for kind in (
            "commonRepository",
            "dockerRepository.customRepository",
            "mavenRepository.customRepository",
            "npmRepository.customRepository",
            "pythonRepository.customRepository",
        )
    ),
)
service(
    "gcp:certificateauthority/authority:Authority",
    deletion_protected(on("deletionProtection", default=True)),
    _grace,
)
service(
    "gcp:storage/transferJob:TransferJob",
    secret_in_clear(
        one_of(
            filled("transferSpec.awsS3DataSource.awsAccessKey.secretAccessKey"),
            filled("transferSpec.azureBlobStorageDataSource.azureCredentials.sasToken"),
        )
    ),
    plaintext(says("transferSpec.awsS3CompatibleDataSource.s3Metadata.protocol", "NETWORK_PROTOCOL_HTTP")),
)
service(
    "gcp:storage/ftpServer:FtpServer",
    public_endpoint(filled("externalConfig")),
    at("externalConfig", admits("allowedCidrBlocks")),
)
