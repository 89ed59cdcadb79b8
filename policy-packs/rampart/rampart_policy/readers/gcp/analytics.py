"""Google Cloud's warehouses, pipelines and streams: BigQuery, Pub/Sub, Kafka, Dataproc, Dataflow, Composer, Vertex."""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, Principal
from rampart_policy.readers.gcp.iam import grant
from rampart_policy.readers.gcp.identities import identity, said_identity
from rampart_policy.readers.gcp.machines import SHIELDED, metadata
from rampart_policy.readers.table import (
    admits,
    at,
    automatic_address,
    both,
    customer_key,
    declared_password,
    deletion_protected,
    each,
    filled,
    forced_deletion,
    negated,
    off,
    on,
    one_of,
    plain_url,
    plaintext,
    public_endpoint,
    service,
    set_,
    unless,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

no_surface(
    {
        "gcp:bigquery/routine:Routine": "code in a dataset, which is judged",
        "gcp:bigquery/job:Job": "runs once, in the name of whoever runs it",
        "gcp:bigquery/dataTransferConfig:DataTransferConfig": "when a query runs; secrets are the provider's",
        "gcp:bigquery/reservation:Reservation": "capacity",
        "gcp:bigquery/reservationAssignment:ReservationAssignment": "capacity",
        "gcp:bigquery/capacityCommitment:CapacityCommitment": "capacity",
        "gcp:bigquery/biReservation:BiReservation": "capacity",
        "gcp:bigquery/rowAccessPolicy:RowAccessPolicy": "narrows who sees which rows",
        "gcp:pubsub/schema:Schema": "the form of messages",
        "gcp:dataproc/autoscalingPolicy:AutoscalingPolicy": "how many machines",
        "gcp:managedkafka/topic:Topic": "a name in a cluster, which is judged",
        "gcp:healthcare/consentStore:ConsentStore": "in a dataset, which is judged; who may read it is IAM's",
        "gcp:healthcare/dicomStore:DicomStore": "in a dataset, which is judged; who may read it is IAM's",
        "gcp:healthcare/fhirStore:FhirStore": "in a dataset, which is judged; who may read it is IAM's",
        "gcp:healthcare/hl7Store:Hl7Store": "in a dataset, which is judged; who may read it is IAM's",
        "gcp:datastream/privateConnection:PrivateConnection": "joins Datastream with the network",
        "gcp:datastream/stream:Stream": "copies between profiles, which are judged",
    }
)

SPECIAL = {
    "allusers": Audience.EVERYONE,
    "allauthenticatedusers": Audience.EVERYONE,
    "projectreaders": Audience.ORGANIZATION,
    "projectwriters": Audience.ORGANIZATION,
}
"""Special groups of a dataset's access list; its owners must stay, or nobody can administer it."""


def _dataset_access(place: Node) -> Iterator[AccessGrant]:
    """One entry (`Dataset.accesses`): of a member, a domain or a special group."""
    for name in ("iamMember", "userByEmail", "groupByEmail"):
        if not place.key(name).missing:
            yield grant(place.key(name))
    for name, judge in (("domain", _domain), ("specialGroup", _special)):
        if not place.key(name).missing:
            who = place.key(name).text(default="").map(judge)
            yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False))


def _domain(name: str) -> Principal:
    return Principal(name, Audience.ORGANIZATION)


def _special(group: str) -> Principal:
    return Principal(group, SPECIAL.get(group.lower(), Audience.NAMED))


def _kafka_principal(place: Node) -> Iterator[AccessGrant]:
    """`User:*` is whoever gets in (Apache Kafka, "Authorization and ACLs")."""
    allows = place.key("permissionType").text(default="ALLOW").map(lambda kind: kind.upper() != "DENY")
    who = place.key("principal").text(default="").map(_kafka_user)
    yield AccessGrant(allows=allows, principal=who, narrowed=Field(False))


def _kafka_user(name: str) -> Principal:
    return Principal(name, Audience.EVERYONE if name.strip() == "User:*" else Audience.NAMED)


