"""Nodes of EKS: each rule refuses what it is about, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.values import Props
from tests.simulator.aws_basis import ROOT, SUBNET
from tests.simulator.aws_cluster_stage import (
    CLUSTER,
    FOR_NODES,
    NODE_POLICIES,
    NODES,
    SERVICES,
    TEMPLATE,
    WHO,
    Case,
    Region,
    blocked,
    changed,
    twice,
)
from tests.simulator.conftest import Connect, Refused

INVALID, IN_USE, GONE = "InvalidParameterException", "ResourceInUseException", "ResourceNotFoundException"
DAEMONS = ("vpc-cni", "kube-proxy")


def disk(**ebs: str) -> Props:
    return {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": ebs}]}


def metadata(**options: Any) -> Props:
    return {"metadataOptions": options}


def sizes(least: int, now: int, most: int) -> Props:
    return {"scalingConfig": {"minSize": least, "desiredSize": now, "maxSize": most}}


def own_group(s: Region) -> str:
    """The security group that EKS made for a cluster."""
    made = s.engine.create(CLUSTER, "x", s.inputs(CLUSTER, name="own"))[1]
    return str(made["vpcConfig"]["clusterSecurityGroupId"])


def unsized(s: Region) -> Props:
    return {"id": s.put(TEMPLATE, instanceType=None), "version": "1"}


def keyed(s: Region, statement: Props) -> Props:
    """A launch template whose disks are under a key of this policy."""
    return {"id": s.put(TEMPLATE, **disk(encrypted="true", kmsKeyId=s.key_of(ROOT, statement))), "version": "1"}


CASES: dict[str, Case] = {
    "LaunchTemplate-name-form": changed(TEMPLATE, "Malformed", {"name": "a b"}, {"name": "a/b"}),
    "LaunchTemplate-name-taken": twice(TEMPLATE, "AlreadyExists", "name"),
    "LaunchTemplate-groups": changed(
        TEMPLATE,
        "InvalidGroup.NotFound",
        {"networkInterfaces": [{"securityGroups": ["sg-0"]}]},
        lambda s: {"networkInterfaces": [{"securityGroups": [s.group, own_group(s)]}]},
    ),
    "LaunchTemplate-keyed": changed(
        TEMPLATE,
        "not encrypted",
        lambda s: disk(kmsKeyId=s.key_arn),
        lambda s: disk(kmsKeyId=s.key_arn, encrypted="true"),
    ),
    "LaunchTemplate-metadataOptions.httpTokens-choice": changed(
        TEMPLATE, "InvalidParameterValue", metadata(httpTokens="always"), metadata(httpTokens="required")
    ),
    "LaunchTemplate-metadataOptions.httpPutResponseHopLimit-range": changed(
        TEMPLATE, "InvalidParameterValue", metadata(httpPutResponseHopLimit=0), metadata(httpPutResponseHopLimit=1)
    ),
    "LaunchTemplate-userData-form": changed(TEMPLATE, "Malformed", {"userData": "[settings]"}, {"userData": "W2Fd"}),
    "NodeGroup-nodeGroupName-form": changed(NODES, INVALID, {"nodeGroupName": "a.b"}, {"nodeGroupName": "a_b"}),
    "NodeGroup-name-taken": twice(NODES, IN_USE, "nodeGroupName"),
    "NodeGroup-clusterName": changed(NODES, GONE, {"clusterName": "none"}, {}),
    "Cluster-of-NodeGroup": blocked(
        CLUSTER, IN_USE, lambda s: s.cluster, NODES, lambda s: s.drop(CLUSTER, s.put(CLUSTER, name="free"))
    ),
    "NodeGroup-nodeRoleArn": changed(NODES, INVALID, {"nodeRoleArn": WHO}, {}),
    "NodeGroup-subnetIds": changed(NODES, INVALID, lambda s: {"subnetIds": [*s.subnets, "subnet-0"]}, {}),
    "Subnet-of-NodeGroup": (
        "is in use by NodeGroup",
        lambda s: (s.put(NODES, subnetIds=[s.spare]), s.drop(SUBNET, s.spare)),
        lambda s: s.drop(SUBNET, s.subnet_in("10.0.8.0/24", 3)),
    ),
    "NodeGroup-launchTemplate.id": changed(NODES, INVALID, {"launchTemplate": {"id": "lt-0", "version": "1"}}, {}),
    "NodeGroup-once": changed(
        NODES,
        "instanceTypes and a launch template",
        {"instanceTypes": ["m6i.large"]},
        lambda s: {"instanceTypes": ["m6i.large"], "launchTemplate": unsized(s)},
    ),
    "NodeGroup-sizes": changed(NODES, "do not rise", sizes(2, 1, 3), sizes(0, 0, 1)),
    "NodeGroup-identity": changed(
        NODES,
        "lacks the policies of AmazonEKSWorkerNodePolicy",
        lambda s: {"nodeRoleArn": s.role_of("ec2", "AmazonEKSWorkerNodeMinimalPolicy", NODE_POLICIES[1])},
        lambda s: {"nodeRoleArn": s.role_of("ec2", NODE_POLICIES[0], "AmazonEC2ContainerRegistryReadOnly")},
    ),
    "NodeGroup-disks": changed(
        NODES,
        "AWSServiceRoleForAutoScaling do kms:CreateGrant",
        lambda s: {"launchTemplate": keyed(s, {**FOR_NODES, "Action": FOR_NODES["Action"][:-1]})},
        lambda s: {"launchTemplate": keyed(s, FOR_NODES)},
    ),
    "NodeGroup-network": (
        "the cluster has no kube-proxy",
        lambda s: s.reach(*SERVICES).put(NODES, **s.as_it_is("vpc-cni")),
        lambda s: s.put(NODES, **s.as_it_is("kube-proxy")),
    ),
    "NodeGroup-boot": (
        "no endpoint of ecr.dkr with private DNS",
        lambda s: s.reach("ec2", "ecr.api", "sts").put(NODES, **s.as_it_is(*DAEMONS)),
        lambda s: (s.endpoint("ecr.dkr"), s.put(NODES)),
    ),
    "NodeGroup-taints.effect-choice": changed(
        NODES,
        INVALID,
        {"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]},
        {"taints": [{"key": "a", "value": "b", "effect": "NO_SCHEDULE"}]},
    ),
    "NodeGroup-capacityType-choice": changed(NODES, INVALID, {"capacityType": "RESERVED"}, {"capacityType": "SPOT"}),
    "NodeGroup-amiType-form": changed(NODES, INVALID, {"amiType": "AL2_x86_64"}, {"amiType": "BOTTLEROCKET_x86_64"}),
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    region = Region(connect)
    with pytest.raises(Refused) as refused:
        refused_act(region)
    assert code in str(refused.value)
    allowed_act(region)


@pytest.mark.parametrize(
    ("services", "s3", "says"),
    [
        (SERVICES[1:], True, "no endpoint of ec2"),
        (SERVICES[:-1], True, "no endpoint of sts"),
        (SERVICES, False, "no gateway endpoint of S3"),
    ],
)
def test_nodes_that_lack_an_endpoint_never_join(connect: Connect, services: Any, s3: bool, says: str) -> None:
    region = Region(connect)
    with pytest.raises(Refused, match=says):
        region.reach(*services, s3=s3).put(NODES, **region.as_it_is(*DAEMONS))


@pytest.mark.parametrize(
    ("trusted", "policies", "says"),
    [
        ("eks", NODE_POLICIES, "is not found in the trust relationships"),
        ("ec2", NODE_POLICIES[:1], "lacks the policies of ECR"),
    ],
)
def test_a_nodes_role_is_one(connect: Connect, trusted: str, policies: Any, says: str) -> None:
    region = Region(connect)
    with pytest.raises(Refused, match=says):
        region.put(NODES, nodeRoleArn=region.role_of(trusted, *policies))


def test_a_nodes_role_is_not_the_clusters(connect: Connect) -> None:
    region = Region(connect)
    with pytest.raises(Refused, match="is the cluster's own"):
        region.put(NODES, nodeRoleArn=region.control)


def test_a_launch_template_gets_versions_and_stays_itself(connect: Connect) -> None:
    region = Region(connect)
    given = region.inputs(TEMPLATE)
    made, outputs = region.engine.create(TEMPLATE, "x", given)
    assert outputs["latestVersion"] == 1
    assert region.engine.update(TEMPLATE, made, given, {**given, "instanceType": "m6i.xlarge"})["latestVersion"] == 2
