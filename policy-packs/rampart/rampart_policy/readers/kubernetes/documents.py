"""Objects inside others, and what cannot be looked into: YAML, charts, kustomizations, repositories.

`kubernetes:yaml`, `kubernetes:helm.sh` and `kubernetes:kustomize` of pulumi-kubernetes; Argo CD, Flux.
"""

import re
from collections.abc import Iterator

import yaml

from rampart_policy.facts import Fact, OpaqueManifest
from rampart_policy.readers.kubernetes.objects import Manifest, manifest, read_object
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

_REMOTE = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*::)?(?:[a-z][a-z0-9+.-]*://|git@|github\.com/|gitlab\.com/|bitbucket\.org/)", re.I
)
"""Addresses, and what kustomize takes for one."""

_LOCAL = re.compile(r"^(?:\.{0,2}/|\.{1,2}$|file://|[a-z]:\\)", re.IGNORECASE)
"""Paths: what Helm does not take for the name of a chart in a repository."""


@reader("kubernetes:core:List")
def any_list(made: Resource) -> Iterator[Fact]:
    for item in made.at("items").items():
        yield from read_object(item)


@reader("kubernetes:yaml:ConfigFile", "kubernetes:yaml:ConfigGroup")
def config(made: Resource) -> Iterator[Fact]:
    """Files that are local become resources of their own, which are judged as such; so is what is given in place."""
    for place in (made.at("file"), *made.at("files").items()):
        if not place.missing:
            yield OpaqueManifest(opaque=place.text(default="").map(_is_remote))
    if made.at("file").missing and _is_remote(made.name):
        yield OpaqueManifest(opaque=Field(True, "name", source=made.name))
    for text in made.at("yaml").items():
        yield from _documents(text)
    for item in made.at("objs").items():
        yield from read_object(item)


def _documents(text: Node) -> Iterator[Fact]:
    """The objects in a text. Custom tags are no part of them, and a text that is no YAML is nothing."""
    if not isinstance(text.raw, str):
        yield OpaqueManifest(opaque=Field(text.raw if isinstance(text.raw, Unknown) else UNKNOWN, text.path))
        return
    try:
        found = [*yaml.safe_load_all(text.raw)]
    except (yaml.YAMLError, ValueError, RecursionError):
        yield OpaqueManifest(opaque=Field(Unknown("should be YAML and is not"), text.path))
        return
    for position, document in enumerate(found):
        if isinstance(document, dict):
            yield from read_object(Node(document, f"{text.path}#{position}", text.secret))


def _is_remote(text: str) -> bool:
    return bool(_REMOTE.match(text.strip())) and not text.startswith("file://")


@reader("kubernetes:kustomize:Directory")
def kustomization(made: Resource) -> Iterator[OpaqueManifest]:
    place = made.at("directory")
    name = Field(made.name, "name") if place.missing else place.text(default="")
    yield OpaqueManifest(opaque=name.map(_is_remote))


@reader("kubernetes:helm.sh:Release")
def release(made: Resource) -> Iterator[OpaqueManifest]:
    """Helm makes what is in it, behind the engine's back: neither a preview nor this pack sees that."""
    yield OpaqueManifest(opaque=made.is_such().map(lambda _: True))


@reader("kubernetes:helm.sh:Chart")
def chart(made: Resource) -> Iterator[OpaqueManifest]:
    """What a local chart makes is in the program; another's is whatever its repository serves next time."""
    place = made.at("chart")
    if place.missing:
        yield OpaqueManifest(opaque=Field(True, "type", source="a chart whose origin it does not say"))
    else:
        yield OpaqueManifest(opaque=place.text(default="").map(lambda text: not _LOCAL.match(text)))


REFERENCES = (
    "argoproj.io:Application",
    "argoproj.io:ApplicationSet",
    "helm.toolkit.fluxcd.io:HelmRelease",
    "kustomize.toolkit.fluxcd.io:Kustomization",
    "helm.cattle.io:HelmChart",
    "helm.crossplane.io:Release",
    "kubernetes.crossplane.io:Object",
)


@manifest(*REFERENCES)
def reference(made: Manifest) -> Iterator[OpaqueManifest]:
    """A controller makes whatever a repository says, now and later."""
    yield OpaqueManifest(opaque=Field(True, made.root.at("kind").path, source=made.kind))
