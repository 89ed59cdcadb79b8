"""Reachability: sets of addresses, filters, and who reaches what in small stacks."""

import json
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rampart_policy.reach import survey
from rampart_policy.reach.__main__ import deployed
from rampart_policy.reach.model import Filter, Rule
from rampart_policy.reach.spans import ALL, ANYWHERE, INTERNET, Names, Spans, everything, ports, show_traffic

numbers = st.integers(0, 60)
sets = st.sets(numbers)


def spans(members: set[int]) -> Spans:
    return Spans.of((member, member) for member in members)


def members(found: Spans) -> set[int]:
    return {number for first, last in found.intervals for number in range(first, last + 1)}


@given(sets, sets)
def test_sets_of_addresses_are_sets(a: set[int], b: set[int]) -> None:
    assert members(spans(a) | spans(b)) == a | b
    assert members(spans(a) & spans(b)) == a & b
    assert members(spans(a) - spans(b)) == a - b
    assert (spans(a) <= spans(b)) == (a <= b)
    assert spans(a).size == len(a)


@given(sets, sets, sets)
def test_no_piece_of_a_set_is_divided_by_what_it_is_cut_along(whole: set[int], a: set[int], b: set[int]) -> None:
    pieces = list(spans(whole).cut([spans(a), spans(b)]))
    assert set().union(*map(members, pieces)) == whole
    for piece in map(members, pieces):
        assert piece
        for along in (a, b):
            assert piece <= along or not piece & along


rules = st.lists(st.tuples(st.booleans(), sets, st.integers(0, 5)), max_size=8)


@given(rules, st.booleans(), numbers)
def test_a_filter_decides_as_one_rule_after_another_would(made: list[Any], default: bool, target: int) -> None:
    listed = [Rule(f"{n}", allows, ANYWHERE, spans(to), ALL, priority) for n, (allows, to, priority) in enumerate(made)]
    passed, by = Filter(tuple(listed), default).lets(everything("10.0.0.1"), spans({target}))
    first = next(
        (allows for allows, to, _ in sorted(made, key=lambda rule: (rule[2], not rule[0])) if target in to), default
    )
    assert passed == (ALL if first else Spans())
    assert bool(by) <= first


@pytest.mark.parametrize("address", ["8.8.8.8", "34.1.2.3", "2001:4860::8888", "172.32.0.1", "100.128.0.1"])
def test_the_internet_holds_public_addresses(address: str) -> None:
    assert ip_address(address).is_global
    assert everything(address) <= INTERNET


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "fd00::1"]
)
def test_the_internet_holds_no_private_addresses(address: str) -> None:
    assert not everything(address) & INTERNET


def test_traffic_and_addresses_are_shown_in_words() -> None:
    assert show_traffic(ALL) == "everything"
    assert show_traffic(ports("tcp", (443, 443)) | ports("udp")) == "tcp 443 and udp"
    assert show_traffic(ports("*", (80, 90))) == "tcp 80-90 and udp 80-90"
    assert show_traffic(ports("icmp")) == "other protocols"
    names = Names()
    tag = names.point("Storage")
    assert names.show(tag | everything("34.0.0.0/8")) == ["Storage", "34.0.0.0/8"]
    assert names.show(INTERNET - everything("8.8.8.8")) == ["anywhere", "anywhere (IPv6)"]


def made(token: str, name: str, /, **outputs: Any) -> dict[str, Any]:
    return {
        "urn": f"urn:pulumi:s::p::{token}::{name}",
        "type": token,
        "id": outputs.get("id", name),
        "outputs": outputs,
    }


def vpc(*more: dict[str, Any]) -> dict[str, Any]:
    ingress = [{"securityGroups": ["sg-apps"], "protocol": "tcp", "fromPort": 5432, "toPort": 5432}]
    resources = [
        made("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16", mainRouteTableId="rtb-main"),
        made("aws:ec2/subnet:Subnet", "apps", vpcId="vpc", cidrBlock="10.0.0.0/24"),
        made("aws:ec2/subnet:Subnet", "stores", vpcId="vpc", cidrBlock="10.0.1.0/24"),
        made("aws:ec2/securityGroup:SecurityGroup", "sg-apps", ingress=[], egress=[]),
        made("aws:ec2/securityGroup:SecurityGroup", "sg-stores", ingress=ingress, egress=[]),
        made("aws:rds/subnetGroup:SubnetGroup", "group", name="group", subnetIds=["stores"]),
        made(
            "aws:rds/instance:Instance",
            "database",
            port=5432,
            dbSubnetGroupName="group",
            vpcSecurityGroupIds=["sg-stores"],
        ),
        *more,
    ]
    return {"deployment": {"resources": resources}}


