"""Microsoft.Network: virtual networks, subnets, security groups, route tables.

Not modelled: that writes to one network at the same time conflict, standalone subnets beside inline ones, which service
tags there are, what occupies a subnet.
"""

import ipaddress
import re
from uuid import UUID

from simulator.azure.arm import IN_GROUP, PACKAGE, SDK, existing, parent, row, rule
from simulator.cloud import Operation, Ref, Source
from simulator.rules import between, outside, overlap, unchanged
from simulator.values import Props, at

VNET, SUBNET, NSG, ROUTES = (
    f"{PACKAGE}:network:{name}" for name in ("VirtualNetwork", "Subnet", "NetworkSecurityGroup", "RouteTable")
)
_IN = f"{IN_GROUP}/providers/Microsoft.Network"
_CODES = Source("Azure networking error codes", "K")
_MISSING, _IN_USE = "InvalidResourceReference", "InUse{}CannotBeDeleted"
_MADE: Props = {"provisioningState": "Succeeded", "etag": 'W/"{hex}"'}
_GUID: Props = {"resourceGuid": lambda operation: str(UUID(operation.text("{hex}")))}

TYPES = (
    row(
        VNET,
        f"{_IN}/virtualNetworks/{{virtualNetworkName}}",
        4,
        outputs=_MADE | _GUID | {"enableDdosProtection": False, "subnets": [], "virtualNetworkPeerings": []},
        replace=("location",),
    ),
    row(
        SUBNET,
        f"{_IN}/virtualNetworks/{{virtualNetworkName}}/subnets/{{subnetName}}",
        5,
        VNET,
        outputs=_MADE | {"delegations": []},
        refs=(
            Ref(
                "networkSecurityGroup.id", NSG, _MISSING, _CODES, _IN_USE.format("NetworkSecurityGroup"), anywhere=True
            ),
            Ref("routeTable.id", ROUTES, _MISSING, _CODES, _IN_USE.format("RouteTable"), anywhere=True),
        ),
    ),
    row(NSG, f"{_IN}/networkSecurityGroups/{{networkSecurityGroupName}}", 4, outputs=_MADE | _GUID),
    row(ROUTES, f"{_IN}/routeTables/{{routeTableName}}", 4, outputs=_MADE | _GUID),
)
_RANGES = ("addressPrefix", "addressPrefixes", "subnets.addressPrefix", "subnets.addressPrefixes")
_SPACE = "addressSpace.addressPrefixes"
_TAG = r"[A-Za-z][\w.]*"


def _block(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text))
    except ValueError:
        return False


def _ranges(inputs: Props) -> list[str]:
    return [text for path in _RANGES for text in at(inputs, path)]


@rule((VNET, SUBNET), "InvalidAddressPrefixFormat", _CODES, "check")
def _blocks(operation: Operation) -> str | None:
    """Address prefixes are CIDR blocks without host bits."""
    bad = (text for text in (*_ranges(operation.inputs), *operation.at(_SPACE)) if not _block(text))
    return next((f"{text!r} is not formatted correctly" for text in bad), None)


@rule((VNET, SUBNET), "NetcfgSubnetRangeOutsideVnet", _CODES)
def _inside(operation: Operation) -> str | None:
    """Subnets lie inside their network's address space, also after it changed."""
    network = parent(operation) if operation.type.token == SUBNET else None
    space = at(network.inputs if network else operation.inputs, _SPACE)
    subnets = [_ranges(operation.inputs)]
    if network is None and operation.record:
        subnets += [_ranges(r.inputs) for r in operation.others(SUBNET) if r.id.startswith(f"{operation.id}/")]
    text = next((text for ranges in subnets if (text := outside(ranges, space))), None)
    return f"{text} is outside the virtual network's {', '.join(space)}" if text else None


