"""Virtual network peerings: one half each."""

from simulator.azure.arm import FACTS, IN_GROUP, MISSING, PACKAGE, SDK, existing, parent, row
from simulator.azure.network import VNET
from simulator.cloud import Operation, Ref
from simulator.rules import overlap, rule
from simulator.values import Props, at

PEERING = f"{PACKAGE}:network:VirtualNetworkPeering"
_PATH = f"{IN_GROUP}/providers/Microsoft.Network/virtualNetworks/{{virtualNetworkName}}/virtualNetworkPeerings"
_REMOTE, _SPACE = "remoteVirtualNetwork.id", "addressSpace.addressPrefixes"
_FAR = Ref(_REMOTE, VNET, MISSING, FACTS, anywhere=True, abroad=True)


def _state(operation: Operation) -> str:
    """Connected once the other half is there."""
    near = parent(operation)
    ours = near.id.lower() if near else ""
    halves = (r for r in operation.store.all(PACKAGE) if r.type == PEERING and r.alive)
    other = str(operation.one(_REMOTE)).lower()
    back = any(r.id.lower().startswith(f"{other}/") and str(at(r.inputs, _REMOTE)[0]).lower() == ours for r in halves)
    return "Connected" if back else "Initiated"


_MADE: Props = {"provisioningState": "Succeeded", "peeringState": _state, "etag": 'W/"{hex}"'}
TYPES = (row(PEERING, f"{_PATH}/{{virtualNetworkPeeringName}}", 15, within=VNET, refs=(_FAR,), outputs=_MADE),)


@rule(PEERING, "VnetAddressSpacesOverlap", FACTS)
def _overlapping(operation: Operation) -> str | None:
    """Networks whose address spaces overlap are not peered."""
    near, far = parent(operation), existing(operation, VNET, operation.one(_REMOTE))
    pair = near and far and overlap(at(near.inputs, _SPACE), at(far.inputs, _SPACE))
    return f"{pair[0]} overlaps {pair[1]} of {operation.one(_REMOTE)}" if pair else None


@rule(PEERING, "InvalidRequestFormat", SDK, "check", "useRemoteGateways")
def _gateways(operation: Operation) -> str | None:
    """Gateways are lent to the peer or borrowed from it, not both."""
    both = operation.one("useRemoteGateways") and operation.one("allowGatewayTransit")
    return "it has `useRemoteGateways` and `allowGatewayTransit`" if both else None


RULES = (_overlapping, _gateways)
