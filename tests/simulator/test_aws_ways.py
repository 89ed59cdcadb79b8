"""AWS's ways out: each rule refuses what it is about, and lets its near miss pass."""

from functools import partial
from typing import Any

import pytest

from simulator.aws.ways import ACL, GATEWAY, NAT, ROUTE
from simulator.values import Props
from tests.simulator.aws_basis import VPC
from tests.simulator.aws_stage import VALUE, Case, Stage
from tests.simulator.conftest import Connect, Refused

ANYWHERE = "0.0.0.0/0"


def gateway(s: Stage, **changes: Any) -> str:
    return s.make(GATEWAY, **{"vpcId": s.vpc, **changes})


def nat(s: Stage, **changes: Any) -> str:
    """A regional one; its VPC has an Internet gateway already if a test says so."""
    wanted = {"vpcId": s.vpc, "availabilityMode": "regional", **changes}
    return s.make(NAT, **{name: value for name, value in wanted.items() if value is not None})


def private(s: Stage, vpc: str) -> str:
    return nat(s, vpcId=vpc, availabilityMode=None, connectivityType="private", subnetId=s.subnet)


def with_gateway(s: Stage, **changes: Any) -> str:
    gateway(s)
    return nat(s, **changes)


def route(s: Stage, **changes: Any) -> str:
    wanted = {"routeTableId": s.table, "destinationCidrBlock": ANYWHERE, **changes}
    hop = {} if wanted.keys() & {"gatewayId", "natGatewayId", "transitGatewayId"} else {"natGatewayId": with_gateway(s)}
    return s.make(ROUTE, **wanted, **hop)


def entry(number: int = 100, protocol: str = "6", first: int = 443, last: int = 443) -> Props:
    ports = {"fromPort": first, "toPort": last}
    return {"ruleNo": number, "action": "allow", "protocol": protocol, "cidrBlock": ANYWHERE, **ports}


def numbered(s: Stage, way: str, number: int) -> str:
    return acl(s, **{way: [entry(number)]})


def acl(s: Stage, *entries: Props, **changes: Any) -> str:
    return s.make(ACL, **{"vpcId": s.vpc, "egress": list(entries), **changes})


def spare(s: Stage) -> str:
    return s.make(VPC, cidrBlock="10.7.0.0/16")


CASES: dict[str, Case] = {
    "InternetGateway-vpcId": ("InvalidVpcID.NotFound", lambda s: gateway(s, vpcId="vpc-0"), gateway),
    "InternetGateway-one_gateway": (
        "Resource.AlreadyAssociated",
        lambda s: (gateway(s), gateway(s)),
        lambda s: gateway(s, vpcId=spare(s)),
    ),
    "InternetGateway-mapped": (
        "has some mapped public addresses",
        lambda s: (own := gateway(s), nat(s), s.drop(GATEWAY, own)),
        lambda s: s.drop(GATEWAY, gateway(s, vpcId=spare(s))),
    ),
    "Vpc-of-InternetGateway": (
        "DependencyViolation",
        lambda s: (own := spare(s), gateway(s, vpcId=own), s.drop(VPC, own)),
        lambda s: (gateway(s), s.drop(VPC, spare(s))),
    ),
    "Vpc-of-NatGateway": (
        "is in use by NatGateway",
        lambda s: (own := spare(s), private(s, own), s.drop(VPC, own)),
        lambda s: (with_gateway(s), s.drop(VPC, spare(s))),
    ),
    "Vpc-of-NetworkAcl": (
        "is in use by NetworkAcl",
        lambda s: (own := spare(s), acl(s, vpcId=own), s.drop(VPC, own)),
        lambda s: (acl(s), s.drop(VPC, spare(s))),
    ),
    "NatGateway-vpcId": ("InvalidVpcID.NotFound", lambda s: nat(s, vpcId="vpc-0"), with_gateway),
    "NatGateway-mode": (
        "takes no `subnetId`",
        lambda s: with_gateway(s, subnetId=s.subnet),
        lambda s: nat(s, availabilityMode=None, vpcId=None, subnetId=s.subnet, allocationId="eipalloc-1"),
    ),
    "NatGateway-attached": ("Gateway.NotAttached", nat, with_gateway),
    "Route-routeTableId": (
        "InvalidRouteTableID.NotFound",
        lambda s: route(s, routeTableId="rtb-0", transitGatewayId="tgw-1"),
        lambda s: route(s, transitGatewayId="tgw-1"),
    ),
    "Route-natGatewayId": ("InvalidNatGatewayID.NotFound", lambda s: route(s, natGatewayId="nat-0"), route),
    "Route-one_each": (
        "2 next hops (gatewayId, natGatewayId)",
        lambda s: route(s, gatewayId="igw-1", natGatewayId="nat-1"),
        lambda s: route(s, gatewayId="igw-1"),
    ),
    "Route-twice": (
        "RouteAlreadyExists",
        lambda s: [route(s, gatewayId="igw-1") for _ in "ab"],
        lambda s: route(s, gatewayId="igw-1", destinationCidrBlock="10.9.0.0/16"),
    ),
    "Route-local": (
        "is the VPC's own range",
        lambda s: route(s, gatewayId="igw-1", destinationCidrBlock="10.0.0.0/16"),
        lambda s: route(s, gatewayId="igw-1", destinationCidrBlock="10.1.0.0/16"),
    ),
    "NetworkAcl-vpcId": ("InvalidVpcID.NotFound", lambda s: acl(s, vpcId="vpc-0"), acl),
    "NetworkAcl-subnetIds": (
        "InvalidSubnetID.NotFound",
        lambda s: acl(s, subnetIds=["subnet-0"]),
        lambda s: acl(s, subnetIds=[s.subnet]),
    ),
    "NetworkAcl-ports": (VALUE, lambda s: acl(s, entry(protocol="-1")), lambda s: acl(s, entry(100, "-1", 0, 0))),
    "NetworkAcl-numbers": (
        "NetworkAclEntryAlreadyExists",
        lambda s: acl(s, entry(), entry(first=80, last=80)),
        lambda s: acl(s, entry(), entry(200), ingress=[entry()]),
    ),
    **{
        f"NetworkAcl-{way}.ruleNo-range": (
            VALUE,
            partial(numbered, way=way, number=32767),
            partial(numbered, way=way, number=32766),
        )
        for way in ("ingress", "egress")
    },
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(Stage(connect))


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"availabilityMode": "regional"}, "`vpcId` is missing"),
        ({"availabilityMode": "regional", "vpcId": "vpc-1", "connectivityType": "private"}, "private"),
        ({"vpcId": "vpc-1"}, "`subnetId` is missing"),
    ],
)
def test_a_nat_gateway_is_of_one_kind(connect: Connect, inputs: Props, says: str) -> None:
    with pytest.raises(Refused, match=says):
        Stage(connect).make(NAT, **inputs)


def test_a_route_that_leads_elsewhere_is_another_only_if_it_is_for_another_range(connect: Connect) -> None:
    diff = connect("aws").diff
    old = {"routeTableId": "rtb-1", "destinationCidrBlock": ANYWHERE, "natGatewayId": "nat-1"}
    assert not diff(ROUTE, old, {**old, "natGatewayId": "nat-2"}).replaces
    assert diff(ROUTE, old, {**old, "destinationCidrBlock": "10.9.0.0/16"}).replaces
