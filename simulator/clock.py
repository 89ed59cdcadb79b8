"""Virtual time: how long a deployment would have taken on the real clouds. Nothing is ever slept."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from simulator.provider import PACKAGES, load


class CriticalPath(NamedTuple):
    """The chain of resources that creation waits for, first to last, and its length in seconds."""

    seconds: float
    urns: tuple[str, ...]


def seconds(token: str) -> float:
    """How long creating a resource of this type takes; what is not simulated (components, providers) takes none."""
    package = token.partition(":")[0]
    row = load(package).types.get(token) if package in PACKAGES else None
    return row.seconds if row else 0.0


def creation_time(deployment: Mapping[str, Any]) -> float:
    """The seconds that creating everything in a `pulumi stack export` takes when nothing waits without need."""
    return critical_path(deployment).seconds


def critical_path(deployment: Mapping[str, Any]) -> CriticalPath:
    """The longest way through a `pulumi stack export`, along dependencies, parents and providers.

    A deployment's resources come in an order in which each follows what it depends on.
    """
    longest: dict[str, CriticalPath] = {}
    for resource in deployment.get("deployment", deployment).get("resources") or []:
        if resource.get("delete"):
            continue  # replaced, and only waiting to go
        named = [resource.get("parent"), (resource.get("provider") or "").rpartition("::")[0]]
        named += resource.get("dependencies") or []
        named += [urn for urns in (resource.get("propertyDependencies") or {}).values() for urn in urns or []]
        before = max((longest[urn] for urn in named if urn in longest), default=CriticalPath(0.0, ()))
        own = seconds(resource["type"]) if resource.get("custom") else 0.0
        path = CriticalPath(before.seconds + own, (*before.urns, resource["urn"]) if own else before.urns)
        longest[resource["urn"]] = path
    return max(longest.values(), default=CriticalPath(0.0, ()))
