from collections.abc import Sequence

import pulumi
import pulumi_azure_native as azure

from components.alarms import Alarms, AlarmsArgs
from components.keys import Keys, Purpose
from components.keys.azure import in_vault

CHANGED = ("keydelete", "keypurge", "keyupdate", "keyupdaterotationpolicy")
"""What disables a key, deletes it, or keeps it from rotating (Key Vault documentation, logging: operation names; in the
metrics they are in lower case)."""

SERVICES = (
    "Azure Database for PostgreSQL flexible servers",
    "Azure Kubernetes Service (AKS)",
    "Key Vault",
    "Redis Cache",
)


class MonitorAlarms(Alarms):
    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args, self._name = args, name
        location = args.site.location
        group = azure.monitor.ActionGroup(
            f"{name}-receivers",
            resource_group_name=args.site.scope,
            location="Global",
            group_short_name="rampart",  # twelve characters, in every mail
            enabled=True,
            email_receivers=[
                azure.monitor.MicrosoftCommonEmailReceiverArgs(
                    name=address, email_address=address, use_common_alert_schema=True
                )
                for address in args.receivers
            ],
            tags=location.tags,
            opts=self.inside,
        )
        self._group = group.id
        if args.keys:
            self._keys(args.keys)
        self._metric(
            "no-backup",
            "The database keeps no backup",
            args.postgres.id,
            "backup_storage_used",
            [],
            "LessThan",
            1,
            "P1D",
        )
        self._event(
            "backup-failed",
            "A backup of the database failed",
            args.postgres.id,
            category="Administrative",
            operationName="Microsoft.DBforPostgreSQL/flexibleServers/backups/write",
            status="Failed",
        )
        subscription = pulumi.Output.from_input(f"/subscriptions/{location.account}")
        self._event(
            "announced",
            "Azure changes a certificate, or something else that clients must be ready for",
            subscription,
            {
                "properties.incidentType": ["ActionRequired", "Security"],
                "properties.impactedServices[*].ServiceName": SERVICES,
            },
            category="ServiceHealth",
        )
        self.id = group.id
        self.done()

    def _keys(self, keys: Keys) -> None:
        scope = pulumi.Output.concat(
            f"/subscriptions/{self._args.site.location.account}/resourceGroups/", self._args.site.scope
        )
        self._event(
            "vault-deleted",
            "A vault was deleted, with the keys in it",
            scope,
            category="Administrative",
            operationName="Microsoft.KeyVault/vaults/delete",
        )
        for short, purpose in (("keys", Purpose.BUCKET), ("cluster-key", Purpose.CLUSTER)):
            vault = in_vault(keys[purpose]).vault.id
            changed, denied = [("ActivityName", CHANGED)], [("StatusCode", ("403",))]
            says = "A key was disabled, deleted, or kept from rotating"
            self._metric(f"{short}-changed", says, vault, "ServiceApiHit", changed)
            self._metric(f"{short}-denied", "The use of a key was denied", vault, "ServiceApiResult", denied)
            # Who it was: an alarm tells that something happened, not who did it.
            azure.monitor.DiagnosticSetting(
                f"{self._name}-{short}-audit",
                name="audit",
                resource_uri=vault,
                storage_account_id=self._args.logs.id,
                logs=[azure.monitor.DiagnosticsLogSettingsArgs(category="AuditEvent", enabled=True)],
                opts=self.inside,
            )

    def _metric(
        self,
        key: str,
        says: str,
        scope: pulumi.Output[str],
        metric: str,
        dimensions: Sequence[tuple[str, Sequence[str]]],
        operator: str = "GreaterThan",
        threshold: float = 0,
        window: str = "PT5M",
    ) -> None:
        azure.monitor.MetricAlert(
            f"{self._name}-{key}",
            resource_group_name=self._args.site.scope,
            location="Global",
            description=says,
            enabled=True,
            severity=1,
            scopes=[scope],
            evaluation_frequency="PT1H" if window == "P1D" else "PT1M",
            window_size=window,
            criteria=azure.monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
                odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                all_of=[
                    azure.monitor.MetricCriteriaArgs(
                        criterion_type="StaticThresholdCriterion",
                        name=key,
                        metric_name=metric,
                        operator=operator,
                        threshold=threshold,
                        time_aggregation="Count" if dimensions else "Average",
                        dimensions=[
                            azure.monitor.MetricDimensionArgs(name=name, operator="Include", values=list(values))
                            for name, values in dimensions
                        ],
                    )
                ],
            ),
            actions=[azure.monitor.MetricAlertActionArgs(action_group_id=self._group)],
            tags=self._args.site.location.tags,
            opts=self.inside,
        )

    def _event(
        self,
        key: str,
        says: str,
        scope: pulumi.Output[str],
        one_of: dict[str, Sequence[str]] | None = None,
        /,
        **equal: str,
    ) -> None:
        azure.monitor.ActivityLogAlert(
            f"{self._name}-{key}",
            resource_group_name=self._args.site.scope,
            location="Global",
            description=says,
            enabled=True,
            scopes=[scope],
            condition=azure.monitor.AlertRuleAllOfConditionArgs(
                all_of=[
                    *(
                        azure.monitor.AlertRuleAnyOfOrLeafConditionArgs(field=field, equals=value)
                        for field, value in equal.items()
                    ),
                    *(
                        azure.monitor.AlertRuleAnyOfOrLeafConditionArgs(field=field, contains_any=list(values))
                        for field, values in (one_of or {}).items()
                    ),
                ]
            ),
            actions=azure.monitor.ActionListArgs(
                action_groups=[azure.monitor.ActionGroupArgs(action_group_id=self._group)]
            ),
            tags=self._args.site.location.tags,
            opts=self.inside,
        )
