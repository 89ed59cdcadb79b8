from collections.abc import Iterator
from ipaddress import IPv4Network

import pulumi
import pulumi_azure_native as azure

from components.dns.azure import SERVICES
from components.network.azure import ENDPOINT_PORTS
from components.peering import Peer, Peering, PeeringArgs, reached


class VnetPeering(Peering):
    def __init__(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        made: dict[str, azure.network.VirtualNetworkPeering] = {}
        for peer in args.peers:
            made[peer.name] = azure.network.VirtualNetworkPeering(
                f"{name}-{peer.name}",
                resource_group_name=args.site.scope,
                virtual_network_name=args.network.id.apply(_last),
                virtual_network_peering_name=peer.name,
                remote_virtual_network=azure.network.SubResourceArgs(id=peer.network),
                # Whether anything gets through is the security groups' to say.
                allow_virtual_network_access=True,
                # Nothing that comes from behind the peer, nor by way of its gateway.
                allow_forwarded_traffic=False,
                allow_gateway_transit=False,
                use_remote_gateways=False,
                # The peerings of one network cannot be changed at once: one after the other.
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(made.values())[-1:]),
            )
            for service, zone in _zones(peer, args):
                azure.privatedns.VirtualNetworkLink(
                    f"{name}-{peer.name}-{service}",
                    resource_group_name=args.site.scope,
                    private_zone_name=zone,
                    virtual_network_link_name=f"peer-{peer.name}",
                    location="Global",
                    registration_enabled=False,
                    virtual_network=azure.privatedns.SubResourceArgs(id=peer.network),
                    tags=args.site.location.tags,
                    opts=self.inside,
                )
        self.connections = pulumi.Output.all(**{peer: half.id for peer, half in made.items()})
        self.needs = pulumi.Output.all(**{peer.name: _needs(peer, args) for peer in args.peers})
        self.done()


def _zones(peer: Peer, args: PeeringArgs) -> Iterator[tuple[str, pulumi.Output[str]]]:
    """The names of the zones of what a peer may reach, by what is in them: `own` is the data plane's."""
    yield "own", args.dns.domain
    for service in SERVICES:
        if peer.api if service == "kubernetes" else peer.endpoints:
            yield service, _zone(args.dns.zones, service)


def _zone(zones: pulumi.Output[dict[str, str]], service: str) -> pulumi.Output[str]:
    return zones.apply(lambda known: _last(known[service]))


def _last(id_: str) -> str:
    return id_.rpartition("/")[2]


def _needs(peer: Peer, args: PeeringArgs) -> pulumi.Output[list[str]]:
    def told(known: list[str]) -> list[str]:
        network, cidr = known
        group, theirs = peer.network.split("/")[4], _last(peer.network)
        ports = ", ".join(ENDPOINT_PORTS)
        return [
            f"Before the first up: give whoever deploys this stack the actions virtualNetworks/peer/action and "
            f"virtualNetworks/join/action of Microsoft.Network on {peer.network}.",
            f"Make the other half: az network vnet peering create --name {args.site.location.stack} "
            f"--subscription {peer.account} --resource-group {group} --vnet-name {theirs} "
            f"--remote-vnet {network} --allow-vnet-access",
            f"Let out TCP to {reached(peer, IPv4Network(cidr), ports)}.",
            "Have no private DNS zone of the same names linked to that network: it can be linked to one of each.",
        ]

    return pulumi.Output.all(args.network.id, args.network.cidr).apply(told)
