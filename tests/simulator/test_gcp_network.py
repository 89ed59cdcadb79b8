"""Each rule of the Google Cloud network refuses what it names, and lets its near miss pass."""

from collections.abc import Callable

import pytest

from simulator.gcp.endpoint import ADDRESS
from simulator.gcp.network import ASSOCIATION, NETWORK, POLICY, ROUTE, RULE, SUBNET
from simulator.values import Props
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import URL, Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_balancing import SUBNETS
from tests.simulator.test_gcp_clusters import cluster
from tests.simulator.test_gcp_routers import nat, peered, routed
from tests.simulator.test_gcp_services import let_in, other_network


def _range(name: str, cidr: str) -> list[Props]:
    return [{"rangeName": name, "ipCidrRange": cidr}]


OWN = "projects/rampart-demo/regions/us-east4/subnetworks/own"
Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Network-name-form": ("'Net'", lambda s: s.make(NETWORK, name="Net"), lambda s: s.make(NETWORK, name="n")),
    "Network-name-taken": (
        "409 alreadyExists: 'projects/rampart-demo/global/networks/net'",
        lambda s: s.make(NETWORK, name="net"),
        lambda s: s.make(NETWORK, name="net-2"),
    ),
    "Network-of-Subnetwork": (
        "400 resourceInUseByAnotherResource",
        lambda s: (s.drop(ROUTE, s.route), s.drop(NETWORK, s.network)),
        lambda s: (s.drop(ROUTE, s.route), s.drop(SUBNET, s.subnet), s.drop(NETWORK, s.network)),
    ),
    "Network-of-Route": (
        "is in use by Route",
        lambda s: (s.drop(SUBNET, s.subnet), s.drop(NETWORK, s.network)),
        lambda s: s.drop(NETWORK, s.make(NETWORK)),
    ),
    "Network-of-Router": (
        "is in use by Router",
        lambda s: (s.drop(ROUTE, s.route), s.drop(SUBNET, s.subnet), routed(s), s.drop(NETWORK, s.network)),
        lambda s: (routed(s), s.drop(NETWORK, s.make(NETWORK))),
    ),
    "Network-of-NetworkPeering": (
        "is in use by NetworkPeering",
        lambda s: (s.drop(ROUTE, s.route), s.drop(SUBNET, s.subnet), peered(s), s.drop(NETWORK, s.network)),
        lambda s: (peered(s), s.drop(NETWORK, s.make(NETWORK))),
    ),
    "Subnetwork-of-RouterNat": (
        "is in use by RouterNat",
        lambda s: (nat(s), s.drop(SUBNET, s.subnet)),
        lambda s: (nat(s), s.drop(SUBNET, s.in_network("10.9.0.0/24"))),
    ),
    "Network-of-NetworkFirewallPolicyAssociation": (
        "is in use by NetworkFirewallPolicyAssociation",
        lambda s: (s.attached(), s.drop(SUBNET, s.subnet), s.drop(ROUTE, s.route), s.drop(NETWORK, s.network)),
        lambda s: s.drop(NETWORK, s.make(NETWORK)),
    ),
    "Subnetwork-name-form": (
        "'-a'",
        lambda s: s.in_network("10.9.0.0/24", name="-a"),
        lambda s: s.in_network("10.9.0.0/24", name="a"),
    ),
    "Subnetwork-name-taken": (
        "409 alreadyExists",
        lambda s: [s.in_network(f"10.{n}.0.0/24", name="same") for n in (8, 9)],
        lambda s: s.in_network("10.9.0.0/24", name="same", region="us-east1"),
    ),
    "Subnetwork-network": (
        "404 notFound: 'other' (`network`)",
        lambda s: s.in_network("10.9.0.0/24", network="other"),
        lambda s: [
            s.in_network(f"10.{n}.0.0/24", network=form) for n, form in ((8, s.network), (9, f"{URL}/networks/net"))
        ],
    ),
    "Subnetwork-logConfig.aggregationInterval-choice": (
        "'INTERVAL_1_SEC'",
        lambda s: s.in_network("10.9.0.0/24", logConfig={"aggregationInterval": "INTERVAL_1_SEC"}),
        lambda s: s.in_network("10.9.0.0/24", logConfig={"aggregationInterval": "INTERVAL_1_MIN"}),
    ),
    "Subnetwork-logConfig.metadata-choice": (
        "'INCLUDE_ALL'",
        lambda s: s.in_network("10.9.0.0/24", logConfig={"metadata": "INCLUDE_ALL"}),
        lambda s: s.in_network("10.9.0.0/24", logConfig={"metadata": "INCLUDE_ALL_METADATA"}),
    ),
    "Subnetwork-logConfig.flowSampling-range": (
        "1.5",
        lambda s: s.in_network("10.9.0.0/24", logConfig={"flowSampling": 1.5}),
        lambda s: [
            s.in_network(f"10.{n}.0.0/24", logConfig={"flowSampling": share}) for n, share in ((8, 0.25), (9, 1))
        ],
    ),
    "Subnetwork-of-Address": (
        "400 resourceInUseByAnotherResource",
        lambda s: (s.address(), s.drop(SUBNET, s.subnet)),
        lambda s: (s.drop(ADDRESS, s.address()), s.drop(SUBNET, s.subnet)),
    ),
    "Subnetwork-of-Cluster": (
        "is in use by Cluster",
        lambda s: (cluster(s), s.drop(SUBNET, s.subnet)),
        lambda s: (cluster(s), s.drop(SUBNET, s.in_network("10.9.0.0/24"))),
    ),
    "Network-of-ServiceConnectionPolicy": (
        "is in use by ServiceConnectionPolicy",
        lambda s: (let_in(s, network=(other := other_network(s))), s.drop(NETWORK, other)),
        lambda s: (let_in(s), s.drop(NETWORK, other_network(s))),
    ),
    "Subnetwork-of-ForwardingRule": (
        "is in use by ForwardingRule",
        lambda s: (s.instance(), s.endpoint(subnetwork=s.in_network("10.9.0.0/24", name="own")), s.drop(SUBNET, OWN)),
        lambda s: (s.instance(), s.endpoint(), s.drop(SUBNET, s.in_network("10.9.0.0/24", name="own"))),
    ),
    "Subnetwork-range": (
        "'8.8.8.0/24' is no private IPv4 range",
        lambda s: s.in_network("8.8.8.0/24"),
        lambda s: (s.in_network("100.64.0.0/24"), s.in_network("10.9.0.0/29")),
    ),
    "Subnetwork-overlap": (
        "400 invalid: range 10.0.31.0/24 overlaps 10.0.16.0/20",
        lambda s: s.in_network("10.0.31.0/24", network=s.network),
        lambda s: (s.in_network("10.0.32.0/24"), s.in_network("10.0.0.0/20", network=s.make(NETWORK, name="apart"))),
    ),
    "Subnetwork-secondaryIpRanges.rangeName-form": (
        "'Pods'",
        lambda s: s.in_network("10.9.0.0/24", secondaryIpRanges=_range("Pods", "10.8.0.0/24")),
        lambda s: s.in_network("10.9.0.0/24", secondaryIpRanges=_range("pods", "10.8.0.0/24")),
    ),
    "Route-name-form": ("'r_1'", lambda s: s.routed(name="r_1"), lambda s: s.routed(name="r-1")),
    "Route-name-taken": ("409", lambda s: [s.routed(name="r") for _ in "ab"], lambda s: s.routed(name="r2")),
    "Route-network": ("404 notFound", lambda s: s.routed(network="other"), lambda s: s.routed(name="r", network="net")),
    "Route-nextHopGateway-form": (
        "'internet'",
        lambda s: s.routed(name="r", nextHopGateway="internet"),
        lambda s: s.routed(name="r", nextHopGateway="global/gateways/default-internet-gateway"),
    ),
    "Route-destRange-form": (
        "'all'",
        lambda s: s.routed(destRange="all"),
        lambda s: s.routed(name="r", destRange="0.0.0.0/0"),
    ),
    "Route-priority-range": (
        "65536",
        lambda s: s.routed(name="r", priority=65536),
        lambda s: s.routed(name="r", priority=65535),
    ),
    "NetworkFirewallPolicy-name-form": (
        "'w.'",
        lambda s: s.make(POLICY, name="w."),
        lambda s: s.make(POLICY, name="w"),
    ),
    "NetworkFirewallPolicy-name-taken": (
        "409 alreadyExists",
        lambda s: s.make(POLICY, name="wall"),
        lambda s: s.make(POLICY, name="wall-2"),
    ),
    "NetworkFirewallPolicy-of-NetworkFirewallPolicyAssociation": (
        "400 resourceInUseByAnotherResource",
        lambda s: (s.attached(), s.drop(POLICY, s.policy)),
        lambda s: (
            s.ruled(firewallPolicy=s.make(POLICY, name="b").rpartition("/")[2]),
            s.drop(POLICY, f"{s.policy[:-4]}b"),
        ),
    ),
    "NetworkFirewallPolicyRule-firewallPolicy": (
        "404 notFound",
        lambda s: s.ruled(firewallPolicy="fence"),
        lambda s: s.ruled(),
    ),
    "NetworkFirewallPolicyRule-name-taken": (
        "409 alreadyExists",
        lambda s: [s.ruled(direction=way) for way in ("INGRESS", "EGRESS")],
        lambda s: s.ruled(priority=1001),
    ),
    "NetworkFirewallPolicyRule-priority-range": ("-1", lambda s: s.ruled(priority=-1), lambda s: s.ruled(priority=0)),
    "NetworkFirewallPolicyRule-action-choice": (
        "'drop'",
        lambda s: s.ruled(action="drop"),
        lambda s: s.ruled(action="deny"),
    ),
    "NetworkFirewallPolicyRule-direction-choice": (
        "'IN'",
        lambda s: s.ruled(direction="IN"),
        lambda s: s.ruled(direction="EGRESS"),
    ),
    "NetworkFirewallPolicyRule-ports": (
        "'icmp' has no ports; leave `ports` out",
        lambda s: s.ruled("icmp", ["8"]),
        lambda s: (s.ruled("tcp", ["443", "8000-8999"]), s.ruled("icmp", priority=1001)),
    ),
    "NetworkFirewallPolicyRule-match.layer4Configs.ports-form": (
        "'https'",
        lambda s: s.ruled("tcp", ["https"]),
        lambda s: s.ruled("tcp", ["443"]),
    ),
    "NetworkFirewallPolicyRule-match.layer4Configs.ipProtocol-form": (
        "'tpc'",
        lambda s: s.ruled("tpc"),
        lambda s: s.ruled("6"),
    ),
    **{
        f"NetworkFirewallPolicyRule-match.{end}IpRanges-form": (
            "'10.0.0.0'",
            lambda s, end=end: s.ruled(match={f"{end}IpRanges": ["10.0.0.0"]}),  # type: ignore[misc]
            lambda s, end=end: s.ruled(match={f"{end}IpRanges": ["10.0.0.0/8", "fd20::/20"]}),  # type: ignore[misc]
        )
        for end in ("src", "dest")
    },
    "NetworkFirewallPolicyAssociation-name-form": (
        "'A'",
        lambda s: s.attached(name="A"),
        lambda s: s.attached(name="a"),
    ),
    "NetworkFirewallPolicyAssociation-name-taken": (
        "409 alreadyExists",
        lambda s: [s.attached(name="a") for _ in "ab"],
        lambda s: s.attached(name="b"),
    ),
    "NetworkFirewallPolicyAssociation-firewallPolicy": (
        "404 notFound",
        lambda s: s.attached(firewallPolicy="fence"),
        lambda s: s.attached(),
    ),
    "NetworkFirewallPolicyAssociation-attachmentTarget": (
        "404 notFound",
        lambda s: s.attached(attachmentTarget=s.subnet),
        lambda s: s.attached(),
    ),
}


