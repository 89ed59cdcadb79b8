"""AWS network ACLs and prefix lists: who is let at the doors of administrators, and what a list of ranges hides.

A network ACL is stateless: it must let answers to its own connections in, so only the ports that administrators use,
and rules for every port, are judged (CIS AWS Foundations Benchmark, "Ensure no Network ACLs allow ingress from
0.0.0.0/0 to remote server administration ports").
"""

from collections.abc import Iterator

from rampart_policy.facts import Direction, NetworkRule
from rampart_policy.readers import addresses
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine, every

ADMINISTRATION = (22, 3389)

EPHEMERAL = 1024
"""The first port that answers to one's own connections come back to."""

no_surface(
    {
        "aws:ec2/networkAclAssociation:NetworkAclAssociation": "joins a subnet with a network ACL, which is judged",
    }
)


@reader("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
def network_acl(made: Resource) -> Iterator[NetworkRule]:
    for rule in made.at("ingress").items():
        yield from _rule(rule, "action", Field(Direction.INGRESS, rule.path))


@reader("aws:ec2/networkAclRule:NetworkAclRule")
def network_acl_rule(made: Resource) -> Iterator[NetworkRule]:
    outbound = made.at("egress").flag(default=False)
    direction = outbound.map(lambda out: Direction.EGRESS if out else Direction.INGRESS)
    if outbound.value is not True:
        yield from _rule(made.properties, "ruleAction", direction)


def _rule(rule: Node, action: str, direction: Field[Direction]) -> Iterator[NetworkRule]:
    allows = rule.key(action).text(default="deny").map(lambda word: word.lower() == "allow")
    opens = combine(
        _opens,
        rule.key("protocol").text(default="-1"),
        rule.key("fromPort").number(default=0),
        rule.key("toPort").number(default=0),
    )
    for name in ("cidrBlock", "ipv6CidrBlock"):
        node = rule.key(name)
        if not node.missing and node.raw != "":
            yield NetworkRule(direction=direction, allows=every(allows, opens), peer=addresses.peer_field(node))


def _opens(protocol: str, first: float, last: float) -> bool:
    if protocol.lower() in ("-1", "all"):
        return True
    if protocol.lower() not in ("6", "tcp"):
        return False
    return (first < EPHEMERAL and any(first <= port <= last for port in ADMINISTRATION)) or first == last == 3389


@reader("aws:ec2/managedPrefixList:ManagedPrefixList")
def prefix_list(made: Resource) -> Iterator[NetworkRule]:
    """A rule names the list, and not what is in it: a list with the internet in it opens every rule that does."""
    for entry in made.at("entries").items():
        yield _entry(entry.key("cidr"))


@reader("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry")
def prefix_list_entry(made: Resource) -> Iterator[NetworkRule]:
    yield _entry(made.at("cidr"))


def _entry(node: Node) -> NetworkRule:
    return NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=addresses.peer_field(node))
