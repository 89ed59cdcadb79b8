"""Each rule of addresses and endpoints of Google Cloud refuses what it names, and lets its near miss pass."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.gcp.endpoint import ADDRESS, ENDPOINT
from simulator.gcp.network import NETWORK
from simulator.gcp.sql import INSTANCE
from simulator.values import UNKNOWN, Props
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_balancing import CASES as BALANCING

LINK = "projects/x-tp/regions/us-east4/serviceAttachments/y"


def _elsewhere(stage: Stage, **inputs: Any) -> str:
    other = stage.make(NETWORK, name="other", autoCreateSubnetworks=False)
    subnet = stage.in_network("10.0.0.0/24", network=other)
    return stage.endpoint(ipAddress=stage.address(subnetwork=subnet), **inputs)


def _with(*acts: Callable[[Stage], object]) -> Callable[[Stage], object]:
    return lambda stage: (stage.instance(), *(act(stage) for act in acts))


Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Address-name-form": ("'A'", lambda s: s.address(name="A"), lambda s: s.address(name="a")),
    "Address-name-taken": (
        "409 alreadyExists",
        lambda s: [s.address(name="a") for _ in range(2)],
        lambda s: [s.drop(ADDRESS, s.address(name="a")) for _ in range(2)],
    ),
    "Address-subnetwork": (
        "does not exist in us-east1",
        lambda s: s.address(region="us-east1"),
        lambda s: s.address(region="us-east4"),
    ),
    "Address-addressType-write": (
        "an EXTERNAL one none",
        lambda s: s.address(addressType="EXTERNAL"),
        lambda s: s.make(ADDRESS, networkTier="STANDARD"),
    ),
    "Address-address-create": (
        "in the subnetwork's range, and free",
        lambda s: s.address(address="10.0.16.1"),
        lambda s: s.address(address="10.0.15.1"),
    ),
    "Address-of-ForwardingRule": (
        "is in use by ForwardingRule",
        _with(lambda s: s.drop(ADDRESS, s.engine.read(ENDPOINT, s.endpoint())[1]["ipAddress"])),
        _with(lambda s: (s.endpoint(), s.drop(ADDRESS, s.address()))),
    ),
    "ForwardingRule-name-form": (
        "'A'",
        _with(lambda s: s.endpoint(name="A")),
        _with(lambda s: s.endpoint(name="a")),
    ),
    "ForwardingRule-name-taken": (
        "409 alreadyExists",
        _with(lambda s: [s.endpoint(name="a") for _ in range(2)]),
        _with(lambda s: [s.endpoint(name=name) for name in "ab"]),
    ),
    "ForwardingRule-network": (
        "404 notFound",
        _with(lambda s: s.endpoint(network="gone")),
        _with(lambda s: s.endpoint(network="net")),
    ),
    "ForwardingRule-subnetwork": (
        "404 notFound",
        _with(lambda s: s.endpoint(subnetwork="gone")),
        _with(lambda s: s.endpoint(subnetwork=s.subnet)),
    ),
    "ForwardingRule-ipAddress": (
        "'10.0.0.77' (`ipAddress`) does not exist",
        _with(lambda s: s.endpoint(ipAddress="10.0.0.77")),
        _with(lambda s: (s.address(address="10.0.0.77"), s.endpoint(ipAddress="10.0.0.77"))),
    ),
    "ForwardingRule-ipAddress-write": (
        "the address is internal, in the rule's network",
        _with(_elsewhere),
        _with(lambda s: _elsewhere(s, network="other")),
    ),
    "ForwardingRule-ipAddress-create": (
        "the address is no other rule's",
        _with(lambda s: [s.endpoint(ipAddress=address) for address in [s.address()] * 2]),
        _with(lambda s: [s.endpoint(ipAddress=s.address()) for _ in range(2)]),
    ),
    "ForwardingRule-target": (
        f"'{LINK}' (`target`) does not exist in us-east4",
        _with(lambda s: s.endpoint(target=LINK)),
        _with(lambda s: s.endpoint()),
    ),
    "ForwardingRule-loadBalancingScheme-write": (
        'has the scheme ""',
        _with(lambda s: s.endpoint(loadBalancingScheme=None)),
        _with(lambda s: s.endpoint(loadBalancingScheme="")),
    ),
}
CODES = codes(ADDRESS, ENDPOINT)


OWN_CODES = {rule: code for rule, code in CODES.items() if rule not in BALANCING}


class TestRules(Rules):
    cases = CASES
    codes = OWN_CODES
    stage = Stage


def test_addresses_are_handed_out_in_order_but_for_googles_own_four(connect: Connect) -> None:
    stage = Stage(connect)
    subnet = stage.in_network("10.9.0.0/29")
    made = [stage.address(subnetwork=subnet) for _ in range(4)]
    assert [stage.engine.read(ADDRESS, id_)[0]["address"] for id_ in made] == [f"10.9.0.{n}" for n in (2, 3, 4, 5)]
    with pytest.raises(Refused, match="no free address"):
        stage.address(subnetwork=subnet)
    stage.drop(ADDRESS, made[1])
    kept = stage.engine.update(ADDRESS, made[3], {}, {"subnetwork": subnet, "addressType": "INTERNAL", "labels": {}})
    assert kept["address"] == "10.9.0.5"


def test_an_endpoint_shows_its_address_and_whether_it_was_accepted(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance()
    made = stage.engine.read(ENDPOINT, stage.endpoint(ipAddress=stage.address(address="10.0.0.9")))[0]
    assert (made["ipAddress"], made["pscConnectionStatus"]) == ("10.0.0.9", "ACCEPTED")
    psc = {"pscEnabled": True, "allowedConsumerProjects": ["other"]}
    ip = {"ipConfiguration": {"ipv4Enabled": False, "pscConfigs": [psc]}}
    other = stage.engine.read(INSTANCE, stage.instance("closed", ip))[0]["pscServiceAttachmentLink"]
    assert stage.engine.read(ENDPOINT, stage.endpoint(target=other))[0]["pscConnectionStatus"] == "PENDING"


def test_what_is_unknown_at_a_preview_is_not_refused(connect: Connect) -> None:
    engine = Stage(connect).engine
    address = engine.create(ADDRESS, "a", {"addressType": "INTERNAL", "subnetwork": UNKNOWN}, preview=True)[1]
    assert address["address"] is UNKNOWN
    rule = {"network": UNKNOWN, "ipAddress": UNKNOWN, "target": UNKNOWN, "loadBalancingScheme": ""}
    engine.create(ENDPOINT, "e", rule, preview=True)


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        (ADDRESS, {"subnetwork": "a"}, {"subnetwork": "b"}, True),
        (ADDRESS, {"labels": {"a": "b"}}, {"labels": {"a": "c"}}, False),
        (ENDPOINT, {"target": "a"}, {"target": "b"}, True),
        (ENDPOINT, {"allowPscGlobalAccess": True}, {"allowPscGlobalAccess": False}, False),
    ],
)
def test_replaces_on_what_cannot_be_changed_and_only_on_that(
    connect: Connect, token: str, old: Props, new: Props, replaced: bool
) -> None:
    difference = connect("gcp").diff(token, old, new)
    assert bool(difference.replaces) == replaced
    assert difference.diffs
