"""Cases of the retention controls, which count in production only."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

RDS, SQL = "aws:rds/instance:Instance", "gcp:sql/databaseInstance:DatabaseInstance"
SERVER, LOCK = "azure-native:dbforpostgresql:Server", "azure-native:authorization:ManagementLockByScope"
GROUP = resource("azure-native:resources:ResourceGroup", {}, outputs={"name": "g", "id": "/g"}, name="group")
S3, GCS = "aws:s3/bucket:Bucket", "gcp:storage/bucket:Bucket"
ACCOUNT = "azure-native:storage:StorageAccount"
CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey"
KEY = "key-refuses-deletion"


def server() -> Declared:
    grouped = {"resourceGroupName": UNKNOWN}
    return resource(SERVER, grouped, depends={"resourceGroupName": GROUP}, outputs={"id": "/db"}, name="db")


def lock(level: Any, *depends: Declared) -> Declared:
    return resource(LOCK, {"scope": UNKNOWN, "level": level}, depends={"scope": depends}, name="lock")


def cloud_sql(enabled: Any, **properties: Any) -> Declared:
    return resource(SQL, {"settings": {"deletionProtectionEnabled": enabled}, **properties})


PROTECTION, LOCKED, PULUMI = "deletion-protection-is-on", "store-has-deletion-lock", "store-is-protected"
BACKUP, FORCED = "database-leaves-a-backup", "no-forced-deletion"

CASES = [
    violates(PROTECTION, resource(RDS), at="deletionProtection"),
    violates(PROTECTION, resource(RDS), at="deletionProtection", protections={"other": "development"}),
    violates(PROTECTION, cloud_sql(True, deletionProtection=False), at="deletionProtection"),
    violates(PROTECTION, cloud_sql(None), at="settings.deletionProtectionEnabled"),
    violates(KEY, resource(CRYPTO_KEY), at="deletionPolicy"),
    violates(KEY, resource(CRYPTO_KEY, {"deletionPolicy": "ABANDON"}), at="deletionPolicy"),
    passes(KEY, resource(CRYPTO_KEY), protection="development"),
    undecided(KEY, resource(CRYPTO_KEY, {"deletionPolicy": UNKNOWN})),
    passes(PROTECTION, resource(RDS), protection="development"),
    passes(PROTECTION, resource(RDS), protections={"tests/test": "development"}),
    passes(PROTECTION, resource(RDS, {"deletionProtection": True})),
    passes(PROTECTION, cloud_sql(True)),
    passes(KEY, resource(CRYPTO_KEY, {"deletionPolicy": "PREVENT"})),
    undecided(PROTECTION, resource(RDS, {"deletionProtection": UNKNOWN})),
    violates(LOCKED, GROUP, server(), at="ManagementLockByScope"),
    violates(LOCKED, GROUP, server(), lock("NotSpecified", server()), at="ManagementLockByScope"),
    passes(LOCKED, GROUP, server(), lock("CanNotDelete", server())),
    passes(LOCKED, GROUP, server(), lock("CanNotDelete", GROUP)),
    passes(LOCKED, GROUP, server(), protection="development"),
    violates(LOCKED, resource(ACCOUNT), at="ManagementLockByScope"),
    passes(LOCKED, resource(ACCOUNT, name="db"), lock("CanNotDelete", resource(ACCOUNT, name="db"))),
    undecided(LOCKED, GROUP, server(), lock("CanNotDelete")),
    undecided(LOCKED, GROUP, server(), lock(UNKNOWN, server())),
    violates(PULUMI, resource(S3), at="options.protect"),
    violates(PULUMI, resource("azure-native:keyvault:Key"), at="options.protect"),
    passes(PULUMI, resource(S3, protect=True)),
    passes(PULUMI, resource(S3), protection="development"),
    passes(PULUMI, resource("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b"})),
    violates(BACKUP, resource(RDS, {"skipFinalSnapshot": True}), at="skipFinalSnapshot"),
    violates(BACKUP, resource(SQL), at="settings.retainBackupsOnDelete"),
    passes(BACKUP, resource(RDS, {"finalSnapshotIdentifier": "db-final"})),
    passes(BACKUP, resource(SQL, {"settings": {"finalBackupConfig": {"enabled": True}}})),
    undecided(BACKUP, resource(RDS, {"skipFinalSnapshot": UNKNOWN})),
    violates(FORCED, resource(S3, {"forceDestroy": True}), at="forceDestroy"),
    violates(FORCED, resource(GCS, {"forceDestroy": True}), at="forceDestroy"),
    passes(FORCED, resource(S3)),
    passes(FORCED, resource(GCS, {"forceDestroy": True}), protection="development"),
    undecided(FORCED, resource(GCS, {"forceDestroy": UNKNOWN})),
]
