"""Azure networks: virtual networks, subnets, routes, gateways, addresses."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    DefaultOutboundAccess,
    InternetGateway,
    NetworkAddressTranslation,
    NetworkRoute,
    Principal,
    PublicAddress,
    SubnetGuards,
)
from rampart_policy.readers import addresses
from rampart_policy.readers.ways import ways
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Node, either

SERVICE_SUBNETS = frozenset(
    {"gatewaysubnet", "azurefirewallsubnet", "azurefirewallmanagementsubnet", "azurebastionsubnet", "routeserversubnet"}
)
"""Subnets that Azure's own appliances stand in: they take no security group or no routes of the customer's."""

no_surface(
    {
        "azure-native:resources:ResourceGroup": "a folder; what is in it and who may use it is judged",
        "azure-native:managedidentity:UserAssignedIdentity": "an identity; what it may do is judged where it is given",
    }
)


@reader("azure-native:network:VirtualNetwork")
def virtual_network(made: Resource) -> Iterator[DefaultOutboundAccess | SubnetGuards]:
    """Subnets may be written inside their network."""
    for subnet_ in made.at("subnets").items():
        yield from _subnet(subnet_, subnet_.key("name"))


@reader("azure-native:network:Subnet")
def subnet(made: Resource) -> Iterator[DefaultOutboundAccess | SubnetGuards]:
    name = made.at("subnetName")
    yield from _subnet(made.properties, made.at("name") if name.missing else name)


stack_reader("azure-native:network:Subnet")(ways)


def _subnet(place: Node, name: Node) -> Iterator[DefaultOutboundAccess | SubnetGuards]:
    """The API that the provider speaks (2024-05-01) gives outbound access unless told not to."""
    special = name.text(default="").map(lambda text: text.lower() in SERVICE_SUBNETS)
    outbound = place.key("defaultOutboundAccess")
    if not outbound.missing or special.value is not True:
        yield DefaultOutboundAccess(enabled=outbound.flag(default=True))
    yield SubnetGuards(
        security_group=either(place.key("networkSecurityGroup").given, special),
        route_table=either(place.key("routeTable").given, special),
    )


@reader("azure-native:network:RouteTable")
def route_table(made: Resource) -> Iterator[NetworkRoute]:
    for route_ in made.at("routes").items():
        yield _route(route_)


@reader("azure-native:network:Route")
def route(made: Resource) -> Iterator[NetworkRoute]:
    yield _route(made.properties)


def _route(place: Node) -> NetworkRoute:
    hop = place.key("nextHopType").text(default="")
    return NetworkRoute(
        destination=addresses.peer_field(place.key("addressPrefix")),
        leads_out=hop.map(lambda kind: kind.lower() == "internet"),
    )


@reader("azure-native:network:VirtualNetworkPeering")
def peering(made: Resource) -> Iterator[AccessGrant]:
    """The other network's owner is let in, as far as rules go."""
    network = made.at("remoteVirtualNetwork.id").text(default="")
    own = made.provider.at("subscriptionId").raw if made.provider else None

    def owner(id_: str) -> Principal:
        parts = [*id_.lower().split("/"), "", ""]
        foreign = parts[1] == "subscriptions" and isinstance(own, str) and parts[2] != own.lower()
        return Principal(id_, Audience.OTHER_ACCOUNT if foreign else Audience.NAMED)

    yield AccessGrant(allows=Field(True), principal=network.map(owner), narrowed=Field(False))


@reader("azure-native:network:NatGateway")
def nat_gateway(made: Resource) -> Iterator[NetworkAddressTranslation]:
    yield NetworkAddressTranslation(public=made.is_such())


@reader("azure-native:network:VirtualNetworkGateway")
def virtual_network_gateway(made: Resource) -> Iterator[InternetGateway]:
    """A VPN gateway listens on the internet; an ExpressRoute one does not."""
    kind = made.at("gatewayType").text(default="Vpn")
    yield InternetGateway(public=kind.map(lambda name: name.lower() != "expressroute"))


@stack_reader("azure-native:network:PublicIPAddress", "azure-native:network:PublicIPPrefix")
def public_address(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    nat = [
        stack.has_companion(made, name, "azure-native:network:NatGateway")
        for name in ("publicIpAddresses", "publicIpPrefixes")
    ]
    own = made.at("natGateway").any().map(bool)
    yield PublicAddress(public=made.is_such(), outbound_only=either(own, *nat))
