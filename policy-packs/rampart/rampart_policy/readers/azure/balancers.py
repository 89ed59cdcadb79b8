"""Azure's ways in: network interfaces, load balancers, application gateways, private link services, bastions."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    NetworkAddressTranslation,
    Principal,
    Transport,
)
from rampart_policy.readers.table import (
    Aspect,
    Test,
    admits,
    always,
    at,
    automatic_address,
    both,
    debug_access,
    each,
    empty,
    filled,
    forwards_packets,
    gives,
    includes,
    negated,
    oldest_tls,
    on,
    one_of,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    threat_detection,
    unless,
    weak_cipher,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Node

no_surface(
    {
        "azure-native:network:InboundNatRule": "a port of a load balancer, whose addresses are judged",
        "azure-native:network:LoadBalancerBackendAddressPool": "machines behind a balancer; all are judged",
        "azure-native:network:DdosProtectionPlan": "guards public addresses, which are judged",
        "azure-native:network:IpGroup": "names ranges; the rules that use it are judged",
        "azure-native:network:NetworkInterfaceTapConfiguration": "copies packets to a balancer of the program's",
    }
)

OLD_POLICIES = ("AppGwSslPolicy20150501", "AppGwSslPolicy20170401")
"""Predefined policies that take TLS 1.0 and 1.1 (Application Gateway documentation, "TLS policy overview")."""

WEAK = (
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA256",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA",
)

nat = gives(NetworkAddressTranslation, "public")
PUBLIC: Test = one_of(filled("publicIPAddress"), filled("publicIPPrefix"))
OUTBOUND_ONLY: Test = both(
    filled("outboundRules"), empty("loadBalancingRules"), empty("inboundNatRules"), empty("inboundNatPools")
)
"""A load balancer without a rule for what comes in is a NAT."""

service(
    "azure-native:network:NetworkInterface",
    each("ipConfigurations", automatic_address(filled("publicIPAddress"))),
    forwards_packets(on("enableIPForwarding")),
)
service(
    "azure-native:network:LoadBalancer",
    where(OUTBOUND_ONLY, each("frontendIPConfigurations", nat(PUBLIC))),
    where(negated(OUTBOUND_ONLY), each("frontendIPConfigurations", automatic_address(PUBLIC))),
)


def _plain_listeners(place: Node) -> Iterator[Transport]:
    """A listener on plain HTTP, unless its rule does nothing but to redirect."""
    redirected = {
        _last(rule.at("httpListener.id"))
        for rule in place.key("requestRoutingRules").items()
        if not rule.key("redirectConfiguration").missing
    }
    for listener in place.key("httpListeners").items():
        plain = listener.key("protocol").text(default="Http").map(lambda name: name.lower() == "http")
        name = listener.key("name").raw
        if not (isinstance(name, str) and name.lower() in redirected):
            unclear = None in redirected and plain.value is True
            yield Transport(plaintext=Field(UNKNOWN, plain.path) if unclear else plain)


def _last(node: Node) -> str | None:
    """The name at the end of an id; none where it is not known."""
    return node.raw.rpartition("/")[2].lower() if isinstance(node.raw, str) else None


SSL_POLICY: tuple[Aspect, ...] = (
    set_("minProtocolVersion", oldest_tls("minProtocolVersion")),
    where(says("policyName", *OLD_POLICIES), oldest_tls("policyName")),
    weak_cipher(includes("cipherSuites", *WEAK)),
)

service(
    "azure-native:network:ApplicationGateway",
    each("frontendIPConfigurations", automatic_address(filled("publicIPAddress"))),
    _plain_listeners,
    at("sslPolicy", *SSL_POLICY),
    each("sslProfiles", at("sslPolicy", *SSL_POLICY)),
    set_(
        "webApplicationFirewallConfiguration",
        threat_detection(
            both(
                on("webApplicationFirewallConfiguration.enabled"),
                unless("webApplicationFirewallConfiguration.firewallMode", "Detection"),
            )
        ),
    ),
)
service(
    "azure-native:network:WebApplicationFirewallPolicy",
    threat_detection(unless("policySettings.state", "Disabled")),
    threat_detection(unless("policySettings.mode", "Detection")),
)
service(
    "azure-native:network:BastionHost",
    debug_access(on("enableShareableLink")),
    admits("networkAcls.ipRules", "addressPrefix"),
    each("ipConfigurations", set_("publicIPAddress", public_endpoint(always))),
)


@reader("azure-native:network:PrivateLinkService")
def private_link_service(made: Resource) -> Iterator[AccessGrant]:
    """Who sees it, and who is approved unasked: subscriptions by id, or `*` for whoever asks."""
    own = made.provider.at("subscriptionId").raw if made.provider else None

    def subscription(text: str) -> Principal:
        if text.strip() == "*":
            return Principal(text, Audience.EVERYONE)
        foreign = isinstance(own, str) and text.strip().lower() != own.lower()
        return Principal(text, Audience.OTHER_ACCOUNT if foreign else Audience.NAMED)

    for name in ("visibility", "autoApproval"):
        for node in made.at(f"{name}.subscriptions").items():
            who = node.text(default="").map(subscription)
            yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False))


service("azure-native:trafficmanager:Profile", plaintext(says("monitorConfig.protocol", "HTTP")))
