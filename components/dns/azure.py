import pulumi
import pulumi_azure_native as azure

from components.dns import Dns, DnsArgs
from components.network import Network
from components.site import Site

SERVICES = {
    "blob": "privatelink.blob.core.windows.net",
    "vault": "privatelink.vaultcore.azure.net",
    "postgres": "privatelink.postgres.database.azure.com",
    "redis": "privatelink.redis.azure.net",
    "registry": "privatelink.azurecr.io",
    # Of an API server in a subnet of ours; one behind a private link has privatelink.<region>.azmk8s.io instead (AKS
    # documentation, private clusters).
    "kubernetes": "private.{region}.azmk8s.io",
}
"""The zone of each service's private endpoints (Azure documentation, private endpoint DNS zone values)."""


class PrivateDns(Dns):
    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.domain = self._zone(f"{name}-zone", f"{args.site.location.stack}.rampart.internal", args, use_name=True)
        self.zones = pulumi.Output.all(
            **{
                service: self._zone(f"{name}-{service}", zone.format(region=args.site.location.region), args)
                for service, zone in SERVICES.items()
            }
        )
        self.done()

    def _zone(self, key: str, domain: str, args: DnsArgs, *, use_name: bool = False) -> pulumi.Output[str]:
        """Make a zone and link it to the network; its id, or its name, once the link stands."""
        tags = args.site.location.tags
        zone = azure.privatedns.PrivateZone(
            key,
            resource_group_name=args.site.scope,
            private_zone_name=domain,
            location="Global",
            tags=tags,
            opts=self.inside,
        )
        link = azure.privatedns.VirtualNetworkLink(
            f"{key}-link",
            resource_group_name=args.site.scope,
            private_zone_name=zone.name,
            virtual_network_link_name="network",
            location="Global",
            registration_enabled=False,
            virtual_network=azure.privatedns.SubResourceArgs(id=args.network.id),
            tags=tags,
            opts=self.inside,
        )
        wanted = zone.name if use_name else zone.id
        return pulumi.Output.all(wanted, link.id).apply(lambda ready: str(ready[0]))


def private_endpoint(
    name: str,
    site: Site,
    network: Network,
    dns: Dns,
    target: pulumi.Input[str],
    group: str,
    service: str,
    opts: pulumi.ResourceOptions,
) -> azure.network.PrivateDnsZoneGroup:
    """Give a store an address in the network, and write its name into the service's zone.

    group: which part of the store (`blob`, `vault`, `postgresqlServer`). service: a key of `SERVICES`.
    """
    endpoint = azure.network.PrivateEndpoint(
        name,
        resource_group_name=site.scope,
        location=site.location.region,
        subnet=azure.network.SubnetArgs(id=network.endpoint_subnets.apply(lambda subnets: subnets[0])),
        private_link_service_connections=[
            azure.network.PrivateLinkServiceConnectionArgs(
                name=group, private_link_service_id=target, group_ids=[group]
            )
        ],
        tags=site.location.tags,
        opts=opts,
    )
    return azure.network.PrivateDnsZoneGroup(
        f"{name}-names",
        resource_group_name=site.scope,
        private_endpoint_name=endpoint.name,
        private_dns_zone_group_name="default",
        private_dns_zone_configs=[
            azure.network.PrivateDnsZoneConfigArgs(
                name=service, private_dns_zone_id=dns.zones.apply(lambda zones: zones[service])
            )
        ],
        opts=opts,
    )
