"""Google Cloud KMS: keys and how they rotate. Who may use them is IAM's."""

from collections.abc import Iterator

from rampart_policy.facts import EncryptionKey, KeyDeletion, KeyRetention
from rampart_policy.readers.gcp.durations import days
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import combine

DELETION = "2592000s"
"""How long a destroyed key version can be brought back when nothing is said (`CryptoKey.destroyScheduledDuration`)."""

no_surface(
    {
        "gcp:kms/keyRing:KeyRing": "holds keys, which are judged, as are the bindings on it",
        "gcp:kms/keyRingImportJob:KeyRingImportJob": "a way in for keys, open for three days",
        "gcp:kms/cryptoKeyVersion:CryptoKeyVersion": "a version of a key, which is judged",
        "gcp:kms/autokeyConfig:AutokeyConfig": "in which project Autokey makes its keys",
        "gcp:kms/projectAutokeyConfig:ProjectAutokeyConfig": "in which project Autokey makes its keys",
        "gcp:kms/secretCiphertext:SecretCiphertext": "a ciphertext; the plaintext is a secret of the provider's",
        "gcp:kms/ekmConnection:EkmConnection": "where keys outside Google are asked for; the keys are judged",
        "gcp:kms/keyHandle:KeyHandle": "asks Autokey for a key, which Autokey rotates by its own configuration",
    }
)


@reader("gcp:kms/cryptoKey:CryptoKey")
def key(made: Resource) -> Iterator[EncryptionKey | KeyDeletion | KeyRetention]:
    """Only symmetric encryption keys of Google's own making rotate (`CryptoKey.rotationPeriod`)."""
    rotatable = combine(
        lambda purpose, level: purpose == "ENCRYPT_DECRYPT" and not level.startswith("EXTERNAL"),
        made.at("purpose").text(default="ENCRYPT_DECRYPT"),
        made.at("versionTemplate.protectionLevel").text(default="SOFTWARE"),
    )
    period = made.at("rotationPeriod")
    yield EncryptionKey(rotatable=rotatable, enabled=period.text(default="").map(bool), period=days(period, "0s"))
    yield KeyDeletion(window=days(made.at("destroyScheduledDuration"), DELETION))
    guard = made.at("deletionPolicy").text(default="DELETE")
    yield KeyRetention(prevented=guard.map(lambda policy: policy == "PREVENT"))
