"""Microsoft.Network: virtual networks, subnets, security groups, route tables, NAT gateways and their addresses."""

import ipaddress
import re
from uuid import UUID

from simulator.azure.arm import FACTS, IN_GROUP, MET, PACKAGE, SDK, each, existing, parent, row
from simulator.cloud import Operation, Ref, Rule
from simulator.regions import regions
from simulator.rules import between, outside, overlap, rule, unchanged
from simulator.values import Props, at, known

VNET, SUBNET, NSG, ROUTES = (
    f"{PACKAGE}:network:{name}" for name in ("VirtualNetwork", "Subnet", "NetworkSecurityGroup", "RouteTable")
)
NAT, ADDRESS = f"{PACKAGE}:network:NatGateway", f"{PACKAGE}:network:PublicIPAddress"
_IN = f"{IN_GROUP}/providers/Microsoft.Network"
_VNET_ID = f"{_IN}/virtualNetworks/{{virtualNetworkName}}"
_MADE: Props = {"provisioningState": "Succeeded", "etag": 'W/"{hex}"'}
_GUID: Props = {"resourceGuid": lambda operation: str(UUID(operation.text("{hex}")))}
_EMPTY: Props = {"enableDdosProtection": False, "subnets": [], "virtualNetworkPeerings": []}
_MISSING, _USED = "InvalidResourceReference", "InUse{}CannotBeDeleted"
_SECURED = Ref("networkSecurityGroup.id", NSG, _MISSING, MET, _USED.format("NetworkSecurityGroup"), anywhere=True)
_ROUTED = Ref("routeTable.id", ROUTES, _MISSING, MET, _USED.format("RouteTable"), anywhere=True)
_TRANSLATED = Ref("natGateway.id", NAT, _MISSING, MET, _USED.format("NatGateway"), anywhere=True)
_LENT = Ref("publicIpAddresses.id", ADDRESS, _MISSING, MET, _USED.format("PublicIPAddress"), anywhere=True)
_IN_VNET: Props = {"within": VNET, "outputs": _MADE | {"delegations": []}, "refs": (_SECURED, _ROUTED, _TRANSLATED)}
_DIGITS: Props = {"ipAddress": lambda operation: f"20.{int(operation.text('{hex}')[:2], 16)}.0.4"}
TYPES = (
    row(VNET, _VNET_ID, 4, outputs=_MADE | _GUID | _EMPTY, replace=("location",)),
    row(SUBNET, f"{_VNET_ID}/subnets/{{subnetName}}", 5, **_IN_VNET),
    row(NSG, f"{_IN}/networkSecurityGroups/{{networkSecurityGroupName}}", 4, outputs=_MADE | _GUID),
    row(ROUTES, f"{_IN}/routeTables/{{routeTableName}}", 4, outputs=_MADE | _GUID),
    row(ADDRESS, f"{_IN}/publicIPAddresses/{{publicIpAddressName}}", 4, outputs=_MADE | _GUID | _DIGITS),
    row(NAT, f"{_IN}/natGateways/{{natGatewayName}}", 8, outputs=_MADE | _GUID, refs=(_LENT,)),
)
_SPACE = "addressSpace.addressPrefixes"
_RANGES = ("addressPrefix", "addressPrefixes", "subnets.addressPrefix", "subnets.addressPrefixes")
_ENDS = " ".join(f"securityRules.{end}{{0}} securityRules.{end}{{0}}{{1}}" for end in ("source", "destination"))
_ADDRESSES, _NUMBERS = _ENDS.format("AddressPrefix", "es"), _ENDS.format("PortRange", "s")


