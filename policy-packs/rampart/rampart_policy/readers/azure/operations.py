"""Azure's services that run and keep things for others: automation, batch, workflows, backups, scripts."""

from collections.abc import Iterator

from rampart_policy.facts import (
    ClearTextSecret,
    Direction,
    Fact,
    NetworkRule,
    Versioning,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.azure.endpoints import listens
from rampart_policy.readers.azure.machines import encrypted
from rampart_policy.readers.table import (
    admits,
    at,
    automatic_address,
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
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

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


def inside(place: Node) -> Iterator[ClearTextSecret]:
    """Every text below a place that looks like a secret, or stands under the name of one."""
    if isinstance(place.raw, dict):
        for name, value in place.entries():
            if isinstance(value.raw, str):
                yield secrets.setting(Field(name), value)
            else:
                yield from inside(value)
    elif isinstance(place.raw, list):
        for item in place.items():
            yield from inside(item)


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
    at("definition", inside),
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
