"""Google Cloud KMS: keys and how they rotate. Who may use them is IAM's."""

from collections.abc import Iterator

from rampart_policy.facts import DeletionProtection, EncryptionKey, KeyDeletion
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine

DAY = 86_400
DELETION = "2592000s"
"""How long a destroyed key version can be brought back when nothing is said (`CryptoKey.destroyScheduledDuration`)."""

no_surface(
    {
        "gcp:kms/keyRing:KeyRing": "holds keys, which are judged, as are the bindings on it",
        "gcp:kms/keyHandle:KeyHandle": "asks Autokey for a key, which Autokey rotates by its own configuration",
    }
)


@reader("gcp:kms/cryptoKey:CryptoKey")
def key(made: Resource) -> Iterator[EncryptionKey | KeyDeletion | DeletionProtection]:
    """Only symmetric encryption keys of Google's own making rotate (`CryptoKey.rotationPeriod`)."""
    rotatable = combine(
        lambda purpose, level: purpose == "ENCRYPT_DECRYPT" and not level.startswith("EXTERNAL"),
        made.at("purpose").text(default="ENCRYPT_DECRYPT"),
        made.at("versionTemplate.protectionLevel").text(default="SOFTWARE"),
    )
    period = made.at("rotationPeriod")
    yield EncryptionKey(rotatable=rotatable, enabled=period.text(default="").map(bool), period=_days(period, "0s"))
    yield KeyDeletion(window=_days(made.at("destroyScheduledDuration"), DELETION))
    guard = made.at("deletionPolicy").text(default="DELETE")
    yield DeletionProtection(enabled=guard.map(lambda policy: policy == "PREVENT"))


def _days(node: Node, default: str) -> Field[float]:
    """Days of a duration in seconds (`7776000s`)."""
    return node.text(default=default).parse(lambda text: float(text.removesuffix("s")) / DAY, "a duration (7776000s)")
