"""Google Cloud networks: VPC documentation, routes, firewall policies, firewall policy rule evaluation order."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.reach.model import Filter, Hop, Kind, Place, Route, Rule
from rampart_policy.reach.spans import ANYWHERE, PRIVATE, Spans, everything, ports
from rampart_policy.reach.survey import Survey
from rampart_policy.resources import Resource
from rampart_policy.values import Node

NETWORK = "gcp:compute/network:Network"
SUBNET = "gcp:compute/subnetwork:Subnetwork"

GOOGLE_APIS = everything("199.36.153.4/30") | everything("199.36.153.8/30") | everything("34.126.0.0/18")
"""The restricted and private API addresses, and where clients of some connect directly: traffic to them stays in
Google's network (VPC documentation, Private Google Access, network configuration)."""

CLASSIC, POLICY = "gcp:compute/firewall:Firewall", "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule"
_TIER = 1 << 32
_SOURCES = ("srcIpRanges", "srcFqdns", "srcRegionCodes", "srcThreatIntelligences", "srcAddressGroups", "srcSecureTags")
_TARGETS = ("destIpRanges", "destFqdns", "destRegionCodes", "destThreatIntelligences", "destAddressGroups")


def read(survey: Survey) -> None:
    """Add a stack's networks."""
    for network in survey.of(NETWORK):
        name = survey.identity(network, "name")
        made = [subnet for subnet in survey.of(SUBNET) if _last(survey, subnet.outputs.key("network")) == name]
        spans = {subnet.urn: _spans(survey, subnet) for subnet in made}
        local = Spans()
        for found in spans.values():
            local |= found
        peers = list(_peers(survey, name, local))
        routes = (Route("", local, Hop.LOCAL, -1), *_routes(survey, network, name))
        routes += tuple(Route(peer.urn, peer.spans, Hop.PEER) for peer in peers)
        out, into = _filters(survey, network, name)
        outer = set(_with_addresses(survey, made))
        survey.add(
            Place(
                name=subnet.name,
                kind=Kind.SUBNET,
                urn=subnet.urn,
                spans=spans[subnet.urn],
                routes=routes,
                out=(out,),
                into=(into,),
                addressed=subnet.urn in outer,
            )
            for subnet in made
        )
        survey.add(peers)
    if any(survey.of(NETWORK)):
        survey.add([Place(name="Google APIs", kind=Kind.SERVICE, spans=GOOGLE_APIS)])


def _last(survey: Survey, node: Node) -> str:
    """The name at the end of an id or a link."""
    return survey.text(node).rpartition("/")[2]


def _spans(survey: Survey, subnet: Resource) -> Spans:
    secondary = [node.key("ipCidrRange") for node in subnet.outputs.key("secondaryIpRanges").items()]
    return survey.ranges(subnet.outputs.key("ipCidrRange"), *secondary)


def _routes(survey: Survey, network: Resource, name: str) -> Iterator[Route]:
    if not survey.flag(network.outputs.key("deleteDefaultRoutesOnCreate")):
        yield Route(network.urn, everything("0.0.0.0/0"), Hop.INTERNET, 1000)
    for made in survey.of("gcp:compute/route:Route"):
        if _last(survey, made.outputs.key("network")) != name:
            continue
        target = survey.ranges(made.outputs.key("destRange"))
        gateway = survey.text(made.outputs.key("nextHopGateway"))
        hop = Hop.NAT  # an instance, an address or a load balancer that forwards
        if gateway.endswith("default-internet-gateway"):
            hop = Hop.SERVICE if target <= GOOGLE_APIS else Hop.INTERNET
        elif survey.text(made.outputs.key("nextHopVpnTunnel")):
            hop = Hop.PEER
        yield Route(made.urn, target, hop, survey.number(made.outputs.key("priority"), 1000))


def _peers(survey: Survey, name: str, local: Spans) -> Iterator[Place]:
    for made in survey.of("gcp:compute/networkPeering:NetworkPeering"):
        if _last(survey, made.outputs.key("network")) == name:
            yield Place(name=f"peer by {made.name}", kind=Kind.PEER, urn=made.urn, spans=PRIVATE - local)
    for made in survey.of("gcp:networkconnectivity/spoke:Spoke"):
        if _last(survey, made.outputs.at("linkedVpcNetwork.uri")) == name:
            yield Place(name=f"peers by {made.name}", kind=Kind.PEER, urn=made.urn, spans=PRIVATE - local)


