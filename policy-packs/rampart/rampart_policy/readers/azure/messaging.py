"""Azure's messaging: Event Hubs, Service Bus, Event Grid, relays, SignalR, and what has the same few switches."""

from rampart_policy.readers.azure.endpoints import CLOSED, listens
from rampart_policy.readers.table import (
    Aspect,
    admits,
    always,
    both,
    cross_origin,
    customer_key,
    empty,
    filled,
    includes,
    local_credentials,
    off,
    oldest_tls,
    one_of,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    where,
)
from rampart_policy.registry import no_surface

no_surface(
    {
        "azure-native:eventhub:EventHub": "in a namespace, which is judged",
        "azure-native:eventhub:ConsumerGroup": "in a namespace, which is judged",
        "azure-native:servicebus:Queue": "in a namespace, which is judged",
        "azure-native:servicebus:Topic": "in a namespace, which is judged",
        "azure-native:servicebus:Subscription": "in a namespace, which is judged",
        "azure-native:servicebus:Rule": "in a namespace, which is judged",
        "azure-native:eventgrid:SystemTopic": "events of a resource; who is told is judged",
    }
)

KEY_VAULT = says("encryption.keySource", "Microsoft.KeyVault")

MESSAGING: tuple[Aspect, ...] = (
    listens(),
    local_credentials(off("disableLocalAuth")),
    oldest_tls("minimumTlsVersion"),
    customer_key(one_of(KEY_VAULT, filled("encryption.keyVaultProperties"))),
)

service(("azure-native:eventhub:Namespace", "azure-native:servicebus:Namespace"), *MESSAGING)
service(
    (
        "azure-native:eventhub:NamespaceNetworkRuleSet",
        "azure-native:servicebus:NamespaceNetworkRuleSet",
    ),
    public_endpoint(both(unless("publicNetworkAccess", *CLOSED), unless("defaultAction", "Deny"))),
    admits("ipRules", "ipMask"),
)
service(
    (
        "azure-native:eventhub:NamespaceAuthorizationRule",
        "azure-native:eventhub:EventHubAuthorizationRule",
        "azure-native:servicebus:NamespaceAuthorizationRule",
        "azure-native:servicebus:QueueAuthorizationRule",
        "azure-native:servicebus:TopicAuthorizationRule",
        "azure-native:relay:NamespaceAuthorizationRule",
        "azure-native:relay:HybridConnectionAuthorizationRule",
        "azure-native:relay:WCFRelayAuthorizationRule",
        "azure-native:notificationhubs:NamespaceAuthorizationRule",
        "azure-native:notificationhubs:NotificationHubAuthorizationRule",
    ),
    local_credentials(always),
)
service(
    (
        "azure-native:eventgrid:Topic",
        "azure-native:eventgrid:Domain",
        "azure-native:eventgrid:Namespace",
        "azure-native:eventgrid:PartnerNamespace",
    ),
    listens(),
    admits("inboundIpRules", "ipMask"),
    where(empty("topicSpacesConfiguration"), local_credentials(off("disableLocalAuth"))),
    set_("minimumTlsVersionAllowed", oldest_tls("minimumTlsVersionAllowed")),
)
service(
    (
        "azure-native:eventgrid:EventSubscription",
        "azure-native:eventgrid:SystemTopicEventSubscription",
        "azure-native:eventgrid:TopicEventSubscription",
        "azure-native:eventgrid:DomainEventSubscription",
    ),
    plaintext(plain_url("destination.endpointUrl")),
)
service(
    (
        "azure-native:relay:Namespace",
        "azure-native:notificationhubs:Namespace",
        "azure-native:desktopvirtualization:HostPool",
        "azure-native:desktopvirtualization:Workspace",
        "azure-native:digitaltwins:DigitalTwin",
        "azure-native:deviceupdate:Account",
        "azure-native:iotcentral:App",
        "azure-native:purview:Account",
        "azure-native:elasticsan:ElasticSan",
        "azure-native:machinelearningservices:Registry",
        "azure-native:hardwaresecuritymodules:CloudHsmCluster",
        "azure-native:monitor:AzureMonitorWorkspace",
        "azure-native:agfoodplatform:DataManagerForAgricultureResource",
    ),
    listens(),
)
service(
    ("azure-native:signalrservice:SignalR", "azure-native:webpubsub:WebPubSub"),
    listens(),
    local_credentials(off("disableLocalAuth")),
    cross_origin(includes("cors.allowedOrigins", "*")),
)
