"""pulumi-azure-native (`azure-native`): one module per service. API versions in type tokens are dropped before a reader
is looked up.
"""

from rampart_policy.readers.azure import (
    authorization,
    clusters,
    keyvault,
    logs,
    network,
    postgresql,
    private_endpoints,
    security_rules,
    storage,
)

__all__ = [
    "authorization",
    "clusters",
    "keyvault",
    "logs",
    "network",
    "postgresql",
    "private_endpoints",
    "security_rules",
    "storage",
]
