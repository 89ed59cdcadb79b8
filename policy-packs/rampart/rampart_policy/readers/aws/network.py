"""AWS networks: VPCs, subnets, routes, gateways, addresses."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AutomaticAddressing,
    DefaultNetworking,
    DefaultSecurityGroupAdoption,
    Fact,
    InternetGateway,
    NetworkAddressTranslation,
    NetworkFlows,
    NetworkRoute,
    Peer,
    PublicAddress,
)
from rampart_policy.readers import addresses
from rampart_policy.readers.ways import ways
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Node, either, every

INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"

NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"

VPN_GATEWAY = "aws:ec2/vpnGateway:VpnGateway"

WAYS_OUT = ("egressOnlyGatewayId", "natGatewayId", "carrierGatewayId")
"""Next hops that lead to the internet, whatever their id."""

no_surface(
    {
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": "joins a subnet with a table; routes are judged",
        "aws:ec2/routeTableAssociation:RouteTableAssociation": "joins a subnet with a table; routes are judged",
        "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": "name servers and domain names",
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": "a route to a private endpoint",
    }
)


@reader("aws:ec2/defaultVpc:DefaultVpc", "aws:ec2/defaultSubnet:DefaultSubnet")
def default_network(made: Resource) -> Iterator[DefaultNetworking]:
    """The account's default VPC has a public subnet in every zone, and an internet gateway (VPC User Guide)."""
    yield DefaultNetworking(subnets=made.is_such(), routes=made.is_such())


@reader("aws:ec2/subnet:Subnet")
def subnet(made: Resource) -> Iterator[AutomaticAddressing]:
    """Every IPv6 address is a public one. A subnet of nothing else (`ipv6Native`) cannot do without."""
    yield AutomaticAddressing(public=made.at("mapPublicIpOnLaunch").flag(default=False))
    native = made.at("ipv6Native").flag(default=False).map(lambda only: not only)
    yield AutomaticAddressing(public=every(made.at("assignIpv6AddressOnCreation").flag(default=False), native))
    yield AutomaticAddressing(public=made.at("mapCustomerOwnedIpOnLaunch").flag(default=False))


stack_reader("aws:ec2/subnet:Subnet")(ways)


@reader("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
def route_table(made: Resource) -> Iterator[NetworkRoute]:
    for route in made.at("routes").items():
        yield from _routes(route, "cidrBlock", "ipv6CidrBlock")


@reader("aws:ec2/route:Route")
def route(made: Resource) -> Iterator[NetworkRoute]:
    yield from _routes(made.properties, "destinationCidrBlock", "destinationIpv6CidrBlock")


@stack_reader("aws:ec2/route:Route")
def route_to_gateway(made: Resource, stack: Stack) -> Iterator[Fact]:
    """A gateway whose id is not known yet is known by what the route depends on."""
    for name, token, what in (
        ("gatewayId", INTERNET_GATEWAY, "an internet gateway"),
        ("natGatewayId", NAT_GATEWAY, "a NAT gateway"),
    ):
        if made.at(name).given.known or not stack.origins(made, name, token):
            continue
        for destination in _destinations(made.properties, "destinationCidrBlock", "destinationIpv6CidrBlock"):
            yield NetworkRoute(destination=destination, leads_out=Field(True, name, source=what))


@stack_reader("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
def table_to_gateway(made: Resource, stack: Stack) -> Iterator[Fact]:
    """Likewise, unless one of the routes may lead to a VPN."""
    if not stack.origins(made, "routes", INTERNET_GATEWAY) or stack.origins(made, "routes", VPN_GATEWAY):
        return
    for route in made.at("routes").items():
        place = route.key("gatewayId")
        if not place.given.known:
            for destination in _destinations(route, "cidrBlock", "ipv6CidrBlock"):
                yield NetworkRoute(destination=destination, leads_out=Field(True, place.path, source="a gateway"))


def _routes(route: Node, *ranges: str) -> Iterator[NetworkRoute]:
    for destination in _destinations(route, *ranges):
        yield NetworkRoute(
            destination=destination, leads_out=either(_leads_out(route), _to_machine(route, destination))
        )


def _destinations(route: Node, *ranges: str) -> Iterator[Field[Peer]]:
    for name in ranges:
        destination = route.key(name)
        if not destination.missing and destination.raw != "":
            yield addresses.peer_field(destination)
    listed = route.key("destinationPrefixListId")
    if not listed.missing and listed.raw != "":
        yield listed.text(default="").map(lambda name: Peer(name, public=False))


def _leads_out(route: Node) -> Field[bool]:
    """An internet gateway's id is `igw-...`; virtual private gateways share the property, with `vgw-...`."""
    gateway = route.key("gatewayId").text(default="").map(lambda name: name.startswith("igw-"))
    others = (route.key(name).text(default="").map(bool) for name in WAYS_OUT)
    return either(gateway, *others)


def _to_machine(route: Node, destination: Field[Peer]) -> Field[bool]:
    """A machine that the internet is reached by is a NAT of one's own."""
    machine = route.key("networkInterfaceId").text(default="").map(bool)
    return every(machine, destination.map(lambda peer: peer.public))


@reader(
    INTERNET_GATEWAY,
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "aws:ec2/carrierGateway:CarrierGateway",
)
def internet_gateway(made: Resource) -> Iterator[InternetGateway]:
    yield InternetGateway(public=made.is_such())


@reader("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment")
def internet_gateway_attachment(made: Resource) -> Iterator[InternetGateway]:
    yield InternetGateway(public=made.is_such())


@reader(NAT_GATEWAY)
def nat_gateway(made: Resource) -> Iterator[NetworkAddressTranslation]:
    """A regional NAT gateway is always public (`availabilityMode`)."""
    kind = made.at("connectivityType").text(default="public")
    yield NetworkAddressTranslation(public=kind.map(lambda value: value != "private"))


@reader("aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation")
def nat_gateway_address(made: Resource) -> Iterator[NetworkAddressTranslation]:
    yield NetworkAddressTranslation(public=made.is_such())


@reader("aws:ec2/eipAssociation:EipAssociation")
def address_association(made: Resource) -> Iterator[AutomaticAddressing]:
    """Gives a machine or a network interface the address: NATs are given theirs in other ways."""
    yield AutomaticAddressing(public=made.is_such())


@stack_reader("aws:ec2/eip:Eip")
def elastic_address(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    attached = either(made.at("instance").given, made.at("networkInterface").given)
    nat = [stack.has_companion(made, name, NAT_GATEWAY) for name in ("allocationId", "secondaryAllocationIds")]
    association = "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation"
    for_nat = either(*nat, stack.has_companion(made, "allocationId", association))
    yield PublicAddress(public=made.is_such(), outbound_only=every(attached.map(lambda there: not there), for_nat))


@stack_reader("aws:ec2/vpc:Vpc")
def vpc(made: Resource, stack: Stack) -> Iterator[DefaultSecurityGroupAdoption | NetworkFlows]:
    adopted = stack.has_companion(made, "vpcId", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    yield DefaultSecurityGroupAdoption(adopted=adopted)
    yield NetworkFlows(logged=stack.has_companion(made, "vpcId", "aws:ec2/flowLog:FlowLog"))
