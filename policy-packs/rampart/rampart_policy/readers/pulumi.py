"""Pulumi's own resources: providers, which say what account the program works in, and references to stacks.

https://www.pulumi.com/docs/iac/concepts/resources/providers/
"""

import json
from collections.abc import Iterator

from rampart_policy.facts import CloudLogin
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

no_surface({"pulumi:pulumi:StackReference": "reads another stack's outputs; makes nothing"})


@reader("pulumi:providers:aws", "pulumi:providers:aws-native")
def aws(provider: Resource) -> Iterator[CloudLogin]:
    yield _login(provider, _filled(provider.at("allowedAccountIds")))


@reader("pulumi:providers:gcp", "pulumi:providers:google-native")
def gcp(provider: Resource) -> Iterator[CloudLogin]:
    yield _login(provider, _filled(provider.at("project")))


@reader("pulumi:providers:azure-native", "pulumi:providers:azure")
def azure(provider: Resource) -> Iterator[CloudLogin]:
    yield _login(provider, _filled(provider.at("subscriptionId")))


@reader("pulumi:providers:random", "pulumi:providers:tls", "pulumi:providers:kubernetes")
def local(provider: Resource) -> Iterator[CloudLogin]:
    """Providers that work in no cloud account have nothing to be pinned to."""
    yield _login(provider, Field(True))


def _login(provider: Resource, pinned: Field[bool]) -> CloudLogin:
    # The engine names the providers it makes by itself `default` or `default_<version>`.
    default = provider.name == "default" or provider.name.startswith("default_")
    return CloudLogin(default=Field(default, "name", source=provider.name), pinned=pinned)


def _filled(node: Node) -> Field[bool]:
    """Whether a text or list has something in it. Providers' lists are JSON texts on the wire."""
    value = items(node)
    return Field(value if isinstance(value, Unknown) else bool(value), node.path, node.secret)


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
