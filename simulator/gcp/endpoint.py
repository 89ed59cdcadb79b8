"""Internal addresses; forwarding rules to service attachments (the consumer's end of Private Service Connect) and to
internal proxies.
"""

import ipaddress

from simulator.cloud import Operation, Ref, Refusal
from simulator.gcp.balancing import ATTACHMENT, PROXY
from simulator.gcp.network import FORMS, LOWER, NETWORK, SUBNET, ref
from simulator.gcp.resource import MET, SDK, GcpType, never, row, tokens
from simulator.gcp.sql import INSTANCE
from simulator.rules import outside, rule
from simulator.values import Props, at

ADDRESS, ENDPOINT = tokens("compute", "Address", "ForwardingRule")
_INVALID, _IN_USE, _ABSENT = "400 invalid", "400 resourceInUseByAnotherResource", "404 notFound"
_ALLOWED, _ANY = "settings.ipConfiguration.pscConfigs.allowedConsumerProjects", (*FORMS, "address")
_IN = Ref("subnetwork", SUBNET, _ABSENT, MET, _IN_USE, FORMS)
_AT = Ref("ipAddress", ADDRESS, _ABSENT, SDK, _IN_USE, _ANY)
_TO = {INSTANCE: ("pscServiceAttachmentLink",), ATTACHMENT: FORMS, PROXY: FORMS}
"""What a rule may lead to, by the properties that name it."""


def _space(address: Operation) -> tuple[str, list[str]]:
    """The range that an address is from, and what of it is taken."""
    subnet = address.find(SUBNET, address.one("subnetwork"), FORMS)
    others = ((address.find(SUBNET, o.inputs.get("subnetwork"), FORMS), o) for o in address.others(ADDRESS))
    taken = [other.get("address") for its, other in others if its is subnet]
    return str(subnet.get("ipCidrRange")) if subnet else "203.0.113.0/24", taken


def _reserved(address: Operation) -> str:
    """What it has already, else the first of the range that is neither taken nor Google's own."""
    if address.record:
        return str(address.record.get("address") or address.record.get("ipAddress"))
    text, taken = _space(address)
    for host in list(ipaddress.IPv4Network(text))[2:-2]:
        if str(host) not in taken:
            return str(host)
    raise Refusal("400 IP_SPACE_EXHAUSTED", f"no free address is left in {text}")


def _status(endpoint: Operation) -> str:
    if endpoint.one("loadBalancingScheme"):
        return ""
    published = endpoint.find(ATTACHMENT, endpoint.one("target"), FORMS, abroad=True)
    instance = endpoint.find(INSTANCE, endpoint.one("target"), _TO[INSTANCE])
    allowed = at(instance.inputs, _ALLOWED) if instance else []
    allowed += at(published.inputs, "consumerAcceptLists.projectIdOrNum") if published else []
    return "ACCEPTED" if {endpoint.account, endpoint.scope.settings["number"]} & {*allowed} else "PENDING"


class _Endpoint(GcpType):
    def describe(self, operation: Operation) -> Props:
        """With the address itself, in whatever form it was given."""
        address = operation.find(ADDRESS, operation.one("ipAddress"), _ANY)
        if address is None and operation.one("subnetwork"):
            return {**super().describe(operation), "ipAddress": _reserved(operation)}
        return super().describe(operation) | ({"ipAddress": address.get("address")} if address else {})


_OUTPUTS = {"forwardingRuleId": "{number}", "pscConnectionId": "{number}", "pscConnectionStatus": _status}
_ADDRESS: Props = {"name": LOWER, "refs": (_IN,), "defaults": {"addressType": "EXTERNAL"}}
_ADDRESS |= {"outputs": {"address": _reserved, "addressId": "{number}"}}
_ENDPOINT: Props = {"name": LOWER, "refs": (ref("network", NETWORK, blocks=""), _IN, _AT), "outputs": _OUTPUTS}
_ENDPOINT |= {"defaults": {"loadBalancingScheme": "EXTERNAL"}}
_STATIC = "address addressType description ipVersion network networkTier prefixLength purpose subnetwork"
_FIXED = "description ipAddress ipVersion loadBalancingScheme network networkTier noAutomateDnsZone subnetwork target"
TYPES = (
    row(ADDRESS, 5, "regions/{region}/addresses/{name}", _STATIC, **_ADDRESS),
    row(ENDPOINT, 20, "regions/{region}/forwardingRules/{name}", _FIXED, _Endpoint, **_ENDPOINT),
)


@rule(ENDPOINT, _ABSENT, SDK, property_="target", fix="create that first, in the same project")
def _target(endpoint: Operation) -> str | None:
    """`target` names an existing service attachment or proxy."""
    target = endpoint.one("target")
    there = any(endpoint.find(token, target, by, anywhere=False, abroad=True) for token, by in _TO.items())
    return None if there or target is None else f"{target!r} (`target`) does not exist in {endpoint.region}"


def _misplaced(address: Operation) -> bool:
    internal = address.one("addressType") == "INTERNAL"
    return internal != bool(address.one("subnetwork")) or bool(internal and address.one("networkTier"))


def _outside(address: Operation) -> bool:
    range_, taken = _space(address)
    return any(outside([f"{text}/32"], [range_]) or text in taken for text in address.at("address"))


def _foreign(endpoint: Operation) -> bool:
    address = endpoint.find(ADDRESS, endpoint.one("ipAddress"), _ANY)
    subnet = address and endpoint.find(SUBNET, address.inputs.get("subnetwork"), FORMS)
    own = endpoint.find(NETWORK, endpoint.one("network"), FORMS)
    return bool(address) and (not subnet or endpoint.find(NETWORK, subnet.inputs["network"], FORMS) is not own)


def _shared(endpoint: Operation) -> bool:
    address = endpoint.find(ADDRESS, endpoint.one("ipAddress"), _ANY)
    rules = (endpoint.find(ADDRESS, other.inputs.get("ipAddress"), _ANY) for other in endpoint.others(ENDPOINT))
    return any(other is address for other in rules if address)


def _balancing(endpoint: Operation) -> bool:
    proxy = endpoint.find(PROXY, endpoint.one("target"), FORMS)
    return bool(endpoint.one("loadBalancingScheme") and endpoint.one("target")) and not proxy


_KIND = "an INTERNAL address has a subnetwork, an EXTERNAL one none; only that has a `networkTier`"
RULES = (
    _target,
    *never(
        *(ADDRESS, _INVALID, SDK),
        ("addressType", _KIND, _misplaced, "write"),
        ("address", "the address is in the subnetwork's range, and free", _outside, "create"),
    ),
    *never(
        *(ENDPOINT, _INVALID, SDK),
        ("loadBalancingScheme", 'a rule to a service attachment has the scheme ""', _balancing, "write"),
        ("ipAddress", "the address is internal, in the rule's network", _foreign, "write"),
    ),
    *never(ENDPOINT, _IN_USE, SDK, ("ipAddress", "the address is no other rule's", _shared, "create")),
)
