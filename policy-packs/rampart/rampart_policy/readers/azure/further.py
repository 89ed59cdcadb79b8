"""Azure types that have little to judge, and those that have nothing."""

from collections.abc import Iterator, Mapping

from rampart_policy.facts import (
    ClearTextSecret,
    DefaultOutboundAccess,
    Direction,
    NetworkRule,
    Permission,
    Role,
    RoleGrant,
    Scope,
    StorageEncryption,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.table import (
    always,
    authenticated,
    automatic_address,
    declared_password,
    each,
    filled,
    gives,
    guard_rail,
    local_credentials,
    opaque,
    plain_url,
    plaintext,
    says,
    service,
    unless,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

NOTHING: Mapping[str, str] = {
    "in an account or server, which is judged": "cosmosdb:CassandraResourceCassandraKeyspace "
    "cosmosdb:CassandraResourceCassandraTable cosmosdb:GremlinResourceGremlinDatabase "
    "cosmosdb:GremlinResourceGremlinGraph cosmosdb:SqlResourceSqlStoredProcedure cosmosdb:SqlResourceSqlTrigger "
    "cosmosdb:SqlResourceSqlUserDefinedFunction cosmosdb:DatabaseAccountSqlDatabase "
    "cosmosdb:DatabaseAccountSqlContainer eventhub:SchemaRegistry eventhub:ApplicationGroup batch:Application "
    "batch:ApplicationPackage datafactory:Dataset datafactory:DataFlow datafactory:ManagedPrivateEndpoint "
    "kusto:ManagedPrivateEndpoint kusto:ReadOnlyFollowingDatabase sql:SensitivityLabel sql:ReplicationLink "
    "sql:ServerDnsAlias sql:DataMaskingPolicy sql:JobAgent sql:JobTargetGroup eventgrid:DomainTopic "
    "eventgrid:NamespaceTopic search:SharedPrivateLinkResource iothub:IotHubResourceEventHubConsumerGroup",
    "lets a subnet of the own network in": "eventhub:NamespaceVirtualNetworkRule "
    "servicebus:NamespaceVirtualNetworkRule",
    "a copy in another region, under the same rules": "eventhub:DisasterRecoveryConfig "
    "servicebus:DisasterRecoveryConfig appconfiguration:Replica signalrservice:SignalRReplica "
    "webpubsub:WebPubSubReplica sql:InstanceFailoverGroup",
    "looks for what is wrong": "sql:ServerVulnerabilityAssessment sql:DatabaseVulnerabilityAssessment "
    "sql:ManagedInstanceVulnerabilityAssessment sql:SqlVulnerabilityAssessmentsSetting security:SecurityConnector "
    "security:SecurityStandard security:CustomRecommendation security:StandardAssignment network:ConnectionMonitor",
    "a plan of copies, and how long they are kept": "recoveryservices:ReplicationPolicy dataprotection:BackupPolicy "
    "dataprotection:BackupInstance sql:BackupLongTermRetentionPolicy compute:RestorePoint",
    "a version of an image, of a gallery that is judged": "compute:GalleryImageVersion "
    "compute:GalleryApplicationVersion",
    "groups networks, whose rules are judged": "network:NetworkGroup network:StaticMember "
    "network:ConnectivityConfiguration network:AdminRuleCollection network:HubRouteTable network:RouteFilter "
    "network:RouteFilterRule network:IpamPool network:StaticCidr network:NetworkProfile "
    "network:NetworkSecurityPerimeter network:NetworkSecurityPerimeterProfile network:NspProfile "
    "network:ServiceEndpointPolicyDefinition network:VirtualHubBgpConnection",
    "text, a name or a schema of an interface, which is judged": "apimanagement:ApiSchema apimanagement:ApiRelease "
    "apimanagement:Tag apimanagement:Group apimanagement:ProductGroup apimanagement:EmailTemplate "
    "apimanagement:GlobalSchema apimanagement:ApiTagDescription apimanagement:ContentType apimanagement:Diagnostic "
    "apimanagement:ApiDiagnostic apimanagement:Certificate apimanagement:Cache resources:TagAtScope "
    "authorization:ResourceManagementPrivateLink authorization:PrivateLinkAssociation dns:DnssecConfig",
    "data, code or models in a workspace, which is judged": "machinelearningservices:CodeVersion "
    "machinelearningservices:ComponentVersion machinelearningservices:DataVersion "
    "machinelearningservices:EnvironmentVersion machinelearningservices:ModelVersion "
    "machinelearningservices:OnlineDeployment machinelearningservices:BatchDeployment "
    "operationalinsights:Query operationalinsights:QueryPack cognitiveservices:RaiPolicy cognitiveservices:Project",
    "code or a schedule, in the name of an account, which is judged": "automation:Module automation:JobSchedule "
    "automation:DscConfiguration automation:SourceControl automation:HybridRunbookWorkerGroup "
    "automation:PowerShell72Module automation:Python3Package",
}
"""Reasons to need no reader, and the types that each holds for."""

no_surface({f"azure-native:{token}": reason for reason, types in NOTHING.items() for token in types.split()})

outbound = gives(DefaultOutboundAccess, "enabled")
encrypted = gives(StorageEncryption, "enabled")


def _ip_filter(place: Node) -> Iterator[NetworkRule]:
    allows = place.key("action").text(default="Accept").map(lambda word: word.lower() in ("accept", "allow"))
    peer = addresses.peer_field(place.key("ipMask"))
    yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)


def _perimeter_rule(place: Node) -> Iterator[NetworkRule]:
    """Ranges in, and names out (`direction`)."""
    outward = str(place.key("direction").raw).lower() == "outbound"
    direction, name = (
        (Direction.EGRESS, "fullyQualifiedDomainNames") if outward else (Direction.INGRESS, "addressPrefixes")
    )
    for node in place.key(name).items():
        yield NetworkRule(direction=Field(direction), allows=Field(True), peer=addresses.peer_field(node))


def _cache_policy(place: Node) -> Iterator[Permission]:
    """As Redis writes its access lists (`+@all allkeys`)."""
    rule = place.key("permissions").text(default="")
    yield Permission(
        allows=Field(True),
        every_action=rule.map(lambda text: "+@all" in text.lower() or "allcommands" in text.lower()),
        every_resource=Field(False),
        narrowed=Field(False),
    )


def _cluster_principal(place: Node) -> Iterator[RoleGrant]:
    name = place.key("role").text(default="")
    role = name.map(lambda text: Role(text, broad=text.lower() == "alldatabasesadmin"))
    yield RoleGrant(role=role, scope=Field(Scope("one cluster", broad=False), name.path))


def _just_in_time(place: Node) -> Iterator[NetworkRule]:
    """A port that opens on request, to whom the request may name."""
    for machine in place.key("virtualMachines").items():
        for port in machine.key("ports").items():
            single, several = port.key("allowedSourceAddressPrefix"), port.key("allowedSourceAddressPrefixes")
            for node in (*single.items(), *several.items()):
                peer = addresses.peer_field(node)
                yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=peer)


