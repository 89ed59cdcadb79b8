"""Azure's services that run and keep things for others: automation, batch, workflows, backups, scripts."""

from collections.abc import Iterator

from rampart_policy.facts import (
    Direction,
    Fact,
    NetworkRule,
    Versioning,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.azure.endpoints import listens
from rampart_policy.readers.azure.machines import encrypted
from rampart_policy.readers.azure.ranges import admits_from_to
from rampart_policy.readers.table import (
    Aspect,
    admits,
    admits_each,
    at,
    automatic_address,
    cross_origin,
    customer_key,
    declared_password,
    each,
    empty,
    filled,
    gives,
    includes,
    local_credentials,
    off,
    oldest_tls,
    on,
    one_of,
    patched,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node, every

keeps_deleted = gives(Versioning, "enabled")

no_surface(
    {
        "azure-native:automation:Runbook": "code, in the name of an account, which is judged",
        "azure-native:automation:Schedule": "when code runs",
        "azure-native:recoveryservices:ProtectedItem": "what is backed up, to a vault, which is judged",
        "azure-native:recoveryservices:ProtectionPolicy": "when copies are made, and how long they are kept",
    }
)

KEY_VAULT = says("encryption.keySource", "Microsoft.KeyVault")


service(
    "azure-native:automation:AutomationAccount",
    public_endpoint(on("publicNetworkAccess", default=True)),
    local_credentials(off("disableLocalAuth")),
    customer_key(KEY_VAULT),
)
service("azure-native:automation:Variable", encrypted(on("isEncrypted")))
service("azure-native:automation:Credential", declared_password(filled("password")))
service("azure-native:automation:Webhook", local_credentials(on("isEnabled", default=True)))
service(
    "azure-native:batch:BatchAccount",
    listens(acl="networkProfile.accountAccess"),
    local_credentials(one_of(includes("allowedAuthenticationModes", "SharedKey"), empty("allowedAuthenticationModes"))),
    customer_key(KEY_VAULT),
)


def _port_rules(name: str) -> Aspect:
    """Rules in the form of a security group's."""

    def aspect(place: Node) -> Iterator[NetworkRule]:
        for rule in place.key(name).items():
            inbound = rule.key("direction").text(default="").map(lambda word: word.lower() == "inbound")
            allows = every(inbound, rule.key("access").text(default="").map(lambda word: word.lower() == "allow"))
            for node in (*rule.key("sourceAddressPrefix").items(), *rule.key("sourceAddressPrefixes").items()):
                peer = addresses.peer_field(node)
                yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)

    return aspect


def _nat_pools(place: Node) -> Iterator[Fact]:
    """Ports of each node that a balancer opens; without rules to everyone."""
    pools = place.at("networkConfiguration.endpointConfiguration.inboundNatPools")
    for pool in pools.items():
        rules = pool.key("networkSecurityGroupRules")
        for rule in rules.items():
            allows = rule.key("access").text(default="Allow").map(lambda word: word.lower() == "allow")
            peer = addresses.peer_field(rule.key("sourceAddressPrefix"))
            yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)
        if rules.missing or rules.raw == []:
            yield NetworkRule(
                direction=Field(Direction.INGRESS), allows=Field(True), peer=addresses.everyone(rules.path)
            )


