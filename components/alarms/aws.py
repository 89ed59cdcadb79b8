import hashlib
import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.alarms import Alarms, AlarmsArgs

KEY_LOST = ("DisableKey", "ScheduleKeyDeletion")
BACKUP_DONE = "RDS-EVENT-0002"
UNREADABLE = ("RDS-EVENT-0418", "RDS-EVENT-0419")
"""The server cannot use its key: there will be no more backups, and soon no server (RDS User Guide, event messages)."""

BACKUP_HOURS = 30
"""A backup is due every day, some time in its window. RDS has no event for one that failed, so its absence is it."""

CERTIFICATE = {"source": ["aws.acm"], "detail-type": ["ACM Certificate Approaching Expiration"]}
DENIED = {"errorCode": ["AccessDenied", "AccessDeniedException"]}
"""Of any key of the account's in the region: what CloudTrail says of a denied call does not hold the key."""

ALL_CALLS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class EventAlarms(Alarms):
    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        account = args.site.location.account
        topic = aws.sns.Topic(
            f"{name}-topic",
            name=args.site.physical(name),
            display_name=f"Rampart {args.site.location.stack}",
            # Not SNS's own key without one of ours: that lets neither EventBridge nor CloudWatch in.
            kms_master_key_id=args.key.id if args.key else None,
            opts=self.inside,
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: _publish(arn, account)),
            opts=self.inside,
        )
        # Through the policy: what is sent before it may be is lost.
        self._topic = policy.arn
        for receiver in args.receivers:
            aws.sns.TopicSubscription(
                f"{name}-{hashlib.sha256(receiver.encode()).hexdigest()[:8]}",
                topic=topic.arn,
                protocol="email",
                endpoint=receiver,
                opts=self.inside,
            )
        if args.keys:
            lost = args.keys.ids.apply(lambda ids: _call(_lost(sorted(ids.values()))))
            self._rule(f"{name}-key-lost", "A key was disabled, or is to be deleted", lost, ALL_CALLS)
            self._rule(f"{name}-key-denied", "Somebody was denied the use of a key", _call(DENIED), ALL_CALLS)
        self._rule(f"{name}-certificate", "A certificate is about to expire", json.dumps(CERTIFICATE))
        server = args.postgres.host.apply(lambda host: host.partition(".")[0])
        unreadable = server.apply(lambda server: _database(server, UNREADABLE))
        self._rule(f"{name}-database", "A database cannot use its key", unreadable)
        self._backups(f"{name}-backup", server)
        self.id = topic.arn
        self.done()

    def _rule(self, name: str, says: str, pattern: pulumi.Input[str], state: str = "ENABLED") -> None:
        """Send every event that fits to the topic."""
        rule = aws.cloudwatch.EventRule(name, description=says, event_pattern=pattern, state=state, opts=self.inside)
        aws.cloudwatch.EventTarget(f"{name}-mail", rule=rule.name, arn=self._topic, opts=self.inside)

    def _backups(self, name: str, server: pulumi.Output[str]) -> None:
        """Count the backups that are done, and raise an alarm when there have been none for too long."""
        done = aws.cloudwatch.EventRule(
            f"{name}-done",
            description="A backup of a database is done",
            event_pattern=server.apply(lambda server: _database(server, (BACKUP_DONE,))),
            opts=self.inside,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-missing",
            alarm_description=f"No backup of a database was done for {BACKUP_HOURS} hours",
            namespace="AWS/Events",
            metric_name="TriggeredRules",
            dimensions={"RuleName": done.name},
            statistic="Sum",
            period=3600,
            evaluation_periods=BACKUP_HOURS,
            datapoints_to_alarm=BACKUP_HOURS,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data="breaching",
            alarm_actions=[self._topic],
            opts=self.inside,
        )


def _call(detail: Mapping[str, object]) -> str:
    """Calls of the key service, as CloudTrail tells of them."""
    about = {"source": ["aws.kms"], "detail-type": ["AWS API Call via CloudTrail"]}
    return json.dumps(about | {"detail": detail})


def _lost(keys: list[str]) -> Mapping[str, object]:
    """A key may be named by its ARN or by its id alone."""
    named = [*keys, *(key.rpartition("/")[2] for key in keys)]
    return {"eventName": list(KEY_LOST), "requestParameters": {"keyId": named}}


def _database(server: str, events: tuple[str, ...]) -> str:
    about = {"source": ["aws.rds"], "detail-type": ["RDS DB Instance Event"]}
    return json.dumps(about | {"detail": {"EventID": list(events), "SourceIdentifier": [server]}})


def _publish(topic: str, account: str) -> str:
    """EventBridge takes no condition here (EventBridge User Guide, resource-based policies); CloudWatch does."""

    def allow(sid: str, service: str, condition: Mapping[str, object] | None = None) -> Mapping[str, object]:
        statement = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic,
        }
        return statement | ({"Condition": condition} if condition else {})

    own = {"StringEquals": {"aws:SourceAccount": account}}
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    tls: dict[str, object] = {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "sns:Publish"}
    tls |= {"Resource": topic, "Condition": plain}
    statements = [allow("Events", "events"), allow("Alarms", "cloudwatch", own), tls]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
