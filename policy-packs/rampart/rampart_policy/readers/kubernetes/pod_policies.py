"""Policies on pods of old: PodSecurityPolicy (`policy/v1beta1`, gone since 1.25), and OpenShift's
SecurityContextConstraints. What one lets a pod have is judged as if a pod had it.
"""

from collections.abc import Iterator

from rampart_policy.facts import PodAllowance
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import Field, Node, Unknown

VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "none",
    }
)
"""Volumes of the Restricted profile."""

CAPABILITIES = frozenset({"NET_BIND_SERVICE"})


@manifest("policy:PodSecurityPolicy")
def pod_security_policy(made: Manifest) -> Iterator[PodAllowance]:
    spec = made.at("spec")
    for key in ("privileged", "hostNetwork", "hostPID", "hostIPC"):
        yield PodAllowance(allowed=spec.key(key).flag(default=False))
    yield PodAllowance(allowed=spec.key("allowPrivilegeEscalation").flag(default=made.unset(True, False)))
    yield PodAllowance(allowed=_not(spec.key("readOnlyRootFilesystem").flag(default=made.unset(False, True))))
    yield from _lists(spec, "volumes", "allowedCapabilities", "defaultAddCapabilities")
    for key in ("hostPorts", "allowedUnsafeSysctls", "allowedProcMountTypes"):
        for item in spec.key(key).items():
            harmless = key == "allowedProcMountTypes" and item.raw == "Default"
            yield PodAllowance(allowed=Field(_known(item, not harmless), item.path, source=_shown(item)))
    dropped = [item.raw for item in spec.key("requiredDropCapabilities").items()]
    unknown = next((raw for raw in dropped if isinstance(raw, Unknown)), None)
    everything = any(isinstance(raw, str) and raw.upper() == "ALL" for raw in dropped)
    if not (made.partial and not dropped):
        allowed = unknown if unknown is not None and not everything else not everything
        yield PodAllowance(
            allowed=Field(allowed, spec.key("requiredDropCapabilities").path, source="capabilities that pods keep")
        )
    yield _rule(spec.at("runAsUser.rule"), ("MustRunAsNonRoot", "MustRunAs"), made)
    for place in (spec.key("runAsUser"), spec.key("runAsGroup"), spec.key("supplementalGroups"), spec.key("fsGroup")):
        yield from _ranges(place.key("ranges"))


@manifest("security.openshift.io:SecurityContextConstraints")
def security_context_constraints(made: Manifest) -> Iterator[PodAllowance]:
    """Fields stand at the top; its switches are on unless they are off."""
    for key in (
        "allowPrivilegedContainer",
        "allowHostNetwork",
        "allowHostPID",
        "allowHostIPC",
        "allowHostPorts",
        "allowHostDirVolumePlugin",
    ):
        yield PodAllowance(allowed=made.at(key).flag(default=False))
    yield PodAllowance(allowed=made.at("allowPrivilegeEscalation").flag(default=made.unset(True, False)))
    yield from _lists(made.root, "volumes", "allowedCapabilities", "defaultAddCapabilities")
    yield _rule(made.at("runAsUser.type"), ("MustRunAsNonRoot", "MustRunAsRange", "MustRunAs"), made)


def _lists(spec: Node, volumes: str, *capabilities: str) -> Iterator[PodAllowance]:
    for item in spec.key(volumes).items():
        yield PodAllowance(allowed=_outside(item, VOLUMES))
    for key in capabilities:
        for item in spec.key(key).items():
            yield PodAllowance(allowed=_outside(item, CAPABILITIES))


def _outside(item: Node, allowed: frozenset[str]) -> Field[bool]:
    return item.text(default="").map(lambda text: text not in allowed)


def _rule(place: Node, closed: tuple[str, ...], made: Manifest) -> PodAllowance:
    return PodAllowance(
        allowed=place.text(default=made.unset("RunAsAny", closed[0])).map(lambda text: text not in closed)
    )


def _ranges(ranges: Node) -> Iterator[PodAllowance]:
    """A range of numbers that has root's in it."""
    for item in ranges.items():
        yield PodAllowance(allowed=item.key("min").number(default=1).map(lambda lowest: lowest < 1))


def _known(item: Node, answer: bool) -> bool | Unknown:
    return item.raw if isinstance(item.raw, Unknown) else answer


def _not(field: Field[bool]) -> Field[bool]:
    return field.map(lambda value: not value)


def _shown(item: Node) -> object:
    return item.raw if isinstance(item.raw, str | dict) else None