CASES |= SUBNETS
CODES = codes(NETWORK, SUBNET, ROUTE, POLICY, RULE, ASSOCIATION)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


@pytest.mark.parametrize("cidr", ["10.9.0.1/24", "10.9.0.0/30", "10.9.0.0", "fd20::/64", "11.0.0.0/8"])
def test_a_range_that_is_no_private_ipv4_block_is_refused_also_as_a_secondary_one(connect: Connect, cidr: str) -> None:
    stage = Stage(connect)
    for inputs in ({"ipCidrRange": cidr}, {"ipCidrRange": "10.9.0.0/24", "secondaryIpRanges": _range("pods", cidr)}):
        with pytest.raises(Refused, match="ipCidrRange: 400 invalid"):
            stage.make(SUBNET, network="net", **inputs)


def test_a_subnetwork_needs_a_range(connect: Connect) -> None:
    with pytest.raises(Refused, match="`ipCidrRange` is missing"):
        Stage(connect).make(SUBNET, network="net")


def test_ranges_of_one_subnetwork_do_not_overlap_either(connect: Connect) -> None:
    with pytest.raises(Refused, match=r"range 10\.9\.0\.0/16 overlaps 10\.9\.8\.0/24"):
        Stage(connect).in_network("10.9.0.0/16", secondaryIpRanges=_range("pods", "10.9.8.0/24"))


def test_a_subnetwork_grows_in_place_but_not_into_its_neighbours(connect: Connect) -> None:
    stage = Stage(connect)
    made = stage.in_network("10.0.64.0/20", name="grown")
    grown = stage.engine.update(SUBNET, made, {}, {"name": "grown", "network": "net", "ipCidrRange": "10.0.64.0/18"})
    assert grown["ipCidrRange"] == "10.0.64.0/18"
    with pytest.raises(Refused, match=r"range 10\.0\.0\.0/17 overlaps 10\.0\.0\.0/20"):
        stage.engine.update(SUBNET, made, {}, {"name": "grown", "network": "net", "ipCidrRange": "10.0.0.0/17"})
