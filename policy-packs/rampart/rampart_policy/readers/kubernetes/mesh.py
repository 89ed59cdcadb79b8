"""Istio: how services talk to each other, who may, and what they reach outside.

Istio reference, "PeerAuthentication", "DestinationRule", "AuthorizationPolicy", "ServiceEntry".
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    CertificateCheck,
    Direction,
    Fact,
    NetworkRule,
    Peer,
    Principal,
    Transport,
)
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import Field, Node, Unknown, every

WHO = ("principals", "requestPrincipals", "namespaces", "ipBlocks", "remoteIpBlocks", "serviceAccounts")
"""What the source of a rule can name."""


@manifest("networking.istio.io:Gateway")
def istio_gateway(made: Manifest) -> Iterator[Transport]:
    for server in made.at("spec.servers").items():
        protocol = server.at("port.protocol").text(default="HTTP")
        redirected = server.at("tls.httpsRedirect").flag(default=False)
        if redirected.value is not True:
            yield Transport(
                plaintext=protocol.map(lambda text: text.upper() in ("HTTP", "HTTP2", "GRPC", "TCP", "MONGO"))
            )


@manifest("security.istio.io:PeerAuthentication")
def peer_authentication(made: Manifest) -> Iterator[Transport]:
    """Mutual TLS between services, for all ports and for single ones."""
    places = [made.at("spec.mtls.mode"), *(place.key("mode") for _, place in made.at("spec.portLevelMtls").entries())]
    for place in places:
        yield Transport(plaintext=place.text(default="UNSET").map(lambda text: text in ("DISABLE", "PERMISSIVE")))


@manifest("networking.istio.io:DestinationRule")
def destination_rule(made: Manifest) -> Iterator[Fact]:
    """For all ports, for single ones, and for subsets of a service."""
    policies = [made.at("spec.trafficPolicy")]
    policies += [subset.key("trafficPolicy") for subset in made.at("spec.subsets").items()]
    for policy in policies:
        for place in (policy, *policy.key("portLevelSettings").items()):
            mode = place.at("tls.mode").text(default="ISTIO_MUTUAL")
            yield Transport(plaintext=mode.map(lambda text: text == "DISABLE"))
            yield CertificateCheck(skipped=place.at("tls.insecureSkipVerify").flag(default=False))


@manifest("security.istio.io:AuthorizationPolicy")
def authorization_policy(made: Manifest) -> Iterator[AccessGrant]:
    """A rule that allows and names no source lets everyone in, unless it says to what or when. None lets nobody in."""
    allows = made.at("spec.action").text(default="ALLOW").map(lambda action: action == "ALLOW")
    for rule in made.at("spec.rules").items():
        narrow = [rule.key(key).given for key in ("to", "when")]
        sources = [place.key("source") for place in rule.key("from").items()]
        if not sources:
            yield _grant(allows, Field(Principal("every source", Audience.EVERYONE), rule.path), *narrow)
        for source in sources:
            named = [node for key in WHO for node in source.key(key).items()]
            if isinstance(source.raw, Unknown):
                yield _grant(allows, Field(source.raw, source.path))
            elif not named:
                yield _grant(allows, Field(Principal("every source", Audience.EVERYONE), source.path), *narrow)
            for node in named:
                yield _grant(allows, node.text(default="").map(_principal), *narrow)


def _grant(allows: Field[bool], principal: Field[Principal], *narrow: Field[bool]) -> AccessGrant:
    narrowed = [field for field in narrow if field.value is not False]
    return AccessGrant(allows=allows, principal=principal, narrowed=every(*narrowed) if narrowed else Field(False))


def _principal(name: str) -> Principal:
    everyone = name.strip() in ("*", "0.0.0.0/0", "::/0")
    return Principal(name, Audience.EVERYONE if everyone else Audience.NAMED)


@manifest("networking.istio.io:ServiceEntry")
def service_entry(made: Manifest) -> Iterator[NetworkRule]:
    """Hosts that the mesh lets its services reach; `*` and `*.com` are the internet."""
    for node in made.at("spec.hosts").items():
        yield _reaches(node)
    for node in made.at("spec.addresses").items():
        yield _reaches(node)


def _reaches(node: Node) -> NetworkRule:
    host = node.text(default="")
    peer = host.map(lambda name: Peer(name, public=name in ("*", "0.0.0.0/0", "::/0") or _is_wide(name)))
    return NetworkRule(direction=Field(Direction.EGRESS), allows=Field(True), peer=peer)


def _is_wide(host: str) -> bool:
    return host.startswith("*.") and host.count(".") == 1


@manifest("networking.istio.io:Sidecar")
def sidecar(made: Manifest) -> Iterator[NetworkRule]:
    """By what a workload may reach, whatever is registered or nothing else."""
    mode = made.at("spec.outboundTrafficPolicy.mode").text(default="REGISTRY_ONLY")
    peer = mode.map(lambda text: Peer(text, public=text == "ALLOW_ANY"))
    yield NetworkRule(direction=Field(Direction.EGRESS), allows=Field(True), peer=peer)
