"""Who may log in to a cluster."""

import hashlib
import re
from datetime import UTC

import pulumi
import pulumi_aws as aws

from components.cluster import ClusterArgs

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def let_in(name: str, cluster: pulumi.Input[str], args: ClusterArgs, opts: pulumi.ResourceOptions) -> None:
    """Operators, and whoever breaks the glass, as administrators: nobody else can log in, not even the creator.

    An entry does not expire: it goes when an `up` takes it out, and until then every call is in the audit log.
    """
    entries: dict[str, tuple[str, dict[str, str]]] = {
        f"operator-{_short(principal)}": (principal, {}) for principal in dict.fromkeys(args.operators)
    }
    glass = args.break_glass
    if glass and glass.principal not in args.operators:
        reason = re.sub(r"[^\w +=.:/@-]", " ", glass.reason)[:256]  # what a tag's value may be
        tags = {"expires": f"{glass.expires.astimezone(UTC):%Y-%m-%dT%H:%MZ}", "reason": reason}
        entries["break-glass"] = (glass.principal, tags)
    for entry, (principal, tags) in entries.items():
        known = aws.eks.AccessEntry(
            f"{name}-{entry}", cluster_name=cluster, principal_arn=principal, tags=tags, opts=opts
        )
        aws.eks.AccessPolicyAssociation(
            f"{name}-{entry}-admin",
            cluster_name=cluster,
            principal_arn=known.principal_arn,
            policy_arn=ADMIN,
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=opts,
        )


def _short(principal: str) -> str:
    """What tells principals apart in the names of resources, whatever their order."""
    return hashlib.sha256(principal.encode()).hexdigest()[:8]
