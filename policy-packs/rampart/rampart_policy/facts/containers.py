"""Facts about containers: what they may do, what confines them, and what they are made from."""

from dataclasses import dataclass

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class ContainerPrivileges(Fact):
    """What a container may do beyond its image. escalation: a child process may gain privileges (setuid).
    windows_host: it runs as a process of the Windows host. proc_mount: `Default`, or `Unmasked`.
    """

    privileged: Field[bool]
    escalation: Field[bool]
    windows_host: Field[bool]
    proc_mount: Field[str]


@fact
class ContainerUser(Fact):
    """As whom a container runs. non_root: the kubelet refuses root. user: a number, or a Windows user's name.
    groups: it has the group 0.
    """

    non_root: Field[bool]
    user: Field[str]
    root_group: Field[bool]


@fact
class CapabilityDrop(Fact):
    """Whether a container gives up every Linux capability."""

    everything: Field[bool]


@fact
class AddedCapability(Fact):
    """A Linux capability that a container asks for. name: in capitals, without `CAP_`."""

    name: Field[str]


@fact
class ContainerConfinement(Fact):
    """What confines a container's system calls. seccomp: type of profile; empty for none. apparmor: likewise, empty for
    the runtime's. selinux: the type it asks for, empty for the runtime's; `user` or `role` where it asks for those.
    """

    seccomp: Field[str]
    apparmor: Field[str]
    selinux: Field[str]


@fact
class RootFilesystem(Fact):
    """Whether a container's own files can be written."""

    read_only: Field[bool]


@fact
class ContainerResources(Fact):
    """Whether a container says what it needs, and has bounds."""

    cpu_request: Field[bool]
    cpu_limit: Field[bool]
    memory_request: Field[bool]
    memory_limit: Field[bool]


@fact
class ContainerProbes(Fact):
    """Whether the kubelet can tell that a container works, and that it is ready."""

    liveness: Field[bool]
    readiness: Field[bool]


@dataclass(frozen=True, slots=True)
class Image:
    """A container image. text: as the program wrote it. place: registry and repository, in full
    (`docker.io/library/nginx`). tag, digest: empty where it has none.
    """

    text: str
    place: str
    tag: str
    digest: str

    def __str__(self) -> str:
        return self.text


@fact
class ContainerImage(Fact):
    """What a container is made from."""

    image: Field[Image]
