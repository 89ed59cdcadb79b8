"""Cluster: Kubernetes whose API, nodes and pods nothing outside the network reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.logs import Logs
from components.network import Network
from components.registry import Registry
from components.site import Site

VERSIONS = ("1.33", "1.34")
"""The minor versions of Kubernetes that all three clouds offer with standard support. The patch is the cloud's."""

LONGEST_BREAK_GLASS = timedelta(days=7)


class Role(StrEnum):
    """What a pool of nodes is for. Pods of one role never share a node with those of another."""

    SYSTEM = "system"
    WORKLOADS = "workloads"
    EGRESS = "egress"
    SANDBOXES = "sandboxes"


class Size(StrEnum):
    """A class of node: virtual processors and memory."""

    SMALL = "small"  # 2 vCPU, 8 GiB
    MEDIUM = "medium"  # 4 vCPU, 16 GiB
    LARGE = "large"  # 8 vCPU, 32 GiB


@dataclass(frozen=True, kw_only=True)
class PoolArgs:
    """How large a pool is. least, most: nodes in all zones together; it grows and shrinks between them by itself.

    `ValueError` where `least` is below 0 or above `most`.
    """

    size: Size = Size.MEDIUM
    least: int = 3
    most: int = 6

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most or self.most < 1:
            raise ValueError(f"a pool of {self.least} to {self.most} nodes: wants 0 or more, and no less at most")


POOLS: Mapping[Role, PoolArgs] = {
    Role.SYSTEM: PoolArgs(size=Size.SMALL, least=3, most=6),
    Role.WORKLOADS: PoolArgs(),
    Role.EGRESS: PoolArgs(size=Size.SMALL, least=1, most=3),
    Role.SANDBOXES: PoolArgs(),
}


@dataclass(frozen=True, kw_only=True)
class Window:
    """When the cloud may upgrade what is its own: a day of the week (`monday` ...), an hour in UTC, and for how long.

    `ValueError` outside; four hours is the shortest that all three clouds take.
    """

    day: str = "sunday"
    hour: int = 2
    hours: int = 4

    def __post_init__(self) -> None:
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        if self.day not in days:
            raise ValueError(f"the upgrade window's day is {self.day!r}; wants one of {', '.join(days)}")
        if not 0 <= self.hour <= 23:
            raise ValueError(f"the upgrade window's hour is {self.hour}; wants 0 to 23, UTC")
        if not 4 <= self.hours <= 12:
            raise ValueError(f"the upgrade window is {self.hours} hours long; wants 4 to 12")


@dataclass(frozen=True, kw_only=True)
class BreakGlass:
    """Full access for one principal in an emergency. It expires, and every call is in the audit log.

    principal: as in `ClusterArgs.operators`. expires: with a time zone, seven days ahead at most. reason: for the log.
    """

    principal: str
    expires: datetime
    reason: str

    def __post_init__(self) -> None:
        if self.expires.tzinfo is None:
            raise ValueError(f"break glass expires at {self.expires}: wants a time zone, like 2030-01-31T18:00:00Z")

    def problem(self, now: datetime | None = None) -> str | None:
        """Why it cannot stand at this moment, or None."""
        now = now or datetime.now(UTC)
        if self.expires <= now:
            return f"expired at {self.expires:%Y-%m-%d %H:%M} UTC; take it out of the settings, and run up"
        if self.expires > now + LONGEST_BREAK_GLASS:
            return f"expires at {self.expires:%Y-%m-%d %H:%M}, more than {LONGEST_BREAK_GLASS.days} days ahead"
        return None


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """What a cluster needs; the fields mean the same on every cloud.

    network, dns, logs, registry: where it stands, what it resolves, where its audit log goes, where images come from.
    secrets_key: encrypts Kubernetes secrets; volumes_key: node disks and persistent volumes; both `None` on the managed
        plan. Neither can be changed to another key later.
    version: one of `VERSIONS`; it is raised by one minor at a time. `ValueError` for another.
    window: when the cloud upgrades patches and node images.
    pools: how large each is; a role that is left out is as in `POOLS`.
    operators: who administers it, besides the identity that made it possible: IAM role ARNs, Google Cloud IAM members
        (`group:...`, `serviceAccount:...`), object ids of Entra groups.
    reach: private ranges outside the network, of peers, from which the API may be called, by those who may log in.
    break_glass: off unless given. `ValueError` where it has expired or would stay for too long.
    """

    site: Site
    network: Network
    dns: Dns
    logs: Logs
    registry: Registry
    secrets_key: Key | None
    volumes_key: Key | None
    version: str = VERSIONS[-1]
    window: Window = field(default_factory=Window)
    pools: Mapping[Role, PoolArgs] = field(default_factory=dict)
    operators: tuple[str, ...] = ()
    reach: tuple[IPv4Network, ...] = ()
    break_glass: BreakGlass | None = None

    def __post_init__(self) -> None:
        if self.version not in VERSIONS:
            raise ValueError(f"Kubernetes {self.version} is not supported; there are {', '.join(VERSIONS)}")
        if self.break_glass and (problem := self.break_glass.problem()):
            raise ValueError(f"break glass for {self.break_glass.principal}: {problem}")

    def pool(self, role: Role) -> PoolArgs:
        return self.pools.get(role, POOLS[role])


