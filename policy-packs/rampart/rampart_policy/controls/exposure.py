"""Exposure: nothing on the internet can reach in."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AutomaticAddressing,
    DataApi,
    DefaultNetworking,
    DefaultSecurityGroup,
    DefaultSecurityGroupAdoption,
    Direction,
    DnsZone,
    EndpointNames,
    InternetGateway,
    NetworkRule,
    PublicAddress,
    ServerPort,
    ServiceEndpoint,
    SubnetGuards,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict


@control(
    id="no-open-ingress",
    title="No network rule lets the internet in",
    why="A rule for every address, or for more addresses than any one party has, admits whoever finds the port.",
    remediation="Name the private ranges, security groups or service tags that need the port, or remove the rule.",
    severity=Severity.CRITICAL,
    judges=NetworkRule,
)
def open_ingress(rule: NetworkRule, settings: Settings) -> Verdict:
    inbound = rule.direction.map(lambda direction: direction is Direction.INGRESS)
    closed = rule.peer.must(lambda peer: not peer.public, "private ranges, or a named group, tag or party")
    return when(rule.allows, inbound).then(closed)


@control(
    id="no-public-address",
    title="Nothing has a public address of its own",
    why="A public address is a way in that every later mistake in a rule or a policy opens.",
    remediation="Remove the address, and reach the resource privately: a private endpoint, an internal load balancer, "
    "or a tunnel. Addresses that only a NAT uses are judged with the NAT.",
    severity=Severity.HIGH,
    judges=PublicAddress,
)
def public_address(address: PublicAddress, settings: Settings) -> Verdict:
    inbound = address.outbound_only.map(lambda outbound: not outbound)
    return when(inbound).then(address.public.must_be(False, "an internal address, or one that only a NAT uses"))


@control(
    id="no-automatic-public-address",
    title="Nothing is given a public address by where it is placed",
    why="A subnet that hands out public addresses exposes whatever is put into it, unasked.",
    remediation="Turn automatic public addresses off, and remove associations of public addresses.",
    severity=Severity.HIGH,
    judges=AutomaticAddressing,
)
def automatic_address(addressing: AutomaticAddressing, settings: Settings) -> Verdict:
    return addressing.public.must_be(False, "private addresses only")


@control(
    id="no-internet-gateway",
    title="No network has a gateway to the internet",
    why="A gateway makes the internet one route away from every subnet of the network.",
    remediation="Remove the gateway; reach cloud services through private endpoints.",
    severity=Severity.HIGH,
    judges=InternetGateway,
)
def internet_gateway(gateway: InternetGateway, settings: Settings) -> Verdict:
    return gateway.public.must_be(False, "no internet gateway")


@control(
    id="no-public-endpoint",
    title="Managed services listen on private endpoints only",
    why="A public endpoint leaves one credential or one firewall rule between the internet and the data.",
    remediation="Turn public network access off, and reach the service through a private endpoint.",
    severity=Severity.CRITICAL,
    judges=ServiceEndpoint,
)
def public_endpoint(endpoint: ServiceEndpoint, settings: Settings) -> Verdict:
    return endpoint.public.must_be(False, "public network access disabled")


@control(
    id="service-firewall-denies-by-default",
    title="A managed service's own firewall denies by default",
    why="When somebody turns public access on, the firewall's default is all that is left.",
    remediation="Set the firewall's default action to Deny.",
    severity=Severity.MEDIUM,
    judges=ServiceEndpoint,
)
def service_firewall(endpoint: ServiceEndpoint, settings: Settings) -> Verdict:
    return when(endpoint.public).then(endpoint.admits.must_be(False, "Deny"))


@control(
    id="default-security-group-is-empty",
    title="The default security group has no rules",
    why="Whatever is launched without a security group gets this one, with every rule in it.",
    remediation="Declare the default security group with neither ingress nor egress rules.",
    severity=Severity.MEDIUM,
    judges=DefaultSecurityGroup,
)
def empty_default_group(group: DefaultSecurityGroup, settings: Settings) -> Verdict:
    return group.rules.must_be(False, "no rules")


@control(
    id="default-security-group-is-adopted",
    title="A network's default security group is the program's",
    why="A new network's default security group lets its members reach each other and the internet.",
    remediation="Declare a DefaultSecurityGroup for the VPC, with no rules.",
    severity=Severity.MEDIUM,
    judges=DefaultSecurityGroupAdoption,
    omission=Level.DISABLED,
)
def adopted_default_group(group: DefaultSecurityGroupAdoption, settings: Settings) -> Verdict:
    return group.adopted.must_exist("a DefaultSecurityGroup for this VPC")


@control(
    id="no-default-network",
    title="Networks come without the cloud's default subnets",
    why="Default subnets lie in every region, in ranges nobody planned, ready for what should not be there.",
    remediation="Make a network of your own, in custom mode, and declare its subnets.",
    severity=Severity.MEDIUM,
    judges=DefaultNetworking,
)
def default_network(network: DefaultNetworking, settings: Settings) -> Verdict:
    return network.subnets.must_be(False, "subnets that the program declares")


@control(
    id="subnet-has-security-group",
    title="Every subnet has a security group",
    why="Where the security group is the subnet's, a subnet without one filters nothing.",
    remediation="Attach a network security group to the subnet.",
    severity=Severity.MEDIUM,
    judges=SubnetGuards,
)
def guarded_subnet(subnet: SubnetGuards, settings: Settings) -> Verdict:
    return subnet.security_group.must_be(True, "a network security group")


@control(
    id="no-public-zone",
    title="DNS zones are private",
    why="A public zone tells the internet what there is and where, and whoever takes over a name in it is believed.",
    remediation="Give the zone its networks: vpcs on Route 53, visibility private on Cloud DNS, a "
    "PrivateZone on Azure.",
    severity=Severity.HIGH,
    judges=DnsZone,
)
def public_zone(zone: DnsZone, settings: Settings) -> Verdict:
    return zone.public.must_be(False, "a private zone")


@control(
    id="private-endpoint-has-names",
    title="A private endpoint's name leads to its private address",
    why="Without a zone group the service's name still leads to its public address, and clients go there or nowhere.",
    remediation="Declare a PrivateDnsZoneGroup for the private endpoint, with the service's privatelink zone.",
    severity=Severity.MEDIUM,
    judges=EndpointNames,
    omission=Level.DISABLED,
)
def endpoint_names(endpoint: EndpointNames, settings: Settings) -> Verdict:
    return when(endpoint.serves).then(endpoint.zoned.must_exist("a PrivateDnsZoneGroup for this endpoint"))


@control(
    id="no-data-api",
    title="Databases answer inside their network only",
    why="A data API runs SQL for callers on the public internet, even where the server has a private address only.",
    remediation="Leave it off: settings.dataApiAccess DISALLOW_DATA_API, enableHttpEndpoint false.",
    severity=Severity.HIGH,
    judges=DataApi,
)
def data_api(api: DataApi, settings: Settings) -> Verdict:
    return api.enabled.must_be(False, "no data API")


@control(
    id="database-admits-its-port-only",
    title="A database's security groups admit the database's port only",
    why="Every other port is one that nobody expects to be open, on the machine that holds the data.",
    remediation="Allow TCP on the database's port from those who use it, and nothing else.",
    severity=Severity.MEDIUM,
    judges=ServerPort,
)
def server_port(port: ServerPort, settings: Settings) -> Verdict:
    return port.own.must_be(True, "TCP on the database's port")
