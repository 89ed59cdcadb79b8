"""Ingresses and gateways: who can reach them, and whether they speak without encryption.

`networking.k8s.io/v1` Ingress; Gateway API; AWS Load Balancer Controller, GKE, AGIC and ingress-nginx annotations;
Istio Gateway, VirtualService and PeerAuthentication.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rampart_policy.facts import Fact, ServiceExposure, Transport
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.readers.kubernetes.services import balancers, internal_balancer, told_public
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

ALB = "alb.ingress.kubernetes.io/"
NGINX = "nginx.ingress.kubernetes.io/"
CERTIFICATES = ("networking.gke.io/managed-certificates", "ingress.gcp.kubernetes.io/pre-shared-cert")
PUBLIC_AZURE = frozenset(
    {"azure-application-gateway", "azure/application-gateway", "webapprouting.kubernetes.azure.com"}
)


@manifest("networking.k8s.io:Ingress")
def ingress(made: Manifest) -> Iterator[Fact]:
    annotations = made.at("metadata.annotations")
    if isinstance(annotations.raw, Unknown):
        yield ServiceExposure(public=Field(UNKNOWN, annotations.path))
        yield Transport(plaintext=Field(UNKNOWN, annotations.path))
        return
    said: Mapping[str, Any] = annotations.raw if isinstance(annotations.raw, dict) else {}
    yield ServiceExposure(public=_public(made, annotations, said))
    if not (made.partial and made.at("spec").missing):
        yield Transport(plaintext=_plaintext(made, annotations, said))


def _public(made: Manifest, annotations: Node, said: Mapping[str, Any]) -> Field[bool]:
    """Whether the class's controller gives it a public address. Others take the address of their own service."""
    named = made.at("spec.ingressClassName")
    old = annotations.key("kubernetes.io/ingress.class")
    place = named if old.missing else old
    class_name = place.text(default="")
    scheme = annotations.key(f"{ALB}scheme")
    if not scheme.missing:
        return scheme.text(default="internal").map(lambda text: text == "internet-facing")
    if not class_name.known:
        return class_name.map(lambda _: False)
    private = said.get("appgw.ingress.kubernetes.io/use-private-ip") == "true"
    public = (class_name.value == "gce" and not old.missing) or (class_name.value in PUBLIC_AZURE and not private)
    return Field(public, place.path, source=f"the class {class_name.value}, whose addresses are public")


def _plaintext(made: Manifest, annotations: Node, said: Mapping[str, Any]) -> Field[bool]:
    listeners = annotations.key(f"{ALB}listen-ports")
    if not listeners.missing or f"{ALB}certificate-arn" in said:
        return _listeners(listeners, said)
    for name, off in ((f"{NGINX}ssl-redirect", "false"), ("kubernetes.io/ingress.allow-http", "true")):
        if isinstance(said.get(name), Unknown):
            return Field(UNKNOWN, annotations.key(name).path)
        if said.get(name) == off and said.get(f"{NGINX}force-ssl-redirect") != "true":
            return Field(True, annotations.key(name).path, source=off)
    tls = made.at("spec.tls")
    if isinstance(tls.raw, Unknown):
        return Field(UNKNOWN, tls.path)
    if any(name in said for name in CERTIFICATES):
        refused = annotations.key("kubernetes.io/ingress.allow-http").text(default="true")
        return refused.map(lambda text: text != "false")
    if not tls.raw:
        return Field(not made.partial, tls.path, source="no certificate for any host")
    return _uncovered(made, tls)


def _listeners(listeners: Node, said: Mapping[str, Any]) -> Field[bool]:
    """The load balancer's ports, as JSON: plain ones must send clients to the others."""

    def plain(text: str) -> bool:
        try:
            ports = json.loads(text)
        except ValueError:
            return True
        spoken = {name for port in ports for name in port} if isinstance(ports, list) else set()
        return "HTTP" in spoken and f"{ALB}ssl-redirect" not in said

    return listeners.text(default='[{"HTTPS": 443}]').map(plain)


def _uncovered(made: Manifest, tls: Node) -> Field[bool]:
    """Whether a host is served that no certificate is named for. An entry without hosts is for all of them."""
    covered: list[str] = []
    for entry in tls.items():
        hosts = [item.text(default="").value for item in entry.key("hosts").items()]
        if any(isinstance(host, Unknown) for host in hosts):
            return Field(UNKNOWN, entry.path)
        if not hosts:
            return Field(False, tls.path)
        covered += [host for host in hosts if isinstance(host, str)]
    for rule in made.at("spec.rules").items():
        host = rule.key("host").text(default="")
        if isinstance(host.value, Unknown):
            return Field(host.value, host.path)
        if host.value and not any(_covers(name, host.value) for name in covered):
            return Field(True, host.path, source=f"{host.value}, which no certificate is named for")
    return Field(False, tls.path)


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name.removeprefix("*."))


@manifest("gateway.networking.k8s.io:Gateway")
def gateway(made: Manifest) -> Iterator[Fact]:
    class_name = made.at("spec.gatewayClassName")
    annotations = made.at("spec.infrastructure.annotations")
    public = class_name.text(default="").map(lambda name: name in balancers()["public_gateways"])
    if public.value is False and told_public(annotations):
        public = internal_balancer(annotations, class_name).map(lambda inside: not inside)
    yield ServiceExposure(public=public)
    for listener in made.at("spec.listeners").items():
        protocol = listener.key("protocol").text(default="HTTP")
        yield Transport(plaintext=protocol.map(lambda text: text.upper() in ("HTTP", "TCP")))


@manifest("elbv2.k8s.aws:IngressClassParams", "eks.amazonaws.com:IngressClassParams")
def ingress_class_parameters(made: Manifest) -> Iterator[ServiceExposure]:
    scheme = made.at("spec.scheme").text(default="internal")
    yield ServiceExposure(public=scheme.map(lambda text: text == "internet-facing"))


@manifest("traefik.io:IngressRoute", "traefik.containo.us:IngressRoute")
def traefik_route(made: Manifest) -> Iterator[Transport]:
    """Without `tls` a route answers on plain entry points."""
    yield Transport(plaintext=_without(made.at("spec.tls"), made))


@manifest("projectcontour.io:HTTPProxy")
def contour_proxy(made: Manifest) -> Iterator[Transport]:
    """Only a root proxy has a host; it is the one that needs a certificate."""
    if not made.at("spec.virtualhost").missing:
        yield Transport(plaintext=_without(made.at("spec.virtualhost.tls"), made))


def _without(tls: Node, made: Manifest) -> Field[bool]:
    raw = tls.raw
    if isinstance(raw, Unknown):
        return Field(raw, tls.path)
    return Field(raw is None and not made.partial, tls.path, source="no certificate")
