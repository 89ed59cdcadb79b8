"""AWS load balancers: where they listen, and how.

Elastic Load Balancing guides, "Internet-facing load balancers", "Security policies", "Redirect actions".
"""

from collections.abc import Iterator

from rampart_policy.facts import AutomaticAddressing, Fact, ProtocolVersion, ServiceEndpoint, Transport
from rampart_policy.readers.aws.aspects import tls_policy
from rampart_policy.readers.table import (
    Aspect,
    audited,
    deletion_protected,
    each,
    on,
    plaintext,
    says,
    service,
    set_,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node, combine, either

DEFAULT_POLICY = "ELBSecurityPolicy-2016-08"

OLD_PROTOCOLS = frozenset({"protocol-sslv3", "protocol-tlsv1", "protocol-tlsv1.1"})

no_surface(
    {
        **{
            f"aws:{module}/{kind[0].lower()}{kind[1:]}:{kind}": reason
            for module in ("alb", "lb")
            for kind, reason in {
                "ListenerCertificate": "a certificate of a listener, which is judged",
                "ListenerRule": "where a listener sends what; the listener is judged",
                "TargetGroupAttachment": "puts a target behind a balancer",
            }.items()
        },
        "aws:elb/appCookieStickinessPolicy:AppCookieStickinessPolicy": "which target a client stays with",
        "aws:elb/attachment:Attachment": "puts a machine behind a balancer; both are judged",
        "aws:elb/listenerPolicy:ListenerPolicy": "names a policy, which is judged",
        "aws:elb/loadBalancerBackendServerPolicy:LoadBalancerBackendServerPolicy": "names a policy, which is judged",
        "aws:elb/loadBalancerCookieStickinessPolicy:LoadBalancerCookieStickinessPolicy": "which target a client keeps",
        "aws:lb/trustStore:TrustStore": "authorities that client certificates come from",
        "aws:lb/trustStoreRevocation:TrustStoreRevocation": "client certificates that are taken back",
    }
)


def _facing(place: Node) -> Iterator[Fact]:
    """Internet-facing when nothing is said. Balancers of gateways have no address for clients."""
    inside = place.key("internal").flag(default=False)
    gateway = place.key("loadBalancerType").text(default="application").map(lambda kind: kind == "gateway")
    yield ServiceEndpoint(public=either(inside, gateway).map(lambda private: not private), admits=Field(True))


def _fixed(place: Node) -> Iterator[Fact]:
    for mapping in place.key("subnetMappings").items():
        if not mapping.key("allocationId").missing:
            yield AutomaticAddressing(public=mapping.key("allocationId").given)


def _logged(*, default: bool) -> Aspect:
    """No access log is often right; one that is written down and off is a mistake."""
    return set_("accessLogs", audited(on("accessLogs.enabled", default)))


service(
    ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"),
    plaintext(says("protocol", "HTTP")),
)
service(
    ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"),
    _facing,
    _fixed,
    _logged(default=False),
    set_("enableDeletionProtection", deletion_protected(on("enableDeletionProtection"))),
)


def _listens(place: Node) -> Iterator[Fact]:
    """HTTP is all right when all it does is send clients to HTTPS. `#{protocol}` keeps what they came by."""
    protocol = place.key("protocol").text(default="HTTP" if place.key("certificateArn").missing else "HTTPS")
    plain = protocol.map(lambda name: name.upper() == "HTTP")
    for action in place.key("defaultActions").items():
        redirected = combine(
            lambda kind, to: kind == "redirect" and to.upper() == "HTTPS",
            action.key("type").text(default=""),
            action.at("redirect.protocol").text(default="#{protocol}"),
        )
        yield Transport(plaintext=combine(lambda http, away: http and not away, plain, redirected))
    if place.key("defaultActions").raw in (None, []):
        yield Transport(plaintext=plain)


def _encrypts(place: Node) -> Field[bool]:
    return place.key("protocol").text(default="").map(lambda name: name.upper() in ("HTTPS", "TLS"))


service(
    ("aws:lb/listener:Listener", "aws:alb/listener:Listener"),
    _listens,
    where(_encrypts, tls_policy("sslPolicy", default=DEFAULT_POLICY)),
)


def _classic(place: Node) -> Iterator[Fact]:
    yield ServiceEndpoint(
        public=place.key("internal").flag(default=False).map(lambda inside: not inside), admits=Field(True)
    )


def _classic_listener(item: Node) -> Iterator[Fact]:
    protocol = item.key("lbProtocol").text(default="")
    yield Transport(plaintext=protocol.map(lambda name: name.upper() == "HTTP"))


service("aws:elb/loadBalancer:LoadBalancer", _classic, each("listeners", _classic_listener), _logged(default=True))


def _negotiates(path: str) -> Aspect:
    """Protocols that a policy turns on, one by one, or by the name of one of AWS's."""

    def aspect(place: Node) -> Iterator[Fact]:
        for item in place.key(path).items():
            name, value = item.key("name").text(default=""), item.key("value").text(default="")
            yield ProtocolVersion(
                minimum=combine(
                    lambda key, text: (
                        1.0
                        if (key.lower() in OLD_PROTOCOLS and text.lower() == "true")
                        or (key == "Reference-Security-Policy" and "TLS-1-2" not in text)
                        else 1.2
                    ),
                    name,
                    value,
                )
            )

    return aspect


service("aws:elb/sslNegotiationPolicy:SslNegotiationPolicy", _negotiates("attributes"))
service("aws:elb/loadBalancerPolicy:LoadBalancerPolicy", _negotiates("policyAttributes"))
