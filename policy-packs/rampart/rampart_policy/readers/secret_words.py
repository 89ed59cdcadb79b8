"""Which texts are secrets: by the name under which they stand, or by what they look like; and which values are none."""

import base64
import re
from collections.abc import Iterator

SHAPES = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|(?i:\b[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@${<]+@)"
    r"|(?i:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%=_-]{8,})"
    r"|(?i:\b(?:Password|Pwd)=[^;\s${<@]{3,})"
    r"|(?i:[?&]sig=[A-Za-z0-9%+/=_-]{16,})"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{30,}|\b[sr]k_live_[0-9A-Za-z]{10,}"
    r"|\bhooks\.slack\.com/services/[A-Za-z0-9/]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|\"private_key\"\s*:\s*\"-"
    r"|\bcurl\b[^|;\n]*\s(?:-u|--user)[ =]?[\"']?[^\s:\"'$]+:[^\s\"'$<{]+"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bxoxe-[A-Za-z0-9-]{10,}"
    r"|\"auth\"\s*:\s*\"[A-Za-z0-9+/=]{8,}\""
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\bnpm_[A-Za-z0-9]{30,}|\bhvs\.[A-Za-z0-9_-]{20,}|\bdop_v1_[a-f0-9]{32,}"
    r"|(?m:^\s*(?:requirepass|masterauth)\s+[^\s$<{]+)|\blogin\s+\S+\s+password\s+[^\s$<{]+"
    r"|(?i:(?:\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)|^(?:bearer|basic))\s+[A-Za-z0-9+/=._-]{8,})"
    r"|(?i:\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^|;\n]*\s-p[^\s-][^\s]*)"
)
"""Access keys, private keys, addresses with passwords in them, connection strings, tokens of well-known makers, and
what stands in commands and in the files of well-known programs."""

_PAIR = re.compile(r"""(?im)(?:^|[\s;&,{"'-])["']?([A-Za-z_][\w.\-]*)["']?[ \t]*[:=][ \t]*["']?([^\s"',;&}]+)""")
"""A name with a value, as in a properties file, YAML, JSON, a connection string or a command."""

_CALLED = re.compile(
    r"password\b|passwd\b|passphrase\b|\bpwd\b|\bpass\b|secrets?\b|secret ?key|(?:\b|auth|access|api|bearer)tokens?\b"
    r"|api ?key\b|private ?key\b|access ?key\b|signing ?key\b|encryption ?key\b|master ?key\b|credentials?\b"
    r"|client ?key\b|auth ?key\b|account ?key\b|storage ?key\b|\bpat\b|redis ?auth\b"
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
    r"^(?:$|[/~.?:\[{(]|\$|%|<|\{\{|\*+$|x{3,}$|@microsoft\.keyvault\(|secretref:|https://[^/@]+\.vault\.azure\.net/"
    r"|file:|vault:|ref\+|env:|arn:|projects/|op://|awssm:|gcpsm:|akvs:|secretsmanager:"
    r"|https?://(?![^/]*@)|(?:true|false|yes|no|on|off|none|null|nil|required|optional|enabled|disabled|default|changed"
    r"|managed_?identity|workload_?identity)$)",
    re.IGNORECASE,
)
"""Values that say where the secret is, or that there is none."""

_HOLDING = re.compile(
    r"connection_?string$|conn_?str$|dsn$|(?:database|db|redis|mongo|broker|amqp)_ur[li]$|^connection$"
)
"""What texts are called that often have a password in them."""

_OBJECT = re.compile(r"^[a-z]+(?:-[a-z]+)+$")
"""How Secrets are mostly named: words with dashes."""

_SHORT = re.compile(r"^[a-z]{1,5}\W*$")
"""A name of a few letters, as `--secret=db` has it."""

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


def may_hold_secret(name: str) -> bool:
    """Whether a value under a name may be a secret, or have one in it."""
    return called_secret(name) or bool(_HOLDING.search(words(name)))


def is_literal(name: str, value: str) -> bool:
    """Whether a value under a secret's name is the secret itself: not a place where it is, a switch or a count, nor the
    name of a Secret, which `secret: app-tls` and `existingSecret: db` say.
    """
    text, said = value.strip().strip("\"'"), words(name)
    if _ELSEWHERE.match(text) or said.startswith("existing_"):
        return False
    if said.endswith("secret") and not said.endswith("client_secret") and _OBJECT.match(text):
        return False
    if said == "secret" and _SHORT.match(text):
        return False
    return not (_COUNT.match(text) and _COUNTED.search(said))


def is_reference(value: str) -> bool:
    """Whether a value only says where the secret is."""
    return bool(_ELSEWHERE.match(value.strip().strip("\"'")))


def is_secret(name: str, value: str) -> bool:
    """Whether a text under a name is a secret, or holds one; also in Base64."""
    if called_secret(name) and is_literal(name, value):
        return True
    return holds_secret(value) or holds_secret(decoded(value))


def holds_secret(text: str) -> bool:
    """Whether a secret stands anywhere in a text: by its shape, in an address, or under its name."""
    if SHAPES.search(text):
        return True
    return any(called_secret(name) and is_literal(name, value) for name, value in _pairs(text))


def decoded(text: str) -> str:
    """What a text says in Base64; empty for what is none."""
    try:
        return base64.b64decode(text.strip(), validate=True).decode() if len(text) >= ENCODED else ""
    except ValueError:
        return ""


ENCODED = 16
"""Letters that a text in Base64 has at least, to hold a secret."""


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    if ":" in text or "=" in text:
        yield from _PAIR.findall(text)
