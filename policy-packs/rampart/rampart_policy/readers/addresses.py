"""Address ranges: which of them are the internet."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network, summarize_address_range

from rampart_policy.facts import Peer
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

Network = IPv4Network | IPv6Network

WIDEST_PARTY = {4: 16, 6: 32}
"""Prefix lengths by IP version. A public range with a shorter prefix is the internet: no named party has more.

Google's health checks come from a /16; 0.0.0.0/1 with 128.0.0.0/1, or the /15 of one cloud region, are anybody.
"""

ANYWHERE = frozenset({"*", "any", "all", "internet", "0.0.0.0", "::"})  # noqa: S104 - nothing is bound
"""Words that clouds take for every address."""

CLOUD_WIDE_TAG = "azurecloud"
"""The Azure service tag that stands for every customer's machines; `AzureCloud.eastus2` is its regional form."""

SHARED = IPv4Network("100.64.0.0/10")
"""Carrier-grade NAT (RFC 6598): routed inside providers and clusters, never on the internet."""


@lru_cache(maxsize=4096)
def peer(text: str) -> Peer:
    """What a range, an address, a word or a service tag stands for. What is none of these is a name."""
    word = text.strip().lower()
    if word in ANYWHERE or word.partition(".")[0] == CLOUD_WIDE_TAG:
        return Peer(text, public=True)
    return Peer(text, public=any(map(is_internet, networks(word))))


def networks(text: str) -> Iterable[Network]:
    """The networks that `10.0.0.0/8`, `10.0.0.1` or `10.0.0.1-10.0.0.9` stands for; none for anything else."""
    first, dash, last = text.strip().partition("-")
    try:
        if dash:
            return [*summarize_address_range(ip_address(first.strip()), ip_address(last.strip()))]
        return [ip_network(text.strip(), strict=False)]
    except (ValueError, TypeError):
        return []


def is_internet(network: Network) -> bool:
    """Whether a range takes in more public addresses than one party has."""
    shared = isinstance(network, IPv4Network) and network.subnet_of(SHARED)
    inside = network.is_private or network.is_multicast or shared
    return network.prefixlen < WIDEST_PARTY[network.version] and not inside


def peer_field(node: Node) -> Field[Peer]:
    """The peer that a property names. Unknown where nothing is set: callers say what that means."""
    text = node.text()
    value = UNKNOWN if text.value is None else text.value
    return Field(value if isinstance(value, Unknown) else peer(value), node.path, text.secret)


def everyone(path: str) -> Field[Peer]:
    """The peer of a rule that names none, where the cloud takes that for every address."""
    return Field(Peer("every address", public=True), path, default=True)
