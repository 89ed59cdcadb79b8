"""Facts about machines and clusters: what guards them, and which side doors they have."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class DebugAccess(Fact):
    """A side door for people with a problem: a serial console, a remote debugger, an unauthenticated port."""

    enabled: Field[bool]


@fact
class PacketForwarding(Fact):
    """Whether a machine may send and receive in the name of addresses that are not its own."""

    enabled: Field[bool]


@fact
class BootIntegrity(Fact):
    """Whether a machine starts only what is signed, and can prove it."""

    enabled: Field[bool]


@fact
class MetadataService(Fact):
    """Whether what runs on a machine is kept from the credentials that its metadata service gives out."""

    guarded: Field[bool]


@fact
class AutomaticPatching(Fact):
    """Whether security fixes come by themselves."""

    enabled: Field[bool]


@fact
class ClusterAuthorization(Fact):
    """Whether a cluster decides by roles (RBAC) alone."""

    role_based: Field[bool]


@fact
class NetworkPolicies(Fact):
    """Whether a cluster enforces the network policies that are declared in it."""

    enforced: Field[bool]


@fact
class PodIdentities(Fact):
    """Whether a cluster gives each workload an identity of its own, instead of its machine's."""

    enabled: Field[bool]


@fact
class ImageTags(Fact):
    """A registry of images. mutable: a tag may come to mean another image."""

    mutable: Field[bool]