service(
    "azure-native:batch:Pool",
    automatic_address(
        unless(
            "networkConfiguration.publicIPAddressConfiguration.provision", "NoPublicIPAddresses", default="BatchManaged"
        )
    ),
    _nat_pools,
    variables("startTask.environmentSettings"),
)
service(
    "azure-native:logic:Workflow",
    *(
        admits(f"accessControl.{part}.allowedCallerIpAddresses", "addressRange")
        for part in ("actions", "contents", "triggers", "workflowManagement")
    ),
    at("definition", secrets.inside),
)
service(
    "azure-native:hdinsight:Cluster",
    at(
        "properties",
        set_("minSupportedTlsVersion", oldest_tls("minSupportedTlsVersion")),
        set_(
            "encryptionInTransitProperties",
            plaintext(off("encryptionInTransitProperties.isEncryptionInTransitEnabled")),
        ),
        customer_key(filled("diskEncryptionProperties.keyName")),
        public_endpoint(unless("networkProperties.privateLink", "Enabled")),
    ),
)
service(
    "azure-native:recoveryservices:Vault",
    listens("properties.publicNetworkAccess"),
    customer_key(filled("properties.encryption.keyVaultProperties.keyUri")),
    set_(
        "properties.securitySettings.softDeleteSettings.softDeleteState",
        keeps_deleted(unless("properties.securitySettings.softDeleteSettings.softDeleteState", "Disabled")),
    ),
)
service(
    "azure-native:dataprotection:BackupVault",
    set_(
        "properties.securitySettings.softDeleteSettings.state",
        keeps_deleted(unless("properties.securitySettings.softDeleteSettings.state", "Off")),
    ),
)
service(
    "azure-native:dashboard:Grafana",
    listens("properties.publicNetworkAccess"),
    local_credentials(says("properties.apiKey", "Enabled")),
    declared_password(filled("properties.grafanaConfigurations.smtp.password")),
)
service(
    "azure-native:netapp:Account",
    customer_key(KEY_VAULT),
    each("activeDirectories", declared_password(filled("password"))),
)
service(
    ("azure-native:resources:AzureCliScript", "azure-native:resources:AzurePowerShellScript"),
    variables("environmentVariables"),
    lambda place: (secrets.script(place.key("scriptContent")),),
)
service(
    "azure-native:servicefabric:ManagedCluster",
    declared_password(filled("adminPassword")),
    _port_rules("networkSecurityRules"),
)
service(
    "azure-native:botservice:Bot",
    listens("properties.publicNetworkAccess"),
    local_credentials(off("properties.disableLocalAuth")),
)
service(
    ("azure-native:healthcareapis:FhirService", "azure-native:healthcareapis:DicomService"),
    listens(),
    customer_key(filled("encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl")),
    cross_origin(includes("corsConfiguration.origins", "*")),
)
service(
    ("azure-native:healthcareapis:Workspace", "azure-native:healthcareapis:Service"),
    listens("properties.publicNetworkAccess"),
)
service("azure-native:netapp:CapacityPoolVolume", each("exportPolicy.rules", admits_each("allowedClients")))
service("azure-native:mongocluster:FirewallRule", at("properties", admits_from_to()))
service(
    ("azure-native:storagecache:Cache", "azure-native:storagecache:AmlFilesystem"),
    customer_key(filled("encryptionSettings.keyEncryptionKey")),
)
service(
    "azure-native:storagesync:StorageSyncService",
    public_endpoint(says("incomingTrafficPolicy", "AllowAllTraffic", default="AllowAllTraffic")),
)
service(
    "azure-native:elasticsan:VolumeGroup",
    customer_key(says("encryption", "EncryptionAtRestWithCustomerManagedKey")),
)
service(
    "azure-native:maps:Account",
    local_credentials(off("properties.disableLocalAuth")),
    each("properties.cors.corsRules", cross_origin(includes("allowedOrigins", "*"))),
)
service("azure-native:communication:CommunicationService", listens(), local_credentials(off("disableLocalAuth")))
service("azure-native:hybridcompute:PrivateLinkScope", listens("properties.publicNetworkAccess"))
service("azure-native:attestation:AttestationProvider", listens("properties.publicNetworkAccess"))
service("azure-native:loadtestservice:LoadTest", customer_key(filled("encryption.keyUrl")))
service(
    "azure-native:analysisservices:ServerDetails",
    each("ipV4FirewallSettings.firewallRules", admits_from_to("rangeStart", "rangeEnd")),
)
service(
    "azure-native:sqlvirtualmachine:SqlVirtualMachine",
    public_endpoint(
        says("serverConfigurationsManagementSettings.sqlConnectivityUpdateSettings.connectivityType", "PUBLIC")
    ),
    set_("autoPatchingSettings.enable", patched(on("autoPatchingSettings.enable"))),
)
