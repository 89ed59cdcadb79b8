from uuid import NAMESPACE_URL, uuid5

import pulumi
import pulumi_azure_native as azure

from components.keys import ROTATION_DAYS, Key, Keys, KeysArgs, Purpose
from components.site import Site

ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
"""Key Vault Crypto Service Encryption User: wrap, unwrap, read (Azure built-in roles)."""


class VaultKeys(Keys):
    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        tenant = azure.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self)).tenant_id
        vault = azure.keyvault.Vault(
            f"{name}-vault",
            # No name of ours: a vault's stays taken for as long as it can be recovered. Pulumi's has a new ending each
            # time, so that keys can go and come back (plan managed, and enterprise again).
            resource_group_name=site.scope,
            location=location.region,
            properties=azure.keyvault.VaultPropertiesArgs(
                tenant_id=tenant,
                sku=azure.keyvault.SkuArgs(family="A", name=azure.keyvault.SkuName.PREMIUM),
                enable_rbac_authorization=True,
                enable_soft_delete=True,
                soft_delete_retention_in_days=90,
                enable_purge_protection=True,
                public_network_access="Disabled",
                network_acls=azure.keyvault.NetworkRuleSetArgs(
                    default_action="Deny",
                    # The stores' own services are what uses the keys, and reach the vault this way only.
                    bypass="AzureServices",
                ),
            ),
            tags=location.tags,
            opts=site.location.guarded(self),
        )
        self.hold(
            {purpose: VaultKey(f"{name}-{purpose}", site, vault, purpose, self.inside) for purpose in args.purposes}
        )


class VaultKey(Key):
    def __init__(
        self, name: str, site: Site, vault: azure.keyvault.Vault, purpose: Purpose, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(name, opts)
        location = site.location
        key = azure.keyvault.Key(
            f"{name}-key",
            key_name=str(purpose),
            vault_name=vault.name,
            resource_group_name=site.scope,
            properties=azure.keyvault.KeyPropertiesArgs(
                kty=azure.keyvault.JsonWebKeyType.RS_A_HSM,
                key_size=3072,
                key_ops=["wrapKey", "unwrapKey"],
                # No expiry: an expired version would lock out what is still pinned to it.
                rotation_policy=azure.keyvault.RotationPolicyArgs(
                    lifetime_actions=[
                        azure.keyvault.LifetimeActionArgs(
                            action=azure.keyvault.ActionArgs(type=azure.keyvault.KeyRotationPolicyActionType.ROTATE),
                            trigger=azure.keyvault.TriggerArgs(time_after_create=f"P{ROTATION_DAYS}D"),
                        )
                    ]
                ),
            ),
            tags=location.tags,
            # The provider deletes keys over the vault's data plane, which nothing outside the network reaches; the key
            # goes, and can be brought back, with its vault.
            opts=pulumi.ResourceOptions.merge(
                site.location.guarded(self), pulumi.ResourceOptions(retain_on_delete=True)
            ),
        )
        identity = azure.managedidentity.UserAssignedIdentity(
            f"{name}-user",
            resource_name_=site.physical(f"{purpose}-key"),
            resource_group_name=site.scope,
            location=location.region,
            tags=location.tags,
            opts=self.inside,
        )
        # On the key, not on the vault: the identity of one store cannot use another's key.
        scope = pulumi.Output.concat(vault.id, "/keys/", key.name)
        grant = azure.authorization.RoleAssignment(
            f"{name}-grant",
            role_assignment_name=pulumi.Output.all(scope, identity.id).apply(
                lambda ids: str(uuid5(NAMESPACE_URL, "|".join([*ids, ENCRYPTION_USER])))
            ),
            scope=scope,
            role_definition_id=(
                f"/subscriptions/{location.account}/providers/Microsoft.Authorization/roleDefinitions/{ENCRYPTION_USER}"
            ),
            principal_id=identity.principal_id,
            principal_type=azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
            opts=self.inside,
        )
        self.id = pulumi.Output.all(key.key_uri, grant.id).apply(lambda ready: str(ready[0]))
        self.user = identity.id
        self.done()
