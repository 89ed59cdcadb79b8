"""The permissions boundary: the most that a role of a data plane may ever do, whatever its policies say.

It is what the components' roles need together, and no action that changes who may do what: a role that whoever deploys
makes cannot be more than this. A test compares it with every role of a deployed stack, and with AWS's own policies.
"""

from bootstrap.aws.rows import Row
from components.identity.aws_grants import GRANTS

_WORKLOADS = sorted({action for permissions in GRANTS.values() for each in permissions for action in each.actions})
_BALANCERS = tuple(
    f"elasticloadbalancing:{action}"
    for action in (
        *("AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck"),
        *("CreateListener", "CreateLoadBalancer", "CreateLoadBalancerListeners", "CreateLoadBalancerPolicy"),
        *("CreateTargetGroup", "DeleteListener", "DeleteLoadBalancer", "DeleteLoadBalancerListeners"),
        *("DeleteTargetGroup", "DeregisterInstancesFromLoadBalancer", "DeregisterTargets", "Describe*"),
        *("DetachLoadBalancerFromSubnets", "ModifyListener", "ModifyLoadBalancerAttributes", "ModifyTargetGroup"),
        *("ModifyTargetGroupAttributes", "RegisterInstancesWithLoadBalancer", "RegisterTargets"),
        *("SetLoadBalancerPoliciesForBackendServer", "SetLoadBalancerPoliciesOfListener"),
    )
)
_NODES = tuple(
    f"ec2:{action}"
    for action in (
        *("AssignPrivateIpAddresses", "AttachNetworkInterface", "AttachVolume", "AuthorizeSecurityGroupIngress"),
        *("CopyVolumes", "CreateNetworkInterface", "CreateRoute", "CreateSecurityGroup", "CreateSnapshot"),
        *("CreateTags", "CreateVolume", "DeleteNetworkInterface", "DeleteRoute", "DeleteSecurityGroup"),
        *("DeleteSnapshot", "DeleteTags", "DeleteVolume", "Describe*", "DetachNetworkInterface", "DetachVolume"),
        *("EnableFastSnapshotRestores", "GetInstanceTypesFromInstanceRequirements", "LockSnapshot"),
        *("ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute", "ModifyVolume", "RevokeSecurityGroupIngress"),
        "UnassignPrivateIpAddresses",
    )
)

BOUNDARY = (
    Row(" ".join(_WORKLOADS), ("*",)),
    Row(" ".join((*_NODES, *_BALANCERS)), ("*",)),
    Row(
        "autoscaling:Describe* autoscaling:SetDesiredCapacity autoscaling:TerminateInstanceInAutoScalingGroup "
        "autoscaling:UpdateAutoScalingGroup ecr:BatchGetImage ecr:BatchImportUpstreamImage ecr:CreateRepository "
        "ecr:GetAuthorizationToken ecr:GetDownloadUrlForLayer ecr:ReplicateImage ecr:TagResource "
        "eks-auth:AssumeRoleForPodIdentity eks:DescribeCluster logs:CreateLogStream logs:DescribeLogGroups "
        "logs:DescribeLogStreams logs:PutLogEvents",
        ("*",),
    ),
    Row(
        "kms:CreateGrant kms:DescribeKey kms:GenerateDataKey* kms:ListGrants kms:ReEncrypt* kms:RetireGrant "
        "kms:RevokeGrant",
        ("*",),
    ),
    Row("iam:CreateServiceLinkedRole", ("arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.*",)),
)
