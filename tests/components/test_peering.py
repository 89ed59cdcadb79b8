"""Peers: what joining one makes and changes, that nothing is replaced by it, and what is refused."""

import json
from typing import Any

import pytest

from components.peering import Peer, PeeringArgs
from demo.project import STACKS
from tests.components.test_contract import NAMELESS, NOWHERE, SITE
from tests.components.ways import OTHERS, RANGE, Opened

AWS, GCP, AZURE = STACKS
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


def test_the_peer_is_told_what_its_side_must_do(opened: Opened) -> None:
    joined = opened.exports.peers["hub"]
    assert joined.connection
    assert any("Let out TCP to 10." in need for need in joined.needs)


def test_the_peer_is_let_in_by_port_and_nothing_is_let_out_to_it(opened: Opened) -> None:
    stack, found = opened.stack, opened.found
    if stack == AWS:
        [route] = [o for o in found.values() if o.get("vpcPeeringConnectionId")]
        assert (route["routeTableId"], route["destinationCidrBlock"]) == (found["network-routes"]["id"], RANGE)
        groups = {
            (n, rule["fromPort"], rule["toPort"])
            for n, o in found.items()
            for rule in o.get("ingress") or ()
            if RANGE in (rule.get("cidrBlocks") or ())
        }
        assert groups == {
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
    known = {"name": "hub", "network": "vpc-1", "account": OTHERS[AWS], "cidrs": (), "api": True}
    return Peer(**{**known, **changes})


def test_a_component_refuses_what_no_cloud_carries() -> None:
    with pytest.raises(ValueError, match="has no cidrs"):
        PeeringArgs(site=SITE, network=NOWHERE, dns=NAMELESS, peers=(peer(),))
