"""Types of AWS that nobody has reviewed: by what their properties are called, and by the documents in them."""

from collections.abc import Iterator

from rampart_policy.facts import Fact
from rampart_policy.readers.aws.identity_policies import permissions
from rampart_policy.readers.aws.policies import grants, statements
from rampart_policy.readers.generic import judged
from rampart_policy.registry import fallback
from rampart_policy.resources import Resource


@fallback("aws")
def unreviewed(made: Resource) -> Iterator[Fact]:
    """A document that names principals is a resource's policy, one that names none an identity's."""
    yield from judged(made)
    for name, place in made.properties.entries():
        if not name.lower().endswith(("policy", "policydocument")) or not place.given.known:
            continue
        found = [statement.node for statement in statements(place) if isinstance(statement.node.raw, dict)]
        if any(not node.key(key).missing for node in found for key in ("Principal", "NotPrincipal")):
            yield from grants(place, made)
        elif found:
            yield from permissions(place)
