import pulumi
import pulumi_azure_native as azure

from components.keys.azure_vault import private_vault
from components.secrets import RECOVERY_DAYS, Secret, Secrets, SecretsArgs
from components.site import Site


class VaultSecrets(Secrets):
    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        # Nothing of Azure's own uses what is in it: no trusted services.
        vault = private_vault(name, args.site, args.network, args.dns, RECOVERY_DAYS, "None", self)
        self.hold(
            {secret: VaultSecret(f"{name}-{secret}", args.site, vault, secret, self.inside) for secret in args.names}
        )


class VaultSecret(Secret):
    def __init__(
        self, name: str, site: Site, vault: azure.keyvault.Vault, secret: str, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(name, opts)
        entry = azure.keyvault.Secret(
            f"{name}-entry",
            secret_name=secret,
            vault_name=vault.name,
            resource_group_name=site.scope,
            properties=azure.keyvault.SecretPropertiesArgs(
                # A vault has no entries without a version, and a grant needs the entry. Disabled, so that nobody takes
                # this text for the secret.
                value=pulumi.Output.secret("not set"),
                attributes=azure.keyvault.SecretAttributesArgs(enabled=False),
            ),
            tags=site.location.tags,
            opts=pulumi.ResourceOptions.merge(
                site.location.guarded(self),
                # An update, and be it of tags, would put this version on top of what was written since (Azure REST:
                # Secrets, Create Or Update). Like keys, the provider deletes secrets over the vault's data plane: they
                # go, and can be brought back, with their vault.
                pulumi.ResourceOptions(ignore_changes=["properties", "tags"], retain_on_delete=True),
            ),
        )
        self.id = pulumi.Output.concat(vault.id, "/secrets/", entry.name)
        self.done()
