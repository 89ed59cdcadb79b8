"""Azure's rules of a first and a last address, which its databases and caches share."""

from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.facts import Direction, NetworkRule, Peer
from rampart_policy.readers import addresses
from rampart_policy.readers.table import Aspect
from rampart_policy.values import Field, Node, combine

AZURE_SERVICES = "0.0.0.0"  # noqa: S104 - nothing is bound
"""As first and last address of a rule: every machine in Azure, whoever's it is (server firewall rules)."""


def admits_from_to(first: str = "startIpAddress", last: str = "endIpAddress") -> Aspect:
    """The range between two properties."""

    def aspect(place: Node) -> Iterator[NetworkRule]:
        ends = (place.at(name).text(default="") for name in (first, last))
        peer = replace(combine(_range, *ends), source=None)
        yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=peer)

    return aspect


def _range(first: str, last: str) -> Peer:
    if first == last == AZURE_SERVICES:
        return Peer("0.0.0.0, every machine in Azure", public=True)
    text = first if first == last else f"{first}-{last}"
    return Peer(text, addresses.peer(text).public)
