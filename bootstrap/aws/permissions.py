"""What previewing and deploying ask of AWS, in one table: policies by name, each of rows.

Which actions a resource type wants is in the Service Authorization Reference and in the guide of each service; which
resources, in the tags and names that the components give: everything is tagged `managed-by: rampart`.
"""

from collections.abc import Mapping

from bootstrap.aws.rows import Row, arns
from components.dataplane.workloads import BUCKETS

OURS = {"StringEquals": {"aws:ResourceTag/managed-by": "rampart"}}
"""On what is a data plane's already."""

NEW = {"StringEquals": {"aws:RequestTag/managed-by": "rampart"}}
"""On what becomes a data plane's by being made."""

BOUND = {"StringEquals": {"iam:PermissionsBoundary": "{boundary}"}}
EC2, KEYS = arns("ec2", "*"), arns("kms", "key/*")
ROLES = ("arn:aws:iam::{account}:role/rampart/*",)  # components/identity/aws_roles.py
ISSUERS = ("arn:aws:iam::{account}:oidc-provider/oidc.eks.*.amazonaws.com/id/*",)
_STORES = tuple(f"arn:aws:s3:::rampart-{name}-*" for name in BUCKETS)
_GROUPS = arns("logs", "log-group:/aws/eks/rampart-*", "log-group:rampart-flows-*")
_DATABASES = arns("rds", "db:rampart-*", "subgrp:postgres-*", "pg:postgres-*", "snapshot:rampart-*", "og:default:*")
_CACHES = arns(
    "elasticache",
    *("replicationgroup:rampart-*", "cluster:rampart-*", "subnetgroup:cache-*", "parametergroup:default.*"),
    *("user:*-cache-*", "user:rampart-*", "usergroup:rampart-*", "snapshot:rampart-*"),
)
_BALANCERS = arns("elasticloadbalancing", "loadbalancer/net/ingest-*", "listener/net/ingest-*", "targetgroup/ingest-*")
_SECRETS = arns("secretsmanager", "secret:rampart-*", "secret:rds!db-*")
_CLUSTERS = arns(
    "eks",
    *(f"{kind}/rampart-*" for kind in ("cluster", "nodegroup", "addon", "access-entry", "podidentityassociation")),
)

_EC2_TYPES = (
    "ec2/vpc:Vpc ec2/subnet:Subnet ec2/routeTable:RouteTable ec2/securityGroup:SecurityGroup ec2/flowLog:FlowLog "
    "ec2/launchTemplate:LaunchTemplate ec2/vpcEndpoint:VpcEndpoint ec2/internetGateway:InternetGateway "
    "ec2/natGateway:NatGateway ec2/networkAcl:NetworkAcl ec2/vpcPeeringConnection:VpcPeeringConnection "
    "ec2/vpcEndpointService:VpcEndpointService"
)
_EC2_MADE = (
    "ec2:CreateFlowLogs ec2:CreateInternetGateway ec2:CreateLaunchTemplate ec2:CreateNatGateway "
    "ec2:CreateNetworkAcl ec2:CreateRouteTable ec2:CreateSecurityGroup ec2:CreateSubnet ec2:CreateVpc "
    "ec2:CreateVpcEndpoint ec2:CreateVpcEndpointServiceConfiguration ec2:CreateVpcPeeringConnection"
)

LOOK = (
    Row(
        "autoscaling:Describe* cloudwatch:Describe* cloudwatch:ListTagsForResource ec2:Describe* ecr:Describe* "
        "ecr:GetRegistryScanningConfiguration eks:Describe* eks:List* elasticache:Describe* elasticache:List* "
        "elasticloadbalancing:Describe* events:Describe* events:List* iam:ListOpenIDConnectProviders iam:ListRoles "
        "kms:DescribeKey kms:List* "
        "logs:Describe* logs:List* rds:Describe* rds:List* route53:List* s3:ListAllMyBuckets "
        "secretsmanager:Describe* secretsmanager:ListSecrets servicequotas:List* sns:List* tag:GetResources",
        ("*",),
    ),
    Row(
        "iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListInstanceProfilesForRole "
        "iam:ListRolePolicies iam:ListRoleTags",
        (*ROLES, "arn:aws:iam::{account}:role/aws-service-role/*"),
    ),
    Row("iam:GetOpenIDConnectProvider iam:ListOpenIDConnectProviderTags", ISSUERS),
    Row("iam:GetPolicy iam:GetPolicyVersion", ("{boundary}",)),
    Row("kms:GetKeyPolicy kms:GetKeyRotationStatus", KEYS, OURS),
    Row(
        "s3:GetAccelerateConfiguration s3:GetBucket* s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration "
        "s3:GetReplicationConfiguration s3:ListBucketVersions",
        _STORES,
    ),
    Row("secretsmanager:GetResourcePolicy", _SECRETS),
    Row("sns:GetTopicAttributes", arns("sns", "rampart-*")),
)
"""How things are set, never what is in them."""

