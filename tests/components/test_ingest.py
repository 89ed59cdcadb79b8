"""The way in: what turning it on and off makes, changes and takes away, who is let in, and that nobody else is."""

import copy
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from components.dataplane.exports import Exports
from components.ingest import IngestArgs
from components.network import ENTRANCE_PORT
from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet
from tests.components.test_contract import NAMELESS, NOWHERE, SITE
from tests.components.test_egress import by_operation, settings
from tests.components.test_reach import IN, outside, the
from tests.conftest import Standing, silent

AWS, GCP, AZURE = STACKS
CONSUMER = {AWS: "444455556666", GCP: "other-team", AZURE: "00000000-0000-4000-8000-00000000d3e1"}
COME = {
    AWS: {"balancer", "callers", "listener", "name", "service", "targets", "to-pods"}
    | {f"{zone}{rest}" for zone in range(3) for rest in ("", "-routes")},
    GCP: {"consumers", "front", "front-door", "health", "name", "proxies", "proxy", "service", "targets"},
    AZURE: {"balancer", "callers", "consumers", "front", "name", "routes", "service"},
}
BESIDE = {AWS: set[str](), GCP: {"network-ingress-probes"}, AZURE: set[str]()}
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
        [front] = the(resources, "ingest-balancer")["outputs"]["frontendIPConfigurations"]
        front["publicIPAddress"] = {"id": "/ip"}
        [route] = the(resources, "ingest-routes")["outputs"]["routes"]
        route["nextHopType"] = "Internet"
        rule = {"name": "hole", "priority": 110, "access": "Allow", "protocol": "*", "destinationPortRange": "*"}
        the(resources, "ingest-callers")["outputs"]["securityRules"].append({**rule, **IN})


def admitting(fleet: Fleet, folder: Path) -> Fleet:
    """The same fleet, with a pack configuration that admits the consumers, as docs/ingest.md says."""
    document = json.loads(fleet.pack_config.read_text())
    document["rampart"]["consumers"] = list(CONSUMER.values())
    path = folder / "ingest.config.json"
    path.write_text(json.dumps(document))
    return dataclasses.replace(fleet, pack_config=path)


@pytest.mark.parametrize("stack", STACKS)
def test_turning_it_on_and_off_replaces_nothing(copied: Project, stack: str, tmp_path: Path) -> None:
    with session(copied, silent) as fleet:
        with settings(fleet, ingest={"consumers": [CONSUMER[stack]]}):
            [refused] = fleet.preview([stack], silent)
            before = outside(fleet.deployment(stack)["resources"])
            [on] = admitting(fleet, tmp_path).up([stack], silent)
            [again] = admitting(fleet, tmp_path).up([stack], silent)
            state = fleet.deployment(stack)["resources"]
        [off] = fleet.up([stack], silent)
    # The settings alone let nobody in: the pack's own configuration must list the consumer, too.
    assert refused.status == "refused"
    assert {v.control for v in refused.violations if v.level == "mandatory"} == {"no-foreign-principal"}
    assert (on.status, again.status, off.status) == ("updated", "unchanged", "updated"), (on.errors, on.violations)
    made = {"ingest", *(f"ingest-{name}" for name in COME[stack]), *BESIDE[stack]}
    changed = {"update": CHANGE[stack]} if CHANGE[stack] else {}
    assert by_operation(on) == {"create": made, **changed}
    assert by_operation(off) == {"delete": made, **changed}
    # The internet reaches nothing more than before, and the graph would say so if it did.
    assert outside(state) == before
    opened = copy.deepcopy(state)
    public(stack, opened)
    assert any(path.startswith("internet -> ingest-") for path in outside(opened) - before)
    [root] = [r for r in state if r["type"] == "pulumi:pulumi:Stack"]
    assert_told(Exports.model_validate(root["outputs"]), stack)
    assert_narrow(stack, {r["urn"].rpartition("::")[2]: r["outputs"] for r in state if "outputs" in r})


def assert_told(exports: Exports, stack: str) -> None:
    """Name, service, target and the consumer's part, with nothing left to fill in by guess."""
    ingest = exports.ingest
    assert ingest.name == f"ingest.{exports.domain}"
    assert (ingest.port, ingest.target["port"], ingest.consumers) == (443, str(ENTRANCE_PORT), (CONSUMER[stack],))
    assert ingest.target["id"]
    needs = " ".join(ingest.consumer_needs)
    for part in (ingest.service, ingest.name, "443", "ingest_authority"):
        assert part in needs


def assert_narrow(stack: str, found: dict[str, Any]) -> None:
    """The load balancer has no public address and takes port 443 alone; the service names the consumer alone."""
    if stack == AWS:
        assert found["ingest-balancer"]["internal"] is True
        assert found["ingest-listener"]["port"] == 443
        assert found["ingest-service"]["allowedPrincipals"] == [f"arn:aws:iam::{CONSUMER[AWS]}:root"]
        [way] = found["ingest-callers"]["ingress"]
        assert (way["fromPort"], way["toPort"], way["cidrBlocks"]) == (443, 443, ["10.16.0.0/16"])
        tables = {found[f"ingest-{zone}-routes"]["routeTableId"] for zone in range(3)}
        assert tables == {found["network-routes"]["id"]}
    elif stack == GCP:
        door, service = found["ingest-front-door"], found["ingest-service"]
        assert (door["loadBalancingScheme"], door["portRange"]) == ("INTERNAL_MANAGED", "443")
        assert service["connectionPreference"] == "ACCEPT_MANUAL"
        assert service["consumerAcceptLists"] == [{"projectIdOrNum": CONSUMER[GCP], "connectionLimit": 10}]
        assert service["reconcileConnections"] is True
        assert found["ingest-name"]["rrdatas"] == [door["ipAddress"]]
    else:
        [front] = found["ingest-balancer"]["frontendIPConfigurations"]
        assert not front.get("publicIPAddress")
        [rule] = found["ingest-balancer"]["loadBalancingRules"]
        assert (rule["frontendPort"], rule["backendPort"]) == (443, ENTRANCE_PORT)
        for name in ("visibility", "autoApproval"):
            assert found["ingest-service"][name] == {"subscriptions": [CONSUMER[AZURE]]}
        assert found["ingest-consumers"]["privateLinkServiceNetworkPolicies"] == "Disabled"
        assert found["ingest-name"]["aRecords"] == [{"ipv4Address": front["privateIPAddress"]}]


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
