"""Encryption at rest, and whose keys it is under."""

from rampart_policy.configuration import Plan, Settings
from rampart_policy.facts import (
    EncryptionAtRest,
    StorageEncryption,
    StoreEncryption,
)
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import PASS, Verdict


@control(
    id="store-uses-customer-key",
    title="Stores are encrypted under a key that the customer manages",
    why="Under the provider's key nobody can say who used it, nor take it away.",
    remediation="Encrypt under a customer-managed key; or, if the provider's will do, set the stack's plan to managed "
    "in the pack's configuration.",
    severity=Severity.HIGH,
    judges=EncryptionAtRest,
)
def customer_key(encryption: EncryptionAtRest, settings: Settings) -> Verdict:
    """Every cloud encrypts at rest by itself; under the managed plan that is enough."""
    if settings.plan is Plan.MANAGED:
        return PASS
    return encryption.customer_key.must_be(True, "a customer-managed key (plan enterprise)")


@control(
    id="bucket-has-encryption-configuration",
    title="Every bucket's encryption is configured",
    why="Where it is another resource, a bucket without it is under the provider's key, and nothing says so.",
    remediation="Declare a BucketServerSideEncryptionConfiguration for the bucket.",
    severity=Severity.HIGH,
    judges=StoreEncryption,
)
def encryption_configuration(store: StoreEncryption, settings: Settings) -> Verdict:
    return store.configured.must_exist("a BucketServerSideEncryptionConfiguration for this bucket")


@control(
    id="store-is-encrypted",
    title="Stores are encrypted",
    why="RDS leaves storage, backups and snapshots in the clear unless told otherwise, and cannot change it later.",
    remediation="Set storageEncrypted to true when the database is made.",
    severity=Severity.HIGH,
    judges=StorageEncryption,
)
def storage_encryption(encryption: StorageEncryption, settings: Settings) -> Verdict:
    return encryption.enabled.must_be(True, "encrypted storage")
