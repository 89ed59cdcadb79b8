"""Peers in the settings: what is refused, with the reason, before anything is planned."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from infra.problems import SettingsError
from infra.settings import Settings, Surroundings
from tests.infra.test_settings import GOOD, problems

ACCOUNT = "444455556666"
SUBSCRIPTION = "00000000-0000-4000-8000-00000000d3e1"
VNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
CLOUDS: dict[str, dict[str, Any]] = {
    "aws": {"network": "vpc-0a1b2c3d", "account": ACCOUNT, "api": True},
    "gcp": {"network": "projects/other-team/global/networks/hub", "account": "other-team", "ingest": True},
    "azure": {"network": VNET, "account": SUBSCRIPTION, "endpoints": True},
}
PLACES = {
    "gcp": {"cloud": "gcp", "region": "us-east4", "account": "rampart-demo"},
    "azure": {"cloud": "azure", "region": "eastus2", "account": "00000000-0000-4000-8000-00000000d3e0"},
}
STACKS = {"aws": "aws-us-east-1", "gcp": "gcp-us-east4", "azure": "azure-eastus2"}
OTHERS = {"aws-eu-west-1": IPv4Network("10.32.0.0/16"), "office": IPv4Network("10.250.0.0/16")}


def peer(cloud: str = "aws", **changes: Any) -> dict[str, Any]:
    made = {"name": "hub", "cidrs": ["10.200.0.0/16"], **CLOUDS[cloud], **changes}
    return {key: value for key, value in made.items() if value is not None}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_peer_of_each_cloud_can_be_listed(cloud: str) -> None:
    raw = {**GOOD, **PLACES.get(cloud, {}), "peers": [peer(cloud)]}
    [made] = Settings.parse(raw, Surroundings(STACKS[cloud], OTHERS)).peers
    assert (made.name, made.cidrs) == ("hub", (IPv4Network("10.200.0.0/16"),))


@pytest.mark.parametrize(
    ("cloud", "peers", "says"),
    [
        ("aws", [peer(cidrs=["10.16.128.0/17"])], "overlaps the region's own 10.16.0.0/16"),
        ("aws", [peer(cidrs=["10.32.4.0/24"])], "overlaps 10.32.0.0/16, which is aws-eu-west-1's"),
        ("aws", [peer(cidrs=["10.250.0.0/24"])], "which is office's"),
        ("aws", [peer(cidrs=["203.0.113.0/24"])], "is no private range"),
        ("aws", [peer(cidrs=["0.0.0.0/0"])], "is no private range"),
        ("aws", [peer(cidrs=[])], "has no cidrs"),
        ("aws", [peer(), peer(name="other", network="vpc-0a1b2c3e")], "overlaps 10.200.0.0/16 of other"),
        ("aws", [peer(cidrs=["10.200.0.0/16", "10.200.9.0/24"])], "overlaps 10.200.9.0/24 of hub"),
        (
            "aws",
            [peer(), peer(network="vpc-0a1b2c3e", cidrs=["10.201.0.0/16"])],
            "two peers have this name",
        ),
        ("aws", [peer(), peer(name="other", cidrs=["10.201.0.0/16"])], "vpc-0a1b2c3d is listed twice"),
        ("aws", [peer(api=False)], "may reach nothing"),
        ("aws", [peer(name="Hub")], "'Hub': a peer's name wants lower-case"),
        ("aws", [peer(network="hub")], "wants the id of a VPC"),
        ("aws", [peer(region="us-esat-1")], "is no region of AWS"),
        ("gcp", [peer("gcp", api=True)], "join by a Network Connectivity Center hub"),
        ("gcp", [peer("gcp", endpoints=True)], "stores are reached by Private Service Connect endpoints"),
        ("gcp", [peer("gcp", network="hub")], "wants a network: projects/"),
        ("gcp", [peer("gcp", account="another-team")], "account is another-team, and its network is of other-team"),
        ("gcp", [peer("gcp", region="us-east1")], "leave it out"),
        ("azure", [peer("azure", account=ACCOUNT)], f"and its network is of {SUBSCRIPTION}"),
    ],
)
def test_a_wish_that_peering_cannot_carry_is_one_error_that_says_why(
    cloud: str, peers: list[dict[str, Any]], says: str
) -> None:
    [problem] = problems(STACKS[cloud], OTHERS, **PLACES.get(cloud, {}), peers=peers)
    assert problem.startswith("peers: got ")
    assert says in problem


def test_to_reach_something_by_way_of_a_peer_is_no_setting_and_what_is_instead_is_said() -> None:
    [problem] = problems(peers=[peer(via="another")])
    assert problem.startswith("peers.0.via: is not a setting: peering is not transitive")
    assert "transit gateway" in problem


def test_a_misspelt_part_of_a_peer_is_named_with_the_nearest() -> None:
    [problem] = problems(peers=[peer(endpoint=True)])
    assert problem == "peers.0.endpoint: is not a setting; did you mean endpoints?"


def test_all_that_is_wrong_with_peers_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.parse({**GOOD, "peers": [peer(api=False, cidrs=["8.8.8.0/24"])]}, Surroundings("aws-us-east-1"))
    [problem] = caught.value.problems
    assert "is no private range" in problem
    assert "may reach nothing" in problem
