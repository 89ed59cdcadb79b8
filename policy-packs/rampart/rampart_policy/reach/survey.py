"""What the readers of the clouds' networks share."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rampart_policy.reach.model import Path, Place, Topology
from rampart_policy.reach.spans import Spans, everything
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Node, Unknown


class Survey:
    """Reads a stack's resources into a topology. What is not known yet makes it incomplete."""

    def __init__(self, stack: Stack, topology: Topology) -> None:
        self.stack = stack
        self.topology = topology

    def of(self, *types: str) -> Iterator[Resource]:
        return self.stack.of(*types)

    def text(self, node: Node) -> str:
        """A string, or an empty one."""
        if isinstance(node.raw, Unknown):
            self.topology.incomplete = True
            return ""
        return "" if node.raw is None else str(node.raw)

    def identity(self, resource: Resource, key: str = "id") -> str:
        """What others name a resource by. Until that is known, nobody knows who they are."""
        found = self.text(resource.outputs.key(key))
        self.topology.incomplete |= not found
        return found

    def texts(self, node: Node) -> list[str]:
        """The strings of a list, or the one string that stands for it."""
        return [text for item in node.items() if (text := self.text(item))]

    def flag(self, node: Node, default: bool = False) -> bool:
        return self.text(node).lower() == "true" if not node.missing else default

    def number(self, node: Node, default: int) -> int:
        text = self.text(node)
        return int(float(text)) if text else default

    def range(self, text: str) -> Spans:
        """The addresses of a range; a name that is none has a point of its own."""
        try:
            return everything(text)
        except ValueError:
            return self.topology.names.point(text)

    def ranges(self, *nodes: Node) -> Spans:
        found = Spans()
        for node in nodes:
            for text in self.texts(node):
                found |= self.range(text)
        return found

    def add(self, places: Iterable[Place]) -> None:
        self.topology.places.extend(places)

    def reachable(self, resource: Resource) -> None:
        """Say that the internet reaches a resource by its own listener."""
        self.topology.direct.append(Path("internet", resource.name, Spans(), via=(resource.urn,)))


def standing_in(place: Place, *subnets: Place) -> Place:
    """A place with the routes and outer filters of the subnets that it stands in."""
    routes = tuple(dict.fromkeys(route for subnet in subnets for route in subnet.routes))
    # One subnet that lets in is enough.
    into = subnets[0].into if len({subnet.into for subnet in subnets}) == 1 else ()
    return replace(place, routes=routes, into=(*into, *place.into))
