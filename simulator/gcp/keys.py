"""Cloud KMS: key rings and keys, whose names are for ever, and who may use a key."""

import re

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.resource import FACTS, SDK, row, rule, tokens
from simulator.rules import matches, one_of

RING, KEY, MEMBER = tokens("kms", "KeyRing", "CryptoKey", "CryptoKeyIAMMember")
_INVALID, _TAKEN, _ABSENT = "400 INVALID_ARGUMENT", "409 ALREADY_EXISTS", "404 NOT_FOUND"
_FORM = "[a-zA-Z0-9_-]{1,63}"
_NAME = Name(property="name", source=FACTS, pattern=_FORM, invalid=_INVALID, taken=_TAKEN, longest=255)
_WHO = "allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet):.+"
_TEMPLATE = {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"}

TYPES = (
    row(
        RING,
        3,
        "locations/{location}/keyRings/{name}",
        "name project location",
        name=_NAME,
        keeps_name="a key ring is never deleted",
        stays=lambda _: True,
    ),
    row(
        KEY,
        3,
        "{keyRing}/cryptoKeys/{name}",
        "keyRing name purpose destroyScheduledDuration importOnly cryptoKeyBackend versionTemplate.protectionLevel",
        outputs={"destroyScheduledDuration": "2592000s", "importOnly": False, "versionTemplate": _TEMPLATE}
        | {"primaries": lambda key: [{"name": f"{key.id}/cryptoKeyVersions/1", "state": "ENABLED"}]},
        refs=(Ref("keyRing", RING, _ABSENT, SDK, anywhere=True),),
        name=_NAME,
        defaults={"purpose": "ENCRYPT_DECRYPT"},
        keeps_name="a key loses its versions, never its name",
    ),
    row(
        MEMBER,
        5,
        "{cryptoKeyId}/{role}/{member}",
        "cryptoKeyId role member condition",
        refs=(Ref("cryptoKeyId", KEY, _ABSENT, SDK, anywhere=True),),
        shared=True,
    ),
)


@rule(KEY, _INVALID, SDK, "check", "rotationPeriod", "write 90 days as 7776000s")
def _rotation(operation: Operation) -> str | None:
    """`rotationPeriod` is more than a day, in seconds; only ENCRYPT_DECRYPT keys have one."""
    for period in operation.at("rotationPeriod"):
        seconds = re.fullmatch(r"(\d+(\.\d{1,9})?)s", period)
        if seconds is None or float(seconds[1]) <= 86400:
            return f"{period!r} is not a number of seconds above 86400, with an s"
        if operation.at("purpose") not in ([], ["ENCRYPT_DECRYPT"]):
            return f"a key to {operation.one('purpose')} does not rotate"
    return None


RULES = (
    _rotation,
    one_of(KEY, "versionTemplate.protectionLevel", ("SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC"), _INVALID, SDK),
    matches(MEMBER, "member", _WHO, _INVALID, SDK),
    matches(MEMBER, "role", "((projects|organizations)/[^/]+/)?roles/.+", _INVALID, SDK),
)
