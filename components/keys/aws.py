import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.keys import DELETION_DAYS, ROTATION_DAYS, Key, Keys, KeysArgs, Purpose
from components.site import Location, Site

SERVICES = {
    Purpose.AUDIT: "s3",
    Purpose.BUCKET: "s3",
    Purpose.CACHE: "elasticache",
    Purpose.CLUSTER: "eks",
    Purpose.LOGS: "logs",
    Purpose.POSTGRES: "rds",
    Purpose.REGISTRY: "ecr",
    Purpose.SECRETS: "secretsmanager",
    Purpose.STATE: "s3",
    Purpose.VOLUMES: "ec2",
}
"""The service that uses the key, per purpose; `fields` and `state-secrets` have none. Most do it on their caller's
behalf (AWS KMS Developer Guide, kms:ViaService). Those that do it as themselves must be named in the key's policy: see
`_policy`."""

TRAIL = "rampart"
"""What the account's one trail is called: the key of what it writes names it before it is there."""

SCALING_ROLE = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
"""Who launches nodes. KMS refuses a policy that names a role which the account does not have yet: see
`components.prerequisites`."""


class KmsKeys(Keys):
    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.hold({purpose: KmsKey(f"{name}-{purpose}", args.site, purpose, self.inside) for purpose in args.purposes})


class KmsKey(Key):
    def __init__(self, name: str, site: Site, purpose: Purpose, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, opts)
        location = site.location
        key = aws.kms.Key(
            f"{name}-key",
            description=f"{location.stack}: {purpose}",
            enable_key_rotation=True,
            rotation_period_in_days=ROTATION_DAYS,
            deletion_window_in_days=DELETION_DAYS,
            policy=_policy(location, purpose),
            # An alias names the key only once it is there: until then it is told from its like by this.
            tags={"Name": f"{location.stack}-{purpose}"},
            opts=site.location.guarded(self),
        )
        alias = aws.kms.Alias(
            f"{name}-alias",
            name=pulumi.Output.concat("alias/", site.physical(str(purpose))),
            target_key_id=key.id,
            opts=self.inside,
        )
        self.id = pulumi.Output.all(key.arn, alias.id).apply(lambda ready: str(ready[0]))
        self.version = self.id
        service = SERVICES.get(purpose)
        self.user = pulumi.Output.from_input(f"{service}.{location.region}.amazonaws.com" if service else "")
        self.done()


def _policy(location: Location, purpose: Purpose) -> str:
    """Nobody may use the key but whom the account's own IAM policies name: KMS evaluates them only if told so here.

    KMS refuses a policy that would lock the account out of its key (AWS KMS Developer Guide, default key policy).
    """
    account = f"arn:aws:iam::{location.account}"
    statements = [_allow("AccountIamPolicies", {"AWS": f"{account}:root"}, ["kms:*"])]
    if purpose is Purpose.LOGS:
        groups = f"arn:aws:logs:{location.region}:{location.account}:log-group:*"
        topics = f"arn:aws:sns:{location.region}:{location.account}:*"
        statements += [
            # CloudWatch Logs User Guide: encrypt log data.
            _allow(
                "LogGroupsOfThisAccount",
                {"Service": f"logs.{location.region}.amazonaws.com"},
                ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            ),
            # Who publishes to the alarms' topic. By its context: EventBridge takes no condition on its source here (SNS
            # Developer Guide, key management).
            _allow(
                "AlarmsOfThisAccount",
                {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
                ["kms:Decrypt", "kms:GenerateDataKey*"],
                {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": topics}},
            ),
        ]
    if purpose is Purpose.AUDIT:
        # CloudTrail User Guide: configure AWS KMS key policies for CloudTrail.
        trail = {"aws:SourceArn": f"arn:aws:cloudtrail:{location.region}:{location.account}:trail/{TRAIL}"}
        trails = {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{location.account}:trail/*"}
        service = {"Service": "cloudtrail.amazonaws.com"}
        encrypt = {"StringEquals": trail, "StringLike": trails}
        statements += [
            _allow("Trail", service, ["kms:GenerateDataKey*"], encrypt),
            _allow("TrailLooks", service, ["kms:DescribeKey"], {"StringEquals": trail}),
        ]
    if purpose is Purpose.VOLUMES:
        # EC2 Auto Scaling User Guide, required key policy for encrypted volumes.
        role = {"AWS": f"{account}:role/{SCALING_ROLE}"}
        use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        statements += [
            _allow("DisksOfNodes", role, use),
            _allow("GrantsForDisks", role, ["kms:CreateGrant"], {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _allow(
    sid: str,
    principal: Mapping[str, object],
    actions: list[str],
    condition: Mapping[str, Mapping[str, str]] | None = None,
) -> Mapping[str, object]:
    statement = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": actions, "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})
