"""Recovery: what is deleted or overwritten comes back."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    Backups,
    ClusterStandby,
    StoreVersioning,
    Versioning,
    ZoneRedundancy,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import Verdict

BACKUP_DAYS = 7
"""What all three clouds can do, in every edition: Cloud SQL Enterprise keeps logs for 7 days at most."""


@control(
    id="store-keeps-versions",
    title="Stores keep what is overwritten or deleted",
    why="Without versions, a mistake or an extortionist's overwrite is final.",
    remediation="Turn versioning on; on Azure, blob soft delete too.",
    severity=Severity.MEDIUM,
    judges=Versioning,
    omission=Level.DISABLED,
)
def versions(versioning: Versioning, settings: Settings) -> Verdict:
    return versioning.enabled.must_be(True, "versioning turned on")


@control(
    id="bucket-has-versioning",
    title="Every store's versioning is configured",
    why="Where versioning is another resource, a store without it keeps nothing.",
    remediation="Declare BucketVersioning for the bucket, or BlobServiceProperties for the storage account.",
    severity=Severity.MEDIUM,
    judges=StoreVersioning,
    omission=Level.DISABLED,
)
def versioning_configuration(store: StoreVersioning, settings: Settings) -> Verdict:
    return store.configured.must_exist("a resource that configures its versioning")


@control(
    id="backups-kept-7-days",
    title="Databases are backed up, and backups kept for 7 days or more",
    why="A mistake on a Friday evening is found on Monday.",
    remediation="Keep backups for 7 days or more: backupRetentionPeriod, backupConfiguration.enabled with "
    "retainedBackups, backupRetentionDays.",
    severity=Severity.HIGH,
    judges=Backups,
    omission=Level.ADVISORY,
)
def backups(backups: Backups, settings: Settings) -> Verdict:
    return backups.kept.must(lambda days: days >= BACKUP_DAYS, f"{BACKUP_DAYS} days or more")


@control(
    id="database-restores-to-any-moment",
    title="Databases can be brought back to any moment of the last 7 days",
    why="A backup alone loses all that was written after it.",
    remediation="Turn point-in-time recovery on, with 7 days of logs: pointInTimeRecoveryEnabled and "
    "transactionLogRetentionDays on Cloud SQL; elsewhere it comes with backups.",
    severity=Severity.HIGH,
    judges=Backups,
    omission=Level.ADVISORY,
)
def any_moment(backups: Backups, settings: Settings) -> Verdict:
    return backups.any_moment.must(lambda days: days >= BACKUP_DAYS, f"point-in-time recovery, {BACKUP_DAYS} days")


@control(
    id="database-survives-a-zone",
    title="Databases have a standby in another zone",
    why="Zones fail; without a standby the database is gone until its zone is back, or a backup is restored.",
    remediation="Set multiAz, availabilityType REGIONAL, or highAvailability.mode ZoneRedundant.",
    severity=Severity.MEDIUM,
    judges=ZoneRedundancy,
    omission=Level.DISABLED,
)
def zone_redundancy(redundancy: ZoneRedundancy, settings: Settings) -> Verdict:
    return redundancy.enabled.must_be(True, "a standby in another zone")


@control(
    id="database-cluster-has-standby",
    title="A database cluster has two instances or more",
    why="A cluster's storage is in three zones, but an only instance is in one.",
    remediation="Declare a second ClusterInstance for the cluster.",
    severity=Severity.MEDIUM,
    judges=ClusterStandby,
    omission=Level.DISABLED,
)
def cluster_standby(standby: ClusterStandby, settings: Settings) -> Verdict:
    return standby.servers.must(lambda servers: servers >= 2, "2 instances or more")
