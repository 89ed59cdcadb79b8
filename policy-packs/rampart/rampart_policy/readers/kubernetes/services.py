"""Services: which of them anybody outside the cluster can reach, and which lead out of it.

`data/kubernetes_load_balancers.json` lists what makes each cloud's load balancer internal.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    ExternalAddress,
    ExternalBackend,
    Fact,
    NodePort,
    Principal,
    ServiceExposure,
)
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine


@cache
def balancers() -> Mapping[str, Any]:
    path = Path(__file__).parents[2] / "data" / "kubernetes_load_balancers.json"
    found: Mapping[str, Any] = json.loads(path.read_text())
    return found


@manifest("core:Service")
def service(made: Manifest) -> Iterator[Fact]:
    spec = made.at("spec")
    kind = spec.key("type").text(default="ClusterIP")
    annotations = made.at("metadata.annotations")
    balanced = kind.map(lambda text: text == "LoadBalancer")
    if made.partial and spec.key("type").missing:
        hidden = not all(place.given.known for _, place in annotations.entries()) or not annotations.given.known
        balanced = Field(UNKNOWN if hidden else told_public(annotations), annotations.path)
    if balanced.value is not False:
        public = internal_balancer(annotations, spec.key("loadBalancerClass")).map(lambda inside: not inside)
        yield ServiceExposure(public=_both(balanced, public))
    yield from _linked(annotations)
    yield NodePort(taken=kind.map(lambda text: text == "NodePort"))
    for address in spec.key("externalIPs").items():
        yield ExternalAddress(address=address.text(default=""))
    if kind.value == "ExternalName" or not spec.key("externalName").missing:
        yield ExternalBackend(private=spec.key("externalName").text(default="").map(is_private_name))


LINK = "service.beta.kubernetes.io/azure-pls-"


def _linked(annotations: Node) -> Iterator[AccessGrant]:
    """Who sees, and who is approved unasked by, the Private Link service that AKS makes (cloud-provider-azure, Private
    Link Service Integration): subscriptions, parted by spaces, or `*`. An object of Kubernetes does not say whose
    cluster it is for, so that every subscription is another's until the pack's configuration lists it.
    """
    made = annotations.key(f"{LINK}create").text(default="false").map(lambda text: text.lower() == "true")
    for name in ("visibility", "auto-approval"):
        listed = annotations.key(f"{LINK}{name}").text(default="")
        if not listed.known:
            yield AccessGrant(allows=made, principal=Field(UNKNOWN, listed.path), narrowed=Field(False))
            continue
        for text in str(listed.value).replace(",", " ").split():
            who = Principal(text, Audience.EVERYONE if text == "*" else Audience.OTHER_ACCOUNT)
            yield AccessGrant(allows=made, principal=Field(who, listed.path, source=text), narrowed=Field(False))


def _both(first: Field[bool], second: Field[bool]) -> Field[bool]:
    if first.known and second.known:
        return Field(bool(first.value and second.value), second.path, source=second.source)
    if second.value is False:
        return second
    return combine(lambda one, other: one and other, first, second)


def internal_balancer(annotations: Node, class_name: Node) -> Field[bool]:
    """Whether a load balancer gets an internal address, by what any cloud's controller makes of its annotations."""
    raw = annotations.raw
    if isinstance(raw, Unknown):
        return Field(UNKNOWN, annotations.path)
    given = raw if isinstance(raw, dict) else {}
    unknown = ""
    for rule in balancers()["public"]:
        if _matches(given.get(rule["annotation"]), rule):
            return _answer(annotations, rule["annotation"], False)
        if isinstance(given.get(rule["annotation"]), Unknown):
            unknown = rule["annotation"]
    if unknown:
        return Field(UNKNOWN, annotations.key(unknown).path)
    for rule in balancers()["internal"]:
        value = given.get(rule["annotation"])
        if isinstance(value, Unknown):
            unknown = rule["annotation"]
        elif _matches(value, rule):
            return _answer(annotations, rule["annotation"], True)
    if unknown:
        return Field(UNKNOWN, annotations.key(unknown).path)
    if isinstance(class_name.raw, Unknown):
        return Field(UNKNOWN, class_name.path)
    if class_name.raw in balancers()["internal_classes"]:
        return Field(True, class_name.path, source=class_name.raw)
    return Field(False, annotations.path, source="a load balancer with no annotation that keeps it internal")


def told_public(annotations: Node) -> bool:
    """Whether an annotation asks for a public address."""
    given = annotations.raw if isinstance(annotations.raw, dict) else {}
    return any(_matches(given.get(rule["annotation"]), rule) for rule in balancers()["public"])


def _answer(annotations: Node, name: str, internal: bool) -> Field[bool]:
    place = annotations.key(name)
    return Field(internal, place.path, place.secret, source=f"{name}: {place.raw}")


def _matches(value: Any, rule: Mapping[str, Any]) -> bool:
    """Whether an annotation's text is one that the controller takes. Only texts are annotations."""
    if not isinstance(value, str):
        return False
    values: Sequence[str] = rule["values"]
    if rule.get("but", False):
        return value.lower() not in values
    return value in values


def is_private_name(name: str) -> bool:
    """Whether a name is one that the internet's name servers do not answer with a public address: the cluster's own,
    a private zone's, or that of a cloud's store, which its network resolves.
    """
    text = name.strip().lower().rstrip(".")
    if text in balancers()["metadata_names"]:
        return False
    if _is_address(text):
        return is_private_address(text)
    return "." not in text or ".privatelink." in text or text.endswith(tuple(balancers()["private_names"]))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_private_address(text: str) -> bool:
    """Whether an address is private, and not one that a machine is asked for its own credentials on."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return True
    return address.is_private and not address.is_link_local and not address.is_loopback


@manifest("core:Endpoints")
def endpoints(made: Manifest) -> Iterator[ExternalBackend]:
    for subset in made.at("subsets").items():
        for address in subset.key("addresses").items():
            yield ExternalBackend(private=address.key("ip").text(default="").map(is_private_address))


@manifest("discovery.k8s.io:EndpointSlice")
def endpoint_slice(made: Manifest) -> Iterator[ExternalBackend]:
    named = made.at("addressType").raw == "FQDN"
    for endpoint in made.at("endpoints").items():
        for address in endpoint.key("addresses").items():
            yield ExternalBackend(
                private=address.text(default="").map(is_private_name if named else is_private_address)
            )
