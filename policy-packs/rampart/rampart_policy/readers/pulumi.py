"""Pulumi's own resources: the providers of the clouds, and references to stacks.

https://www.pulumi.com/docs/iac/concepts/resources/providers/
"""

import json
from collections.abc import Iterator

from rampart_policy.facts import CloudLogin
from rampart_policy.readers import kinds, kubeconfigs
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

__all__ = ["kubeconfigs"]

no_surface({"pulumi:pulumi:StackReference": "reads another stack's outputs; makes nothing"})


@reader("pulumi:providers:aws", "pulumi:providers:aws-native")
def aws(provider: Resource) -> Iterator[CloudLogin]:
    yield kinds.login(provider, _filled(provider.at("allowedAccountIds")))


@reader("pulumi:providers:gcp", "pulumi:providers:google-native")
def gcp(provider: Resource) -> Iterator[CloudLogin]:
    yield kinds.login(provider, _filled(provider.at("project")))


@reader("pulumi:providers:azure-native", "pulumi:providers:azure")
def azure(provider: Resource) -> Iterator[CloudLogin]:
    yield kinds.login(provider, _filled(provider.at("subscriptionId")))


def _filled(node: Node) -> Field[bool]:
    """Whether a text or list has something in it. Providers' lists are JSON texts on the wire."""
    value = items(node)
    return Field(value if isinstance(value, Unknown) else bool(value), node.path, node.secret, source=value)


def items(node: Node) -> list[object] | Unknown:
    """The items of a list that may be written as JSON; a text stands for a list of itself."""
    raw = node.raw
    if isinstance(raw, str) and raw.startswith("["):
        try:
            raw = json.loads(raw)
        except ValueError:
            return Unknown("should be a list and is not one")
    if isinstance(raw, Unknown) or (isinstance(raw, list) and any(isinstance(item, Unknown) for item in raw)):
        return UNKNOWN
    return raw if isinstance(raw, list) else [raw] if raw else []
