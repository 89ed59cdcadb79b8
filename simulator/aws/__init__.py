"""Amazon Web Services; behind the network, keys, buckets and secrets is moto."""

from typing import ClassVar

from simulator.aws import (
    about,
    alarms,
    balancers,
    bucket,
    cache,
    dns,
    ecr,
    eks,
    groups,
    iam,
    keys,
    logs,
    network,
    nodes,
    peering,
    rds,
    secrets,
    standing,
    trail,
    ways,
)
from simulator.aws.account import ACCOUNT
from simulator.aws.lookups import LOOKUPS
from simulator.cloud import Cloud, Operation, Refusal, Rule, Scope, Source
from simulator.regions import regions
from simulator.values import UNKNOWN, Props, known

_STORES = (keys, bucket, rds, cache, secrets, ecr)
_MODULES = (network, ways, peering, groups, dns, balancers, iam, standing, logs, trail, *_STORES, eks, nodes, alarms)
_TYPES = {row.token: row for module in _MODULES for row in module.TYPES}


def _region(operation: Operation) -> str | None:
    own = operation.one("region")
    return f"{own!r} is no AWS region" if own is not None and own not in regions("aws") else None


_EXISTS = Source("botocore's list of endpoints, in the catalogue of regions", "D")


class Aws(Cloud):
    """The package `aws`."""

    package: ClassVar[str] = "aws"
    error: ClassVar[str] = "api error {code}: {message}"
    fixed_settings: ClassVar[tuple[str, ...]] = ("region", "allowedAccountIds", "assumeRoles")
    types = _TYPES
    lookups = eks.LOOKUPS | LOOKUPS | about.LOOKUPS
    gaps = (
        "inline `routes`, and rules of the default security group, are kept but moto does not see them",
        "what boto3 or the CLI change through the endpoint is forgotten at a restart, and never seen by a refresh",
        "a key that its policy does not grant fails the bucket's configuration, where AWS fails the first write",
        "tags and descriptions that change later reach moto at the next restart; bucket and key tags never do",
        "`force_destroy`, and buckets that hold objects; aliases given as a key; most policy conditions",
        "all but the network, keys, buckets and secrets are in no service of moto's: boto3 does not see them; of the "
        "network not the gateways, routes, peerings and network ACLs either",
        "the service-linked roles of autoscaling, elasticache and rds are there from the start",
        "EKS: add-ons have made-up versions, clusters no upgrade paths; nodes are looked at once, when they are made",
        "who may publish to a topic, and that EventBridge hears of calls only where a trail logs them",
        "regions that an account opted in to, raised quotas, IAM's simulation of policies",
        "RDS: other engines, `default.*` groups, replicas, restores; a renamed instance keeps the old name taken",
        "RDS makes every change at once, as if with `apply_immediately`, and final snapshots' names stay free",
        "lookups know few filters, and the tagging API keys and flow logs only; none of them is ever behind",
        "a subnet is deleted though an instance is in it; addresses run out nowhere",
    )
    rules = (
        Rule("region", tuple(_TYPES), "`region` exists", "InvalidRegion", _EXISTS, _region, "check", "region"),
        *(rule for module in _MODULES for rule in module.RULES),
    )

    def configure(self, settings: Props) -> Scope:
        """As the real provider: the region exists, and the credentials' account is allowed."""
        region, allowed = settings.get("region", ""), settings.get("allowedAccountIds")
        if region not in regions("aws"):
            raise Refusal("InvalidRegion", f"{region!r} is no AWS region", "region")
        roles = [role["roleArn"] for role in settings.get("assumeRoles", []) if role.get("roleArn")]
        account = roles[-1].split(":")[4] if roles else ACCOUNT
        if not allowed:
            fix = f"name the accounts this may deploy to; the simulated credentials are of {ACCOUNT}"
            raise Refusal("MissingAccount", fix, "allowedAccountIds")
        if account not in allowed or account in settings.get("forbiddenAccountIds", []):
            raise Refusal("AccountNotAllowed", f"AWS account ID not allowed: {account}", "allowedAccountIds")
        tags = (settings.get("defaultTags") or {}).get("tags") or {}
        return Scope(account=account, region=region, settings={"defaultTags": tags})

    def complete(self, operation: Operation) -> Props:
        """As the real provider's check: `tagsAll` is the default tags and the resource's own."""
        from simulator import sdk

        if "tagsAll" not in sdk.describe("aws", operation.type.token)["outputs"]:
            return {}
        tags = operation.inputs.get("tags") or {}
        merged = {**operation.scope.settings.get("defaultTags", {}), **(tags if tags is not UNKNOWN else {})}
        return {"tagsAll": merged if known(tags) else UNKNOWN}


CLOUD = Aws()
