"""Azure Firewall, its policies, network managers, VPNs and wide area networks."""

from collections.abc import Iterator

from rampart_policy.facts import Direction, InternetGateway, NetworkRule
from rampart_policy.readers import addresses
from rampart_policy.readers.table import (
    Aspect,
    always,
    each,
    filled,
    gives,
    says,
    secret_in_clear,
    service,
    set_,
    threat_detection,
    unless,
    weak_cipher,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node, every

no_surface(
    {
        "azure-native:network:ExpressRouteCircuit": "a private line",
        "azure-native:network:ExpressRouteCircuitAuthorization": "lets a named network use a private line",
        "azure-native:network:ExpressRouteCircuitPeering": "which routes a private line carries",
        "azure-native:network:ExpressRouteConnection": "joins a private line with a hub",
        "azure-native:network:ExpressRouteGateway": "a private line's end",
        "azure-native:network:HubVirtualNetworkConnection": "joins a network with a hub; its rules are judged",
        "azure-native:network:LocalNetworkGateway": "the other party's address; the connection is judged",
        "azure-native:network:NetworkManager": "holds rules, which are judged",
        "azure-native:network:SecurityAdminConfiguration": "holds rules, which are judged",
        "azure-native:network:ServiceEndpointPolicy": "narrows which accounts a subnet reaches",
        "azure-native:network:VirtualHub": "joins networks, whose rules are judged",
        "azure-native:network:VirtualWan": "joins hubs",
        "azure-native:network:VpnSite": "the other party's address; the connection is judged",
    }
)

gateway = gives(InternetGateway, "public")

WEAK_ALGORITHMS = ("DES", "DES3", "MD5", "SHA1", "None", "DHGroup1", "DHGroup2", "PFS1", "PFS2")


def _peers(place: Node, direction: Direction, allows: Field[bool], *names: str) -> Iterator[NetworkRule]:
    """One fact per address, range or name; `*` is everyone, also as a name of domains."""
    for node in (node for name in names for node in place.key(name).items()):
        yield NetworkRule(direction=Field(direction), allows=allows, peer=addresses.peer_field(node))


def _rules(place: Node, allows: Field[bool], translates: bool) -> Iterator[NetworkRule]:
    if translates:
        yield from _peers(place, Direction.INGRESS, allows, "sourceAddresses")
    else:
        outward = ("destinationAddresses", "destinationFqdns", "targetFqdns")
        yield from _peers(place, Direction.EGRESS, allows, *outward)


def _collection(place: Node) -> Iterator[NetworkRule]:
    """A collection of a policy: filter rules with one action, or rules that translate what comes in."""
    kind = place.key("ruleCollectionType").text(default="")
    action = place.at("action.type").text(default="").map(lambda name: name.lower() not in ("deny",))
    nat = kind.map(lambda name: "nat" in name.lower())
    plain = nat.map(lambda translates: not translates)
    for rule in place.key("rules").items():
        yield from _rules(rule, every(nat, action), True)
        yield from _rules(rule, every(plain, action), False)


def _classic(name: str, translates: bool) -> Aspect:
    def aspect(place: Node) -> Iterator[NetworkRule]:
        for collection in place.key(name).items():
            allows = collection.at("action.type").text(default="").map(lambda kind: kind.lower() != "deny")
            for rule in collection.key("rules").items():
                yield from _rules(rule, allows, translates)

    return aspect


service(
    "azure-native:network:AzureFirewall",
    _classic("networkRuleCollections", translates=False),
    _classic("applicationRuleCollections", translates=False),
    _classic("natRuleCollections", translates=True),
    set_("threatIntelMode", threat_detection(unless("threatIntelMode", "Off"))),
)
service(
    "azure-native:network:FirewallPolicy",
    set_("threatIntelMode", threat_detection(unless("threatIntelMode", "Off"))),
    set_("intrusionDetection.mode", threat_detection(unless("intrusionDetection.mode", "Off"))),
)
service("azure-native:network:FirewallPolicyRuleCollectionGroup", each("ruleCollections", _collection))


def _admin_rule(place: Node) -> Iterator[NetworkRule]:
    """A rule of a network manager comes before those of security groups."""
    allows = place.key("access").text(default="").map(lambda name: name.lower() != "deny")
    outbound = place.key("direction").text(default="").map(lambda name: name.lower() == "outbound")
    inbound = outbound.map(lambda out: not out)
    for direction, ends, this in (
        (Direction.EGRESS, "destinations", outbound),
        (Direction.INGRESS, "sources", inbound),
    ):
        for end in place.key(ends).items():
            peer = addresses.peer_field(end.key("addressPrefix"))
            yield NetworkRule(direction=Field(direction), allows=every(this, allows), peer=peer)


service("azure-native:network:AdminRule", _admin_rule)
service(
    ("azure-native:network:VpnGateway", "azure-native:network:P2sVpnGateway"),
    gateway(always),
)
service(
    ("azure-native:network:VirtualNetworkGatewayConnection", "azure-native:network:VpnConnection"),
    secret_in_clear(filled("sharedKey")),
    weak_cipher(says("connectionProtocol", "IKEv1")),
    *(
        each("ipsecPolicies", weak_cipher(says(name, *WEAK_ALGORITHMS)))
        for name in ("ikeEncryption", "ipsecEncryption", "ikeIntegrity", "ipsecIntegrity", "dhGroup", "pfsGroup")
    ),
)