class Pool(Capability, token="rampart:cluster:Pool"):
    """Nodes of one role: hardened, without public addresses, disks under the volumes' key, and an identity that may do
    nothing but what a node must. Labelled `rampart.dev/pool: <role>`; tainted likewise (`NoSchedule`), but for
    workloads.
    """

    id: pulumi.Output[str]
    """The node group's ARN, the node pool's id, the agent pool's id."""


class Cluster(Capability, token="rampart:cluster:Cluster"):
    """Kubernetes with a private API only, in the workload subnets, over the location's zones.

    No local accounts, client certificates or legacy authorization: operators log in with their cloud identity. Secrets
    are encrypted under their key before they are stored; the network-policy dataplane, workload identity and the
    control plane's audit log (to `logs`) are on; add-ons are the cloud's own where it has them.

    - AWS: EKS. Nodes run Bottlerocket. There is no `window`: EKS patches its control plane when it sees fit, and nodes
      are renewed when an `up` changes them; add-ons take EKS's default versions then. Pools do not grow by themselves:
      the cluster autoscaler does it, from inside (`autoscaler`). Whoever made the cluster is let in only as one of the
      operators. Break glass does not expire in the cloud: an access entry stays until an `up` takes it out, and the
      program refuses to run with one that has expired. No runtime class isolates sandboxes: their own nodes do. The
      range of services is none of the region's, which EKS refuses.
    - Google Cloud: GKE, regional, on the REGULAR channel, which raises patches in the `window`; a minor version waits
      for the settings, until it is out of support. GKE's own components run in the system pool, which has the taint
      that they tolerate (`components.gke.io/gke-managed-components`). Operators and break glass hold a project's role
      under a condition that names the cluster, because clusters take no bindings of their own; break glass expires in
      the cloud. Nodes write logs and metrics to the whole project, which has no narrower place for them. No image
      policy of Binary Authorization: a project has one, and it is not a data plane's to set. What containers print is
      not collected: the log buckets that it would go to are not under our keys. Pulumi alone refuses deletion.
    - Azure: AKS, its API server in the control subnet. Nodes run Azure Linux. The system pool has the taint that AKS's
      add-ons tolerate, `CriticalAddonsOnly`, and the sandboxes' nodes boot without secure boot: AKS has none for pools
      with pod sandboxing. Pods can ask a node for the node's own token until a network policy forbids it; that identity
      may pull images, and nothing else. Role assignments do not expire: break glass is taken away by the `up` after its
      time, and the program refuses to run with one that has expired. There is no switch against deletion, and a lock
      would also keep roles and pools from being taken away: Pulumi alone refuses it.

    **Key rotation**: AWS, *follows by itself*: the same key ARN everywhere; volumes and secrets keep the material that
    they were written with, which stays readable. EKS ignores a change to another key. Google Cloud, *needs an action*:
    secrets are written again when GKE is given the same key again, node disks come anew with their pool, and a volume
    moves by `gcloud compute disks update-kms-key`; until then keep every old version enabled. Azure: disks *follow by
    themselves*, within the hour; secrets *need an action*: refresh the stack and run up, which gives the cluster the
    new version of its key, then write every secret again, and keep the version before enabled until the next rotation.
    """

    id: pulumi.Output[str]
    """Cluster ARN, cluster id, managed cluster id."""

    name: pulumi.Output[str]
    """What the cloud calls it; known once pods can be scheduled."""

    endpoint: pulumi.Output[str]
    """The API's private address, `https://...`."""

    certificate: pulumi.Output[str]
    """The API's certificate authority, base64 of PEM; empty where clients ask the cloud for it (Azure)."""

    issuer: pulumi.Output[str]
    """Who signs service account tokens: the OIDC issuer's URL."""

    trust: pulumi.Output[str]
    """What workload identities trust: IAM OIDC provider ARN, workload identity pool, OIDC issuer URL."""

    storage_class: pulumi.Output[dict[str, str]]
    """`provisioner` and parameters of the storage class for persistent volumes under the volumes' key."""

    autoscaler: pulumi.Output[str]
    """Role ARN that the cluster autoscaler (`kube-system/cluster-autoscaler`), which the in-cluster program runs, takes
    on; empty where the cloud scales pools by itself."""

    runtime_class: pulumi.Output[str]
    """The runtime class that isolates sandboxes (`gvisor`, `kata-vm-isolation`); empty where the cloud has none."""
