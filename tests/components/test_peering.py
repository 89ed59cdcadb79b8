"""Peers: what joining one makes and changes, that nothing is replaced by it, and what is refused."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest

from components.dataplane.exports import Exports
from components.peering import Peer, PeeringArgs
from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet
from simulator.aws.network import VPC
from simulator.azure.arm import GROUP
from simulator.azure.network import VNET
from tests.components.test_contract import NAMELESS, NOWHERE, SITE
from tests.components.test_egress import by_operation, settings
from tests.conftest import silent
from tests.simulator.conftest import Engine

AWS, GCP, AZURE = STACKS
ACCOUNT, PROJECT, SUBSCRIPTION = "444455556666", "other-team", "00000000-0000-4000-8000-00000000d3e1"
RANGE = "10.200.0.0/16"
WISHES = {AWS: {"api", "endpoints"}, GCP: {"ingest"}, AZURE: {"api", "endpoints"}}
COME = {
    AWS: {"peering", "peering-hub", "peering-hub-10-200-0-0-16", "peering-hub-names"},
    GCP: {"peering", "peering-hub", "network-ingress-visitors", "network-ingress-reach"},
    AZURE: {"peering", "peering-hub", "peering-hub-own"}
    | {f"peering-hub-{zone}" for zone in ("blob", "vault", "postgres", "redis", "registry", "kubernetes")},
}
CHANGE = {
    AWS: {"postgres-clients", "cache-clients", "cluster-callers"},
    GCP: {"cluster-cluster"},
    AZURE: {"network-api", "network-closed"},
}


def other_side(stack: str) -> dict[str, str]:
    """Make the other side's network in the simulated cloud; its id, and whose it is."""
    if stack == GCP:  # a network of Google Cloud is peered before it is there
        return {"network": f"projects/{PROJECT}/global/networks/hub", "account": PROJECT}
    attached = dict(pair.split(":") for pair in os.environ["PULUMI_DEBUG_PROVIDERS"].split(","))
    if stack == AWS:
        roles = [{"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deploy"}]
        settings = {"region": "us-east-1", "allowedAccountIds": [ACCOUNT], "assumeRoles": roles}
        there = Engine(f"127.0.0.1:{attached['aws']}", "aws", settings)
        return {"network": there.create(VPC, "hub", {"cidrBlock": RANGE})[0], "account": ACCOUNT}
    there = Engine(
        f"127.0.0.1:{attached['azure-native']}", "azure-native", {"subscriptionId": SUBSCRIPTION, "location": "eastus2"}
    )
    there.create(GROUP, "hub", {"resourceGroupName": "hub"})
    made = {"resourceGroupName": "hub", "virtualNetworkName": "hub", "addressSpace": {"addressPrefixes": [RANGE]}}
    return {"network": there.create(VNET, "hub", made)[0], "account": SUBSCRIPTION}


def admitting(fleet: Fleet, folder: Path) -> Fleet:
    """The same fleet, with a pack configuration that admits the other side's account, as docs/peering.md says."""
    document = json.loads(fleet.pack_config.read_text())
    document["rampart"]["consumers"] = [ACCOUNT, PROJECT, SUBSCRIPTION]
    path = folder / "peering.config.json"
    path.write_text(json.dumps(document))
    return dataclasses.replace(fleet, pack_config=path)


def test_another_account_is_let_in_on_the_packs_word_and_not_on_the_stacks(copied: Project) -> None:
    hub = {"name": "hub", "cidrs": [RANGE], "network": f"projects/{PROJECT}/global/networks/hub", "account": PROJECT}
    with session(copied, silent) as fleet, settings(fleet, peers=[{**hub, "ingest": True}]):
        [refused] = fleet.preview([GCP], silent)
    assert refused.status == "refused"
    assert {v.control for v in refused.violations if v.level == "mandatory"} == {"no-foreign-principal"}


