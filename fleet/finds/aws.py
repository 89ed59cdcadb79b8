"""Amazon Web Services. Every EC2 resource, key and role is tagged as it is made, with the stack's tags."""

from collections.abc import Callable

from fleet.finds import Again, ById, How, Lookup, Props


def _filtered(**filters: str) -> Callable[[Props], Props]:
    """By the names of EC2's Describe filters, each with the input that has its value; and by all tags."""

    def arguments(inputs: Props) -> Props:
        wanted = [{"name": name.replace("_", "-"), "values": [inputs[path]]} for name, path in filters.items()]
        return {"filters": wanted, "tags": inputs.get("tagsAll") or {}}

    return arguments


def _ec2(function: str, **filters: str) -> Lookup:
    return Lookup(f"aws:ec2/{function}:{function}", _filtered(**filters), lambda found: list(found["ids"]))


def _nat(inputs: Props) -> Props:
    """One that was deleted is still listed, for an hour (VPC User Guide, NAT gateways)."""
    found = _filtered(vpc_id="vpcId")(inputs)
    return {**found, "filters": [*found["filters"], {"name": "state", "values": ["pending", "available"]}]}


def _peering(inputs: Props) -> Props:
    """One that was deleted or rejected is still listed, for hours (VPC Peering Guide, lifecycle)."""
    ends = {"requester-vpc-info.vpc-id": inputs["vpcId"], "accepter-vpc-info.vpc-id": inputs["peerVpcId"]}
    wanted = [{"name": name, "values": [value]} for name, value in ends.items()]
    alive = {"name": "status-code", "values": ["initiating-request", "pending-acceptance", "provisioning", "active"]}
    return {"filters": [*wanted, alive], "tags": inputs.get("tagsAll") or {}}


def _tagged(kind: str, late: bool) -> Lookup:
    """By the Resource Groups Tagging API, which has what has no data source of its own; it may lag by minutes."""

    def arguments(inputs: Props) -> Props:
        tags = (inputs.get("tagsAll") or {}).items()
        return {"resourceTypeFilters": [kind], "tagFilters": [{"key": key, "values": [value]} for key, value in tags]}

    def ids(found: Props) -> list[str]:
        return [each["resourceArn"].rpartition("/")[2] for each in found["resourceTagMappingLists"]]

    return Lookup("aws:resourcegroupstaggingapi/getResources:getResources", arguments, ids, late=late)


def _named(function: str, given: str, by: str, gives: str) -> Lookup:
    """By the one name that it has in its region or account; the functions say in several ways that there is none."""
    none = "no matching|empty result|[Nn]ot ?[Ff]ound|couldn't find"
    return Lookup(function, lambda inputs: {given: inputs[by]}, lambda found: [found[gives]], none=none)


def _listener(inputs: Props) -> Props:
    return {"loadBalancerArn": inputs["loadBalancerArn"], "port": inputs["port"]}


_OF_BUCKET = ById("{bucket}", within=True)

