import pulumi
import pulumi_gcp as gcp

from components.alarms import Alarms, AlarmsArgs

AT_MOST_EVERY = "300s"
"""How often one alarm is mailed; an alert on log entries must say so."""

KEYS = 'protoPayload.serviceName="cloudkms.googleapis.com" AND protoPayload.resourceName:"{ring}/"'

DISABLED = (
    'log_id("cloudaudit.googleapis.com/activity") AND '
    + KEYS
    + ' AND (protoPayload.methodName="DestroyCryptoKeyVersion" OR (protoPayload.methodName="UpdateCryptoKeyVersion"'
    ' AND protoPayload.request.cryptoKeyVersion.state="DISABLED"))'
)
DENIED = 'log_id("cloudaudit.googleapis.com/data_access") AND ' + KEYS + " AND protoPayload.status.code=7"
BACKUP = (
    'log_id("cloudaudit.googleapis.com/system_event") AND resource.type="cloudsql_database"'
    ' AND resource.labels.database_id="{database}" AND protoPayload.methodName="cloudsql.instances.automatedBackup"'
    ' AND protoPayload.metadata.windowStatus=("STATUS_FAILED" OR "STATUS_ATTEMPT_FAILED")'
)
CERTIFICATE = (
    'log_id("certificatemanager.googleapis.com/certificates_expiry")'
    ' AND jsonPayload.state=("CLOSE_TO_EXPIRY" OR "EXPIRED")'
)


class MonitoringAlarms(Alarms):
    """Alerts on log entries: the audit logs of Cloud KMS and Cloud SQL, and Certificate Manager's log of expiries."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        channels = [
            gcp.monitoring.NotificationChannel(
                f"{name}-mail-{''.join(c if c.isalnum() else '-' for c in receiver.lower())}",
                project=args.site.scope,
                type="email",
                display_name=f"{args.site.location.stack}: {receiver}",
                labels={"email_address": receiver},
                user_labels=args.site.location.tags,
                opts=self.inside,
            ).name
            for receiver in args.receivers
        ]

        def alert(key: str, title: str, severity: str, filter_: pulumi.Input[str]) -> pulumi.Output[str]:
            return gcp.monitoring.AlertPolicy(
                f"{name}-{key}",
                project=args.site.scope,
                display_name=f"{args.site.location.stack}: {title}",
                combiner="OR",
                severity=severity,
                conditions=[
                    gcp.monitoring.AlertPolicyConditionArgs(
                        display_name=title,
                        condition_matched_log=gcp.monitoring.AlertPolicyConditionConditionMatchedLogArgs(
                            filter=filter_
                        ),
                    )
                ],
                alert_strategy=gcp.monitoring.AlertPolicyAlertStrategyArgs(
                    notification_rate_limit=gcp.monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(
                        period=AT_MOST_EVERY
                    ),
                    auto_close="604800s",
                ),
                notification_channels=channels,
                user_labels=args.site.location.tags,
                opts=self.inside,
            ).id

        database = args.postgres.id.apply(lambda id_: BACKUP.format(database=_project_and_name(id_)))
        made = [
            alert("backup", "a backup of the database failed", "CRITICAL", database),
            alert("certificate", "a certificate is about to expire", "WARNING", CERTIFICATE),
        ]
        if args.keys:
            ring = args.keys.ids.apply(lambda ids: next(iter(ids.values())).partition("/cryptoKeys/")[0])
            lost = ring.apply(lambda path: DISABLED.format(ring=path))
            denied = ring.apply(lambda path: DENIED.format(ring=path))
            made.append(alert("key", "a key was disabled or will be destroyed", "CRITICAL", lost))
            made.append(alert("denied", "somebody was denied the use of a key", "ERROR", denied))
        self.id = pulumi.Output.all(channels, made).apply(lambda values: ",".join(values[0]))
        self.done()


def _project_and_name(connection: str) -> str:
    """`project:name` of `project:region:name`, as the logs have it."""
    project, _, name = connection.rsplit(":", 2)
    return f"{project}:{name}"
