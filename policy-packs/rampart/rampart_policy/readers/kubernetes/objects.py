"""Kubernetes objects, however they are wrapped: by themselves, as patches, in lists.

A kind is read by one function, registered here under its canonical name (`apps:Deployment`); what wraps it is unwrapped
before. https://kubernetes.io/docs/reference/kubernetes-api/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rampart_policy.facts import Fact, OpaqueManifest, Review
from rampart_policy.registry import NO_SURFACE, reader
from rampart_policy.resources import Resource, kind_of
from rampart_policy.values import Field, Node, Unknown

T = TypeVar("T")

DEEPEST = 8
"""Lists in lists that are still looked into."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object. root: its fields. kind: canonical (`apps:Deployment`). partial: a patch of an object that is there
    already, so that what it does not say is said elsewhere. name: the resource's, for objects that say none.
    """

    root: Node
    kind: str
    partial: bool = False
    name: str = ""

    def at(self, path: str) -> Node:
        return self.root.at(path)

    def unset(self, cluster: T, hardened: T) -> T:
        """What counts for a field that is not set: the cluster's default; in a patch, what would do."""
        return hardened if self.partial else cluster

    def annotation(self, key: str) -> Node:
        return self.root.at("metadata.annotations").key(key)

    def label(self, key: str) -> Node:
        return self.root.at("metadata.labels").key(key)


Read = Callable[[Manifest], Iterator[Fact]]
ReadT = TypeVar("ReadT", bound=Read)

KINDS: dict[str, Read] = {}
"""By canonical kind."""


def manifest(*kinds: str) -> Callable[[ReadT], ReadT]:
    """Declare how objects of these kinds are read, by themselves, as patches and in lists."""

    def register(read: ReadT) -> ReadT:
        forms = {"": as_resource(read), "Patch": as_patch(read), "List": as_list(read)}
        for form in forms.values():
            form.__module__ = read.__module__  # whose words are a reader's is looked up by it
        for kind in kinds:
            KINDS[kind] = read
            for suffix, form in forms.items():
                reader(f"kubernetes:{kind}{suffix}")(form)
        return read

    return register


def no_surface(reasons: Mapping[str, str]) -> None:
    """Declare kinds that need no reader: kind and reason."""
    for kind, reason in reasons.items():
        for suffix in ("", "Patch", "List"):
            NO_SURFACE[f"kubernetes:{kind}{suffix}"] = reason


def as_resource(read: Read) -> Callable[[Resource], Iterator[Fact]]:
    def whole(made: Resource) -> Iterator[Fact]:
        yield from read(Manifest(made.properties, made.type.partition(":")[2], name=made.name))

    return whole


def as_patch(read: Read) -> Callable[[Resource], Iterator[Fact]]:
    def patch(made: Resource) -> Iterator[Fact]:
        kind = made.type.partition(":")[2].removesuffix("Patch")
        yield from read(Manifest(made.properties, kind, partial=True, name=made.name))

    return patch


def as_list(read: Read) -> Callable[[Resource], Iterator[Fact]]:
    def items(made: Resource) -> Iterator[Fact]:
        kind = made.type.partition(":")[2].removesuffix("List")
        for item in made.at("items").items():
            if isinstance(item.raw, Unknown) or item.key("kind").missing:
                yield from read(Manifest(item, kind))
            else:
                yield from read_object(item)

    return items


def read_object(node: Node, depth: int = 0) -> Iterator[Fact]:
    """An object that says itself what it is, found inside another resource: the item of a list, a document of YAML."""
    kind = node.key("kind").text(default="")
    version = node.key("apiVersion").text(default="v1")
    if node.missing:
        return
    if isinstance(kind.value, Unknown) or isinstance(version.value, Unknown):
        yield OpaqueManifest(opaque=Field(Unknown(), kind.path))
        return
    if kind.value.endswith("List") and isinstance(node.key("items").raw, list) and depth < DEEPEST:
        for item in node.key("items").items():
            yield from read_object(item, depth + 1)
        return
    token = kind_of(version.value, kind.value)
    if (read := KINDS.get(token)) is not None:
        yield from read(Manifest(node, token))
    elif f"kubernetes:{token}" not in NO_SURFACE:
        yield from KINDS[CUSTOM](Manifest(node, token))


CUSTOM = "custom"
"""The name under which `custom` declares how any other kind is read."""


def reviewed(made: Manifest, known: bool) -> Review:
    """Whether an object of a kind that has no reader was understood all the same."""
    return Review(reviewed=Field(known, made.root.at("kind").path, source=made.kind))
