"""Cloud KMS: key rings and keys, whose names are for ever, and who may use a key."""

import re

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.resource import FACTS, SDK, Lasting, row, tokens
from simulator.rules import one_of, rule
from simulator.values import Props

RING, KEY, MEMBER = tokens("kms", "KeyRing", "CryptoKey", "CryptoKeyIAMMember")
_INVALID, _TAKEN, _ABSENT = "400 INVALID_ARGUMENT", "409 ALREADY_EXISTS", "404 NOT_FOUND"
_FORM, _FOR_EVER = "[a-zA-Z0-9_-]{1,63}", "kept for ever"
_NAME = Name(property="name", source=FACTS, pattern=_FORM, invalid=_INVALID, taken=_TAKEN, longest=255)
_IN_RING = Ref("keyRing", RING, _ABSENT, SDK, anywhere=True)
_ON_KEY = Ref("cryptoKeyId", KEY, _ABSENT, SDK, anywhere=True)
_FIXED = "purpose destroyScheduledDuration importOnly cryptoKeyBackend versionTemplate.protectionLevel"
_KEY: Props = {
    "name": _NAME,
    "refs": (_IN_RING,),
    "keeps_name": _FOR_EVER,
    "defaults": {"purpose": "ENCRYPT_DECRYPT"},
    "outputs": {
        "destroyScheduledDuration": "2592000s",
        "versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"},
        "primaries": lambda key: [{"name": f"{key.id}/cryptoKeyVersions/1", "state": "ENABLED"}],
    },
}

TYPES = (
    row(RING, 3, "locations/{location}/keyRings/{name}", kind=Lasting, name=_NAME, keeps_name=_FOR_EVER),
    row(KEY, 3, "{keyRing}/cryptoKeys/{name}", _FIXED, **_KEY),
    row(MEMBER, 5, "{cryptoKeyId}/{role}/{member}", "condition", refs=(_ON_KEY,)),
)


@rule(KEY, _INVALID, SDK, "check", "rotationPeriod", "write 90 days as 7776000s")
def _rotation(operation: Operation) -> str | None:
    """`rotationPeriod` is a day or more, in seconds; only ENCRYPT_DECRYPT keys have one."""
    for period in operation.at("rotationPeriod"):
        seconds = re.fullmatch(r"(\d+(\.\d{1,9})?)s", period)
        if seconds is None or float(seconds[1]) < 86400:
            return f"{period!r} is not a number of seconds from 86400 up, with an s"
        if operation.at("purpose") not in ([], ["ENCRYPT_DECRYPT"]):
            return f"a key to {operation.one('purpose')} does not rotate"
    return None


RULES = (
    _rotation,
    one_of(KEY, "versionTemplate.protectionLevel", ("SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC"), _INVALID, SDK),
)
