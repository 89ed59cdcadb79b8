"""Compute Engine's network: VPC, subnetworks, routes, the network firewall policy."""

from dataclasses import replace

from simulator import values
from simulator.cloud import Name, Operation, Ref
from simulator.gcp.resource import API, MET, SDK, GcpType, row, tokens
from simulator.rules import between, matches, network, one_of, outside, overlap, rule
from simulator.values import UNKNOWN, Change, Props

NETWORK, SUBNET, ROUTE, POLICY = tokens("compute", "Network", "Subnetwork", "Route", "NetworkFirewallPolicy")
RULE, ASSOCIATION = tokens("compute", "NetworkFirewallPolicyRule", "NetworkFirewallPolicyAssociation")
_INVALID, _TAKEN, _IN_USE = "400 invalid", "409 alreadyExists", "400 resourceInUseByAnotherResource"
_RFC1035, _RANGE = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?", "[0-9a-fA-F.:]+/[0-9]{1,3}"
_NAME = Name(property="name", source=SDK, pattern=_RFC1035, invalid=_INVALID, taken=_TAKEN, longest=255)
LOWER = replace(_NAME, longest=63, tidy=str.lower)
_PRIORITY = Name(property="priority", source=SDK, taken=_TAKEN, auto=None)
_PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "240.0.0.0/4"]
_HOPS = "nextHopGateway nextHopInstance nextHopIp nextHopVpnTunnel nextHopIlb"
_GATEWAY = f"((({API})?projects/[^/]+/)?global/gateways/)?default-internet-gateway"
_LAYER4, FORMS = "match.layer4Configs", ("id", "selfLink", "name")
_INTERVALS = tuple(f"INTERVAL_{text}" for text in ("5_SEC", "30_SEC", "1_MIN", "5_MIN", "10_MIN", "15_MIN"))
_METADATA = ("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA")
_AUTO: Props = {"autoCreateSubnetworks": True, "deleteDefaultRoutesOnCreate": False}
_AUTO |= {"networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"}


def ref(path: str, to: str, blocks: str = _IN_USE) -> Ref:
    """An input that names something of the network, in any form."""
    return Ref(path, to, "404 notFound", MET, blocks, FORMS, anywhere=True)


_IN_NETWORK, _OF_POLICY = ref("network", NETWORK), ref("firewallPolicy", POLICY, blocks="")
_JOINED = (ref("firewallPolicy", POLICY), ref("attachmentTarget", NETWORK))


class _Subnetwork(GcpType):
    def replaces(self, change: Change) -> bool:
        """The primary range may grow in place."""
        shrunk = change.path == "ipCidrRange" and isinstance(change.new, str) and outside([change.old], [change.new])
        return bool(shrunk) or super().replaces(change)


_SUBNET: Props = {"refs": (_IN_NETWORK,), "name": LOWER, "outputs": {"privateIpGoogleAccess": False}}
_ROUTE: Props = {"refs": (_IN_NETWORK,), "name": _NAME, "defaults": {"priority": 1000}}
_AT = "global/firewallPolicies/{firewallPolicy}"
TYPES = (
    row(NETWORK, 25, "global/networks/{name}", "description autoCreateSubnetworks", name=LOWER, defaults=_AUTO),
    row(SUBNET, 20, "regions/{region}/subnetworks/{name}", "description network purpose", _Subnetwork, **_SUBNET),
    row(ROUTE, 15, "global/routes/{name}", f"description network destRange priority tags {_HOPS}", **_ROUTE),
    row(POLICY, 10, "global/firewallPolicies/{name}", "policyType", name=_NAME),
    row(RULE, 8, f"{_AT}/rules/{{priority}}", name=_PRIORITY, refs=(_OF_POLICY,)),
    row(ASSOCIATION, 10, f"{_AT}/associations/{{name}}", "attachmentTarget", name=_NAME, refs=_JOINED),
)


def _ranges(inputs: Props) -> list[str]:
    return [*values.at(inputs, "ipCidrRange"), *values.at(inputs, "secondaryIpRanges.ipCidrRange")]


@rule(SUBNET, _INVALID, MET, "check", "ipCidrRange")
def _range(operation: Operation) -> str | None:
    """There is a range; all are private (RFC 1918, 100.64.0.0/10, 240.0.0.0/4), IPv4, /29 or more, no host bits."""
    if not operation.inputs.keys() & {"ipCidrRange", "reservedInternalRange"}:
        return "`ipCidrRange` is missing"
    for text in _ranges(operation.inputs):
        block = network(text)
        if block is None or block.prefixlen > 29 or outside([text], _PRIVATE):
            return f"{text!r} is no private IPv4 range of /29 or more without host bits"
    return None


@rule(SUBNET, _INVALID, SDK, property_="ipCidrRange")
def _overlap(operation: Operation) -> str | None:
    """Primary and secondary ranges overlap nothing in the network."""
    own, mine = _ranges(operation.inputs), operation.find(NETWORK, operation.one("network"), FORMS)
    near = (r for r in operation.others(SUBNET) if operation.find(NETWORK, r.inputs["network"], FORMS) is mine)
    pairs = [overlap([text], own[index + 1 :]) for index, text in enumerate(own)]
    pairs += [overlap(own, _ranges(other.inputs)) for other in near]
    return next((f"range {pair[0]} overlaps {pair[1]}" for pair in pairs if pair), None)


@rule(RULE, _INVALID, SDK, "check", "match", "leave `ports` out")
def _ports(operation: Operation) -> str | None:
    """`ports` are given for tcp, udp and sctp only."""
    having = ("tcp", "udp", "sctp", "6", "17", "132", UNKNOWN)
    others = (item["ipProtocol"] for item in operation.at(_LAYER4) if item.get("ports"))
    return next((f"{protocol!r} has no ports" for protocol in others if protocol not in having), None)


RULES = (
    *(_range, _overlap, _ports),
    matches(SUBNET, "secondaryIpRanges.rangeName", _RFC1035, _INVALID, SDK),
    matches(ROUTE, "nextHopGateway", _GATEWAY, _INVALID, SDK),
    matches(ROUTE, "destRange", _RANGE, _INVALID, SDK),
    between(ROUTE, "priority", 0, 65535, _INVALID, SDK),
    one_of(SUBNET, "logConfig.aggregationInterval", _INTERVALS, _INVALID, SDK),
    one_of(SUBNET, "logConfig.metadata", _METADATA, _INVALID, SDK),
    between(SUBNET, "logConfig.flowSampling", 0, 1, _INVALID, SDK),
    between(RULE, "priority", 0, 2147483647, _INVALID, SDK),
    one_of(RULE, "action", ("allow", "deny", "goto_next", "apply_security_profile_group"), _INVALID, SDK),
    one_of(RULE, "direction", ("INGRESS", "EGRESS"), _INVALID, SDK),
    matches(RULE, "match.srcIpRanges", _RANGE, _INVALID, SDK),
    matches(RULE, "match.destIpRanges", _RANGE, _INVALID, SDK),
    matches(RULE, f"{_LAYER4}.ipProtocol", "all|tcp|udp|icmp|esp|ah|ipip|sctp|[0-9]{1,3}", _INVALID, SDK),
    matches(RULE, f"{_LAYER4}.ports", "[0-9]{1,5}(-[0-9]{1,5})?", _INVALID, SDK),
)
