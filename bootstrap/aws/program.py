"""AWS: an S3 bucket, KMS keys, roles that trust the pipeline's issuer, a trail, and the services' own roles."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from bootstrap import OWN, PULUMI, RECOVERY_DAYS, BootstrapArgs, Pipeline
from bootstrap import Bootstrap as Contract
from bootstrap.aws.boundary import BOUNDARY
from bootstrap.aws.permissions import DEPLOY, LOOK, UNNAMED
from bootstrap.aws.rows import Row, document
from bootstrap.aws.trail import trail
from components.bucket.aws_objects import private_bucket
from components.cluster.aws_roles import federated_trust
from components.keys import Purpose
from components.keys.aws import KmsKey

PATH = "/rampart-bootstrap/"
"""Apart from the path of the components' roles: who deploys can change nothing here."""

LINKED = ("autoscaling", "eks", "eks-nodegroup", "elasticache", "elasticloadbalancing", "pullthroughcache.ecr", "rds")
"""Services that want a role of their own in the account before a data plane is made (`components.prerequisites`)."""

SESSION_SECONDS = 7200
"""How long whoever deploys is logged in: a region takes half an hour, several are done one after the other."""

THROUGH_S3 = {"StringEquals": {"kms:ViaService": "s3.{region}.amazonaws.com"}}
READ_STATE = (
    Row("s3:ListBucket", ("{state}",)),
    Row("s3:GetObject", ("{state}/" + PULUMI + "*",)),
    Row("kms:Decrypt", ("{state_key}",), THROUGH_S3),
    Row("kms:Decrypt", ("{secrets_key}",)),
)
WRITE_STATE = (
    Row("s3:DeleteObject s3:PutObject", ("{state}/" + PULUMI + "*",)),
    Row("kms:GenerateDataKey", ("{state_key}",), THROUGH_S3),
    Row("kms:Encrypt", ("{secrets_key}",)),
)


class Bootstrap(Contract):
    def __init__(self, name: str, args: BootstrapArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args.location, opts)
        location = args.location
        self._site = self.site(location.account)
        keys = {
            purpose: KmsKey(f"{name}-{purpose}", self._site, purpose, self.inside)
            for purpose in (Purpose.AUDIT, Purpose.STATE, Purpose.STATE_SECRETS)
        }
        state = private_bucket(f"{name}-state", self._site, keys[Purpose.STATE], RECOVERY_DAYS, self).bucket
        trail(f"{name}-audit", self._site, keys[Purpose.AUDIT], state.arn, self)
        for service in LINKED:
            if service not in args.present:
                aws.iam.ServiceLinkedRole(
                    f"{name}-{service}",
                    aws_service_name=f"{service}.amazonaws.com",
                    # Others in the account use the service too.
                    opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
                )
        boundary = self._policy(f"{name}-boundary", "The most that a role of a data plane may do", BOUNDARY, {})
        self._places: Mapping[str, pulumi.Input[str]] = {
            "state": state.arn,
            "state_key": keys[Purpose.STATE].id,
            "secrets_key": keys[Purpose.STATE_SECRETS].id,
            "boundary": boundary.arn,
        }
        self._issuer = aws.iam.OpenIdConnectProvider(
            f"{name}-issuer", url=args.pipeline.issuer, client_id_lists=["sts.amazonaws.com"], opts=self.inside
        )
        look = {"look": LOOK, "state": READ_STATE}
        self.preview = self._role(f"{name}-preview", args.pipeline, args.pipeline.preview, look, 3600)
        deploy = {**DEPLOY, "look": LOOK, "state": (*READ_STATE, *WRITE_STATE), "unnamed": UNNAMED}
        self.deploy = self._role(f"{name}-deploy", args.pipeline, args.pipeline.deploy, deploy, SESSION_SECONDS)

        place = f"?region={location.region}"
        self.backend = pulumi.Output.concat("s3://", state.bucket, place)
        self.own_backend = pulumi.Output.concat("s3://", state.bucket, f"/{OWN}", place)
        self.secrets_provider = pulumi.Output.concat("awskms:///", keys[Purpose.STATE_SECRETS].id, place)
        self.variables = pulumi.Output.all(
            AWS_BACKEND=self.backend,
            AWS_SECRETS_PROVIDER=self.secrets_provider,
            AWS_PREVIEW_ROLE=self.preview,
            AWS_DEPLOY_ROLE=self.deploy,
            AWS_REGION=location.region,
        )
        self.team = pulumi.Output.all(**{"secretsProvider": self.secrets_provider, "boundaries.aws": boundary.arn})
        self.done()

    def _role(
        self, name: str, pipeline: Pipeline, subject: str, policies: Mapping[str, Sequence[Row]], seconds: int
    ) -> pulumi.Output[str]:
        """A role that one subject's tokens are exchanged for; its ARN, known once it may do everything."""
        role = aws.iam.Role(
            name,
            path=PATH,
            description=f"Pipelines, as {subject}",
            assume_role_policy=federated_trust(self._issuer.arn, pipeline.issuer, subject),
            max_session_duration=seconds,
            opts=self.inside,
        )
        ready = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{part}",
                role=role.name,
                policy_arn=self._policy(f"{name}-{part}", f"{name}: {part}", rows, self._places).arn,
                opts=self.inside,
            ).id
            for part, rows in policies.items()
        ]
        return pulumi.Output.all(role.arn, *ready).apply(lambda known: str(known[0]))

    def _policy(
        self, name: str, description: str, rows: Sequence[Row], places: Mapping[str, pulumi.Input[str]]
    ) -> aws.iam.Policy:
        here = {"account": self._site.location.account, "region": self._site.location.region}
        return aws.iam.Policy(
            name,
            path=PATH,
            description=description,
            policy=pulumi.Output.all(**places, **here).apply(lambda known: document(rows, known)),
            opts=self.inside,
        )
