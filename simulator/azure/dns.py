"""Private DNS zones and their links; private endpoints, and the zones that they write their names into."""

from simulator.azure.arm import FACTS, IN_GROUP, MET, MISSING, PACKAGE, SDK, TIMES, each, existing, normal, parent, row
from simulator.azure.keys import VAULT
from simulator.azure.network import SUBNET, VNET
from simulator.azure.postgres import SERVER
from simulator.azure.redis import CACHE
from simulator.azure.registry import REGISTRY
from simulator.azure.storage import ACCOUNT
from simulator.cloud import Operation, Ref
from simulator.rules import rule, unchanged
from simulator.values import Props, at

ZONE, LINK = f"{PACKAGE}:privatedns:PrivateZone", f"{PACKAGE}:privatedns:VirtualNetworkLink"
ENDPOINT, NAMES = f"{PACKAGE}:network:PrivateEndpoint", f"{PACKAGE}:network:PrivateDnsZoneGroup"
_SERVICES = {  # what an endpoint leads to: group, zone
    ACCOUNT: {"blob": "privatelink.blob.core.windows.net", "dfs": "privatelink.dfs.core.windows.net"},
    VAULT: {"vault": "privatelink.vaultcore.azure.net"},
    SERVER: {"postgresqlServer": "privatelink.postgres.database.azure.com"},
    CACHE: {"redisEnterprise": "privatelink.redis.azure.net"},
    REGISTRY: {"registry": "privatelink.azurecr.io"},
}
_IN = f"{IN_GROUP}/providers/Microsoft.Network"
_ZONE_ID, _ENDPOINT_ID = _IN + "/privateDnsZones/{privateZoneName}", _IN + "/privateEndpoints/{privateEndpointName}"
_MADE: Props = {"timed": TIMES, "outputs": {"provisioningState": "Succeeded", "etag": 'W/"{hex}"'}}
_LINKED = Ref("virtualNetwork.id", VNET, MISSING, MET, anywhere=True, abroad=True)
_WRITTEN = Ref("privateDnsZoneConfigs.privateDnsZoneId", ZONE, MISSING, MET, anywhere=True)
_FORM = (r"(?=.{1,63}$)[\w-]+(\.[\w-]+){1,33}", "BadRequest", SDK)
TYPES = (
    row(ZONE, _ZONE_ID, 30, _FORM, **_MADE),
    row(LINK, _ZONE_ID + "/virtualNetworkLinks/{virtualNetworkLinkName}", 30, within=ZONE, refs=(_LINKED,), **_MADE),
    row(ENDPOINT, _ENDPOINT_ID, 60, refs=(Ref("subnet.id", SUBNET, MISSING, MET, anywhere=True),), **_MADE),
    row(
        NAMES,
        _ENDPOINT_ID + "/privateDnsZoneGroups/{privateDnsZoneGroupName}",
        15,
        within=ENDPOINT,
        refs=(_WRITTEN,),
        **_MADE,
    ),
)
_TO, _GROUPS = (f"privateLinkServiceConnections.{end}" for end in ("privateLinkServiceId", "groupIds"))


@rule(ZONE, "CannotDeleteResource", FACTS, "delete")
def _linked(operation: Operation) -> str | None:
    """A zone is not deleted while a network is linked to it."""
    links = (link.id for link in operation.others(LINK) if link.id.startswith(f"{operation.id}/"))
    return next((f"it has the link {link!r}; delete that first" for link in links), None)


@rule(LINK, "BadRequest", FACTS)
def _once(operation: Operation) -> str | None:
    """A network is linked to one zone of a name."""
    name, network = str(operation.one("privateZoneName")).lower(), operation.one("virtualNetwork.id")
    for other in operation.others(LINK):
        if str(other.get("privateZoneName")).lower() == name and at(other.inputs, "virtualNetwork.id") == [network]:
            return f"{network} is linked to a zone {name} already: {other.id}"
    return None


@rule(ENDPOINT, MISSING, MET)
def _region(operation: Operation) -> str | None:
    """An endpoint is in the region of its subnet."""
    subnet = operation.one("subnet.id")
    network = existing(operation, VNET, str(subnet).partition("/subnets/")[0])
    elsewhere = network and network.region != operation.region
    return f"{subnet} is in {network.region}, the endpoint in {operation.region}" if network and elsewhere else None


@rule(ENDPOINT, MISSING, MET)
def _target(operation: Operation) -> str | None:
    """An endpoint leads to something that exists, and to a part that it has."""
    for id_ in operation.at(_TO):
        groups = next((groups for token, groups in _SERVICES.items() if existing(operation, token, id_)), None)
        if groups is None:
            return f"{id_!r} does not exist, or has no private endpoints"
        if any(group not in groups for group in operation.at(_GROUPS)):
            return f"{operation.at(_GROUPS)} of {id_} is none of its groups: {', '.join(groups)}"
    return None if operation.at(_TO) else "it leads nowhere: `privateLinkServiceConnections` is missing"


@rule((SUBNET, VNET), "InUseSubnetCannotBeDeleted", FACTS, "delete")
def _occupied(operation: Operation) -> str | None:
    """A subnet is not deleted while an endpoint is in it, nor its network."""
    inside = (r.id for r in operation.others(ENDPOINT) for id_ in at(r.inputs, "subnet.id") if _in(id_, operation.id))
    return next((f"{operation.id!r} is in use by {id_!r}" for id_ in inside), None)


@rule(NAMES, "BadRequest", FACTS)
def _zone(operation: Operation) -> str | None:
    """A name goes to its service's zone (ARM takes any, and the name then leads out: refused here for that)."""
    groups = at((endpoint := parent(operation)) and endpoint.inputs, _GROUPS)
    right = [zones[group] for zones in _SERVICES.values() for group in groups if group in zones]
    wrong = (id_ for id_ in operation.at(_WRITTEN.path) if id_.rpartition("/")[2].lower() not in right)
    return next((f"{id_!r} is not the zone of {groups}: {', '.join(right)}" for id_ in wrong), None)


def _global(location: str) -> bool:
    return normal(location) == "global"


def _in(id_: str, place: str) -> bool:
    return f"{id_}/".lower().startswith(f"{place}/".lower())


_NOWHERE = "LocationNotAvailableForResourceType"
RULES = (
    each((ZONE, LINK), "location", _global, _NOWHERE, FACTS, "it is `Global`"),
    *(_linked, _once, _region, _target, _occupied, _zone),
    *(unchanged(ENDPOINT, path, "BadRequest", FACTS) for path in ("subnet.id", _TO, _GROUPS)),
)
