"""Network policies: what they let in and out of pods. Kubernetes' own, Cilium's and Calico's.

A rule without peers is for every address; a policy that selects pods and has no rule lets nothing through.
"""

from collections.abc import Iterator

from rampart_policy.facts import Direction, Fact, NetworkRule, Peer, PolicyPeer
from rampart_policy.readers.addresses import everyone, is_internet, networks, peer, peer_field
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

DIRECTIONS = ((Direction.INGRESS, "ingress", "from"), (Direction.EGRESS, "egress", "to"))
ALLOWS = Field(True)


@manifest("networking.k8s.io:NetworkPolicy")
def network_policy(made: Manifest) -> Iterator[Fact]:
    for direction, key, peers in DIRECTIONS:
        if _concerns(made.at("spec"), key):
            for rule in made.at(f"spec.{key}").items():
                yield from _rule(rule, direction, peers)


def _concerns(spec: Node, key: str) -> bool:
    """Rules of a direction that `policyTypes` leaves out have no effect."""
    types = spec.key("policyTypes").raw
    return not isinstance(types, list) or any(isinstance(kind, Unknown) or str(kind).lower() == key for kind in types)


def _rule(rule: Node, direction: Direction, key: str) -> Iterator[NetworkRule | PolicyPeer]:
    sides = rule.key(key)
    if isinstance(sides.raw, Unknown):
        yield _network_rule(direction, Field(UNKNOWN, sides.path))
        yield PolicyPeer(everything=Field(UNKNOWN, sides.path))
        return
    elif not sides.raw:
        yield _network_rule(direction, everyone(sides.path))
    for side in sides.items():
        block = side.key("ipBlock")
        if not block.missing:
            yield _network_rule(direction, _block(block))
        if isinstance(side.raw, Unknown):
            yield PolicyPeer(everything=Field(UNKNOWN, side.path))
        elif block.missing:
            yield PolicyPeer(everything=_every_pod(side))


def _network_rule(direction: Direction, who: Field[Peer]) -> NetworkRule:
    return NetworkRule(direction=Field(direction), allows=ALLOWS, peer=who)


def _block(block: Node) -> Field[Peer]:
    """A range without its exceptions: 0.0.0.0/0 but for one private range is still the internet."""
    cidr = block.key("cidr")
    found = peer_field(cidr)
    if not isinstance(found.value, Peer) or not found.value.public:
        return found
    excepted = [item.text(default="").value for item in block.key("except").items()]
    if any(isinstance(text, Unknown) for text in excepted):
        return Field(UNKNOWN, block.key("except").path)
    left = [*networks(found.value.text)]
    for text in excepted:
        for hole in networks(str(text)):
            left = [part for network in left for part in _without(network, hole)]
    return Field(Peer(found.value.text, public=any(map(is_internet, left))), found.path)


def _without(network: object, hole: object) -> list:  # type: ignore[type-arg]  # of either IP version
    if network.version != hole.version or not network.overlaps(hole):  # type: ignore[attr-defined]
        return [network]
    if network.subnet_of(hole):  # type: ignore[attr-defined]
        return []
    return [*network.address_exclude(hole)]  # type: ignore[attr-defined]


def _every_pod(side: Node) -> Field[bool]:
    """Every pod of every namespace: a namespace selector that asks for nothing, and no pod selector that does."""
    if isinstance(side.raw, Unknown):
        return Field(UNKNOWN, side.path)
    spaces, pods = side.key("namespaceSelector"), side.key("podSelector")
    for selector in (spaces, pods):
        if isinstance(selector.raw, Unknown):
            return Field(UNKNOWN, selector.path)
    wide = not spaces.missing and not _asks(spaces) and not _asks(pods)
    return Field(wide, spaces.path, source="a selector of every namespace")


def _asks(selector: Node) -> bool:
    return any(selector.key(key).raw for key in ("matchLabels", "matchExpressions"))


WORLD = frozenset({"world", "all", "world-ipv4", "world-ipv6"})
"""Cilium's entities that stand for the internet."""


@manifest("cilium.io:CiliumNetworkPolicy", "cilium.io:CiliumClusterwideNetworkPolicy")
def cilium(made: Manifest) -> Iterator[Fact]:
    for spec in (made.at("spec"), *made.at("specs").items()):
        for direction, key, word in ((Direction.INGRESS, "ingress", "from"), (Direction.EGRESS, "egress", "to")):
            for rule in spec.key(key).items():
                for entity in rule.key(f"{word}Entities").items():
                    yield _network_rule(direction, entity.text(default="").map(_entity))
                for cidr in rule.key(f"{word}CIDR").items():
                    yield _network_rule(direction, peer_field(cidr))
                for cidrs in rule.key(f"{word}CIDRSet").items():
                    yield _network_rule(direction, _block(cidrs))
                for name in rule.key(f"{word}FQDNs").items():
                    pattern = name.key("matchPattern").text(default="")
                    yield _network_rule(
                        direction, pattern.map(lambda text: Peer(text, public=text.strip("*.") == "" != text))
                    )
                for selector in rule.key(f"{word}Endpoints").items():
                    wide = (
                        isinstance(selector.raw, dict)
                        and not _asks(selector)
                        and made.kind.endswith("ClusterwideNetworkPolicy")
                    )
                    yield PolicyPeer(everything=Field(wide, selector.path, source="a selector of every pod"))


def _entity(text: str) -> Peer:
    return Peer(text, public=text in WORLD)


@manifest("projectcalico.org:NetworkPolicy", "projectcalico.org:GlobalNetworkPolicy")
@manifest("crd.projectcalico.org:NetworkPolicy", "crd.projectcalico.org:GlobalNetworkPolicy")
def calico(made: Manifest) -> Iterator[NetworkRule]:
    for direction, key, side in ((Direction.INGRESS, "ingress", "source"), (Direction.EGRESS, "egress", "destination")):
        for rule in made.at(f"spec.{key}").items():
            allows = rule.key("action").text(default="Allow").map(lambda text: text.lower() == "allow")
            other = rule.key(side)
            for net in other.key("nets").items():
                yield NetworkRule(direction=Field(direction), allows=allows, peer=peer_field(net))
            if not isinstance(other.raw, Unknown) and not any(
                other.key(name).raw
                for name in (
                    "nets",
                    "selector",
                    "namespaceSelector",
                    "serviceAccounts",
                    "services",
                    "notNets",
                    "domains",
                )
            ):
                yield NetworkRule(direction=Field(direction), allows=allows, peer=everyone(other.path))


@manifest("policy.networking.k8s.io:AdminNetworkPolicy", "policy.networking.k8s.io:BaselineAdminNetworkPolicy")
@manifest("policy.networking.k8s.io:ClusterNetworkPolicy")
def admin_network_policy(made: Manifest) -> Iterator[Fact]:
    for direction, key, side in DIRECTIONS:
        for rule in made.at(f"spec.{key}").items():
            allows = rule.key("action").text(default="").map(lambda text: text in ("Allow", "Accept"))
            for other in rule.key(side).items():
                for net in other.key("networks").items():
                    who = net.text(default="").map(peer)
                    yield NetworkRule(direction=Field(direction), allows=allows, peer=who)
                spaces = other.key("namespaces")
                if isinstance(spaces.raw, dict) and allows.value is True:
                    wide = not _asks(spaces)
                    yield PolicyPeer(everything=Field(wide, spaces.path, source="a selector of every namespace"))
