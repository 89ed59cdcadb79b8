"""How databases call the settings of their transport, on any cloud."""

from collections.abc import Container, Iterable

from rampart_policy.values import UNKNOWN, Field, Node

ENFORCING = frozenset({"rds.force_ssl", "require_secure_transport"})
"""Settings that make a server refuse plaintext (PostgreSQL and SQL Server on RDS; MySQL, and PostgreSQL on Azure)."""

MINIMUM = frozenset({"ssl_min_protocol_version", "tls_version"})
"""Settings of the oldest TLS version: PostgreSQL names it, MySQL lists all that it takes."""

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
