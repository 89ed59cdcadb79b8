"""Pods, wherever they hide: what each shares with its node.

Pod Security Standards, Baseline and Restricted; `core/v1` PodSpec.
"""

from collections.abc import Iterator
from typing import Any

from rampart_policy.facts import (
    Fact,
    HostPort,
    MountPropagation,
    PodNamespace,
    PodSharing,
    PodVolume,
    ServiceAccountUse,
    Sysctl,
)
from rampart_policy.readers.kubernetes import clear_text, containers
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.readers.kubernetes.pod_shapes import Pod, found_in
from rampart_policy.values import Field, Node, Unknown, either

WHERE = {
    "core:Pod": "",
    "core:PodTemplate": "template",
    "core:ReplicationController": "spec.template",
    "apps:Deployment": "spec.template",
    "apps:ReplicaSet": "spec.template",
    "apps:StatefulSet": "spec.template",
    "apps:DaemonSet": "spec.template",
    "batch:Job": "spec.template",
    "batch:CronJob": "spec.jobTemplate.spec.template",
}
"""Where the built-in kinds have the metadata and the spec of their pods."""

SERVING = frozenset({"core:ReplicationController", "apps:Deployment", "apps:ReplicaSet", "apps:StatefulSet"})
"""Kinds whose pods run until they are stopped, and get traffic."""


def pods(made: Manifest) -> Iterator[Pod]:
    """The pods of an object: at their place in a built-in kind, by their shape in any other."""
    where = WHERE.get(made.kind)
    if where is None:
        yield from found_in(made)
    else:
        template = made.at(where) if where else made.root
        yield Pod(template.key("spec"), template.key("metadata"), made, serves=made.kind in SERVING)


@manifest(*WHERE)
def workload(made: Manifest) -> Iterator[Fact]:
    for pod in pods(made):
        yield from read(pod)


def read(pod: Pod) -> Iterator[Fact]:
    """All that one pod shows."""
    spec = pod.spec
    yield PodSharing(
        network=spec.key("hostNetwork").flag(default=False),
        processes=spec.key("hostPID").flag(default=False),
        ipc=spec.key("hostIPC").flag(default=False),
        siblings=spec.key("shareProcessNamespace").flag(default=False),
    )
    yield PodNamespace(name=pod.made.at("metadata.namespace").text(default=""))
    yield from _account(pod)
    for volume in spec.key("volumes").items():
        yield PodVolume(kind=volume_kind(volume))
    for sysctl in spec.at("securityContext.sysctls").items():
        yield Sysctl(name=sysctl.key("name").text(default=""))
    for container in pod.containers():
        yield from containers.read(container)
        yield from clear_text.of_container(container.node)
        for port in container.node.key("ports").items():
            yield HostPort(port=port.key("hostPort").number(default=0))
        for mount in container.node.key("volumeMounts").items():
            propagation = mount.key("mountPropagation").text(default="None")
            yield MountPropagation(bidirectional=propagation.map(lambda text: text == "Bidirectional"))


def volume_kind(volume: Node) -> Field[str]:
    """Where a volume's content is: the one field beside its name."""
    if isinstance(volume.raw, Unknown) or not isinstance(volume.raw, dict):
        return Field(Unknown(), volume.path)
    kinds = [key for key, place in volume.entries() if key != "name" and not key.startswith("__") and not place.missing]
    kind = kinds[0] if kinds else "emptyDir"
    return Field(kind, f"{volume.path}.{kind}" if kinds else volume.path, source=_source(volume.key(kind).raw, kind))


def _source(raw: Any, kind: str) -> str:
    path = raw.get("path") if isinstance(raw, dict) else None
    return f"{kind} {path}" if isinstance(path, str) else kind


def _account(pod: Pod) -> Iterator[ServiceAccountUse]:
    """The namespace's own account: asked for by name, or got by asking for none."""
    named = pod.spec.key("serviceAccountName")
    if named.missing and not pod.spec.key("serviceAccount").missing:
        named = pod.spec.key("serviceAccount")  # the field's old name
    name = named.text(default=pod.made.unset("default", "another"))
    mounted = pod.spec.key("automountServiceAccountToken").flag(default=True)
    asked = Field(not named.missing, named.path)
    yield ServiceAccountUse(default=name.map(lambda text: text in ("", "default")), mounted=either(asked, mounted))
