"""Containers: what one may do, and what confines it."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AddedCapability,
    CapabilityDrop,
    ContainerConfinement,
    ContainerPrivileges,
    ContainerUser,
    RootFilesystem,
)
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import Verdict

ADDABLE = frozenset({"NET_BIND_SERVICE"})
"""Capabilities that the Restricted profile lets a container add."""

CONFINING = frozenset({"RuntimeDefault", "Localhost"})
"""Profiles of seccomp and AppArmor that confine."""

SELINUX = frozenset({"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"})
"""SELinux types of the Baseline profile."""

ADMINISTRATORS = frozenset({"containeradministrator", "nt authority\\system", "administrator"})
"""Windows users that are what root is on Linux."""


@control(
    id="no-privileged-container",
    title="No container is privileged",
    why="A privileged container is the node: its devices, its kernel and every other container on it.",
    remediation="Remove privileged and windowsOptions.hostProcess; add the one capability that is needed, if any.",
    severity=Severity.CRITICAL,
    judges=ContainerPrivileges,
)
def privileged(container: ContainerPrivileges, settings: Settings) -> Verdict:
    return container.privileged.must_be(False) & container.windows_host.must_be(False)


@control(
    id="container-gains-no-privileges",
    title="No process gains privileges that its parent does not have",
    why="One setuid program in the image makes root of whoever gets in.",
    remediation="Set allowPrivilegeEscalation to false in every container's securityContext.",
    severity=Severity.HIGH,
    judges=ContainerPrivileges,
)
def escalation(container: ContainerPrivileges, settings: Settings) -> Verdict:
    return container.escalation.must_be(False)


@control(
    id="proc-is-masked",
    title="Containers see the masked /proc",
    why="Unmasked, /proc shows and changes the kernel of the node.",
    remediation="Remove procMount, or set it to Default.",
    severity=Severity.HIGH,
    judges=ContainerPrivileges,
)
def proc_mount(container: ContainerPrivileges, settings: Settings) -> Verdict:
    return container.proc_mount.must_be("Default")


@control(
    id="container-runs-as-non-root",
    title="Containers run as a user that is not root",
    why="Root in a container is root on the node as soon as anything between them fails.",
    remediation="Set runAsNonRoot to true on the pod or on every container, and a runAsUser other than 0 where the "
    "image has none.",
    severity=Severity.HIGH,
    judges=ContainerUser,
)
def non_root(container: ContainerUser, settings: Settings) -> Verdict:
    user = container.user.must(lambda user: user not in ("0", "0.0"), "a user other than root")
    named = container.user.must(lambda user: user.lower() not in ADMINISTRATORS, "a user who is no administrator")
    return container.non_root.must_be(True) & user & named


@control(
    id="no-root-group",
    title="Containers have not the group of root",
    why="Files that belong to root's group are open to it: in many images the whole application, and on volumes more.",
    remediation="Set runAsGroup, fsGroup and supplementalGroups to other numbers than 0.",
    severity=Severity.LOW,
    judges=ContainerUser,
)
def root_group(container: ContainerUser, settings: Settings) -> Verdict:
    return container.root_group.must_be(False, "a group other than 0")


@control(
    id="container-drops-capabilities",
    title="Containers give up every capability",
    why="By default a container may change owners of files, forge packets and more, and needs none of it.",
    remediation="Set capabilities.drop to [ALL] in every container's securityContext.",
    severity=Severity.HIGH,
    judges=CapabilityDrop,
)
def dropped(container: CapabilityDrop, settings: Settings) -> Verdict:
    return container.everything.must(bool, "[ALL]")


@control(
    id="no-added-capability",
    title="Containers add no capability but the one for low ports",
    why="SYS_ADMIN, NET_ADMIN, SYS_PTRACE and their like each lead out of the container.",
    remediation="Remove it from capabilities.add; only NET_BIND_SERVICE is in the Restricted profile.",
    severity=Severity.HIGH,
    judges=AddedCapability,
)
def added(capability: AddedCapability, settings: Settings) -> Verdict:
    return capability.name.must(lambda name: name in ADDABLE, "NET_BIND_SERVICE, or none")


@control(
    id="container-has-seccomp-profile",
    title="A seccomp profile confines every container's system calls",
    why="Without one a container may call all of the kernel, and most ways out of containers start with a rare call.",
    remediation="Set seccompProfile.type to RuntimeDefault on the pod, and leave it alone on its containers.",
    severity=Severity.HIGH,
    judges=ContainerConfinement,
)
def seccomp(container: ContainerConfinement, settings: Settings) -> Verdict:
    return container.seccomp.must(lambda profile: profile in CONFINING, "RuntimeDefault or Localhost")


@control(
    id="no-unconfined-container",
    title="No container leaves AppArmor or SELinux",
    why="They hold what the container's other limits let through; a container that is unconfined has said so on "
    "purpose.",
    remediation="Remove the AppArmor profile Unconfined (field or annotation), and SELinux options other than a "
    "container's type.",
    severity=Severity.HIGH,
    judges=ContainerConfinement,
)
def unconfined(container: ContainerConfinement, settings: Settings) -> Verdict:
    profile = container.apparmor.must(lambda name: not name or name in CONFINING, "RuntimeDefault or Localhost")
    return profile & container.selinux.must(lambda label: label in SELINUX, "a container's type; no user, no role")


@control(
    id="root-filesystem-is-read-only",
    title="Containers cannot change their own files",
    why="Whoever gets in cannot leave programs behind, or change those that are there.",
    remediation="Set readOnlyRootFilesystem to true, and mount an emptyDir where the program must write.",
    severity=Severity.MEDIUM,
    judges=RootFilesystem,
)
def read_only(root: RootFilesystem, settings: Settings) -> Verdict:
    return root.read_only.must_be(True)
