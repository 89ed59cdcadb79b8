"""Azure Kubernetes Service: clusters and their agent pools."""

from rampart_policy.facts import (
    ClusterAuthorization,
    DefaultOutboundAccess,
    MetadataService,
    NetworkPolicies,
    PodIdentities,
    StorageEncryption,
)
from rampart_policy.readers.azure.endpoints import CLOSED
from rampart_policy.readers.table import (
    admits,
    automatic_address,
    both,
    customer_key,
    debug_access,
    declared_password,
    each,
    filled,
    gives,
    guard_rail,
    local_credentials,
    off,
    on,
    one_of,
    patched,
    public_endpoint,
    says,
    secret_in_clear,
    service,
    set_,
    threat_detection,
    unless,
    verified_boot,
)
from rampart_policy.registry import no_surface

authorization = gives(ClusterAuthorization, "role_based")
encrypted = gives(StorageEncryption, "enabled")
guarded_metadata = gives(MetadataService, "guarded")
network_policies = gives(NetworkPolicies, "enforced")
outbound = gives(DefaultOutboundAccess, "enabled")
pod_identities = gives(PodIdentities, "enabled")

no_surface(
    {
        "azure-native:containerservice:MaintenanceConfiguration": "when a cluster is upgraded",
        "azure-native:containerservice:Snapshot": "which versions a pool of nodes has",
        "azure-native:containerservice:AutoUpgradeProfile": "in which order clusters are upgraded",
        "azure-native:containerservice:FleetMember": "lists a cluster in a fleet",
        "azure-native:containerservice:TrustedAccessRoleBinding": "lets a named Azure service at a cluster, in a role "
        "of Azure's",
    }
)

SECURITY = "securityProfile"
SANDBOXED = says("workloadRuntime", "KataVmIsolation")

POOL = (
    automatic_address(one_of(on("enableNodePublicIP"), filled("nodePublicIPPrefixID"))),
    set_("enableEncryptionAtHost", encrypted(on("enableEncryptionAtHost"))),
    *(
        # AKS has no trusted launch for pools with pod sandboxing (AKS documentation, trusted launch, limitations).
        set_(f"{SECURITY}.{guard}", verified_boot(one_of(on(f"{SECURITY}.{guard}"), SANDBOXED)))
        for guard in ("enableSecureBoot", "enableVTPM")
    ),
)
"""What is said of nodes, in a cluster or beside it."""

service(
    "azure-native:containerservice:ManagedCluster",
    public_endpoint(off("apiServerAccessProfile.enablePrivateCluster")),
    public_endpoint(on("apiServerAccessProfile.enablePrivateClusterPublicFQDN")),
    set_("publicNetworkAccess", public_endpoint(unless("publicNetworkAccess", *CLOSED))),
    admits("apiServerAccessProfile.authorizedIPRanges"),
    set_("apiServerAccessProfile.disableRunCommand", debug_access(off("apiServerAccessProfile.disableRunCommand"))),
    local_credentials(off("disableLocalAccounts")),
    authorization(on("enableRBAC", default=True)),
    network_policies(
        one_of(
            says("networkProfile.networkPolicy", "azure", "calico", "cilium"),
            says("networkProfile.networkDataplane", "cilium"),
        )
    ),
    set_("networkProfile.outboundType", outbound(says("networkProfile.outboundType", "loadBalancer"))),
    pod_identities(both(on("oidcIssuerProfile.enabled"), on(f"{SECURITY}.workloadIdentity.enabled"))),
    customer_key(filled("diskEncryptionSetID")),
    customer_key(both(on(f"{SECURITY}.azureKeyVaultKms.enabled"), filled(f"{SECURITY}.azureKeyVaultKms.keyId"))),
    set_(
        f"{SECURITY}.defender.securityMonitoring.enabled",
        threat_detection(on(f"{SECURITY}.defender.securityMonitoring.enabled")),
    ),
    set_("autoUpgradeProfile.upgradeChannel", patched(unless("autoUpgradeProfile.upgradeChannel", "none"))),
    set_(
        "autoUpgradeProfile.nodeOSUpgradeChannel",
        patched(unless("autoUpgradeProfile.nodeOSUpgradeChannel", "None", "Unmanaged")),
    ),
    set_("addonProfiles.azurepolicy.enabled", guard_rail(on("addonProfiles.azurepolicy.enabled"))),
    guarded_metadata(off("podIdentityProfile.allowNetworkPluginKubenet")),
    set_("servicePrincipalProfile.secret", secret_in_clear(filled("servicePrincipalProfile.secret"))),
    set_("windowsProfile.adminPassword", declared_password(filled("windowsProfile.adminPassword"))),
    *(public_endpoint(on(f"addonProfiles.{addon}.enabled")) for addon in ("httpApplicationRouting", "kubeDashboard")),
    public_endpoint(says("ingressProfile.webAppRouting.nginx.defaultIngressControllerType", "External")),
    each(
        "serviceMeshProfile.istio.components.ingressGateways",
        public_endpoint(both(on("enabled"), says("mode", "External"))),
    ),
    each("agentPoolProfiles", *POOL),
)
service("azure-native:containerservice:AgentPool", *POOL)
service(
    "azure-native:containerservice:Fleet",
    set_("hubProfile", public_endpoint(off("hubProfile.apiServerAccessProfile.enablePrivateCluster"))),
)
