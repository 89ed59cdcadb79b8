import pulumi
import pulumi_azure_native as azure

from components.bucket import Bucket, BucketArgs
from components.bucket.azure_account import storage_account
from components.dns.azure import private_endpoint


class BlobBucket(Bucket):
    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = args.site.scope
        account = storage_account(f"{name}-account", args.site, name, args.key, azure.storage.Bypass.NONE, self)
        private_endpoint(f"{name}-private", args.site, args.network, args.dns, account.id, "blob", "blob", self.inside)
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
            opts=pulumi.ResourceOptions.merge(
                args.site.location.guarded(self), pulumi.ResourceOptions(depends_on=[service])
            ),
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
