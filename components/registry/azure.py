import pulumi
import pulumi_azure_native as azure

from components.dns.azure import private_endpoint
from components.keys import Key
from components.keys.azure import in_vault
from components.registry import MIRRORED, UNDELETED_DAYS, Registry, RegistryArgs

MICROSOFT = "mcr.microsoft.com"
"""Where AKS has its own images: nodes and add-ons boot from the copy in here."""


_PROVIDERS_KEY = azure.containerregistry.EncryptionPropertyArgs(
    status=azure.containerregistry.EncryptionStatus.DISABLED
)
"""Said, though it is the default: see `components.postgres.azure`."""


class ContainerRegistry(Registry):
    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        registry = azure.containerregistry.Registry(
            f"{name}-images",
            registry_name=site.compact(name),
            resource_group_name=site.scope,
            location=location.region,
            # Private endpoints, customer-managed keys and AKS without a way out want it.
            sku=azure.containerregistry.SkuArgs(name=azure.containerregistry.SkuName.PREMIUM),
            zone_redundancy=azure.containerregistry.ZoneRedundancy.ENABLED,
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            public_network_access=azure.containerregistry.PublicNetworkAccess.DISABLED,
            network_rule_set=azure.containerregistry.NetworkRuleSetArgs(
                default_action=azure.containerregistry.DefaultAction.DENY
            ),
            network_rule_bypass_options=azure.containerregistry.NetworkRuleBypassOptions.NONE,
            # Layers come from <registry>.<region>.data.azurecr.io, which the private endpoint has an address for too.
            data_endpoint_enabled=True,
            policies=_policies(),
            identity=_identity(args.key) if args.key else None,
            encryption=_encryption(args.key) if args.key else _PROVIDERS_KEY,
            tags=location.tags,
            opts=pulumi.ResourceOptions.merge(
                location.guarded(self), pulumi.ResourceOptions(replace_on_changes=["encryption.status"])
            ),
        )
        endpoint = private_endpoint(
            f"{name}-private", site, args.network, args.dns, registry.id, "registry", "registry", self.inside
        )
        # AKS wants just this name, source and target (AKS documentation, network isolated clusters).
        ours = {
            MICROSOFT: self._mirror(
                f"{name}-aks", args, registry, "aks-managed-mcr", MICROSOFT, "aks-managed-repository"
            )
        }
        for source in MIRRORED:
            short = source.replace(".", "-")
            ours[source] = self._mirror(f"{name}-{short}", args, registry, short, source, short)
        if location.protected:
            azure.authorization.ManagementLockByScope(
                f"{name}-lock",
                scope=registry.id,
                level=azure.authorization.LockLevel.CAN_NOT_DELETE,
                lock_name=f"{name}-holds-images",
                notes="protection: production",
                opts=self.inside,
            )
        # Through endpoint and rules: who has the registry's id can pull from it.
        ready = pulumi.Output.all(registry.id, endpoint.id, *(rule.id for rule in ours.values()))
        self.id = ready.apply(lambda values: str(values[0]))
        self.host = registry.login_server
        self.mirrors = pulumi.Output.all(
            **{source: pulumi.Output.concat(self.host, "/", _target(rule)) for source, rule in ours.items()}
        )
        self.done()

    def _mirror(
        self, name: str, args: RegistryArgs, registry: azure.containerregistry.Registry, rule: str, source: str, to: str
    ) -> azure.containerregistry.CacheRule:
        """Have the registry fetch what it does not have yet: nothing in the network goes out for it."""
        return azure.containerregistry.CacheRule(
            name,
            cache_rule_name=rule,
            registry_name=registry.name,
            resource_group_name=args.site.scope,
            source_repository=f"{source}/*",
            target_repository=f"{to}/*",
            opts=self.inside,
        )


def _target(rule: azure.containerregistry.CacheRule) -> pulumi.Output[str]:
    return rule.target_repository.apply(lambda repository: str(repository).removesuffix("/*"))


def _policies() -> azure.containerregistry.PoliciesArgs:
    return azure.containerregistry.PoliciesArgs(
        # Images neither leave for another registry, which wants public access off, nor are they lost to an export.
        export_policy=azure.containerregistry.ExportPolicyArgs(
            status=azure.containerregistry.ExportPolicyStatus.DISABLED
        ),
        # Kubelets log in with tokens of Azure Resource Manager.
        azure_ad_authentication_as_arm_policy=azure.containerregistry.AzureADAuthenticationAsArmPolicyArgs(
            status=azure.containerregistry.AzureADAuthenticationAsArmPolicyStatus.ENABLED
        ),
        # Not beside the soft delete policy, which is in preview: Azure takes one of the two.
        retention_policy=azure.containerregistry.RetentionPolicyArgs(
            days=UNDELETED_DAYS, status=azure.containerregistry.PolicyStatus.ENABLED
        ),
    )


def _identity(key: Key) -> azure.containerregistry.IdentityPropertiesArgs:
    return azure.containerregistry.IdentityPropertiesArgs(
        type=azure.containerregistry.ResourceIdentityType.USER_ASSIGNED,
        user_assigned_identities=key.user.apply(
            lambda identity: {identity: azure.containerregistry.UserIdentityPropertiesArgs()}
        ),
    )


def _encryption(key: Key) -> azure.containerregistry.EncryptionPropertyArgs:
    identity = in_vault(key).identity
    return azure.containerregistry.EncryptionPropertyArgs(
        status=azure.containerregistry.EncryptionStatus.ENABLED,
        key_vault_properties=azure.containerregistry.KeyVaultPropertiesArgs(
            # Without a version: the registry follows every rotation.
            key_identifier=key.id,
            identity=identity.client_id if identity else None,
        ),
    )
