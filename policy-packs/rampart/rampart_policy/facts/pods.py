"""Facts about pods: what they share with the machine they run on, and with whom else."""

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@fact
class PodSharing(Fact):
    """What a pod shares. network, processes, ipc: the node's. siblings: its containers see each other's processes."""

    network: Field[bool]
    processes: Field[bool]
    ipc: Field[bool]
    siblings: Field[bool]


@fact
class HostPort(Fact):
    """A port of the node that leads to a container; 0 for none."""

    port: Field[float]


@fact
class PodVolume(Fact):
    """A volume of a pod, or one for pods. kind: the API's name of where its content is (`hostPath`, `configMap`)."""

    kind: Field[str]


@fact
class MountPropagation(Fact):
    """Whether what a container mounts shows on the node too."""

    bidirectional: Field[bool]


@fact
class Sysctl(Fact):
    """A kernel parameter that a pod sets. name: as in `sysctl`."""

    name: Field[str]


@fact
class ServiceAccountUse(Fact):
    """A pod's service account. default: it is the namespace's own. mounted: its token is in the pod."""

    default: Field[bool]
    mounted: Field[bool]


@fact
class PodNamespace(Fact):
    """The namespace that a pod's object names; empty where it leaves that to the provider."""

    name: Field[str]


@fact
class TokenMount(StackFact):
    """Whether a pod gets a token for the cluster's API: its own word counts, then its service account's."""

    mounted: Field[bool]
