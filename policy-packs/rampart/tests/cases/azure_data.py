"""Cases of Azure's databases, stores and platform services."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates


def of(token: str, **properties: Any) -> Declared:
    return resource(f"azure-native:{token}", properties, name=token.rpartition(":")[2].lower())


def nested(token: str, **properties: Any) -> Declared:
    return of(token, properties=properties)


def sql(**properties: Any) -> Declared:
    hardened = {
        "serverName": "db",
        "publicNetworkAccess": "Disabled",
        "minimalTlsVersion": "1.2",
        "keyId": "https://v/keys/k/1",
        "administrators": {"azureADOnlyAuthentication": True, "login": "dba"},
    }
    return of("sql:Server", **{**hardened, **properties})


def redis(**properties: Any) -> Declared:
    hardened = {
        "publicNetworkAccess": "Disabled",
        "minimumTlsVersion": "1.2",
        "disableAccessKeyAuthentication": True,
        "redisConfiguration": {"aadEnabled": "true"},
    }
    return of("redis:Redis", **{**hardened, **properties})


def cosmos(**properties: Any) -> Declared:
    hardened = {"publicNetworkAccess": "Disabled", "disableLocalAuth": True, "keyVaultKeyUri": "https://v/keys/k"}
    return of("cosmosdb:DatabaseAccount", **{**hardened, **properties})


def bus(token: str = "servicebus:Namespace", **properties: Any) -> Declared:
    hardened = {
        "publicNetworkAccess": "Disabled",
        "disableLocalAuth": True,
        "minimumTlsVersion": "1.2",
        "encryption": {"keySource": "Microsoft.KeyVault"},
    }
    return of(token, **{**hardened, **properties})


def single(**properties: Any) -> dict[str, Any]:
    hardened = {"publicNetworkAccess": "Disabled", "sslEnforcement": "Enabled", "minimalTlsVersion": "TLS1_2"}
    return {**hardened, **properties}


def mysql(**properties: Any) -> Declared:
    hardened = {"network": {"publicNetworkAccess": "Disabled"}, "dataEncryption": {"type": "AzureKeyVault"}}
    return of("dbformysql:Server", **{**hardened, **properties})


ENDPOINT, INGRESS, FIREWALL = "no-public-endpoint", "no-open-ingress", "service-firewall-denies-by-default"
KEYED, ENCRYPTED, TLS, PLAIN = (
    "store-uses-customer-key",
    "store-is-encrypted",
    "tls-1-2-or-later",
    "no-plaintext-transport",
)
LOCAL, LOGIN, PASSWORD, SECRET = (
    "no-local-credentials",
    "database-takes-identities",
    "no-declared-password",
    "no-clear-text-secret",
)
THREATS, AUDIT, OPEN, CORS = (
    "threat-detection-is-on",
    "audit-log-is-complete",
    "no-unauthenticated-access",
    "no-open-cross-origin",
)
PROTECTOR = of("sql:EncryptionProtector", serverName="db", serverKeyType="AzureKeyVault")
OLD_API = "azure-native_dbforpostgresql_v20171201:dbforpostgresql:Server"

CASES = [
    violates(ENDPOINT, sql(publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, sql(publicNetworkAccess=None), at="publicNetworkAccess"),
    violates(ENDPOINT, of("sql:ManagedInstance", publicDataEndpointEnabled=True), at="publicDataEndpointEnabled"),
    violates(ENDPOINT, mysql(network=None), at="network.publicNetworkAccess"),
    violates(ENDPOINT, nested("dbformysql:SingleServer", **single(publicNetworkAccess="Enabled")), at="properties"),
    violates(ENDPOINT, nested("dbformariadb:Server", **single(publicNetworkAccess=None)), at="properties.public"),
    violates(ENDPOINT, resource(OLD_API, {"properties": single(publicNetworkAccess="Enabled")}), at="properties"),
    violates(ENDPOINT, cosmos(publicNetworkAccess=None), at="publicNetworkAccess"),
    violates(ENDPOINT, redis(publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("redisenterprise:RedisEnterprise", minimumTlsVersion="1.2"), at="publicNetworkAccess"),
    violates(ENDPOINT, bus(publicNetworkAccess=None), at="publicNetworkAccess"),
    violates(ENDPOINT, bus("eventhub:Namespace", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("eventhub:NamespaceNetworkRuleSet", defaultAction="Allow"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("search:Service", publicNetworkAccess="enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, nested("cognitiveservices:Account", disableLocalAuth=True), at="properties.publicNetwork"),
    violates(ENDPOINT, of("machinelearningservices:Workspace", publicNetworkAccess="Enabled"), at="publicNetwork"),
    violates(ENDPOINT, of("databricks:Workspace", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("synapse:Workspace", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("datafactory:Factory", factoryName="f"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("appconfiguration:ConfigurationStore", sku={"name": "standard"}), at="publicNetworkAccess"),
    violates(ENDPOINT, of("kusto:Cluster", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("batch:BatchAccount", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("automation:AutomationAccount", publicNetworkAccess=True), at="publicNetworkAccess"),
    violates(ENDPOINT, nested("iothub:IotHubResource", minTlsVersion="1.2"), at="properties.publicNetworkAccess"),
    violates(ENDPOINT, of("signalrservice:SignalR", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    violates(ENDPOINT, of("containerregistry:Registry", adminUserEnabled=False), at="publicNetworkAccess"),
    violates(ENDPOINT, nested("keyvault:ManagedHsm", enablePurgeProtection=True), at="properties.publicNetworkAccess"),
    violates(ENDPOINT, of("operationalinsights:Workspace", publicNetworkAccessForQuery="Disabled"), at="Ingestion"),
    violates(ENDPOINT, nested("recoveryservices:Vault", publicNetworkAccess="Enabled"), at="properties.publicNetwork"),
    violates(ENDPOINT, of("compute:Disk", publicNetworkAccess="Enabled"), at="publicNetworkAccess"),
    passes(ENDPOINT, sql()),
    passes(ENDPOINT, mysql(network={"delegatedSubnetResourceId": "/subnets/db"})),
    passes(ENDPOINT, cosmos()),
    passes(ENDPOINT, bus(publicNetworkAccess="SecuredByPerimeter")),
    passes(ENDPOINT, of("automation:AutomationAccount", publicNetworkAccess=False)),
    passes(ENDPOINT, of("compute:Disk", networkAccessPolicy="DenyAll")),
    passes(ENDPOINT, of("eventhub:NamespaceNetworkRuleSet", defaultAction="Deny", publicNetworkAccess="Enabled")),
    undecided(ENDPOINT, sql(publicNetworkAccess=UNKNOWN)),
    undecided(ENDPOINT, mysql(network={"delegatedSubnetResourceId": UNKNOWN})),
    violates(INGRESS, of("sql:FirewallRule", startIpAddress="0.0.0.0", endIpAddress="255.255.255.255"), at="startIp"),
    violates(INGRESS, of("sql:FirewallRule", startIpAddress="0.0.0.0", endIpAddress="0.0.0.0"), at="in Azure"),
    violates(INGRESS, of("sql:FirewallRule", startIpAddress="0.0.0.0", endIpAddress="127.255.255.255"), at="startIp"),
    violates(INGRESS, of("dbformysql:FirewallRule", startIpAddress="1.0.0.0", endIpAddress="9.0.0.0"), at="startIp"),
    violates(INGRESS, of("sql:IPv6FirewallRule", startIPv6Address="::", endIPv6Address="ffff::"), at="startIPv6"),
    violates(INGRESS, of("redis:FirewallRule", startIP="0.0.0.0", endIP="255.255.255.255"), at="startIP"),
    violates(INGRESS, of("synapse:IpFirewallRule", startIpAddress="0.0.0.0", endIpAddress="255.255.255.255"), at="IpA"),
    violates(INGRESS, cosmos(ipRules=[{"ipAddressOrRange": "0.0.0.0"}]), at="ipRules[0].ipAddressOrRange"),
    violates(INGRESS, of("kusto:Cluster", allowedIpRangeList=["0.0.0.0/0"]), at="allowedIpRangeList[0]"),
    violates(
        INGRESS,
        nested("iothub:IotHubResource", ipFilterRules=[{"action": "Accept", "ipMask": "0.0.0.0/0"}]),
        at="properties.ipFilterRules[0].ipMask",
    ),
    violates(
        INGRESS,
        of("containerregistry:Registry", networkRuleSet={"ipRules": [{"iPAddressOrRange": "0.0.0.0/1"}]}),
        at="networkRuleSet.ipRules[0]",
    ),
    violates(
        INGRESS,
        of("storage:StorageAccount", networkRuleSet={"ipRules": [{"iPAddressOrRange": "0.0.0.0/0"}]}),
        at="ipRules[0].iPAddressOrRange",
    ),
    violates(
        INGRESS,
        of("netapp:CapacityPoolVolume", exportPolicy={"rules": [{"allowedClients": "10.0.0.0/8,0.0.0.0/0"}]}),
        at="exportPolicy.rules[0].allowedClients",
    ),
    violates(
        INGRESS,
        nested("mongocluster:FirewallRule", startIpAddress="0.0.0.0", endIpAddress="255.255.255.255"),
        at="properties.startIpAddress",
    ),
    violates(
        INGRESS,
        of(
            "servicefabric:ManagedCluster",
            networkSecurityRules=[{"direction": "Inbound", "access": "allow", "sourceAddressPrefix": "*"}],
        ),
        at="networkSecurityRules[0].sourceAddressPrefix",
    ),
    passes(INGRESS, of("sql:FirewallRule", startIpAddress="203.0.113.7", endIpAddress="203.0.113.9")),
    passes(INGRESS, cosmos(ipRules=[{"ipAddressOrRange": "203.0.113.7"}])),
    passes(INGRESS, nested("iothub:IotHubResource", ipFilterRules=[{"action": "Reject", "ipMask": "0.0.0.0/0"}])),
    undecided(INGRESS, of("sql:FirewallRule", startIpAddress=UNKNOWN, endIpAddress="255.255.255.255")),
    violates(FIREWALL, nested("cognitiveservices:Account", networkAcls={"defaultAction": "Allow"}), at="networkAcls"),
    passes(FIREWALL, nested("cognitiveservices:Account", networkAcls={"defaultAction": "Deny"})),
    violates(KEYED, sql(keyId=None), at="keyId"),
    violates(KEYED, of("sql:EncryptionProtector", serverKeyType="ServiceManaged"), at="serverKeyType"),
    violates(KEYED, mysql(dataEncryption={"type": "SystemManaged"}), at="dataEncryption"),
    violates(KEYED, cosmos(keyVaultKeyUri=None), at="keyVaultKeyUri"),
    violates(KEYED, bus(encryption=None), at="encryption.keySource"),
    violates(KEYED, of("redisenterprise:RedisEnterprise", publicNetworkAccess="Disabled"), at="encryption.customer"),
    violates(KEYED, of("containerregistry:Registry", encryption={"status": "disabled"}), at="encryption"),
    violates(KEYED, of("compute:Disk", encryption={"type": "EncryptionAtRestWithPlatformKey"}), at="encryption"),
    violates(KEYED, of("search:Service", encryptionWithCmk={"enforcement": "Disabled"}), at="encryptionWithCmk"),
    violates(KEYED, of("databricks:Workspace", encryption=None), at="encryption.entities"),
    violates(KEYED, of("storage:EncryptionScope", source="Microsoft.Storage"), at="source"),
    passes(KEYED, sql()),
    passes(KEYED, sql(keyId=None), PROTECTOR),
    passes(KEYED, sql(keyId=None), plan="managed"),
    passes(KEYED, cosmos()),
    passes(KEYED, of("compute:Disk", encryption={"diskEncryptionSetId": "/d"})),
    undecided(KEYED, cosmos(keyVaultKeyUri=UNKNOWN)),
    violates(ENCRYPTED, of("sql:TransparentDataEncryption", state="Disabled"), at="state"),
    violates(ENCRYPTED, of("kusto:Cluster", enableDiskEncryption=False), at="enableDiskEncryption"),
    violates(ENCRYPTED, of("automation:Variable", value='"hunter22"'), at="isEncrypted"),
    passes(ENCRYPTED, of("sql:TransparentDataEncryption", state="Enabled")),
    violates(TLS, sql(minimalTlsVersion="1.1"), at="minimalTlsVersion"),
    violates(TLS, sql(minimalTlsVersion=None), at="minimalTlsVersion"),
    violates(TLS, redis(minimumTlsVersion="1.0"), at="minimumTlsVersion"),
    violates(TLS, bus(minimumTlsVersion="1.1"), at="minimumTlsVersion"),
    violates(TLS, cosmos(minimalTlsVersion="Tls11"), at="minimalTlsVersion"),
    violates(TLS, nested("dbformariadb:Server", **single(minimalTlsVersion="TLSEnforcementDisabled")), at="minimal"),
    violates(TLS, of("dbformysql:Configuration", configurationName="tls_version", value="TLSv1.1,TLSv1.2"), at="value"),
    passes(TLS, sql(minimalTlsVersion="1.3")),
    passes(TLS, cosmos(minimalTlsVersion="Tls12")),
    passes(TLS, bus()),
    undecided(TLS, sql(minimalTlsVersion=UNKNOWN)),
    violates(PLAIN, redis(enableNonSslPort=True), at="enableNonSslPort"),
    violates(PLAIN, of("redisenterprise:Database", clientProtocol="Plaintext"), at="clientProtocol"),
    violates(PLAIN, nested("dbformysql:SingleServer", **single(sslEnforcement="Disabled")), at="sslEnforcement"),
    violates(
        PLAIN,
        of("dbformysql:Configuration", configurationName="require_secure_transport", value="OFF"),
        at="value",
    ),
    violates(
        PLAIN,
        of("storage:FileServiceProperties", protocolSettings={"smb": {"versions": "SMB2.1;SMB3.0"}}),
        at="protocolSettings.smb.versions",
    ),
    passes(PLAIN, redis(enableNonSslPort=False)),
    passes(PLAIN, of("redisenterprise:Database", clientProtocol="Encrypted")),
    passes(PLAIN, of("storage:FileServiceProperties", protocolSettings={"smb": {"versions": "SMB3.1.1"}})),
    violates(LOCAL, sql(administrators=None), at="azureADOnlyAuthentication"),
    violates(LOCAL, cosmos(disableLocalAuth=False), at="disableLocalAuth"),
    violates(LOCAL, redis(disableAccessKeyAuthentication=None), at="disableAccessKeyAuthentication"),
    violates(LOCAL, bus(disableLocalAuth=None), at="disableLocalAuth"),
    violates(LOCAL, of("servicebus:NamespaceAuthorizationRule", rights=["Manage"]), at="type"),
    violates(LOCAL, of("containerregistry:Registry", adminUserEnabled=True), at="adminUserEnabled"),
    violates(LOCAL, of("containerregistry:Token", tokenName="t"), at="status"),
    violates(LOCAL, of("batch:BatchAccount", allowedAuthenticationModes=["AAD", "SharedKey"]), at="Modes[1]"),
    violates(LOCAL, of("storage:LocalUser", username="u"), at="type"),
    violates(LOCAL, of("redisenterprise:Database", accessKeysAuthentication="Enabled"), at="accessKeys"),
    passes(LOCAL, sql()),
    passes(LOCAL, redis()),
    passes(LOCAL, of("batch:BatchAccount", allowedAuthenticationModes=["AAD"])),
    undecided(LOCAL, cosmos(disableLocalAuth=UNKNOWN)),
    violates(LOGIN, sql(administrators=None), at="administrators"),
    passes(LOGIN, sql()),
    violates(PASSWORD, sql(administratorLoginPassword=secret("hunter2")), at="administratorLoginPassword"),
    violates(PASSWORD, mysql(administratorLoginPassword="hunter2"), at="administratorLoginPassword"),
    passes(PASSWORD, sql()),
    violates(OPEN, redis(redisConfiguration={"authnotrequired": "true"}), at="redisConfiguration.authnotrequired"),
    passes(OPEN, redis()),
    violates(CORS, cosmos(cors=[{"allowedOrigins": "*"}]), at="cors[0].allowedOrigins"),
    passes(CORS, cosmos(cors=[{"allowedOrigins": "https://app.example"}])),
    violates(THREATS, of("sql:ServerSecurityAlertPolicy", state="Disabled"), at="state"),
    passes(THREATS, of("sql:ServerSecurityAlertPolicy", state="Enabled")),
    violates(AUDIT, of("sql:ExtendedServerBlobAuditingPolicy", state="Disabled"), at="state"),
    passes(AUDIT, of("sql:ExtendedServerBlobAuditingPolicy", state="Enabled")),
    violates(
        SECRET,
        nested(
            "datafactory:LinkedService",
            typeProperties={"connectionString": "Server=s;User Id=u;Password=hunter22;"},
        ),
        at="typeProperties.connectionString",
    ),
    violates(SECRET, nested("keyvault:Secret", value="hunter22"), at="properties.value"),
    passes(SECRET, nested("keyvault:Secret", value=secret("hunter22"))),
    passes(SECRET, nested("datafactory:LinkedService", typeProperties={"connectionString": "Server=s;Database=d;"})),
    violates("no-public-principal", of("kusto:Cluster", trustedExternalTenants=[{"value": "*"}]), at="Tenants[0]"),
    violates("no-anonymous-access", of("containerregistry:Registry", anonymousPullEnabled=True), at="anonymousPull"),
    violates("no-anonymous-access", of("storage:StorageAccountStaticWebsite", accountName="a"), at="type"),
    violates("backups-kept-7-days", mysql(backup={"backupRetentionDays": 1}), at="backupRetentionDays"),
    violates(
        "no-wildcard-resource", of("containerregistry:ScopeMap", actions=["repositories/*/content/write"]), at="0"
    ),
    violates("no-broad-role", of("redis:AccessPolicyAssignment", accessPolicyName="Data Owner"), at="accessPolicyName"),
    violates("key-deletion-waits-30-days", nested("keyvault:Vault", enableSoftDelete=False), at="enableSoftDelete"),
    violates(
        "store-keeps-versions",
        of("storage:FileServiceProperties", shareDeleteRetentionPolicy={"enabled": False}),
        at="share",
    ),
]
