"""AWS security groups, in each of the four ways that rules are written."""

from collections.abc import Iterator

from rampart_policy.facts import DefaultSecurityGroup, Direction, NetworkRule
from rampart_policy.readers import addresses
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either

RANGES = ("cidrBlocks", "ipv6CidrBlocks")


@reader("aws:ec2/securityGroup:SecurityGroup")
def security_group(made: Resource) -> Iterator[NetworkRule]:
    yield from _inline(made)


@reader("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
def default_security_group(made: Resource) -> Iterator[DefaultSecurityGroup | NetworkRule]:
    """Declared with no rules, the provider removes those that the group came with."""
    lists = [made.at(str(direction)).any() for direction in Direction]
    yield DefaultSecurityGroup(rules=either(*(rules.map(bool) for rules in lists)))
    yield from _inline(made)


@reader("aws:ec2/securityGroupRule:SecurityGroupRule")
def rule(made: Resource) -> Iterator[NetworkRule]:
    direction = made.at("type").text(default="ingress").parse(Direction, "ingress or egress")
    for ranges in RANGES:
        for node in made.at(ranges).items():
            yield _rule(direction, node)


@reader("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
def ingress_rule(made: Resource) -> Iterator[NetworkRule]:
    yield from _single(made, Direction.INGRESS)


@reader("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
def egress_rule(made: Resource) -> Iterator[NetworkRule]:
    yield from _single(made, Direction.EGRESS)


def _inline(made: Resource) -> Iterator[NetworkRule]:
    for direction in Direction:
        for block in made.at(str(direction)).items():
            for ranges in RANGES:
                for node in block.key(ranges).items():
                    yield _rule(Field(direction, block.path), node)


def _single(made: Resource, direction: Direction) -> Iterator[NetworkRule]:
    for name in ("cidrIpv4", "cidrIpv6"):
        node = made.at(name)
        if not node.missing:
            yield _rule(Field(direction), node)


def _rule(direction: Field[Direction], node: Node) -> NetworkRule:
    """Security groups only allow."""
    return NetworkRule(direction=direction, allows=Field(True), peer=addresses.peer_field(node))
