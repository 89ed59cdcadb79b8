"""The way out: what turning it on and off makes, changes and takes away, and that nothing happens by itself."""

import re
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.dataplane.exports import Exports
from components.egress import EgressArgs, domains, problems
from components.network.plan import Range, part
from demo.project import STACKS
from tests.components.test_contract import NOWHERE, SITE
from tests.components.ways import LISTED, Opened
from tests.conftest import Standing

AWS, GCP, AZURE = STACKS
COME = {
    AWS: {"egress", "egress-gateway", "egress-nat", "egress-route", "network-egress-acl"},
    GCP: {"egress", "egress-router", "egress-nat", "egress-route", "network-egress-https"},
    AZURE: {"egress"},
}
CHANGE = {AWS: set[str](), GCP: set[str](), AZURE: {"network-egress-nodes", "network-egress-routes"}}
ASKS = {
    AWS: {"no-internet-gateway", "no-network-address-translation", "no-internet-route"},
    GCP: {"no-internet-route", "no-open-egress"},
    AZURE: {"no-open-egress"},
}
"""The controls that refuse it without the pack's word."""


def test_what_may_be_reached_is_exported(opened: Opened) -> None:
    exported = opened.exports.egress
    assert (list(exported.domains), exported.port) == (LISTED, 443)


def test_only_the_egress_subnets_have_a_route_out_and_only_443_passes_from_them(opened: Opened) -> None:
    stack, found = opened.stack, opened.found
    if stack == AWS:
        assert found["egress-route"]["routeTableId"] == found["network-egress-routes"]["id"]
        bound = {n for n, o in found.items() if o.get("routeTableId") == found["network-egress-routes"]["id"]}
        assert {n for n in bound if n != "egress-route"} == {f"network-egress-{n}-routes" for n in range(3)}
        assert (found["egress-nat"]["availabilityMode"], found["egress-nat"].get("subnetId")) == ("regional", None)
        acl = found["network-egress-acl"]
        assert set(acl["subnetIds"]) == {found[f"network-egress-{n}"]["id"] for n in range(3)}
        beyond = [r for r in acl["egress"] if r["cidrBlock"] == "0.0.0.0/0"]
        assert [(r["protocol"], r["fromPort"], r["toPort"]) for r in beyond] == [("6", 443, 443)]
    elif stack == GCP:
        assert found["egress-route"]["tags"] == ["egress"]
        tagged = {n for n, o in found.items() if "egress" in ((o.get("nodeConfig") or {}).get("tags") or ())}
        assert tagged == {"cluster-egress-nodes"}
        [served] = found["egress-nat"]["subnetworks"]
        assert served["name"] == found["network-egress"]["id"]
        rule = found["network-egress-https"]
        assert rule["match"]["srcIpRanges"] == [str(part(IPv4Network("10.22.0.0/16"), Range.EGRESS))]
        assert [(c["ipProtocol"], c["ports"]) for c in rule["match"]["layer4Configs"]] == [("tcp", ["443"])]
        assert rule["priority"] < found["network-egress-denied"]["priority"]
    else:
        leads = {n: {r["addressPrefix"]: r["nextHopType"] for r in o.get("routes", ())} for n, o in found.items()}
        assert {n for n, routes in leads.items() if routes.get("0.0.0.0/0") == "Internet"} == {"network-egress-routes"}
        using = {
            n for n, o in found.items() if (o.get("routeTable") or {}).get("id") == found["network-egress-routes"]["id"]
        }
        assert using == {"network-egress"}
        beyond = [
            (n, r["destinationPortRange"], r["sourceAddressPrefix"])
            for n, o in found.items()
            for r in o.get("securityRules", ())
            if r["destinationAddressPrefix"] == "Internet"
        ]
        assert beyond == [("network-egress-nodes", "443", found["network-egress"]["addressPrefix"])]


@pytest.mark.parametrize("stack", STACKS)
def test_without_domains_the_exports_say_so(standing: Standing, stack: str) -> None:
    [root] = standing.of_type(stack, "pulumi:pulumi:Stack")
    exported = Exports.model_validate(root["outputs"]).egress
    assert exported.domains == ()
    assert exported.subnets


@pytest.mark.parametrize(
    "domain",
    ["api.example.com", "a.b", "*.example.com", "*.example.co.uk", "xn--bcher-kva.example", "bucket.s3.amazonaws.com"],
)
def test_a_host_or_all_names_below_a_domain_can_be_listed(domain: str) -> None:
    assert domains.problem(domain) is None


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        ("https://api.example.com", "is a URL"),
        ("api.example.com/v1", "is a URL or a path"),
        ("user@example.com", "is a URL or a path"),
        ("192.0.2.1", "is an address"),
        ("127.1", "is an address"),
        ("2001:db8::1", "is an address"),
        ("[2001:db8::1]", "is an address"),
        ("api.example.com:8443", "names a port"),
        ("API.example.com", "lower case"),
        ("api.example.com.", "without a dot at the end"),
        ("*", "a star"),
        ("api.*.com", "a star"),
        ("*api.example.com", "a star"),
        ("*.*.example.com", "a star"),
        ("*.com", "a top-level domain"),
        ("localhost", "a single label"),
        ("*.co.uk", "a country's registry"),
        ("*.s3.amazonaws.com", "anybody has names under amazonaws.com"),
        ("*.core.windows.net", "anybody"),
        ("", "is no name of a host"),
        ("a..b", "is no name of a host"),
        ("-a.example.com", "is no name of a host"),
        ("a b.example.com", "is no name of a host"),
        (f"{'a' * 64}.example.com", "is no name of a host"),
    ],
)
def test_anything_else_is_refused_with_what_would_do(domain: str, says: str) -> None:
    problem = domains.problem(domain)
    assert problem
    assert says in problem


@given(st.text())
def test_no_text_breaks_the_check(text: str) -> None:
    problem = domains.problem(text)
    assert problem or re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+", text)


def test_a_domain_is_listed_once_and_one_at_least() -> None:
    assert problems(("a.example", "b.example", "a.example")) == ["'a.example' is listed twice"]
    with pytest.raises(ValueError, match="no domains"):
        EgressArgs(site=SITE, network=NOWHERE, domains=())
    with pytest.raises(ValueError, match="is a URL"):
        EgressArgs(site=SITE, network=NOWHERE, domains=("https://a.example",))
