"""What a secret looks like, and what it is called: for texts that stand where everybody reads.

Shapes are those that the issuers document (AWS, GitHub, GitLab, Slack, Stripe, Google, npm, SendGrid, Vault; RFC 7468,
RFC 7519).
"""

import re
from collections.abc import Iterator

SHAPES = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"
    r"|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}"
    r"|\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\bAIza[0-9A-Za-z_-]{35}"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bhvs\.[A-Za-z0-9_-]{20,}|\bdop_v1_[a-f0-9]{32,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"
    r"|\b(?:AccountKey|SharedAccessKey|SharedSecretValue)=[A-Za-z0-9+/=]{16,}"
    r"|(?i:\bauthorization:\s*(?:bearer|basic)\s+[A-Za-z0-9+/=._-]{8,})"
    r"|(?i:\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^|;\n]*\s-p[^\s-][^\s]*)"
)

_LOGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:([^\s@/'\"]+)@", re.IGNORECASE)
"""A user and a password in an address (RFC 3986: userinfo)."""

_PAIR = re.compile(r"""(?im)(?:^|[\s;&,{"'-])["']?([A-Za-z_][\w.\-]*)["']?[ \t]*[:=][ \t]*["']?([^\s"',;&}]+)""")
"""A name with a value, as in a properties file, YAML, JSON, a connection string or a command."""

_CALLED = re.compile(
    r"password|passwd|passphrase|\bpwd\b|secret|token|api_?key|private_?key|access_?key|signing_?key|encryption_?key"
    r"|master_?key|credential|client_?key\b|auth_?key|account_?key|storage_?key|connection_?string|\bdsn\b|\bpass\b|\bcookie\b"
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
    r"^(?:$|[/~.]|\$|%|<|\{\{|\*+$|x{3,}$|file:|vault:|ref\+|env:|arn:|projects/|op://|awssm:|gcpsm:|akvs:|secretsmanager:"
    r"|https?://(?![^/]*@)|(?:true|false|yes|no|on|off|none|null|nil|required|optional|enabled|disabled|default|changed)$)",
    re.IGNORECASE,
)
"""Values that say where the secret is, or that there is none."""

_COUNT = re.compile(r"^\d+(?:\.\d+)?[a-z]{0,2}$")
_COUNTED = re.compile(r"token|key|cookie|credential")


def words(name: str) -> str:
    """A name in small letters with underscores: `dbPassword`, `DB-PASSWORD` and `db.password` are `db_password`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def called_secret(name: str) -> bool:
    """Whether a name is that of a secret, rather than of something about one."""
    said = words(name)
    return bool(_CALLED.search(said.replace("_", " ")) or _CALLED.search(said)) and not _ABOUT.search(said)


def is_literal(name: str, value: str) -> bool:
    """Whether a value under a secret's name is the secret itself: not a place where it is, a switch or a count."""
    text = value.strip().strip("\"'")
    if _ELSEWHERE.match(text):
        return False
    return not (_COUNT.match(text) and _COUNTED.search(words(name)))


def is_secret(name: str, value: str) -> bool:
    """Whether a text under a name is a secret, or holds one."""
    return (called_secret(name) and is_literal(name, value)) or holds_secret(value)


def holds_secret(text: str) -> bool:
    """Whether a secret stands anywhere in a text: by its shape, in an address, or under its name."""
    if SHAPES.search(text):
        return True
    if any(not _ELSEWHERE.match(found) for found in _LOGIN.findall(text)):
        return True
    return any(called_secret(name) and is_literal(name, value) for name, value in _pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    if ":" in text or "=" in text:
        yield from _PAIR.findall(text)