service(
    "gcp:bigquery/dataset:Dataset",
    customer_key(filled("defaultEncryptionConfiguration.kmsKeyName")),
    each("accesses", _dataset_access),
    forced_deletion(on("deleteContentsOnDestroy")),
)
service("gcp:bigquery/datasetAccess:DatasetAccess", _dataset_access)
service(
    "gcp:bigquery/table:Table",
    set_("encryptionConfiguration", customer_key(filled("encryptionConfiguration.kmsKeyName"))),
    deletion_protected(on("deletionProtection", default=True)),
)
service("gcp:bigquery/connection:Connection", declared_password(filled("cloudSql.credential.password")))
service("gcp:pubsub/topic:Topic", customer_key(filled("kmsKeyName")))
service(
    "gcp:pubsub/subscription:Subscription",
    plaintext(plain_url("pushConfig.pushEndpoint")),
)
service(
    "gcp:managedkafka/cluster:Cluster",
    customer_key(filled("gcpConfig.kmsKey")),
    public_endpoint(filled("gcpConfig.accessConfig.publicClusterConfig.allowedSourceIpRanges")),
    at("gcpConfig.accessConfig.publicClusterConfig", admits("allowedSourceIpRanges")),
)
service("gcp:managedkafka/acl:Acl", each("aclEntries", _kafka_principal))
service(
    "gcp:dataproc/cluster:Cluster",
    set_(
        "clusterConfig",
        customer_key(filled("clusterConfig.encryptionConfig.kmsKeyName")),
        public_endpoint(on("clusterConfig.endpointConfig.enableHttpPortAccess")),
    ),
    at(
        "clusterConfig.gceClusterConfig",
        automatic_address(off("internalIpOnly")),
        identity("serviceAccount"),
        at("metadata", metadata),
        *SHIELDED,
    ),
)
service(
    "gcp:dataproc/metastoreService:MetastoreService",
    customer_key(filled("encryptionConfig.kmsKey")),
    set_("deletionProtection", deletion_protected(on("deletionProtection"))),
)
service(
    (
        "gcp:dataflow/job:Job",
        "gcp:dataflow/flexTemplateJob:FlexTemplateJob",
    ),
    automatic_address(unless("ipConfiguration", "WORKER_IP_PRIVATE")),
    customer_key(filled("kmsKeyName")),
    identity("serviceAccountEmail"),
    variables("parameters"),
)
service(
    "gcp:composer/environment:Environment",
    customer_key(filled("config.encryptionConfig.kmsKeyName")),
    public_endpoint(
        negated(
            one_of(on("config.enablePrivateEnvironment"), on("config.privateEnvironmentConfig.enablePrivateEndpoint"))
        )
    ),
    identity("config.nodeConfig.serviceAccount"),
    admits("config.masterAuthorizedNetworksConfig.cidrBlocks", "cidrBlock"),
    admits("config.webServerNetworkAccessControl.allowedIpRanges", "value"),
    variables("config.softwareConfig.envVariables"),
    variables("config.softwareConfig.airflowConfigOverrides"),
)
service(
    "gcp:datafusion/instance:Instance",
    public_endpoint(off("privateInstance")),
    customer_key(filled("cryptoKeyConfig.keyReference")),
    said_identity("dataprocServiceAccount"),
)
service(
    "gcp:looker/instance:Instance",
    public_endpoint(one_of(on("publicIpEnabled"), both(off("privateIpEnabled"), off("pscEnabled")))),
    customer_key(filled("encryptionConfig.kmsKeyName")),
)
service("gcp:healthcare/dataset:Dataset", customer_key(filled("encryptionSpec.kmsKeyName")))
service(
    "gcp:datastream/connectionProfile:ConnectionProfile",
    *(
        declared_password(filled(f"{name}.password"))
        for name in (
            "forwardSshConnectivity",
            "mongodbProfile",
            "mysqlProfile",
            "oracleProfile",
            "postgresqlProfile",
            "sqlServerProfile",
        )
    ),
)
service(
    (
        "gcp:vertex/aiDataset:AiDataset",
        "gcp:vertex/aiEndpoint:AiEndpoint",
        "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore",
        "gcp:vertex/aiFeatureStore:AiFeatureStore",
        "gcp:vertex/aiIndex:AiIndex",
        "gcp:vertex/aiMetadataStore:AiMetadataStore",
        "gcp:vertex/aiTensorboard:AiTensorboard",
    ),
    customer_key(filled("encryptionSpec.kmsKeyName")),
)
service(
    "gcp:vertex/aiIndexEndpoint:AiIndexEndpoint",
    public_endpoint(on("publicEndpointEnabled")),
    customer_key(filled("encryptionSpec.kmsKeyName")),
)
