"""pulumi-gcp (`gcp`): one module per service. Property names are the provider's, as the engine sends them."""

from rampart_policy.readers.gcp import (
    dns,
    firewall,
    iam,
    kms,
    load_balancing,
    logging,
    network,
    sql,
    storage,
)

__all__ = [
    "dns",
    "firewall",
    "iam",
    "kms",
    "load_balancing",
    "logging",
    "network",
    "sql",
    "storage",
]
