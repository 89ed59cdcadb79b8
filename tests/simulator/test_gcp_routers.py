"""Each rule of Google Cloud's routers, NATs and peerings refuses what it names, and lets its near miss pass."""

from collections.abc import Callable
from typing import Any

from simulator.gcp.network import NETWORK
from simulator.gcp.routers import NAT, PEERING, ROUTER
from simulator.values import Props
from tests.simulator.gcp_stage import URL, Stage, codes
from tests.simulator.rule_cases import Rules


def routed(s: Stage, name: str = "router", **inputs: Any) -> str:
    s.make(ROUTER, **{"name": name, "network": s.network, **inputs})
    return name


def listed(s: Stage, *parts: str, **more: Any) -> Props:
    return {"name": s.subnet, "sourceIpRangesToNats": [*(parts or ["PRIMARY_IP_RANGE"])], **more}


def nat(s: Stage, **inputs: Any) -> str:
    """A NAT for one subnet, on a router of its own unless one is given."""
    wanted = {"router": inputs.get("router") or routed(s), "natIpAllocateOption": "AUTO_ONLY"}
    modes = {"sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS", "subnetworks": [listed(s)]}
    given = {**wanted, **modes, **inputs}
    return s.make(NAT, **{name: value for name, value in given.items() if value is not None})


def everything(s: Stage, **inputs: Any) -> str:
    return nat(s, sourceSubnetworkIpRangesToNat="ALL_SUBNETWORKS_ALL_IP_RANGES", subnetworks=None, **inputs)


def beside(s: Stage) -> str:
    return routed(s, "beside", network=s.make(NETWORK, name="beside"))


def peered(s: Stage, **inputs: Any) -> str:
    wanted = {"network": s.network, "peerNetwork": "projects/other-team/global/networks/tools"}
    return s.make(PEERING, **wanted | inputs)


SECONDARY = "LIST_OF_SECONDARY_IP_RANGES"
Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Router-name-form": ("'R'", lambda s: routed(s, "R"), lambda s: routed(s, "r")),
    "Router-name-taken": (
        "routers/r'",
        lambda s: [routed(s, "r") for _ in "ab"],
        lambda s: [routed(s, "r", region=region) for region in ("us-east4", "us-east1")],
    ),
    "Router-network": ("'other'", lambda s: routed(s, network="other"), lambda s: routed(s, network="net")),
    "NetworkPeering-name-form": ("'P'", lambda s: peered(s, name="P"), lambda s: peered(s, name="p")),
    "NetworkPeering-name-taken": (
        "already exists",
        lambda s: [peered(s, name="p", peerNetwork=f"projects/other-{n}/global/networks/n") for n in "ab"],
        lambda s: [peered(s, name=n, peerNetwork=f"projects/other-{n}/global/networks/n") for n in "ab"],
    ),
    "NetworkPeering-network": ("'other'", lambda s: peered(s, network="other"), peered),
    "NetworkPeering-itself": (
        "is the network itself",
        lambda s: peered(s, peerNetwork=s.network),
        lambda s: peered(s, peerNetwork=s.make(NETWORK, name="beside")),
    ),
    "NetworkPeering-peered": (
        "peers the two already",
        lambda s: [peered(s, name=name) for name in "ab"],
        lambda s: [peered(s, name="a"), peered(s, name="b", network=s.make(NETWORK, name="beside"))],
    ),
    "NetworkPeering-peerNetwork-form": (
        "'tools'",
        lambda s: peered(s, peerNetwork="tools"),
        lambda s: peered(s, peerNetwork=f"{URL}/networks/tools"),
    ),
    "NetworkPeering-stackType-choice": (
        "'IPV6'",
        lambda s: peered(s, stackType="IPV6"),
        lambda s: peered(s, stackType="IPV4_ONLY"),
    ),
    "NetworkPeering-updateStrategy-choice": (
        "'BOTH'",
        lambda s: peered(s, updateStrategy="BOTH"),
        lambda s: peered(s, updateStrategy="CONSENSUS"),
    ),
    "RouterNat-name-form": ("'N'", lambda s: nat(s, name="N"), lambda s: nat(s, name="n")),
    "RouterNat-name-taken": (
        "router/n'",
        lambda s: [nat(s, name="n", router=router) for router in (routed(s), "router")],
        lambda s: [nat(s, name="n", router=routed(s, router)) for router in ("router", "other")],
    ),
    "RouterNat-router": ("'other'", lambda s: nat(s, router="other"), nat),
    "RouterNat-subnetworks.name": (
        "'other'",
        lambda s: nat(s, subnetworks=[listed(s, name="other")]),
        lambda s: nat(s, subnetworks=[listed(s)]),
    ),
    "RouterNat-listed": (
        "lists no subnets",
        lambda s: nat(s, subnetworks=None),
        everything,
    ),
    "RouterNat-secondary": (
        "names no ranges",
        lambda s: nat(s, subnetworks=[listed(s, SECONDARY)]),
        lambda s: nat(s, subnetworks=[listed(s, SECONDARY, secondaryIpRangeNames=["pods"])]),
    ),
    "RouterNat-addresses": (
        "AUTO_ONLY, and has addresses",
        lambda s: nat(s, natIps=["a"]),
        lambda s: nat(s, natIps=["a"], natIpAllocateOption="MANUAL_ONLY"),
    ),
    "RouterNat-alone": (
        "serves the same network",
        lambda s: (nat(s), everything(s, router=routed(s, "second"))),
        lambda s: (nat(s), everything(s, router=beside(s))),
    ),
    "RouterNat-sourceSubnetworkIpRangesToNat-choice": (
        "'NONE'",
        lambda s: nat(s, sourceSubnetworkIpRangesToNat="NONE"),
        nat,
    ),
    "RouterNat-subnetworks.sourceIpRangesToNats-choice": (
        "'PRIMARY'",
        lambda s: nat(s, subnetworks=[listed(s, "PRIMARY")]),
        lambda s: nat(s, subnetworks=[listed(s, "ALL_IP_RANGES")]),
    ),
    "RouterNat-natIpAllocateOption-choice": (
        "'AUTO'",
        lambda s: nat(s, natIpAllocateOption="AUTO"),
        lambda s: nat(s, natIpAllocateOption="AUTO_ONLY"),
    ),
    "RouterNat-type-choice": ("'public'", lambda s: nat(s, type="public"), lambda s: nat(s, type="PUBLIC")),
    "RouterNat-logConfig.filter-choice": (
        "'SOME'",
        lambda s: nat(s, logConfig={"enable": True, "filter": "SOME"}),
        lambda s: nat(s, logConfig={"enable": True, "filter": "ALL"}),
    ),
}
CODES = codes(ROUTER, NAT, PEERING)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage
