"""Private names in a VPC: Route 53's zones, and those that interface endpoints bring with them."""

from collections.abc import Iterator

from simulator.aws.network import ENDPOINT, GROUP, SUBNET, VPC, elsewhere, found
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import rule

_ROUTE53, _EC2 = Source("Route 53 API reference", "D"), Source("EC2 API error codes", "D")
_LINK, _SEEN = Source("PrivateLink guide", "D"), Source("errors that EC2's users report", "K")
ZONE = "aws:route53/zone:Zone"
_SERVERS = [f"ns-{512 * i}.awsdns-00.{end}." for i, end in enumerate(("com", "net", "org", "co.uk"))]
_HAS = {"arn": "arn:aws:route53:::hostedzone/{id}", "zoneId": "{id}", "nameServers": _SERVERS}
_NAME = Name("name", _ROUTE53, r"([\w-]{1,63}\.)*[\w-]{1,63}\.?", "InvalidDomainName", auto=None)
_VPCS = (Ref("vpcs.vpcId", VPC, "InvalidVPCId", _ROUTE53, anywhere=True),)
_SET = {"comment": "Managed by Pulumi", "forceDestroy": False}
TYPES = (ResourceType(ZONE, 40, "Z{number}", _HAS, ("name", "delegationSetId"), _VPCS, _NAME, _SET),)


def _served(operation: Operation, name: str) -> Iterator[str]:
    """The VPCs in which another private zone of that name is seen."""
    for zone in operation.others(ZONE):
        if str(zone.get("name")).rstrip(".") == name.rstrip("."):
            yield from (vpc["vpcId"] for vpc in zone.get("vpcs") or [])


@rule(ZONE, "ConflictingDomainExists", _ROUTE53, property_="vpcs", fix="have one private zone of a name per VPC")
def _conflict(operation: Operation) -> str | None:
    """No other private zone of that name is seen in one of its VPCs."""
    both = set(_served(operation, operation.inputs["name"])).intersection(operation.at("vpcs.vpcId"))
    return f"{', '.join(both)} is already associated with a hosted zone of the same domain name" if both else None


@rule(ENDPOINT, "InvalidParameter", _LINK, fix="Gateway, the default type, is for S3 and DynamoDB")
def _kind(operation: Operation) -> str | None:
    """A gateway endpoint is for S3 or DynamoDB; only another has subnets, groups and private DNS, and no routes."""
    gateway, service = operation.one("vpcEndpointType") in (None, "Gateway"), str(operation.one("serviceName"))
    if gateway and not service.endswith((".s3", ".dynamodb")):
        return f"endpoint type (Gateway) does not match those of {service}"
    others = ("subnetIds", "securityGroupIds", "privateDnsEnabled") if gateway else ("routeTableIds",)
    return next((f"`{path}` is not for this type of endpoint" for path in others if operation.one(path)), None)


@rule(ENDPOINT, "InvalidParameter", _LINK)
def _inside(operation: Operation) -> str | None:
    """Its subnets and security groups are of its VPC."""
    return elsewhere(operation, operation.inputs["vpcId"], (SUBNET, "subnetIds"), (GROUP, "securityGroupIds"))


@rule(ENDPOINT, "DuplicateSubnetsInSameZone", _EC2, property_="subnetIds", fix="name one subnet per zone")
def _zones(operation: Operation) -> str | None:
    """Its subnets are in different zones."""
    zones = [subnet.get("availabilityZone") for subnet in found(operation, SUBNET, "subnetIds")]
    return next((f"found two endpoint subnets in {zone}" for zone in zones if zones.count(zone) > 1), None)


@rule(ENDPOINT, "InvalidParameter", _EC2, property_="privateDnsEnabled", fix="enable both on the VPC")
def _resolving(operation: Operation) -> str | None:
    """Private DNS needs a VPC with `enableDnsSupport` and `enableDnsHostnames`."""
    vpcs = found(operation, VPC, "vpcId") if operation.one("privateDnsEnabled") else []
    lacks = [name for name in ("enableDnsSupport", "enableDnsHostnames") for vpc in vpcs if not vpc.get(name)]
    return f"private DNS needs {' and '.join(lacks)} on {vpcs[0].id}" if lacks else None


@rule(ENDPOINT, "InvalidParameter", _SEEN, property_="privateDnsEnabled", fix="have each private DNS name once per VPC")
def _names(operation: Operation) -> str | None:
    """Private DNS clashes with no other endpoint of the service in the VPC, and with no private zone there."""
    vpc, service = operation.inputs["vpcId"], operation.inputs["serviceName"]
    name = f"{service.rpartition('.')[2]}.{operation.region}.amazonaws.com"
    same = (record for record in operation.others(ENDPOINT) if record.get("serviceName") == service)
    taken = {record.get("vpcId") for record in same if record.get("privateDnsEnabled")} | {*_served(operation, name)}
    clash = operation.one("privateDnsEnabled") and vpc in taken
    return f"there is already a conflicting DNS domain for {name} in {vpc}" if clash else None


RULES = (_conflict, _kind, _inside, _zones, _resolving, _names)
