"""Containers: their privileges, their confinement, their bounds, and their image.

Pod Security Standards, Restricted; `core/v1` Container, SecurityContext.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AddedCapability,
    CapabilityDrop,
    ContainerConfinement,
    ContainerImage,
    ContainerPrivileges,
    ContainerProbes,
    ContainerResources,
    ContainerUser,
    Fact,
    Image,
    RootFilesystem,
)
from rampart_policy.readers.kubernetes.pod_shapes import Container
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, either

APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
"""The annotation by which AppArmor profiles were given before they had a field; the container's name follows."""


def read(container: Container) -> Iterator[Fact]:
    made = container.pod.made
    yield ContainerPrivileges(
        privileged=container.security("privileged").flag(default=False),
        escalation=_linux(
            container, container.security("allowPrivilegeEscalation").flag(default=made.unset(True, False)), False
        ),
        windows_host=container.inherited("windowsOptions.hostProcess").flag(default=False),
        proc_mount=container.security("procMount").text(default="Default"),
    )
    yield from _user(container)
    yield from _capabilities(container)
    yield from _confinement(container)
    read_only = container.security("readOnlyRootFilesystem").flag(default=made.unset(False, True))
    yield RootFilesystem(read_only=_linux(container, read_only, True))
    if not container.ephemeral:
        yield _resources(container)
    if container.main and container.pod.serves:
        yield ContainerProbes(
            liveness=_set(container.node.key("livenessProbe"), made.partial),
            readiness=_set(container.node.key("readinessProbe"), made.partial),
        )
    if not container.node.key("image").missing:
        yield ContainerImage(image=container.node.key("image").text(default="").map(image))


def _linux(container: Container, field: Field[bool], on_windows: bool) -> Field[bool]:
    """The field; for Windows containers, which have no such thing, what would do."""
    return Field(on_windows, field.path) if container.pod.windows else field


def _user(container: Container) -> Iterator[ContainerUser]:
    made = container.pod.made
    windows = container.inherited("windowsOptions.runAsUserName")
    groups = [
        container.inherited("runAsGroup"),
        container.pod.spec.at("securityContext.fsGroup"),
        *container.pod.spec.at("securityContext.supplementalGroups").items(),
    ]
    yield ContainerUser(
        non_root=container.inherited("runAsNonRoot").flag(default=made.unset(False, True)),
        user=(container.inherited("runAsUser") if windows.missing else windows).text(default="of the image"),
        root_group=either(*(group.number(default=-1).map(lambda number: number == 0) for group in groups)),
    )


def _capabilities(container: Container) -> Iterator[CapabilityDrop | AddedCapability]:
    drop = container.security("capabilities.drop")
    if not container.pod.windows and not (drop.missing and container.pod.made.partial):
        dropped = [item.text(default="").map(lambda name: _capability(name) == "ALL") for item in drop.items()]
        given = drop.raw if isinstance(drop.raw, list) and drop.raw else "nothing"
        yield CapabilityDrop(everything=either(Field(False, drop.path, source=given), *dropped))
    for item in container.security("capabilities.add").items():
        yield AddedCapability(name=item.text(default="").map(_capability))


def _capability(name: str) -> str:
    """Runtimes take capabilities in any casing, with or without the prefix."""
    return name.strip().upper().removeprefix("CAP_")


def _confinement(container: Container) -> Iterator[ContainerConfinement]:
    made = container.pod.made
    if container.pod.windows:
        return
    selinux = container.inherited("seLinuxOptions")
    yield ContainerConfinement(
        seccomp=container.inherited("seccompProfile.type").text(default=made.unset("", "RuntimeDefault")),
        apparmor=container.inherited("appArmorProfile.type").text(default=_annotated(container)),
        selinux=_selinux(selinux),
    )


def _annotated(container: Container) -> str:
    """The profile that the pod's annotation gives; it may name the container, or stand for all in a hurry."""
    found = container.pod.metadata.key("annotations").raw
    name = container.node.key("name").raw
    value = found.get(f"{APPARMOR}{name}") if isinstance(found, dict) else None
    return "Unconfined" if isinstance(value, str) and value.lower() == "unconfined" else ""


def _selinux(options: Node) -> Field[str]:
    """`user` or `role` where it sets one of those, else the type."""
    for key in ("user", "role"):
        place = options.key(key).text(default="")
        if not place.known or place.value:
            return place.map(lambda _, key=key: key)  # type: ignore[misc]  # the key of this turn
    return options.key("type").text(default="")


def _resources(container: Container) -> ContainerResources:
    """A request that is not set is the limit; a container without its own is within its pod's."""

    def has(kind: str, of: str) -> Field[bool]:
        places = [container.node.at(f"resources.{kind}.{of}"), container.pod.spec.at(f"resources.{kind}.{of}")]
        if kind == "requests":
            places += [container.node.at(f"resources.limits.{of}"), container.pod.spec.at(f"resources.limits.{of}")]
        fields = [_set(place, container.pod.made.partial) for place in places]
        return either(*fields)

    return ContainerResources(
        cpu_request=has("requests", "cpu"),
        cpu_limit=has("limits", "cpu"),
        memory_request=has("requests", "memory"),
        memory_limit=has("limits", "memory"),
    )


def _set(place: Node, partial: bool) -> Field[bool]:
    """Whether something is set that is not nothing: a quantity of zero is no bound."""
    raw = place.raw
    if isinstance(raw, Unknown):
        return Field(UNKNOWN, place.path)
    if raw is None:
        return Field(partial, place.path, default=True)
    if isinstance(raw, dict):
        return Field(bool(raw), place.path)
    text = str(raw).strip()
    return Field(bool(text.rstrip("mkMGTPEi").strip("0.")), place.path, place.secret, source=raw)


def image(text: str) -> Image:
    """A reference in its parts (https://github.com/distribution/reference: what names no registry is Docker Hub's)."""
    rest, _, digest = text.strip().partition("@")
    head, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    place = f"{head}{slash}{last}"
    first = place.partition("/")[0]
    if not slash:
        place = f"docker.io/library/{place}"
    elif "." not in first and ":" not in first and first != "localhost":
        place = f"docker.io/{place}"
    for alias in ("index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"):
        if place.startswith(alias):
            place = f"docker.io/{place.removeprefix(alias)}"
    return Image(text, place.lower(), tag, digest)
