"""AWS file systems and backups: EFS, FSx, Storage Gateway, AWS Backup, Glacier."""

from collections.abc import Iterator

from rampart_policy.facts import Backups, EncryptionAtRest, Fact
from rampart_policy.readers.aws.aspects import (
    backed_up,
    forced,
    is_own,
    keyed,
    leaves_backup,
    own_key,
    passwords,
    stored,
)
from rampart_policy.readers.aws.policies import policy
from rampart_policy.readers.table import both, customer_key, off, on, service, set_
from rampart_policy.registry import no_surface
from rampart_policy.values import Node

no_surface(
    {
        "aws:backup/framework:Framework": "reports what is backed up",
        "aws:backup/globalSettings:GlobalSettings": "whether vaults of the organization may be copied to",
        "aws:backup/regionSettings:RegionSettings": "which services are backed up",
        "aws:backup/reportPlan:ReportPlan": "reports what is backed up",
        "aws:backup/restoreTestingPlan:RestoreTestingPlan": "tests whether backups come back",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection": "tests whether backups come back",
        "aws:backup/selection:Selection": "what is backed up",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration": "keeps backups from being deleted",
        "aws:backup/vaultNotifications:VaultNotifications": "news of a vault; the topic is judged",
        "aws:efs/accessPoint:AccessPoint": "as whom, and below which folder, a file system is mounted",
        "aws:efs/backupPolicy:BackupPolicy": "whether a file system is backed up every day",
        "aws:efs/mountTarget:MountTarget": "a file system's address inside a subnet; its groups are judged",
        "aws:fsx/backup:Backup": "encrypted as what it is of",
        "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation": "joins a file system with a bucket",
        "aws:fsx/ontapVolume:OntapVolume": "a part of a file system, which is judged",
        "aws:fsx/openZfsSnapshot:OpenZfsSnapshot": "encrypted as what it is of",
        "aws:fsx/openZfsVolume:OpenZfsVolume": "a part of a file system, which is judged",
        "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment": "joins a file system with an access point",
        "aws:storagegateway/cache:Cache": "a disk of a gateway",
        "aws:storagegateway/fileSystemAssociation:FileSystemAssociation": "joins a gateway with a file system",
        "aws:storagegateway/gateway:Gateway": "a gateway in one's own network",
        "aws:storagegateway/tapePool:TapePool": "how long tapes are kept",
        "aws:storagegateway/uploadBuffer:UploadBuffer": "a disk of a gateway",
        "aws:storagegateway/workingStorage:WorkingStorage": "a disk of a gateway",
    }
)

service("aws:efs/fileSystem:FileSystem", stored("encrypted", "kmsKeyId"))
service(
    (
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:glacier/vaultLock:VaultLock",
    ),
    also=(policy("policy"),),
)
service("aws:glacier/vault:Vault", also=(policy("accessPolicy"),))


def _copy(place: Node) -> Iterator[Fact]:
    yield EncryptionAtRest(customer_key=place.at("destination.kmsKeyId").text(default="").map(is_own))


service("aws:efs/replicationConfiguration:ReplicationConfiguration", _copy)
service(
    "aws:fsx/windowsFileSystem:WindowsFileSystem",
    keyed("kmsKeyId"),
    leaves_backup(off("skipFinalBackup")),
    backed_up("automaticBackupRetentionDays", default=7, any_moment=False),
    passwords("selfManagedActiveDirectory.password"),
)
service("aws:fsx/ontapFileSystem:OntapFileSystem", keyed("kmsKeyId"), passwords("fsxAdminPassword"))
service(
    "aws:fsx/ontapStorageVirtualMachine:OntapStorageVirtualMachine",
    passwords("svmAdminPassword", "activeDirectoryConfiguration.selfManagedActiveDirectoryConfiguration.password"),
)
service(
    ("aws:fsx/openZfsFileSystem:OpenZfsFileSystem", "aws:fsx/lustreFileSystem:LustreFileSystem"),
    keyed("kmsKeyId"),
    set_("skipFinalBackup", leaves_backup(off("skipFinalBackup"))),
)
service("aws:fsx/fileCache:FileCache", keyed("kmsKeyId"))
service(
    ("aws:storagegateway/nfsFileShare:NfsFileShare", "aws:storagegateway/smbFileShare:SmbFileShare"),
    customer_key(both(on("kmsEncrypted"), own_key("kmsKeyArn"))),
)
service(
    (
        "aws:storagegateway/cachesIscsiVolume:CachesIscsiVolume",
        "aws:storagegateway/storedIscsiVolume:StoredIscsiVolume",
    ),
    customer_key(both(on("kmsEncrypted"), own_key("kmsKey"))),
)
service("aws:backup/vault:Vault", keyed("kmsKeyArn"), forced(on("forceDestroy")))
service("aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault", keyed("encryptionKeyArn"))


def _plan(place: Node) -> Iterator[Fact]:
    """A rule without a lifecycle keeps its backups for ever."""
    for rule in place.key("rules").items():
        days = rule.at("lifecycle.deleteAfter").number(default=float("inf"))
        moment = rule.at("lifecycle.deleteAfter").number(default=float("inf")).map(lambda _: float("inf"))
        yield Backups(kept=days, any_moment=moment)


service("aws:backup/plan:Plan", _plan)
