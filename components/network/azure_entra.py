"""The one way out that Azure's network has: to the Entra login service, which has no private endpoint."""

from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure

from components.site import Site

ENTRA = "AzureActiveDirectory"
"""The service tag of login.microsoftonline.com, where a pod exchanges its token (AKS documentation, outbound network
rules; virtual network service tags)."""


@dataclass(frozen=True)
class EntraPath:
    """What a subnet needs for it, besides a security rule to 443 of `ENTRA`.

    gateway: the id of the NAT gateway that lends the address. route: wins over the one that drops 0.0.0.0/0, for the
    addresses of the tag only.
    """

    gateway: pulumi.Output[str]
    route: azure.network.RouteArgs


def entra_path(name: str, site: Site, parent: pulumi.Resource) -> EntraPath:
    """Make the NAT gateway and its address, which nothing can be reached by: a NAT takes in no connections.

    A NAT gateway of this SKU stands in one zone, which Azure picks. While that zone is down pods get no new tokens;
    those that they have keep working until they expire.
    """
    location, options = site.location, pulumi.ResourceOptions(parent=parent)
    address = azure.network.PublicIPAddress(
        f"{name}-entra-address",
        resource_group_name=site.scope,
        location=location.region,
        sku=azure.network.PublicIPAddressSkuArgs(name=azure.network.PublicIPAddressSkuName.STANDARD),
        public_ip_address_version=azure.network.IPVersion.I_PV4,
        public_ip_allocation_method=azure.network.IPAllocationMethod.STATIC,
        zones=list(location.zones),
        tags=location.tags,
        opts=options,
    )
    gateway = azure.network.NatGateway(
        f"{name}-entra",
        resource_group_name=site.scope,
        location=location.region,
        sku=azure.network.NatGatewaySkuArgs(name=azure.network.NatGatewaySkuName.STANDARD),
        public_ip_addresses=[azure.network.SubResourceArgs(id=address.id)],
        idle_timeout_in_minutes=4,
        tags=location.tags,
        opts=options,
    )
    route = azure.network.RouteArgs(name="entra", address_prefix=ENTRA, next_hop_type="Internet")
    return EntraPath(gateway.id, route)
