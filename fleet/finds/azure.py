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
_CLUSTER = f"{_IN}/Microsoft.ContainerService/managedClusters/{{resourceName}}"
_REGISTRY = f"{_IN}/Microsoft.ContainerRegistry/registries/{{registryName}}"
_USER = f"{_IN}/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
_REDIS = f"{_IN}/Microsoft.Cache/redisEnterprise/{{clusterName}}"
_INSIGHTS = f"{_IN}/Microsoft.Insights"
_NATIVE = "azure-native"

ROWS: dict[str, How] = {
    f"{_NATIVE}:authorization:ManagementLockByScope": ById(
        "{scope}/providers/Microsoft.Authorization/locks/{lockName}", within=True
    ),
    f"{_NATIVE}:authorization:RoleAssignment": ById(
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}", within=True
    ),
    f"{_NATIVE}:authorization:RoleDefinition": ById(
        "{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}", within=True
    ),
    f"{_NATIVE}:compute:DiskEncryptionSet": ById(
        f"{_IN}/Microsoft.Compute/diskEncryptionSets/{{diskEncryptionSetName}}"
    ),
    f"{_NATIVE}:containerregistry:CacheRule": ById(f"{_REGISTRY}/cacheRules/{{cacheRuleName}}", within=True),
    f"{_NATIVE}:containerregistry:Registry": ById(_REGISTRY),
    f"{_NATIVE}:containerservice:AgentPool": ById(f"{_CLUSTER}/agentPools/{{agentPoolName}}", within=True),
    f"{_NATIVE}:containerservice:MaintenanceConfiguration": ById(
        f"{_CLUSTER}/maintenanceConfigurations/{{configName}}", within=True
    ),
    f"{_NATIVE}:containerservice:ManagedCluster": ById(_CLUSTER),
    f"{_NATIVE}:dbforpostgresql:AdministratorsMicrosoftEntra": ById(
        f"{_SERVER}/administrators/{{objectId}}", within=True
    ),
    f"{_NATIVE}:dbforpostgresql:Configuration": ById(f"{_SERVER}/configurations/{{configurationName}}", within=True),
    f"{_NATIVE}:dbforpostgresql:Server": ById(_SERVER),
    f"{_NATIVE}:keyvault:Key": ById(f"{_VAULT}/keys/{{keyName}}"),
    f"{_NATIVE}:keyvault:Secret": ById(f"{_VAULT}/secrets/{{secretName}}", within=True),
    f"{_NATIVE}:keyvault:Vault": ById(_VAULT),
    f"{_NATIVE}:managedidentity:UserAssignedIdentity": ById(_USER),
    f"{_NATIVE}:managedidentity:FederatedIdentityCredential": ById(
        f"{_USER}/federatedIdentityCredentials/{{federatedIdentityCredentialResourceName}}", within=True
    ),
    f"{_NATIVE}:monitor:ActionGroup": ById(f"{_INSIGHTS}/actionGroups/{{actionGroupName}}"),
    f"{_NATIVE}:monitor:ActivityLogAlert": ById(f"{_INSIGHTS}/activityLogAlerts/{{activityLogAlertName}}"),
    f"{_NATIVE}:monitor:DiagnosticSetting": ById(
        "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}", within=True
    ),
    f"{_NATIVE}:monitor:MetricAlert": ById(f"{_INSIGHTS}/metricAlerts/{{ruleName}}"),
    f"{_NATIVE}:network:VirtualNetworkPeering": ById(
        f"{_VNET}/virtualNetworkPeerings/{{virtualNetworkPeeringName}}", within=True
    ),
    f"{_NATIVE}:network:NatGateway": ById(f"{_NETWORK}/natGateways/{{natGatewayName}}"),
    f"{_NATIVE}:network:PublicIPAddress": ById(f"{_NETWORK}/publicIPAddresses/{{publicIpAddressName}}"),
    f"{_NATIVE}:network:FlowLog": ById(f"{_WATCHER}/flowLogs/{{flowLogName}}"),
    f"{_NATIVE}:network:NetworkSecurityGroup": ById(f"{_NETWORK}/networkSecurityGroups/{{networkSecurityGroupName}}"),
    f"{_NATIVE}:network:PrivateDnsZoneGroup": ById(
        f"{_ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}", within=True
    ),
    f"{_NATIVE}:network:PrivateEndpoint": ById(_ENDPOINT),
    f"{_NATIVE}:network:RouteTable": ById(f"{_NETWORK}/routeTables/{{routeTableName}}"),
    f"{_NATIVE}:network:Subnet": ById(f"{_VNET}/subnets/{{subnetName}}", within=True),
    f"{_NATIVE}:network:VirtualNetwork": ById(_VNET),
    f"{_NATIVE}:privatedns:PrivateRecordSet": ById(f"{_ZONE}/{{recordType}}/{{relativeRecordSetName}}", within=True),
    f"{_NATIVE}:privatedns:PrivateZone": ById(_ZONE),
    f"{_NATIVE}:privatedns:VirtualNetworkLink": ById(f"{_ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}"),
    f"{_NATIVE}:redisenterprise:AccessPolicyAssignment": ById(
        f"{_REDIS}/databases/{{databaseName}}/accessPolicyAssignments/{{accessPolicyAssignmentName}}", within=True
    ),
    f"{_NATIVE}:redisenterprise:Database": ById(f"{_REDIS}/databases/{{databaseName}}", within=True),
    f"{_NATIVE}:redisenterprise:RedisEnterprise": ById(_REDIS),
    f"{_NATIVE}:resources:ResourceGroup": ById(_GROUP),
    f"{_NATIVE}:storage:BlobContainer": ById(
        f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}", within=True
    ),
    f"{_NATIVE}:storage:BlobServiceProperties": ById(f"{_ACCOUNT}/blobServices/{{blobServicesName}}", within=True),
    f"{_NATIVE}:storage:ManagementPolicy": ById(f"{_ACCOUNT}/managementPolicies/{{managementPolicyName}}", within=True),
    f"{_NATIVE}:storage:StorageAccount": ById(_ACCOUNT),
}
