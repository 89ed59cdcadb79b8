import pulumi
import pulumi_azure_native as azure

from components.bucket import Bucket, BucketArgs
from components.keys import Key


class BlobBucket(Bucket):
    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        account = azure.storage.StorageAccount(
            f"{name}-account",
            account_name=args.site.compact(name),
            resource_group_name=group,
            location=location.region,
            kind=azure.storage.Kind.STORAGE_V2,
            sku=azure.storage.SkuArgs(name=azure.storage.SkuName.STANDARD_ZRS),
            access_tier=azure.storage.AccessTier.HOT,
            enable_https_traffic_only=True,
            minimum_tls_version=azure.storage.MinimumTlsVersion.TLS1_2,
            public_network_access=azure.storage.PublicNetworkAccess.DISABLED,
            network_rule_set=azure.storage.NetworkRuleSetArgs(
                default_action=azure.storage.DefaultAction.DENY, bypass=azure.storage.Bypass.NONE
            ),
            allow_blob_public_access=False,
            allow_shared_key_access=False,
            allow_cross_tenant_replication=False,
            default_to_o_auth_authentication=True,
            is_local_user_enabled=False,
            identity=_identity(args.key) if args.key else None,
            encryption=_encryption(args.key),
            tags=location.tags,
            opts=args.site.guarded(self),
        )
        service = azure.storage.BlobServiceProperties(
            f"{name}-recovery",
            account_name=account.name,
            blob_services_name="default",
            resource_group_name=group,
            is_versioning_enabled=True,
            # With versions on, this keeps a version too for so long after it was deleted.
            delete_retention_policy=azure.storage.DeleteRetentionPolicyArgs(enabled=True, days=args.recovery_days),
            container_delete_retention_policy=azure.storage.DeleteRetentionPolicyArgs(
                enabled=True, days=args.recovery_days
            ),
            opts=self.inside,
        )
        container = azure.storage.BlobContainer(
            f"{name}-objects",
            account_name=account.name,
            container_name=name,
            resource_group_name=group,
            public_access=azure.storage.PublicAccess.NONE,
            opts=pulumi.ResourceOptions.merge(args.site.guarded(self), pulumi.ResourceOptions(depends_on=[service])),
        )
        azure.storage.ManagementPolicy(
            f"{name}-expiry",
            account_name=account.name,
            management_policy_name="default",
            resource_group_name=group,
            policy=_expire_versions(args.recovery_days),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[service]),
        )
        self.id = container.id
        self.location = pulumi.Output.concat("https://", account.name, ".blob.core.windows.net/", container.name)
        self.done()


def _identity(key: Key) -> azure.storage.IdentityArgs:
    return azure.storage.IdentityArgs(
        type=azure.storage.IdentityType.USER_ASSIGNED,
        user_assigned_identities=key.user.apply(lambda identity: [identity]),
    )


def _encryption(key: Key | None) -> azure.storage.EncryptionArgs:
    """Encrypt twice: the service under the account's key, the infrastructure under Azure's own."""
    account_key = azure.storage.EncryptionServiceArgs(enabled=True, key_type=azure.storage.KeyType.ACCOUNT)
    services = azure.storage.EncryptionServicesArgs(blob=account_key, file=account_key)
    if key is None:
        return azure.storage.EncryptionArgs(
            key_source=azure.storage.KeySource.MICROSOFT_STORAGE,
            services=services,
            require_infrastructure_encryption=True,
        )
    return azure.storage.EncryptionArgs(
        key_source=azure.storage.KeySource.MICROSOFT_KEYVAULT,
        services=services,
        require_infrastructure_encryption=True,
        encryption_identity=azure.storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.user),
        key_vault_properties=azure.storage.KeyVaultPropertiesArgs(
            # https://<vault>.vault.azure.net/keys/<name>; with no version the account follows every rotation.
            key_vault_uri=key.id.apply(lambda uri: uri.partition("/keys/")[0]),
            key_name=key.id.apply(lambda uri: uri.rpartition("/")[2]),
        ),
    )


def _expire_versions(days: int) -> azure.storage.ManagementPolicySchemaArgs:
    """Without it, old versions stay for ever. One that the rule deletes can still be recovered for `days` more."""
    return azure.storage.ManagementPolicySchemaArgs(
        rules=[
            azure.storage.ManagementPolicyRuleArgs(
                name="expire-versions",
                type=azure.storage.RuleType.LIFECYCLE,
                enabled=True,
                definition=azure.storage.ManagementPolicyDefinitionArgs(
                    filters=azure.storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"]),
                    actions=azure.storage.ManagementPolicyActionArgs(
                        version=azure.storage.ManagementPolicyVersionArgs(
                            delete=azure.storage.DateAfterCreationArgs(days_after_creation_greater_than=days)
                        )
                    ),
                ),
            )
        ]
    )
