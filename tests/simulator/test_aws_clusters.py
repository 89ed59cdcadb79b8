"""EKS and IAM: each rule refuses what it is about, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.values import Props
from tests.simulator.aws_basis import KEY, ROOT, SUBNET
from tests.simulator.aws_cluster_stage import (
    ACCESS,
    ADDON,
    ATTACHMENT,
    CLUSTER,
    ENTRY,
    ISSUER,
    NODES,
    TEMPLATE,
    WHO,
    Case,
    Region,
    blocked,
    changed,
    twice,
)
from tests.simulator.aws_stage import GROUP, ROLE, allow, document
from tests.simulator.conftest import Connect, Refused

INVALID, IN_USE, GONE = "InvalidParameterException", "ResourceInUseException", "ResourceNotFoundException"


def vpc(s: Region, **changes: Any) -> Props:
    """The network of a cluster, changed."""
    return {"vpcConfig": {**s.inputs(CLUSTER)["vpcConfig"], **changes}}


def services(cidr: str) -> Props:
    return {"kubernetesNetworkConfig": {"serviceIpv4Cidr": cidr}}


def secrets(key: str, *resources: str) -> Props:
    return {"encryptionConfig": {"provider": {"keyArn": key}, "resources": list(resources) or ["secrets"]}}


def denying(s: Region, action: str, *more: Props) -> str:
    """A key that nobody may use so."""
    return s.key_of(ROOT, *more, {**ROOT, "Effect": "Deny", "Principal": "*", "Action": action})


def named(role: str) -> Props:
    return {"policy": document(ROOT, allow("kms:Decrypt", Principal={"AWS": role}, Resource="*"))}


AWS = "arn:aws:iam::aws:policy"
CASES: dict[str, Case] = {
    "RolePolicyAttachment-role": changed(ATTACHMENT, "NoSuchEntity", {"role": "nobody"}, {}),
    "Role-of-RolePolicyAttachment": blocked(
        ROLE, "DeleteConflict", lambda s: s.role, ATTACHMENT, lambda s: s.drop(ROLE, s.put(ROLE))
    ),
    "RolePolicyAttachment-managed": changed(
        ATTACHMENT,
        "NoSuchEntity",
        {"policyArn": f"{AWS}/service-role/AmazonEBSCSIDriverPolicyV2"},
        {"policyArn": f"{AWS}/service-role/AmazonEBSCSIDriverPolicy"},
    ),
    "OpenIdConnectProvider-url-form": changed(ISSUER, "ValidationError", {"url": "http://a.example"}, {}),
    "OpenIdConnectProvider-issuer": twice(
        ISSUER, "EntityAlreadyExists", "url", "https://a.example", "https://b.example"
    ),
    "Key-principals": changed(
        KEY,
        "invalid principals",
        lambda s: named("arn:aws:iam::111122223333:role/nobody"),
        lambda s: named(f"arn:aws:iam::111122223333:role/{s.role}"),
    ),
    "Cluster-name-form": changed(CLUSTER, INVALID, {"name": "-a"}, {"name": "a-"}),
    "Cluster-name-taken": twice(CLUSTER, IN_USE, "name"),
    "Cluster-roleArn": changed(CLUSTER, INVALID, {"roleArn": WHO}, {}),
    "Cluster-vpcConfig.subnetIds": changed(
        CLUSTER, INVALID, lambda s: vpc(s, subnetIds=[*s.subnets, "subnet-0"]), lambda s: vpc(s)
    ),
    "Cluster-vpcConfig.securityGroupIds": changed(
        CLUSTER, INVALID, lambda s: vpc(s, securityGroupIds=["sg-0"]), lambda s: vpc(s, securityGroupIds=[])
    ),
    "Subnet-of-Cluster": blocked(
        SUBNET,
        "DependencyViolation",
        lambda s: s.subnets[0],
        CLUSTER,
        lambda s: s.drop(SUBNET, s.subnet_in("10.0.9.0/24", 3)),
    ),
    "SecurityGroup-of-Cluster": blocked(
        GROUP, "DependencyViolation", lambda s: s.group, CLUSTER, lambda s: s.drop(GROUP, s.put(GROUP))
    ),
    "Cluster-zones": changed(
        CLUSTER, "at least two different AZs", lambda s: vpc(s, subnetIds=s.subnets[:1]), lambda s: vpc(s)
    ),
    "Cluster-inside": changed(
        CLUSTER,
        "(`vpcConfig.securityGroupIds`) is in vpc-",
        lambda s: vpc(s, securityGroupIds=[s.put(GROUP, vpcId=s.foreign)]),
        lambda s: vpc(s, securityGroupIds=[s.group, s.put(GROUP)]),
    ),
    "Cluster-services": changed(CLUSTER, "overlaps the VPC's", services("10.0.128.0/20"), services("10.1.128.0/20")),
    "Cluster-reachable": changed(
        CLUSTER,
        INVALID,
        lambda s: vpc(s, endpointPrivateAccess=False),
        lambda s: vpc(s, endpointPrivateAccess=False, endpointPublicAccess=True),
    ),
    "Cluster-identity": changed(
        CLUSTER,
        "lacks AmazonEKSClusterPolicy",
        lambda s: {"roleArn": s.role_of("eks", "AmazonEKSServicePolicy")},
        lambda s: {"roleArn": s.role_of("eks", "AmazonEKSServicePolicy", "AmazonEKSClusterPolicy")},
    ),
    "Cluster-other_key": (
        "cannot be changed",
        lambda s: s.recluster(**secrets(s.key_of(ROOT))),
        lambda s: s.recluster(**secrets(s.key_arn), deletionProtection=True),
    ),
    "Cluster-protected": (
        "deletion protection is enabled",
        lambda s: s.cut(deletionProtection=True),
        lambda s: s.cut(deletionProtection=False),
    ),
    "Cluster-encryptionConfig.provider.keyArn-granted": changed(
        CLUSTER,
        "lets nobody in 111122223333 do kms:CreateGrant",
        lambda s: secrets(denying(s, "kms:CreateGrant")),
        lambda s: secrets(denying(s, "kms:RevokeGrant")),
    ),
    "Cluster-encryptionConfig.resources-choice": changed(
        CLUSTER, INVALID, lambda s: secrets(s.key_arn, "configmaps"), lambda s: secrets(s.key_arn, "secrets")
    ),
    "Cluster-enabledClusterLogTypes-choice": changed(
        CLUSTER, INVALID, {"enabledClusterLogTypes": ["audits"]}, {"enabledClusterLogTypes": ["audit"]}
    ),
    "Cluster-accessConfig.authenticationMode-choice": changed(
        CLUSTER,
        INVALID,
        {"accessConfig": {"authenticationMode": "IAM"}},
        {"accessConfig": {"authenticationMode": "CONFIG_MAP"}},
    ),
    "Cluster-upgradePolicy.supportType-choice": changed(
        CLUSTER, INVALID, {"upgradePolicy": {"supportType": "LONG"}}, {"upgradePolicy": {"supportType": "EXTENDED"}}
    ),
    "Cluster-version-form": changed(CLUSTER, INVALID, {"version": "1.34.1"}, {"version": "1.34"}),
    "Addon-name-taken": (
        IN_USE,
        lambda s: (s.put(ADDON), s.put(ADDON)),
        lambda s: s.put(ADDON, clusterName=s.put(CLUSTER, name="b")),
    ),
    "Addon-clusterName": changed(ADDON, GONE, {"clusterName": "none"}, {}),
    "Addon-serviceAccountRoleArn": changed(
        ADDON, INVALID, {"serviceAccountRoleArn": WHO}, lambda s: {"serviceAccountRoleArn": s.worker}
    ),
    "Addon-values": changed(ADDON, INVALID, {"configurationValues": "a: b"}, {"configurationValues": '{"a": "b"}'}),
    "Addon-addonVersion-form": changed(
        ADDON, INVALID, {"addonVersion": "1.34.0"}, {"addonVersion": "v1.34.0-eksbuild.1"}
    ),
    "Addon-placed": changed(
        ADDON,
        "the cluster has no nodes",
        lambda s: {"addonName": "coredns"},
        lambda s: (s.nodes, {"addonName": "coredns"})[1],
    ),
    "AccessEntry-principalArn-form": changed(
        ENTRY, INVALID, {"principalArn": "arn:aws:sts::111122223333:assumed-role/operators/me"}, {"principalArn": WHO}
    ),
    "AccessEntry-name-taken": twice(ENTRY, IN_USE, "principalArn", WHO, WHO + "2"),
    "AccessEntry-clusterName": changed(ENTRY, GONE, {"clusterName": "none"}, {}),
    "AccessEntry-by_api": changed(
        ENTRY,
        "the authentication mode is CONFIG_MAP",
        lambda s: {"clusterName": s.put(CLUSTER, name="old", accessConfig=None)},
        {},
    ),
    "AccessPolicyAssociation-clusterName": changed(
        ACCESS, GONE, {"clusterName": "none"}, lambda s: (s.put(ENTRY), {})[1]
    ),
    "AccessPolicyAssociation-entry": changed(ACCESS, "has no entry", {}, lambda s: (s.put(ENTRY), {})[1]),
    "AccessPolicyAssociation-policyArn-form": changed(
        ACCESS, INVALID, {"policyArn": f"{AWS}/AdministratorAccess"}, lambda s: (s.put(ENTRY), {})[1]
    ),
    "AccessPolicyAssociation-accessScope.type-choice": changed(
        ACCESS,
        INVALID,
        {"accessScope": {"type": "node"}},
        lambda s: (s.put(ENTRY), {"accessScope": {"type": "namespace", "namespaces": ["a"]}})[1],
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    region = Region(connect)
    with pytest.raises(Refused) as refused:
        refused_act(region)
    assert code in str(refused.value)
    allowed_act(region)


@pytest.mark.parametrize("cidr", ["172.20.0.0/25", "172.0.0.0/11", "8.8.0.0/16"])
def test_services_have_a_private_range_of_a_fit_size(connect: Connect, cidr: str) -> None:
    with pytest.raises(Refused, match="is no private block"):
        Region(connect).put(CLUSTER, **services(cidr))


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ({"roleArn": "a"}, {"roleArn": "b"}, True),
        ({"bootstrapSelfManagedAddons": True}, {"bootstrapSelfManagedAddons": False}, True),
        (services("172.20.0.0/16"), services("10.100.0.0/16"), True),
        (secrets("a"), {}, True),
        ({}, secrets("a"), False),
        (secrets("a"), secrets("b"), False),
        ({"version": "1.33"}, {"version": "1.34"}, False),
        ({"vpcConfig": {"subnetIds": ["a"]}}, {"vpcConfig": {"subnetIds": ["b"]}}, False),
    ],
)
def test_only_what_eks_cannot_change_replaces_a_cluster(connect: Connect, old: Any, new: Any, replaced: bool) -> None:
    assert bool(connect("aws").diff(CLUSTER, old, new).replaces) is replaced


def test_the_default_version_of_an_add_on_can_be_asked_for(connect: Connect) -> None:
    engine, token = connect("aws"), "aws:eks/getAddonVersion:getAddonVersion"
    found = engine.invoke(token, {"addonName": "vpc-cni", "kubernetesVersion": "1.34"})
    assert found["version"] == "v1.34.0-eksbuild.1"
    with pytest.raises(Refused, match="is not supported"):
        engine.invoke(token, {"addonName": "vpc-cnii", "kubernetesVersion": "1.34"})


def test_a_cluster_says_who_signs_its_tokens_and_what_group_its_nodes_are_in(connect: Connect) -> None:
    region = Region(connect)
    outputs = region.engine.create(CLUSTER, "x", region.inputs(CLUSTER, name="x"))[1]
    [identity] = outputs["identities"]
    assert identity["oidcs"][0]["issuer"].startswith("https://oidc.eks.us-east-1.amazonaws.com/id/")
    assert outputs["vpcConfig"]["clusterSecurityGroupId"].startswith("sg-")
    assert outputs["vpcConfig"]["vpcId"] == region.vpc


@pytest.mark.parametrize("kind", [CLUSTER, NODES, TEMPLATE, ADDON, ENTRY, ATTACHMENT, ISSUER])
def test_a_second_run_changes_nothing(connect: Connect, kind: str) -> None:
    region = Region(connect)
    inputs = region.inputs(kind)
    checked = region.engine.check(kind, "x", inputs)
    assert not region.engine.diff(kind, checked, region.engine.check(kind, "x", inputs, checked)).diffs
