"""Azure private endpoints, and the private zones that their names stand in."""

from collections.abc import Iterator

from rampart_policy.facts import DnsZone, EndpointNames
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, either

CONNECTIONS = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")

APPROVING = (
    "agfoodplatform appconfiguration attestation automation botservice cognitiveservices containerregistry "
    "containerservice cosmosdb dashboard databricks datafactory datareplication dbformariadb dbformysql "
    "dbforpostgresql deviceupdate digitaltwins elasticsan eventgrid eventhub fileshares hdinsight healthcareapis "
    "healthdataaiservices hybridcompute iotcentral iothub keyvault kubernetesconfiguration kusto "
    "machinelearningservices maps migrate mongocluster monitor notificationhubs offazure onlineexperimentation "
    "powerbi powerplatform purview recoveryservices redis redisenterprise relay search security servicebus sql "
    "storage storagesync synapse videoindexer"
)
"""Modules with a type that approves connections of private endpoints, which name one resource."""

no_surface(
    {f"azure-native:{name}:PrivateEndpointConnection": "approves a private endpoint" for name in APPROVING.split()}
)
no_surface(
    {
        "azure-native:network:PrivateDnsZoneGroup": "writes an endpoint's address into zones, which are judged",
        "azure-native:dns:RecordSet": "a name in a zone, which is judged",
        "azure-native:privatedns:PrivateRecordSet": "a name in a private zone",
        "azure-native:privatedns:PrivateZone": "private by its type: only linked networks can ask it",
        "azure-native:privatedns:VirtualNetworkLink": "lets a network of the tenant ask a private zone",
    }
)


@reader("azure-native:dns:Zone")
def public_zone(made: Resource) -> Iterator[DnsZone]:
    """A zone of this type may once have been private (`zoneType`); what is made now is public."""
    yield DnsZone(public=made.at("zoneType").text(default="Public").map(lambda kind: kind.lower() != "private"))


@stack_reader("azure-native:network:PrivateEndpoint")
def endpoint(made: Resource, stack: Stack) -> Iterator[EndpointNames]:
    """What leads to somebody's own private link service names no part (`groupIds`), and has no zone of Azure's."""
    parts = [connection.key("groupIds").any().map(bool) for name in CONNECTIONS for connection in made.at(name).items()]
    yield EndpointNames(
        serves=either(*parts) if parts else Field(False),
        zoned=stack.has_companion(made, "privateEndpointName", "azure-native:network:PrivateDnsZoneGroup"),
    )
