"""A resource as readers see it, and its type token in the one form that readers are registered by."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rampart_policy.values import Field, Node, Secret, Unknown

_VERSIONED_MODULE = re.compile(r"^(azure-native):([^:/]+)/v\d[^:]*:")
_PARAMETERISED = re.compile(r"^azure-native_[^:]*?_v\d[^:]*:")
_PARAMETERISED_PROVIDER = re.compile(r"^(pulumi:providers:azure-native)_.*$")


_KUBERNETES = re.compile(r"^kubernetes:([^:]*):([^:]+)$")
_MOVED = {
    "DaemonSet": "apps",
    "Deployment": "apps",
    "ReplicaSet": "apps",
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    "PodSecurityPolicy": "policy",
}
"""Where the kinds of the old API group `extensions` went."""


def canonical(token: str) -> str:
    """The type token without its API version: Azure's `azure-native:network/v20240501:Subnet` and
    `azure-native_network_v20240501:network:Subnet` are `azure-native:network:Subnet`, Kubernetes'
    `kubernetes:extensions/v1beta1:Deployment` is `kubernetes:apps:Deployment`.
    """
    if (object_type := _KUBERNETES.match(token)) is not None:
        return f"kubernetes:{kind_of(*object_type.groups())}"
    if not token.startswith(("azure-native", "pulumi:providers:azure-native")):
        return token
    token = _PARAMETERISED.sub("azure-native:", token)
    token = _PARAMETERISED_PROVIDER.sub(r"\1", token)
    return _VERSIONED_MODULE.sub(r"\1:\2:", token)


def kind_of(api_version: str, kind: str) -> str:
    """A kind of Kubernetes object with its API group, whatever the version: `apps:Deployment` for `apps/v1` and
    `Deployment`, `core:Pod` for `v1` and `Pod`.
    """
    group, _, version = api_version.rpartition("/")
    if not group:
        group = "core" if re.match(r"^v\d", version) or not version else version
    if group == "extensions":
        group = _MOVED.get(re.sub("(Patch|List)$", "", kind), group)
    return f"{group}:{kind}"


@dataclass(frozen=True, slots=True)
class Urn:
    """The parts of `urn:pulumi:<stack>::<project>::<types>::<name>`; empty strings for what is not one."""

    stack: str
    project: str
    types: str
    name: str

    @classmethod
    def parse(cls, urn: str) -> "Urn":
        parts = urn.removeprefix("urn:pulumi:").split("::", 3)
        return cls(*parts) if len(parts) == 4 else cls("", "", "", urn)

    @property
    def rest(self) -> str:
        """All but the stack: the same for a resource in every stack of a program."""
        return f"{self.project}::{self.types}::{self.name}"


Load = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Resource:
    """One resource of the program. Properties are converted when first read: many types are never read.

    type: canonical. load: gives what the program declares. load_outputs: gives what the provider answered, if it did.
    provider: the resource's provider, with its configuration; `None` for a component, the stack, or a provider.
    protect: the resource option of that name: Pulumi neither deletes nor replaces it.
    dependencies: URNs, by property; known for whole stacks only.
    """

    urn: str
    type: str
    name: str
    load: Load
    load_outputs: Load | None = None
    provider: "Resource | None" = None
    protect: bool = False
    dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def properties(self) -> Node:
        """What the program declares, with the values that the provider gives back for it.

        What the provider adds of itself stays out: it is often a copy, from before they were made, of what other
        resources say (a bucket's encryption, a route table's routes).
        """
        declared = dict(self.load())
        return Node(overlay(declared, self.outputs.raw) if self.load_outputs else declared)

    @cached_property
    def outputs(self) -> Node:
        """All that the provider answered, ids among it; before it did, what the program declares."""
        return Node(dict(self.load_outputs())) if self.load_outputs else self.properties

    def is_such(self) -> Field[bool]:
        """True, because of what type the resource is."""
        return Field(True, "type", source=self.type)

    def at(self, path: str) -> Node:
        """The place at a dotted path in the properties."""
        return self.properties.at(path)


def overlay(declared: Any, actual: Any) -> Any:
    """A declared value with what is known of the actual one, part by part."""
    if isinstance(declared, Secret) or isinstance(actual, Secret):
        return Secret(overlay(_open(declared), _open(actual)))
    if actual is None or isinstance(actual, Unknown):
        return declared
    if isinstance(declared, dict) and isinstance(actual, dict):
        return {name: overlay(value, actual.get(name)) for name, value in declared.items()}
    if isinstance(declared, list) and isinstance(actual, list) and len(declared) == len(actual):
        return [overlay(*pair) for pair in zip(declared, actual, strict=True)]
    return actual


def _open(value: Any) -> Any:
    while isinstance(value, Secret):
        value = value.value
    return value
