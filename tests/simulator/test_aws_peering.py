"""AWS's peering connections: each rule refuses what it is about, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.aws.peering import AUTHORIZATION, PEERING
from simulator.aws.ways import ROUTE
from tests.simulator.aws_basis import VPC
from tests.simulator.aws_stage import VALUE, ZONE, Case, Stage
from tests.simulator.conftest import Connect, Refused

OTHER = "444455556666"
ROLE = {"assumeRoles": [{"roleArn": f"arn:aws:iam::{OTHER}:role/deploy"}]}


def peer(s: Stage, block: str = "10.9.0.0/16", owner: str = "", region: str = "us-east-1") -> str:
    """A VPC of somebody's; its id."""
    role = ROLE if owner else {}
    settings = {"region": region, "allowedAccountIds": [owner or "111122223333"], **role}
    return s.connect("aws", settings).create(VPC, "peer", {"cidrBlock": block})[0]


def joined(s: Stage, **changes: Any) -> str:
    wanted = {"vpcId": s.vpc, **changes}
    return s.make(PEERING, **{"peerVpcId": peer(s)} | wanted)


def named(s: Stage, **changes: Any) -> str:
    return s.make(AUTHORIZATION, **{"vpcId": "vpc-1", "zoneId": s.put(ZONE), **changes})


def routed(s: Stage, connection: str) -> str:
    end = {"routeTableId": s.table, "destinationCidrBlock": "10.9.0.0/16"}
    return s.make(ROUTE, vpcPeeringConnectionId=connection, **end)


CASES: dict[str, Case] = {
    "VpcPeeringConnection-vpcId": ("InvalidVpcID.NotFound", lambda s: joined(s, vpcId="vpc-0"), joined),
    "VpcPeeringConnection-peer": (
        "the vpc ID",
        lambda s: joined(s, peerVpcId=peer(s, owner=OTHER)),
        lambda s: joined(s, peerVpcId=peer(s, owner=OTHER), peerOwnerId=OTHER),
    ),
    "VpcPeeringConnection-overlapping": (
        "failed: 10.0.0.0/16 overlaps 10.0.128.0/17",
        lambda s: joined(s, peerVpcId=peer(s, "10.0.128.0/17")),
        lambda s: joined(s, peerVpcId=peer(s, "10.1.0.0/17")),
    ),
    "VpcPeeringConnection-accepts": (
        VALUE,
        lambda s: joined(s, autoAccept=True, peerOwnerId=OTHER),
        lambda s: joined(s, autoAccept=True),
    ),
    "VpcPeeringConnection-region": (
        VALUE,
        lambda s: joined(s, peerRegion="us-east-9"),
        lambda s: joined(s, peerRegion="us-west-2", peerVpcId=peer(s, region="us-west-2")),
    ),
    "Route-vpcPeeringConnectionId": (
        "InvalidVpcPeeringConnectionID.NotFound",
        lambda s: routed(s, "pcx-0"),
        lambda s: routed(s, joined(s)),
    ),
    "VpcAssociationAuthorization-zoneId": ("NoSuchHostedZone", lambda s: named(s, zoneId="Z0"), named),
    "VpcAssociationAuthorization-private": (
        "is a public zone",
        lambda s: named(s, zoneId=s.make(ZONE, name="example.org")),
        named,
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    with pytest.raises(Refused) as refused:
        refused_act(Stage(connect))
    assert code in str(refused.value)
    allowed_act(Stage(connect))


def test_a_connection_is_active_once_it_is_accepted(connect: Connect) -> None:
    stage = Stage(connect)
    for accepted, status in ((True, "active"), (None, "pending-acceptance")):
        given = {"vpcId": stage.vpc, "peerVpcId": peer(stage)} | ({"autoAccept": True} if accepted else {})
        assert stage.engine.create(PEERING, f"x{status}", given)[1]["acceptStatus"] == status
