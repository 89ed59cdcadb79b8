"""Pods: what a pod shares with the machine it runs on, and as whom it speaks to the cluster."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    HostPort,
    MountPropagation,
    PodNamespace,
    PodSharing,
    PodVolume,
    ServiceAccountUse,
    Sysctl,
    TokenMount,
)
from rampart_policy.registry import Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict

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
        "hostPath",  # has a control of its own
    }
)
"""Volumes of the Restricted profile; an image is one more that is read only and has no place on the node."""

SYSCTLS = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)
"""Kernel parameters of the Baseline profile: each pod has its own."""

SHARED = frozenset({"default", "kube-public", "kube-node-lease"})
"""Namespaces that every cluster has, and that are for no workload."""


@control(
    id="no-host-namespace",
    title="Pods do not share their node's network, processes or memory",
    why="In the node's namespaces a container sees and reaches what runs beside it, past every network policy.",
    remediation="Remove hostNetwork, hostPID and hostIPC; give the pod a Service where it must be reached.",
    severity=Severity.CRITICAL,
    judges=PodSharing,
)
def host_namespace(pod: PodSharing, settings: Settings) -> Verdict:
    return pod.network.must_be(False) & pod.processes.must_be(False) & pod.ipc.must_be(False)


@control(
    id="no-shared-process-namespace",
    title="A pod's containers do not see each other's processes",
    why="Through /proc one container reads another's files and environment, and can end it.",
    remediation="Remove shareProcessNamespace; for debugging, an ephemeral container names its target.",
    severity=Severity.MEDIUM,
    judges=PodSharing,
)
def shared_processes(pod: PodSharing, settings: Settings) -> Verdict:
    return pod.siblings.must_be(False)


@control(
    id="no-host-port",
    title="Containers take no port of their node",
    why="A port of the node is open to whoever reaches the node, whatever the network policies say.",
    remediation="Remove hostPort, and reach the container through a Service.",
    severity=Severity.HIGH,
    judges=HostPort,
)
def host_port(port: HostPort, settings: Settings) -> Verdict:
    return port.port.must(lambda number: number == 0, "no port of the node")


@control(
    id="no-host-path",
    title="No volume is a place on the node",
    why="Files of the node lead to the container runtime, the kubelet's credentials and every other pod's secrets.",
    remediation="Use emptyDir, a persistentVolumeClaim, a projected volume, or a CSI volume.",
    severity=Severity.CRITICAL,
    judges=PodVolume,
)
def host_path(volume: PodVolume, settings: Settings) -> Verdict:
    return volume.kind.must(lambda kind: kind != "hostPath", "a volume that is not the node's")


@control(
    id="volume-kind-is-restricted",
    title="Volumes are of the kinds that the Restricted profile has",
    why="Other kinds reach storage with credentials in the pod, or past the drivers that limit what a pod sees.",
    remediation="Use configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected or secret; "
    "what is on the network is claimed through a persistentVolumeClaim.",
    severity=Severity.MEDIUM,
    judges=PodVolume,
)
def volume_kind(volume: PodVolume, settings: Settings) -> Verdict:
    return volume.kind.must(lambda kind: kind in VOLUMES, "a kind of the Restricted profile")


@control(
    id="no-bidirectional-mount",
    title="What a container mounts does not show on its node",
    why="A mount that spreads to the node puts files of the container's choosing in the way of the node's own "
    "programs.",
    remediation="Remove mountPropagation, or set it to HostToContainer.",
    severity=Severity.HIGH,
    judges=MountPropagation,
)
def bidirectional_mount(mount: MountPropagation, settings: Settings) -> Verdict:
    return mount.bidirectional.must_be(False, "None or HostToContainer")


@control(
    id="no-unsafe-sysctl",
    title="Pods set no kernel parameter that others share",
    why="What is not the pod's own changes the node for everybody on it.",
    remediation="Remove the sysctl, or set it on the node; the Baseline profile lists those that are a pod's own.",
    severity=Severity.HIGH,
    judges=Sysctl,
)
def unsafe_sysctl(sysctl: Sysctl, settings: Settings) -> Verdict:
    return sysctl.name.must(lambda name: name.replace("/", ".") in SYSCTLS, "a sysctl of the Baseline profile")


@control(
    id="no-default-service-account",
    title="Pods run as a service account of their own",
    why="Whatever one pod of the namespace is granted through its default account, all of them have.",
    remediation="Make a ServiceAccount for the workload and name it in serviceAccountName; or set "
    "automountServiceAccountToken to false and name none.",
    severity=Severity.MEDIUM,
    judges=ServiceAccountUse,
)
def default_account(account: ServiceAccountUse, settings: Settings) -> Verdict:
    return when(account.mounted).then(account.default.must_be(False, "a service account of its own"))


@control(
    id="no-default-namespace",
    title="Workloads have a namespace of their own",
    why="In the default namespace, and in the cluster's own, what one is granted all others are near to.",
    remediation="Make a Namespace for the workload, with its own policies and quotas, and put it there.",
    severity=Severity.LOW,
    judges=PodNamespace,
)
def default_namespace(pod: PodNamespace, settings: Settings) -> Verdict:
    return pod.name.must(lambda name: name not in SHARED, "a namespace of the workload")


@control(
    id="no-mounted-token",
    title="Pods get no token for the cluster's API that they did not ask for",
    why="Whoever gets into a container finds the token, and has the account's rights in the cluster.",
    remediation="Set automountServiceAccountToken to false on the pod or its ServiceAccount; a pod that talks to the "
    "API projects a token of its own, with an audience and an hour's life.",
    severity=Severity.MEDIUM,
    judges=TokenMount,
)
def mounted_token(token: TokenMount, settings: Settings) -> Verdict:
    return token.mounted.must_be(False)
