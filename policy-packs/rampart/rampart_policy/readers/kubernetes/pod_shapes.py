"""Pods in custom resources, found by their shape: whatever holds a list of containers is a pod's spec.

Argo Rollouts and Workflows, Knative, Tekton, KEDA, OpenKruise and most operators embed pods this way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rampart_policy.readers.kubernetes.objects import Manifest
from rampart_policy.values import Node, Unknown

LISTS = ("containers", "initContainers", "ephemeralContainers")
"""Where a pod's spec has its containers."""

STEPS = ("steps", "sidecars")
"""Where Tekton tasks and Argo templates have more of them."""

SINGLE = ("container", "script")
"""Where an Argo template has its one container."""

DEEPEST = 12
"""Levels of a custom resource that are looked into."""

INHERITED = (
    "securityContext",
    "hostNetwork",
    "serviceAccountName",
    "automountServiceAccountToken",
    "volumes",
    "podTemplate",
)
"""Fields by which a custom resource speaks of all its pods at once."""

HOLDERS = frozenset({"spec", "template", "podTemplate", "jobTemplate", "jobTargetRef"})
"""Fields that may hold a pod when nobody knows yet what they hold."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container. node: its fields. template: fields it takes where it has none (Tekton's `stepTemplate`).
    main: it is neither an init container nor an ephemeral one.
    """

    node: Node
    pod: "Pod"
    main: bool = True
    ephemeral: bool = False
    template: Node | None = None

    def security(self, path: str) -> Node:
        """A field of its security context, or that of its template."""
        own = self.node.at(f"securityContext.{path}")
        if own.missing and self.template is not None:
            taken = self.template.at(f"securityContext.{path}")
            return own if taken.missing else taken
        return own

    def inherited(self, path: str) -> Node:
        """A field of its security context; where it has none, the pod's."""
        own = self.security(path)
        if not own.missing:
            return own
        pod = self.pod.spec.at(f"securityContext.{path}")
        return own if pod.missing else pod


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod. metadata: its own, or its template's. made: the object it is in. serves: it runs until it is stopped and
    gets traffic. lone: containers that stand alone instead of in the usual lists.
    """

    spec: Node
    metadata: Node
    made: Manifest
    serves: bool = False
    lone: tuple[Node, ...] = ()
    template: Node | None = None

    @property
    def windows(self) -> bool:
        """Its containers are Windows containers, which have none of Linux's confinements."""
        return bool(self.spec.at("os.name").raw == "windows")

    def containers(self) -> Iterator[Container]:
        """All of them: main, init and ephemeral."""
        for key in LISTS:
            for node in self.spec.key(key).items():
                main, ephemeral = key == "containers", key == "ephemeralContainers"
                yield Container(node, self, main=main, ephemeral=ephemeral, template=self.template)
        for node in self.lone:
            yield Container(node, self, template=self.template)


def found_in(made: Manifest) -> Iterator[Pod]:
    """The pods of a custom resource."""
    for part in ("spec", "template"):
        yield from _walk(made.at(part), made.root, made, 0)


def _walk(node: Node, parent: Node, made: Manifest, depth: int) -> Iterator[Pod]:
    if depth > DEEPEST:
        return
    if isinstance(node.raw, list):
        for item in node.items():
            yield from _walk(item, node, made, depth + 1)
        return
    if isinstance(node.raw, Unknown) and node.path.rpartition(".")[2] in HOLDERS:
        yield Pod(node, parent.key("metadata"), made)
    if not isinstance(node.raw, dict):
        return
    if isinstance(node.raw.get("containers"), Unknown) or _are_containers(node.raw.get("containers")):
        yield Pod(node, parent.key("metadata"), made)
        return
    lone = [*_lone(node)]
    if lone:
        whole = made.at("spec")
        spec = node if any(key in node.raw for key in INHERITED[:-1]) or not isinstance(whole.raw, dict) else whole
        if "podTemplate" in spec.raw:
            spec = spec.key("podTemplate")
        yield Pod(spec, made.at("metadata"), made, lone=tuple(lone), template=node.key("stepTemplate"))
        return
    for _, below in node.entries():
        yield from _walk(below, node, made, depth + 1)


def _are_containers(raw: object) -> bool:
    """Containers have names or images; a list of anything else is something else."""
    return isinstance(raw, list) and any(
        isinstance(item, Unknown) or (isinstance(item, dict) and ("image" in item or "name" in item)) for item in raw
    )


def _lone(node: Node) -> Iterator[Node]:
    for key in SINGLE:
        if isinstance(node.raw.get(key), dict) and "image" in node.raw[key]:
            yield node.key(key)
    for key in STEPS:
        for item in node.key(key).items():
            if isinstance(item.raw, dict) and "image" in item.raw:
                yield item
