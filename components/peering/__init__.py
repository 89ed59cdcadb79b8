"""Peering: networks of others that are joined with this one, for what they may reach in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.network import Network
from components.network.plan import PRIVATE, Range, part
from components.site import Site

NAME = re.compile(r"[a-z]([a-z0-9-]{0,28}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A network of somebody's.

    name: what it is called here, in names of resources; never changed.
    network: VPC id; `projects/<project>/global/networks/<name>`; a virtual network's id, `/subscriptions/...`.
    account: whose it is: AWS account id, Google Cloud project id, Azure subscription id.
    region: where it is, if not in this one's region. Only AWS's ids do not say.
    cidrs: the ranges in it that callers have.
    api, endpoints, ingest: what they may reach: the Kubernetes API; the database and the cache, and on Azure whatever
        has a private endpoint; the entry points.
    """

    name: str
    network: str
    account: str
    cidrs: tuple[IPv4Network, ...]
    region: str = ""
    api: bool = False
    endpoints: bool = False
    ingest: bool = False


@dataclass(frozen=True, kw_only=True)
class PeeringArgs:
    """What peering needs.

    network: made with the peers' ranges, by what they may reach (`NetworkArgs.reach`, `callers`, `visitors`).
    peers: `ValueError` for what `problems` finds.
    """

    site: Site
    network: Network
    dns: Dns
    peers: tuple[Peer, ...]

    def __post_init__(self) -> None:
        if wrong := problems(self.peers):
            raise ValueError("; ".join(wrong))


def problems(peers: Sequence[Peer]) -> list[str]:
    """What is wrong with a list of peers on any cloud, a sentence each."""
    return [*(wrong for peer in peers for wrong in _alone(peer)), *_together(peers)]


def _alone(peer: Peer) -> list[str]:
    wrong = []
    if not NAME.fullmatch(peer.name):
        wrong.append(f"{peer.name!r}: a peer's name wants lower-case letters, digits and dashes, at most 30")
    if not peer.cidrs:
        wrong.append(f"{peer.name}: has no cidrs, so nobody in it could be let in")
    wrong += [
        f"{peer.name}: {cidr} is no private range (RFC 1918): peers call by private addresses only"
        for cidr in peer.cidrs
        if not any(cidr.subnet_of(private) for private in PRIVATE)
    ]
    if not (peer.api or peer.endpoints or peer.ingest):
        wrong.append(f"{peer.name}: may reach nothing; say which of api, endpoints and ingest")
    return wrong


def _together(peers: Sequence[Peer]) -> list[str]:
    names, networks = [peer.name for peer in peers], [peer.network for peer in peers]
    wrong = [f"{name}: two peers have this name" for name in sorted(set(names)) if names.count(name) > 1]
    wrong += [f"{network} is listed twice" for network in sorted(set(networks)) if networks.count(network) > 1]
    ranges = [(peer.name, cidr) for peer in peers for cidr in peer.cidrs]
    for position, (name, cidr) in enumerate(ranges):
        for other, taken in ranges[position + 1 :]:
            if cidr.overlaps(taken):
                wrong.append(f"{name}: {cidr} overlaps {taken} of {other}: an address would lead to two networks")
    return wrong


class Peering(Capability, token="rampart:peering:Peering"):
    """The connections with peers: this side of them, in one order, and what the other side must do.

    Only peers open connections: nothing in the data plane is let out to them, and neither the egress subnets nor any
    default route has to do with it. What each may reach is let through by `components.network` and the stores, named
    and by port; the connection alone opens nothing. Adding and removing a peer replaces nothing.

    **Peering is not transitive**, on any cloud: a peer reaches what stands in this network, and nothing behind it; and
    what stands behind a peer (its own peers, a VPN, an office, another region) does not reach this network. Such wishes
    are refused in the settings, with what carries them.

    - AWS: a VPC peering connection, which the other side accepts, unless both VPCs are of one account and region;
      routes to the peer's ranges in the table of all subnets but the egress ones. The names of the database, the cache
      and the Kubernetes API resolve everywhere, to private addresses; so DNS resolution over the peering, which is
      about public host names and can be set on an accepted connection only, stays off. The data plane's own zone may be
      associated with the peer's VPC. S3 is not reached: a gateway endpoint serves its own VPC only.
    - Google Cloud: a network peering, which is active once the other side has made its half; subnet routes are
      exchanged by themselves, custom routes are not. One at a time: operations on one network's peerings conflict.
      **Neither the Kubernetes API nor the endpoints of stores can be reached**: both are Private Service Connect
      endpoints, which peering does not carry. A Network Connectivity Center hub does, or a VPN; `kubernetes.reach` lets
      their callers in.
    - Azure: a virtual network peering, likewise one at a time. Routes come with it, to all subnets; security groups let
      nothing through but what is named. The zones of what may be reached are linked to the peer's network, which can be
      linked to one zone of a name only.
    """

    connections: pulumi.Output[dict[str, str]]
    """Ids of this side's halves, by peer."""

    needs: pulumi.Output[dict[str, list[str]]]
    """What the owner of the other network must do, by peer: sentences and commands, in order."""


def reached(peer: Peer, cidr: IPv4Network, stores: str) -> str:
    """Where a peer's connections go to, for whoever must let them out. stores: the ports of private endpoints."""
    wishes = (
        (peer.api, Range.CONTROL, "443", "the Kubernetes API"),
        (peer.endpoints, Range.ENDPOINTS, stores, "private endpoints"),
        (peer.ingest, Range.INGEST, "443", "the entry points"),
    )
    return "; ".join(f"{part(cidr, where)} port {ports} ({what})" for wish, where, ports, what in wishes if wish)


def dashed(cidr: IPv4Network) -> str:
    """A range as a part of a name: `10-200-0-0-16`."""
    return "".join(c if c.isdigit() else "-" for c in str(cidr))
