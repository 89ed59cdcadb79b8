"""Google Kubernetes Engine: clusters and their node pools."""

from collections.abc import Iterator

from rampart_policy.facts import (
    ClusterAuthorization,
    Direction,
    MetadataService,
    NetworkPolicies,
    NetworkRule,
    Peer,
    PodIdentities,
)
from rampart_policy.readers.gcp.identities import identity
from rampart_policy.readers.gcp.machines import metadata
from rampart_policy.readers.table import (
    admits,
    at,
    audited,
    authenticated,
    automatic_address,
    both,
    customer_key,
    debug_access,
    deletion_protected,
    each,
    filled,
    gives,
    guard_rail,
    local_credentials,
    negated,
    off,
    on,
    one_of,
    patched,
    public_endpoint,
    says,
    service,
    set_,
    threat_detection,
    unless,
    verified_boot,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

authorization = gives(ClusterAuthorization, "role_based")
guarded_metadata = gives(MetadataService, "guarded")
network_policies = gives(NetworkPolicies, "enforced")
pod_identities = gives(PodIdentities, "enabled")

no_surface(
    {
        "gcp:gkehub/feature:Feature": "turns a feature of a fleet on; what it lets in is IAM's",
        "gcp:gkehub/featureMembership:FeatureMembership": "settings of a cluster in a fleet",
        "gcp:gkehub/membership:Membership": "lists a cluster in a fleet; who may use it is IAM's",
        "gcp:gkehub/fleet:Fleet": "a list of clusters, which are judged",
        "gcp:gkebackup/restorePlan:RestorePlan": "how a backup is brought back; who may do so is IAM's",
    }
)

AUTOPILOT = on("enableAutopilot")
KUBELET_PORT = "insecureKubeletReadonlyPortEnabled"


def _google_cloud(place: Node) -> Iterator[NetworkRule]:
    """Addresses of Google Cloud are those of whoever rents a machine there."""
    yield NetworkRule(
        direction=Field(Direction.INGRESS),
        allows=place.key("gcpPublicCidrsAccessEnabled").flag(default=False),
        peer=Field(Peer("every machine in Google Cloud", public=True), f"{place.path}.gcpPublicCidrsAccessEnabled"),
    )


NODE = (
    identity("serviceAccount"),
    at("metadata", metadata),
    set_(
        "workloadMetadataConfig.mode",
        guarded_metadata(says("workloadMetadataConfig.mode", "GKE_METADATA", "GKE_METADATA_SERVER", "SECURE")),
    ),
    set_("metadata.disable-legacy-endpoints", guarded_metadata(on("metadata.disable-legacy-endpoints"))),
    *(
        set_(f"shieldedInstanceConfig.{guard}", verified_boot(on(f"shieldedInstanceConfig.{guard}")))
        for guard in ("enableSecureBoot", "enableIntegrityMonitoring")
    ),
    debug_access(on(f"kubeletConfig.{KUBELET_PORT}")),
    customer_key(filled("bootDiskKmsKey")),
)
"""What is said of nodes, wherever it is said. Without a word, nodes of a cluster with workload identity hide their
metadata (GKE documentation, "Protecting cluster metadata")."""

POOL = (
    at("nodeConfig", *NODE),
    set_("networkConfig.enablePrivateNodes", automatic_address(off("networkConfig.enablePrivateNodes"))),
    *(set_(f"management.{name}", patched(on(f"management.{name}"))) for name in ("autoUpgrade", "autoRepair")),
)

service(
    "gcp:container/cluster:Cluster",
    public_endpoint(
        both(
            negated(on("privateClusterConfig.enablePrivateEndpoint")),
            on("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled", default=True),
        )
    ),
    public_endpoint(on("controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic")),
    at("masterAuthorizedNetworksConfig", admits("cidrBlocks", "cidrBlock"), _google_cloud),
    automatic_address(off("privateClusterConfig.enablePrivateNodes")),
    authorization(off("enableLegacyAbac")),
    local_credentials(on("masterAuth.clientCertificateConfig.issueClientCertificate")),
    customer_key(both(unless("databaseEncryption.state", "DECRYPTED"), filled("databaseEncryption.keyName"))),
    network_policies(one_of(says("datapathProvider", "ADVANCED_DATAPATH"), on("networkPolicy.enabled"), AUTOPILOT)),
    pod_identities(one_of(filled("workloadIdentityConfig.workloadPool"), AUTOPILOT)),
    verified_boot(on("enableShieldedNodes", default=True)),
    audited(unless("loggingService", "none", default="logging.googleapis.com/kubernetes")),
    audited(unless("monitoringService", "none")),
    authenticated(unless("anonymousAuthenticationConfig.mode", "ENABLED")),
    set_("loggingConfig", audited(filled("loggingConfig.enableComponents"))),
    set_("binaryAuthorization.evaluationMode", guard_rail(unless("binaryAuthorization.evaluationMode", "DISABLED"))),
    set_("securityPostureConfig.mode", threat_detection(unless("securityPostureConfig.mode", "DISABLED"))),
    patched(both(unless("releaseChannel.channel", "UNSPECIFIED"), off("enableKubernetesAlpha"))),
    deletion_protected(on("deletionProtection", default=True)),
    debug_access(
        one_of(
            on(f"nodePoolDefaults.nodeConfigDefaults.{KUBELET_PORT}"),
            on(f"nodePoolAutoConfig.nodeKubeletConfig.{KUBELET_PORT}"),
        )
    ),
    where(
        negated(one_of(on("removeDefaultNodePool"), AUTOPILOT, filled("nodePools"))),
        at("nodeConfig", *NODE),
    ),
    each("nodePools", *POOL),
    where(
        both(on("clusterAutoscaling.enabled"), negated(AUTOPILOT)),
        at("clusterAutoscaling.autoProvisioningDefaults", NODE[0], customer_key(filled("bootDiskKmsKey"))),
    ),
)
service("gcp:container/nodePool:NodePool", *POOL)
service(
    "gcp:gkebackup/backupPlan:BackupPlan",
    customer_key(filled("backupConfig.encryptionKey.gcpKmsEncryptionKey")),
)
service(
    "gcp:binaryauthorization/policy:Policy",
    guard_rail(
        both(
            unless("defaultAdmissionRule.evaluationMode", "ALWAYS_ALLOW"),
            unless("defaultAdmissionRule.enforcementMode", "DRYRUN_AUDIT_LOG_ONLY"),
        )
    ),
    each(
        "clusterAdmissionRules",
        guard_rail(both(unless("evaluationMode", "ALWAYS_ALLOW"), unless("enforcementMode", "DRYRUN_AUDIT_LOG_ONLY"))),
    ),
)
