"""Amazon RDS and Aurora: what a server, or a cluster of them, says by itself."""

from collections.abc import Iterator

from rampart_policy.facts import (
    Backups,
    DataApi,
    DeclaredPassword,
    DeletionProtection,
    EncryptionAtRest,
    Fact,
    FinalBackup,
    IdentityLogin,
    ServiceEndpoint,
    StorageEncryption,
    ZoneRedundancy,
)
from rampart_policy.readers.aws.aspects import encrypted, given, keyed, public
from rampart_policy.readers.aws.policies import shared
from rampart_policy.readers.table import (
    debug_access,
    deletion_protected,
    each,
    identity_login,
    negated,
    off,
    on,
    patched,
    plaintext,
    says,
    service,
    set_,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either

IDENTITY_ENGINES = ("postgres", "mysql", "mariadb", "aurora")
"""What the names of engines with IAM database authentication begin with (RDS User Guide)."""

PATCHED = patched(on("autoMinorVersionUpgrade", default=True))

no_surface(
    {
        "aws:rds/clusterEndpoint:ClusterEndpoint": "a name for instances of a cluster, which are judged",
        "aws:rds/clusterRoleAssociation:ClusterRoleAssociation": "gives a cluster a role, which is judged",
        "aws:rds/eventSubscription:EventSubscription": "news of a server; the topic is judged",
        "aws:rds/instanceDesiredState:InstanceDesiredState": "whether a server runs",
        "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "how a proxy pools connections",
        "aws:rds/proxyEndpoint:ProxyEndpoint": "an address inside subnets; the proxy and its groups are judged",
        "aws:rds/proxyTarget:ProxyTarget": "joins a proxy with a server; both are judged",
        "aws:rds/reservedInstance:ReservedInstance": "a price",
        "aws:rds/roleAssociation:RoleAssociation": "gives a server a role, which is judged",
        "aws:rds/subnetGroup:SubnetGroup": "names subnets, which are judged",
    }
)

service("aws:rds/snapshot:Snapshot", also=(shared("sharedAccounts"),))
service("aws:rds/clusterSnapshot:ClusterSnapshot", also=(shared("sharedAccounts"),))
service(
    ("aws:rds/snapshotCopy:SnapshotCopy", "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy"),
    keyed("kmsKeyId"),
    also=(shared("sharedAccounts"),),
)
service("aws:rds/shardGroup:ShardGroup", public("publiclyAccessible"))
service(
    "aws:rds/globalCluster:GlobalCluster",
    where(negated(given("sourceDbClusterIdentifier")), encrypted(on("storageEncrypted"))),
    deletion_protected(on("deletionProtection")),
)
service(
    "aws:rds/proxy:Proxy",
    plaintext(off("requireTls")),
    each("auths", identity_login(says("iamAuth", "REQUIRED", default="DISABLED"))),
    set_("debugLogging", debug_access(on("debugLogging"))),
)
service(
    (
        "aws:rds/clusterActivityStream:ClusterActivityStream",
        "aws:rds/exportTask:ExportTask",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "aws:rds/integration:Integration",
        "aws:redshift/integration:Integration",
    ),
    keyed("kmsKeyId"),
)


@reader("aws:rds/instance:Instance")
def instance(made: Resource) -> Iterator[Fact]:
    """A replica is encrypted, backed up and made redundant with what it copies, unless it says otherwise."""
    replica = not made.at("replicateSourceDb").missing
    yield _endpoint(made.at("publiclyAccessible"), default=False)
    yield from _login(made, "password")
    yield from _insights(made)
    yield from PATCHED(made.properties)
    yield DeletionProtection(enabled=made.at("deletionProtection").flag(default=False))
    if not (replica and made.at("kmsKeyId").missing):
        yield from _storage(made, encrypted=False)
    if not replica:
        yield _backups(made.at("backupRetentionPeriod"), default=0)
        yield ZoneRedundancy(enabled=made.at("multiAz").flag(default=False))
        yield FinalBackup(kept=made.at("skipFinalSnapshot").flag(default=False).map(lambda skip: not skip))


@reader("aws:rds/cluster:Cluster")
def cluster(made: Resource) -> Iterator[Fact]:
    """Only a Multi-AZ cluster of RDS has an endpoint of its own to make public; Aurora's are its instances'."""
    own_servers = not made.at("dbClusterInstanceClass").missing
    yield _endpoint(made.at("publiclyAccessible"), default=own_servers and made.at("dbSubnetGroupName").missing)
    yield from _login(made, "masterPassword")
    yield from _insights(made)
    yield DeletionProtection(enabled=made.at("deletionProtection").flag(default=False))
    yield FinalBackup(kept=made.at("skipFinalSnapshot").flag(default=False).map(lambda skip: not skip))
    yield DataApi(enabled=made.at("enableHttpEndpoint").flag(default=False))
    yield _backups(made.at("backupRetentionPeriod"), default=1)
    if made.at("replicationSourceIdentifier").missing or not made.at("kmsKeyId").missing:
        yield from _storage(made, encrypted=made.at("engineMode").raw == "serverless")


@reader("aws:rds/clusterInstance:ClusterInstance")
def cluster_instance(made: Resource) -> Iterator[Fact]:
    """Encryption, backups and logins are the cluster's."""
    default = made.at("dbSubnetGroupName").missing and made.at("clusterIdentifier").missing
    yield _endpoint(made.at("publiclyAccessible"), default=default)
    yield from PATCHED(made.properties)
    yield from _insights(made)


def _endpoint(public: Node, *, default: bool) -> ServiceEndpoint:
    """Who gets through is the security groups' to say, which admit nobody by default."""
    return ServiceEndpoint(public=public.flag(default=default), admits=Field(False))


def _storage(made: Resource, *, encrypted: bool) -> Iterator[Fact]:
    yield StorageEncryption(enabled=made.at("storageEncrypted").flag(default=encrypted))
    yield EncryptionAtRest(customer_key=_customer_key(made.at("kmsKeyId")))


def _login(made: Resource, password: str) -> Iterator[Fact]:
    """A password that RDS manages is a secret of its own, under its own key."""
    yield DeclaredPassword(declared=made.at(password).given)
    managed = made.at("manageMasterUserPassword").flag(default=False)
    yield from _keyed_if(managed, made.at("masterUserSecretKmsKeyId"))
    engine = made.at("engine")
    if not isinstance(engine.raw, str) or engine.raw.startswith(IDENTITY_ENGINES):
        yield IdentityLogin(enabled=made.at("iamDatabaseAuthenticationEnabled").flag(default=False))


def _insights(made: Resource) -> Iterator[Fact]:
    """Performance Insights keeps what was run, values and all."""
    yield from _keyed_if(
        made.at("performanceInsightsEnabled").flag(default=False), made.at("performanceInsightsKmsKeyId")
    )


def _keyed_if(used: Field[bool], key: Node) -> Iterator[EncryptionAtRest]:
    if used.value is not False:
        yield EncryptionAtRest(customer_key=either(_customer_key(key), used.map(lambda on: not on)))


def _customer_key(key: Node) -> Field[bool]:
    """Without a key it is `aws/rds` or `aws/secretsmanager`, which AWS manages."""
    return key.text(default="").map(lambda name: bool(name) and ":alias/aws/" not in f":{name}")


def _backups(retention: Node, *, default: int) -> Backups:
    """With backups, RDS keeps the transaction logs for as long (RDS User Guide, "Point-in-time recovery")."""
    days = retention.number(default=default)
    return Backups(kept=days, any_moment=days)
