import json

import pulumi
import pulumi_aws as aws

from components.keys import Key
from components.secrets import RECOVERY_DAYS, Secret, Secrets, SecretsArgs


class SecretsManager(Secrets):
    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.hold({secret: AwsSecret(f"{name}-{secret}", secret, args, self.inside) for secret in args.names})


class AwsSecret(Secret):
    key: Key | None
    """What encrypts it: whoever reads or writes the secret must be allowed the key too."""

    def __init__(self, name: str, secret: str, args: SecretsArgs, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, opts)
        self.key = args.key
        entry = aws.secretsmanager.Secret(
            f"{name}-entry",
            name=args.site.physical(secret),
            description=f"{args.site.location.stack}: {secret}",
            kms_key_id=args.key.id if args.key else None,
            recovery_window_in_days=RECOVERY_DAYS,
            opts=args.site.location.guarded(self),
        )
        policy = aws.secretsmanager.SecretPolicy(
            f"{name}-policy",
            secret_arn=entry.arn,
            policy=args.network.id.apply(_inside_only),
            block_public_policy=True,
            opts=self.inside,
        )
        self.id = pulumi.Output.all(entry.arn, policy.id).apply(lambda ready: str(ready[0]))
        self.done()


def _inside_only(network: str) -> str:
    """Refuse the value to whoever is not in the network, whatever else they may do; services of AWS act from theirs."""
    statement = {
        "Sid": "ValuesInsideOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:SourceVpc": network},
            "BoolIfExists": {"aws:ViaAWSService": "false", "aws:PrincipalIsAWSService": "false"},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
