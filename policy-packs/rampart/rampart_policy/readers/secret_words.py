"""Secrets in the texts of a cluster: files in ConfigMaps, words of commands, variables of containers.

What a secret looks like is in `secrets`; here is what it is called in a file or a command, and which values are none.
"""

import re
from collections.abc import Iterator

from rampart_policy.readers import secrets

SHAPES = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bxoxe-[A-Za-z0-9-]{10,}"
    r"|\"auth\"\s*:\s*\"[A-Za-z0-9+/=]{8,}\""
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bhvs\.[A-Za-z0-9_-]{20,}|\bdop_v1_[a-f0-9]{32,}"
    r"|(?m:^\s*(?:requirepass|masterauth)\s+[^\s$<{]+)|\blogin\s+\S+\s+password\s+[^\s$<{]+"
    r"|(?i:\bauthorization:\s*(?:bearer|basic)\s+[A-Za-z0-9+/=._-]{8,})"
    r"|(?i:\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^|;\n]*\s-p[^\s-][^\s]*)"
)
"""What `secrets` does not know: tokens of more makers, and what stands in commands."""

_PAIR = re.compile(r"""(?im)(?:^|[\s;&,{"'-])["']?([A-Za-z_][\w.\-]*)["']?[ \t]*[:=][ \t]*["']?([^\s"',;&}]+)""")
"""A name with a value, as in a properties file, YAML, JSON, a connection string or a command."""

_CALLED = re.compile(
    r"password\b|passwd\b|passphrase\b|\bpwd\b|\bpass\b|secrets?\b|secret ?key|(?:\b|auth|access|api|bearer)tokens?\b"
    r"|api ?key\b|private ?key\b|access ?key\b|signing ?key\b|encryption ?key\b|master ?key\b|credentials?\b"
    r"|client ?key\b|auth ?key\b|account ?key\b|storage ?key\b|connection ?string\b|\bdsn\b|\bpat\b|redis ?auth\b"
    r"|requirepass\b|masterauth\b"
)
_ABOUT = re.compile(
    r"(?:^|_)(?:file|path|dir|directory|folder|url|uri|endpoint|name|names|id|ids|arn|ref|refs|ttl|seconds|minutes|days|expiry"
    r"|expires|expiration|timeout|length|len|min|max|size|policy|enabled|enable|disabled|disable|type|kind|provider|issuer"
    r"|audience|header|field|count|limit|limits|version|algorithm|alg|interval|rotation|host|port|region|mount|location|prefix"
    r"|suffix|format|required|mode|store|manager|backend|class|scope|scopes|key_name|hash|server|service|bucket|engine|namespace"
    r"|stdin|validation|retries|rate|per|source|public|model|budget|window|tokens|usage|email|user|username)$"
)
"""Endings that make a name one of something about a secret."""

_ELSEWHERE = re.compile(
    r"^(?:$|[/~.?:\[{(]|\$|%|<|\{\{|\*+$|x{3,}$|file:|vault:|ref\+|env:|arn:|projects/|op://|awssm:|gcpsm:|akvs:|secretsmanager:"
    r"|https?://(?![^/]*@)|(?:true|false|yes|no|on|off|none|null|nil|required|optional|enabled|disabled|default|changed)$)",
    re.IGNORECASE,
)
"""Values that say where the secret is, or that there is none."""

_OBJECT = re.compile(r"^[a-z]+(?:-[a-z]+)+$")
"""How Secrets are mostly named: words with dashes."""

_COUNT = re.compile(r"^\d+(?:\.\d+)?[a-z]{0,2}$")
_COUNTED = re.compile(r"token|key|cookie|credential")


def words(name: str) -> str:
    """A name in small letters with underscores: `dbPassword`, `DB-PASSWORD` and `db.password` are `db_password`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def called_secret(name: str) -> bool:
    """Whether a name is that of a secret, rather than of something about one."""
    said = words(name)
    return bool(_CALLED.search(said.replace("_", " "))) and not _ABOUT.search(said)


def is_literal(name: str, value: str) -> bool:
    """Whether a value under a secret's name is the secret itself: not a place where it is, a switch or a count, nor the
    name of a Secret, which `secret: app-tls` and `existingSecret: db` say.
    """
    text, said = value.strip().strip("\"'"), words(name)
    if _ELSEWHERE.match(text) or said.startswith("existing_"):
        return False
    if said.endswith("secret") and not said.endswith("client_secret") and _OBJECT.match(text):
        return False
    return not (_COUNT.match(text) and _COUNTED.search(said))


def is_secret(name: str, value: str) -> bool:
    """Whether a text under a name is a secret, or holds one."""
    return (called_secret(name) and is_literal(name, value)) or holds_secret(value)


def holds_secret(text: str) -> bool:
    """Whether a secret stands anywhere in a text: by its shape, in an address, or under its name."""
    if secrets.LOOKS_SECRET.search(text) or SHAPES.search(text):
        return True
    return any(called_secret(name) and is_literal(name, value) for name, value in _pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    if ":" in text or "=" in text:
        yield from _PAIR.findall(text)
