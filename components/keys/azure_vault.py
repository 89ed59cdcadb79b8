"""The vaults that Azure's keys and secrets lie in."""

from collections.abc import Sequence

import pulumi
import pulumi_azure_native as azure

from components.dns import Dns
from components.dns.azure import private_endpoint
from components.network import Network
from components.site import Site


def private_vault(
    name: str, site: Site, network: Network, dns: Dns, recovery_days: int, bypass: str, parent: pulumi.Resource
) -> azure.keyvault.Vault:
    """A vault with no public way in, and a private endpoint; the rest as `vault`."""
    made = vault(name, site, recovery_days, bypass, parent)
    private_endpoint(
        f"{name}-private", site, network, dns, made.id, "vault", "vault", pulumi.ResourceOptions(parent=parent)
    )
    return made


def vault(
    name: str, site: Site, recovery_days: int, bypass: str, parent: pulumi.Resource, reach: Sequence[str] = ()
) -> azure.keyvault.Vault:
    """A vault by roles alone, whose contents nobody can purge, and that nobody reaches from elsewhere.

    recovery_days: for how long what is deleted can be brought back, 7 to 90; it cannot be changed. bypass: `None`, or
    `AzureServices` where Azure's own services use what is in it. reach: ranges of public addresses that are let in all
    the same.
    """
    options = pulumi.InvokeOutputOptions(parent=parent)
    return azure.keyvault.Vault(
        f"{name}-vault",
        # No name of ours: a vault's stays taken for as long as it can be recovered. Pulumi's has a new ending each
        # time, so that keys can go and come back (plan managed, and enterprise again).
        resource_group_name=site.scope,
        location=site.location.region,
        properties=azure.keyvault.VaultPropertiesArgs(
            tenant_id=azure.authorization.get_client_config_output(opts=options).tenant_id,
            sku=azure.keyvault.SkuArgs(family="A", name=azure.keyvault.SkuName.PREMIUM),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=recovery_days,
            enable_purge_protection=True,
            public_network_access="Enabled" if reach else "Disabled",
            network_acls=azure.keyvault.NetworkRuleSetArgs(
                default_action="Deny",
                bypass=bypass,
                ip_rules=[azure.keyvault.IPRuleArgs(value=block) for block in reach] or None,
            ),
        ),
        tags=site.location.tags,
        opts=site.location.guarded(parent),
    )