@rule(SUBNET, "NetcfgSubnetRangesOverlap", _CODES)
def _overlap(operation: Operation) -> str | None:
    """Subnets of a network do not overlap."""
    mine, network = _ranges(operation.inputs), parent(operation)
    for record in operation.others(SUBNET):
        if network and record.id.startswith(f"{network.id}/") and (pair := overlap(mine, _ranges(record.inputs))):
            return f"{pair[0]} overlaps {pair[1]} of the subnet {record.get('name')}"
    return None


@rule(SUBNET, _MISSING, _CODES)
def _same_region(operation: Operation) -> str | None:
    """A subnet's security group and route table are in its region."""
    network = parent(operation)
    for path, token in (("networkSecurityGroup.id", NSG), ("routeTable.id", ROUTES)):
        other = existing(operation, token, operation.one(path))
        if network and other and other.get("location") != network.get("location"):
            return f"{other.id} is in {other.get('location')}, and the subnet in {network.get('location')}"
    return None


@rule(NSG, "SecurityRuleConflict", SDK, "check", "securityRules", "give each rule its own priority")
def _priorities(operation: Operation) -> str | None:
    """No two rules of one direction have the same priority."""
    rules = [(rule.get("direction"), rule.get("priority")) for rule in operation.at("securityRules")]
    return next((f"two {a} rules have priority {b}" for a, b in rules if b and rules.count((a, b)) > 1), None)


def _ends(operation: Operation, what: str) -> list[str]:
    paths = (f"securityRules.{end}{what}{many}" for end in ("source", "destination") for many in ("", "es", "s"))
    return [text for path in paths for text in operation.at(path)]


@rule(NSG, "SecurityRuleInvalidAddressPrefix", SDK, "check", "securityRules")
def _addresses(operation: Operation) -> str | None:
    """Address prefixes of a rule are CIDR blocks, service tags or `*`."""
    bad = (t for t in _ends(operation, "AddressPrefix") if not _block(t) and not re.fullmatch(rf"\*|{_TAG}", t))
    return next((f"{text!r} is no CIDR block, service tag or *" for text in bad), None)


@rule(NSG, "SecurityRuleInvalidPortRange", SDK, "check", "securityRules")
def _ports(operation: Operation) -> str | None:
    """Port ranges of a rule are a port, `low-high` or `*`, from 0 to 65535."""
    for text in _ends(operation, "PortRange"):
        ports = [int(port) for port in re.findall(r"\d+", text)]
        if not re.fullmatch(r"\*|\d+(-\d+)?", text) or ports != sorted(ports) or max(ports, default=0) > 65535:
            return f"{text!r} is no port, range of ports or *; valid are 0 to 65535"
    return None


@rule(ROUTES, "InvalidRouteAddressPrefix", SDK, "check", "routes")
def _destinations(operation: Operation) -> str | None:
    """Routes lead to CIDR blocks or service tags."""
    bad = (t for t in operation.at("routes.addressPrefix") if not _block(t) and not re.fullmatch(_TAG, t))
    return next((f"{text!r} is no CIDR block or service tag" for text in bad), None)


@rule(ROUTES, "InvalidNextHopIpAddress", SDK, "check", "routes")
def _next_hops(operation: Operation) -> str | None:
    """`nextHopIpAddress` is given with the next hop type VirtualAppliance only."""
    others = (r for r in operation.at("routes") if str(r.get("nextHopType")).lower() != "virtualappliance")
    return next((f"route {r.get('name')!r} has an address" for r in others if r.get("nextHopIpAddress")), None)


RULES = (
    _blocks,
    _inside,
    _overlap,
    _same_region,
    _priorities,
    _addresses,
    _ports,
    _destinations,
    _next_hops,
    between(NSG, "securityRules.priority", 100, 4096, "SecurityRuleInvalidPriority", SDK),
    unchanged(SUBNET, "defaultOutboundAccess", "SubnetDefaultOutboundAccessCannotBeUpdated", SDK),
)
