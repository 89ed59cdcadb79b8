"""EC2's peering connections, and the leave to ask a zone of another account's. moto does not see them."""

from simulator.aws.dns import ZONE
from simulator.aws.network import VPC
from simulator.cloud import Operation, Ref, ResourceType, Source
from simulator.regions import regions
from simulator.rules import overlap, rule
from simulator.state import Record
from simulator.values import Props

_EC2, _SDK = Source("EC2 API error codes", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE, _R53 = Source("VPC Peering Guide", "D"), Source("Route 53 API reference", "D")
PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
AUTHORIZATION = "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization"


def _status(operation: Operation) -> str:
    return "active" if operation.one("autoAccept") else "pending-acceptance"


_ON: Props = {"region": "{region}", "peerOwnerId": "{account}", "acceptStatus": _status}
_ENDS = ("vpcId", "peerVpcId", "peerOwnerId", "peerRegion")
_OWN = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2)
_OF_ZONE = Ref("zoneId", ZONE, "NoSuchHostedZone", _R53, anywhere=True)
TYPES = (
    ResourceType(PEERING, 5, "pcx-{hex:.17}", _ON, _ENDS, (_OWN,)),
    ResourceType(
        AUTHORIZATION, 2, "{zoneId}:{vpcId}", {"vpcRegion": "{region}"}, ("zoneId", "vpcId", "vpcRegion"), (_OF_ZONE,)
    ),
)


def _far(operation: Operation) -> Record | None:
    """The other side's VPC, in its account and region."""
    owner = operation.one("peerOwnerId") or operation.account
    place = operation.one("peerRegion") or operation.region
    found = (r for r in operation.store.all("aws", owner) if r.type == VPC and r.region == place)
    return next((r for r in found if r.id == operation.one("peerVpcId")), None)


@rule(PEERING, "InvalidVpcID.NotFound", _EC2, "create", "peerVpcId")
def _peer(operation: Operation) -> str | None:
    """`peerVpcId` is a VPC of the peer's account and region."""
    wanted = operation.one("peerVpcId")
    return f"the vpc ID {wanted!r} does not exist" if wanted and not _far(operation) else None


@rule(PEERING, "failed", _GUIDE, "create", fix="use ranges that do not overlap")
def _overlapping(operation: Operation) -> str | None:
    """VPCs whose ranges overlap are not peered."""
    near, far = operation.find(VPC, operation.one("vpcId")), _far(operation)
    pair = near and far and overlap([str(near.get("cidrBlock"))], [str(far.get("cidrBlock"))])
    return f"{pair[0]} overlaps {pair[1]} of {operation.one('peerVpcId')}" if pair else None


@rule(PEERING, "InvalidParameterValue", _SDK, "check", "autoAccept")
def _accepts(operation: Operation) -> str | None:
    """`autoAccept` is for two VPCs of one account and region."""
    other = operation.one("peerOwnerId") not in (None, operation.account) or operation.one("peerRegion")
    return "the peer accepts for itself" if operation.one("autoAccept") and other else None


@rule(PEERING, "InvalidParameterValue", _EC2, "check", "peerRegion")
def _region(operation: Operation) -> str | None:
    """`peerRegion` is a region."""
    place = operation.one("peerRegion")
    return f"{place!r} is no region" if place and place not in regions("aws") else None


@rule(AUTHORIZATION, "PrivateZoneNeeded", _R53, "create", "zoneId")
def _private(operation: Operation) -> str | None:
    """A zone that others are let into is a private one."""
    zone = operation.find(ZONE, operation.one("zoneId"))
    return f"{zone.id} is a public zone" if zone and not zone.get("vpcs") else None


RULES = (_peer, _overlapping, _accepts, _region, _private)
