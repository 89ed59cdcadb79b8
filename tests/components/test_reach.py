"""That the deployed stacks have no way in and no way out, worked out from their resources; and that each hole is found.

A hole is opened in a copy of a stack's state, as somebody would by hand, and the paths are worked out anew.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from demo.project import STACKS
from rampart_policy.reach import Path, survey
from rampart_policy.reach.__main__ import deployed
from tests.conftest import Standing

AWS, GCP, AZURE = STACKS
OUTSIDE = "internet"
State = list[dict[str, Any]]


def paths(resources: State) -> list[Path]:
    return survey(deployed({"resources": resources})).paths()


def outside(resources: State) -> set[str]:
    """The paths that begin or end on the internet."""
    return {str(path) for path in paths(resources) if OUTSIDE in (path.source, path.target)}


def the(resources: State, name: str) -> dict[str, Any]:
    [found] = [resource for resource in resources if resource["urn"].endswith(f"::{name}")]
    return found


def add(resources: State, token: str, name: str, **outputs: Any) -> None:
    urn = f"urn:pulumi:stack::rampart::{token}::{name}"
    resources.append({"urn": urn, "type": token, "id": name, "inputs": outputs, "outputs": outputs})


@pytest.mark.parametrize("stack", [AWS, GCP])
def test_nothing_reaches_the_internet_and_the_internet_reaches_nothing(standing: Standing, stack: str) -> None:
    assert outside(standing.resources[stack]) == set()


def test_azure_has_the_one_way_out_that_workload_identity_needs(standing: Standing) -> None:
    [*found] = [path for path in paths(standing.resources[AZURE]) if OUTSIDE in (path.source, path.target)]
    assert {path.source for path in found} == {"network-workloads", "network-egress"}
    assert {(path.target, path.to) for path in found} == {(OUTSIDE, ("AzureActiveDirectory",))}
    assert {str(path).partition(": ")[2].partition(",")[0] for path in found} == {"tcp 443"}


@pytest.mark.parametrize("stack", STACKS)
def test_every_subnet_that_runs_something_reaches_the_stores(standing: Standing, stack: str) -> None:
    """A graph in which nothing reaches anything would pass the tests above."""
    stores = {AWS: "postgres-server", GCP: "network-endpoints", AZURE: "postgres-private"}[stack]
    reached = {path.source for path in paths(standing.resources[stack]) if path.target == stores}
    assert any(source.startswith("network-workloads") for source in reached)


def aws_route(**hop: Any) -> Callable[[State], None]:
    def open_(resources: State) -> None:
        table = the(resources, "network-routes")["id"]
        add(resources, "aws:ec2/route:Route", "hole", routeTableId=table, destinationCidrBlock="0.0.0.0/0", **hop)

    return open_


def aws_route_in_halves(resources: State) -> None:
    table = the(resources, "network-egress-routes")["id"]
    for half in ("0.0.0.0/1", "128.0.0.0/1"):
        ways = {"destinationCidrBlock": half, "natGatewayId": "nat-1"}
        add(resources, "aws:ec2/route:Route", f"hole-{half}", routeTableId=table, **ways)


def aws_other_table(resources: State) -> None:
    routes = [{"cidrBlock": "34.0.0.0/8", "gatewayId": "igw-1"}]
    add(resources, "aws:ec2/routeTable:RouteTable", "hole", id="hole", vpcId="vpc", routes=routes)
    the(resources, "network-workloads-0-routes")["outputs"]["routeTableId"] = "hole"


aws_endpoint_route = aws_route(gatewayId="igw-1")


def aws_ipv6(resources: State) -> None:
    table, subnet = the(resources, "network-routes")["id"], the(resources, "network-workloads-0")
    subnet["outputs"]["ipv6CidrBlock"] = "2600:1f18::/64"
    ways = {"destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": "eigw-1"}
    add(resources, "aws:ec2/route:Route", "hole", routeTableId=table, **ways)


def aws_public_database(resources: State) -> None:
    the(resources, "postgres-server")["outputs"]["publiclyAccessible"] = True


def aws_open_group(resources: State) -> None:
    rule = {"cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 5000, "toPort": 6000}
    the(resources, "postgres-clients")["outputs"]["ingress"].append(rule)


def aws_public_cluster(resources: State) -> None:
    for place in ("inputs", "outputs"):
        the(resources, "cluster-control-plane")[place]["vpcConfig"]["endpointPublicAccess"] = True


def google_route(resources: State) -> None:
    route = the(resources, "network-restricted-apis")["outputs"]
    add(
        resources,
        "gcp:compute/route:Route",
        "hole",
        network=route["network"],
        destRange="0.0.0.0/0",
        nextHopGateway=route["nextHopGateway"],
    )


def google_rule(direction: str, *, priority: int = 900, **match: Any) -> Callable[[State], None]:
    def open_(resources: State) -> None:
        rule = copy.deepcopy(the(resources, "network-egress-inside"))
        rule["urn"] = rule["urn"].replace("network-egress-inside", "hole")
        rule["outputs"] |= {"direction": direction, "priority": priority}
        rule["outputs"]["match"] = {"layer4Configs": [{"ipProtocol": "tcp", "ports": ["1-65535"]}], **match}
        resources.append(rule)

    return open_


def google_unguarded(resources: State) -> None:
    resources.remove(the(resources, "network-firewall-network"))


def google_address(resources: State) -> None:
    subnet = the(resources, "network-workloads")["outputs"]["selfLink"]
    interface = {"subnetwork": subnet, "accessConfigs": [{"natIp": ""}]}
    add(resources, "gcp:compute/instance:Instance", "hole", networkInterfaces=[interface])


def google_public_database(resources: State) -> None:
    for place in ("inputs", "outputs"):
        settings = the(resources, "postgres-server")[place]["settings"]["ipConfiguration"]
        settings |= {"ipv4Enabled": True, "authorizedNetworks": [{"value": "0.0.0.0/0"}]}


def azure_route(resources: State) -> None:
    for route in the(resources, "network-node-routes")["outputs"]["routes"]:
        route["nextHopType"] = "Internet"


def azure_rule(table: str = "network-nodes", **changes: Any) -> Callable[[State], None]:
    def open_(resources: State) -> None:
        rule = {
            **{"name": "hole", "priority": 110, "direction": "Outbound", "access": "Allow", "protocol": "*"},
            **{"sourceAddressPrefix": "*", "destinationAddressPrefix": "Internet", "destinationPortRange": "*"},
        }
        the(resources, table)["outputs"]["securityRules"].append(rule | changes)

    return open_


def azure_unguarded(resources: State) -> None:
    del the(resources, "network-endpoints")["outputs"]["networkSecurityGroup"]


def azure_unrouted(resources: State) -> None:
    del the(resources, "network-endpoints")["outputs"]["routeTable"]


def azure_address(resources: State) -> None:
    subnet = the(resources, "network-workloads")["id"]
    configuration = {"publicIPAddress": {"id": "/ip"}, "subnet": {"id": subnet}}
    add(resources, "azure-native:network:NetworkInterface", "hole", ipConfigurations=[configuration])


def azure_public_account(resources: State) -> None:
    for place in ("inputs", "outputs"):
        account = the(resources, "traces-account")[place]
        account |= {"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Allow"}}


IN = {"sourceAddressPrefix": "Internet", "destinationAddressPrefix": "*", "direction": "Inbound"}
EVERYWHERE: dict[str, Any] = {"destIpRanges": ["0.0.0.0/0"]}

HOLES: list[tuple[str, list[Callable[[State], None]], str]] = [
    (AWS, [aws_route(gatewayId="igw-1")], "network-workloads-0 -> internet (anywhere): everything, through hole"),
    (AWS, [aws_route(gatewayId="igw-1")], "internet -> network-workloads-0: everything, through hole"),
    (AWS, [aws_route(natGatewayId="nat-1")], "network-control-0 -> internet (anywhere): everything, through hole"),
    (
        AWS,
        [aws_route(networkInterfaceId="eni-1")],
        "network-endpoints-0 -> internet (anywhere): everything, through hole",
    ),
    (
        AWS,
        [aws_route_in_halves],
        "network-egress-0 -> internet (anywhere): everything, through hole-0.0.0.0/1, hole-128.",
    ),
    (AWS, [aws_other_table], "network-workloads-0 -> internet (34.0.0.0/8): everything, through hole"),
    (AWS, [aws_ipv6], "network-workloads-0 -> internet (anywhere (IPv6)): everything, through hole"),
    (
        AWS,
        [aws_public_database, aws_endpoint_route, aws_open_group],
        "internet -> postgres-server: tcp 5432, through hole, postgres-clients",
    ),
    (AWS, [aws_public_cluster], "internet -> cluster-control-plane: what it listens for"),
    (
        GCP,
        [google_route, google_rule("EGRESS", **EVERYWHERE)],
        "network-workloads -> internet (anywhere): tcp 1-65535, through hole",
    ),
    (
        GCP,
        [google_route, google_rule("EGRESS", destIpRanges=["0.0.0.0/1", "128.0.0.0/1"])],
        "network-control -> internet (anywhere): tcp 1-65535, through hole",
    ),
    (GCP, [google_route, google_unguarded], "network-workloads -> internet (anywhere): everything, through hole"),
    (
        GCP,
        [google_route, google_rule("INGRESS", srcIpRanges=["0.0.0.0/0"]), google_address],
        "internet -> network-workloads: tcp 1-65535, through hole",
    ),
    (GCP, [google_public_database], "internet -> postgres-server: what it listens for"),
    (
        AZURE,
        [azure_route, azure_rule()],
        "network-workloads -> internet (AzureActiveDirectory, anywhere): everything, through network-node-routes",
    ),
    (AZURE, [azure_rule()], "network-workloads -> internet (AzureActiveDirectory): everything"),
    (
        AZURE,
        [azure_rule(destinationAddressPrefix="AzureActiveDirectory")],
        "network-workloads -> internet (AzureActiveDirectory): everything, through network-node-routes",
    ),
    (
        AZURE,
        [azure_unguarded, azure_unrouted],
        "network-endpoints -> internet (AzureActiveDirectory, anywhere): everything",
    ),
    (
        AZURE,
        [azure_route, azure_rule(**IN), azure_address],
        "internet -> network-workloads: everything, through network-node-routes",
    ),
    (AZURE, [azure_public_account], "internet -> traces-account: what it listens for"),
]


@pytest.mark.parametrize(("stack", "holes", "path"), HOLES)
def test_each_hole_is_found(standing: Standing, stack: str, holes: list[Callable[[State], None]], path: str) -> None:
    resources = json.loads(json.dumps(standing.resources[stack]))
    for open_ in holes:
        open_(resources)
    found = outside(resources) - outside(standing.resources[stack])
    assert any(each.startswith(path) for each in found), found


NEAR_MISSES: list[tuple[str, Callable[[State], None]]] = [
    (AWS, aws_route(transitGatewayId="tgw-1")),
    (AWS, aws_public_database),  # no route
    (AWS, aws_open_group),
    (GCP, google_route),  # the firewall still denies
    (GCP, google_rule("EGRESS", **EVERYWHERE)),  # no route
    (GCP, google_rule("EGRESS", priority=65001, **EVERYWHERE)),
    (GCP, google_address),
    (AZURE, azure_rule(protocol="Tcp", destinationPortRange="443")),  # the route still drops all but the login service
    (AZURE, azure_rule(priority=4096, access="Deny")),
    (AZURE, azure_unguarded),
    (AZURE, azure_unrouted),  # the group still denies
    (AZURE, azure_address),
]


@pytest.mark.parametrize(("stack", "open_"), NEAR_MISSES)
def test_half_a_hole_is_none(standing: Standing, stack: str, open_: Callable[[State], None]) -> None:
    resources = json.loads(json.dumps(standing.resources[stack]))
    open_(resources)
    before = {path.partition(", through")[0] for path in outside(standing.resources[stack])}
    assert {path.partition(", through")[0] for path in outside(resources)} == before
