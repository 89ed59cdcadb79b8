"""How databases call the settings of their transport, on any cloud."""

from collections.abc import Container, Iterable

from rampart_policy.values import UNKNOWN, Field, Node

ENFORCING = frozenset({"rds.force_ssl", "require_secure_transport"})
"""Settings that make a server refuse plaintext (PostgreSQL and SQL Server on RDS; MySQL, and PostgreSQL on Azure)."""

MINIMUM = frozenset({"ssl_min_protocol_version", "tls_version"})
"""Settings of the oldest TLS version: PostgreSQL names it, MySQL lists all that it takes."""

AUDITING = frozenset(
    {
        "audit_log_enabled",
        "cloudsql.enable_pgaudit",
        "cloudsql_mysql_audit",
        "log_connections",
        "log_disconnections",
        "log_checkpoints",
        "connection_throttling",
        "connection_throttle.enable",
        "server_audit_logging",
    }
)
"""Settings that write down who connects and what they do (CIS benchmarks of Google Cloud, 6.2, and Azure, 4.3)."""

SIDE_DOORS = frozenset(
    {
        "local_infile",
        "external scripts enabled",
        "cross db ownership chaining",
        "contained database authentication",
        "remote access",
        "xp_cmdshell",
    }
)
"""Settings that let a session read files, run programs, or go round the server's logins (CIS benchmark of Google Cloud,
6.1 and 6.3).
"""

OFF = frozenset({"0", "off", "false", "no"})


def setting(places: Iterable[Node], names: Container[str]) -> Field[str] | None:
    """The value of the last of several settings (`name`, `value`) with one of the names; `None` if there is none.

    A setting whose name is not known may be any.
    """
    found: Field[str] | None = None
    for place in places:
        name = place.key("name").text(default="")
        if not name.known:
            found = Field(UNKNOWN, name.path)
        elif name.value in names:
            found = place.key("value").text(default="")
    return found


def is_off(text: str) -> bool:
    return text.strip().lower() in OFF


def oldest(text: str) -> float:
    """The oldest version in `TLSv1.2`, or in `TLSv1.2,TLSv1.3`; 0 for what is none."""
    versions = [part.strip().lower().removeprefix("tlsv") for part in text.split(",")]
    try:
        return min(float(version) for version in versions)
    except ValueError:
        return 0.0
