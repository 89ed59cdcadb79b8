"""Google Cloud networks: VPC networks, subnets, routes, NAT, addresses."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

from rampart_policy.facts import (
    AutomaticAddressing,
    DefaultNetworking,
    Fact,
    FlowLogging,
    NetworkAddressTranslation,
    NetworkFlows,
    NetworkRoute,
    PublicAddress,
)
from rampart_policy.readers import addresses
from rampart_policy.readers.ways import ways
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, combine, either, every

GOOGLE_APIS = tuple(
    ip_network(text)
    for text in (
        "199.36.153.4/30",  # restricted.googleapis.com
        "199.36.153.8/30",  # private.googleapis.com
        "34.126.0.0/18",  # direct connectivity
        "2001:4860:8040::/42",  # the same, IPv6
        "2600:2d00:2:1000::/64",  # restricted, IPv6
        "2600:2d00:2:2000::/64",  # private, IPv6
    )
)
"""Ranges by which Google's APIs are reached without leaving its network, through the hop that is named
`default-internet-gateway` all the same (VPC documentation, "Configure Private Google Access")."""

PROXIES = ("MANAGED_PROXY", "LOAD_BALANCER")
"""How the purposes of subnets end that hold Google's own proxies."""

SAMPLED = 0.5
"""The share of flows that a log of a subnet has unless it says otherwise."""

INTERNET_HOP = "default-internet-gateway"

no_surface(
    {
        "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy": "holds rules, which are judged",
        "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation": "joins policy and network",
        "gcp:compute/regionNetworkFirewallPolicy:RegionNetworkFirewallPolicy": "holds rules, which are judged",
        "gcp:compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation": "joins a policy "
        "with a network",
        "gcp:compute/firewallPolicy:FirewallPolicy": "holds rules, which are judged",
        "gcp:compute/firewallPolicyAssociation:FirewallPolicyAssociation": "joins a policy with a folder",
        "gcp:compute/router:Router": "exchanges routes with named peers; its NATs are judged",
        "gcp:projects/service:Service": "turns an API on; who may call it is IAM's",
        "gcp:projects/serviceIdentity:ServiceIdentity": "an identity of Google's; what it may do is judged where given",
    }
)


@reader("gcp:compute/network:Network")
def network(made: Resource) -> Iterator[DefaultNetworking]:
    """Both default to what a first project wants: subnets in every region, and routes to the internet."""
    yield DefaultNetworking(
        subnets=made.at("autoCreateSubnetworks").flag(default=True),
        routes=made.at("deleteDefaultRoutesOnCreate").flag(default=False).map(lambda deleted: not deleted),
    )


@reader("gcp:compute/subnetwork:Subnetwork")
def subnetwork(made: Resource) -> Iterator[AutomaticAddressing | FlowLogging]:
    """IPv6 addresses of an EXTERNAL subnet are routed on the internet. Half of all flows are logged unless said
    otherwise (`log_config`).
    """
    kind = made.at("ipv6AccessType").text(default="")
    yield AutomaticAddressing(public=kind.map(lambda access: access == "EXTERNAL"))
    log = made.at("logConfig")
    if not log.missing:
        share = log.key("flowSampling").number(default=SAMPLED)
        complete = share.map(lambda sampled: sampled >= 1)
        yield FlowLogging(complete=replace(complete, default=share.value == SAMPLED))


@stack_reader("gcp:compute/subnetwork:Subnetwork")
def subnetwork_flows(made: Resource, stack: Stack) -> Iterator[Fact]:
    """Subnets for proxies take no logs (`log_config`)."""
    proxies = made.at("purpose").text(default="").map(lambda purpose: purpose.endswith(PROXIES))
    yield NetworkFlows(logged=either(made.at("logConfig").given, proxies))
    yield from ways(made, stack)


@reader("gcp:compute/route:Route")
def route(made: Resource) -> Iterator[NetworkRoute]:
    destination = addresses.peer_field(made.at("destRange"))
    private = destination.map(lambda range_: _is_google_apis(range_.text))
    hop = made.at("nextHopGateway").text(default="").map(lambda name: name.endswith(INTERNET_HOP))
    yield NetworkRoute(destination=destination, leads_out=combine(lambda out, apis: out and not apis, hop, private))


def _is_google_apis(text: str) -> bool:
    found = list(addresses.networks(text))
    return bool(found) and all(
        any(part.version == apis.version and part.subnet_of(apis) for apis in GOOGLE_APIS)  # type: ignore[arg-type]
        for part in found  # subnet_of wants both of one version, which the line above sees to
    )


@reader("gcp:compute/routerNat:RouterNat")
def router_nat(made: Resource) -> Iterator[NetworkAddressTranslation]:
    """A PRIVATE one translates between networks (`RouterNat.type`); one for listed subnets leaves the others closed."""
    public = made.at("type").text(default="PUBLIC").map(lambda kind: kind != "PRIVATE")
    listed = made.at("sourceSubnetworkIpRangesToNat").text(default="ALL_SUBNETWORKS_ALL_IP_RANGES")
    every_subnet = listed.map(lambda ranges: ranges != "LIST_OF_SUBNETWORKS")
    yield NetworkAddressTranslation(public=every(public, every_subnet))


@stack_reader("gcp:compute/address:Address")
def address(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    """External unless said otherwise. A purpose of NAT_AUTO, or being listed by a NAT, makes it outbound only."""
    nat = [stack.has_companion(made, name, "gcp:compute/routerNat:RouterNat") for name in ("natIps", "drainNatIps")]
    automatic = made.at("purpose").text(default="").map(lambda purpose: purpose == "NAT_AUTO")
    yield PublicAddress(public=_external(made), outbound_only=either(automatic, *nat))


@stack_reader("gcp:compute/globalAddress:GlobalAddress")
def global_address(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    yield PublicAddress(public=_external(made), outbound_only=Field(False, "addressType"))


def _external(made: Resource) -> Field[bool]:
    return made.at("addressType").text(default="EXTERNAL").map(lambda kind: kind != "INTERNAL")