def told(state: dict[str, Any]) -> list[str]:
    return list(map(str, survey(deployed(state)).paths()))


def opened(*more: dict[str, Any]) -> set[str]:
    """What the resources add to what can be reached."""
    return set(told(vpc(*more))) - set(told(vpc()))


def test_a_group_without_a_rule_out_reaches_nothing_even_where_it_is_let_in() -> None:
    assert told(vpc()) == []


def test_a_rule_out_makes_the_path() -> None:
    egress = made(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "out",
        securityGroupId="sg-apps",
        cidrIpv4="10.0.0.0/16",
        ipProtocol="-1",
    )
    assert opened(egress) == {"sg-apps -> database: tcp 5432, through out, sg-stores, database"}


def test_a_rule_for_a_range_lets_in_whatever_stands_there() -> None:
    ingress = made(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "in",
        type="ingress",
        securityGroupId="sg-stores",
        cidrBlocks=["10.0.0.0/24"],
        protocol="tcp",
        fromPort=0,
        toPort=65535,
    )
    assert opened(ingress) == {"apps -> database: tcp 5432, through in, database"}


def test_an_acl_closes_what_a_group_lets_in() -> None:
    ingress = made(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "in",
        type="ingress",
        securityGroupId="sg-stores",
        cidrBlocks=["10.0.0.0/24"],
        protocol="-1",
    )
    rule = {"ruleNo": 1, "action": "allow", "protocol": "tcp", "cidrBlock": "10.0.0.0/16", "fromPort": 22, "toPort": 22}
    acl = made("aws:ec2/networkAcl:NetworkAcl", "acl", subnetIds=["stores"], ingress=[rule], egress=[])
    assert opened(ingress, acl) == set()


def test_a_peer_reaches_what_routes_back_to_it_and_lets_it_in() -> None:
    route = made(
        "aws:ec2/route:Route",
        "to-peer",
        routeTableId="rtb-main",
        destinationCidrBlock="10.9.0.0/16",
        vpcPeeringConnectionId="pcx-1",
    )
    table = made("aws:ec2/routeTable:RouteTable", "rtb-main", vpcId="vpc", routes=[])
    ingress = made(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "in",
        securityGroupId="sg-stores",
        cidrIpv4="10.9.0.0/16",
        ipProtocol="tcp",
        fromPort=5432,
        toPort=5432,
    )
    peer = "peer by to-peer -> {}"
    assert peer.format("database: tcp 5432, through to-peer, in, database") in opened(table, route, ingress)
    assert not any("-> database" in path for path in opened(table, route))
    assert not any("-> database" in path for path in opened(table, ingress))


def test_what_is_on_the_internet_by_itself_needs_no_network() -> None:
    public = made("aws:lambda/functionUrl:FunctionUrl", "url", authorizationType="NONE")
    account = made("azure-native:storage:StorageAccount", "account", publicNetworkAccess="Enabled")
    assert "internet -> account: what it listens for, through account" in opened(public, account)


def test_the_command_takes_what_pulumi_exports() -> None:
    table = made("aws:ec2/routeTable:RouteTable", "rtb-main", vpcId="vpc", routes=[])
    gateway = {"routeTableId": "rtb-main", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}
    route = made("aws:ec2/route:Route", "out", **gateway)
    done = subprocess.run(
        [sys.executable, "-m", "rampart_policy.reach", "--json"],
        input=json.dumps(vpc(table, route)),
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    ways = {(path["source"], path["target"]) for path in json.loads(done.stdout)}
    assert {("apps", "internet"), ("internet", "apps"), ("stores", "internet"), ("internet", "stores")} <= ways
    assert ("internet", "database") not in ways
