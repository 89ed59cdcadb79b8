"""The same subscription, with a cluster and what goes with it: a registry, a cache, alarms, identities of workloads."""

import copy
from collections.abc import Callable
from typing import Any

from simulator.azure.arm import ASSIGNMENT
from simulator.azure.dns import ENDPOINT, NAMES, ZONE
from simulator.azure.identity import DEFINITION, FEDERATION, IDENTITY
from simulator.azure.keys import KEY, SECRET, VAULT
from simulator.azure.kubernetes import CLUSTER, DISKS, POOL, WINDOW
from simulator.azure.monitor import EVENTS, METRICS, SETTING, TOLD
from simulator.azure.network import ADDRESS, NAT, SUBNET
from simulator.azure.redis import CACHE, DATABASE, LOGIN
from simulator.azure.registry import MIRROR, REGISTRY
from simulator.values import Props
from tests.simulator.azure_stage import (
    ACCOUNT_ID,
    HOME,
    IDENTITY_ID,
    IN,
    KEY_ID,
    VAULT_ID,
    VNET_ID,
    ZONES,
    Stage,
    leads,
)
from tests.simulator.conftest import Connect

ROLES = f"/subscriptions/{HOME['subscriptionId']}/providers/Microsoft.Authorization/roleDefinitions/"
GROUP_ID = IN.removesuffix("/providers")
ADDRESS_ID, NAT_ID = f"{IN}/Microsoft.Network/publicIPAddresses/ip", f"{IN}/Microsoft.Network/natGateways/nat"
REGISTRY_ID = f"{IN}/Microsoft.ContainerRegistry/registries/images"
DISKS_ID = f"{IN}/Microsoft.Compute/diskEncryptionSets/disks"
KUBELET_ID = f"{IN}/Microsoft.ManagedIdentity/userAssignedIdentities/kubelet"
CLUSTER_ID = f"{IN}/Microsoft.ContainerService/managedClusters/c"
TOLD_ID = f"{IN}/Microsoft.Insights/actionGroups/told"
API_ID, NODES_ID = f"{VNET_ID}/subnets/api", f"{VNET_ID}/subnets/a"
NAMED = "private.eastus2.azmk8s.io"
OWN = "99999999-8888-4777-8666-555555555555"
VERSIONED = "the key, of the version that it has"
READS = "Microsoft.KeyVault/vaults/keys/read"

_USER: Props = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]}
_MAPPED: Props = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: {}}}
POOLED: Props = {
    **{"name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D2s_v5", "vnetSubnetID": NODES_ID},
    **{"osSKU": "AzureLinux", "enableAutoScaling": True, "minCount": 3, "maxCount": 6, "availabilityZones": ["1"]},
}
KMS: Props = {"enabled": True, "keyId": VERSIONED, "keyVaultNetworkAccess": "Private", "keyVaultResourceId": VAULT_ID}
GRANTS = {  # GUID, scope, whose
    "Key Vault Crypto User": ("12338af0-0e69-4776-bea7-57ae8d297424", KEY_ID, "user"),
    "Key Vault Contributor": ("f25e0fa2-a7c8-4377-a976-54943a77a395", VAULT_ID, "user"),
    "Network Contributor": ("4d97b98b-1d4f-4787-a291-c67834d212e7", VNET_ID, "user"),
    "Private DNS Zone Contributor": ("b12aa53e-6015-4669-85d0-8515ebb3ae7f", ZONES + NAMED, "user"),
    "Managed Identity Operator": ("f1a07417-d97a-45cb-824c-7a7467783830", KUBELET_ID, "user"),
    "Reader": ("acdd72a7-3385-48ef-bd42-f606fba81ae7", DISKS_ID, "user"),
    "AcrPull": ("7f951dda-4ed3-4680-a7ca-43fe172d538d", REGISTRY_ID, "kubelet"),
}
"""What the control plane and the nodes must have been given."""

