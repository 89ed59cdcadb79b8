"""Google Cloud's private ways in and out: Private Service Connect, VPNs, interconnects, peerings."""

import re
from collections.abc import Iterator
from functools import partial

from rampart_policy.facts import AccessGrant, Audience, InternetGateway, Principal
from rampart_policy.readers.gcp.sql import audience
from rampart_policy.readers.table import (
    always,
    automatic_address,
    filled,
    on,
    plaintext,
    says,
    secret_in_clear,
    service,
    weak_cipher,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, every

_PROJECT = re.compile("projects/([^/]+)/")

no_surface(
    {
        "gcp:compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig": "which routes a peering hands on",
        "gcp:compute/packetMirroring:PacketMirroring": "copies packets to an internal balancer of the program's",
        "gcp:compute/externalVpnGateway:ExternalVpnGateway": "the other party's address; the tunnel is judged",
        "gcp:compute/routerInterface:RouterInterface": "joins a router with a tunnel, which is judged",
        "gcp:compute/routerPeer:RouterPeer": "a named party that routes are exchanged with",
        "gcp:compute/routerNatAddress:RouterNatAddress": "addresses of a NAT, which is judged",
        "gcp:compute/routerRoutePolicy:RouterRoutePolicy": "which routes a router takes",
        "gcp:compute/sharedVPCHostProject:SharedVPCHostProject": "lends a network, whose rules are judged",
        "gcp:compute/sharedVPCServiceProject:SharedVPCServiceProject": "borrows a network, whose rules are judged",
        "gcp:compute/projectDefaultNetworkTier:ProjectDefaultNetworkTier": "by which way packets travel",
        "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": "lets Google's services put "
        "endpoints into named subnets of the own network",
        "gcp:networkconnectivity/internalRange:InternalRange": "keeps a private range free",
        "gcp:networkconnectivity/hub:Hub": "joins private networks; their rules are judged",
        "gcp:networkconnectivity/spoke:Spoke": "joins private networks; their rules are judged",
        "gcp:networkconnectivity/group:Group": "groups spokes of a hub",
        "gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute": "sends packets to an internal balancer",
        "gcp:servicenetworking/connection:Connection": "joins the network with Google's, by private ranges",
        "gcp:servicenetworking/peeredDnsDomain:PeeredDnsDomain": "lends names to the network of Google's services",
        "gcp:servicenetworking/vpcServiceControls:VpcServiceControls": "takes the internet from Google's end",
        "gcp:vpcaccess/connector:Connector": "lets serverless code into the network, under its rules",
        "gcp:networksecurity/addressGroup:AddressGroup": "names ranges; the rules that use it are judged",
        "gcp:networksecurity/firewallEndpoint:FirewallEndpoint": "inspects packets",
        "gcp:networksecurity/firewallEndpointAssociation:FirewallEndpointAssociation": "inspects a network's packets",
        "gcp:networksecurity/securityProfile:SecurityProfile": "what inspection looks for",
        "gcp:networksecurity/securityProfileGroup:SecurityProfileGroup": "what inspection looks for",
    }
)


_ACCEPTED = {
    "consumerAcceptLists": ("projectIdOrNum", "networkUrl", "endpointUrl"),
    "producerAcceptLists": ("",),
}
"""Where each of the two names whom it accepts (ServiceAttachment, NetworkAttachment)."""


@reader("gcp:compute/serviceAttachment:ServiceAttachment", "gcp:compute/networkAttachment:NetworkAttachment")
def attachment(made: Resource) -> Iterator[AccessGrant]:
    """ACCEPT_AUTOMATIC takes whichever project asks; ACCEPT_MANUAL those on its list."""
    automatic = made.at("connectionPreference").text(default="").map(lambda name: name.upper() == "ACCEPT_AUTOMATIC")
    who = automatic.map(lambda _: Principal("every project that asks", Audience.EVERYONE))
    yield AccessGrant(allows=automatic, principal=who, narrowed=Field(False, "connectionPreference"))
    for name, whose in _ACCEPTED.items():
        for entry in made.at(name).items():
            for node in (place for key in whose if not (place := entry.at(key)).missing):
                consumer = node.text(default="").map(partial(_consumer, made))
                yield AccessGrant(allows=Field(True), principal=consumer, narrowed=Field(False))


def _consumer(made: Resource, text: str) -> Principal:
    """A project by id or number, or a network or an endpoint of one's."""
    return _owner(made, text) if "projects/" in text else Principal(text, audience(text, made))


@reader("gcp:compute/networkPeering:NetworkPeering")
def peering(made: Resource) -> Iterator[AccessGrant]:
    """The other network's owner is let in, as far as rules and routes go."""
    network = made.at("peerNetwork").text(default="")
    yield AccessGrant(allows=Field(True), principal=network.map(partial(_owner, made)), narrowed=Field(False))


def _owner(made: Resource, network: str) -> Principal:
    project = _PROJECT.search(network)
    return Principal(network, audience(project[1], made) if project else Audience.NAMED)


@reader("gcp:compute/haVpnGateway:HaVpnGateway")
def vpn_gateway(made: Resource) -> Iterator[InternetGateway]:
    """Listens on the internet, unless each of its interfaces is on an interconnect."""
    private = [
        interface.key("interconnectAttachment").any().map(bool) for interface in made.at("vpnInterfaces").items()
    ]
    inside = every(*private) if private else Field(False, "vpnInterfaces", default=True)
    yield InternetGateway(public=inside.map(lambda holds: not holds))


@reader("gcp:compute/vPNGateway:VPNGateway")
def classic_vpn_gateway(made: Resource) -> Iterator[InternetGateway]:
    yield InternetGateway(public=made.is_such())


service(
    "gcp:compute/vPNTunnel:VPNTunnel",
    weak_cipher(says("ikeVersion", "1")),
    secret_in_clear(filled("sharedSecret")),
)
service("gcp:compute/interconnect:Interconnect", plaintext(on("macsec.failOpen")))
service(
    (
        "gcp:compute/publicAdvertisedPrefix:PublicAdvertisedPrefix",
        "gcp:compute/publicDelegatedPrefix:PublicDelegatedPrefix",
    ),
    automatic_address(always),
)
