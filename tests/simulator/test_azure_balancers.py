"""Azure's load balancers, Private Link services and records: each rule refuses, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.azure.arm import LOCK
from simulator.azure.balancers import BALANCER, RECORD, SERVICE
from simulator.azure.dns import ZONE
from simulator.azure.network import SUBNET
from simulator.values import Props
from tests.simulator.azure_stage import IN, VNET_ID, Case, Stage, refuses
from tests.simulator.conftest import Connect

PLAIN, OPEN = f"{VNET_ID}/subnets/a", f"{VNET_ID}/subnets/lent"
LB = f"{IN}/Microsoft.Network/loadBalancers/"
FRONT = f"{LB}lb/frontendIPConfigurations/front"


def balancer(s: Stage, name: str = "lb", **changes: Any) -> Props:
    front = {"name": "front", "subnet": {"id": changes.pop("subnet", PLAIN)}, **changes.pop("front", {})}
    wanted: Props = {
        "resourceGroupName": "rg",
        "loadBalancerName": name,
        "location": "eastus2",
        "sku": {"name": "Standard"},
    }
    wanted |= {"frontendIPConfigurations": [front], "backendAddressPools": [{"name": "pool"}]}
    return s.engine.create(BALANCER, "x", {**wanted, **changes})[1]


def ruled(pool: str = f"{LB}lb/backendAddressPools/pool", minutes: int = 4) -> Props:
    ports = {"protocol": "Tcp", "frontendPort": 443, "backendPort": 443, "idleTimeoutInMinutes": minutes}
    ends = {"frontendIPConfiguration": {"id": FRONT}, "backendAddressPools": [{"id": pool}]}
    return {"loadBalancingRules": [{"name": "r", **ports, **ends}]}


def lent(s: Stage, policies: str = "Disabled") -> str:
    more: Props = {"subnetName": "lent", "addressPrefix": "10.0.9.0/24", "privateLinkServiceNetworkPolicies": policies}
    return s.make(SUBNET, **more)


def service(s: Stage, name: str = "pls", **changes: Any) -> str:
    """A service in front of a load balancer that is there; in the subnet that is lent unless a case has another."""
    subnet = changes.pop("subnet", OPEN)
    wanted: Props = {"resourceGroupName": "rg", "serviceName": name, "location": "eastus2"}
    wanted |= {"ipConfigurations": [{"name": "lent", "subnet": {"id": subnet}}]}
    wanted |= {"loadBalancerFrontendIpConfigurations": [{"id": changes.pop("front", FRONT)}]}
    return s.engine.create(SERVICE, "x", {**wanted, **changes})[0]


def whole(s: Stage, **changes: Any) -> str:
    lent(s)
    balancer(s, **changes.pop("balancer", {}))
    return service(s, **changes)


def record(s: Stage, name: str = "ingest", **changes: Any) -> str:
    wanted = {"resourceGroupName": "rg", "privateZoneName": s.states[ZONE]["name"], "relativeRecordSetName": name}
    answer = changes or {"aRecords": [{"ipv4Address": "10.0.0.9"}]}
    return s.engine.create(RECORD, "x", {**wanted, "recordType": "A", "ttl": 300, **answer})[0]


CASES: dict[str, Case] = {
    "LoadBalancer-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: [balancer(s) for _ in "ab"]),
        lambda s: balancer(s, "other"),
    ),
    "LoadBalancer-frontendIPConfigurations.subnet.id": (
        *(LOCK, "InvalidResourceReference", lambda s: balancer(s, subnet=f"{PLAIN}-2")),
        balancer,
    ),
    "Subnet-of-LoadBalancer": (
        *(LOCK, "InUseSubnetCannotBeDeleted", lambda s: (lent(s), balancer(s, subnet=OPEN), s.drop(SUBNET))),
        lambda s: s.engine.delete(BALANCER, f"{LB}lb", {}),
    ),
    "LoadBalancer-parts": (
        *(LOCK, "is none of its backendAddressPools", lambda s: balancer(s, **ruled(f"{LB}lb/backendAddressPools/x"))),
        lambda s: balancer(s, **ruled()),
    ),
    "LoadBalancer-loadBalancingRules.idleTimeoutInMinutes-range": (
        *(LOCK, "InvalidRequestFormat", lambda s: balancer(s, **ruled(minutes=3))),
        lambda s: balancer(s, **ruled(minutes=30)),
    ),
    "PrivateLinkService-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: (whole(s), service(s))),
        lambda s: service(s, "other"),
    ),
    "PrivateLinkService-ipConfigurations.subnet.id": (
        *(LOCK, "InvalidResourceReference", lambda s: whole(s, subnet=f"{OPEN}-2")),
        service,
    ),
    "Subnet-of-PrivateLinkService": (
        *(LOCK, "InUseSubnetCannotBeDeleted", lambda s: (whole(s), s.drop(SUBNET))),
        lambda s: s.engine.delete(SERVICE, f"{IN}/Microsoft.Network/privateLinkServices/pls", {}),
    ),
    "PrivateLinkService-front": (
        *(LOCK, "is of no internal load balancer", lambda s: whole(s, balancer={"sku": {"name": "Basic"}})),
        lambda s: (balancer(s, "good"), service(s, front=FRONT.replace("/lb/", "/good/"))),
    ),
    "PrivateLinkService-policies": (
        *(LOCK, "PrivateLinkServiceNetworkPolicies", lambda s: whole(s, subnet=PLAIN)),
        service,
    ),
    "PrivateLinkService-approved": (
        *(LOCK, "b does not see it", lambda s: whole(s, **{"autoApproval": {"subscriptions": ["b"]}})),
        lambda s: service(s, visibility={"subscriptions": ["a", "b"]}, autoApproval={"subscriptions": ["b"]}),
    ),
    "PrivateRecordSet-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: [record(s) for _ in "ab"]),
        lambda s: record(s, "other"),
    ),
    "PrivateRecordSet-answers": (
        *(LOCK, "has no `aRecords`", lambda s: record(s, aaaaRecords=[{"ipv6Address": "::1"}])),
        record,
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = Stage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


def test_a_service_has_an_alias_that_consumers_name(connect: Connect) -> None:
    stage = Stage(connect)
    made = stage.engine.read(SERVICE, whole(stage))[0]
    assert made["alias"].startswith("pls.")
    assert made["alias"].endswith(".eastus2.azure.privatelinkservice")
