"""Egress: nothing inside can reach out, by accident or on an intruder's behalf."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    DefaultNetworking,
    DefaultOutboundAccess,
    Direction,
    EndpointPolicy,
    NetworkAddressTranslation,
    NetworkRoute,
    NetworkRule,
    SubnetGuards,
    Way,
    WaysIn,
    WaysOut,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict


@control(
    id="no-open-egress",
    title="No network rule lets everything out",
    why="Stolen data leaves by the rule that nobody narrowed.",
    remediation="Allow the ranges, services or groups that are needed, and deny the rest.",
    severity=Severity.HIGH,
    judges=NetworkRule,
)
def open_egress(rule: NetworkRule, settings: Settings) -> Verdict:
    outbound = rule.direction.map(lambda direction: direction is Direction.EGRESS)
    closed = rule.peer.must(lambda peer: not peer.public, "private ranges, or a named group, tag or party")
    return when(rule.allows, outbound).then(closed)


@control(
    id="no-internet-route",
    title="No route leads to the internet",
    why="With a route out, a rule is all that keeps workloads in.",
    remediation="Remove the route. Cloud services are reached by their private ranges and endpoints; what must get out "
    "goes through a filtering proxy.",
    severity=Severity.HIGH,
    judges=NetworkRoute,
)
def internet_route(route: NetworkRoute, settings: Settings) -> Verdict:
    return when(route.leads_out).then(
        route.destination.must(lambda _: False, "no route whose next hop is the internet")
    )


LOGIN = frozenset({"AzureActiveDirectory"})
"""Service tags of login services that have no private endpoint: workload identity needs them (Microsoft Entra, workload
identity federation)."""


@control(
    id="subnet-has-no-way-out",
    title="No subnet reaches the internet, by all its routes and rules together",
    why="Each route and each rule may look harmless: what counts is where the two lead together.",
    remediation="Take away the route or narrow the rule. On Azure, a path to port 443 of the login service's tag is "
    "what workload identity needs.",
    severity=Severity.HIGH,
    judges=WaysOut,
    level=Level.ADVISORY,
)
def way_out(subnet: WaysOut, settings: Settings) -> Verdict:
    def closed(ways: tuple[Way, ...]) -> bool:
        return all(set(way.to) <= LOGIN and way.traffic == "tcp 443" for way in ways)

    return subnet.ways.must(closed, "none, or one to port 443 of a login service")


@control(
    id="subnet-has-no-way-in",
    title="Nothing on the internet reaches a subnet",
    why="A public address, a route back and a rule that lets in make a door, whoever made each of them.",
    remediation="Take away the public address or the route, and let in by private link or peering.",
    severity=Severity.HIGH,
    judges=WaysIn,
    level=Level.ADVISORY,
)
def way_in(subnet: WaysIn, settings: Settings) -> Verdict:
    return subnet.ways.must(lambda ways: not ways, "none")


@control(
    id="no-default-routes",
    title="Networks come without default routes to the internet",
    why="A network that is made with a default route has a way out before anybody has decided on one.",
    remediation="Have the default routes deleted when the network is made, and declare those that are needed.",
    severity=Severity.HIGH,
    judges=DefaultNetworking,
    omission=Level.DISABLED,
)
def default_routes(network: DefaultNetworking, settings: Settings) -> Verdict:
    return network.routes.must_be(False, "no default routes")


@control(
    id="no-network-address-translation",
    title="No NAT gives a network a way out",
    why="A NAT lets everything behind it open connections to anywhere.",
    remediation="Remove the NAT; reach cloud services by private endpoints, and the rest through a filtering proxy.",
    severity=Severity.MEDIUM,
    judges=NetworkAddressTranslation,
    level=Level.ADVISORY,
)
def translation(nat: NetworkAddressTranslation, settings: Settings) -> Verdict:
    return nat.public.must_be(False, "a private NAT, or none")


@control(
    id="no-default-outbound-access",
    title="Subnets have no outbound access but what is declared",
    why="Azure lends machines a public address to go out by, unless the subnet says no.",
    remediation="Set defaultOutboundAccess to false on the subnet.",
    severity=Severity.HIGH,
    judges=DefaultOutboundAccess,
    omission=Level.ADVISORY,
)
def default_outbound(access: DefaultOutboundAccess, settings: Settings) -> Verdict:
    return access.enabled.must_be(False)


@control(
    id="subnet-has-route-table",
    title="Every subnet has a route table of its own",
    why="Without one, Azure's system routes apply, and they lead to the internet.",
    remediation="Attach a route table that sends 0.0.0.0/0 to None.",
    severity=Severity.MEDIUM,
    judges=SubnetGuards,
    omission=Level.DISABLED,
)
def routed_subnet(subnet: SubnetGuards, settings: Settings) -> Verdict:
    return subnet.route_table.must_exist("a route table")


@control(
    id="endpoint-policy-is-narrow",
    title="A private endpoint lets through only what belongs here",
    why="An open endpoint reaches anybody's buckets: with their credentials, data leaves without the internet.",
    remediation="Give the endpoint a policy that names the resources, or has a condition on aws:ResourceAccount, "
    "aws:ResourceOrgID, aws:PrincipalAccount or aws:PrincipalOrgID.",
    severity=Severity.HIGH,
    judges=EndpointPolicy,
    omission=Level.DISABLED,
)
def endpoint_policy(policy: EndpointPolicy, settings: Settings) -> Verdict:
    wanted = "named resources, or a condition on the account or organization"
    unlimited = policy.narrowed.must_exist(wanted, omitted=policy.everything.default)
    return when(policy.allows, policy.everything).then(unlimited)
