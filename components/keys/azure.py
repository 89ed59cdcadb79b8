from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure

from components.identity.azure_roles import CRYPTO_USER, ENCRYPTION_USER, VAULT_CONTRIBUTOR, assign
from components.keys import ROTATION_DAYS, VAULT_DAYS, Key, Keys, KeysArgs, Purpose
from components.keys.azure_vault import private_vault
from components.site import Site


@dataclass(frozen=True)
class Use:
    """What a key may do, and which role its user has on it; without one it has no user of its own."""

    operations: tuple[str, ...] = ("wrapKey", "unwrapKey")
    role: str | None = ENCRYPTION_USER


USES = {
    # Kubernetes' encryption provider encrypts with the key itself (AKS documentation, KMS etcd encryption).
    Purpose.CLUSTER: Use(("encrypt", "decrypt"), CRYPTO_USER),
    Purpose.FIELDS: Use(role=None),
    # Pulumi encrypts with the key itself, as whoever runs it.
    Purpose.STATE_SECRETS: Use(("encrypt", "decrypt"), role=None),
    # Azure encrypts what is in a vault under its own keys only (see `components.secrets`): this one waits for a store.
    Purpose.SECRETS: Use(role=None),
}
"""Every other key is wrapped and unwrapped with by the identity of one store."""


class VaultKeys(Keys):
    """The key of Kubernetes secrets lies in a vault by itself: the cluster's identity is given a role on the vault."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        vaults: dict[bool, azure.keyvault.Vault] = {}
        for apart in sorted({purpose is Purpose.CLUSTER for purpose in args.purposes}):
            vaults[apart] = private_vault(
                f"{name}-kms" if apart else name,
                args.site,
                args.network,
                args.dns,
                VAULT_DAYS,
                # The stores' own services are what uses the keys, and reach the vault this way only.
                "AzureServices",
                self,
            )
        self.hold(
            {
                purpose: VaultKey(
                    f"{name}-{purpose}", args.site, vaults[purpose is Purpose.CLUSTER], purpose, self.inside
                )
                for purpose in args.purposes
            }
        )


class VaultKey(Key):
    vault: azure.keyvault.Vault
    resource_id: pulumi.Output[str]
    """The key's id in Azure Resource Manager: what a role on it is given on."""

    identity: azure.managedidentity.UserAssignedIdentity | None = None
    """The identity behind `user`, for what wants another of its ids."""

    def __init__(
        self, name: str, site: Site, vault: azure.keyvault.Vault, purpose: Purpose, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(name, opts)
        location, use = site.location, USES.get(purpose, Use())
        key = azure.keyvault.Key(
            f"{name}-key",
            key_name=str(purpose),
            vault_name=vault.name,
            resource_group_name=site.scope,
            properties=azure.keyvault.KeyPropertiesArgs(
                kty=azure.keyvault.JsonWebKeyType.RS_A_HSM,
                key_size=3072,
                key_ops=list(use.operations),
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
            # A PUT never changes a key that exists, and says nothing of it: a change of its policy is to be refused.
            opts=pulumi.ResourceOptions.merge(
                site.location.guarded(self),
                pulumi.ResourceOptions(retain_on_delete=True, replace_on_changes=["properties"]),
            ),
        )
        # On the key, not on the vault: the identity of one store cannot use another's key.
        self.vault, self.resource_id = vault, pulumi.Output.concat(vault.id, "/keys/", key.name)
        grants: list[pulumi.Output[str]] = []
        if use.role:
            self.identity = azure.managedidentity.UserAssignedIdentity(
                f"{name}-user",
                resource_name_=site.physical(f"{purpose}-key"),
                resource_group_name=site.scope,
                location=location.region,
                tags=location.tags,
                opts=self.inside,
            )
            user = self.identity.principal_id
            grants.append(assign(f"{name}-grant", site, use.role, self.resource_id, user, self.inside).id)
            if purpose is Purpose.CLUSTER:
                # AKS makes a private endpoint of its own to the vault, and approves it as the cluster's identity.
                grants.append(assign(f"{name}-link", site, VAULT_CONTRIBUTOR, vault.id, user, self.inside).id)
        self.id = pulumi.Output.all(key.key_uri, *grants).apply(lambda ready: str(ready[0]))
        self.version = pulumi.Output.all(key.key_uri_with_version, *grants).apply(lambda ready: str(ready[0]))
        self.user = self.identity.id if self.identity else pulumi.Output.from_input("")
        self.done()


def in_vault(key: Key) -> VaultKey:
    """The key as Azure has it; `TypeError` for another cloud's."""
    if not isinstance(key, VaultKey):
        raise TypeError(f"{type(key).__name__} is no key in a vault")
    return key
