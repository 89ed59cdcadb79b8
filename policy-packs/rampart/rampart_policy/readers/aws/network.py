"""AWS networks: VPCs, subnets, routes, gateways, addresses."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AutomaticAddressing,
    DefaultNetworking,
    DefaultSecurityGroupAdoption,
    InternetGateway,
    NetworkAddressTranslation,
    NetworkFlows,
    NetworkRoute,
    PublicAddress,
)
from rampart_policy.readers import addresses
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Node, either, every

no_surface(
    {
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": "joins a subnet with a table; routes are judged",
        "aws:ec2/networkAcl:NetworkAcl": "stateless rules beneath the security groups, which decide by themselves",
        "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": "stateless rules beneath the security groups",
        "aws:ec2/networkAclRule:NetworkAclRule": "stateless rules beneath the security groups",
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
    """Every IPv6 address is a public one, but reachable only by way of a gateway, which is judged."""
    yield AutomaticAddressing(public=made.at("mapPublicIpOnLaunch").flag(default=False))


@reader("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
def route_table(made: Resource) -> Iterator[NetworkRoute]:
    for route in made.at("routes").items():
        yield from _routes(route, route.key("cidrBlock"), route.key("ipv6CidrBlock"))


@reader("aws:ec2/route:Route")
def route(made: Resource) -> Iterator[NetworkRoute]:
    place = made.properties
    yield from _routes(place, place.key("destinationCidrBlock"), place.key("destinationIpv6CidrBlock"))


def _routes(route: Node, *destinations: Node) -> Iterator[NetworkRoute]:
    for destination in destinations:
        if not destination.missing and destination.raw != "":
            yield NetworkRoute(destination=addresses.peer_field(destination), leads_out=_leads_out(route))


def _leads_out(route: Node) -> Field[bool]:
    """An internet gateway's id is `igw-...`; virtual private gateways share the property, with `vgw-...`."""
    gateway = route.key("gatewayId").text(default="").map(lambda name: name.startswith("igw-"))
    egress_only = route.key("egressOnlyGatewayId").text(default="").map(bool)
    translation = route.key("natGatewayId").text(default="").map(bool)
    return either(gateway, egress_only, translation)


@reader("aws:ec2/internetGateway:InternetGateway", "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway")
def internet_gateway(made: Resource) -> Iterator[InternetGateway]:
    yield InternetGateway(public=made.is_such())


@reader("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment")
def internet_gateway_attachment(made: Resource) -> Iterator[InternetGateway]:
    yield InternetGateway(public=made.is_such())


@reader("aws:ec2/natGateway:NatGateway")
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
    nat = [
        stack.has_companion(made, name, "aws:ec2/natGateway:NatGateway")
        for name in ("allocationId", "secondaryAllocationIds")
    ]
    association = "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation"
    for_nat = either(*nat, stack.has_companion(made, "allocationId", association))
    yield PublicAddress(public=made.is_such(), outbound_only=every(attached.map(lambda there: not there), for_nat))


@stack_reader("aws:ec2/vpc:Vpc")
def vpc(made: Resource, stack: Stack) -> Iterator[DefaultSecurityGroupAdoption | NetworkFlows]:
    adopted = stack.has_companion(made, "vpcId", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    yield DefaultSecurityGroupAdoption(adopted=adopted)
    yield NetworkFlows(logged=stack.has_companion(made, "vpcId", "aws:ec2/flowLog:FlowLog"))
