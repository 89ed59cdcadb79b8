"""pulumi-azure-native (`azure-native`): one module per service. API versions in type tokens are dropped before a reader
is looked up.
"""

from rampart_policy.readers.azure import (
    authorization,
    balancers,
    clusters,
    containers,
    databases,
    firewalls,
    further,
    keyvault,
    logs,
    machines,
    messaging,
    monitoring,
    network,
    operations,
    platform,
    postgresql,
    private_endpoints,
    security_rules,
    storage,
    web,
)

__all__ = [
    "authorization",
    "balancers",
    "clusters",
    "containers",
    "databases",
    "firewalls",
    "further",
    "keyvault",
    "logs",
    "machines",
    "messaging",
    "monitoring",
    "network",
    "operations",
    "platform",
    "postgresql",
    "private_endpoints",
    "security_rules",
    "storage",
    "web",
]
