"""Keys: how often they change, and how long a deleted one can be brought back."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import EncryptionKey, KeyDeletion, PurgeProtection
from rampart_policy.registry import Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict

ROTATION_DAYS = 90
"""Also the shortest period of AWS KMS, and what the CIS benchmark for Google Cloud asks for."""

DELETION_DAYS = 30
"""The longest that AWS KMS waits; Google Cloud and Azure can wait longer."""


@control(
    id="key-rotates-every-90-days",
    title="Encryption keys rotate every 90 days or sooner",
    why="A key that never changes makes everything ever written with it one theft.",
    remediation="Turn automatic rotation on, with a period of 90 days: rotationPeriodInDays 90, rotationPeriod "
    "7776000s, a rotate action with timeAfterCreate P90D.",
    severity=Severity.HIGH,
    judges=EncryptionKey,
)
def rotation(key: EncryptionKey, settings: Settings) -> Verdict:
    """Signing keys and keys held outside the cloud cannot rotate by themselves."""
    often = key.period.must(lambda days: days <= ROTATION_DAYS, f"{ROTATION_DAYS} days or less")
    on = key.enabled.must_be(True, "automatic rotation")
    return when(key.rotatable).then(on & when(key.enabled).then(often))


@control(
    id="key-deletion-waits-30-days",
    title="A deleted key can be brought back for 30 days or more",
    why="When the key is gone, so is everything under it; this is the time to notice.",
    remediation="Set the waiting time to 30 days or more: deletionWindowInDays, destroyScheduledDuration, "
    "softDeleteRetentionInDays.",
    severity=Severity.HIGH,
    judges=KeyDeletion,
)
def deletion_window(deletion: KeyDeletion, settings: Settings) -> Verdict:
    return deletion.window.must(lambda days: days >= DELETION_DAYS, f"{DELETION_DAYS} days or more")


@control(
    id="vault-has-purge-protection",
    title="Deleted keys cannot be purged",
    why="Without purge protection, whoever deletes a key can make it final at once.",
    remediation="Set enablePurgeProtection to true. It cannot be undone.",
    severity=Severity.HIGH,
    judges=PurgeProtection,
)
def purge_protection(protection: PurgeProtection, settings: Settings) -> Verdict:
    return protection.enabled.must_be(True)
