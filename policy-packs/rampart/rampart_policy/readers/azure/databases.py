"""Azure's databases beside PostgreSQL: SQL, MySQL, MariaDB, Cosmos DB, Redis, Synapse, Data Explorer."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    EncryptionAtRest,
    Principal,
    Role,
    RoleGrant,
    Scope,
    ZoneRedundancy,
)
from rampart_policy.readers.azure.endpoints import CLOSED, listens
from rampart_policy.readers.azure.postgresql import configuration
from rampart_policy.readers.azure.ranges import admits_from_to
from rampart_policy.readers.azure.single_servers import SINGLE, backups_kept, encrypted
from rampart_policy.readers.table import (
    Aspect,
    admits,
    at,
    audited,
    authenticated,
    both,
    cross_origin,
    customer_key,
    declared_password,
    each,
    empty,
    filled,
    gives,
    identity_login,
    local_credentials,
    off,
    oldest_tls,
    on,
    one_of,
    plaintext,
    public_endpoint,
    says,
    secret_in_clear,
    service,
    set_,
    threat_detection,
    unless,
    where,
)
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, Node, either

survives_zone = gives(ZoneRedundancy, "enabled")

no_surface(
    {
        "azure-native:sql:Database": "in a server, which is judged",
        "azure-native:sql:ElasticPool": "capacity for databases of a server, which is judged",
        "azure-native:sql:FailoverGroup": "joins two servers; both are judged",
        "azure-native:sql:VirtualNetworkRule": "lets a subnet of the own network in",
        "azure-native:sql:OutboundFirewallRule": "a name that a server may call",
        "azure-native:sql:ServerAzureADAdministrator": "names an identity of the directory, which logs in by token",
        "azure-native:sql:ManagedInstanceAdministrator": "names an identity of the directory",
        "azure-native:sql:ManagedDatabase": "in a managed instance, which is judged",
        "azure-native:sql:ServerKey": "a key in a vault that a server may use; which it uses is judged",
        "azure-native:sql:LongTermRetentionPolicy": "keeps more backups, for longer",
        "azure-native:sql:GeoBackupPolicy": "copies backups to the paired region",
        "azure-native:dbformysql:AzureADAdministrator": "names an identity of the directory, which logs in by token",
        "azure-native:dbformysql:Database": "a name in a server, which is judged",
        "azure-native:dbformysql:SingleServerDatabase": "a name in a server, which is judged",
        "azure-native:dbformysql:SingleServerVirtualNetworkRule": "lets a subnet of the own network in",
        "azure-native:dbformariadb:Database": "a name in a server, which is judged",
        "azure-native:dbformariadb:VirtualNetworkRule": "lets a subnet of the own network in",
        "azure-native:dbforpostgresql:SingleServerDatabase": "a name in a server, which is judged",
        "azure-native:dbforpostgresql:SingleServerVirtualNetworkRule": "lets a subnet of the own network in",
        "azure-native:cosmosdb:SqlResourceSqlDatabase": "in an account, which is judged",
        "azure-native:cosmosdb:SqlResourceSqlContainer": "in an account, which is judged",
        "azure-native:cosmosdb:MongoDBResourceMongoDBDatabase": "in an account, which is judged",
        "azure-native:cosmosdb:MongoDBResourceMongoDBCollection": "in an account, which is judged",
        "azure-native:cosmosdb:TableResourceTable": "in an account, which is judged",
        "azure-native:cosmosdb:SqlResourceSqlRoleAssignment": "a role on an account's data; roles are judged",
        "azure-native:redis:LinkedServer": "joins two caches; both are judged",
        "azure-native:redis:PatchSchedule": "when a cache is patched",
        "azure-native:synapse:SqlPool": "in a workspace, which is judged",
        "azure-native:synapse:BigDataPool": "in a workspace, which is judged",
        "azure-native:kusto:ReadWriteDatabase": "in a cluster, which is judged",
    }
)

DIRECTORY_ONLY = "administrators.azureADOnlyAuthentication"


FLEXIBLE: tuple[Aspect, ...] = (
    public_endpoint(both(unless("network.publicNetworkAccess", *CLOSED), empty("network.delegatedSubnetResourceId"))),
    customer_key(one_of(says("dataEncryption.type", "AzureKeyVault"), filled("dataEncryption.primaryKeyURI"))),
    declared_password(filled("administratorLoginPassword")),
    where(unless("createMode", "Replica"), backups_kept("backup.backupRetentionDays")),
    set_("highAvailability.mode", survives_zone(says("highAvailability.mode", "ZoneRedundant"))),
)


def _data_action(node: Node) -> Iterator[RoleGrant]:
    scope = Field(Scope("the account", broad=False), node.path)
    yield RoleGrant(role=node.text(default="").map(lambda text: Role(text, broad=text.strip() == "*")), scope=scope)


def _cache_role(place: Node) -> Iterator[RoleGrant]:
    """Data Owner may flush and reconfigure a cache (`accessPolicyName`)."""
    name = place.key("accessPolicyName").text(default="")
    role = name.map(lambda text: Role(text, broad=text.strip().lower() == "data owner"))
    yield RoleGrant(role=role, scope=Field(Scope("one cache", broad=False), name.path))


def _tenant(node: Node) -> Iterator[AccessGrant]:
    who = node.text(default="").map(lambda text: Principal(text, Audience.EVERYONE if text == "*" else Audience.NAMED))
    yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False))


SQL: tuple[Aspect, ...] = (
    oldest_tls("minimalTlsVersion", default="None"),
    local_credentials(off(DIRECTORY_ONLY)),
    identity_login(filled("administrators")),
    declared_password(filled("administratorLoginPassword")),
)

service("azure-native:sql:Server", listens(), *SQL)
service(
    "azure-native:sql:ManagedInstance",
    public_endpoint(on("publicDataEndpointEnabled")),
    *SQL,
    customer_key(filled("keyId")),
)


@stack_reader("azure-native:sql:Server")
def sql_server(made: Resource, stack: Stack) -> Iterator[EncryptionAtRest]:
    """The key is the server's own property, or its protector's, which is judged where it is declared."""
    own = made.at("keyId").any().map(bool)
    protector = stack.has_companion(made, "serverName", "azure-native:sql:EncryptionProtector")
    answer = either(own, protector)
    yield EncryptionAtRest(customer_key=Field(answer.value, "keyId", default=answer.value is False))


service("azure-native:sql:EncryptionProtector", customer_key(says("serverKeyType", "AzureKeyVault")))
service("azure-native:sql:TransparentDataEncryption", encrypted(says("state", "Enabled")))
service(
    ("azure-native:sql:ServerAzureADOnlyAuthentication", "azure-native:sql:ManagedInstanceAzureADOnlyAuthentication"),
    local_credentials(off("azureADOnlyAuthentication")),
)
service(
    (
        "azure-native:sql:ServerSecurityAlertPolicy",
        "azure-native:sql:DatabaseSecurityAlertPolicy",
        "azure-native:sql:DatabaseThreatDetectionPolicy",
        "azure-native:dbforpostgresql:SingleServerServerSecurityAlertPolicy",
    ),
    threat_detection(unless("state", "Disabled")),
)
service(
    (
        "azure-native:sql:ServerBlobAuditingPolicy",
        "azure-native:sql:ExtendedServerBlobAuditingPolicy",
        "azure-native:sql:DatabaseBlobAuditingPolicy",
        "azure-native:sql:ExtendedDatabaseBlobAuditingPolicy",
    ),
    audited(unless("state", "Disabled")),
    secret_in_clear(filled("storageAccountAccessKey")),
)
service("azure-native:sql:JobCredential", declared_password(filled("password")))
service(
    "azure-native:sql:BackupShortTermRetentionPolicy",
    backups_kept("retentionDays"),
)
service(
    (
        "azure-native:sql:FirewallRule",
        "azure-native:dbformysql:FirewallRule",
        "azure-native:dbformysql:SingleServerFirewallRule",
        "azure-native:dbformariadb:FirewallRule",
        "azure-native:dbforpostgresql:SingleServerFirewallRule",
        "azure-native:dbforpostgresql:ServerGroupFirewallRule",
        "azure-native:cosmosdb:MongoClusterFirewallRule",
        "azure-native:synapse:IpFirewallRule",
        "azure-native:datalakestore:FirewallRule",
        "azure-native:datalakeanalytics:FirewallRule",
    ),
    admits_from_to(),
)
service("azure-native:sql:IPv6FirewallRule", admits_from_to("startIPv6Address", "endIPv6Address"))
service(("azure-native:redis:FirewallRule", "azure-native:redis:RedisFirewallRule"), admits_from_to("startIP", "endIP"))

service(
    "azure-native:dbformysql:Server",
    where(empty("properties"), *FLEXIBLE),
    set_("properties", at("properties", *SINGLE)),
)
service(
    (
        "azure-native:dbformysql:SingleServer",
        "azure-native:dbforpostgresql:SingleServer",
        "azure-native:dbformariadb:Server",
    ),
    at("properties", *SINGLE),
)
reader(
    "azure-native:dbformysql:Configuration",
    "azure-native:dbformysql:SingleServerConfiguration",
    "azure-native:dbformariadb:Configuration",
    "azure-native:dbforpostgresql:SingleServerConfiguration",
)(configuration)

service(
    "azure-native:cosmosdb:DatabaseAccount",
    listens(),
    admits("ipRules", "ipAddressOrRange"),
    local_credentials(off("disableLocalAuth")),
    customer_key(filled("keyVaultKeyUri")),
    oldest_tls("minimalTlsVersion", default="Tls12"),
    each("cors", cross_origin(says("allowedOrigins", "*"))),
)
service(
    "azure-native:mongocluster:MongoCluster",
    listens("properties.publicNetworkAccess"),
    declared_password(filled("properties.administrator.password")),
)
service("azure-native:cosmosdb:MongoCluster", declared_password(filled("administratorLoginPassword")))
service(
    "azure-native:cosmosdb:SqlResourceSqlRoleDefinition",
    each("permissions", each("dataActions", _data_action)),
)
service(
    "azure-native:redis:Redis",
    listens(),
    plaintext(on("enableNonSslPort")),
    oldest_tls("minimumTlsVersion", default="1.0"),
    local_credentials(off("disableAccessKeyAuthentication")),
    authenticated(off("redisConfiguration.authnotrequired")),
)
service(
    "azure-native:redisenterprise:RedisEnterprise",
    listens(),
    oldest_tls("minimumTlsVersion"),
    customer_key(filled("encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl")),
)
service(
    "azure-native:redisenterprise:Database",
    plaintext(says("clientProtocol", "Plaintext")),
    local_credentials(says("accessKeysAuthentication", "Enabled")),
)
service(
    ("azure-native:redis:AccessPolicyAssignment", "azure-native:redisenterprise:AccessPolicyAssignment"),
    _cache_role,
)
service(
    "azure-native:synapse:Workspace",
    listens(),
    local_credentials(off("azureADOnlyAuthentication")),
    declared_password(filled("sqlAdministratorLoginPassword")),
    customer_key(filled("encryption.cmk.key.keyVaultUrl")),
)
service(
    "azure-native:kusto:Cluster",
    listens(),
    admits("allowedIpRangeList"),
    encrypted(on("enableDiskEncryption")),
    customer_key(filled("keyVaultProperties.keyName")),
    each("trustedExternalTenants", lambda place: _tenant(place.key("value"))),
)
