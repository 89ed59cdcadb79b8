"""Secrets in clear text: by the name under which a value stands, or by what the value looks like."""

import base64
import re
from collections.abc import Iterator
from itertools import pairwise

from rampart_policy.facts import ClearTextSecret
from rampart_policy.values import Field, Node, combine

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

SINGLE = frozenset({"password", "passwd", "pwd", "passphrase", "secret", "token", "credentials", "apikey", "pat"})
PAIRS = frozenset(
    (first, "key")
    for first in ("api", "access", "account", "auth", "encryption", "private", "shared", "signing", "master")
) | {("client", "secret"), ("pass", "word")}
"""Words that a secret's name ends with, or nearly."""

ENDINGS = ("password", "passwd", "secret", "apikey", "privatekey", "secretkey", "accesskey", "authtoken")
"""How words end that are written together: `PGPASSWORD`."""

ABOUT = frozenset(
    (
        *("age", "algorithm", "arn", "audience", "bucket", "cache", "count", "days", "duration", "enabled"),
        *("endpoint", "expiration", "expires", "expiry", "file", "header", "host", "hours", "id", "interval"),
        *("issuer", "length", "lifetime", "limit", "location", "max", "min", "minutes", "mode", "name"),
        *("namespace", "path", "policy", "prefix", "project", "provider", "ref", "region", "role"),
        *("rotation", "seconds", "size", "source", "store", "suffix", "ttl", "type", "uri", "url", "vault"),
        *("version",),
    )
)
"""Words at the end of a name that is about a secret, and holds none."""

REFERENCE = re.compile(
    r"^(?:@microsoft\.keyvault\(|projects/[^/]+/(?:locations/[^/]+/)?secrets/|arn:|\$[({]|\{\{|\$\(|secretref:|/|file:|vault:"
    r"|https://[^/@]+\.vault\.azure\.net/)",
    re.IGNORECASE,
)
"""How values begin that only say where the secret is."""

LOOKS_SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@${<]+@"
    r"|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%=_-]{8,}"
    r"|\b(?:Password|Pwd)=[^;\s${<]{3,}"
    r"|[?&]sig=[A-Za-z0-9%+/=_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{30,}|\b[sr]k_live_[0-9A-Za-z]{10,}"
    r"|\bhooks\.slack\.com/services/[A-Za-z0-9/]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|\"private_key\"\s*:",
    re.IGNORECASE,
)
"""Access keys, private keys, addresses with passwords in them, connection strings, and tokens of well-known makers."""

_ASSIGNED = re.compile(
    r"(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)[\"']?\s*[=:]\s*[\"']?[^\s\"'$<{(`\\/]"
    r"[^\s\"']{4,}"
    r"|(?:--password[ =]|\bbearer |\baws_secret_access_key )[\"']?[^\s\"'$<{(`]{4,}",
    re.IGNORECASE,
)
"""What a script assigns in clear text, and does not read from elsewhere."""


def names_secret(name: str) -> bool:
    """Whether a variable or setting of this name holds a secret: `DB_PASSWORD`, `apiKey`; not `SECRET_ARN`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in ABOUT:
        return False
    return any(word in SINGLE or word.endswith(ENDINGS) for word in words) or any(
        pair in PAIRS for pair in pairwise(words)
    )


def is_secret(name: str, value: str) -> bool:
    """Whether a value is a secret, by its name or by its own looks."""
    if not value.strip() or REFERENCE.match(value.strip()):
        return False
    return bool(LOOKS_SECRET.search(value)) or (names_secret(name) and value.lower() not in ("true", "false", "none"))


def setting(name: Field[str], value: Node, *, marks: bool = True) -> ClearTextSecret:
    """Of a named value. What the program marks as secret is one, unless it only says where the secret is; one that is
    not known yet decides nothing under an innocent name. marks: False where the SDK marks all values, whatever they
    are.
    """
    text, marked = value.text(default=""), value.secret and marks
    if not text.known and isinstance(name.value, str) and (marked or not names_secret(name.value)):
        return ClearTextSecret(present=Field(marked, value.path, marked))
    return ClearTextSecret(
        present=combine(
            lambda found, named: is_secret(named, found) or (marked and not REFERENCE.match(found)), text, name
        )
    )


def unmarked(value: Node) -> ClearTextSecret:
    """Of a secret itself: what the program does not mark secret, the state and every preview show."""
    text = value.text(default="")
    return ClearTextSecret(present=text.map(lambda said: bool(said) and not text.secret))


def variables(place: Node, *, marks: bool = True) -> Iterator[ClearTextSecret]:
    """Of an object from names to values, or of a list of `name` and `value`. marks: as for `setting`."""
    if isinstance(place.raw, list):
        for item in place.items():
            value = item.key("value")
            if not value.missing:
                yield setting(item.key("name").text(default=""), value, marks=marks)
        return
    for name, value in place.entries():
        yield setting(Field(name), value, marks=marks)
    if not place.given.known:
        yield ClearTextSecret(present=place.given)


def inside(place: Node) -> Iterator[ClearTextSecret]:
    """Of every text below a place, under the name that it has there."""
    if isinstance(place.raw, dict):
        for name, value in place.entries():
            if isinstance(value.raw, str):
                yield setting(Field(name), value)
            else:
                yield from inside(value)
    else:
        for item in place.items():
            if item is place:
                return
            if isinstance(item.raw, str):
                yield setting(Field(""), item)
            else:
                yield from inside(item)


def script(place: Node) -> ClearTextSecret:
    """Of a start script, in the clear or in Base64."""
    return ClearTextSecret(present=place.text(default="").map(_in_script))


def _in_script(text: str) -> bool:
    return any(LOOKS_SECRET.search(part) or _ASSIGNED.search(part) for part in (text, _decoded(text)))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""
