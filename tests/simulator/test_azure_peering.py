"""Azure's peerings: each rule refuses, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.azure.arm import LOCK
from simulator.azure.dns import LINK
from simulator.azure.network import VNET
from simulator.azure.peering import PEERING
from simulator.values import Props
from tests.simulator.azure_stage import HOME, OTHER, VNET_ID, Case, Stage, refuses
from tests.simulator.conftest import Connect

FAR = VNET_ID.replace(HOME["subscriptionId"], OTHER).replace("virtualNetworks/net", "virtualNetworks/far")


def space(block: str) -> Props:
    return {"addressPrefixes": [block]}


def far(s: Stage, block: str = "10.9.0.0/16", name: str = "far") -> str:
    """A network in another subscription; its id."""
    return s.make(VNET, s.elsewhere(), virtualNetworkName=name, addressSpace=space(block))


def half(s: Stage, **changes: Any) -> Props:
    remote = changes.pop("remote", None) or far(s)
    names = {"resourceGroupName": "rg", "virtualNetworkName": "net", "virtualNetworkPeeringName": "far", **changes}
    return s.engine.create(PEERING, "x", {**names, "remoteVirtualNetwork": {"id": remote}})[1]


CASES: dict[str, Case] = {
    "VirtualNetworkPeering-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: [half(s, remote=remote) for remote in [far(s)] * 2]),
        lambda s: half(s, remote=FAR, virtualNetworkPeeringName="more"),
    ),
    "VirtualNetworkPeering-remoteVirtualNetwork.id": (
        *(LOCK, "InvalidResourceReference", lambda s: half(s, remote=f"{VNET_ID}-2")),
        half,
    ),
    "VirtualNetworkPeering-overlapping": (
        *(LOCK, "10.0.0.0/16 overlaps 10.0.128.0/17", lambda s: half(s, remote=far(s, "10.0.128.0/17"))),
        lambda s: half(s, remote=s.make(VNET, virtualNetworkName="near", addressSpace=space("10.1.0.0/16"))),
    ),
    "VirtualNetworkPeering-gateways": (
        *(LOCK, "InvalidRequestFormat", lambda s: half(s, useRemoteGateways=True, allowGatewayTransit=True)),
        lambda s: half(s, remote=FAR, allowGatewayTransit=True),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = Stage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


def test_a_peering_is_connected_once_both_halves_are_there(connect: Connect) -> None:
    stage = Stage(connect, LINK)
    other = stage.make(VNET, virtualNetworkName="far", addressSpace=space("10.9.0.0/16"))
    assert half(stage, remote=other)["peeringState"] == "Initiated"
    back = half(stage, remote=VNET_ID, virtualNetworkName="far", virtualNetworkPeeringName="net")
    assert back["peeringState"] == "Connected"


def test_a_zone_is_linked_to_a_network_of_another_subscription(connect: Connect) -> None:
    stage = Stage(connect, LINK)
    made = stage.engine.create(LINK, "x", stage.inputs(LINK, virtualNetwork={"id": far(stage)}))[1]
    assert "00000000d3e1" in made["virtualNetwork"]["id"]
