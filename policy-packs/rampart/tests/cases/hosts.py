"""Cases of the controls on machines and clusters."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

OWN = "nodes@example.iam.gserviceaccount.com"


def gke(**properties: Any) -> Declared:
    """A hardened cluster, but for `properties`."""
    hardened = {
        "location": "us-east4",
        "removeDefaultNodePool": True,
        "privateClusterConfig": {"enablePrivateNodes": True, "enablePrivateEndpoint": True},
        "masterAuthorizedNetworksConfig": {"cidrBlocks": [{"cidrBlock": "10.0.0.0/8"}]},
        "workloadIdentityConfig": {"workloadPool": "example.svc.id.goog"},
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": "k"},
        "datapathProvider": "ADVANCED_DATAPATH",
    }
    return resource("gcp:container/cluster:Cluster", {**hardened, **properties})


def pool(*, token: str = "gcp:container/nodePool:NodePool", **node: Any) -> Declared:
    return resource(token, {"cluster": "c", "nodeConfig": {"serviceAccount": OWN, **node}})


def aks(*, token: str = "azure-native:containerservice:ManagedCluster", **properties: Any) -> Declared:
    """A hardened cluster, but for `properties`."""
    hardened = {
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "disableLocalAccounts": True,
        "diskEncryptionSetID": "/diskEncryptionSets/d",
        "networkProfile": {"networkPolicy": "cilium", "outboundType": "userDefinedRouting"},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {
            "workloadIdentity": {"enabled": True},
            "azureKeyVaultKms": {"enabled": True, "keyId": "https://vault/keys/k"},
        },
    }
    return resource(token, {**hardened, **properties})


def machine(**properties: Any) -> Declared:
    """A hardened machine, but for `properties`."""
    hardened = {
        "bootDisk": {"initializeParams": {"image": "cos"}, "kmsKeySelfLink": "k"},
        "networkInterfaces": [{"subnetwork": "s"}],
        "serviceAccount": {"email": OWN, "scopes": ["cloud-platform"]},
        "shieldedInstanceConfig": {"enableSecureBoot": True},
        "metadata": {"enable-oslogin": "TRUE", "serial-port-enable": "FALSE"},
    }
    return resource("gcp:compute/instance:Instance", {**hardened, **properties})


def template(**properties: Any) -> Declared:
    return resource("gcp:compute/instanceTemplate:InstanceTemplate", properties)


def metadata(**pairs: Any) -> Declared:
    return machine(metadata={name.replace("_", "-"): value for name, value in pairs.items()})


DEBUG, FORWARD, BOOT, META = (
    "no-debug-access",
    "no-packet-forwarding",
    "machine-boots-verified",
    "metadata-service-is-guarded",
)
PATCH, RBAC = "patches-are-automatic", "cluster-uses-role-based-access"
POLICIES, IDENTITIES = "cluster-enforces-network-policies", "cluster-gives-workloads-identities"
ENDPOINT, ADDRESS, INGRESS = "no-public-endpoint", "no-automatic-public-address", "no-open-ingress"
KEYED, LOCAL, BROAD, SECRET = "store-uses-customer-key", "no-local-credentials", "no-broad-role", "no-clear-text-secret"
AGENTS = "azure-native:containerservice/v20240901:AgentPool"
ITEM = "gcp:compute/projectMetadataItem:ProjectMetadataItem"

CASES = [
    violates(DEBUG, metadata(serial_port_enable="1"), at="metadata.serial-port-enable"),
    violates(DEBUG, pool(kubeletConfig={"insecureKubeletReadonlyPortEnabled": "TRUE"}), at="ReadonlyPortEnabled"),
    violates(DEBUG, resource(ITEM, {"key": "serial-port-enable", "value": "true"}), at="value"),
    violates(
        DEBUG,
        aks(apiServerAccessProfile={"enablePrivateCluster": True, "disableRunCommand": False}),
        at="disableRunCommand",
    ),
    passes(DEBUG, machine()),
    passes(DEBUG, pool(kubeletConfig={"insecureKubeletReadonlyPortEnabled": "FALSE"})),
    passes(DEBUG, aks()),
    undecided(DEBUG, metadata(serial_port_enable=UNKNOWN)),
    violates(FORWARD, machine(canIpForward=True), at="canIpForward"),
    violates(FORWARD, template(canIpForward="true"), at="canIpForward"),
    passes(FORWARD, machine()),
    undecided(FORWARD, machine(canIpForward=UNKNOWN)),
    violates(BOOT, machine(shieldedInstanceConfig={"enableSecureBoot": False}), at="enableSecureBoot"),
    violates(BOOT, pool(shieldedInstanceConfig={"enableIntegrityMonitoring": False}), at="enableIntegrityMonitoring"),
    violates(BOOT, gke(enableShieldedNodes=False), at="enableShieldedNodes"),
    violates(BOOT, resource(AGENTS, {"securityProfile": {"enableVTPM": False}}), at="securityProfile.enableVTPM"),
    passes(BOOT, machine()),
    passes(BOOT, gke()),
    passes(BOOT, aks(agentPoolProfiles=[{"securityProfile": {"enableSecureBoot": True}}])),
    violates(
        BOOT,
        resource(AGENTS, {"workloadRuntime": "OCIContainer", "securityProfile": {"enableVTPM": False}}),
        at="enableVTPM",
    ),
    passes(BOOT, resource(AGENTS, {"workloadRuntime": "KataVmIsolation", "securityProfile": {"enableVTPM": False}})),
    undecided(BOOT, machine(shieldedInstanceConfig={"enableVtpm": UNKNOWN})),
    violates(META, pool(workloadMetadataConfig={"mode": "GCE_METADATA"}), at="workloadMetadataConfig.mode"),
    violates(META, pool(metadata={"disable-legacy-endpoints": "false"}), at="disable-legacy-endpoints"),
    violates(
        META,
        gke(removeDefaultNodePool=None, nodeConfig={"workloadMetadataConfig": {"mode": "MODE_UNSPECIFIED"}}),
        at="nodeConfig.workloadMetadataConfig.mode",
    ),
    violates(META, aks(podIdentityProfile={"allowNetworkPluginKubenet": True}), at="allowNetworkPluginKubenet"),
    passes(META, aks()),
    passes(META, pool(workloadMetadataConfig={"mode": "GKE_METADATA"}, metadata={"disable-legacy-endpoints": "true"})),
    passes(META, gke(nodeConfig={"workloadMetadataConfig": {"mode": "GCE_METADATA"}})),
    undecided(META, pool(workloadMetadataConfig={"mode": UNKNOWN})),
    violates(
        PATCH,
        resource("gcp:container/nodePool:NodePool", {"management": {"autoUpgrade": False, "autoRepair": True}}),
        at="management.autoUpgrade",
    ),
    violates(PATCH, gke(releaseChannel={"channel": "UNSPECIFIED"}), at="releaseChannel.channel"),
    violates(PATCH, gke(enableKubernetesAlpha=True), at="enableKubernetesAlpha"),
    violates(PATCH, aks(autoUpgradeProfile={"upgradeChannel": "none"}), at="autoUpgradeProfile.upgradeChannel"),
    violates(PATCH, aks(autoUpgradeProfile={"nodeOSUpgradeChannel": "Unmanaged"}), at="nodeOSUpgradeChannel"),
    passes(PATCH, gke(releaseChannel={"channel": "STABLE"})),
    passes(PATCH, pool()),
    passes(PATCH, aks(autoUpgradeProfile={"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"})),
    undecided(PATCH, gke(releaseChannel={"channel": UNKNOWN})),
    violates(RBAC, gke(enableLegacyAbac=True), at="enableLegacyAbac"),
    violates(RBAC, aks(enableRBAC=False), at="enableRBAC"),
    passes(RBAC, gke(enableLegacyAbac=False)),
    passes(RBAC, aks()),
    undecided(RBAC, aks(enableRBAC=UNKNOWN)),
    violates(POLICIES, gke(datapathProvider=None), at="datapathProvider"),
    violates(POLICIES, aks(networkProfile={"networkPlugin": "azure"}), at="networkProfile.networkPolicy"),
    violates(POLICIES, aks(networkProfile={"networkPolicy": "none"}), at="networkProfile.networkPolicy"),
    passes(POLICIES, gke(datapathProvider=None, networkPolicy={"enabled": True, "provider": "CALICO"})),
    passes(POLICIES, gke(datapathProvider=None, enableAutopilot=True)),
    passes(POLICIES, aks(networkProfile={"networkDataplane": "cilium"})),
    undecided(POLICIES, gke(datapathProvider=UNKNOWN)),
    violates(IDENTITIES, gke(workloadIdentityConfig=None), at="workloadIdentityConfig.workloadPool"),
    violates(IDENTITIES, aks(oidcIssuerProfile={"enabled": False}), at="oidcIssuerProfile.enabled"),
    passes(IDENTITIES, gke()),
    passes(IDENTITIES, aks()),
    undecided(IDENTITIES, gke(workloadIdentityConfig={"workloadPool": UNKNOWN})),
    violates(ENDPOINT, gke(privateClusterConfig={"enablePrivateNodes": True}), at="enablePrivateEndpoint"),
    violates(
        ENDPOINT,
        gke(controlPlaneEndpointsConfig={"dnsEndpointConfig": {"allowExternalTraffic": True}}),
        at="dnsEndpointConfig.allowExternalTraffic",
    ),
    violates(ENDPOINT, aks(apiServerAccessProfile={"authorizedIPRanges": ["10.0.0.0/8"]}), at="enablePrivateCluster"),
    violates(
        ENDPOINT,
        aks(
            token="azure-native_containerservice_v20240901:containerservice:ManagedCluster", apiServerAccessProfile=None
        ),
        at="enablePrivateCluster",
    ),
    violates(ENDPOINT, aks(addonProfiles={"httpApplicationRouting": {"enabled": True}}), at="httpApplicationRouting"),
    passes(ENDPOINT, gke()),
    passes(
        ENDPOINT, gke(privateClusterConfig=None, controlPlaneEndpointsConfig={"ipEndpointsConfig": {"enabled": False}})
    ),
    passes(ENDPOINT, aks()),
    undecided(ENDPOINT, gke(privateClusterConfig={"enablePrivateEndpoint": UNKNOWN})),
    undecided(ENDPOINT, aks(apiServerAccessProfile=UNKNOWN)),
    violates(
        INGRESS,
        gke(masterAuthorizedNetworksConfig={"cidrBlocks": [{"cidrBlock": "0.0.0.0/1"}]}),
        at="masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock",
    ),
    violates(INGRESS, gke(masterAuthorizedNetworksConfig={"gcpPublicCidrsAccessEnabled": True}), at="gcpPublicCidrs"),
    violates(
        INGRESS,
        aks(apiServerAccessProfile={"enablePrivateCluster": True, "authorizedIPRanges": ["0.0.0.0/0"]}),
        at="authorizedIPRanges[0]",
    ),
    passes(INGRESS, gke()),
    violates(
        ADDRESS, machine(networkInterfaces=[{}, {"accessConfigs": [{}]}]), at="networkInterfaces[1].accessConfigs"
    ),
    violates(
        ADDRESS, template(networkInterfaces=[{"ipv6AccessConfigs": [{"networkTier": "PREMIUM"}]}]), at="ipv6Access"
    ),
    violates(ADDRESS, gke(privateClusterConfig={"enablePrivateEndpoint": True}), at="enablePrivateNodes"),
    violates(ADDRESS, resource(AGENTS, {"enableNodePublicIP": True}), at="enableNodePublicIP"),
    violates(ADDRESS, aks(agentPoolProfiles=[{"enableNodePublicIP": "true"}]), at="agentPoolProfiles[0]"),
    passes(ADDRESS, machine()),
    passes(ADDRESS, gke()),
    passes(ADDRESS, resource(AGENTS, {"enableNodePublicIP": False})),
    undecided(ADDRESS, machine(networkInterfaces=[{"accessConfigs": UNKNOWN}])),
    violates(KEYED, gke(databaseEncryption={"state": "DECRYPTED", "keyName": "k"}), at="databaseEncryption.state"),
    violates(KEYED, gke(databaseEncryption=None), at="databaseEncryption.keyName"),
    violates(KEYED, aks(diskEncryptionSetID=None), at="diskEncryptionSetID"),
    violates(KEYED, machine(bootDisk={"initializeParams": {"image": "cos"}}), at="bootDisk.kmsKeySelfLink"),
    violates(KEYED, template(disks=[{"sourceImage": "cos", "boot": True}]), at="disks[0].diskEncryptionKey"),
    violates(KEYED, resource("gcp:compute/disk:Disk", {"size": 10}), at="diskEncryptionKey"),
    passes(KEYED, gke()),
    passes(KEYED, aks()),
    passes(KEYED, machine()),
    passes(KEYED, machine(bootDisk={"source": "disk"})),
    passes(KEYED, template(disks=[{"type": "SCRATCH"}, {"diskEncryptionKey": {"kmsKeySelfLink": "k"}}])),
    passes(KEYED, resource("gcp:compute/disk:Disk", {"size": 10}), plan="managed"),
    undecided(KEYED, resource("gcp:compute/disk:Disk", {"diskEncryptionKey": {"kmsKeySelfLink": UNKNOWN}})),
    violates(LOCAL, metadata(ssh_keys="me:ssh-ed25519 AAAA"), at="metadata.ssh-keys"),
    violates(LOCAL, metadata(enable_oslogin="FALSE"), at="metadata.enable-oslogin"),
    violates(LOCAL, gke(masterAuth={"clientCertificateConfig": {"issueClientCertificate": True}}), at="issueClient"),
    violates(LOCAL, aks(disableLocalAccounts=None), at="disableLocalAccounts"),
    passes(LOCAL, machine()),
    passes(LOCAL, gke(masterAuth={"clientCertificateConfig": {"issueClientCertificate": False}})),
    passes(LOCAL, aks()),
    undecided(LOCAL, machine(metadata=UNKNOWN)),
    violates(BROAD, machine(serviceAccount={"scopes": ["cloud-platform"]}), at="serviceAccount.email"),
    violates(
        BROAD,
        machine(serviceAccount={"email": "1-compute@developer.gserviceaccount.com", "scopes": ["cloud-platform"]}),
        at="serviceAccount.email",
    ),
    violates(BROAD, pool(serviceAccount="default"), at="nodeConfig.serviceAccount"),
    violates(BROAD, pool(serviceAccount=None), at="nodeConfig.serviceAccount"),
    passes(BROAD, machine()),
    passes(BROAD, machine(serviceAccount=None)),
    passes(BROAD, pool(oauthScopes=["https://www.googleapis.com/auth/cloud-platform"])),
    passes(BROAD, gke(nodeConfig={})),
    undecided(BROAD, pool(serviceAccount=UNKNOWN)),
    violates(SECRET, machine(metadataStartupScript="export DB_PASSWORD=hunter22"), at="metadataStartupScript"),
    violates(SECRET, metadata(user_data="#!/bin/sh\ncurl https://u:hunter22@example.com"), at="metadata.user-data"),
    violates(SECRET, metadata(db_password="hunter22"), at="metadata.db-password"),
    violates(
        SECRET, aks(servicePrincipalProfile={"clientId": "i", "secret": "hunter22"}), at="servicePrincipalProfile"
    ),
    passes(SECRET, machine(metadataStartupScript="export DB_PASSWORD=$(gcloud secrets versions access latest)")),
    passes(SECRET, metadata(db_password_secret_name="db")),
    passes(SECRET, aks(servicePrincipalProfile={"clientId": "msi"})),
    undecided(SECRET, machine(metadataStartupScript=UNKNOWN)),
    violates("store-uses-customer-key", pool(), at="nodeConfig.bootDiskKmsKey"),
    passes("store-uses-customer-key", pool(bootDiskKmsKey="projects/p/locations/l/keyRings/r/cryptoKeys/k")),
    passes("store-uses-customer-key", pool(), plan="managed"),
    undecided("store-uses-customer-key", pool(bootDiskKmsKey=UNKNOWN)),
]
