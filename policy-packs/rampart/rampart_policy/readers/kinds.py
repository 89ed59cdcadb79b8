"""What holds of a resource whatever its type: whether this pack knows the type at all."""

from collections.abc import Iterator

from rampart_policy.facts import Fact, Review
from rampart_policy.registry import NO_SURFACE, READERS, STACK_READERS
from rampart_policy.resources import Resource


def facts(resource: Resource) -> Iterator[Fact]:
    """Components, the stack and its like have no provider: what they make is judged, they are not."""
    if resource.provider is None and not resource.type.startswith("pulumi:providers:"):
        return
    known = resource.type in READERS or resource.type in STACK_READERS or resource.type in NO_SURFACE
    yield Review(reviewed=resource.is_such().map(lambda _: known))
