"""The way in: what turning it on and off makes, changes and takes away, who is let in, and that nobody else is."""

import copy
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from components.dataplane.exports import Exports
from components.ingest import IngestArgs
from components.network import ENTRANCE_PORT
from demo.project import STACKS
from tests.components.test_contract import NAMELESS, NOWHERE, SITE
from tests.components.test_reach import IN, add, outside, the
from tests.components.ways import OTHERS, Opened
from tests.conftest import Standing

AWS, GCP, AZURE = STACKS
PARTS = {
    AWS: ["balancer", "callers", "listener", "name", "service", "targets", "to-pods"]
    + [f"{zone}{rest}" for zone in range(3) for rest in ("", "-routes")],
    GCP: ["consumers", "front", "front-door", "health", "name", "proxies", "proxy", "service", "targets"],
    AZURE: ["callers", "consumers", "front", "may-link", "name", "role", "routes"],
}
BESIDE = {AWS: set[str](), GCP: {"network-ingress-probes"}, AZURE: set[str]()}
COME = {stack: {"ingest", *(f"ingest-{part}" for part in PARTS[stack]), *BESIDE[stack]} for stack in STACKS}
CHANGE = {AWS: set[str](), GCP: set[str](), AZURE: {"network-nodes"}}


def public(stack: str, resources: list[dict[str, Any]]) -> None:
    """Put the load balancer on the internet, with what else that takes."""
    if stack == AWS:
        for place in ("inputs", "outputs"):
            the(resources, "ingest-balancer")[place]["internal"] = False
    elif stack == GCP:
        for place in ("inputs", "outputs"):
            the(resources, "ingest-front-door")[place]["loadBalancingScheme"] = "EXTERNAL_MANAGED"
    else:
        front = {"name": "front", "publicIPAddress": {"id": "/ip"}}
        add(resources, "azure-native:network:LoadBalancer", "hole", frontendIPConfigurations=[front])
        [route] = the(resources, "ingest-routes")["outputs"]["routes"]
        route["nextHopType"] = "Internet"
        rule = {"name": "hole", "priority": 110, "access": "Allow", "protocol": "*", "destinationPortRange": "*"}
        the(resources, "ingest-callers")["outputs"]["securityRules"].append({**rule, **IN})


def test_a_consumer_is_told_everything_with_nothing_left_to_guess(opened: Opened) -> None:
    ingest = opened.exports.ingest
    assert ingest.name == f"ingest.{opened.exports.domain}"
    assert (ingest.port, ingest.target["port"], ingest.consumers) == (443, str(ENTRANCE_PORT), (OTHERS[opened.stack],))
    assert ingest.target["id"]
    needs = " ".join(ingest.consumer_needs)
    for part in (ingest.service, ingest.name, "443", "ingest_authority"):
        assert part in needs


def test_the_internet_would_be_seen_if_it_reached_the_load_balancer(opened: Opened) -> None:
    resources = copy.deepcopy(opened.state)
    public(opened.stack, resources)
    assert any(path.startswith("internet -> ingest-") for path in outside(resources) - outside(opened.state))


def test_the_load_balancer_is_private_and_takes_443_alone_and_the_service_names_the_consumer_alone(
    opened: Opened,
) -> None:
    stack, found = opened.stack, opened.found
    if stack == AWS:
        assert found["ingest-balancer"]["internal"] is True
        assert found["ingest-listener"]["port"] == 443
        assert found["ingest-service"]["allowedPrincipals"] == [f"arn:aws:iam::{OTHERS[AWS]}:root"]
        [way] = found["ingest-callers"]["ingress"]
        assert (way["fromPort"], way["toPort"], way["cidrBlocks"]) == (443, 443, ["10.16.0.0/16"])
        tables = {found[f"ingest-{zone}-routes"]["routeTableId"] for zone in range(3)}
        assert tables == {found["network-routes"]["id"]}
    elif stack == GCP:
        door, service = found["ingest-front-door"], found["ingest-service"]
        assert (door["loadBalancingScheme"], door["portRange"]) == ("INTERNAL_MANAGED", "443")
        assert service["connectionPreference"] == "ACCEPT_MANUAL"
        assert service["consumerAcceptLists"] == [{"projectIdOrNum": OTHERS[GCP], "connectionLimit": 10}]
        assert service["reconcileConnections"] is True
        assert found["ingest-name"]["rrdatas"] == [door["ipAddress"]]
    else:
        says = {
            key.removeprefix("service.beta.kubernetes.io/azure-"): value
            for key, value in opened.exports.ingest.annotations.items()
        }
        assert says["load-balancer-internal"] == "true"
        assert says["pls-visibility"] == says["pls-auto-approval"] == OTHERS[AZURE]
        assert found["ingest-name"]["aRecords"] == [{"ipv4Address": says["load-balancer-ipv4"]}]
        front = IPv4Network(found["ingest-front"]["addressPrefix"])
        assert IPv4Address(says["load-balancer-ipv4"]) in front
        named = (says["load-balancer-internal-subnet"], says["pls-ip-configuration-subnet"])
        assert named == ("ingest-front", "ingest-consumers")
        assert found["ingest-consumers"]["privateLinkServiceNetworkPolicies"] == "Disabled"
        group, service = opened.exports.ingest.service.split("/providers/")
        assert service == f"Microsoft.Network/privateLinkServices/{says['pls-name']}"
        assert group.rpartition("/")[2] == says["pls-resource-group"]
        # What AKS may do for it, and where: it makes and takes away, and approves nobody.
        [may] = found["ingest-role"]["permissions"]
        assert {action.removeprefix("Microsoft.Network/privateLinkServices/") for action in may["actions"]} == {
            *("read", "write", "delete", "privateEndpointConnections/read", "privateEndpointConnections/delete")
        }
        assert not may.get("dataActions")
        where = {the(opened.state, name)["inputs"]["scope"] for name in ("ingest-may-link", "ingest-role")}
        assert where == {group}


@pytest.mark.parametrize("stack", STACKS)
def test_without_consumers_there_is_nothing_and_the_exports_say_so(standing: Standing, stack: str) -> None:
    [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
    ingest = Exports.model_validate(root["outputs"]).ingest
    assert (ingest.name, ingest.service, ingest.target, ingest.consumers) == ("", "", {}, ())
    assert not [r["urn"] for r in standing.resources[stack] if "ingest:Ingest" in r["urn"]]


@pytest.mark.parametrize(("consumers", "says"), [((), "no consumers"), (("1", "2", "1"), "1 is listed twice")])
def test_a_component_refuses_what_lets_nobody_in_or_somebody_twice(consumers: tuple[str, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        IngestArgs(site=SITE, network=NOWHERE, dns=NAMELESS, cluster=NOWHERE, consumers=consumers)  # type: ignore[arg-type]