def _block(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _place(text: str) -> bool:
    return _block(text) or bool(re.fullmatch(r"\*|[A-Za-z][\w.]*", text))


def _ports(text: str) -> bool:
    ports = [int(port) for port in re.findall(r"\d+", text)]
    formed = re.fullmatch(r"\*|\d+(-\d+)?", text)
    return bool(formed) and ports == sorted(ports) and max(ports, default=0) <= 65535


def _ranges(inputs: Props) -> list[str]:
    return [text for path in _RANGES for text in at(inputs, path)]


def _inside(operation: Operation) -> str | None:
    space = operation.at(_SPACE) or at((network := parent(operation)) and network.inputs, _SPACE)
    text = outside(_ranges(operation.inputs), space)
    return f"{text} is outside the virtual network's {', '.join(space)}" if text else None


def _overlap(operation: Operation) -> str | None:
    mine, network = _ranges(operation.inputs), parent(operation)
    for record in operation.others(SUBNET):
        if network and record.id.startswith(f"{network.id}/") and (pair := overlap(mine, _ranges(record.inputs))):
            return f"{pair[0]} overlaps {pair[1]} of the subnet {record.get('name')}"
    return None


def _same_region(operation: Operation) -> str | None:
    network = parent(operation)
    for path, token in (("networkSecurityGroup.id", NSG), ("routeTable.id", ROUTES)):
        other = existing(operation, token, operation.one(path))
        if network and other and other.get("location") != network.get("location"):
            return f"{other.id} is in {other.get('location')}, and the subnet in {network.get('location')}"
    return None


def _priorities(operation: Operation) -> str | None:
    rules = [(rule.get("direction"), rule.get("priority")) for rule in operation.at("securityRules")]
    twice = ((a, b) for a, b in rules if known(a) and known(b) and rules.count((a, b)) > 1)
    return next((f"two {direction} rules have priority {priority}" for direction, priority in twice), None)


@rule(ADDRESS, "StandardSkuPublicIPAddressesMustBeStatic", SDK, "check")
def _static(operation: Operation) -> str | None:
    """An address of SKU Standard is static."""
    standard, method = operation.one("sku.name") == "Standard", operation.one("publicIPAllocationMethod")
    return f"it is {method or 'Dynamic'}" if standard and method != "Static" else None


@rule(NAT, "NatGatewayPublicIpAddressSkuNotSupported", MET)
def _lent(operation: Operation) -> str | None:
    """A NAT gateway's addresses are of SKU Standard, and of its region."""
    for id_ in operation.at("publicIpAddresses.id"):
        address = existing(operation, ADDRESS, id_)
        if address and ("Standard" not in at(address.inputs, "sku.name") or address.region != operation.region):
            return f"{id_} is of SKU {at(address.inputs, 'sku.name')}, in {address.region}"
    return None


@rule((ADDRESS, NAT), "AvailabilityZoneNotSupported", FACTS, "check")
def _zones(operation: Operation) -> str | None:
    """Its zones are of the region; a NAT gateway has one at most."""
    have, wanted = regions("azure").get(operation.region, ()), operation.at("zones")
    if operation.type.token == NAT and len(wanted) > 1:
        return f"a NAT gateway stands in one zone, not in {', '.join(wanted)}"
    return next((f"{operation.region} has no zone {zone}" for zone in wanted if zone not in have), None)


_OUTSIDE, _PLACES = "NetcfgSubnetRangeOutsideVnet", "it is a CIDR block, a service tag or `*`"
RULES = (
    Rule("Subnet-inside", (SUBNET, VNET), "subnets lie in their network's space", _OUTSIDE, MET, _inside),
    Rule("Subnet-overlap", SUBNET, "subnets do not overlap", "NetcfgSubnetRangesOverlap", MET, _overlap),
    Rule("Subnet-region", SUBNET, "its security group and routes are of its region", _MISSING, MET, _same_region),
    Rule("NetworkSecurityGroup-once", NSG, "a priority is had once", "SecurityRuleConflict", SDK, _priorities, "check"),
    each((SUBNET, VNET), " ".join((*_RANGES, _SPACE)), _block, "InvalidAddressPrefixFormat", MET, "it is a CIDR block"),
    each(NSG, _ADDRESSES, _place, "SecurityRuleInvalidAddressPrefix", SDK, _PLACES),
    each(NSG, _NUMBERS, _ports, "SecurityRuleInvalidPortRange", SDK, "it is a port, `low-high` or `*`, 0 to 65535"),
    between(NSG, "securityRules.priority", 100, 4096, "SecurityRuleInvalidPriority", SDK),
    *(_static, _lent, _zones),
    unchanged(SUBNET, "defaultOutboundAccess", "SubnetDefaultOutboundAccessCannotBeUpdated", SDK),
)
