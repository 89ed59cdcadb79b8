"""EC2's network: VPC, subnets, routes, the default security group, endpoints."""

from typing import Any

from simulator.aws.account import AwsType, Calls
from simulator.cloud import Operation, Ref, Rule, Source
from simulator.rules import network
from simulator.values import Props

_EC2 = Source("EC2 API error codes", "D")
VPC, SUBNET, ROUTES, ASSOCIATION, DEFAULT_GROUP, ENDPOINT = (
    f"aws:ec2/{name[0].lower()}{name[1:]}:{name}"
    for name in ("Vpc", "Subnet", "RouteTable", "RouteTableAssociation", "DefaultSecurityGroup", "VpcEndpoint")
)
_ARN = "arn:aws:ec2:{region}:{account}"
_IN_VPC = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2, blocks="DependencyViolation")


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


class _Routes(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        for route in aws.operation.inputs.get("routes", []):
            way = {key[0].upper() + key[1:]: value for key, value in route.items() if key.endswith("Id")}
            aws("ec2.create_route", RouteTableId=aws.operation.id, DestinationCidrBlock=route.get("cidrBlock"), **way)
        return {}


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
    def change(self, aws: Calls) -> None:
        policy = aws.operation.inputs.get("policy")
        aws("ec2.modify_vpc_endpoint", VpcEndpointId=aws.operation.id, PolicyDocument=policy)


_OWN: Props = {"ownerId": "{account}"}
TYPES = (
    _Vpc(
        VPC,
        12,
        call="ec2.create_vpc",
        send="CidrBlock InstanceTenancy",
        got="Vpc.VpcId",
        tagged="vpc",
        gone="ec2.delete_vpc VpcId",
        outputs=_OWN
        | {
            "arn": _ARN + ":vpc/{id}",
            "enableDnsSupport": True,
            "enableDnsHostnames": False,
            "instanceTenancy": "default",
        },
        replace=("cidrBlock", "ipv4IpamPoolId"),
    ),
    _Subnet(
        SUBNET,
        3,
        call="ec2.create_subnet",
        send="VpcId CidrBlock AvailabilityZone AvailabilityZoneId",
        got="Subnet.SubnetId",
        tagged="subnet",
        gone="ec2.delete_subnet SubnetId",
        outputs=_OWN | {"arn": _ARN + ":subnet/{id}", "mapPublicIpOnLaunch": False},
        replace=("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"),
        refs=(_IN_VPC,),
    ),
    _Routes(
        ROUTES,
        2,
        call="ec2.create_route_table",
        send="VpcId",
        got="RouteTable.RouteTableId",
        tagged="route-table",
        gone="ec2.delete_route_table RouteTableId",
        outputs=_OWN | {"arn": _ARN + ":route-table/{id}", "routes": [], "propagatingVgws": []},
        replace=("vpcId",),
        refs=(_IN_VPC,),
    ),
    AwsType(
        ASSOCIATION,
        1,
        call="ec2.associate_route_table",
        send="RouteTableId SubnetId",
        got="AssociationId",
        gone="ec2.disassociate_route_table AssociationId",
        replace=("subnetId", "gatewayId"),
        refs=(
            Ref("routeTableId", ROUTES, "InvalidRouteTableID.NotFound", _EC2, blocks="DependencyViolation"),
            Ref("subnetId", SUBNET, "InvalidSubnetID.NotFound", _EC2),
        ),
    ),
    _DefaultGroup(
        DEFAULT_GROUP,
        2,
        outputs=_OWN | {"arn": _ARN + ":security-group/{id}", "name": "default", "namePrefix": ""},
        replace=("vpcId",),
        refs=(Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2),),
    ),
    _Endpoint(
        ENDPOINT,
        6,
        call="ec2.create_vpc_endpoint",
        send="VpcId ServiceName VpcEndpointType RouteTableIds PolicyDocument=policy",
        got="VpcEndpoint.VpcEndpointId",
        tagged="vpc-endpoint",
        gone="ec2.delete_vpc_endpoints VpcEndpointIds",
        outputs=_OWN
        | {"arn": _ARN + ":vpc-endpoint/{id}", "vpcEndpointType": "Gateway", "state": "available", "dnsEntries": []}
        | {"requesterManaged": False, "privateDnsEnabled": False, "prefixListId": "pl-{hex:.8}"},
        replace=("vpcId", "serviceName", "vpcEndpointType", "serviceRegion"),
        refs=(_IN_VPC, Ref("routeTableIds", ROUTES, "InvalidRouteTableID.NotFound", _EC2)),
    ),
)


def _size(operation: Operation) -> str | None:
    for text in operation.at("cidrBlock"):
        block = network(text)
        if block is None or not 16 <= block.prefixlen <= 28:
            return f"{text!r} is no IPv4 block of /16 to /28"
    return None


def _zone(operation: Operation) -> str | None:
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    zones = RegionsAndZonesBackend.zones.get(operation.region, [])
    for path, attribute in (("availabilityZone", "name"), ("availabilityZoneId", "zone_id")):
        have, value = sorted(getattr(zone, attribute) for zone in zones), operation.one(path)
        if value is not None and value not in have:
            return f"{value!r} (`{path}`) is no zone of {operation.region}, which has {', '.join(have)}"
    return None


def _service(operation: Operation) -> str | None:
    name = operation.one("serviceName")
    right = name is None or name.startswith((f"com.amazonaws.{operation.region}.", "com.amazonaws.vpce."))
    return None if right else f"the service {name!r} is not in {operation.region}; use com.amazonaws.<region>.<service>"


def _associated(operation: Operation) -> str | None:
    subnet = operation.one("subnetId")
    others = (record for record in operation.others(ASSOCIATION) if subnet and record.get("subnetId") == subnet)
    return next((f"subnet {subnet!r} is already associated ({other.id}); delete that first" for other in others), None)


_BLOCK, _ONE = "`cidrBlock` is an IPv4 block of /16 to /28", "a subnet has one route table"
_TWICE, _SERVICE = "Resource.AlreadyAssociated", "`serviceName` is com.amazonaws.<the region>.<service>"
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
    Rule("Subnet-zone", SUBNET, "the zone exists in the region", "InvalidParameterValue", _EC2, _zone, "create"),
    Rule("RouteTableAssociation-once", ASSOCIATION, _ONE, _TWICE, Source("EC2 API", "K"), _associated, "create"),
    Rule("VpcEndpoint-service", ENDPOINT, _SERVICE, "InvalidServiceName", _EC2, _service, "create", "serviceName"),
)
