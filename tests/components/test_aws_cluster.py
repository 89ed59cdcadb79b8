"""The AWS data plane's cluster and what stands beside it, read off the deployed stack: the policy pack is not asked."""

import base64
import json
import tomllib
from typing import Any

import pytest

from components.cluster import Role
from demo.project import STACKS
from tests.components.identity.aws_iam import Request, allows
from tests.conftest import Standing

AWS = STACKS[0]
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
EKS = "arn:aws:ecr:us-east-1:602401143452:repository/eks/coredns"
POOLS = [str(role) for role in Role]


def outputs(standing: Standing, token: str, name: str = "") -> list[dict[str, Any]]:
    found = [r["outputs"] for r in standing.of_type(AWS, token) if r["urn"].endswith(f"::{name}" if name else "")]
    assert found, f"no {token} {name}"
    return found


def one(standing: Standing, token: str, name: str = "") -> dict[str, Any]:
    [found] = outputs(standing, token, name)
    return found


def key(standing: Standing, purpose: str) -> str:
    return str(one(standing, "rampart:keys:Key", f"keys-{purpose}")["id"])


def subnets(standing: Standing, role: str) -> set[str]:
    found = standing.of_type(AWS, "aws:ec2/subnet:Subnet")
    return {r["id"] for r in found if f"::network-{role}-" in r["urn"]}


def test_the_api_is_private_and_nobody_is_let_in_by_having_made_it(standing: Standing) -> None:
    cluster = one(standing, "aws:eks/cluster:Cluster")
    assert cluster["vpcConfig"]["endpointPublicAccess"] is False
    assert cluster["vpcConfig"]["endpointPrivateAccess"] is True
    assert set(cluster["vpcConfig"]["subnetIds"]) == subnets(standing, "control")
    access = cluster["accessConfig"]
    assert (access["authenticationMode"], access["bootstrapClusterCreatorAdminPermissions"]) == ("API", False)
    [group] = cluster["vpcConfig"]["securityGroupIds"]
    callers = one(standing, "aws:ec2/securityGroup:SecurityGroup", "cluster-callers")
    assert callers["id"] == group
    assert [(rule["fromPort"], rule["toPort"], rule["cidrBlocks"]) for rule in callers["ingress"]] == [
        (443, 443, ["10.16.0.0/16"])
    ]


def test_its_secrets_logs_and_disks_are_under_their_keys(standing: Standing) -> None:
    cluster = one(standing, "aws:eks/cluster:Cluster")
    encryption = cluster["encryptionConfig"]
    assert (encryption["provider"]["keyArn"], encryption["resources"]) == (key(standing, "cluster"), ["secrets"])
    assert set(cluster["enabledClusterLogTypes"]) == {"api", "audit", "authenticator", "controllerManager", "scheduler"}
    group = one(standing, "aws:cloudwatch/logGroup:LogGroup", "logs-cluster")
    assert group["name"] == f"/aws/eks/{cluster['name']}/cluster"
    assert group["kmsKeyId"] == key(standing, "logs")
    storage = one(standing, "rampart:cluster:Cluster")["storage_class"]
    assert (storage["encrypted"], storage["kmsKeyId"]) == ("true", key(standing, "volumes"))


@pytest.mark.parametrize("pool", POOLS)
def test_nodes_are_hardened(standing: Standing, pool: str) -> None:
    template = one(standing, "aws:ec2/launchTemplate:LaunchTemplate", f"cluster-{pool}-template")
    metadata = template["metadataOptions"]
    assert (metadata["httpTokens"], metadata["httpPutResponseHopLimit"]) == ("required", 1)
    assert [card["associatePublicIpAddress"] for card in template["networkInterfaces"]] == ["false"]
    disks = [(disk["deviceName"], disk["ebs"]) for disk in template["blockDeviceMappings"]]
    assert {device for device, _ in disks} == {"/dev/xvda", "/dev/xvdb"}
    assert {(ebs["encrypted"], ebs["kmsKeyId"]) for _, ebs in disks} == {("true", key(standing, "volumes"))}
    told = tomllib.loads(base64.b64decode(template["userData"]).decode())["settings"]
    assert not any(container["enabled"] for container in told["host-containers"].values())
    assert told["kernel"]["lockdown"] == "integrity"


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_stands_where_it_belongs_and_keeps_others_out(standing: Standing, pool: str) -> None:
    group = one(standing, "aws:eks/nodeGroup:NodeGroup", f"cluster-{pool}-nodes")
    assert set(group["subnetIds"]) == subnets(standing, "egress" if pool == "egress" else "workloads")
    assert group["labels"] == {"rampart.dev/pool": pool}
    taints = [(t["key"], t["value"], t["effect"]) for t in group.get("taints") or []]
    assert taints == ([] if pool == "workloads" else [("rampart.dev/pool", pool, "NO_SCHEDULE")])
    assert group["amiType"].startswith("BOTTLEROCKET")
    assert "remoteAccess" not in group


