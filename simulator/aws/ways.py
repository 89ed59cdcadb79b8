"""EC2's ways out of a VPC: Internet gateways, NAT gateways, routes, network ACLs. moto does not see them."""

from simulator.aws.network import IN_VPC, ROUTES, SUBNET, VPC
from simulator.aws.peering import PEERING
from simulator.cloud import Operation, Ref, ResourceType, Rule, Source
from simulator.rules import between, rule
from simulator.values import Props, at

_EC2, _SDK = Source("EC2 API error codes", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE = Source("VPC User Guide", "D")
_NAMES = ("InternetGateway", "NatGateway", "Route", "NetworkAcl")
GATEWAY, NAT, ROUTE, ACL = (f"aws:ec2/{n[0].lower()}{n[1:]}:{n}" for n in _NAMES)
_ARN = "arn:aws:ec2:{region}:{account}:"
_INVALID = "InvalidParameterValue"
_HOPS = (
    *("carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "natGatewayId", "localGatewayId"),
    *("networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"),
)
_ENDS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")


def _has(kind: str, **more: object) -> Props:
    return {"arn": f"{_ARN}{kind}/{{id}}", "ownerId": "{account}", "region": "{region}", **more}


_ON_NAT: Props = {"region": "{region}", "availabilityMode": "zonal", "connectivityType": "public"}
_FIXED_NAT = ("subnetId", "vpcId", "availabilityMode", "connectivityType", "allocationId", "privateIp")
_ON_ROUTE: Props = {"region": "{region}", "state": "active", "origin": "CreateRoute"}
_IN_SUBNETS = Ref("subnetIds", SUBNET, "InvalidSubnetID.NotFound", _EC2)
_OF_TABLE = Ref("routeTableId", ROUTES, "InvalidRouteTableID.NotFound", _EC2)
_TO_NAT = Ref("natGatewayId", NAT, "InvalidNatGatewayID.NotFound", _EC2)
_TO_PEER = Ref("vpcPeeringConnectionId", PEERING, "InvalidVpcPeeringConnectionID.NotFound", _EC2)
TYPES = (
    ResourceType(GATEWAY, 2, "igw-{hex:.17}", _has("internet-gateway"), (), (IN_VPC,)),
    ResourceType(NAT, 120, "nat-{hex:.17}", _ON_NAT, _FIXED_NAT, (IN_VPC,)),
    ResourceType(
        ROUTE,
        1,
        "r-{routeTableId}{hex:.10}",
        _ON_ROUTE,
        ("routeTableId", *_ENDS),
        (_OF_TABLE, _TO_NAT, _TO_PEER),
        imported="{routeTableId}_{destinationCidrBlock}",
    ),
    ResourceType(ACL, 2, "acl-{hex:.17}", _has("network-acl"), ("vpcId",), (IN_VPC, _IN_SUBNETS)),
)


@rule(GATEWAY, "Resource.AlreadyAssociated", _EC2, "create", "vpcId")
def _one_gateway(operation: Operation) -> str | None:
    """A VPC has one Internet gateway."""
    vpc = operation.one("vpcId")
    others = (other for other in operation.others(GATEWAY) if vpc and other.get("vpcId") == vpc)
    return next((f"{vpc} has {other.id} attached already" for other in others), None)


@rule(GATEWAY, "DependencyViolation", _EC2, "delete", fix="delete the NAT gateway first")
def _mapped(operation: Operation) -> str | None:
    """An Internet gateway stays while its VPC has public addresses mapped, a NAT gateway's among them."""
    vpc = operation.record and operation.record.get("vpcId")
    public = (nat for nat in operation.others(NAT) if vpc and nat.get("vpcId") == vpc and _public(nat.inputs))
    return next((f"network {vpc} has some mapped public addresses, of {nat.id}" for nat in public), None)


@rule(NAT, _INVALID, _SDK, "check")
def _mode(operation: Operation) -> str | None:
    """A regional NAT gateway has a VPC, is public, and names neither a subnet nor one address; a zonal one a subnet."""
    inputs, regional = operation.inputs, operation.one("availabilityMode") == "regional"
    missing = next((name for name in (("vpcId",) if regional else ("subnetId",)) if name not in inputs), None)
    if missing:
        return f"`{missing}` is missing"
    given = next((name for name in ("subnetId", "allocationId") if name in inputs), None)
    if regional and (given or not _public(inputs)):
        return f"a regional one takes no {'`' + given + '`' if given else '`connectivityType` private'}"
    return None


@rule(NAT, "Gateway.NotAttached", _GUIDE, "create", fix="attach an Internet gateway first")
def _attached(operation: Operation) -> str | None:
    """A public regional NAT gateway needs an Internet gateway on its VPC."""
    vpc = operation.one("vpcId") if _public(operation.inputs) else None
    there = any(other.get("vpcId") == vpc for other in operation.others(GATEWAY))
    return f"network {vpc} has no Internet gateway attached" if vpc and not there else None


def _public(inputs: Props) -> bool:
    return "private" not in at(inputs, "connectivityType")


@rule(ROUTE, _INVALID, _SDK, "check")
def _one_each(operation: Operation) -> str | None:
    """A route has one destination and one next hop."""
    for names, what in ((_ENDS, "destination"), (_HOPS, "next hop")):
        given = [name for name in names if operation.inputs.get(name) is not None]
        if len(given) != 1:
            return f"it has {len(given) or 'no'} {what}{'s' if len(given) > 1 else ''} ({', '.join(given)})"
    return None


@rule(ROUTE, "RouteAlreadyExists", _EC2, "create", "destinationCidrBlock")
def _twice(operation: Operation) -> str | None:
    """A table has one route to a destination."""
    table, end = operation.one("routeTableId"), operation.one("destinationCidrBlock")
    near = (r for r in operation.others(ROUTE) if r.get("routeTableId") == table)
    taken = (r.id for r in near if end and r.get("destinationCidrBlock") == end)
    return next((f"{table} has a route to {end} already: {id_}" for id_ in taken), None)


@rule(ROUTE, _INVALID, _SDK, property_="destinationCidrBlock")
def _local(operation: Operation) -> str | None:
    """The route to the VPC itself is made with it, and by nobody else."""
    table = operation.find(ROUTES, operation.one("routeTableId"))
    vpc, end = table and operation.find(VPC, table.get("vpcId")), operation.one("destinationCidrBlock")
    return f"{end} is the VPC's own range" if vpc and end and vpc.get("cidrBlock") == end else None


@rule(ACL, _INVALID, _SDK, "check", fix="0 and 0 for all protocols (-1)")
def _ports(operation: Operation) -> str | None:
    """A rule for all protocols (-1) has the ports 0 and 0."""
    for given in operation.at("ingress") + operation.at("egress"):
        if given["protocol"] in ("-1", "all") and (given["fromPort"] or given["toPort"]):
            return f"rule {given['ruleNo']} is for all protocols, from {given['fromPort']} to {given['toPort']}"
    return None


@rule(ACL, "NetworkAclEntryAlreadyExists", _EC2)
def _numbers(operation: Operation) -> str | None:
    """A number is had once in a direction."""
    for way in ("ingress", "egress"):
        numbers = operation.at(f"{way}.ruleNo")
        if twice := next((number for number in numbers if numbers.count(number) > 1), None):
            return f"two {way} rules are number {twice}"
    return None


RULES: tuple[Rule, ...] = (
    *(_one_gateway, _mapped, _mode, _attached, _one_each, _twice, _local, _ports, _numbers),
    *(between(ACL, f"{way}.ruleNo", 1, 32766, _INVALID, _EC2) for way in ("ingress", "egress")),
)
