"""Microsoft.Network: load balancers, the Private Link services in front of them, and records of private zones."""

from simulator.azure.arm import FACTS, IN_GROUP, MET, MISSING, PACKAGE, SDK, existing, row
from simulator.azure.dns import ZONE
from simulator.azure.network import SUBNET
from simulator.cloud import Operation, Ref
from simulator.rules import between, rule
from simulator.values import Props, at

BALANCER, SERVICE = f"{PACKAGE}:network:LoadBalancer", f"{PACKAGE}:network:PrivateLinkService"
RECORD = f"{PACKAGE}:privatedns:PrivateRecordSet"
_IN = f"{IN_GROUP}/providers/Microsoft.Network"
_ZONED = _IN + "/privateDnsZones/{privateZoneName}/{recordType}/{relativeRecordSetName}"
_MADE: Props = {"provisioningState": "Succeeded", "etag": 'W/"{hex}"'}
_ALIAS = "{serviceName}.{hex:.8}-{hex:.4}-4{hex:.3}-8{hex:.3}-{hex:.12}.{region}.azure.privatelinkservice"
_USED = "InUseSubnetCannotBeDeleted"
_FRONT, _LENT = (
    Ref(path, SUBNET, MISSING, MET, _USED, anywhere=True)
    for path in ("frontendIPConfigurations.subnet.id", "ipConfigurations.subnet.id")
)
_OFFERED = "loadBalancerFrontendIpConfigurations.id"
TYPES = (
    row(BALANCER, f"{_IN}/loadBalancers/{{loadBalancerName}}", 10, outputs=_MADE, refs=(_FRONT,)),
    row(
        *(SERVICE, f"{_IN}/privateLinkServices/{{serviceName}}", 30),
        outputs={**_MADE, "alias": _ALIAS, "privateEndpointConnections": []},
        refs=(_LENT,),
        replace=(_OFFERED,),
    ),
    row(
        RECORD, _ZONED, 5, within=ZONE, outputs={"etag": "{hex}", "fqdn": "{relativeRecordSetName}.{privateZoneName}."}
    ),
)
_PARTS = {
    "frontendIPConfiguration": "frontendIPConfigurations",
    "backendAddressPools": "backendAddressPools",
    "probe": "probes",
}


@rule(BALANCER, MISSING, MET, property_="loadBalancingRules")
def _parts(operation: Operation) -> str | None:
    """What its rules name is its own, and is there."""
    itself = operation.text(operation.type.id)
    for path, kind in _PARTS.items():
        own = {f"{itself}/{kind}/{name}".lower() for name in operation.at(f"{kind}.name")}
        for id_ in operation.at(f"loadBalancingRules.{path}.id"):
            if id_.lower() not in own:
                return f"{id_!r} is none of its {kind}"
    return None


@rule(SERVICE, MISSING, FACTS, property_="loadBalancerFrontendIpConfigurations")
def _front(operation: Operation) -> str | None:
    """It leads to a front of an internal load balancer of SKU Standard, in its region."""
    for id_ in operation.at(_OFFERED):
        whole, _, name = id_.partition("/frontendIPConfigurations/")
        balancer = existing(operation, BALANCER, whole)
        fronts = (balancer and balancer.inputs.get("frontendIPConfigurations")) or []
        front = next((each for each in fronts if each.get("name") == name), None)
        if balancer is None or front is None:
            return f"{id_!r} does not exist"
        if at(balancer.inputs, "sku.name") != ["Standard"] or front.get("publicIPAddress"):
            return f"{id_!r} is of no internal load balancer of SKU Standard"
        if balancer.region != operation.region:
            return f"{id_!r} is in {balancer.region}, the service in {operation.region}"
    return None


@rule(SERVICE, "PrivateLinkServiceNetworkPoliciesCannotBeEnabledOnPrivateLinkServiceSubnet", FACTS)
def _policies(operation: Operation) -> str | None:
    """Its addresses are of a subnet whose `privateLinkServiceNetworkPolicies` are Disabled."""
    for id_ in operation.at("ipConfigurations.subnet.id"):
        subnet = existing(operation, SUBNET, id_)
        if subnet and subnet.inputs.get("privateLinkServiceNetworkPolicies") != "Disabled":
            return f"{id_!r} has them"
    return None


@rule(SERVICE, "BadRequest", FACTS, "check", "autoApproval")
def _approved(operation: Operation) -> str | None:
    """Who is approved by itself is one of those that see it."""
    seen = operation.at("visibility.subscriptions")
    others = [id_ for id_ in operation.at("autoApproval.subscriptions") if id_ not in seen and "*" not in seen]
    return f"{others[0]} does not see it" if others else None


@rule(RECORD, "BadRequest", SDK, "check")
def _answers(operation: Operation) -> str | None:
    """A record set has records of its type."""
    kind = str(operation.one("recordType"))
    wanted = f"{kind.lower()}Record" + ("" if kind in ("CNAME", "SOA") else "s")
    return None if wanted in operation.inputs else f"it is of type {kind}, and has no `{wanted}`"


RULES = (
    *(_parts, _front, _policies, _approved, _answers),
    between(BALANCER, "loadBalancingRules.idleTimeoutInMinutes", 4, 30, "InvalidRequestFormat", SDK),
)
