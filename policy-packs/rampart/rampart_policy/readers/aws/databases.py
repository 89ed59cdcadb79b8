"""AWS databases beside RDS: DocumentDB, Neptune, Redshift, DynamoDB and its kin, Keyspaces, Timestream, QLDB, DSQL.

Defaults are those of each type's page in the provider's documentation.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AutomaticAddressing,
    Backups,
    Fact,
    Role,
    RoleGrant,
    Scope,
    StorageEncryption,
    Transport,
)
from rampart_policy.readers import transport
from rampart_policy.readers.aws.aspects import (
    backed_up,
    forced,
    keyed,
    keyed_where,
    leaves_backup,
    own_key,
    passwords,
    public,
    stored,
    unkeyed,
)
from rampart_policy.readers.aws.policies import policy, shared
from rampart_policy.readers.table import (
    Aspect,
    both,
    customer_key,
    deletion_protected,
    each,
    identity_login,
    off,
    on,
    patched,
    plaintext,
    says,
    service,
    unless,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine

INSIGHTS = keyed_where(on("enablePerformanceInsights"), "performanceInsightsKmsKeyId")

PATCHED = patched(on("autoMinorVersionUpgrade", default=True))

RESTORABLE_DAYS = 35
"""Days back to which DynamoDB and Keyspaces restore any moment, once that is on."""

no_surface(
    {
        "aws:dax/parameterGroup:ParameterGroup": "how long items are cached",
        "aws:dax/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:docdb/eventSubscription:EventSubscription": "news of a cluster; the topic is judged",
        "aws:docdb/globalCluster:GlobalCluster": "joins clusters, which are judged",
        "aws:docdb/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:dynamodb/contributorInsights:ContributorInsights": "counts which keys are used most",
        "aws:dynamodb/globalSecondaryIndex:GlobalSecondaryIndex": "a part of a table, which is judged",
        "aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination": "names a stream, which is judged",
        "aws:dynamodb/tag:Tag": "a tag",
        "aws:keyspaces/keyspace:Keyspace": "a name for tables, which are judged",
        "aws:neptune/eventSubscription:EventSubscription": "news of a cluster; the topic is judged",
        "aws:neptune/globalCluster:GlobalCluster": "joins clusters, which are judged",
        "aws:neptune/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:redshift/authenticationProfile:AuthenticationProfile": "how clients log in by default",
        "aws:redshift/clusterIamRoles:ClusterIamRoles": "gives a cluster roles, which are judged",
        "aws:redshift/eventSubscription:EventSubscription": "news of a cluster; the topic is judged",
        "aws:redshift/logging:Logging": "turns a cluster's audit log on; the bucket is judged",
        "aws:redshift/scheduledAction:ScheduledAction": "stops and starts a cluster",
        "aws:redshift/snapshotSchedule:SnapshotSchedule": "when snapshots are made",
        "aws:redshift/snapshotScheduleAssociation:SnapshotScheduleAssociation": "joins a cluster with a schedule",
        "aws:redshift/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:redshift/usageLimit:UsageLimit": "limits what is spent",
        "aws:redshiftserverless/usageLimit:UsageLimit": "limits what is spent",
        "aws:timestreamwrite/table:Table": "a part of a database, which is judged",
    }
)

CLUSTER: tuple[Aspect, ...] = (
    deletion_protected(on("deletionProtection")),
    leaves_backup(off("skipFinalSnapshot")),
    backed_up("backupRetentionPeriod", default=1),
)

service("aws:docdb/cluster:Cluster", stored("storageEncrypted", "kmsKeyId"), *CLUSTER, passwords("masterPassword"))
service("aws:docdb/clusterInstance:ClusterInstance", INSIGHTS, PATCHED)
service(
    "aws:docdb/elasticCluster:ElasticCluster",
    keyed("kmsKeyId"),
    backed_up("backupRetentionPeriod", default=1),
    passwords("adminUserPassword"),
)
service(
    "aws:neptune/cluster:Cluster",
    stored("storageEncrypted", "kmsKeyArn"),
    *CLUSTER,
    identity_login(on("iamDatabaseAuthenticationEnabled")),
)
service("aws:neptune/clusterInstance:ClusterInstance", public("publiclyAccessible"), PATCHED)
service(
    "aws:neptunegraph/graph:Graph",
    public("publicConnectivity"),
    keyed("kmsKeyIdentifier"),
    deletion_protected(on("deletionProtection", default=True)),
)


def _parameter(name: str, *refusing: str, default: bool) -> Aspect:
    """A parameter that makes a server refuse plaintext with some of its values. default: it does so without."""

    def aspect(place: Node) -> Iterator[Fact]:
        found = transport.setting(place.at("parameters").items(), frozenset({name}))
        if found is not None:
            yield Transport(plaintext=found.map(lambda text: text.strip().lower() not in refusing))
        elif not default:
            yield Transport(plaintext=Field(True, "parameters", default=True))

    return aspect


service(
    "aws:docdb/clusterParameterGroup:ClusterParameterGroup",
    _parameter("tls", "enabled", "tls1.2+", "tls1.3+", "fips-140-3", default=True),
)
service(
    ("aws:neptune/clusterParameterGroup:ClusterParameterGroup", "aws:neptune/parameterGroup:ParameterGroup"),
    _parameter("neptune_enforce_ssl", "1", default=True),
)


def _redshift_parameters(place: Node) -> Iterator[Fact]:
    """Groups of the first family take plaintext unless told otherwise (Redshift guide, "Security options")."""
    family = place.key("family").text(default="")
    found = [*_parameter("require_ssl", "true", "1", default=family.value != "redshift-1.0")(place)]
    if not family.known and all(fact.plaintext.value is False for fact in found if isinstance(fact, Transport)):
        found = [Transport(plaintext=Field(UNKNOWN, family.path))]
    yield from found


service("aws:redshift/parameterGroup:ParameterGroup", _redshift_parameters)


def _elastic_address(place: Node) -> Iterator[Fact]:
    if not place.key("elasticIp").missing:
        yield AutomaticAddressing(public=place.key("elasticIp").given)


service(
    "aws:redshift/cluster:Cluster",
    public("publiclyAccessible"),
    _elastic_address,
    stored("encrypted", "kmsKeyId", default=True),
    passwords("masterPassword"),
    keyed_where(on("manageMasterPassword"), "masterPasswordSecretKmsKeyId"),
    backed_up("automatedSnapshotRetentionPeriod", default=1, any_moment=False),
    leaves_backup(off("skipFinalSnapshot")),
)
service("aws:redshift/snapshotCopyGrant:SnapshotCopyGrant", keyed("kmsKeyId"))
service("aws:redshift/endpointAuthorization:EndpointAuthorization", also=(shared("account"),))
service("aws:redshift/dataShareAuthorization:DataShareAuthorization", also=(shared("consumerIdentifier"),))
service(
    (
        "aws:redshift/resourcePolicy:ResourcePolicy",
        "aws:redshiftserverless/resourcePolicy:ResourcePolicy",
        "aws:dynamodb/resourcePolicy:ResourcePolicy",
        "aws:dsql/clusterPolicy:ClusterPolicy",
    ),
    also=(policy("policy"),),
)


def _workgroup_parameters(place: Node) -> Iterator[Fact]:
    for item in place.key("configParameters").items():
        name = item.key("parameterKey")
        if isinstance(name.raw, Unknown):
            yield Transport(plaintext=Field(name.raw, name.path))
        elif name.raw == "require_ssl":
            yield Transport(plaintext=item.key("parameterValue").flag(default=False).map(lambda needed: not needed))


service(
    "aws:redshiftserverless/namespace:Namespace",
    keyed("kmsKeyId"),
    passwords("adminUserPassword"),
    keyed_where(on("manageAdminPassword"), "adminPasswordSecretKmsKeyId"),
)
service("aws:redshiftserverless/workgroup:Workgroup", public("publiclyAccessible"), _workgroup_parameters)


def _restorable(block: Node) -> Iterator[Fact]:
    """Point-in-time recovery of a table that has backups of no other kind by itself."""
    on_ = block.key("enabled").flag(default=False)
    days = block.key("recoveryPeriodInDays").number(default=RESTORABLE_DAYS)
    yield Backups(kept=Field(float("inf")), any_moment=combine(lambda yes, kept: kept if yes else 0.0, on_, days))


def _recovery(place: Node) -> Iterator[Fact]:
    yield from _restorable(place.key("pointInTimeRecovery"))


service(
    "aws:dynamodb/table:Table",
    customer_key(both(on("serverSideEncryption.enabled"), own_key("serverSideEncryption.kmsKeyArn"))),
    deletion_protected(on("deletionProtectionEnabled")),
    _recovery,
    each("replicas", keyed("kmsKeyArn")),
)
service(
    "aws:dynamodb/tableReplica:TableReplica",
    keyed("kmsKeyArn"),
    deletion_protected(on("deletionProtectionEnabled")),
)
service("aws:dynamodb/globalTable:GlobalTable", unkeyed)
service(
    "aws:dynamodb/tableExport:TableExport", customer_key(both(says("s3SseAlgorithm", "KMS"), own_key("s3SseKmsKeyId")))
)


def _rows(place: Node) -> Iterator[Fact]:
    """How DAX keeps what it caches: it takes no key of the customer's."""
    yield StorageEncryption(enabled=place.at("serverSideEncryption.enabled").flag(default=False))