MORE: dict[str, Props] = {
    SECRET: {"vaultName": "keys-1", "secretName": "signing", "properties": {"value": "not set"}},
    DEFINITION: {
        **{"roleDefinitionId": OWN, "roleName": "ours", "roleType": "CustomRole", "scope": GROUP_ID},
        **{"assignableScopes": [GROUP_ID], "permissions": [{"actions": [], "dataActions": [READS]}]},
    },
    FEDERATION: {
        **{"resourceName": "user", "federatedIdentityCredentialResourceName": "kubernetes"},
        **{"issuer": "https://issuer.example/", "subject": "system:serviceaccount:a:b"},
        "audiences": ["api://AzureADTokenExchange"],
    },
    ADDRESS: {
        **{"publicIpAddressName": "ip", "sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"},
        "zones": ["1", "2"],
    },
    NAT: {"natGatewayName": "nat", "sku": {"name": "Standard"}, "publicIpAddresses": [{"id": ADDRESS_ID}]},
    CACHE: {
        **{"clusterName": "cache-1", "sku": {"name": "Balanced_B3"}, "publicNetworkAccess": "Disabled"},
        **{"identity": _USER, "minimumTlsVersion": "1.2"},
        "encryption": {
            "customerManagedKeyEncryption": {
                "keyEncryptionKeyUrl": VERSIONED,
                "keyEncryptionKeyIdentity": {"userAssignedIdentityResourceId": IDENTITY_ID},
            }
        },
    },
    DATABASE: {"clusterName": "cache-1", "databaseName": "default", "port": 10000, "clientProtocol": "Encrypted"},
    LOGIN: {
        **{"clusterName": "cache-1", "databaseName": "default", "accessPolicyAssignmentName": "user"},
        **{"accessPolicyName": "default", "user": {"objectId": "user"}},
    },
    REGISTRY: {
        **{"registryName": "images", "sku": {"name": "Premium"}, "publicNetworkAccess": "Disabled"},
        **{"identity": _MAPPED, "zoneRedundancy": "Enabled"},
        "policies": {
            **{"retentionPolicy": {"status": "enabled", "days": 7}},
            **{"exportPolicy": {"status": "disabled"}, "softDeletePolicy": {"status": "disabled", "retentionDays": 7}},
        },
        "encryption": {"status": "enabled", "keyVaultProperties": {"identity": "user", "keyIdentifier": VERSIONED}},
    },
    MIRROR: {
        **{"registryName": "images", "cacheRuleName": "aks-managed-mcr", "sourceRepository": "mcr.microsoft.com/*"},
        "targetRepository": "aks-managed-repository/*",
    },
    DISKS: {
        **{"diskEncryptionSetName": "disks", "encryptionType": "EncryptionAtRestWithCustomerKey", "identity": _USER},
        **{"activeKey": {"keyUrl": VERSIONED}, "rotationToLatestKeyVersionEnabled": True},
    },
    CLUSTER: {
        **{"resourceName": "c", "kubernetesVersion": "1.34", "fqdnSubdomain": "c", "identity": _USER},
        **{"identityProfile": {"kubeletidentity": {"resourceId": KUBELET_ID}}, "diskEncryptionSetID": DISKS_ID},
        **{"disableLocalAccounts": True, "aadProfile": {"managed": True, "enableAzureRBAC": True}},
        "apiServerAccessProfile": {
            **{"enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": False, "enableVnetIntegration": True},
            **{"subnetId": API_ID, "privateDNSZone": ZONES + NAMED},
        },
        "networkProfile": {
            **{"networkPlugin": "azure", "outboundType": "none", "podCidr": "10.244.0.0/16"},
            **{"serviceCidr": "10.245.0.0/16", "dnsServiceIP": "10.245.0.10"},
        },
        "bootstrapProfile": {"artifactSource": "Cache", "containerRegistryId": REGISTRY_ID},
        "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
        "securityProfile": {"azureKeyVaultKms": KMS},
        "agentPoolProfiles": [POOLED],
    },
    POOL: {
        **{key: value for key, value in POOLED.items() if key not in ("name", "mode")},
        **{"resourceName": "c", "agentPoolName": "more", "mode": "User", "osDiskType": "Managed", "osDiskSizeGB": 128},
        **{"maxPods": 110, "enableEncryptionAtHost": True},
    },
    WINDOW: {
        **{"resourceName": "c", "configName": "aksManagedNodeOSUpgradeSchedule"},
        "maintenanceWindow": {
            **{"durationHours": 4, "startTime": "02:00"},
            "schedule": {"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}},
        },
    },
    TOLD: {"actionGroupName": "told", "groupShortName": "rampart", "enabled": True, "location": "Global"},
    EVENTS: {
        **{"activityLogAlertName": "events", "scopes": [GROUP_ID], "location": "Global"},
        "condition": {"allOf": [{"field": "category", "equals": "Administrative"}]},
        "actions": {"actionGroups": [{"actionGroupId": TOLD_ID}]},
    },
    METRICS: {
        **{"ruleName": "metrics", "scopes": [VAULT_ID], "location": "Global", "enabled": True, "severity": 1},
        **{"evaluationFrequency": "PT1M", "windowSize": "PT5M", "actions": [{"actionGroupId": TOLD_ID}]},
        "criteria": {
            "odataType": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [
                {
                    **{"criterionType": "StaticThresholdCriterion", "name": "n", "metricName": "ServiceApiHit"},
                    **{"operator": "GreaterThan", "threshold": 0, "timeAggregation": "Count"},
                }
            ],
        },
    },
    SETTING: {
        **{"resourceUri": CLUSTER_ID, "name": "audit", "storageAccountId": ACCOUNT_ID},
        "logs": [{"category": "kube-audit", "enabled": True}],
    },
}
_UNGROUPED = (DEFINITION, SETTING)


class ClusterStage(Stage):
    """A subscription with one of everything that `MORE` has before the type `until`, and of all that `GOOD` has."""

    def __init__(self, connect: Connect, until: str = "") -> None:
        super().__init__(connect)
        self.user = self.states[IDENTITY]
        self.roles: dict[str, tuple[str, Props]] = {}
        self.kubelet = self.engine.create(IDENTITY, "x", {"resourceGroupName": "rg", "resourceName": "kubelet"})[1]
        api: Props = {"addressPrefix": "10.0.1.0/28", "networkSecurityGroup": None, "routeTable": None}
        self.make(
            SUBNET, subnetName="api", delegations=[{"serviceName": "Microsoft.ContainerService/managedClusters"}], **api
        )
        self.make(ZONE, privateZoneName=NAMED)
        for token in MORE:
            if token == until:
                return
            self.make(token)
            if token == DISKS:
                self.ready()

    def ready(self) -> None:
        """Give the cluster's identities their roles, and its registry an address."""
        for position, role in enumerate(GRANTS):
            self.grant(role, f"{position}{OWN[1:]}")
        self.make(ZONE, privateZoneName="privatelink.azurecr.io")
        self.make(ENDPOINT, privateEndpointName="images", privateLinkServiceConnections=leads(REGISTRY_ID, "registry"))
        zones = [{"name": "registry", "privateDnsZoneId": f"{ZONES}privatelink.azurecr.io"}]
        self.make(NAMES, privateEndpointName="images", privateDnsZoneConfigs=zones)

    def grant(self, role: str, name: str) -> None:
        """Give one of the roles that the cluster needs, by its title."""
        guid, scope, whose = GRANTS[role]
        principal = (self.user if whose == "user" else self.kubelet)["principalId"]
        wanted = {"scope": scope, "roleDefinitionId": ROLES + guid, "principalId": principal}
        self.roles[role] = self.engine.create(ASSIGNMENT, "x", {**wanted, "roleAssignmentName": name})

    def revoke(self, role: str) -> None:
        """Take it away again."""
        self.engine.delete(ASSIGNMENT, *self.roles.pop(role))

    def inputs(self, token: str, **edits: Any) -> Props:
        """As `Stage.inputs`, for the types of `MORE` too."""
        if token not in MORE:
            return super().inputs(token, **edits)
        made: Props = copy.deepcopy(MORE[token]) | ({} if token in _UNGROUPED else {"resourceGroupName": "rg"})
        for path, value in edits.items():
            *steps, last = path.split("__")
            place = made
            for step in steps:
                place = place.setdefault(step, {})
            place[last] = value
            if value is None:
                del place[last]
        filled: Props = self._filled(made)
        return filled

    def _filled(self, value: Any) -> Any:
        """Put in what only the deployment knows."""
        if isinstance(value, dict):
            filled = {key: self._filled(item) for key, item in value.items()}
            if filled.get("objectId") == "user":
                filled["objectId"] = self.user["principalId"]
            if filled.get("keyIdentifier") and filled.get("identity") == "user":
                filled["identity"] = self.user["clientId"]
            return filled
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        return self.states[KEY]["keyUriWithVersion"] if value == VERSIONED else value


Act = Callable[[ClusterStage], object]
Case = tuple[str, str, Act, Act]  # what exists before which type; the code; what is refused; the near miss
CUSTOMER = "encryption__customerManagedKeyEncryption__keyEncryptionKey"
NOBODY = f"{IN}/Microsoft.ManagedIdentity/userAssignedIdentities/nobody"
UNIDENTIFIED: Props = {"type": "UserAssigned", "userAssignedIdentities": [NOBODY]}
UNVERSIONED = "https://keys-1.vault.azure.net/keys/bucket"
MISSING, FIXED = "InvalidResourceReference", "PropertyChangeNotAllowed"


def made(token: str, code: str, bad: Props, good: Props) -> Case:
    return token, code, lambda s: s.make(token, **bad), lambda s: s.make(token, **good)


def twice(token: str, code: str, other: Props) -> Case:
    return "", code, lambda s: s.make(token), lambda s: s.make(token, **other)


def fixed(token: str, code: str, path: str, other: Any) -> Case:
    return "", code, lambda s: s.change(token, **{path: other}), lambda s: s.change(token)


def elsewhere_keyed(stage: ClusterStage, token: str, protected: bool, **edits: Any) -> str:
    """Make a resource under a key in another vault, which is protected from purging or not."""
    stage.make(VAULT, vaultName="keys-2", properties__enablePurgeProtection=protected or None)
    stage.make(KEY, vaultName="keys-2")
    other = stage.states[KEY]["keyUriWithVersion"]
    for position, role in enumerate(("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "f25e0fa2-a7c8-4377-a976-54943a77a395")):
        grant = {"scope": f"{VAULT_ID[:-1]}2", "roleDefinitionId": ROLES + role}
        grant |= {"principalId": stage.user["principalId"], "roleAssignmentName": f"{OWN[:-1]}{position}"}
        stage.engine.create(ASSIGNMENT, "x", grant)
    return stage.make(token, **{path: other if value == VERSIONED else value for path, value in edits.items()})


def keyed(token: str, codes: tuple[str, str, str], path: str, bare: Any, **other: Any) -> dict[str, Case]:
    """The four cases of a type under a key: path, where the key's URI stands; other, what a second one must have."""
    short, again = token.rpartition(":")[2], {**other, path: VERSIONED}
    nobody: Props = UNIDENTIFIED if token != REGISTRY else UNIDENTIFIED | {"userAssignedIdentities": {NOBODY: {}}}
    return {
        f"{short}-identities": made(token, "FailedIdentityOperation", {"identity": nobody}, {}),
        f"{short}-key": made(token, codes[0], {path: bare}, {}),
        f"{short}-purgeable": (
            *(token, codes[1], lambda s: elsewhere_keyed(s, token, protected=False, **again)),
            lambda s: (s.change(VAULT, vaultName="keys-2"), s.make(token, **other)),
        ),
        f"{short}-granted": (
            token,
            codes[2],
            lambda s: ungrant(s).make(token),
            lambda s: regrant(s).make(token),
        ),
    }


def ungrant(stage: ClusterStage) -> ClusterStage:
    """Take every role on the key away."""
    stage.drop(ASSIGNMENT)
    if "Key Vault Crypto User" in stage.roles:
        stage.revoke("Key Vault Crypto User")
    return stage


def regrant(stage: ClusterStage) -> ClusterStage:
    """Give the one that suffices."""
    stage.grant("Key Vault Crypto User", OWN)
    return stage
