"""pulumi-kubernetes (`kubernetes`): one module per thing that objects say. API versions in type tokens are dropped, and
patches and lists unwrapped, before a kind is looked up.
"""

from rampart_policy.readers.kubernetes import (
    admission,
    clear_text,
    custom,
    documents,
    ingresses,
    mesh,
    network_policies,
    pod_policies,
    pods,
    rbac,
    services,
    settings,
    storage,
    tokens,
    without_surface,
)

__all__ = [
    "admission",
    "clear_text",
    "custom",
    "documents",
    "ingresses",
    "mesh",
    "network_policies",
    "pod_policies",
    "pods",
    "rbac",
    "services",
    "settings",
    "storage",
    "tokens",
    "without_surface",
]