def _filters(survey: Survey, network: Resource, name: str) -> tuple[Filter, Filter]:
    """Out of and into the network: one list of rules, classic ones and policies' in the network's order.

    In the end what goes out is let through, and what comes in is not (VPC firewall rules, implied rules).
    """
    before = survey.text(network.outputs.key("networkFirewallPolicyEnforcementOrder")) == "BEFORE_CLASSIC_FIREWALL"
    policies = {
        _last(survey, made.outputs.key("firewallPolicy"))
        for made in survey.of("gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation")
        if _last(survey, made.outputs.key("attachmentTarget")) == name
    }
    rules: dict[bool, list[Rule]] = {True: [], False: []}
    for made in survey.of(CLASSIC):
        if _last(survey, made.outputs.key("network")) == name and not survey.flag(made.outputs.key("disabled")):
            for egress, rule in _classic(survey, made):
                rules[egress].append(replace(rule, priority=rule.priority + (_TIER if before else 0)))
    for made in survey.of(POLICY):
        if _last(survey, made.outputs.key("firewallPolicy")) in policies and not survey.flag(
            made.outputs.key("disabled")
        ):
            for egress, rule in _of_policy(survey, made):
                rules[egress].append(replace(rule, priority=rule.priority + (0 if before else _TIER)))
    return Filter(tuple(rules[True]), default=True), Filter(tuple(rules[False]), default=False)


def _classic(survey: Survey, made: Resource) -> Iterator[tuple[bool, Rule]]:
    egress = survey.text(made.outputs.key("direction")).upper() == "EGRESS"
    priority = survey.number(made.outputs.key("priority"), 1000)
    sources = survey.ranges(made.outputs.key("sourceRanges"))
    tagged = any(survey.texts(made.outputs.key(name)) for name in ("sourceTags", "sourceServiceAccounts"))
    targets = survey.ranges(made.outputs.key("destinationRanges")) or ANYWHERE
    some = any(survey.texts(made.outputs.key(name)) for name in ("targetTags", "targetServiceAccounts"))
    for allows, place in ((True, "allows"), (False, "denies")):
        for node in made.outputs.key(place).items():
            if some and not allows:
                continue  # it may be for others
            source = ANYWHERE if egress else sources or (PRIVATE if tagged else ANYWHERE)
            traffic = ports(survey.text(node.key("protocol")), *_ports(survey, node))
            yield egress, Rule(made.urn, allows, source, targets, traffic, priority)


def _of_policy(survey: Survey, made: Resource) -> Iterator[tuple[bool, Rule]]:
    egress = survey.text(made.outputs.key("direction")).upper() == "EGRESS"
    action = survey.text(made.outputs.key("action")).lower()
    allows = action in ("allow", "apply_security_profile_group")
    some = any(survey.texts(made.outputs.key(name)) for name in ("targetServiceAccounts",)) or bool(
        list(made.outputs.key("targetSecureTags").items())
    )
    match = made.outputs.key("match")
    limited = any(survey.texts(match.key(name)) for name in (*_SOURCES[1:5], *_TARGETS[1:]))
    if action == "goto_next" or (not allows and (some or limited)):
        return
    source = survey.ranges(match.key("srcIpRanges")) or ANYWHERE
    target = survey.ranges(match.key("destIpRanges")) or ANYWHERE
    priority = survey.number(made.outputs.key("priority"), 0)
    for node in match.key("layer4Configs").items():
        traffic = ports(survey.text(node.key("ipProtocol")), *_ports(survey, node))
        yield egress, Rule(made.urn, allows, source, target, traffic, priority)


def _ports(survey: Survey, node: Node) -> list[tuple[int, int]]:
    found = (re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip()) for text in survey.texts(node.key("ports")))
    return [(int(match[1]), int(match[2] or match[1])) for match in found if match]


def _with_addresses(survey: Survey, subnets: list[Resource]) -> Iterator[str]:
    """URNs of the subnets in which something has an external address."""
    names = {_last(survey, subnet.outputs.key("name")): subnet.urn for subnet in subnets}
    machines = survey.of("gcp:compute/instance:Instance", "gcp:compute/instanceTemplate:InstanceTemplate")
    for made in machines:
        for interface in made.outputs.key("networkInterfaces").items():
            if list(interface.key("accessConfigs").items()):
                subnet = names.get(_last(survey, interface.key("subnetwork")))
                yield from [subnet] if subnet else names.values()
    for made in survey.of("gcp:container/cluster:Cluster"):
        if not survey.flag(made.outputs.at("privateClusterConfig.enablePrivateNodes")):
            subnet = names.get(_last(survey, made.outputs.key("subnetwork")))
            yield from [subnet] if subnet else names.values()
