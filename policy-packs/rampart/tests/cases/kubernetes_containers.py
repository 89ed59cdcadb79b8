"""Cases of the controls on containers: privileges and confinement, set on the pod, on the container, or on neither."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates
from rampart_policy.testing_pods import CONTAINER, deployment, merged, pod

ONE = "spec.template.spec.containers[0].securityContext"
CALM = "container.apparmor.security.beta.kubernetes.io/app"


def context(**security: Any) -> Declared:
    return deployment({"securityContext": security})


def capabilities(**lists: Any) -> Declared:
    return context(capabilities=lists)


def whole(container: Any = None, **security: Any) -> Declared:
    """Security of the pod as a whole."""
    return deployment(container, securityContext=security)


def init(**security: Any) -> Declared:
    return deployment(initContainers=[merged(CONTAINER, {"name": "first", "securityContext": security})])


def debug(**security: Any) -> Declared:
    return pod(ephemeralContainers=[merged(CONTAINER, {"name": "shell", "securityContext": security})])


WINDOWS = deployment(
    {"securityContext": {"allowPrivilegeEscalation": None, "capabilities": None, "readOnlyRootFilesystem": None}},
    os={"name": "windows"},
    securityContext={"seccompProfile": None, "windowsOptions": {"runAsUserName": "ContainerUser"}},
)
STEP = {**CONTAINER, "name": "step"}
TASK = resource(
    "kubernetes:tekton.dev/v1:Task",
    {"spec": {"stepTemplate": {"securityContext": {"privileged": True}}, "steps": [{"name": "a", "image": "a:1"}]}},
)

CASES = [
    violates("no-privileged-container", context(privileged=True), at=f"{ONE}.privileged is true"),
    violates("no-privileged-container", init(privileged=True), at="initContainers[0].securityContext.privileged"),
    violates("no-privileged-container", debug(privileged=True), at="spec.ephemeralContainers[0].securityContext"),
    violates("no-privileged-container", TASK, at="spec.stepTemplate.securityContext.privileged"),
    violates(
        "no-privileged-container",
        whole(windowsOptions={"hostProcess": True}),
        at="spec.template.spec.securityContext.windowsOptions.hostProcess",
    ),
    violates("no-privileged-container", context(windowsOptions={"hostProcess": True}), at=f"{ONE}.windowsOptions"),
    passes("no-privileged-container", context(privileged=False)),
    undecided("no-privileged-container", context(privileged=UNKNOWN)),
    undecided("no-privileged-container", deployment({"securityContext": UNKNOWN})),
    violates(
        "container-gains-no-privileges", context(allowPrivilegeEscalation=True), at=f"{ONE}.allowPrivilegeEscalation"
    ),
    violates("container-gains-no-privileges", context(allowPrivilegeEscalation=None), at="true (not set: the default)"),
    violates("container-gains-no-privileges", init(allowPrivilegeEscalation=None), at="initContainers[0]"),
    passes("container-gains-no-privileges", context(allowPrivilegeEscalation=False)),
    passes("container-gains-no-privileges", WINDOWS),
    undecided("container-gains-no-privileges", context(allowPrivilegeEscalation=UNKNOWN)),
    violates("proc-is-masked", context(procMount="Unmasked"), at=f"{ONE}.procMount"),
    passes("proc-is-masked", context(procMount="Default")),
    undecided("proc-is-masked", context(procMount=UNKNOWN)),
    violates("container-runs-as-non-root", whole(runAsNonRoot=None), at=f"{ONE}.runAsNonRoot"),
    violates(
        "container-runs-as-non-root", whole(runAsNonRoot=False), at="spec.template.spec.securityContext.runAsNonRoot"
    ),
    violates("container-runs-as-non-root", context(runAsNonRoot=False), at=f"{ONE}.runAsNonRoot"),
    violates("container-runs-as-non-root", whole(runAsUser=0), at="spec.template.spec.securityContext.runAsUser"),
    violates("container-runs-as-non-root", context(runAsUser="0"), at=f"{ONE}.runAsUser"),
    violates("container-runs-as-non-root", init(runAsUser=0), at="initContainers[0].securityContext.runAsUser"),
    violates(
        "container-runs-as-non-root",
        whole(windowsOptions={"runAsUserName": "ContainerAdministrator"}),
        at="windowsOptions.runAsUserName",
    ),
    passes("container-runs-as-non-root", deployment()),
    passes("container-runs-as-non-root", WINDOWS),
    passes(
        "container-runs-as-non-root",
        whole({"securityContext": {"runAsNonRoot": True, "runAsUser": 1000}}, runAsNonRoot=None, runAsUser=None),
    ),
    undecided("container-runs-as-non-root", whole(runAsNonRoot=UNKNOWN)),
    undecided("container-runs-as-non-root", context(runAsUser=UNKNOWN)),
    violates("no-root-group", whole(fsGroup=0), at="securityContext.fsGroup"),
    violates("no-root-group", whole(supplementalGroups=[1000, 0]), at="supplementalGroups[1]"),
    violates("no-root-group", context(runAsGroup=0), at=f"{ONE}.runAsGroup"),
    passes("no-root-group", whole(fsGroup=2000, supplementalGroups=[10])),
    undecided("no-root-group", whole(fsGroup=UNKNOWN)),
    violates("container-drops-capabilities", capabilities(drop=None), at=f"{ONE}.capabilities.drop"),
    violates("container-drops-capabilities", capabilities(drop=["NET_RAW", "SYS_ADMIN"]), at="capabilities.drop"),
    violates("container-drops-capabilities", init(capabilities=None), at="initContainers[0]"),
    passes("container-drops-capabilities", capabilities(drop=["NET_RAW", "all"])),
    passes("container-drops-capabilities", WINDOWS),
    passes(
        "container-drops-capabilities",
        resource(
            "kubernetes:apps/v1:DeploymentPatch",
            {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "registry.example.org/app:2"}]}}}},
        ),
    ),
    undecided("container-drops-capabilities", capabilities(drop=UNKNOWN)),
    undecided("container-drops-capabilities", capabilities(drop=[UNKNOWN])),
    violates("no-added-capability", capabilities(add=["NET_BIND_SERVICE", "cap_sys_admin"]), at="capabilities.add[1]"),
    violates("no-added-capability", capabilities(add=["Sys_Ptrace"]), at="add[0]"),
    violates("no-added-capability", capabilities(add=["ALL"]), at="add[0]"),
    violates("no-added-capability", init(capabilities={"add": ["NET_ADMIN"]}), at="initContainers[0]"),
    passes("no-added-capability", capabilities(add=["CAP_NET_BIND_SERVICE"])),
    undecided("no-added-capability", capabilities(add=[UNKNOWN])),
    violates("container-has-seccomp-profile", whole(seccompProfile=None), at=f"{ONE}.seccompProfile.type"),
    violates("container-has-seccomp-profile", whole(seccompProfile={"type": "Unconfined"}), at="seccompProfile.type"),
    violates(
        "container-has-seccomp-profile", context(seccompProfile={"type": "Unconfined"}), at=f"{ONE}.seccompProfile"
    ),
    passes("container-has-seccomp-profile", whole(seccompProfile={"type": "Localhost", "localhostProfile": "a.json"})),
    passes(
        "container-has-seccomp-profile",
        whole({"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}, seccompProfile=None),
    ),
    passes("container-has-seccomp-profile", WINDOWS),
    undecided("container-has-seccomp-profile", whole(seccompProfile=UNKNOWN)),
    violates("no-unconfined-container", whole(appArmorProfile={"type": "Unconfined"}), at="appArmorProfile.type"),
    violates("no-unconfined-container", pod(annotations={CALM: "unconfined"}), at="appArmorProfile"),
    violates("no-unconfined-container", whole(seLinuxOptions={"type": "spc_t"}), at="seLinuxOptions.type"),
    violates("no-unconfined-container", context(seLinuxOptions={"user": "system_u"}), at="seLinuxOptions.user"),
    passes("no-unconfined-container", pod(annotations={CALM: "runtime/default"})),
    passes("no-unconfined-container", whole(seLinuxOptions={"type": "container_t", "level": "s0:c1,c2"})),
    undecided("no-unconfined-container", whole(appArmorProfile={"type": UNKNOWN})),
    violates("root-filesystem-is-read-only", context(readOnlyRootFilesystem=None), at=f"{ONE}.readOnlyRootFilesystem"),
    violates("root-filesystem-is-read-only", init(readOnlyRootFilesystem=False), at="initContainers[0]"),
    passes("root-filesystem-is-read-only", deployment(volumes=[{"name": "tmp", "emptyDir": {"medium": "Memory"}}])),
    passes("root-filesystem-is-read-only", WINDOWS),
    undecided("root-filesystem-is-read-only", context(readOnlyRootFilesystem=UNKNOWN)),
]
