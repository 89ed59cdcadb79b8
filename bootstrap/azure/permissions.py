"""What previewing and deploying ask of Azure, in one table: roles of our own by name, each of rows.

Which actions a resource type wants is in the Azure documentation (permissions of each resource provider).
"""

from dataclasses import dataclass

NAMESPACES = (
    *("Authorization", "Cache", "Compute", "ContainerRegistry", "ContainerService", "DBforPostgreSQL", "Insights"),
    *("KeyVault", "ManagedIdentity", "Network", "Resources", "Storage"),
)

LOOK = tuple(f"Microsoft.{name}/*/read" for name in NAMESPACES)
"""How things are set, never what is in them: that would be data actions."""


@dataclass(frozen=True)
class Row:
    """Actions on a type of resource, without `Microsoft.`: the last words, with spaces between.

    types: the resource types that ask for it, without `azure-native:` and with spaces between, as a test compares them
    with what the components make.
    """

    on: str
    verbs: str
    types: str = ""

    def actions(self) -> tuple[str, ...]:
        return tuple(f"Microsoft.{self.on}/{verb}" for verb in self.verbs.split())


ALL = "delete read write"
JOINED = f"{ALL} join/action"
LINKED = f"{ALL} privateEndpointConnectionsApproval/action"

MAKE = (
    Row("Resources/subscriptions/resourceGroups", ALL, "resources:ResourceGroup"),
    Row("Network/virtualNetworks", f"{JOINED} peer/action", "network:VirtualNetwork"),
    Row("Network/virtualNetworks/virtualNetworkPeerings", ALL, "network:VirtualNetworkPeering"),
    Row("Network/virtualNetworks/subnets", JOINED, "network:Subnet"),
    Row("Network/networkSecurityGroups", JOINED, "network:NetworkSecurityGroup"),
    Row("Network/routeTables", JOINED, "network:RouteTable"),
    Row("Network/natGateways", JOINED, "network:NatGateway"),
    Row("Network/publicIPAddresses", JOINED, "network:PublicIPAddress"),
    Row("Network/privateEndpoints", ALL, "network:PrivateEndpoint"),
    Row("Network/privateEndpoints/privateDnsZoneGroups", ALL, "network:PrivateDnsZoneGroup"),
    Row("Network/networkWatchers", "read"),
    Row("Network/networkWatchers/flowLogs", ALL, "network:FlowLog"),
    Row("Network/privateDnsZones", JOINED, "privatedns:PrivateZone"),
    Row("Network/privateDnsZones/virtualNetworkLinks", ALL, "privatedns:VirtualNetworkLink"),
    Row("Network/privateDnsZones/A", ALL, "privatedns:PrivateRecordSet"),
    Row("KeyVault/vaults", LINKED, "keyvault:Vault"),
    Row("KeyVault/vaults/keys", "read write", "keyvault:Key"),
    Row("KeyVault/vaults/secrets", "read write", "keyvault:Secret"),
    Row("KeyVault/locations/deletedVaults", "read"),
    Row("Storage/storageAccounts", LINKED, "storage:StorageAccount"),
    Row("Storage/storageAccounts/blobServices", "read write", "storage:BlobServiceProperties"),
    Row("Storage/storageAccounts/blobServices/containers", ALL, "storage:BlobContainer"),
    Row("Storage/storageAccounts/managementPolicies", ALL, "storage:ManagementPolicy"),
    Row("ManagedIdentity/userAssignedIdentities", ALL, "managedidentity:UserAssignedIdentity"),
    Row(
        "ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        ALL,
        "managedidentity:FederatedIdentityCredential",
    ),
    Row("Compute/diskEncryptionSets", ALL, "compute:DiskEncryptionSet"),
    Row("ContainerRegistry/registries", LINKED, "containerregistry:Registry"),
    Row("ContainerRegistry/registries/cacheRules", ALL, "containerregistry:CacheRule"),
    Row("ContainerService/managedClusters", ALL, "containerservice:ManagedCluster"),
    Row("ContainerService/managedClusters/agentPools", ALL, "containerservice:AgentPool"),
    Row("ContainerService/managedClusters/maintenanceConfigurations", ALL, "containerservice:MaintenanceConfiguration"),
    Row("DBforPostgreSQL/flexibleServers", LINKED, "dbforpostgresql:Server"),
    Row("DBforPostgreSQL/flexibleServers/configurations", "read write", "dbforpostgresql:Configuration"),
    Row("DBforPostgreSQL/flexibleServers/administrators", ALL, "dbforpostgresql:AdministratorsMicrosoftEntra"),
    Row("Cache/redisEnterprise", LINKED, "redisenterprise:RedisEnterprise"),
    Row("Cache/redisEnterprise/databases", ALL, "redisenterprise:Database"),
    Row("Cache/redisEnterprise/databases/accessPolicyAssignments", ALL, "redisenterprise:AccessPolicyAssignment"),
    Row("Insights/actionGroups", ALL, "monitor:ActionGroup"),
    Row("Insights/activityLogAlerts", ALL, "monitor:ActivityLogAlert"),
    Row("Insights/metricAlerts", ALL, "monitor:MetricAlert"),
    Row("Insights/diagnosticSettings", ALL, "monitor:DiagnosticSetting"),
)

IDENTITIES = (
    # Whoever makes a cluster or a store gives it an identity.
    Row("ManagedIdentity/userAssignedIdentities", "assign/action", "managedidentity:UserAssignedIdentity"),
    Row("Authorization/roleDefinitions", "delete read write", "authorization:RoleDefinition"),
    Row("Authorization/locks", "delete read write", "authorization:ManagementLockByScope"),
)
"""What leads to more than it is: to act as an identity that is made, to define roles, to lift locks."""

RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
OF_ADMINISTRATOR = "authorization:RoleAssignment"
"""The type that this role is for, under the condition below."""

PRIVILEGED = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
    "8b54135c-b56d-4d72-a534-26097cfdc8d8",  # Key Vault Data Access Administrator
    "00482a5a-887f-4fb3-b363-3b7fe8e74483",  # Key Vault Administrator
)
"""Roles that whoever deploys can neither give nor take. A list of those that it can would be better, but components
define roles of their own for each identity, whose ids nobody knows before."""


def condition() -> str:
    """Roles are given to programs and groups, and none of the above (Azure documentation, "Delegate Azure role
    assignment management to others with conditions").
    """

    def branch(verb: str, source: str) -> str:
        about = f"@{source}[Microsoft.Authorization/roleAssignments"
        not_these = f"{about}:RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {{{', '.join(PRIVILEGED)}}}"
        whom = f"{about}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal', 'Group'}}"
        action = f"!(ActionMatches{{'Microsoft.Authorization/roleAssignments/{verb}'}})"
        return f"(({action}) OR ({not_these} AND {whom}))"

    return " AND ".join((branch("write", "Request"), branch("delete", "Resource")))


BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
KEYS = "Microsoft.KeyVault/vaults/keys"
STATE = (f"{BLOBS}/read", f"{BLOBS}/write", f"{BLOBS}/add/action", f"{BLOBS}/delete")
"""Data actions on the container of the state. Locks and renamed stacks are deleted; versions stay."""

DECRYPT = (f"{KEYS}/read", f"{KEYS}/decrypt/action")
ENCRYPT = (*DECRYPT, f"{KEYS}/encrypt/action")
"""Data actions on the key of its secrets."""
