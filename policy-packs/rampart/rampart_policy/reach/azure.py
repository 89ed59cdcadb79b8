"""Azure networks: Virtual Network documentation, traffic routing, network security groups, service tags."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rampart_policy.reach.model import Filter, Hop, Kind, Place, Route, Rule
from rampart_policy.reach.spans import ALL, ANYWHERE, INTERNET, IPV4, NAMED, PRIVATE, Spans, everything, ports
from rampart_policy.reach.survey import Survey, standing_in
from rampart_policy.resources import Resource
from rampart_policy.values import Node

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
GROUP = "azure-native:network:NetworkSecurityGroup"
TABLE = "azure-native:network:RouteTable"

BALANCER = "AzureLoadBalancer"
"""The tag of the cloud's own health probes."""

HOPS = {
    "internet": Hop.INTERNET,
    "none": Hop.DROP,
    "vnetlocal": Hop.LOCAL,
    "virtualnetworkgateway": Hop.PEER,
    "virtualappliance": Hop.NAT,
}


def read(survey: Survey) -> None:
    """Add a stack's virtual networks."""
    groups = {survey.identity(made).lower(): made for made in survey.of(GROUP)}
    tables = {survey.identity(made).lower(): _table(survey, made) for made in survey.of(TABLE)}
    places: dict[str, Place] = {}
    for network in survey.of(NETWORK):
        local = survey.ranges(network.outputs.at("addressSpace.addressPrefixes"))
        peers = list(_peers(survey, network, local))
        inside = local
        for peer in peers:
            inside |= peer.spans
        system = (
            Route("", local, Hop.LOCAL, 1),
            *(Route(peer.urn, peer.spans, Hop.PEER, 1) for peer in peers),
            *(Route("", everything(text), Hop.DROP, 2) for text in _UNROUTED),
            Route(network.urn, IPV4 | NAMED, Hop.INTERNET, 2),
        )
        outer = _addresses(survey)
        for urn, name, node in _subnets(survey, network):
            group = groups.get(_id(survey, node.at("networkSecurityGroup.id")))
            out, into = _filters(survey, group, inside) if group else (None, None)
            id_ = _id(survey, node.key("id"))
            places[id_] = Place(
                name=name,
                kind=Kind.SUBNET,
                urn=urn,
                spans=survey.ranges(node.key("addressPrefix"), node.key("addressPrefixes")),
                routes=(*tables.get(_id(survey, node.at("routeTable.id")), ()), *system),
                out=(out,) if out else (),
                into=(into,) if into else (),
                addressed=bool(outer & {id_, "*"}),
            )
        survey.add(peers)
    survey.add(places.values())
    survey.add(_endpoints(survey, places))
    if places:
        probes = survey.topology.names.point(BALANCER)
        survey.add([Place(name=BALANCER, kind=Kind.SERVICE, spans=probes)])


_UNROUTED = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""Ranges that Azure drops unless a network has them (virtual network traffic routing, default routes)."""


def _id(survey: Survey, node: Node) -> str:
    return survey.text(node).lower()


def _subnets(survey: Survey, network: Resource) -> Iterator[tuple[str, str, Node]]:
    """URN, name and properties of the subnets of a network, declared with it or apart."""
    id_ = survey.identity(network).lower()
    apart = {
        survey.identity(made).lower(): made
        for made in survey.of(SUBNET)
        if not id_ or survey.identity(made).lower().startswith(f"{id_}/")
    }
    for made in apart.values():
        yield made.urn, made.name, made.outputs
    for node in network.properties.key("subnets").items():
        if _id(survey, node.key("id")) not in apart:
            yield network.urn, f"{network.name}/{survey.text(node.key('name'))}", node


def _table(survey: Survey, made: Resource) -> tuple[Route, ...]:
    listed = [(made.urn, node) for node in made.outputs.key("routes").items()]
    name = survey.text(made.outputs.key("name"))
    listed += (
        (route.urn, route.outputs)
        for route in survey.of("azure-native:network:Route")
        if survey.text(route.properties.key("routeTableName")) == name
    )
    return tuple(
        Route(
            urn,
            _prefix(survey, survey.text(node.key("addressPrefix"))),
            HOPS.get(survey.text(node.key("nextHopType")).lower(), Hop.DROP),
        )
        for urn, node in listed
    )


def _prefix(survey: Survey, text: str) -> Spans:
    """The addresses of a prefix or a service tag. 0.0.0.0/0 has those of every tag too."""
    if text in ("0.0.0.0/0", "*"):
        return IPV4 | NAMED
    if text.lower() == "internet" or text.lower().partition(".")[0] == "azurecloud":
        return INTERNET | NAMED
    return survey.range(text)


def _filters(survey: Survey, group: Resource, inside: Spans) -> tuple[Filter, Filter]:
    """Out of and into a subnet with a group; Azure's own rules come last (network security groups, default rules)."""
    listed = [(group.urn, node) for node in group.outputs.key("securityRules").items()]
    name = survey.text(group.outputs.key("name"))
    listed += (
        (made.urn, made.outputs)
        for made in survey.of("azure-native:network:SecurityRule")
        if survey.text(made.properties.key("networkSecurityGroupName")) == name
    )
    rules: dict[bool, list[Rule]] = {True: [], False: []}
    for urn, node in listed:
        outbound = survey.text(node.key("direction")).lower() == "outbound"
        rules[outbound].append(_rule(survey, urn, node, inside))
    probes = survey.topology.names.point(BALANCER)
    rules[True] += [
        Rule(group.urn, True, inside, inside, ALL, 65_000),
        Rule(group.urn, True, ANYWHERE, INTERNET | NAMED, ALL, 65_001),
    ]
    rules[False] += [
        Rule(group.urn, True, inside, inside, ALL, 65_000),
        Rule(group.urn, True, probes, ANYWHERE, ALL, 65_001),
    ]
    return Filter(tuple(rules[True]), default=False), Filter(tuple(rules[False]), default=False)


