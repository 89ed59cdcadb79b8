"""Azure's search, AI and data services, and its hubs of devices."""

from collections.abc import Iterator

from rampart_policy.facts import (
    DefaultOutboundAccess,
    Direction,
    NetworkRule,
    PurgeProtection,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.azure.endpoints import listens
from rampart_policy.readers.table import (
    Aspect,
    admits,
    at,
    automatic_address,
    both,
    customer_key,
    debug_access,
    filled,
    gives,
    local_credentials,
    off,
    oldest_tls,
    on,
    one_of,
    public_endpoint,
    says,
    service,
    set_,
    unless,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

outbound = gives(DefaultOutboundAccess, "enabled")
purge_protected = gives(PurgeProtection, "enabled")

no_surface(
    {
        "azure-native:databricks:AccessConnector": "an identity; what it may do is judged where it is given",
        "azure-native:cognitiveservices:Deployment": "a model in an account, which is judged",
        "azure-native:datafactory:Pipeline": "steps, in the name of the factory",
        "azure-native:datafactory:Trigger": "when a pipeline runs",
        "azure-native:datafactory:IntegrationRuntime": "machines that copy",
    }
)

KEY_VAULT = says("encryption.keySource", "Microsoft.KeyVault")

service(
    "azure-native:search:Service",
    listens(),
    admits("networkRuleSet.ipRules", "value"),
    local_credentials(off("disableLocalAuth")),
    customer_key(says("encryptionWithCmk.enforcement", "Enabled")),
)
service(
    "azure-native:cognitiveservices:Account",
    listens("properties.publicNetworkAccess", acl="properties.networkAcls"),
    at(
        "properties",
        admits("networkAcls.ipRules", "value"),
        local_credentials(off("disableLocalAuth")),
        customer_key(KEY_VAULT),
    ),
)
service(
    "azure-native:machinelearningservices:Workspace",
    listens(),
    public_endpoint(on("allowPublicAccessWhenBehindVnet")),
    outbound(says("managedNetwork.isolationMode", "AllowInternetOutbound")),
    customer_key(both(unless("encryption.status", "Disabled"), filled("encryption.keyVaultProperties.keyIdentifier"))),
)
service(
    "azure-native:machinelearningservices:Compute",
    local_credentials(off("properties.disableLocalAuth")),
    automatic_address(on("properties.properties.enableNodePublicIp", default=True)),
    debug_access(
        one_of(
            says("properties.properties.remoteLoginPortPublicAccess", "Enabled"),
            says("properties.properties.sshSettings.sshPublicAccess", "Enabled"),
        )
    ),
)
service(
    "azure-native:machinelearningservices:OnlineEndpoint",
    listens("onlineEndpointProperties.publicNetworkAccess"),
    local_credentials(says("onlineEndpointProperties.authMode", "Key")),
)
service(
    "azure-native:databricks:Workspace",
    listens(),
    set_("parameters.enableNoPublicIp.value", automatic_address(off("parameters.enableNoPublicIp.value"))),
    customer_key(
        one_of(
            *(
                says(f"encryption.entities.{part}.keySource", "Microsoft.Keyvault")
                for part in ("managedServices", "managedDisk")
            )
        )
    ),
)

service("azure-native:datafactory:Factory", listens(), customer_key(filled("encryption.keyName")))
service(
    "azure-native:datafactory:LinkedService",
    at("properties", secrets.inside),
)
service(
    "azure-native:appconfiguration:ConfigurationStore",
    listens(),
    local_credentials(off("disableLocalAuth")),
    set_("enablePurgeProtection", purge_protected(on("enablePurgeProtection"))),
    customer_key(filled("encryption.keyVaultProperties.keyIdentifier")),
)
service(
    "azure-native:appconfiguration:KeyValue",
    lambda place: secrets.named(place.key("keyValueName").text(default=""), place.key("value")),
)


def _filters(name: str, field: str) -> Aspect:
    """Rules that accept or reject a range (`ipFilterRules`)."""

    def aspect(place: Node) -> Iterator[NetworkRule]:
        for rule in place.at(name).items():
            allows = rule.key("action").text(default="Allow").map(lambda word: word.lower() in ("accept", "allow"))
            peer = addresses.peer_field(rule.key(field))
            yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)

    return aspect


HUB: tuple[Aspect, ...] = (
    listens(acl="networkRuleSets"),
    _filters("ipFilterRules", "ipMask"),
    _filters("networkRuleSets.ipRules", "ipMask"),
)
service(
    "azure-native:iothub:IotHubResource",
    at(
        "properties",
        *HUB,
        oldest_tls("minTlsVersion", default="1.0"),
        set_("disableLocalAuth", local_credentials(off("disableLocalAuth"))),
    ),
)
service("azure-native:deviceprovisioningservices:IotDpsResource", at("properties", *HUB))
