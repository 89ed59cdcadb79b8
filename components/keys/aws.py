import json

import pulumi
import pulumi_aws as aws

from components.keys import DELETION_DAYS, ROTATION_DAYS, Key, Keys, KeysArgs, Purpose
from components.site import Location, Site

SERVICES = {Purpose.BUCKET: "s3", Purpose.LOGS: "logs", Purpose.POSTGRES: "rds"}
"""The service that uses the key, per purpose. S3 and RDS do it on their caller's behalf (AWS KMS Developer Guide,
kms:ViaService); CloudWatch Logs does it as itself, and the key's policy must name it (CloudWatch Logs User Guide)."""


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
            opts=site.location.guarded(self),
        )
        alias = aws.kms.Alias(
            f"{name}-alias",
            name=pulumi.Output.concat("alias/", site.physical(str(purpose))),
            target_key_id=key.id,
            opts=self.inside,
        )
        self.id = pulumi.Output.all(key.arn, alias.id).apply(lambda ready: str(ready[0]))
        self.user = pulumi.Output.from_input(f"{SERVICES[purpose]}.{location.region}.amazonaws.com")
        self.done()


def _policy(location: Location, purpose: Purpose) -> str:
    """Nobody may use the key but whom the account's own IAM policies name: KMS evaluates them only if told so here.

    KMS refuses a policy that would lock the account out of its key (AWS KMS Developer Guide, default key policy).
    """
    statements: list[dict[str, object]] = [
        {
            "Sid": "AccountIamPolicies",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{location.account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if purpose is Purpose.LOGS:
        groups = f"arn:aws:logs:{location.region}:{location.account}:log-group:*"
        statements.append(
            {
                "Sid": "LogGroupsOfThisAccount",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{location.region}.amazonaws.com"},
                "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            }
        )
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
