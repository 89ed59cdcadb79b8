"""Reachability: who can reach what, on which ports and through what, worked out from a stack's resources.

    survey(stack).paths()

A path exists where the routes lead there and every filter on the way lets something through. Where one resource does
not show enough (who carries a security group, which machines a rule is for) the answer errs towards a path. What the
policy pack's readers know to be on the internet by itself (a database with a public endpoint) is a path without a
network.

From the command line: `pulumi stack export | python -m rampart_policy.reach`.
"""

from rampart_policy import readers
from rampart_policy.facts import Direction, NetworkRule, Peer, PublicAddress, ServiceEndpoint
from rampart_policy.reach import aws, azure, gcp
from rampart_policy.reach.model import Kind, Path, Place, Topology
from rampart_policy.reach.spans import INTERNET, Spans, ports, show_traffic
from rampart_policy.reach.survey import Survey
from rampart_policy.registry import reader_of, stack_reader_of
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack

__all__ = [
    "INTERNET",
    "Kind",
    "Path",
    "Place",
    "Spans",
    "Topology",
    "network_paths",
    "networks",
    "ports",
    "show_traffic",
    "survey",
]


def networks(stack: Stack) -> Topology:
    """The networks of a stack, and nothing that has no network."""
    found = Survey(stack, Topology())
    for cloud in (aws, gcp, azure):
        cloud.read(found)
    return found.topology


def survey(stack: Stack) -> Topology:
    """The networks of a stack, and what in it is on the internet by itself."""
    found = Survey(stack, networks(stack))
    for resource in stack.resources:
        if _on_the_internet(resource, stack):
            found.reachable(resource)
    return found.topology


def network_paths(stack: Stack) -> list[Path]:
    """The paths that lead over a stack's networks."""
    return stack.once(networks).paths()


def _on_the_internet(resource: Resource, stack: Stack) -> bool:
    readers.load(resource.type.partition(":")[0])
    read, read_with = reader_of(resource.type), stack_reader_of(resource.type)
    facts = list(read(resource)) if read else []
    listens = [f for f in facts if isinstance(f, ServiceEndpoint) and f.public.value is True]
    if any(endpoint.admits.value is not False for endpoint in listens):
        return True
    if listens and any(isinstance(f, NetworkRule) and _lets_in(f) for f in facts):
        return True
    for fact in read_with(resource, stack) if read_with else ():
        if isinstance(fact, PublicAddress) and fact.public.value is True and fact.outbound_only.value is False:
            return True
    return False


def _lets_in(rule: NetworkRule) -> bool:
    peer = rule.peer.value
    inward = rule.direction.value is Direction.INGRESS and rule.allows.value is True
    return inward and isinstance(peer, Peer) and peer.public
