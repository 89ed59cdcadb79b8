"""Google Cloud's databases beside Cloud SQL, its caches and its file shares."""

from collections.abc import Iterator

from rampart_policy.facts import (
    Backups,
    DefaultOutboundAccess,
    ZoneRedundancy,
)
from rampart_policy.readers.gcp.durations import days
from rampart_policy.readers.table import (
    admits,
    admits_each,
    always,
    authenticated,
    customer_key,
    declared_password,
    deletion_protected,
    each,
    filled,
    forced_deletion,
    gives,
    identity_login,
    local_credentials,
    negated,
    on,
    one_of,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

KEPT, RECOVERABLE = "1209600s", 14
"""What AlloyDB keeps when nothing is said: fourteen days of backups and of changes (`automatedBackupPolicy`,
`continuousBackupConfig`)."""

outbound = gives(DefaultOutboundAccess, "enabled")
survives_zone = gives(ZoneRedundancy, "enabled")

no_surface(
    {
        "gcp:alloydb/backup:Backup": "encrypted like the cluster that it is of, unless it names a key of its own",
        "gcp:bigtable/appProfile:AppProfile": "how requests are routed",
        "gcp:bigtable/gCPolicy:GCPolicy": "when old cells go",
        "gcp:bigtable/logicalView:LogicalView": "a view; who may read it is IAM's",
        "gcp:bigtable/authorizedView:AuthorizedView": "a view; who may read it is IAM's",
        "gcp:firestore/index:Index": "how documents are found",
        "gcp:firestore/field:Field": "how documents are found",
        "gcp:firestore/backupSchedule:BackupSchedule": "when copies are made, under the database's key",
        "gcp:firestore/document:Document": "a document in a database, which is judged",
        "gcp:spanner/backupSchedule:BackupSchedule": "when copies are made",
        "gcp:memorystore/instanceDesiredUserCreatedEndpoints:InstanceDesiredUserCreatedEndpoints": "private endpoints "
        "of the program's own",
        "gcp:redis/clusterUserCreatedConnections:ClusterUserCreatedConnections": "private endpoints of the program's",
        "gcp:filestore/snapshot:Snapshot": "stays in the share that it is of",
        "gcp:netapp/volumeSnapshot:VolumeSnapshot": "stays in the volume that it is of",
    }
)


def _backups(place: Node) -> Iterator[Backups]:
    automatic, continuous = place.key("automatedBackupPolicy"), place.key("continuousBackupConfig")
    kept = days(automatic.at("timeBasedRetention.retentionPeriod"), KEPT)
    moment = continuous.key("recoveryWindowDays").number(default=RECOVERABLE)
    yield Backups(
        kept=_while(automatic.key("enabled").flag(default=True), kept),
        any_moment=_while(continuous.key("enabled").flag(default=True), moment),
    )


def _while(on_: Field[bool], value: Field[float]) -> Field[float]:
    return value if on_.value is True else on_.map(float)


service(
    "gcp:alloydb/cluster:Cluster",
    customer_key(filled("encryptionConfig.kmsKeyName")),
    where(negated(says("clusterType", "SECONDARY")), _backups),
    deletion_protected(on("deletionProtection", default=True)),
    declared_password(filled("initialUser.password")),
)
service(
    "gcp:alloydb/instance:Instance",
    public_endpoint(on("networkConfig.enablePublicIp")),
    admits("networkConfig.authorizedExternalNetworks", "cidrRange"),
    outbound(on("networkConfig.enableOutboundPublicIp")),
    plaintext(says("clientConnectionConfig.sslConfig.sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
    set_(
        "availabilityType", where(says("instanceType", "PRIMARY"), survives_zone(unless("availabilityType", "ZONAL")))
    ),
)
service(
    "gcp:alloydb/user:User",
    local_credentials(negated(says("userType", "ALLOYDB_IAM_USER", "ALLOYDB_IAM_GROUP"))),
    declared_password(filled("password")),
)
service(
    "gcp:spanner/database:Database",
    customer_key(one_of(filled("encryptionConfig.kmsKeyName"), filled("encryptionConfig.kmsKeyNames"))),
    deletion_protected(on("deletionProtection", default=True)),
)
service("gcp:spanner/instance:Instance", forced_deletion(on("forceDestroy")))
service(
    "gcp:bigtable/instance:Instance",
    each("clusters", customer_key(filled("kmsKeyName"))),
    deletion_protected(on("deletionProtection", default=True)),
    forced_deletion(on("forceDestroy")),
)
service(
    "gcp:bigtable/table:Table",
    set_("deletionProtection", deletion_protected(says("deletionProtection", "PROTECTED"))),
)
service(
    "gcp:firestore/database:Database",
    customer_key(filled("cmekConfig.kmsKeyName")),
    deletion_protected(
        one_of(says("deleteProtectionState", "DELETE_PROTECTION_ENABLED"), says("deletionPolicy", "PREVENT"))
    ),
)
service(
    ("gcp:memorystore/instance:Instance", "gcp:redis/cluster:Cluster"),
    customer_key(filled("kmsKey")),
    plaintext(
        negated(says("transitEncryptionMode", "SERVER_AUTHENTICATION", "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"))
    ),
    identity_login(says("authorizationMode", "IAM_AUTH", "AUTH_MODE_IAM_AUTH")),
    deletion_protected(on("deletionProtectionEnabled", default=True)),
)
service(
    "gcp:redis/instance:Instance",
    customer_key(filled("customerManagedKey")),
    plaintext(unless("transitEncryptionMode", "SERVER_AUTHENTICATION", default="DISABLED")),
    authenticated(on("authEnabled")),
    deletion_protected(on("deletionProtection", default=True)),
)
service("gcp:memcache/instance:Instance", plaintext(always), authenticated(negated(always)))
service(
    "gcp:filestore/instance:Instance",
    customer_key(filled("kmsKeyName")),
    each("fileShares.nfsExportOptions", admits("ipRanges")),
    set_("deletionProtectionEnabled", deletion_protected(on("deletionProtectionEnabled"))),
)
service("gcp:filestore/backup:Backup", customer_key(filled("kmsKeyName")))
service("gcp:netapp/volume:Volume", each("exportPolicy.rules", admits_each("allowedClients")))
service("gcp:netapp/storagePool:StoragePool", customer_key(filled("kmsConfig")))
service("gcp:netapp/backupVault:BackupVault", set_("kmsConfig", customer_key(filled("kmsConfig"))))
service(
    "gcp:lustre/instance:Instance",
    customer_key(filled("kmsKey")),
    each("accessRulesOptions.accessRules", admits("ipAddressRanges")),
)
service(
    "gcp:oracledatabase/autonomousDatabase:AutonomousDatabase",
    declared_password(filled("adminPassword")),
    deletion_protected(on("deletionProtection", default=True)),
    admits("properties.allowlistedIps"),
)
