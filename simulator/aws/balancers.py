"""Network Load Balancers, what they send to, and the endpoint services in front of them. moto does not see them."""

import re

from simulator.aws.dns import ZONE
from simulator.aws.network import GROUP, SUBNET, VPC, found
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import one_of, rule
from simulator.values import Props

_ELB, _SDK = Source("ELBv2 API reference", "D"), Source("pulumi-aws SDK text", "S")
_EC2, _R53 = Source("EC2 API error codes", "D"), Source("Route 53 API reference", "D")
BALANCER, TARGETS, LISTENER = (f"aws:lb/{n[0].lower()}{n[1:]}:{n}" for n in ("LoadBalancer", "TargetGroup", "Listener"))
SERVICE, RECORD = "aws:ec2/vpcEndpointService:VpcEndpointService", "aws:route53/record:Record"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_ARN = "arn:aws:elasticloadbalancing:{region}:{account}:"
_USED, _INVALID = "ResourceInUse", "ValidationError"


def _name(taken: str) -> Name:
    form = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?"
    return Name("name", _SDK, form, _INVALID, unique="{region}/{name}", taken=taken, longest=32)


def _made(**more: object) -> Props:
    return {"arn": "{id}", "region": "{region}", **more}


_ON: Props = _made(internal=False, loadBalancerType="application", ipAddressType="ipv4", zoneId="Z{number:.13}")
_ON |= {"dnsName": "{name}-{hex:.16}.elb.{region}.amazonaws.com"}
_KEPT = ("name", "internal", "loadBalancerType")
_IN = Ref("subnets", SUBNET, "SubnetNotFound", _ELB, "DependencyViolation")
_GUARDED = Ref("securityGroups", GROUP, "InvalidSecurityGroup", _ELB, "DependencyViolation")
_OF_VPC = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2)
_OF = Ref("loadBalancerArn", BALANCER, "LoadBalancerNotFound", _ELB)
_TO = Ref("defaultActions.targetGroupArn", TARGETS, "TargetGroupNotFound", _ELB, _USED)
_OFFERED = Ref("networkLoadBalancerArns", BALANCER, "InvalidParameter", _EC2, _USED)
_ZONED = Ref("zoneId", ZONE, "NoSuchHostedZone", _R53, "HostedZoneNotEmpty", anywhere=True)
_FROM = Ref("referencedSecurityGroupId", GROUP, "InvalidGroup.NotFound", _EC2, "DependencyViolation")
_SERVED: Props = {"serviceName": "com.amazonaws.vpce.{region}.{id}", "state": "Available", "region": "{region}"}
_SERVED |= {"arn": "arn:aws:ec2:{region}:{account}:vpc-endpoint-service/{id}"}
_ENDS = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
TYPES = (
    ResourceType(
        *(BALANCER, 180, _ARN + "loadbalancer/net/{name}/{hex:.16}", _ON, _KEPT, (_IN, _GUARDED)),
        _name("DuplicateLoadBalancerName"),
    ),
    ResourceType(
        *(TARGETS, 5, _ARN + "targetgroup/{name}/{hex:.16}", _made(targetType="instance")),
        *(("name", "port", "protocol", "targetType", "vpcId"), (_OF_VPC,), _name("DuplicateTargetGroupName")),
    ),
    ResourceType(LISTENER, 5, "{loadBalancerArn}/{hex:.16}", _made(), ("loadBalancerArn",), (_OF, _TO)),
    ResourceType(SERVICE, 20, "vpce-svc-{hex:.17}", _SERVED, (), (_OFFERED,)),
    ResourceType(INGRESS, 2, "sgr-{hex:.17}", {"region": "{region}"}, ("securityGroupId",), (_FROM,)),
    ResourceType(
        *(RECORD, 40, "{zoneId}_{name}_{type}", {"fqdn": "{name}"}, ("zoneId", "type"), (_ZONED,)),
        Name("name", _R53, taken="InvalidChangeBatch", auto=None),
    ),
)


@rule(BALANCER, "InvalidConfigurationRequest", _ELB, property_="subnets", fix="name one subnet per zone")
def _zones(operation: Operation) -> str | None:
    """Its subnets are in different zones."""
    zones = [subnet.get("availabilityZone") for subnet in found(operation, SUBNET, "subnets")]
    return next((f"two of its subnets are in {zone}" for zone in zones if zones.count(zone) > 1), None)


