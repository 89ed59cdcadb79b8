"""Virtual time is the longest chain of a deployment, and needs no server."""

from typing import Any

import pytest

from simulator import clock

VPC, SUBNET, KEY = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:kms/key:Key"


def _resource(name: str, type_: str, **more: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:s::p::{type_}::{name}",
        "type": type_,
        "custom": type_.partition(":")[0] != "rampart",
        **more,
    }


def _urn(name: str, type_: str) -> str:
    return str(_resource(name, type_)["urn"])


def _export(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(resources)}}


def test_resources_that_wait_for_nothing_take_as_long_as_the_slowest() -> None:
    found = clock.critical_path(_export(_resource("v", VPC), _resource("k", KEY)))
    assert found == (max(clock.seconds(VPC), clock.seconds(KEY)), (_urn("k", KEY),))


@pytest.mark.parametrize(
    "link",
    [
        {"dependencies": [_urn("v", VPC)]},
        {"propertyDependencies": {"vpcId": [_urn("v", VPC)], "tags": None}},
        {"parent": _urn("v", VPC)},
        {"provider": f"{_urn('v', VPC)}::the-id"},
    ],
)
def test_every_kind_of_dependency_adds_up(link: dict[str, Any]) -> None:
    found = clock.critical_path(_export(_resource("v", VPC), _resource("s", SUBNET, **link)))
    assert found.seconds == clock.seconds(VPC) + clock.seconds(SUBNET)
    assert found.urns == (_urn("v", VPC), _urn("s", SUBNET))


def test_components_providers_and_what_is_leaving_take_no_time() -> None:
    component = _resource("c", "rampart:network:Network")
    provider = _resource("p", "pulumi:providers:aws", parent=component["urn"])
    old = _resource("v", VPC, delete=True)
    new = _resource("s", SUBNET, provider=f"{provider['urn']}::x", parent=component["urn"])
    assert clock.critical_path(_export(component, provider, old, new)) == (clock.seconds(SUBNET), (new["urn"],))


def test_an_empty_deployment_takes_none() -> None:
    assert clock.creation_time({"deployment": {"resources": None}}) == 0.0
    assert clock.creation_time({}) == 0.0
