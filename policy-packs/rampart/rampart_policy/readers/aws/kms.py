"""AWS KMS: keys, who may use them, and how they rotate."""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, EncryptionKey, Fact, KeyDeletion, Principal
from rampart_policy.readers.aws import policies
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, combine

ROTATION = 365
"""Days between rotations when nothing is said (`aws.kms.Key.rotation_period_in_days`)."""

WINDOW = 30
"""Days that a deleted key waits when nothing is said (`aws.kms.Key.deletion_window_in_days`)."""

no_surface(
    {
        "aws:kms/alias:Alias": "a name for a key; gives nobody access",
        "aws:kms/ciphertext:Ciphertext": "text that is already encrypted",
    }
)


@reader("aws:kms/key:Key")
def key(made: Resource) -> Iterator[Fact]:
    """Only symmetric keys with AWS's own material rotate (KMS Developer Guide, "Rotate AWS KMS keys")."""
    rotatable = combine(
        lambda spec, usage, store: spec == "SYMMETRIC_DEFAULT" and usage == "ENCRYPT_DECRYPT" and not store,
        made.at("customerMasterKeySpec").text(default="SYMMETRIC_DEFAULT"),
        made.at("keyUsage").text(default="ENCRYPT_DECRYPT"),
        made.at("customKeyStoreId").text(default=""),
    )
    yield EncryptionKey(
        rotatable=rotatable,
        enabled=made.at("enableKeyRotation").flag(default=False),
        period=made.at("rotationPeriodInDays").number(default=ROTATION),
    )
    yield KeyDeletion(window=made.at("deletionWindowInDays").number(default=WINDOW))
    yield from policies.grants(made.at("policy"), made)


@reader("aws:kms/replicaKey:ReplicaKey")
def replica(made: Resource) -> Iterator[Fact]:
    """A replica rotates with its primary key, and has a policy and a deletion window of its own."""
    yield KeyDeletion(window=made.at("deletionWindowInDays").number(default=WINDOW))
    yield from policies.grants(made.at("policy"), made)


@reader("aws:kms/externalKey:ExternalKey", "aws:kms/replicaExternalKey:ReplicaExternalKey")
def external(made: Resource) -> Iterator[Fact]:
    """Imported material: AWS cannot rotate it, so nobody does by itself."""
    never = made.is_such().map(lambda _: False)
    yield EncryptionKey(rotatable=Field(True), enabled=never, period=Field(ROTATION))
    yield KeyDeletion(window=made.at("deletionWindowInDays").number(default=WINDOW))
    yield from policies.grants(made.at("policy"), made)


@reader("aws:kms/keyPolicy:KeyPolicy")
def key_policy(made: Resource) -> Iterator[Fact]:
    yield from policies.grants(made.at("policy"), made)


@reader("aws:kms/grant:Grant")
def grant(made: Resource) -> Iterator[Fact]:
    """A grant names one principal; an account's root would be everybody in it."""
    own = policies.own_accounts(made)
    for name in ("granteePrincipal", "retiringPrincipal"):
        node = made.at(name)
        if not node.missing:
            principal = node.text(default="").map(lambda text: Principal(text, policies.audience(text, own)))
            yield AccessGrant(allows=Field(True), principal=principal, narrowed=Field(False, "constraints"))