def test_a_node_may_join_and_pull_and_nothing_else(standing: Standing) -> None:
    attached = outputs(standing, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    role = one(standing, "aws:iam/role:Role", "cluster-node")
    assert {a["policyArn"].rpartition("/")[2] for a in attached if a["role"] == role["name"]} == {
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
    }
    inline = outputs(standing, "aws:iam/rolePolicy:RolePolicy")
    assert not [policy for policy in inline if policy["role"] == role["name"]]
    cni = [a for a in attached if a["policyArn"].endswith("AmazonEKS_CNI_Policy")]
    assert {a["role"] for a in cni} == {one(standing, "aws:iam/role:Role", "cluster-cni")["name"]}


def test_the_add_ons_are_the_clouds_and_the_network_knows_policies(standing: Standing) -> None:
    addons = {addon["addonName"]: addon for addon in outputs(standing, "aws:eks/addon:Addon")}
    assert set(addons) == {"aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni"}
    assert json.loads(addons["vpc-cni"]["configurationValues"])["enableNetworkPolicy"] == "true"


def test_all_that_a_cluster_with_no_way_out_needs_is_reached_from_inside(standing: Standing) -> None:
    found = {e["serviceName"].partition("us-east-1.")[2]: e for e in outputs(standing, ENDPOINT)}
    assert set(found) == {
        *("autoscaling", "ec2", "ecr.api", "ecr.dkr", "kms", "logs", "s3", "secretsmanager", "sts"),
    }
    assert all(endpoint["privateDnsEnabled"] for service, endpoint in found.items() if service != "s3")
    tables = {table["id"] for table in outputs(standing, "aws:ec2/routeTable:RouteTable")}
    assert set(found["s3"]["routeTableIds"]) == tables


def own(**context: str) -> dict[str, str]:
    return {"aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333", **context}


@pytest.mark.parametrize(
    ("service", "request_", "through"),
    [
        ("s3", Request("s3:PutObject", "arn:aws:s3:::ours/a", own()), True),
        (
            "s3",
            Request("s3:PutObject", "arn:aws:s3:::theirs/a", own() | {"aws:ResourceAccount": "444455556666"}),
            False,
        ),
        ("s3", Request("s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/a"), True),
        ("s3", Request("s3:PutObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/a"), False),
        ("s3", Request("s3:GetObject", "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/a"), False),
        (
            "ecr.dkr",
            Request("ecr:BatchGetImage", EKS, own() | {"aws:ResourceAccount": "602401143452"}),
            True,
        ),
        ("ecr.dkr", Request("ecr:PutImage", EKS, own() | {"aws:ResourceAccount": "602401143452"}), False),
        (
            "ecr.api",
            Request(
                "ecr:BatchGetImage",
                "arn:aws:ecr:us-east-1:444455556666:repository/theirs",
                own() | {"aws:ResourceAccount": "444455556666"},
            ),
            False,
        ),
        ("sts", Request("sts:AssumeRoleWithWebIdentity", "r", {"aws:ResourceAccount": "111122223333"}), True),
        ("sts", Request("sts:AssumeRoleWithWebIdentity", "r", {"aws:ResourceAccount": "444455556666"}), False),
    ],
)
def test_the_endpoints_are_no_way_to_another_account(
    standing: Standing, service: str, request_: Request, through: bool
) -> None:
    [policy] = [e["policy"] for e in outputs(standing, ENDPOINT) if e["serviceName"].endswith(f"us-east-1.{service}")]
    assert allows(policy, request_) is through


def test_a_secret_has_no_value_here_and_gives_it_to_nobody_outside(standing: Standing) -> None:
    network = one(standing, "rampart:network:Network")["id"]
    for secret in outputs(standing, "aws:secretsmanager/secret:Secret"):
        assert (secret["kmsKeyId"], secret["recoveryWindowInDays"]) == (key(standing, "secrets"), 30)
    assert not standing.of_type(AWS, "aws:secretsmanager/secretVersion:SecretVersion")
    for resource in outputs(standing, "aws:secretsmanager/secretPolicy:SecretPolicy"):
        document = json.loads(resource["policy"])
        everything = {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}
        document["Statement"].append(everything)  # whoever the account lets in
        for vpc, gets in ((network, True), ("vpc-other", False), (None, False)):
            context = {"aws:SourceVpc": vpc} if vpc else {}
            read = Request("secretsmanager:GetSecretValue", resource["secretArn"], context)
            assert allows(json.dumps(document), read) is gets


def test_images_are_keyed_scanned_and_stay_what_they_are(standing: Standing) -> None:
    template = one(standing, "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate")
    assert template["imageTagMutability"] == "IMMUTABLE"
    assert template["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": key(standing, "registry")}]
    assert set(template["appliedFors"]) == {"CREATE_ON_PUSH", "PULL_THROUGH_CACHE"}
    registry = one(standing, "rampart:registry:Registry")
    mirrors = outputs(standing, "aws:ecr/pullThroughCacheRule:PullThroughCacheRule")
    assert {m["upstreamRegistryUrl"] for m in mirrors} == set(registry["mirrors"])
    assert all(m["ecrRepositoryPrefix"].startswith(f"{template['prefix']}/") for m in mirrors)
    scanning = one(standing, "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration")
    assert [rule["scanFrequency"] for rule in scanning["rules"]] == ["SCAN_ON_PUSH"]


