"""What is wrong with the peers that a stack's settings list: judged before anything is planned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.peering import Peer, problems
from infra.catalogue import regions

NETWORKS = {
    "aws": (r"vpc-[0-9a-f]{8}([0-9a-f]{9})?", "the id of a VPC: vpc-..."),
    "gcp": (
        r"projects/(?P<account>[a-z][a-z0-9-]{4,28}[a-z0-9])/global/networks/[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
        "a network: projects/<project>/global/networks/<name>",
    ),
    "azure": (
        r"/subscriptions/(?P<account>[0-9a-f-]{36})/resourceGroups/[\w().-]+"
        r"/providers/Microsoft\.Network/virtualNetworks/[\w.-]+",
        "the id of a virtual network: /subscriptions/.../virtualNetworks/<name>",
    ),
}
"""How a network is named, by cloud; on some with whose it is."""

HUB = "a Network Connectivity Center hub that propagates Private Service Connect connections, or a VPN or interconnect"

NOT_CARRIED = {
    ("gcp", "api"): "the Kubernetes API's address is a Private Service Connect endpoint, which VPC peering does not "
    f"carry (Network Connectivity Center, propagated connections); join by {HUB}, and list its ranges in "
    "kubernetes.reach",
    ("gcp", "endpoints"): "stores are reached by Private Service Connect endpoints, which VPC peering does not carry "
    f"(Network Connectivity Center, propagated connections); join by {HUB}",
}
"""Wishes that a cloud's peering cannot fulfil: why, and what does."""

VIA = (
    "is not a setting: peering is not transitive on any cloud, so what lies behind a peer (its peers, a VPN, an "
    "office, another region) does not come through it. List that network as a peer of its own; join an office by a VPN "
    "or interconnect of this network's, or by a hub: a transit gateway, Network Connectivity Center, Virtual WAN"
)
"""What is said of the wish to reach something by way of a peer."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What peers are judged against. cidr: the region's own, if that is right. taken: range by who holds it."""

    cloud: str
    region: str
    account: str
    cidr: IPv4Network | None
    taken: Mapping[str, IPv4Network]


def wrong(peers: Sequence[Peer], around: Around) -> list[str]:
    """What is wrong with the peers, a sentence each."""
    return [*problems(peers), *(problem for peer in peers for problem in _here(peer, around))]


def _here(peer: Peer, around: Around) -> Iterator[str]:
    pattern, words = NETWORKS[around.cloud]
    if not (named := re.fullmatch(pattern, peer.network)):
        yield f"{peer.name}: network {peer.network!r}: wants {words}"
    elif (owner := named.groupdict().get("account", peer.account)) != peer.account:
        yield f"{peer.name}: account is {peer.account}, and its network is of {owner}"
    if peer.region and around.cloud != "aws":
        yield f"{peer.name}: region {peer.region}: its network's name says all; leave it out"
    elif peer.region and peer.region not in regions("aws"):
        yield f"{peer.name}: region {peer.region}: is no region of AWS"
    for (cloud, wish), why in NOT_CARRIED.items():
        if cloud == around.cloud and getattr(peer, wish):
            yield f"{peer.name}: {wish}: {why}"
    for cidr in peer.cidrs:
        if around.cidr and cidr.overlaps(around.cidr):
            yield f"{peer.name}: {cidr} overlaps the region's own {around.cidr}: networks that overlap cannot be peered"
        for holder, taken in around.taken.items():
            if cidr.overlaps(taken):
                yield (
                    f"{peer.name}: {cidr} overlaps {taken}, which is {holder}'s: an address would lead to two "
                    "networks, and no region is reached by way of a peer"
                )
