"""Controls: what must hold of facts. One module per group; the module's name is the group's."""

from rampart_policy.controls import (
    access,
    coverage,
    egress,
    encryption,
    exposure,
    hosts,
    identity,
    logs,
    permissions,
    recovery,
    retention,
    rotation,
    transport,
)

__all__ = [
    "access",
    "coverage",
    "egress",
    "encryption",
    "exposure",
    "hosts",
    "identity",
    "logs",
    "permissions",
    "recovery",
    "retention",
    "rotation",
    "transport",
]
