from ipaddress import IPv4Network

import pulumi
import pulumi_gcp as gcp

from components.peering import Peer, Peering, PeeringArgs, reached


class NetworkPeerings(Peering):
    def __init__(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        made: dict[str, gcp.compute.NetworkPeering] = {}
        for peer in args.peers:
            made[peer.name] = gcp.compute.NetworkPeering(
                f"{name}-{peer.name}",
                network=args.network.id,
                peer_network=peer.network,
                # Its own subnets only: no route to anything that lies behind either network.
                import_custom_routes=False,
                export_custom_routes=False,
                import_subnet_routes_with_public_ip=False,
                export_subnet_routes_with_public_ip=False,
                stack_type="IPV4_ONLY",
                # Operations on the peerings of one network conflict: one after the other.
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(made.values())[-1:]),
            )
        self.connections = pulumi.Output.all(**{peer: half.id for peer, half in made.items()})
        self.needs = pulumi.Output.all(**{peer.name: _needs(peer, args) for peer in args.peers})
        self.done()


def _needs(peer: Peer, args: PeeringArgs) -> pulumi.Output[list[str]]:
    def told(known: list[str]) -> list[str]:
        network, scope, cidr, domain = known
        own, theirs = network.rpartition("/")[2], peer.network.rpartition("/")[2]
        return [
            "Make the other half, and not both at the same time: gcloud compute networks peerings create "
            f"{args.site.location.stack} --project {peer.account} --network {theirs} "
            f"--peer-project {scope} --peer-network {own}",
            f"Let out TCP to {reached(peer, IPv4Network(cidr), '')}.",
            f"For the data plane's own names: a DNS peering zone for {domain}. that targets {own} of {scope}; whoever "
            f"makes it needs roles/dns.peer on {scope}.",
        ]

    network = args.network
    return pulumi.Output.all(network.id, args.site.scope, network.cidr, args.dns.domain).apply(told)
