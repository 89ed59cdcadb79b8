import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.identity.aws_roles import role
from components.registry import UNDELETED_DAYS, Registry, RegistryArgs

UPSTREAMS = {"quay.io": "quay", "registry.k8s.io": "k8s"}
"""Registries that ECR's pull-through cache reads without credentials, and what the copies' names begin with."""


class EcrRegistry(Registry):
    """ECR has one repository per image, so the registry is a prefix: a template says what each repository that a push
    or a mirrored image makes under it is like, and everything else in the account's registry stays as it is.
    """

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        prefix = pulumi.Output.concat("rampart-", site.incarnation)
        place = f"{location.region}:{location.account}"
        repositories = pulumi.Output.concat(f"arn:aws:ecr:{place}:repository/", prefix, "/*")
        maker = role(
            f"{name}-maker",
            location,
            "Makes repositories of the registry, encrypted under its key",
            _trust(location.account),
            self.inside,
        )
        permission = aws.iam.RolePolicy(
            f"{name}-maker-policy",
            role=maker.id,
            policy=pulumi.Output.all(repositories, *([args.key.id] if args.key else [])).apply(
                lambda known: _make(known[0], known[1:], location.region)
            ),
            opts=self.inside,
        )
        encryption = aws.ecr.RepositoryCreationTemplateEncryptionConfigurationArgs(
            encryption_type="KMS" if args.key else "AES256", kms_key=args.key.id if args.key else None
        )
        template = aws.ecr.RepositoryCreationTemplate(
            f"{name}-images",
            prefix=prefix,
            description=f"{location.stack}: images",
            applied_fors=["CREATE_ON_PUSH", "PULL_THROUGH_CACHE"],
            # Through the permission: ECR makes repositories with what the role may do at that moment.
            custom_role_arn=pulumi.Output.all(maker.arn, permission.id).apply(lambda ready: str(ready[0])),
            encryption_configurations=[encryption],
            image_tag_mutability="IMMUTABLE",
            lifecycle_policy=_expire(UNDELETED_DAYS),
            resource_tags=location.tags,
            opts=self.inside,
        )
        scanning = aws.ecr.RegistryScanningConfiguration(
            f"{name}-scanning",
            scan_type="BASIC",
            rules=[
                aws.ecr.RegistryScanningConfigurationRuleArgs(
                    scan_frequency="SCAN_ON_PUSH",
                    repository_filters=[
                        aws.ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(
                            # Of all registries of ours: the setting is the account's, and their stacks must agree.
                            filter="rampart-*",
                            filter_type="WILDCARD",
                        )
                    ],
                )
            ],
            opts=self.inside,
        )
        host = f"{location.account}.dkr.ecr.{location.region}.amazonaws.com/"
        mirrors = {
            upstream: aws.ecr.PullThroughCacheRule(
                f"{name}-{short}",
                # Through the template: a copy that was made before would lie under no key of ours.
                ecr_repository_prefix=pulumi.Output.concat(template.prefix, "/", short),
                upstream_registry_url=upstream,
                opts=self.inside,
            ).ecr_repository_prefix
            for upstream, short in UPSTREAMS.items()
        }
        self.id = repositories
        self.host = pulumi.Output.all(template.prefix, scanning.id).apply(lambda ready: host + str(ready[0]))
        self.mirrors = pulumi.Output.all(**mirrors).apply(
            lambda prefixes: {upstream: host + str(copies) for upstream, copies in prefixes.items()}
        )
        self.done()


def _trust(account: str) -> str:
    """Only ECR, and only on behalf of this account."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecr.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _make(repositories: str, key: Sequence[str], region: str) -> str:
    """What a repository creation template's role needs (ECR User Guide), for repositories under the prefix alone."""
    actions = ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"]
    statements: list[dict[str, object]] = [{"Effect": "Allow", "Action": actions, "Resource": repositories}]
    if key:
        use = ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"]
        condition = {"StringEquals": {"kms:ViaService": f"ecr.{region}.amazonaws.com"}}
        statements.append({"Effect": "Allow", "Action": use, "Resource": key[0], "Condition": condition})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _expire(days: int) -> str:
    selection = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    about = {"rulePriority": 1, "description": "Images that nothing names", "selection": selection}
    return json.dumps({"rules": [about | {"action": {"type": "expire"}}]})