def _storage_mounts(place: Node) -> Iterator[ClearTextSecret]:
    for _, mount in place.key("properties").entries():
        yield secrets.unmarked(mount.key("accessKey"))


service(
    ("azure-native:eventhub:NamespaceIpFilterRule", "azure-native:servicebus:NamespaceIpFilterRule"),
    _ip_filter,
)
service(
    ("azure-native:network:NetworkSecurityPerimeterAccessRule", "azure-native:network:NspAccessRule"),
    _perimeter_rule,
)
service(
    ("azure-native:network:NetworkSecurityPerimeterAssociation", "azure-native:network:NspAssociation"),
    guard_rail(says("accessMode", "Enforced", default="Learning")),
)
service("azure-native:network:CustomIPPrefix", automatic_address(always))
service("azure-native:redis:AccessPolicy", _cache_policy)
service("azure-native:synapse:SqlPoolTransparentDataEncryption", encrypted(says("status", "Enabled")))
service(
    "azure-native:cosmosdb:CassandraCluster",
    authenticated(unless("properties.authenticationMethod", "None")),
    declared_password(filled("properties.initialCassandraAdminPassword")),
)
service(
    "azure-native:cosmosdb:MongoDBResourceMongoUserDefinition",
    local_credentials(always),
    declared_password(filled("password")),
)
service(
    "azure-native:machinelearningservices:ServerlessEndpoint", local_credentials(says("properties.authMode", "Key"))
)
service("azure-native:kusto:ClusterPrincipalAssignment", _cluster_principal)
service("azure-native:security:JitNetworkAccessPolicy", _just_in_time)
service(
    "azure-native:app:ContainerAppsSessionPool",
    outbound(says("sessionNetworkConfiguration.status", "EgressEnabled")),
    each("customContainerTemplate.containers", variables("env")),
)
service(
    ("azure-native:web:WebAppAzureStorageAccounts", "azure-native:web:WebAppAzureStorageAccountsSlot"),
    _storage_mounts,
)
service("azure-native:apimanagement:IdentityProvider", lambda place: (secrets.unmarked(place.key("clientSecret")),))
service("azure-native:apimanagement:WorkspaceBackend", plaintext(plain_url("url")))
service(
    (
        *(
            f"azure-native:resources:Deployment{scope}"
            for scope in ("", "AtManagementGroupScope", "AtScope", "AtSubscriptionScope", "AtTenantScope")
        ),
        *(
            f"azure-native:resources:DeploymentStackAt{scope}"
            for scope in ("ManagementGroup", "ResourceGroup", "Subscription")
        ),
        "azure-native:resources:Resource",
        "azure-native:solutions:Application",
    ),
    opaque(always),
)
