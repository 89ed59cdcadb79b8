"""Retention: in production, what holds data or keys is not deleted by mistake. Under `development` it may go."""

from rampart_policy.configuration import Protection, Settings
from rampart_policy.facts import (
    DeletionLock,
    DeletionProtection,
    FinalBackup,
    ForcedDeletion,
    KeyRetention,
    StateProtection,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import PASS, Verdict

RELAX = "; or, if the stack may be lost, set its protection to development in the pack's configuration."


def in_production(settings: Settings, verdict: Verdict) -> Verdict:
    return PASS if settings.protection is Protection.DEVELOPMENT else verdict


@control(
    id="deletion-protection-is-on",
    title="The cloud refuses to delete databases, and what else is not made again",
    why="One wrong command, from anywhere, and the data is gone.",
    remediation="Turn deletion protection on: deletionProtection, on Cloud SQL settings.deletionProtectionEnabled too"
    f"{RELAX}",
    severity=Severity.HIGH,
    judges=DeletionProtection,
    omission=Level.ADVISORY,
)
def deletion_protection(protection: DeletionProtection, settings: Settings) -> Verdict:
    return in_production(settings, protection.enabled.must_be(True, "deletion protection (protection production)"))


@control(
    id="key-refuses-deletion",
    title="A key is not deleted by leaving it out of the program",
    why="The days in which a deleted key can be brought back pass unnoticed by those whose data is under it.",
    remediation=f"Set deletionPolicy to PREVENT on the CryptoKey{RELAX}",
    severity=Severity.MEDIUM,
    judges=KeyRetention,
    omission=Level.DISABLED,
)
def key_retention(key: KeyRetention, settings: Settings) -> Verdict:
    return in_production(settings, key.prevented.must_be(True, "PREVENT (protection production)"))


@control(
    id="store-has-deletion-lock",
    title="Stores with no deletion protection of their own have a lock",
    why="Azure's servers and storage accounts have no switch: whoever may change one may delete it.",
    remediation=f"Declare a ManagementLockByScope for the store or its resource group, with level CanNotDelete{RELAX}",
    severity=Severity.HIGH,
    judges=DeletionLock,
    omission=Level.DISABLED,
)
def deletion_lock(lock: DeletionLock, settings: Settings) -> Verdict:
    return in_production(settings, lock.locked.must_exist("a lock CanNotDelete (protection production)"))


@control(
    id="store-is-protected",
    title="Pulumi refuses to delete or replace stores and keys",
    why="A renamed resource, or a changed property that cannot be changed, replaces the store by an empty one.",
    remediation=f"Set the resource option protect to true{RELAX}",
    severity=Severity.HIGH,
    judges=StateProtection,
    level=Level.DISABLED,
)
def state_protection(protection: StateProtection, settings: Settings) -> Verdict:
    return in_production(settings, protection.enabled.must_be(True, "protect (protection production)"))


@control(
    id="database-leaves-a-backup",
    title="A database that is deleted leaves a backup",
    why="Automatic backups go with the database they are of.",
    remediation=f"Set skipFinalSnapshot to false, or retainBackupsOnDelete or finalBackupConfig.enabled to true{RELAX}",
    severity=Severity.HIGH,
    judges=FinalBackup,
    omission=Level.DISABLED,
)
def final_backup(backup: FinalBackup, settings: Settings) -> Verdict:
    return in_production(settings, backup.kept.must_be(True, "a backup that stays (protection production)"))


@control(
    id="no-forced-deletion",
    title="A bucket that holds anything is not deleted",
    why="With forceDestroy the bucket is emptied first, old versions and all.",
    remediation=f"Set forceDestroy to false{RELAX}",
    severity=Severity.HIGH,
    judges=ForcedDeletion,
)
def forced_deletion(deletion: ForcedDeletion, settings: Settings) -> Verdict:
    return in_production(settings, deletion.allowed.must_be(False, "false (protection production)"))
