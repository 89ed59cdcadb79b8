"""Hosts: machines and clusters have their guards, and no side doors."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AutomaticPatching,
    BootIntegrity,
    ClusterAuthorization,
    DebugAccess,
    ImageTags,
    MetadataService,
    NetworkPolicies,
    PacketForwarding,
    PodIdentities,
)
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import Verdict


@control(
    id="no-debug-access",
    title="Nothing keeps a side door for debugging",
    why="Serial consoles, remote debuggers and unauthenticated ports pass by the network's rules and the cloud's "
    "identities.",
    remediation="Turn it off; open it for the hour in which it is needed.",
    severity=Severity.HIGH,
    judges=DebugAccess,
)
def debug_access(access: DebugAccess, settings: Settings) -> Verdict:
    return access.enabled.must_be(False, "turned off")


@control(
    id="no-packet-forwarding",
    title="Machines send and receive for themselves only",
    why="A machine that may forward is a router that nobody planned: around the firewall, or in between two parties.",
    remediation="Turn IP forwarding off, and the source and destination check on; use the cloud's own routers.",
    severity=Severity.MEDIUM,
    judges=PacketForwarding,
)
def packet_forwarding(forwarding: PacketForwarding, settings: Settings) -> Verdict:
    return forwarding.enabled.must_be(False, "no forwarding")


@control(
    id="machine-boots-verified",
    title="Machines start what is signed, and can prove it",
    why="What changes the boot chain is below everything that could notice it, and stays.",
    remediation="Leave secure boot, the virtual TPM and integrity monitoring on: shieldedInstanceConfig, "
    "securityProfile.uefiSettings with securityType TrustedLaunch.",
    severity=Severity.MEDIUM,
    judges=BootIntegrity,
)
def boot_integrity(boot: BootIntegrity, settings: Settings) -> Verdict:
    return boot.enabled.must_be(True, "verified boot")


@control(
    id="metadata-service-is-guarded",
    title="A machine's credentials are kept from what runs on it",
    why="One forged request from an application, or one curious pod, and the machine's own credentials are taken.",
    remediation="Require session tokens (httpTokens required), and hide the machine from pods: "
    "workloadMetadataConfig.mode GKE_METADATA.",
    severity=Severity.HIGH,
    judges=MetadataService,
)
def metadata_service(service: MetadataService, settings: Settings) -> Verdict:
    return service.guarded.must_be(True, "a metadata service that asks for a token, or hides the machine")


@control(
    id="patches-are-automatic",
    title="Security fixes come by themselves",
    why="A fix that waits for somebody to have time is one that everybody else has read about.",
    remediation="Leave automatic upgrades and repairs on, or subscribe to a release channel.",
    severity=Severity.MEDIUM,
    judges=AutomaticPatching,
)
def automatic_patching(patching: AutomaticPatching, settings: Settings) -> Verdict:
    return patching.enabled.must_be(True, "automatic upgrades")


@control(
    id="cluster-uses-role-based-access",
    title="Clusters decide by roles alone",
    why="Without RBAC, or with its forerunner beside it, every service account may do nearly everything.",
    remediation="Turn RBAC on (enableRBAC), and legacy authorization off (enableLegacyAbac false).",
    severity=Severity.CRITICAL,
    judges=ClusterAuthorization,
)
def cluster_authorization(authorization: ClusterAuthorization, settings: Settings) -> Verdict:
    return authorization.role_based.must_be(True, "role-based access control alone")


@control(
    id="cluster-enforces-network-policies",
    title="Clusters enforce network policies",
    why="Where nothing enforces them, network policies are accepted, listed, and without any effect.",
    remediation="Choose a data plane that enforces them: datapathProvider ADVANCED_DATAPATH or networkPolicy.enabled; "
    "networkProfile.networkPolicy cilium, azure or calico.",
    severity=Severity.HIGH,
    judges=NetworkPolicies,
)
def network_policies(policies: NetworkPolicies, settings: Settings) -> Verdict:
    return policies.enforced.must_be(True, "a data plane that enforces network policies")


@control(
    id="cluster-gives-workloads-identities",
    title="Clusters give each workload an identity of its own",
    why="Without one, pods act as the machine they run on, or carry keys.",
    remediation="Turn workload identity on: workloadIdentityConfig.workloadPool; oidcIssuerProfile.enabled and "
    "securityProfile.workloadIdentity.enabled.",
    severity=Severity.HIGH,
    judges=PodIdentities,
)
def pod_identities(identities: PodIdentities, settings: Settings) -> Verdict:
    return identities.enabled.must_be(True, "workload identity")


@control(
    id="image-tags-are-immutable",
    title="A tag of an image means the same image for ever",
    why="What was scanned and approved under a tag is not what runs, once somebody may move the tag.",
    remediation="Set imageTagMutability to IMMUTABLE, or dockerConfig.immutableTags to true.",
    severity=Severity.MEDIUM,
    judges=ImageTags,
)
def immutable_tags(tags: ImageTags, settings: Settings) -> Verdict:
    return tags.mutable.must_be(False, "immutable tags")
