import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.bucket.aws import S3Bucket
from components.cache import Cache
from components.cache.aws import ENGINE
from components.capability import Capability
from components.cluster.aws_roles import account_trust
from components.identity import OFFERS, Access, Grant, Identity, IdentityArgs
from components.identity.aws_grants import statements
from components.identity.aws_roles import role
from components.postgres import Postgres
from components.secrets.aws import AwsSecret

ACCESS = "on ~* &* +@all -@dangerous"
"""Everything that a client of a cache needs, and nothing that administers it or empties it."""


class IamIdentity(Identity):
    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        user = args.site.physical(name)
        made = role(
            f"{name}-role",
            args.site.location,
            f"{args.namespace}/{args.service_account} of {args.site.location.stack}",
            account_trust(args.cluster.trust, args.cluster.issuer, args.namespace, args.service_account),
            self.inside,
        )
        in_force: list[pulumi.Output[str]] = [made.arn]
        if args.grants:
            policy = pulumi.Output.all(*(_statements(grant, name, user, args) for grant in args.grants)).apply(
                _document
            )
            in_force.append(aws.iam.RolePolicy(f"{name}-grants", role=made.name, policy=policy, opts=self.inside).id)
        in_force += [
            self._cache_user(name, user, grant.store) for grant in args.grants if isinstance(grant.store, Cache)
        ]
        self.principal = pulumi.Output.all(*in_force).apply(lambda ready: str(ready[0]))
        self.annotations = self.principal.apply(
            lambda arn: {"eks.amazonaws.com/role-arn": arn, "eks.amazonaws.com/sts-regional-endpoints": "true"}
        )
        self.labels = pulumi.Output.from_input(dict[str, str]())
        logins = (_login(grant.store, name, user) for grant in args.grants if grant.access is Access.CONNECT)
        self.logins = pulumi.Output.all(*logins).apply(list)
        self.done()

    def _cache_user(self, name: str, user: pulumi.Output[str], cache: Cache) -> pulumi.Output[str]:
        """Make the user that this identity alone may log in as (ElastiCache User Guide: its id is its name)."""
        made = aws.elasticache.User(
            f"{name}-cache-user",
            engine=ENGINE,
            user_id=user,
            user_name=user,
            access_string=ACCESS,
            authentication_mode=aws.elasticache.UserAuthenticationModeArgs(type="iam"),
            opts=self.inside,
        )
        member = aws.elasticache.UserGroupAssociation(
            f"{name}-cache-member", user_group_id=cache.name, user_id=made.user_id, opts=self.inside
        )
        return member.id


def _statements(
    grant: Grant, name: str, user: pulumi.Output[str], args: IdentityArgs
) -> pulumi.Output[list[dict[str, object]]]:
    store, location = grant.store, args.site.location
    key = store.key if isinstance(store, S3Bucket | AwsSecret) else None
    known: dict[str, pulumi.Input[str]] = {
        "store": store.id,
        "user": user if isinstance(store, Cache) else name,
        "region": location.region,
        "account": location.account,
    }
    filled: pulumi.Output[Mapping[str, str]] = pulumi.Output.all(**known | ({"key": key.id} if key else {}))
    return filled.apply(lambda values: statements(_kind(store), grant.access, values))


def _kind(store: Capability) -> type[Capability]:
    return next(kind for kind in OFFERS if isinstance(store, kind))


def _document(granted: Sequence[Sequence[dict[str, object]]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [one for statements in granted for one in statements]})


def _login(store: Capability, name: str, user: pulumi.Output[str]) -> pulumi.Output[dict[str, str]]:
    if isinstance(store, Postgres):
        return pulumi.Output.all(store="postgres", host=store.host, user=name, method="rds-iam", sql=_sql(name))
    assert isinstance(store, Cache)
    return pulumi.Output.all(store="cache", host=store.host, user=user, method="elasticache-iam", sql="")


def _sql(user: str) -> str:
    """A role that logs in with a token and no password (RDS User Guide, IAM database authentication); runs again."""
    made = f'CREATE ROLE "{user}" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;'
    return f'DO $$ BEGIN {made} END $$; GRANT rds_iam TO "{user}";'
