"""Settings that have a program connect without encryption: addresses, connection strings, switches of drivers.

libpq, "Connection Control Functions"; MySQL Connector and Go driver, "tls"; SqlClient, "ConnectionString"; MongoDB,
"Connection String Options"; Kafka, "security.protocol".
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from rampart_policy.facts import ClientConnection
from rampart_policy.readers.secret_words import words
from rampart_policy.values import Field, Node, Unknown, combine

_SCHEMES = re.compile(
    r"\b(?:redis|amqp|mqtt|ldap|ftp|telnet|stomp)://(?P<host>[^/\s\"']+)|\bPLAINTEXT://", re.IGNORECASE
)
"""Schemes that have an encrypted twin (`rediss`, `amqps`, `ldaps`)."""

_PARAMETERS = re.compile(
    r"\b(?:ssl[-_ ]?mode)\s*=\s*[\"']?(?:disabled?|allow|prefer(?:red)?|none|no-verify)\b"
    r"|\b(?:use[-_]?ssl|require[-_]?ssl|use[-_]?tls|ssl|tls|ssl[-_.]enabled|tls[-_.]enabled|encrypt)\s*=\s*[\"']?"
    r"(?:false|no|off|0|disabled|optional|skip-verify|preferred)\b"
    r"|\btrust\s?server\s?certificate\s*=\s*[\"']?(?:true|yes)\b"
    r"|\btls(?:allowinvalidcertificates|allowinvalidhostnames|insecure)\s*=\s*true\b"
    r"|\bsecurity\.protocol\s*=\s*(?:sasl_)?plaintext\b",
    re.IGNORECASE,
)
"""What turns encryption, or the check of certificates, off in a connection string or a file of settings."""

_SWITCHES = (
    (re.compile(r"ssl_?mode$"), re.compile(r"disabled?|allow|prefer(?:red)?|none")),
    (
        re.compile(r"(?:^|_)(?:use_?|require_?|enable_?)?(?:ssl|tls)(?:_enabled?)?$"),
        re.compile(r"false|no|off|0|disabled"),
    ),
    (re.compile(r"security_protocol$"), re.compile(r"(?:sasl_)?plaintext")),
    (re.compile(r"reject_unauthorized$"), re.compile(r"false|no|off|0")),
    (
        re.compile(r"(?:skip_?verify|ssl_no_verify|insecure_skip_tls_verify|tls_insecure)$"),
        re.compile(r"true|yes|on|1"),
    ),
)
"""Names in small letters with underscores (`PGSSLMODE`, `REDIS_TLS`), and the values under which they do so."""

_ABOUT_NO_SERVER = re.compile(r"proxy$|namespace$|xmlns|schema$|issuer$|audience$|origins?$", re.IGNORECASE)
"""Names under which an address of plain HTTP is a name, or a proxy that passes on what is encrypted."""

_SAYS_WHERE = re.compile(
    r"ur[li]$|dsn$|conn(?:ection)?(?:[-_ ]?string)?$|ssl[-_]?mode$|endpoint$|address$", re.IGNORECASE
)
_INSIDE = (".svc", ".local", ".localhost", ".internal.cloudapp.net")
_METADATA = frozenset({"metadata.google.internal", "host.docker.internal"})


def connection(name: Field[str], value: Node) -> ClientConnection:
    """Of a named value. One that is not known yet decides nothing, unless the name says that it is an address."""
    text = value.text(default="")
    if isinstance(text.value, Unknown):
        innocent = isinstance(name.value, str) and not _may_decide(name.value)
        return ClientConnection(plaintext=Field(False if innocent else text.value, value.path))
    found = combine(lambda said, called: is_plaintext(called, said), text, Field("") if not name.known else name)
    return ClientConnection(plaintext=found)


def _may_decide(name: str) -> bool:
    return bool(_SAYS_WHERE.search(name)) or any(called.search(words(name)) for called, _ in _SWITCHES)


def is_plaintext(name: str, text: str) -> bool:
    """Whether a value under a name has a program connect in the clear."""
    value, called_so = text.strip().strip("\"'"), words(name)
    if any(called.search(called_so) and said.fullmatch(value.lower()) for called, said in _SWITCHES):
        return True
    if _PARAMETERS.search(text):
        return True
    if any(not _is_local(found["host"] or "broker.example") for found in _SCHEMES.finditer(text)):
        return True
    if value.lower().startswith("mongodb://"):
        return not _is_local(_host(value)) and not re.search(r"[?&](?:tls|ssl)=true", value)
    plain = value.lower().startswith(("http://", "ws://")) and not _ABOUT_NO_SERVER.search(name)
    return plain and not _is_inside(_host(value))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_local(host: str) -> bool:
    """Whether a host, with its port and user, is the machine itself."""
    name = host.rpartition("@")[2].lower()
    return name.startswith(("localhost", "127.", "[::1]", "::1", "$", "{", "%", "<"))


def _is_inside(host: str) -> bool:
    """Whether an address of plain HTTP stays in the machine or the cluster, whose network the mesh encrypts; a
    placeholder is no address.
    """
    if not host or ("." not in host and ":" not in host) or re.search(r"[${}<>%]", host):
        return True
    if host in _METADATA or host.endswith(_INSIDE) or ".svc." in host:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_link_local or address.is_unspecified