def test_the_cache_is_private_encrypted_and_knows_its_clients_by_identity(standing: Standing) -> None:
    cache = one(standing, "aws:elasticache/replicationGroup:ReplicationGroup")
    assert (cache["engine"], cache["transitEncryptionMode"]) == ("valkey", "required")
    assert cache["transitEncryptionEnabled"] is cache["atRestEncryptionEnabled"] is cache["multiAzEnabled"] is True
    assert cache["kmsKeyId"] == key(standing, "cache")
    [group] = cache["userGroupIds"]
    members = outputs(standing, "aws:elasticache/userGroupAssociation:UserGroupAssociation")
    assert {member["userGroupId"] for member in members} == {group}
    users = {user["userId"]: user for user in outputs(standing, "aws:elasticache/user:User")}
    assert {member["userId"] for member in members} == set(users)
    assert all(user["authenticationMode"]["type"] == "iam" for user in users.values())
    assert all("-@dangerous" in user["accessString"] for user in users.values())


def test_alarms_reach_their_topic(standing: Standing) -> None:
    topic = one(standing, "aws:sns/topic:Topic")
    assert topic["kmsMasterKeyId"] == key(standing, "logs")
    patterns = {
        r["urn"].rpartition("::")[2]: json.loads(r["outputs"]["eventPattern"])
        for r in standing.of_type(AWS, "aws:cloudwatch/eventRule:EventRule")
    }
    assert set(patterns["alarms-key-lost"]["detail"]["eventName"]) == {"DisableKey", "ScheduleKeyDeletion"}
    watched = set(patterns["alarms-key-lost"]["detail"]["requestParameters"]["keyId"])
    keys = {k["arn"] for k in outputs(standing, "aws:kms/key:Key")}
    assert watched == keys | {arn.rpartition("/")[2] for arn in keys}
    assert {t["arn"] for t in outputs(standing, "aws:cloudwatch/eventTarget:EventTarget")} == {topic["arn"]}
    missing = one(standing, "aws:cloudwatch/metricAlarm:MetricAlarm")
    assert (missing["alarmActions"], missing["treatMissingData"]) == ([topic["arn"]], "breaching")
    server = one(standing, "aws:rds/instance:Instance")["identifier"]
    assert patterns["alarms-backup-done"]["detail"]["SourceIdentifier"] == [server]
