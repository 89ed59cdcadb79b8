"""The storage account that Azure's buckets and logs are made of."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_azure_native as azure

from components.keys import Key
from components.site import Site


def storage_account(
    name: str,
    site: Site,
    stem: str,
    key: Key | None,
    bypass: azure.storage.Bypass,
    parent: pulumi.Resource,
    reach: Sequence[str] = (),
) -> azure.storage.StorageAccount:
    """A storage account with no public way in, over three zones, under the key or, without one, under Azure's own.

    stem: what its name begins with. bypass: `NONE`, or `AZURE_SERVICES` where Azure's own services must write to it.
    reach: ranges of public addresses that are let in all the same.
    """
    access = azure.storage.PublicNetworkAccess
    account = azure.storage.StorageAccount(
        name,
        account_name=site.compact(stem),
        resource_group_name=site.scope,
        location=site.location.region,
        kind=azure.storage.Kind.STORAGE_V2,
        sku=azure.storage.SkuArgs(name=azure.storage.SkuName.STANDARD_ZRS),
        access_tier=azure.storage.AccessTier.HOT,
        enable_https_traffic_only=True,
        minimum_tls_version=azure.storage.MinimumTlsVersion.TLS1_2,
        public_network_access=access.ENABLED if reach else access.DISABLED,
        network_rule_set=azure.storage.NetworkRuleSetArgs(
            default_action=azure.storage.DefaultAction.DENY,
            bypass=bypass,
            ip_rules=[azure.storage.IPRuleArgs(i_p_address_or_range=one) for one in _taken(reach)] or None,
        ),
        allow_blob_public_access=False,
        allow_shared_key_access=False,
        allow_cross_tenant_replication=False,
        default_to_o_auth_authentication=True,
        is_local_user_enabled=False,
        identity=_identity(key) if key else None,
        encryption=_encryption(key),
        tags=site.location.tags,
        opts=site.location.guarded(parent),
    )
    if site.location.protected:
        azure.authorization.ManagementLockByScope(
            f"{name}-lock",
            scope=account.id,
            level=azure.authorization.LockLevel.CAN_NOT_DELETE,
            lock_name="holds-data",
            # Deleting an account deletes what is in it; a lock does not keep single objects, their versions do.
            notes="protection: production",
            opts=pulumi.ResourceOptions(parent=parent),
        )
    return account


def _taken(reach: Sequence[str]) -> Iterator[str]:
    """Ranges as Azure Storage takes them: those of one or two addresses it wants one by one (Azure Storage
    documentation, IP network rules).
    """
    for block in map(IPv4Network, reach):
        yield from [str(block)] if block.prefixlen < 31 else map(str, block)


def keep_versions(
    name: str, site: Site, account: azure.storage.StorageAccount, days: int, parent: pulumi.Resource
) -> azure.storage.BlobServiceProperties:
    """Keep what is overwritten or deleted in an account's containers for so long, and no longer; a container is made
    after it.
    """
    service = azure.storage.BlobServiceProperties(
        f"{name}-recovery",
        account_name=account.name,
        blob_services_name="default",
        resource_group_name=site.scope,
        is_versioning_enabled=True,
        # With versions on, this keeps a version too for so long after it was deleted.
        delete_retention_policy=azure.storage.DeleteRetentionPolicyArgs(enabled=True, days=days),
        container_delete_retention_policy=azure.storage.DeleteRetentionPolicyArgs(enabled=True, days=days),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    azure.storage.ManagementPolicy(
        f"{name}-expiry",
        account_name=account.name,
        management_policy_name="default",
        resource_group_name=site.scope,
        policy=_expire_versions(days),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[service]),
    )
    return service


def private_container(
    name: str,
    called: str,
    site: Site,
    account: azure.storage.StorageAccount,
    after: azure.storage.BlobServiceProperties,
    parent: pulumi.Resource,
) -> azure.storage.BlobContainer:
    """A container of an account that nothing public reaches. called: its name in Azure."""
    return azure.storage.BlobContainer(
        name,
        account_name=account.name,
        container_name=called,
        resource_group_name=site.scope,
        public_access=azure.storage.PublicAccess.NONE,
        opts=pulumi.ResourceOptions.merge(site.location.guarded(parent), pulumi.ResourceOptions(depends_on=[after])),
    )


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
