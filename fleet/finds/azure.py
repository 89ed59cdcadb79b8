"""Azure. An id is the path of names in a resource group; azure-native itself refuses to create what exists."""

from fleet.finds import ById, How

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_IN = f"{_GROUP}/providers"
_ACCOUNT = f"{_IN}/Microsoft.Storage/storageAccounts/{{accountName}}"
_VAULT = f"{_IN}/Microsoft.KeyVault/vaults/{{vaultName}}"
_SERVER = f"{_IN}/Microsoft.DBforPostgreSQL/flexibleServers/{{serverName}}"
_NETWORK = f"{_IN}/Microsoft.Network"
_ZONE = f"{_NETWORK}/privateDnsZones/{{privateZoneName}}"
_ENDPOINT = f"{_NETWORK}/privateEndpoints/{{privateEndpointName}}"
_WATCHER = f"{_NETWORK}/networkWatchers/{{networkWatcherName}}"
_VNET = f"{_NETWORK}/virtualNetworks/{{virtualNetworkName}}"
_NATIVE = "azure-native"

ROWS: dict[str, How] = {
    f"{_NATIVE}:authorization:ManagementLockByScope": ById(
        "{scope}/providers/Microsoft.Authorization/locks/{lockName}", within=True
    ),
    f"{_NATIVE}:authorization:RoleAssignment": ById(
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}", within=True
    ),
    f"{_NATIVE}:dbforpostgresql:AdministratorsMicrosoftEntra": ById(
        f"{_SERVER}/administrators/{{objectId}}", within=True
    ),
    f"{_NATIVE}:dbforpostgresql:Configuration": ById(f"{_SERVER}/configurations/{{configurationName}}", within=True),
    f"{_NATIVE}:dbforpostgresql:Server": ById(_SERVER),
    f"{_NATIVE}:keyvault:Key": ById(f"{_VAULT}/keys/{{keyName}}"),
    f"{_NATIVE}:keyvault:Vault": ById(_VAULT),
    f"{_NATIVE}:managedidentity:UserAssignedIdentity": ById(
        f"{_IN}/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
    ),
    f"{_NATIVE}:network:FlowLog": ById(f"{_WATCHER}/flowLogs/{{flowLogName}}"),
    f"{_NATIVE}:network:NetworkSecurityGroup": ById(f"{_NETWORK}/networkSecurityGroups/{{networkSecurityGroupName}}"),
    f"{_NATIVE}:network:PrivateDnsZoneGroup": ById(
        f"{_ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}", within=True
    ),
    f"{_NATIVE}:network:PrivateEndpoint": ById(_ENDPOINT),
    f"{_NATIVE}:network:RouteTable": ById(f"{_NETWORK}/routeTables/{{routeTableName}}"),
    f"{_NATIVE}:network:Subnet": ById(f"{_VNET}/subnets/{{subnetName}}", within=True),
    f"{_NATIVE}:network:VirtualNetwork": ById(_VNET),
    f"{_NATIVE}:privatedns:PrivateZone": ById(_ZONE),
    f"{_NATIVE}:privatedns:VirtualNetworkLink": ById(f"{_ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}"),
    f"{_NATIVE}:resources:ResourceGroup": ById(_GROUP),
    f"{_NATIVE}:storage:BlobContainer": ById(
        f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}", within=True
    ),
    f"{_NATIVE}:storage:BlobServiceProperties": ById(f"{_ACCOUNT}/blobServices/{{blobServicesName}}", within=True),
    f"{_NATIVE}:storage:ManagementPolicy": ById(f"{_ACCOUNT}/managementPolicies/{{managementPolicyName}}", within=True),
    f"{_NATIVE}:storage:StorageAccount": ById(_ACCOUNT),
}
