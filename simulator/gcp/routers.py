"""Compute Engine's routers, the NATs that they have, and peerings of networks."""

from simulator.cloud import Operation, Ref
from simulator.gcp.network import FORMS, LOWER, NETWORK, SUBNET, ref
from simulator.gcp.resource import MET, SDK, row, tokens
from simulator.rules import matches, one_of, rule
from simulator.values import Props

ROUTER, NAT, PEERING = tokens("compute", "Router", "RouterNat", "NetworkPeering")
_INVALID, _EVERY = "400 invalid", "ALL_SUBNETWORKS"
_MODES = (f"{_EVERY}_ALL_IP_RANGES", f"{_EVERY}_ALL_PRIMARY_IP_RANGES", "LIST_OF_SUBNETWORKS")
_PARTS = ("ALL_IP_RANGES", "LIST_OF_SECONDARY_IP_RANGES", "PRIMARY_IP_RANGE")
_NAT: Props = {"name": LOWER, "defaults": {"type": "PUBLIC"}, "outputs": {"autoNetworkTier": "PREMIUM"}}
_OF_ROUTER = Ref("router", ROUTER, "404 notFound", MET, by=FORMS)  # a router takes its NATs along
_SERVED = ref("subnetworks.name", SUBNET)
_PEER: Props = {"name": LOWER, "refs": (ref("network", NETWORK),)}
_PEER |= {"outputs": {"state": "INACTIVE", "stateDetails": "Waiting for peer network to connect."}}
_PEER |= {"defaults": {"exportSubnetRoutesWithPublicIp": True, "stackType": "IPV4_ONLY"}}
_ANY = r"(https://www\.googleapis\.com/compute/v1/)?projects/[^/]+/global/networks/[a-z][-a-z0-9]*"
TYPES = (
    row(ROUTER, 10, "regions/{region}/routers/{name}", "network", name=LOWER, refs=(ref("network", NETWORK),)),
    row(PEERING, 15, "{network}/{name}", "peerNetwork", **_PEER),
    row(NAT, 15, "{account}/{region}/{router}/{name}", "project type", refs=(_OF_ROUTER, _SERVED), **_NAT),
)


@rule(NAT, _INVALID, SDK, "check", "subnetworks")
def _listed(operation: Operation) -> str | None:
    """Subnets are listed if and only if it is for LIST_OF_SUBNETWORKS."""
    wanted = operation.one("sourceSubnetworkIpRangesToNat")
    listed = operation.inputs.get("subnetworks")
    right = wanted is None or bool(listed) == (wanted == "LIST_OF_SUBNETWORKS")
    return None if right else f"it is for {wanted}, and lists {'some' if listed else 'no'} subnets"


@rule(NAT, _INVALID, SDK, "check", "subnetworks")
def _secondary(operation: Operation) -> str | None:
    """Secondary ranges are named if and only if a subnet's LIST_OF_SECONDARY_IP_RANGES is served."""
    for subnet in operation.at("subnetworks"):
        named, parts = subnet.get("secondaryIpRangeNames"), subnet.get("sourceIpRangesToNats", ())
        if bool(named) != ("LIST_OF_SECONDARY_IP_RANGES" in parts):
            return f"{subnet.get('name')} is served by {', '.join(parts)}, and names {named or 'no ranges'}"
    return None


@rule(NAT, _INVALID, SDK, "check", "natIps")
def _addresses(operation: Operation) -> str | None:
    """Addresses are given to a MANUAL_ONLY one only."""
    given, how = operation.inputs.get("natIps"), operation.one("natIpAllocateOption")
    return f"it is {how}, and has addresses" if given and how != "MANUAL_ONLY" else None


@rule(NAT, _INVALID, SDK, "create")
def _alone(operation: Operation) -> str | None:
    """One that serves all subnets is alone in its network and region."""

    def network(router: object) -> object:
        record = operation.find(ROUTER, router, FORMS, anywhere=False)
        return record and operation.find(NETWORK, record.inputs.get("network"), FORMS)

    own = network(operation.one("router"))
    for other in operation.others(NAT):
        modes = (operation.one("sourceSubnetworkIpRangesToNat"), other.inputs.get("sourceSubnetworkIpRangesToNat"))
        near = own and other.region == operation.region and network(other.inputs.get("router")) == own
        if near and any(str(mode).startswith(_EVERY) for mode in modes):
            return f"{other.id} serves the same network, and one of them all subnets of it"
    return None


@rule(PEERING, _INVALID, MET, "check", "peerNetwork")
def _itself(operation: Operation) -> str | None:
    """A network is peered with another."""
    own, peer = (str(operation.one(name)).rpartition("projects/")[2] for name in ("network", "peerNetwork"))
    return f"{peer} is the network itself" if own == peer else None


@rule(PEERING, "409 alreadyExists", MET, "create", "peerNetwork")
def _peered(operation: Operation) -> str | None:
    """Two networks are peered once."""
    ends = [operation.one(name) for name in ("network", "peerNetwork")]
    same = (r.id for r in operation.others(PEERING) if [r.inputs.get(n) for n in ("network", "peerNetwork")] == ends)
    return next((f"{id_} peers the two already" for id_ in same), None)


RULES = (
    *(_itself, _peered, matches(PEERING, "peerNetwork", _ANY, _INVALID, SDK)),
    one_of(PEERING, "stackType", ("IPV4_ONLY", "IPV4_IPV6"), _INVALID, SDK),
    one_of(PEERING, "updateStrategy", ("INDEPENDENT", "CONSENSUS"), _INVALID, SDK),
    *(_listed, _secondary, _addresses, _alone),
    one_of(NAT, "sourceSubnetworkIpRangesToNat", _MODES, _INVALID, SDK),
    one_of(NAT, "subnetworks.sourceIpRangesToNats", _PARTS, _INVALID, SDK),
    one_of(NAT, "natIpAllocateOption", ("MANUAL_ONLY", "AUTO_ONLY"), _INVALID, SDK),
    one_of(NAT, "type", ("PUBLIC", "PRIVATE"), _INVALID, SDK),
    one_of(NAT, "logConfig.filter", ("ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"), _INVALID, SDK),
)
