"""pulumi-gcp (`gcp`): one module per service. Property names are the provider's, as the engine sends them."""

from rampart_policy.readers.gcp import (
    clusters,
    dns,
    federation,
    firewall,
    iam,
    kms,
    load_balancing,
    logging,
    machines,
    network,
    organization,
    private_connections,
    sql,
    storage,
)

__all__ = [
    "clusters",
    "dns",
    "federation",
    "firewall",
    "iam",
    "kms",
    "load_balancing",
    "logging",
    "machines",
    "network",
    "organization",
    "private_connections",
    "sql",
    "storage",
]
