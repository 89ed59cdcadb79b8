"""EC2's network: VPC, subnets, routes, the default security group, endpoints."""

from typing import Any

from simulator.aws.account import Api, AwsType, Calls
from simulator.cloud import Operation, Ref, Rule, Source
from simulator.rules import network, rule
from simulator.state import Record
from simulator.values import Props

_EC2 = Source("EC2 API error codes", "D")
_NAMES = ("Vpc", "Subnet", "RouteTable", "RouteTableAssociation", "DefaultSecurityGroup", "SecurityGroup")
VPC, SUBNET, ROUTES, ASSOCIATION, DEFAULT_GROUP, GROUP = (f"aws:ec2/{n[0].lower()}{n[1:]}:{n}" for n in _NAMES)
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
IN_VPC = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2, blocks="DependencyViolation")


def found(operation: Operation, token: str, path: str) -> list[Record]:
    """The existing resources that an input names."""
    records = (operation.find(token, value) for value in operation.at(path))
    return [record for record in records if record]


def elsewhere(operation: Operation, vpc: str, *named: tuple[str, str]) -> str | None:
    """The first of the resources named at `(type, path)` that is in another VPC, as a sentence."""
    records = ((path, record) for token, path in named for record in found(operation, token, path))
    wrong = ((path, record, record.get("vpcId")) for path, record in records if record.get("vpcId") != vpc)
    return next((f"{record.id} (`{path}`) is in {other}, not in {vpc}" for path, record, other in wrong), None)