NETWORK = (
    Row(_EC2_MADE, EC2, NEW, _EC2_TYPES),
    Row(
        # Again: a subnet is made in a VPC that is there.
        f"{_EC2_MADE} ec2:AcceptVpcPeeringConnection ec2:AssociateRouteTable "
        "ec2:AttachInternetGateway ec2:AuthorizeSecurityGroupEgress "
        "ec2:AuthorizeSecurityGroupIngress ec2:CreateLaunchTemplateVersion ec2:CreateNetworkAclEntry "
        "ec2:CreateRoute ec2:CreateTags ec2:DeleteFlowLogs ec2:DeleteInternetGateway ec2:DeleteLaunchTemplate "
        "ec2:DeleteLaunchTemplateVersions ec2:DeleteNatGateway ec2:DeleteNetworkAcl ec2:DeleteNetworkAclEntry "
        "ec2:DeleteRoute ec2:DeleteRouteTable ec2:DeleteSecurityGroup ec2:DeleteSubnet ec2:DeleteTags "
        "ec2:DeleteVpc ec2:DeleteVpcEndpointServiceConfigurations ec2:DeleteVpcEndpoints "
        "ec2:DeleteVpcPeeringConnection "
        "ec2:DetachInternetGateway ec2:DisassociateRouteTable "
        "ec2:ModifyLaunchTemplate ec2:ModifySecurityGroupRules ec2:ModifySubnetAttribute ec2:ModifyVpcAttribute "
        "ec2:ModifyVpcEndpoint ec2:ModifyVpcEndpointServiceConfiguration ec2:ModifyVpcEndpointServicePermissions "
        "ec2:ReplaceNetworkAclAssociation ec2:ReplaceNetworkAclEntry ec2:ReplaceRoute "
        "ec2:ReplaceRouteTableAssociation ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress "
        "ec2:UpdateSecurityGroupRuleDescriptionsEgress ec2:UpdateSecurityGroupRuleDescriptionsIngress",
        EC2,
        OURS,
        f"{_EC2_TYPES} ec2/route:Route ec2/routeTableAssociation:RouteTableAssociation",
    ),
    Row(
        "ec2:CreateTags",
        EC2,
        {
            "StringEquals": {
                "ec2:CreateAction": (
                    *(action.removeprefix("ec2:") for action in _EC2_MADE.split()),
                    *("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"),
                )
            }
        },
    ),
    # EKS makes the group of a cluster's nodes and pods, and tags it with the cluster's name.
    Row(
        "ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress",
        arns("ec2", "security-group/*"),
        {"StringLike": {"aws:ResourceTag/aws:eks:cluster-name": "rampart-*"}},
        "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    ),
    Row(
        "elasticloadbalancing:AddTags elasticloadbalancing:CreateListener elasticloadbalancing:CreateLoadBalancer "
        "elasticloadbalancing:CreateTargetGroup elasticloadbalancing:DeleteListener "
        "elasticloadbalancing:DeleteLoadBalancer elasticloadbalancing:DeleteTargetGroup "
        "elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyLoadBalancerAttributes "
        "elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes "
        "elasticloadbalancing:RemoveTags elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets",
        _BALANCERS,
        {},
        "lb/loadBalancer:LoadBalancer lb/targetGroup:TargetGroup lb/listener:Listener",
    ),
    Row("route53:CreateHostedZone", ("*",), {}, "route53/zone:Zone"),
)

KEYS_AND_STORES = (
    Row("kms:CreateKey", ("*",), NEW, "kms/key:Key"),
    Row("kms:TagResource", KEYS, NEW, "kms/key:Key"),
    Row(
        "kms:CancelKeyDeletion kms:CreateAlias kms:DeleteAlias kms:DisableKeyRotation kms:EnableKey "
        "kms:EnableKeyRotation kms:PutKeyPolicy kms:ScheduleKeyDeletion kms:TagResource kms:UntagResource "
        "kms:UpdateAlias kms:UpdateKeyDescription",
        KEYS,
        OURS,
        "kms/key:Key kms/alias:Alias",
    ),
    Row("kms:CreateAlias kms:DeleteAlias kms:UpdateAlias", arns("kms", "alias/rampart-*"), {}, "kms/alias:Alias"),
    Row("kms:CreateGrant", KEYS, OURS | {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    Row(
        # What a service does with the key in the name of whoever makes the store.
        "kms:Decrypt kms:GenerateDataKey kms:GenerateDataKeyWithoutPlaintext",
        KEYS,
        OURS
        | {
            "StringLike": {
                "kms:ViaService": tuple(
                    f"{service}.*.amazonaws.com" for service in ("elasticache", "rds", "secretsmanager", "sns")
                )
            }
        },
    ),
    Row(
        "s3:CreateBucket s3:DeleteBucket s3:DeleteBucketPolicy s3:ListBucket s3:PutBucketOwnershipControls "
        "s3:PutBucketPolicy s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:PutBucketVersioning "
        "s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration",
        _STORES,
        {},
        "s3/bucket:Bucket s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration "
        "s3/bucketOwnershipControls:BucketOwnershipControls s3/bucketPolicy:BucketPolicy "
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock s3/bucketVersioning:BucketVersioning "
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ),
    Row(
        "rds:AddTagsToResource rds:CreateDBInstance rds:CreateDBParameterGroup rds:CreateDBSnapshot "
        "rds:CreateDBSubnetGroup rds:DeleteDBInstance rds:DeleteDBParameterGroup rds:DeleteDBSubnetGroup "
        "rds:ModifyDBInstance rds:ModifyDBParameterGroup rds:ModifyDBSubnetGroup rds:RebootDBInstance "
        "rds:RemoveTagsFromResource rds:ResetDBParameterGroup",
        _DATABASES,
        {},
        "rds/instance:Instance rds/parameterGroup:ParameterGroup rds/subnetGroup:SubnetGroup",
    ),
    Row(
        "elasticache:AddTagsToResource elasticache:CreateCacheSubnetGroup elasticache:CreateReplicationGroup "
        "elasticache:CreateSnapshot elasticache:CreateUser elasticache:CreateUserGroup "
        "elasticache:DeleteCacheSubnetGroup elasticache:DeleteReplicationGroup elasticache:DeleteUser "
        "elasticache:DeleteUserGroup elasticache:ModifyCacheSubnetGroup elasticache:ModifyReplicationGroup "
        "elasticache:ModifyUser elasticache:ModifyUserGroup elasticache:RemoveTagsFromResource",
        _CACHES,
        {},
        "elasticache/replicationGroup:ReplicationGroup elasticache/subnetGroup:SubnetGroup elasticache/user:User "
        "elasticache/userGroup:UserGroup elasticache/userGroupAssociation:UserGroupAssociation",
    ),
    Row(
        "secretsmanager:CreateSecret secretsmanager:DeleteResourcePolicy secretsmanager:DeleteSecret "
        "secretsmanager:PutResourcePolicy secretsmanager:RestoreSecret secretsmanager:TagResource "
        "secretsmanager:UntagResource secretsmanager:UpdateSecret",
        _SECRETS,
        {},
        "secretsmanager/secret:Secret secretsmanager/secretPolicy:SecretPolicy",
    ),
)

CLUSTER = (
    Row("eks:CreateCluster", ("*",), NEW, "eks/cluster:Cluster"),
    Row(
        "eks:AssociateAccessPolicy eks:AssociateEncryptionConfig eks:CreateAccessEntry eks:CreateAddon "
        "eks:CreateNodegroup eks:DeleteAccessEntry eks:DeleteAddon eks:DeleteCluster "
        "eks:DeleteNodegroup eks:DisassociateAccessPolicy eks:TagResource eks:UntagResource eks:UpdateAccessEntry "
        "eks:UpdateAddon eks:UpdateClusterConfig eks:UpdateClusterVersion eks:UpdateNodegroupConfig "
        "eks:UpdateNodegroupVersion",
        _CLUSTERS,
        {},
        "eks/cluster:Cluster eks/nodeGroup:NodeGroup eks/addon:Addon eks/accessEntry:AccessEntry "
        "eks/accessPolicyAssociation:AccessPolicyAssociation",
    ),
    Row(
        "ecr:CreatePullThroughCacheRule ecr:CreateRepositoryCreationTemplate ecr:DeletePullThroughCacheRule "
        "ecr:DeleteRepositoryCreationTemplate ecr:PutRegistryScanningConfiguration ecr:UpdatePullThroughCacheRule "
        "ecr:UpdateRepositoryCreationTemplate",
        ("*",),
        {},
        "ecr/pullThroughCacheRule:PullThroughCacheRule ecr/repositoryCreationTemplate:RepositoryCreationTemplate "
        "ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    ),
    Row(
        "iam:AttachRolePolicy iam:CreateRole iam:DeleteRolePolicy iam:DetachRolePolicy iam:PutRolePermissionsBoundary "
        "iam:PutRolePolicy",
        ROLES,
        BOUND,
        "iam/role:Role iam/rolePolicy:RolePolicy iam/rolePolicyAttachment:RolePolicyAttachment",
    ),
    Row("iam:TagRole", ROLES, NEW, "iam/role:Role"),
    Row(
        "iam:DeleteRole iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
        ROLES,
        OURS,
        "iam/role:Role",
    ),
    Row(
        "iam:PassRole",
        ROLES,
        {
            "StringEquals": {
                "iam:PassedToService": tuple(
                    f"{service}.amazonaws.com" for service in ("ec2", "ecr", "eks", "vpc-flow-logs")
                )
            }
        },
    ),
    Row(
        "iam:AddClientIDToOpenIDConnectProvider iam:CreateOpenIDConnectProvider iam:DeleteOpenIDConnectProvider "
        "iam:RemoveClientIDFromOpenIDConnectProvider iam:TagOpenIDConnectProvider iam:UntagOpenIDConnectProvider "
        "iam:UpdateOpenIDConnectProviderThumbprint",
        ISSUERS,
        {},
        "iam/openIdConnectProvider:OpenIdConnectProvider",
    ),
)

WATCH = (
    Row(
        "logs:AssociateKmsKey logs:CreateLogGroup logs:DeleteLogGroup logs:DisassociateKmsKey logs:PutRetentionPolicy "
        "logs:TagResource logs:UntagResource",
        _GROUPS,
        {},
        "cloudwatch/logGroup:LogGroup",
    ),
    Row(
        "sns:CreateTopic sns:DeleteTopic sns:SetTopicAttributes sns:Subscribe sns:TagResource sns:UntagResource",
        arns("sns", "rampart-*"),
        {},
        "sns/topic:Topic sns/topicPolicy:TopicPolicy sns/topicSubscription:TopicSubscription",
    ),
    Row("sns:GetSubscriptionAttributes sns:Unsubscribe", ("*",), {}, "sns/topicSubscription:TopicSubscription"),
    Row(
        "events:DeleteRule events:DisableRule events:EnableRule events:PutRule events:PutTargets events:RemoveTargets "
        "events:TagResource events:UntagResource",
        arns("events", "rule/alarms-*"),
        {},
        "cloudwatch/eventRule:EventRule cloudwatch/eventTarget:EventTarget",
    ),
    Row(
        "cloudwatch:DeleteAlarms cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource",
        arns("cloudwatch", "alarm:alarms-*"),
        {},
        "cloudwatch/metricAlarm:MetricAlarm",
    ),
)

DEPLOY: Mapping[str, tuple[Row, ...]] = {
    "network": NETWORK,
    "stores": KEYS_AND_STORES,
    "cluster": CLUSTER,
    "watch": WATCH,
}
"""Each a managed policy: IAM takes 6144 characters of one, and ten of them for a role."""

UNNAMED = (
    # A VPC's default group is not ours before it has been emptied and tagged.
    Row(
        "ec2:CreateTags ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress",
        arns("ec2", "security-group/*", "security-group-rule/*"),
        {},
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
    ),
    # EKS tries a launch template in the name of whoever makes a node group; the image is Amazon's.
    Row(
        "ec2:RunInstances",
        ("*",),
        {"ArnLike": {"ec2:LaunchTemplate": "arn:aws:ec2:*:{account}:launch-template/*"}},
        "eks/nodeGroup:NodeGroup",
    ),
    # Its id is known once it is there, and Route 53 has no condition on tags.
    Row(
        "route53:AssociateVPCWithHostedZone route53:ChangeTagsForResource route53:DeleteHostedZone "
        "route53:CreateVPCAssociationAuthorization route53:DeleteVPCAssociationAuthorization route53:GetHostedZone "
        "route53:UpdateHostedZoneComment",
        ("arn:aws:route53:::hostedzone/*", *arns("ec2", "vpc/*")),
        {},
        "route53/zone:Zone route53/vpcAssociationAuthorization:VpcAssociationAuthorization ec2/vpcEndpoint:VpcEndpoint",
    ),
    Row("route53:ChangeResourceRecordSets", ("arn:aws:route53:::hostedzone/*",), {}, "route53/record:Record"),
    Row("route53:GetChange", ("arn:aws:route53:::change/*",), {}, "route53/zone:Zone"),
)
"""What AWS lets nobody narrow to a data plane's own things: a policy by itself, so that the pack's exception for it is
for no more."""