@pytest.mark.parametrize("stack", STACKS)
def test_joining_a_peer_and_leaving_it_replaces_nothing(copied: Project, stack: str, tmp_path: Path) -> None:
    with session(copied, silent) as fleet:
        hub = {"name": "hub", "cidrs": [RANGE], **other_side(stack), **dict.fromkeys(WISHES[stack], True)}
        # What reaches Google Cloud's API does so by another way than peering, and is let in likewise.
        more = {"kubernetes": {"reach": ["10.201.0.0/16"]}} if stack == GCP else {}
        with settings(fleet, peers=[hub], **more):
            [on] = admitting(fleet, tmp_path).up([stack], silent)
            state = fleet.deployment(stack)["resources"]
        [off] = fleet.up([stack], silent)
    assert (on.status, off.status) == ("updated", "updated"), (on.errors, on.violations, off.errors)
    assert by_operation(on) == {"create": COME[stack], "update": CHANGE[stack]}
    assert by_operation(off) == {"delete": COME[stack], "update": CHANGE[stack]}
    [root] = [r for r in state if r["type"] == "pulumi:pulumi:Stack"]
    joined = Exports.model_validate(root["outputs"]).peers["hub"]
    assert joined.connection
    assert any("Let out TCP to 10." in need for need in joined.needs)
    assert_narrow(stack, {r["urn"].rpartition("::")[2]: r["outputs"] for r in state if "outputs" in r})


def assert_narrow(stack: str, found: dict[str, Any]) -> None:
    """The peer is let in by port, nothing is let out to it, and the egress subnets have nothing to do with it."""
    if stack == AWS:
        [route] = [o for o in found.values() if o.get("vpcPeeringConnectionId")]
        assert (route["routeTableId"], route["destinationCidrBlock"]) == (found["network-routes"]["id"], RANGE)
        opened = {
            (n, rule["fromPort"], rule["toPort"])
            for n, o in found.items()
            for rule in o.get("ingress") or ()
            if RANGE in (rule.get("cidrBlocks") or ())
        }
        assert opened == {
            ("postgres-clients", 5432, 5432),
            ("cache-clients", 6379, 6379),
            ("cluster-callers", 443, 443),
        }
        assert not [n for n, o in found.items() if RANGE in json.dumps(o.get("egress") or [])]
    elif stack == GCP:
        half = found["peering-hub"]
        assert (half["importCustomRoutes"], half["exportCustomRoutes"]) == (False, False)
        rules = [o for o in found.values() if RANGE in json.dumps(o.get("match") or {})]
        assert [(r["direction"], r["match"]["destIpRanges"]) for r in rules] == [("INGRESS", ["10.22.176.0/20"])]
        assert rules[0]["match"]["layer4Configs"] == [{"ipProtocol": "tcp", "ports": ["443"]}]
    else:
        half = found["peering-hub"]
        assert not any(half[way] for way in ("allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways"))
        ruled = {
            (n, rule["direction"], rule["destinationAddressPrefix"], rule["destinationPortRange"])
            for n, o in found.items()
            for rule in o.get("securityRules") or ()
            if RANGE in (rule["sourceAddressPrefix"], rule["destinationAddressPrefix"])
        }
        stores, control = found["network-endpoints"]["addressPrefix"], found["network-control"]["addressPrefix"]
        assert ruled == {
            ("network-api", "Inbound", control, "443"),
            *(("network-closed", "Inbound", stores, port) for port in ("443", "5432", "10000")),
        }


def peer(**changes: Any) -> Peer:
    known = {"name": "hub", "network": "vpc-1", "account": ACCOUNT, "cidrs": (), "api": True}
    return Peer(**{**known, **changes})


def test_a_component_refuses_what_no_cloud_carries() -> None:
    with pytest.raises(ValueError, match="has no cidrs"):
        PeeringArgs(site=SITE, network=NOWHERE, dns=NAMELESS, peers=(peer(),))
