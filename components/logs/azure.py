import pulumi
import pulumi_azure_native as azure

from components.bucket.azure_account import storage_account
from components.logs import RETENTION_DAYS, Logs, LogsArgs


class StorageLogs(Logs):
    def __init__(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        account = storage_account(
            f"{name}-account", args.site, name, args.key, azure.storage.Bypass.AZURE_SERVICES, self
        )
        azure.storage.ManagementPolicy(
            f"{name}-retention",
            account_name=account.name,
            management_policy_name="default",
            resource_group_name=group,
            policy=expire(RETENTION_DAYS),
            opts=self.inside,
        )
        azure.network.FlowLog(
            f"{name}-network",
            # Azure keeps one watcher per region and subscription, in a group of its own.
            resource_group_name="NetworkWatcherRG",
            network_watcher_name=f"NetworkWatcher_{location.region}",
            flow_log_name=location.stack,
            location=location.region,
            target_resource_id=args.network.id,
            storage_id=account.id,
            enabled=True,
            retention_policy=azure.network.RetentionPolicyParametersArgs(enabled=True, days=RETENTION_DAYS),
            format=azure.network.FlowLogFormatParametersArgs(type=azure.network.FlowLogFormatType.JSON, version=2),
            tags=location.tags,
            opts=self.inside,
        )
        self.id = account.id
        self.done()


def expire(days: int) -> azure.storage.ManagementPolicySchemaArgs:
    """Delete logs when they are so old."""
    return azure.storage.ManagementPolicySchemaArgs(
        rules=[
            azure.storage.ManagementPolicyRuleArgs(
                name="retention",
                type=azure.storage.RuleType.LIFECYCLE,
                enabled=True,
                definition=azure.storage.ManagementPolicyDefinitionArgs(
                    filters=azure.storage.ManagementPolicyFilterArgs(blob_types=["blockBlob", "appendBlob"]),
                    actions=azure.storage.ManagementPolicyActionArgs(
                        base_blob=azure.storage.ManagementPolicyBaseBlobArgs(
                            delete=azure.storage.DateAfterModificationArgs(days_after_modification_greater_than=days)
                        )
                    ),
                ),
            )
        ]
    )
