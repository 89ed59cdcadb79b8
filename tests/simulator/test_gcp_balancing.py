"""Internal proxy load balancers and service attachments of Google Cloud: each rule refuses, and lets its near miss
pass.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from simulator.gcp.balancing import ATTACHMENT, BACKEND, HEALTH, PROXY, RULE
from simulator.gcp.network import NETWORK, SUBNET
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import Stage, codes
from tests.simulator.rule_cases import Rules

LENDS = ("10.1.2.0/24", "10.1.3.0/24")
PROXIES, LENT = "REGIONAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT"


def health(s: Stage, **inputs: Any) -> str:
    return s.make(
        HEALTH, **{"tcpHealthCheck": {"portSpecification": "USE_SERVING_PORT"}, "region": "us-east4", **inputs}
    )


def backend(s: Stage, **inputs: Any) -> str:
    wanted = {"loadBalancingScheme": "INTERNAL_MANAGED", "protocol": "TCP", "region": "us-east4"}
    return s.make(BACKEND, **{**wanted, **({} if "healthChecks" in inputs else {"healthChecks": health(s)}), **inputs})


def proxy(s: Stage, **inputs: Any) -> str:
    own = {} if "backendService" in inputs else {"backendService": backend(s)}
    return s.make(PROXY, **{"region": "us-east4", **own, **inputs})


def proxies(s: Stage, cidr: str = "10.1.0.0/23", **inputs: Any) -> str:
    return s.in_network(cidr, purpose=PROXIES, role="ACTIVE", **inputs)


def lent(s: Stage, cidr: str = "10.1.2.0/24", **inputs: Any) -> str:
    return s.in_network(cidr, **{"purpose": LENT, **inputs})


def door(s: Stage, **inputs: Any) -> str:
    own = {"network": s.network, "subnetwork": s.subnet, "loadBalancingScheme": "INTERNAL_MANAGED"}
    return s.make(RULE, **{"target": proxy(s), "portRange": "443", "region": "us-east4", **own, **inputs})


def published(s: Stage, door_: str = "", **inputs: Any) -> str:
    wanted: dict[str, Any] = {"connectionPreference": "ACCEPT_MANUAL", "enableProxyProtocol": False}
    if not door_:
        proxies(s)
    wanted["targetService"] = door_ or door(s)
    own = {} if "natSubnets" in inputs else {"natSubnets": [lent(s)]}
    return s.make(ATTACHMENT, **{**wanted, "region": "us-east4", **own, **inputs})


def entry(**selectors: str) -> dict[str, Any]:
    return {"consumerAcceptLists": [{"connectionLimit": 1, **selectors}]}


def opened(s: Stage) -> str:
    proxies(s)
    return door(s)


def taken(s: Stage, make: Callable[..., str]) -> list[str]:
    return [make(s, name="same") for _ in "ab"]


def both(s: Stage, make: Callable[..., str]) -> list[str]:
    return [make(s, name=name) for name in "ab"]


Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    **{
        f"{name}-name-form": ("'A'", partial(make, name="A"), partial(make, name="a"))
        for name, make in (
            ("RegionHealthCheck", health),
            ("RegionBackendService", backend),
            ("RegionTargetTcpProxy", proxy),
            ("ServiceAttachment", published),
        )
    },
    **{
        f"{name}-name-taken": (
            "409 alreadyExists",
            partial(taken, make=make),
            partial(both, make=make),
        )
        for name, make in (
            ("RegionHealthCheck", health),
            ("RegionBackendService", backend),
            ("RegionTargetTcpProxy", proxy),
        )
    },
    "ServiceAttachment-name-taken": (
        "409 alreadyExists",
        lambda s: (own := opened(s), [published(s, own, name="a", natSubnets=[lent(s, c)]) for c in LENDS]),
        lambda s: (own := opened(s), [published(s, own, natSubnets=[lent(s, c)]) for c in LENDS]),
    ),
    "RegionBackendService-healthChecks": ("404 notFound", lambda s: backend(s, healthChecks="gone"), backend),
    "RegionHealthCheck-of-RegionBackendService": (
        "is in use by RegionBackendService",
        lambda s: (own := health(s), backend(s, healthChecks=own), s.drop(HEALTH, own)),
        lambda s: (backend(s), s.drop(HEALTH, health(s))),
    ),
    "RegionTargetTcpProxy-backendService": ("404 notFound", lambda s: proxy(s, backendService="gone"), proxy),
    "RegionBackendService-of-RegionTargetTcpProxy": (
        "is in use by RegionTargetTcpProxy",
        lambda s: (own := backend(s), proxy(s, backendService=own), s.drop(BACKEND, own)),
        lambda s: (proxy(s), s.drop(BACKEND, backend(s))),
    ),
    "ServiceAttachment-natSubnets": (
        "404 notFound",
        lambda s: published(s, natSubnets=["gone"]),
        published,
    ),
    "ServiceAttachment-targetService": ("404 notFound", lambda s: published(s, "gone"), published),
    "ForwardingRule-of-ServiceAttachment": (
        "is in use by ServiceAttachment",
        lambda s: (own := opened(s), published(s, own), s.drop(RULE, own)),
        lambda s: (published(s), s.drop(RULE, door(s))),
    ),
    "ForwardingRule-proxies": (
        f"no subnet of purpose {PROXIES}",
        lambda s: (proxies(s, network=s.make(NETWORK, name="far", autoCreateSubnetworks=False)), door(s)),
        opened,
    ),
    "ServiceAttachment-lent": (
        "is of purpose PRIVATE",
        lambda s: published(s, natSubnets=[s.subnet]),
        lambda s: published(s, natSubnets=[lent(s)]),
    ),
    "ServiceAttachment-consumerAcceptLists-check": (
        "names one project, network or endpoint",
        lambda s: published(s, **entry(projectIdOrNum="p", networkUrl="n")),
        lambda s: published(s, **entry(projectIdOrNum="p")),
    ),
    "ServiceAttachment-connectionPreference-choice": (
        "'ACCEPT'",
        lambda s: published(s, connectionPreference="ACCEPT"),
        lambda s: published(s, connectionPreference="ACCEPT_AUTOMATIC"),
    ),
}
SUBNETS: dict[str, tuple[str, Act, Act]] = {
    "Subnetwork-of-ServiceAttachment": (
        "is in use by ServiceAttachment",
        lambda s: (own := lent(s), published(s, natSubnets=[own]), s.drop(SUBNET, own)),
        lambda s: (published(s), s.drop(SUBNET, lent(s, LENDS[1]))),
    ),
    "Subnetwork-role-check": (
        f"only a subnet of purpose {PROXIES} has a role",
        lambda s: lent(s, role="ACTIVE"),
        proxies,
    ),
    "Subnetwork-logConfig-check": (
        "has no flow logs",
        lambda s: proxies(s, logConfig={"flowSampling": 1}),
        lambda s: lent(s, logConfig={"flowSampling": 1}),
    ),
    "Subnetwork-purpose-choice": ("'PUBLIC'", lambda s: lent(s, purpose="PUBLIC"), lent),
}
"""Rules of subnets, which `test_gcp_network` counts."""

CODES = codes(HEALTH, BACKEND, PROXY, ATTACHMENT) | {"ForwardingRule-proxies": "400 invalid"}
CODES |= {"ForwardingRule-of-ServiceAttachment": "400 resourceInUseByAnotherResource"}


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


def test_a_subnet_serves_one_attachment(connect: Connect) -> None:
    stage = Stage(connect)
    own, subnet = opened(stage), lent(stage)
    published(stage, own, natSubnets=[subnet])
    with pytest.raises(Refused, match="is used by"):
        published(stage, own, natSubnets=[subnet])


def test_a_consumer_is_accepted_if_it_is_listed_and_waits_if_not(connect: Connect) -> None:
    stage = Stage(connect)
    own, seen = opened(stage), []
    for project, cidr in zip(("rampart-demo", "other"), LENDS, strict=True):
        service = published(stage, own, natSubnets=[lent(stage, cidr)], **entry(projectIdOrNum=project))
        ends = {"network": stage.network, "ipAddress": stage.address(), "loadBalancingScheme": ""}
        seen.append(stage.engine.read(RULE, stage.make(RULE, target=service, region="us-east4", **ends))[0])
    assert [each["pscConnectionStatus"] for each in seen] == ["ACCEPTED", "PENDING"]