def _rule(survey: Survey, urn: str, node: Node, inside: Spans) -> Rule:
    ranges = [_range(text) for text in _several(survey, node, "destinationPortRange")]
    return Rule(
        urn,
        survey.text(node.key("access")).lower() == "allow",
        _peers_of(survey, node, "source", inside),
        _peers_of(survey, node, "destination", inside),
        ports(survey.text(node.key("protocol")), *(found for found in ranges if found)),
        survey.number(node.key("priority"), 4_096),
    )


def _several(survey: Survey, node: Node, name: str) -> list[str]:
    return [*survey.texts(node.key(name)), *survey.texts(node.key(f"{name}s"))]


def _range(text: str) -> tuple[int, int] | None:
    first, _, last = text.partition("-")
    return (int(first), int(last or first)) if first.isdigit() else None


def _peers_of(survey: Survey, node: Node, side: str, inside: Spans) -> Spans:
    found = Spans()
    for text in [*_several(survey, node, f"{side}AddressPrefix"), *survey.texts(node.key(f"{side}AddressPrefixes"))]:
        if text == "*" or text.lower() == "any":
            found |= ANYWHERE
        else:
            found |= inside if text.lower() == "virtualnetwork" else _prefix(survey, text)
    if list(node.key(f"{side}ApplicationSecurityGroups").items()):
        found |= inside
    return found


def _peers(survey: Survey, network: Resource, local: Spans) -> Iterator[Place]:
    name = survey.text(network.outputs.key("name"))
    for made in survey.of("azure-native:network:VirtualNetworkPeering"):
        if survey.text(made.properties.key("virtualNetworkName")) == name:
            spans = survey.ranges(made.outputs.at("remoteAddressSpace.addressPrefixes")) or PRIVATE - local
            yield Place(name=f"peer by {made.name}", kind=Kind.PEER, urn=made.urn, spans=spans)


def _addresses(survey: Survey) -> set[str]:
    """Ids of the subnets in which something has a public address; `*` where a load balancer has, for any of them."""
    found = set()
    for made in survey.of("azure-native:network:NetworkInterface"):
        for node in made.outputs.key("ipConfigurations").items():
            if survey.text(node.at("publicIPAddress.id")):
                found.add(_id(survey, node.at("subnet.id")))
    for made in survey.of("azure-native:network:LoadBalancer"):
        for node in made.outputs.key("frontendIPConfigurations").items():
            if survey.text(node.at("publicIPAddress.id")) or survey.text(node.at("publicIPPrefix.id")):
                found.add("*")
    return found


def _endpoints(survey: Survey, places: Mapping[str, Place]) -> Iterator[Place]:
    """Stores stand in subnets by their private endpoints, on which groups bind where the subnet says so."""
    bound = {
        _id(survey, node.key("id")): survey.text(node.key("privateEndpointNetworkPolicies")) in _BINDING
        for network in survey.of(NETWORK)
        for _, _, node in _subnets(survey, network)
    }
    for made in survey.of("azure-native:network:PrivateEndpoint"):
        id_ = _id(survey, made.outputs.at("subnet.id"))
        if id_ in places:
            place = Place(name=made.name, kind=Kind.STORE, urn=made.urn, spans=places[id_].spans)
            there = standing_in(place, places[id_])
            yield there if bound[id_] else replace(there, into=())


_BINDING = ("Enabled", "NetworkSecurityGroupEnabled")
