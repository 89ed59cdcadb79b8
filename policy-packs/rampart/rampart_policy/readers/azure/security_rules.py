"""Azure network security groups, with their rules inside or beside them."""

from collections.abc import Iterator

from rampart_policy.facts import Direction, NetworkRule
from rampart_policy.readers import addresses
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, every

no_surface({"azure-native:network:ApplicationSecurityGroup": "a name for machines; the rules that use it are judged"})


@reader("azure-native:network:NetworkSecurityGroup")
def security_group(made: Resource) -> Iterator[NetworkRule]:
    for rule_ in made.at("securityRules").items():
        yield from _rule(rule_)


@reader("azure-native:network:SecurityRule")
def rule(made: Resource) -> Iterator[NetworkRule]:
    yield from _rule(made.properties)


def _rule(place: Node) -> Iterator[NetworkRule]:
    """The far end is the source of what comes in and the destination of what goes out."""
    allows = place.key("access").text(default="").map(lambda access: access.lower() != "deny")
    outbound = place.key("direction").text(default="").map(lambda name: name.lower() == "outbound")
    for direction, side in ((Direction.INGRESS, "source"), (Direction.EGRESS, "destination")):
        applies = outbound if direction is Direction.EGRESS else outbound.map(lambda out: not out)
        counts = every(allows, applies)
        single = place.key(f"{side}AddressPrefix")
        for node in (*single.items(), *place.key(f"{side}AddressPrefixes").items()):
            if node.raw != "":
                yield NetworkRule(direction=Field(direction), allows=counts, peer=addresses.peer_field(node))
