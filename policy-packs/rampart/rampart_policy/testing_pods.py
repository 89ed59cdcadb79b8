"""A pod that no control objects to, for cases that change one thing about it.

violates("no-host-namespace", deployment(hostNetwork=True), at="spec.template.spec.hostNetwork")
undecided("no-privileged-container", deployment(container={"securityContext": UNKNOWN}))
"""

from collections.abc import Mapping
from typing import Any

from rampart_policy.testing import Declared, resource

CONTAINER: Mapping[str, Any] = {
    "name": "app",
    "image": "registry.example.org/team/app:1.4.2",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
    "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "256Mi"}},
    "livenessProbe": {"httpGet": {"path": "/live", "port": 8080}},
    "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
}

SPEC: Mapping[str, Any] = {
    "serviceAccountName": "app",
    "automountServiceAccountToken": False,
    "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
}


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes`, object by object. What is changed to `None` is there as a null."""
    made = dict(base)
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(made.get(key), Mapping)
        made[key] = merged(made[key], value) if both else value
    return made


def pod_spec(container: Any = None, **changes: Any) -> dict[str, Any]:
    """A pod's spec. container: changes of its one container. changes: of the spec."""
    one = merged(CONTAINER, container or {}) if container is None or isinstance(container, Mapping) else container
    return merged({**SPEC, "containers": [one]}, changes)


def deployment(container: Any = None, type: str = "kubernetes:apps/v1:Deployment", **changes: Any) -> Declared:
    """A resource of a type that has its pods in `spec.template`."""
    return resource(type, {"metadata": {"name": "app"}, "spec": {"template": {"spec": pod_spec(container, **changes)}}})


def pod(container: Any = None, annotations: Any = None, **changes: Any) -> Declared:
    """A pod by itself."""
    metadata = {"name": "app", "annotations": annotations} if annotations else {"name": "app"}
    return resource("kubernetes:core/v1:Pod", {"metadata": metadata, "spec": pod_spec(container, **changes)})