class _Vpc(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        self.change(aws)
        mine = [{"Name": "vpc-id", "Values": [aws.operation.id]}]
        routes = aws("ec2.describe_route_tables", Filters=mine)["RouteTables"][0]["RouteTableId"]
        return {
            "mainRouteTableId": routes,
            "defaultRouteTableId": routes,
            "defaultSecurityGroupId": aws("ec2.describe_security_groups", Filters=mine)["SecurityGroups"][0]["GroupId"],
            "defaultNetworkAclId": aws("ec2.describe_network_acls", Filters=mine)["NetworkAcls"][0]["NetworkAclId"],
            "dhcpOptionsId": answer["Vpc"]["DhcpOptionsId"],
        }

    def change(self, aws: Calls) -> None:
        for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
            value = aws.operation.inputs.get(name[0].lower() + name[1:], default)
            aws("ec2.modify_vpc_attribute", VpcId=aws.operation.id, **{name: {"Value": value}})


class _Subnet(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        self.change(aws)
        return {
            name[0].lower() + name[1:]: answer["Subnet"][name] for name in ("AvailabilityZone", "AvailabilityZoneId")
        }

    def change(self, aws: Calls) -> None:
        public = {"Value": aws.operation.inputs.get("mapPublicIpOnLaunch", False)}
        aws("ec2.modify_subnet_attribute", SubnetId=aws.operation.id, MapPublicIpOnLaunch=public)


class _Association(AwsType):
    def change(self, aws: Calls) -> None:
        table = aws.operation.inputs["routeTableId"]  # the new association's id, from the same seed, is the old one's
        aws("ec2.replace_route_table_association", AssociationId=aws.operation.id, RouteTableId=table)


class _DefaultGroup(AwsType):
    """Adopts the group that the VPC has, and strips it; deletion only forgets it."""

    def make(self, aws: Calls) -> Props:
        wanted = {"vpc-id": aws.operation.inputs.get("vpcId", ""), "group-name": "default"}
        filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
        group = aws("ec2.describe_security_groups", Filters=filters)["SecurityGroups"][0]
        aws.operation.id = group["GroupId"]
        for way, verb in (("IpPermissions", "ingress"), ("IpPermissionsEgress", "egress")):
            if group[way]:
                aws(f"ec2.revoke_security_group_{verb}", GroupId=aws.operation.id, IpPermissions=group[way])
        return {"description": group["Description"]}


class _Endpoint(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        return {"networkInterfaceIds": answer["VpcEndpoint"].get("NetworkInterfaceIds", [])}

    def change(self, aws: Calls) -> None:
        new, had = aws.operation.inputs, aws.operation.record.inputs if aws.operation.record else {}
        given: Props = {"PolicyDocument": new.get("policy")}
        for name in ("RouteTableIds", "SubnetIds", "SecurityGroupIds"):
            before, after = (set(side.get(name[0].lower() + name[1:]) or ()) for side in (had, new))
            given |= {f"Add{name}": sorted(after - before), f"Remove{name}": sorted(before - after)}
        aws("ec2.modify_vpc_endpoint", VpcEndpointId=aws.operation.id, **given)


def _api(noun: str, send: str, plural: str = "") -> Api:
    thing = noun.title().replace("_", "")
    gone = f"ec2.delete_{noun}{plural} {thing}Id{plural}"
    return Api(f"ec2.create_{noun}", send, f"{thing}.{thing}Id", gone, noun.replace("_", "-"))


def _has(kind: str, **more: Any) -> Props:
    return {"arn": f"arn:aws:ec2:{{region}}:{{account}}:{kind}/{{id}}", "ownerId": "{account}", **more}


def _entries(endpoint: Operation) -> list[Props]:
    service = f"{endpoint.inputs['serviceName'].rpartition('.')[2]}.{endpoint.region}"
    names = [endpoint.text(f"{{id}}-{{hex:.8}}.{service}.vpce.amazonaws.com")] if endpoint.one("subnetIds") else []
    return [{"dnsName": n} for n in [*names, *[f"{service}.amazonaws.com"] * bool(endpoint.one("privateDnsEnabled"))]]


def _prefix(endpoint: Operation) -> str:
    return endpoint.text("pl-{hex:.8}") if endpoint.one("vpcEndpointType") in (None, "Gateway") else ""


_PLACE = ("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId")
_SERVED = ("vpcId", "serviceName", "vpcEndpointType", "serviceRegion")
_ON_VPC = _has("vpc", enableDnsSupport=True, enableDnsHostnames=False, instanceTenancy="default")
_ON_SUBNET = _has("subnet", mapPublicIpOnLaunch=False)
_ON_ROUTES = _has("route-table", routes=[], propagatingVgws=[])
_ON_ENDPOINT = _has("vpc-endpoint", vpcEndpointType="Gateway", state="available")
_ON_ENDPOINT |= {"requesterManaged": False, "privateDnsEnabled": False, "dnsEntries": _entries, "prefixListId": _prefix}
_ADOPTS = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2)
_TABLES = Ref("routeTableIds", ROUTES, "InvalidRouteTableID.NotFound", _EC2)
_SUBNETS = Ref("subnetIds", SUBNET, "InvalidSubnetID.NotFound", _EC2, blocks="DependencyViolation")
_GROUPS = Ref("securityGroupIds", GROUP, "InvalidGroup.NotFound", _EC2, blocks="DependencyViolation")
_TABLE = Ref("routeTableId", ROUTES, "InvalidRouteTableID.NotFound", _EC2, blocks="DependencyViolation")
_ASSOCIATED = (_TABLE, Ref("subnetId", SUBNET, "InvalidSubnetID.NotFound", _EC2))
_VPC_API, _ROUTES_API = _api("vpc", "CidrBlock InstanceTenancy"), _api("route_table", "VpcId")
_SUBNET_API = _api("subnet", "VpcId CidrBlock AvailabilityZone AvailabilityZoneId")
_LINKED = "VpcId ServiceName VpcEndpointType RouteTableIds SubnetIds SecurityGroupIds PrivateDnsEnabled"
_ENDPOINT_API = _api("vpc_endpoint", f"{_LINKED} PolicyDocument=policy", "s")
_BOTH = "{subnetId}/{routeTableId}"
_PAIR, _UNPAIR = "RouteTableId SubnetId", "ec2.disassociate_route_table AssociationId"
_ASSOCIATION_API = Api("ec2.associate_route_table", _PAIR, "AssociationId", _UNPAIR)
TYPES = (
    _Vpc(VPC, 12, "", _ON_VPC, ("cidrBlock", "ipv4IpamPoolId"), api=_VPC_API),
    _Subnet(SUBNET, 3, "", _ON_SUBNET, _PLACE, (IN_VPC,), api=_SUBNET_API),
    AwsType(ROUTES, 2, "", _ON_ROUTES, ("vpcId",), (IN_VPC,), api=_ROUTES_API),
    _Association(ASSOCIATION, 1, "", {}, ("subnetId", "gatewayId"), _ASSOCIATED, api=_ASSOCIATION_API, imported=_BOTH),
    _DefaultGroup(DEFAULT_GROUP, 2, "", _has("security-group", name="default"), ("vpcId",), (_ADOPTS,)),
    _Endpoint(ENDPOINT, 90, "", _ON_ENDPOINT, _SERVED, (IN_VPC, _TABLES, _SUBNETS, _GROUPS), api=_ENDPOINT_API),
)


def _size(operation: Operation) -> str | None:
    blocks = ((text, network(text)) for text in operation.at("cidrBlock"))
    wrong = (text for text, block in blocks if block is None or not 16 <= block.prefixlen <= 28)
    return next((f"{text!r} is no IPv4 block of /16 to /28" for text in wrong), None)


@rule(SUBNET, "InvalidParameterValue", _EC2, "create")
def _zone(operation: Operation) -> str | None:
    """The zone exists in the region."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    zones = RegionsAndZonesBackend.zones.get(operation.region, [])
    for path, attribute in (("availabilityZone", "name"), ("availabilityZoneId", "zone_id")):
        have, value = sorted(getattr(zone, attribute) for zone in zones), operation.one(path)
        if value is not None and value not in have:
            return f"{value!r} (`{path}`) is no zone of {operation.region}, which has {', '.join(have)}"
    return None


@rule(ENDPOINT, "InvalidServiceName", _EC2, "create", "serviceName", "use com.amazonaws.<region>.<service>")
def _service(operation: Operation) -> str | None:
    """`serviceName` is a service of the endpoint's region."""
    name = operation.one("serviceName")
    right = name is None or name.startswith((f"com.amazonaws.{operation.region}.", "com.amazonaws.vpce."))
    return None if right else f"the service {name!r} is not in {operation.region}"


@rule(ASSOCIATION, "Resource.AlreadyAssociated", Source("EC2 API", "K"), "create", fix="delete that first")
def _once(operation: Operation) -> str | None:
    """A subnet has one route table."""
    subnet = operation.one("subnetId")
    others = (record for record in operation.others(ASSOCIATION) if subnet and record.get("subnetId") == subnet)
    return next((f"subnet {subnet!r} is already associated ({other.id})" for other in others), None)


_BLOCK = "`cidrBlock` is an IPv4 block of /16 to /28"
RULES = (
    Rule("Vpc-block", VPC, _BLOCK, "InvalidVpc.Range", _EC2, _size, "check", "cidrBlock"),
    Rule("Subnet-block", SUBNET, _BLOCK, "InvalidSubnet.Range", _EC2, _size, "check", "cidrBlock"),
    Rule("Subnet-inside", SUBNET, "`cidrBlock` lies inside its VPC's", "InvalidSubnet.Range", _EC2, at="create"),
    Rule(
        "Subnet-overlap",
        SUBNET,
        "`cidrBlock` overlaps no subnet of the VPC",
        "InvalidSubnet.Conflict",
        _EC2,
        at="create",
    ),
    *(_zone, _service, _once),
)
