"""Google Cloud firewalls: classic rules, and the rules of global, regional and hierarchical policies."""

from collections.abc import Iterator

from rampart_policy.facts import Direction, NetworkRule, Peer
from rampart_policy.readers import addresses
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either, every

NARROW = {
    Direction.INGRESS: ("srcSecureTags", "srcFqdns", "srcAddressGroups", "srcNetworks"),
    Direction.EGRESS: ("destFqdns", "destAddressGroups"),
}
"""What a policy's rule may name instead of ranges, that is somebody in particular."""

INSIDE = frozenset({"NON_INTERNET", "VPC_NETWORKS", "INTRA_VPC"})
"""Network contexts that leave the internet out."""


@reader("gcp:compute/firewall:Firewall")
def firewall(made: Resource) -> Iterator[NetworkRule]:
    """An ingress rule that names no source, and an egress rule that names no destination, means every address."""
    on = made.at("disabled").flag(default=False).map(lambda off: not off)
    allows = every(on, made.at("allows").any().map(bool))
    egress = made.at("direction").text(default="INGRESS").map(lambda name: name.upper() == "EGRESS")
    for direction, ranges, names in (
        (Direction.INGRESS, "sourceRanges", ("sourceTags", "sourceServiceAccounts")),
        (Direction.EGRESS, "destinationRanges", ()),
    ):
        applies = egress if direction is Direction.EGRESS else egress.map(lambda out: not out)
        yield from _rules(direction, every(allows, applies), made.at(ranges), [made.at(name) for name in names])


@reader(
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
    "gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule",
    "gcp:compute/firewallPolicyRule:FirewallPolicyRule",
)
def policy_rule(made: Resource) -> Iterator[NetworkRule]:
    yield from _policy_rule(made.properties)


@reader(
    "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
    "gcp:compute/regionNetworkFirewallPolicyWithRules:RegionNetworkFirewallPolicyWithRules",
    "gcp:compute/firewallPolicyWithRules:FirewallPolicyWithRules",
)
def policy_with_rules(made: Resource) -> Iterator[NetworkRule]:
    for rule in made.at("rules").items():
        yield from _policy_rule(rule)


@reader("gcp:compute/organizationSecurityPolicyRule:OrganizationSecurityPolicyRule")
def organization_rule(made: Resource) -> Iterator[NetworkRule]:
    """The forerunner of hierarchical policies has its ranges one level further down."""
    match = made.at("match.config")
    allows = made.at("action").text(default="").map(lambda action: action.lower() == "allow")
    egress = made.at("direction").text(default="INGRESS").map(lambda name: name.upper() == "EGRESS")
    for direction, ranges in ((Direction.INGRESS, "srcIpRanges"), (Direction.EGRESS, "destIpRanges")):
        applies = egress if direction is Direction.EGRESS else egress.map(lambda out: not out)
        yield from _rules(direction, every(allows, applies), match.key(ranges), [])


def _policy_rule(rule: Node) -> Iterator[NetworkRule]:
    """`goto_next` leaves the decision to others; `apply_security_profile_group` lets through what it inspects."""
    on = rule.key("disabled").flag(default=False).map(lambda off: not off)
    allows = every(
        on, rule.key("action").text(default="").map(lambda action: action.lower() not in ("deny", "goto_next"))
    )
    egress = rule.key("direction").text(default="INGRESS").map(lambda name: name.upper() == "EGRESS")
    match = rule.key("match")
    for direction, prefix in ((Direction.INGRESS, "src"), (Direction.EGRESS, "dest")):
        applies = egress if direction is Direction.EGRESS else egress.map(lambda out: not out)
        counts = every(allows, applies)
        contexts = [match.key(f"{prefix}Network{word}").text(default="") for word in ("Context", "Scope")]
        names = [match.key(name) for name in NARROW[direction]]
        inside = either(*(context.map(lambda name: name.upper() in INSIDE) for context in contexts))
        crowds = [match.key(f"{prefix}{kind}") for kind in ("RegionCodes", "ThreatIntelligences")]
        for node in (node for crowd in crowds for node in crowd.items()):
            yield NetworkRule(direction=Field(direction), allows=counts, peer=_crowd(node))
        if all(crowd.missing for crowd in crowds):
            outside = every(counts, inside.map(lambda kept: not kept))
            yield from _rules(direction, outside, match.key(f"{prefix}IpRanges"), names)


def _rules(direction: Direction, allows: Field[bool], ranges: Node, names: list[Node]) -> Iterator[NetworkRule]:
    """One fact per range; everyone if no range and no name is given."""
    if not _empty(ranges):
        for node in ranges.items():
            yield NetworkRule(direction=Field(direction), allows=allows, peer=addresses.peer_field(node))
        return
    named = either(*(node.any().map(bool) for node in names)) if names else Field(False)
    yield NetworkRule(
        direction=Field(direction),
        allows=every(allows, named.map(lambda some: not some)),
        peer=addresses.everyone(ranges.path),
    )


def _crowd(node: Node) -> Field[Peer]:
    """A country is everybody in it; a list of Google's holds the machines of whole clouds, or worse."""
    return node.text(default="").map(lambda code: Peer(code, public=True))


def _empty(node: Node) -> bool:
    return node.missing or node.raw == []
