from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.dns.aws import in_route53
from components.network.aws import in_vpc
from components.peering import Peer, Peering, PeeringArgs, dashed, reached

STORES = "5432, 6379"
"""The ports of the database and the cache."""


class VpcPeering(Peering):
    def __init__(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        made = {peer.name: self._connect(f"{name}-{peer.name}", peer, args) for peer in args.peers}
        self.connections = pulumi.Output.all(**made)
        self.needs = pulumi.Output.all(**{peer.name: self._needs(peer, args, made[peer.name]) for peer in args.peers})
        self.done()

    def _connect(self, key: str, peer: Peer, args: PeeringArgs) -> pulumi.Output[str]:
        """Make our side of one peering; its id. Routes may stand before it is accepted, and lead nowhere till then."""
        location, network = args.site.location, in_vpc(args.network)
        connection = aws.ec2.VpcPeeringConnection(
            key,
            vpc_id=network.id,
            peer_vpc_id=peer.network,
            peer_owner_id=peer.account,
            peer_region=_elsewhere(peer, args),
            auto_accept=_accepted(peer, args) or None,
            tags={"Name": f"{location.stack} {peer.name}"},
            opts=self.inside,
        )
        for cidr in peer.cidrs:
            aws.ec2.Route(
                f"{key}-{dashed(cidr)}",
                route_table_id=network.table,
                destination_cidr_block=str(cidr),
                vpc_peering_connection_id=connection.id,
                opts=self.inside,
            )
        if peer.account != location.account:
            aws.route53.VpcAssociationAuthorization(
                f"{key}-names",
                zone_id=in_route53(args.dns).zone,
                vpc_id=peer.network,
                vpc_region=peer.region or location.region,
                opts=self.inside,
            )
        return connection.id

    def _needs(self, peer: Peer, args: PeeringArgs, connection: pulumi.Output[str]) -> pulumi.Output[list[str]]:
        def told(known: list[str]) -> list[str]:
            id_, zone, cidr = known
            region = peer.region or args.site.location.region
            accept = f"aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id {id_} --region {region}"
            vpc = f"VPCRegion={region},VPCId={peer.network}"
            return [
                *([] if _accepted(peer, args) else [f"Accept the connection, within a week: {accept}"]),
                f"Route {cidr} to {id_} in the table of each subnet that calls; leave the others without.",
                f"Let out TCP to {reached(peer, IPv4Network(cidr), STORES)}.",
                "For the data plane's own names: aws route53 associate-vpc-with-hosted-zone "
                f"--hosted-zone-id {zone} --vpc {vpc}",
            ]

        network = in_vpc(args.network)
        return pulumi.Output.all(connection, in_route53(args.dns).zone, network.cidr).apply(told)


def _accepted(peer: Peer, args: PeeringArgs) -> bool:
    """Whether the connection is accepted as it is made: AWS allows that within one account and region."""
    return peer.account == args.site.location.account and _elsewhere(peer, args) is None


def _elsewhere(peer: Peer, args: PeeringArgs) -> str | None:
    return peer.region if peer.region not in ("", args.site.location.region) else None
