"""The roles of a cluster: control plane, nodes, and the add-ons' service accounts."""

import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.identity.aws_roles import role as bare_role
from components.site import Location

Statement = Mapping[str, object]
CONTROL_PLANE = ("AmazonEKSClusterPolicy",)
NODES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy")
"""What the EKS User Guide asks of a node's role, without the CNI's rights, which `aws-node` has a role of its own for.
AmazonEKSWorkerNodeMinimalPolicy is less, but a node that joins must look itself up (`ec2:DescribeInstances`)."""

CNI = ("AmazonEKS_CNI_Policy",)
VOLUMES = ("AmazonEBSCSIDriverPolicyV2",)
"""Volumes and snapshots that the driver made, and no others, unlike the first version."""


def role(
    name: str,
    location: Location,
    description: str,
    trust: pulumi.Input[str],
    managed: Sequence[str],
    inline: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """A role with AWS's own policies and one of ours; its ARN, known once it may do everything."""
    made = bare_role(name, location, description, trust, opts)
    ready: list[pulumi.Output[str]] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy}", role=made.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}", opts=opts
        ).id
        for policy in managed
    ]
    if inline is not None:
        ready.append(aws.iam.RolePolicy(f"{name}-policy", role=made.name, policy=inline, opts=opts).id)
    return pulumi.Output.all(made.arn, *ready).apply(lambda known: str(known[0]))


def document(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Sequence[str], resource: str, condition: Mapping[str, object] | None = None) -> Statement:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def service_trust(service: str, condition: Mapping[str, object] | None = None) -> str:
    """Trust in a service of AWS's."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return document(statement | ({"Condition": condition} if condition else {}))


def account_trust(
    provider: pulumi.Input[str], issuer: pulumi.Input[str], namespace: str, account: str
) -> pulumi.Output[str]:
    """Trust in one Kubernetes service account of the cluster whose OIDC provider this is, by its own token."""
    return federated_trust(provider, issuer, f"system:serviceaccount:{namespace}:{account}")


def federated_trust(provider: pulumi.Input[str], issuer: pulumi.Input[str], subject: str) -> pulumi.Output[str]:
    """Trust in one subject of an OIDC provider's tokens, which are made out to AWS.

    provider: its ARN. issuer: its URL. subject: letter by letter.
    """

    def trust(known: Sequence[str]) -> str:
        arn, claims = known[0], known[1].removeprefix("https://")
        exact = {f"{claims}:sub": subject, f"{claims}:aud": "sts.amazonaws.com"}
        return document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": exact},
            }
        )

    return pulumi.Output.all(provider, issuer).apply(trust)


def secrets_key(key: str) -> str:
    """The control plane's use of the key of Kubernetes secrets."""
    return document(allow(("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"), key))


def volumes_key(key: str) -> str:
    """The volume driver's use of the key of volumes, which AWS's policy leaves out (EKS User Guide, EBS CSI driver)."""
    grants = ("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")
    use = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
    return document(allow(grants, key, {"Bool": {"kms:GrantIsForAWSResource": "true"}}), allow(use, key))


def scaling(cluster: str, pools: str, location: Location) -> str:
    """What the cluster autoscaler does: it changes the sizes of this cluster's groups, whose names begin with `pools`.

    It looks at those of others too: the actions for that know no resource.
    """
    look = (
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
    )
    change = ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup")
    ours = {"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{cluster}": "owned"}}
    # EKS calls the group of a pool after it, `eks-<pool>-<uuid>`.
    groups = f"arn:aws:autoscaling:{location.region}:{location.account}:autoScalingGroup:*"
    return document(allow(look, "*"), allow(change, f"{groups}:autoScalingGroupName/eks-{pools}-*", ours))
