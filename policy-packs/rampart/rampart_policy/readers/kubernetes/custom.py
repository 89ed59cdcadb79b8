"""Custom resources that have no reader of their own: the pods in them are judged, and the rest is unknown."""

from collections.abc import Iterator

from rampart_policy.facts import AdmissionAction, Fact, OpaqueManifest, Review
from rampart_policy.readers import secrets
from rampart_policy.readers.kubernetes.objects import CUSTOM, KINDS, Manifest, read_object, reviewed
from rampart_policy.readers.kubernetes.pods import pods, read
from rampart_policy.registry import fallback
from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Unknown

CONSTRAINTS = "constraints.gatekeeper.sh:"
"""Gatekeeper's group, in which every policy is a kind of its own."""


@fallback("kubernetes")
def custom(made: Resource) -> Iterator[Fact]:
    """A list's items are objects of their own. A resource whose pods are all there is to it counts as reviewed."""
    kind = made.type.partition(":")[2]
    if kind.endswith("List") and isinstance(made.at("items").raw, list):
        yield reviewed(Manifest(made.properties, kind), known=True)
        for item in made.at("items").items():
            yield from read_object(item)
        return
    if kind.startswith(CONSTRAINTS):
        yield reviewed(Manifest(made.properties, kind), known=True)
        action = made.at("spec.enforcementAction").text(default="deny")
        yield AdmissionAction(denies=action.map(lambda text: text in ("deny", "scoped")))
        return
    found = [*pods(Manifest(made.properties, kind, partial=kind.endswith("Patch")))]
    if made.provider is not None:
        hidden = bool(found) and all(isinstance(pod.spec.raw, Unknown) for pod in found)
        review = reviewed(Manifest(made.properties, kind), known=bool(found))
        yield Review(reviewed=Field(UNKNOWN, found[0].spec.path)) if hidden else review
    for pod in found:
        yield from read(pod)
    if not found:
        yield from secrets.inside(made.at("spec"))


def nested(made: Manifest) -> Iterator[Fact]:
    """The same inside another object, where no type says what it is."""
    found = [*pods(made)]
    if not found:
        yield from secrets.inside(made.at("spec"))
        yield OpaqueManifest(opaque=Field(True, made.root.at("kind").path, source=made.kind))
    for pod in found:
        yield from read(pod)


KINDS[CUSTOM] = nested