ROWS: dict[str, How] = {
    "aws:cloudwatch/eventRule:EventRule": ById("{name}"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ById("{name}"),
    "aws:ec2/launchTemplate:LaunchTemplate": _named(
        "aws:ec2/getLaunchTemplate:getLaunchTemplate", "name", "name", "id"
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": ById("{ecrRepositoryPrefix}"),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": Again(
        "a registry has one, and a PUT sets it"
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": ById("{prefix}"),
    "aws:eks/addon:Addon": ById("{clusterName}:{addonName}", within=True),
    "aws:eks/cluster:Cluster": ById("{name}"),
    "aws:eks/nodeGroup:NodeGroup": ById("{clusterName}:{nodeGroupName}", within=True),
    "aws:elasticache/replicationGroup:ReplicationGroup": ById("{replicationGroupId}"),
    "aws:elasticache/subnetGroup:SubnetGroup": ById("{name}"),
    "aws:elasticache/user:User": ById("{userId}"),
    "aws:elasticache/userGroup:UserGroup": ById("{userGroupId}"),
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": ById("{userGroupId},{userId}", within=True),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _named(
        "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider", "url", "url", "arn"
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ById("{role}/{policyArn}", within=True),
    "aws:secretsmanager/secret:Secret": _named("aws:secretsmanager/getSecret:getSecret", "name", "name", "arn"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": ById("{secretArn}", within=True),
    "aws:sns/topic:Topic": _named("aws:sns/getTopic:getTopic", "name", "name", "arn"),
    "aws:sns/topicPolicy:TopicPolicy": ById("{arn}", within=True),
    "aws:cloudwatch/logGroup:LogGroup": ById("{name}"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Again("it is the VPC's own, taken over and never made"),
    # EC2 refuses a second one of the same source, traffic and destination, so a lag does no harm.
    "aws:ec2/flowLog:FlowLog": _tagged("ec2:vpc-flow-log", late=False),
    "aws:ec2/internetGateway:InternetGateway": Lookup(
        "aws:ec2/getInternetGateway:getInternetGateway",
        lambda inputs: {"filters": [{"name": "attachment.vpc-id", "values": [inputs["vpcId"]]}]},
        lambda found: [found["internetGatewayId"]],
        none="no matching .*found|empty result",
        within=True,
    ),
    "aws:ec2/natGateway:NatGateway": Lookup(
        "aws:ec2/getNatGateways:getNatGateways", _nat, lambda found: list(found["ids"])
    ),
    "aws:ec2/networkAcl:NetworkAcl": _ec2("getNetworkAcls", vpc_id="vpcId"),
    "aws:ec2/route:Route": ById("{routeTableId}_{destinationCidrBlock}", within=True),
    "aws:ec2/routeTable:RouteTable": _ec2("getRouteTables", vpc_id="vpcId"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ById("{subnetId}/{routeTableId}", within=True),
    "aws:ec2/securityGroup:SecurityGroup": _ec2("getSecurityGroups", vpc_id="vpcId", group_name="name"),
    "aws:ec2/subnet:Subnet": _ec2("getSubnets", vpc_id="vpcId", cidr_block="cidrBlock"),
    "aws:ec2/vpc:Vpc": _ec2("getVpcs", cidr="cidrBlock"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Lookup(
        "aws:ec2/getVpcEndpoint:getVpcEndpoint",
        lambda inputs: {"vpcId": inputs["vpcId"], "serviceName": inputs["serviceName"]},
        lambda found: [found["id"]],
        none="no matching .*found|empty result",
    ),
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": Lookup(
        "aws:ec2/getVpcPeeringConnections:getVpcPeeringConnections", _peering, lambda found: list(found["ids"])
    ),
    # By its tags, which it has from the start: its own name is AWS's.
    "aws:ec2/vpcEndpointService:VpcEndpointService": _tagged("ec2:vpc-endpoint-service", late=True),
    "aws:iam/role:Role": ById("{name}"),
    "aws:iam/rolePolicy:RolePolicy": ById("{role}:{name}", within=True),
    "aws:kms/alias:Alias": ById("{name}"),
    "aws:kms/key:Key": _tagged("kms:key", late=True),
    "aws:lb/listener:Listener": Lookup(
        "aws:lb/getListener:getListener", _listener, lambda found: [found["arn"]], none="empty result|[Nn]ot ?[Ff]ound"
    ),
    "aws:lb/loadBalancer:LoadBalancer": _named("aws:lb/getLoadBalancer:getLoadBalancer", "name", "name", "arn"),
    "aws:lb/targetGroup:TargetGroup": _named("aws:lb/getTargetGroup:getTargetGroup", "name", "name", "arn"),
    "aws:rds/instance:Instance": ById("{identifier}"),
    "aws:rds/parameterGroup:ParameterGroup": ById("{name}"),
    "aws:rds/subnetGroup:SubnetGroup": ById("{name}"),
    # Route 53 tags a zone after it has made it; but a VPC sees one private zone of a name only.
    "aws:route53/zone:Zone": Lookup(
        "aws:route53/getZone:getZone",
        lambda inputs: {"name": inputs["name"], "privateZone": True, "vpcId": inputs["vpcs"][0]["vpcId"]},
        lambda found: [found["zoneId"]],
        none="no matching .*found|empty result",
        within=True,
    ),
    "aws:route53/record:Record": ById("{zoneId}_{name}_{type}", within=True),
    "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization": ById("{zoneId}:{vpcId}", within=True),
    "aws:s3/bucket:Bucket": ById("{bucket}"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _OF_BUCKET,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _OF_BUCKET,
    "aws:s3/bucketPolicy:BucketPolicy": _OF_BUCKET,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _OF_BUCKET,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _OF_BUCKET,
    "aws:s3/bucketVersioning:BucketVersioning": _OF_BUCKET,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Lookup(
        "aws:vpc/getSecurityGroupRules:getSecurityGroupRules",
        _filtered(group_id="securityGroupId"),
        lambda found: list(found["ids"]),
    ),
}