@rule(TARGETS, _INVALID, _SDK, "check")
def _whole(operation: Operation) -> str | None:
    """Targets but functions have a port, a protocol and a VPC."""
    wanted = () if operation.one("targetType") == "lambda" else ("port", "protocol", "vpcId")
    missing = [name for name in wanted if name not in operation.inputs]
    return f"`{missing[0]}` is missing" if missing else None


@rule(LISTENER, "DuplicateListener", _ELB, "create", "port")
def _port(operation: Operation) -> str | None:
    """A load balancer has one listener on a port."""
    own = [operation.one(name) for name in ("loadBalancerArn", "port")]
    same = (r.id for r in operation.others(LISTENER) if [r.get(n) for n in ("loadBalancerArn", "port")] == own)
    return next((f"port {own[1]} is taken by {id_}" for id_ in same), None)


@rule(SERVICE, "InvalidParameter", _EC2)
def _alone(operation: Operation) -> str | None:
    """It is for Network Load Balancers, each of which has one such service."""
    for arn in operation.at("networkLoadBalancerArns"):
        balancer = operation.find(BALANCER, arn)
        if balancer and balancer.get("loadBalancerType") != "network":
            return f"{arn} is no network load balancer"
        for other in operation.others(SERVICE):
            if arn in (other.inputs.get("networkLoadBalancerArns") or ()):
                return f"{arn} has the service {other.id} already"
    return None


@rule(SERVICE, "InvalidPrincipal", Source("EC2 API reference", "D"), "check", "allowedPrincipals")
def _principals(operation: Operation) -> str | None:
    """A principal is the ARN of an account, a role or a user, without a path, or `*`."""
    form = re.compile(r"\*|arn:aws:iam::\d{12}:(root|(role|user)/[^/]+)")
    return next((f"{p!r} is no principal" for p in operation.at("allowedPrincipals") if not form.fullmatch(p)), None)


@rule(INGRESS, "InvalidParameterValue", _SDK, "check", fix="name one")
def _source(operation: Operation) -> str | None:
    """A rule has one source, and ports unless it is for all protocols (-1) or ICMPv6."""
    given = [name for name in _ENDS if operation.inputs.get(name) is not None]
    if len(given) != 1:
        return f"it has {len(given) or 'no'} source{'s' if given else ''}"
    ported = operation.one("ipProtocol") not in ("-1", "icmpv6")
    return (
        "`fromPort` or `toPort` is missing"
        if ported and not {"fromPort", "toPort"} <= operation.inputs.keys()
        else None
    )


@rule(INGRESS, "InvalidGroup.NotFound", _EC2, property_="securityGroupId")
def _group(operation: Operation) -> str | None:
    """Its group is there: one that was made, or the one that a cluster of EKS's brings."""
    wanted = operation.one("securityGroupId")
    theirs = (r.get("vpcConfig") for r in operation.others("aws:eks/cluster:Cluster"))
    brought = any(config and config.get("clusterSecurityGroupId") == wanted for config in theirs)
    return (
        None
        if wanted is None or brought or operation.find(GROUP, wanted)
        else f"the security group {wanted!r} does not exist"
    )


@rule(INGRESS, "InvalidPermission.Duplicate", _EC2, "create")
def _again(operation: Operation) -> str | None:
    """A group has one rule of a source, a protocol and ports."""
    ends = ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_ENDS)
    own = [operation.inputs.get(name) for name in ends]
    same = (r.id for r in operation.others(INGRESS) if [r.inputs.get(name) for name in ends] == own)
    return next((f"the specified rule already exists: {id_}" for id_ in same), None)


@rule(RECORD, "InvalidInput", _SDK, "check")
def _answer(operation: Operation) -> str | None:
    """A record has values and a `ttl`, or else is an alias."""
    values, alias = ({"records", "ttl"} & operation.inputs.keys()), operation.inputs.get("aliases")
    return "it has both values and an alias, or neither" if bool(values) == bool(alias) else None


RULES = (
    *(_zones, _whole, _port, _alone, _principals, _source, _group, _again, _answer),
    one_of(BALANCER, "loadBalancerType", ("application", "gateway", "network"), _INVALID, _SDK),
)
