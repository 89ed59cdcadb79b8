"""The ways between a subnet and the internet, worked out over the whole stack."""

from collections.abc import Iterator

from rampart_policy.facts import Way, WaysIn, WaysOut
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Unknown

OUTSIDE = "internet"


def ways(made: Resource, stack: Stack) -> Iterator[WaysIn | WaysOut]:
    """Those of a subnet, or of the subnets that are declared inside a network."""
    # Reachability asks readers, of which this is one.
    from rampart_policy import reach

    topology = stack.once(reach.networks)
    mine = {place.name for place in topology.places if place.urn == made.urn and place.kind is reach.Kind.SUBNET}
    if not mine and not topology.incomplete:
        return
    out, in_ = [], []
    for path in stack.once(reach.network_paths):
        way = Way(path.to, reach.show_traffic(path.traffic))
        if path.source in mine and path.target == OUTSIDE:
            out.append(way)
        elif path.target in mine and path.source == OUTSIDE:
            in_.append(way)
    unknown = Unknown() if topology.incomplete else None
    yield WaysOut(ways=Field(unknown or tuple(out), "ways out", source="; ".join(map(str, out)) or "none"))
    yield WaysIn(ways=Field(unknown or tuple(in_), "ways in", source="; ".join(map(str, in_)) or "none"))