service("aws:dax/cluster:Cluster", _rows, plaintext(unless("clusterEndpointEncryptionType", "TLS", default="NONE")))


def _keyspace_recovery(place: Node) -> Iterator[Fact]:
    status = place.at("pointInTimeRecovery.status").text(default="DISABLED")
    days = status.map(lambda state: float(RESTORABLE_DAYS) if state == "ENABLED" else 0.0)
    yield Backups(kept=Field(float("inf")), any_moment=days)


service(
    "aws:keyspaces/table:Table",
    customer_key(
        both(
            says("encryptionSpecification.type", "CUSTOMER_MANAGED_KMS_KEY", default="AWS_OWNED_KMS_KEY"),
            own_key("encryptionSpecification.kmsKeyIdentifier"),
        )
    ),
    _keyspace_recovery,
)
service("aws:timestreamwrite/database:Database", keyed("kmsKeyId"))
service(
    ("aws:timestreaminfluxdb/dbInstance:DbInstance", "aws:timestreaminfluxdb/dbCluster:DbCluster"),
    public("publiclyAccessible"),
    passwords("password"),
)
service(
    "aws:dsql/cluster:Cluster",
    keyed("kmsEncryptionKey"),
    deletion_protected(on("deletionProtectionEnabled")),
    forced(on("forceDestroy")),
)


def _ledger(place: Node) -> Iterator[Fact]:
    """With ALLOW_ALL, whoever may send commands may send all of them."""
    mode = place.key("permissionsMode").text(default="").map(lambda name: Role(name, broad=name == "ALLOW_ALL"))
    yield RoleGrant(role=mode, scope=Field(Scope("the ledger", broad=False)))


service("aws:qldb/ledger:Ledger", _ledger, keyed("kmsKey"), deletion_protected(on("deletionProtection", default=True)))
service(
    "aws:lightsail/database:Database",
    public("publiclyAccessible"),
    passwords("masterPassword"),
    leaves_backup(off("skipFinalSnapshot")),
)
