"""RDS: each rule refuses what it is about, and lets its near miss pass; and what an instance is like."""

import re

import pytest

from simulator.aws import CLOUD
from simulator.rules import of_cloud
from simulator.values import UNKNOWN, Props, Secret
from tests.simulator.aws_basis import ROOT
from tests.simulator.aws_stage import GROUP, INSTANCE, PARAMETERS, SUBNETS, VALUE, Case, Stage, changed
from tests.simulator.conftest import Connect, Refused
from tests.simulator.test_aws_account import CASES as ACCOUNT
from tests.simulator.test_aws_balancers import CASES as BALANCERS
from tests.simulator.test_aws_clusters import CASES as CLUSTERS
from tests.simulator.test_aws_nodes import CASES as NODES
from tests.simulator.test_aws_peering import CASES as PEERINGS
from tests.simulator.test_aws_rules import CASES as NETWORK
from tests.simulator.test_aws_services import CASES as SERVICES
from tests.simulator.test_aws_stores import CASES as STORES
from tests.simulator.test_aws_ways import CASES as WAYS


def keyed(path: str, actions: str) -> Case:
    """A key that the policy lets nobody use so is refused, one that it does passes."""
    deny = {**ROOT, "Effect": "Deny", "Principal": "*"}
    return changed(
        INSTANCE,
        "KMSKeyNotAccessibleFault",
        lambda s: {path: s.key_of({**deny, "Action": actions})},
        lambda s: {path: s.key_of({**deny, "Action": "kms:ReplicateKey"})},
    )


def parameters(name: str, value: str = "1", method: str = "pending-reboot") -> Props:
    return {"parameters": [{"name": name, "value": value, "applyMethod": method}]}


COMBINATION = "InvalidParameterCombination"
CASES: dict[str, Case] = {
    "SubnetGroup-name-form": changed(SUBNETS, VALUE, {"name": "default"}, {"name": "default2"}),
    "SubnetGroup-name-taken": (
        "DBSubnetGroupAlreadyExists",
        lambda s: (s.put(SUBNETS, name="a"), s.put(SUBNETS, name="a")),
        lambda s: (s.drop(SUBNETS, "a"), s.put(SUBNETS, name="a")),
    ),
    "SubnetGroup-subnetIds": changed(SUBNETS, "InvalidSubnet", lambda s: {"subnetIds": [*s.subnets, "subnet-0"]}, {}),
    "SubnetGroup-zones": changed(
        SUBNETS,
        "DBSubnetGroupDoesNotCoverEnoughAZs: current zone coverage: us-east-1",
        lambda s: {"subnetIds": [s.subnets[0], s.subnet_in("10.0.9.0/24", 1)]},
        {},
    ),
    "SubnetGroup-common": changed(
        SUBNETS,
        "InvalidSubnet",
        lambda s: {"subnetIds": [s.subnets[0], s.subnet_in("10.1.1.0/24", 2, s.foreign)]},
        lambda s: {"subnetIds": [s.subnets[0], s.subnets[1]]},
    ),
    "ParameterGroup-name-form": changed(PARAMETERS, VALUE, {"name": "a-"}, {"name": "a-b"}),
    "ParameterGroup-name-taken": (
        "DBParameterGroupAlreadyExists",
        lambda s: (s.put(PARAMETERS, name="a"), s.put(PARAMETERS, name="a")),
        lambda s: s.put(PARAMETERS, name="b"),
    ),
    "ParameterGroup-family-choice": changed(PARAMETERS, VALUE, {"family": "postgresql17"}, {"family": "postgres17"}),
    "ParameterGroup-parameters.applyMethod-choice": changed(
        PARAMETERS, VALUE, parameters("rds.force_ssl", method="reboot"), parameters("rds.force_ssl", method="immediate")
    ),
    "ParameterGroup-known": changed(
        PARAMETERS,
        "could not find parameter with name: rds.force_tls",
        parameters("rds.force_tls"),
        parameters("log_connections"),
    ),
    "Instance-identifier-form": changed(INSTANCE, VALUE, {"identifier": "a--b"}, {"identifier": "a-b"}),
    "Instance-name-taken": (
        "DBInstanceAlreadyExists",
        lambda s: (s.put(INSTANCE, identifier="a"), s.put(INSTANCE, identifier="a")),
        lambda s: s.put(INSTANCE, identifier="b"),
    ),
    "Instance-dbSubnetGroupName": changed(INSTANCE, "DBSubnetGroupNotFoundFault", {"dbSubnetGroupName": "a"}, {}),
    "SubnetGroup-of-Instance": (
        "InvalidDBSubnetGroupStateFault",
        lambda s: s.drop(SUBNETS, s.database[1]["dbSubnetGroupName"]),
        lambda s: (s.drop(INSTANCE, s.database[0]), s.drop(SUBNETS, s.database[1]["dbSubnetGroupName"])),
    ),
    "Instance-parameterGroupName": changed(INSTANCE, "DBParameterGroupNotFound", {"parameterGroupName": "a"}, {}),
    "ParameterGroup-of-Instance": (
        "InvalidDBParameterGroupState",
        lambda s: s.drop(PARAMETERS, s.database[1]["parameterGroupName"]),
        lambda s: s.drop(PARAMETERS, s.put(PARAMETERS)),
    ),
    "Instance-vpcSecurityGroupIds": changed(INSTANCE, VALUE, {"vpcSecurityGroupIds": ["sg-0"]}, {}),
    "SecurityGroup-of-Instance": (
        "DependencyViolation",
        lambda s: (s.database, s.drop(GROUP, s.group)),
        lambda s: (s.drop(INSTANCE, s.database[0]), s.drop(GROUP, s.group)),
    ),
    "Instance-family": changed(
        INSTANCE,
        "the parameter group's family is not postgres17",
        lambda s: {"parameterGroupName": s.put(PARAMETERS, family="postgres16")},
        lambda s: {"parameterGroupName": s.put(PARAMETERS, family="postgres16"), "engineVersion": "16.4"},
    ),
    "Instance-inside": changed(
        INSTANCE,
        f"{COMBINATION}: sg-",
        lambda s: {"vpcSecurityGroupIds": [s.put(GROUP, vpcId=s.foreign)]},
        lambda s: {"vpcSecurityGroupIds": [s.put(GROUP)]},
    ),
    "Instance-required": changed(
        INSTANCE, "username is missing", {"username": None}, {"username": None, "snapshotIdentifier": "nightly"}
    ),
    "Instance-together": changed(
        INSTANCE, "`maxAllocatedStorage` 70 is less", {"maxAllocatedStorage": 70}, {"maxAllocatedStorage": 71}
    ),
    "Instance-kept": (
        "storage of 63 GiB is less",
        lambda s: s.update(allocatedStorage=63),
        lambda s: (s.update(allocatedStorage=65), s.update(allocatedStorage=63, maxAllocatedStorage=100)),
    ),
    "Instance-protected": (
        "cannot delete protected DB Instance",
        lambda s: s.ends(deletionProtection=True),
        lambda s: (s.ends(), s.ends(skipFinalSnapshot=False, finalSnapshotIdentifier="last")),
    ),
    "Instance-kmsKeyId-granted": keyed("kmsKeyId", "kms:CreateGrant"),
    "Instance-masterUserSecretKmsKeyId-granted": keyed("masterUserSecretKmsKeyId", "kms:GenerateDataKey"),
    "Instance-performanceInsightsKmsKeyId-granted": keyed("performanceInsightsKmsKeyId", "kms:DescribeKey"),
    "Instance-kmsKeyId-form": changed(INSTANCE, f"kmsKeyId: {VALUE}", lambda s: {"kmsKeyId": s.key}, {}),
    "Instance-performanceInsightsKmsKeyId-form": changed(
        INSTANCE, f"performanceInsightsKmsKeyId: {VALUE}", lambda s: {"performanceInsightsKmsKeyId": s.key}, {}
    ),
    "Instance-instanceClass-form": changed(
        INSTANCE, VALUE, {"instanceClass": "m7g.large"}, {"instanceClass": "db.m7g.2xlarge"}
    ),
    "Instance-finalSnapshotIdentifier-form": changed(
        INSTANCE, VALUE, {"finalSnapshotIdentifier": "last-"}, {"finalSnapshotIdentifier": "last-1"}
    ),
    "Instance-username-form": changed(INSTANCE, VALUE, {"username": "rdsadmin"}, {"username": "rdsadmin2"}),
    "Instance-engineVersion-form": changed(INSTANCE, COMBINATION, {"engineVersion": "19"}, {"engineVersion": "17.2"}),
    "Instance-engine-choice": changed(INSTANCE, VALUE, {"engine": "postgresql"}, {"engine": "postgres"}),
    "Instance-storageType-choice": changed(INSTANCE, VALUE, {"storageType": "ssd"}, {"storageType": "gp3"}),
    "Instance-caCertIdentifier-choice": changed(
        INSTANCE, "CertificateNotFound", {"caCertIdentifier": "rds-ca-2019"}, {"caCertIdentifier": "rds-ca-rsa2048-g1"}
    ),
    "Instance-backupRetentionPeriod-range": changed(
        INSTANCE, VALUE, {"backupRetentionPeriod": 36}, {"backupRetentionPeriod": 35}
    ),
    "Instance-allocatedStorage-range": changed(INSTANCE, VALUE, {"allocatedStorage": 19}, {"allocatedStorage": 20}),
    "Instance-port-range": changed(INSTANCE, VALUE, {"port": 443}, {"port": 5432}),
}


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in of_cloud(CLOUD)} == {
        *NETWORK,
        *SERVICES,
        *CLUSTERS,
        *NODES,
        *STORES,
        *WAYS,
        *BALANCERS,
        *PEERINGS,
        *ACCOUNT,
        *CASES,
    }


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ({"kmsKeyId": "a"}, {"kmsKeyId": "b"}, True),
        ({"storageEncrypted": False}, {"storageEncrypted": True}, True),
        ({"engine": "postgres"}, {"engine": "mysql"}, True),
        ({"username": "a"}, {"username": "b"}, True),
        ({"identifier": "a"}, {"identifier": "b"}, False),
        ({"dbSubnetGroupName": "a"}, {"dbSubnetGroupName": "b"}, False),
        ({"allocatedStorage": 64}, {"allocatedStorage": 32}, False),
    ],
)
def test_only_what_rds_cannot_change_replaces_an_instance(
    connect: Connect, old: Props, new: Props, replaced: bool
) -> None:
    assert list(connect("aws").diff(INSTANCE, old, new).replaces) == (list(old) if replaced else [])


def test_an_instance_says_where_it_is_and_where_its_password_is_kept(connect: Connect) -> None:
    stage = Stage(connect)
    id_, outputs = stage.engine.create(INSTANCE, "db", stage.inputs(INSTANCE, identifier="team-db"))
    assert re.fullmatch("db-[A-Z0-9]{26}", id_)
    assert outputs["resourceId"] == id_
    assert re.fullmatch(r"team-db\.[a-z0-9]{12}\.us-east-1\.rds\.amazonaws\.com", outputs["address"])
    assert outputs["endpoint"] == f"{outputs['address']}:5432"
    assert outputs["arn"] == "arn:aws:rds:us-east-1:111122223333:db:team-db"
    (secret,) = outputs["masterUserSecrets"]
    assert secret["secretArn"].startswith("arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-")
    assert (secret["kmsKeyId"], secret["secretStatus"]) == (stage.key_arn, "active")


def test_without_keys_of_its_own_an_instance_has_those_of_aws(connect: Connect) -> None:
    stage = Stage(connect)
    none = {"kmsKeyId": None, "masterUserSecretKmsKeyId": None, "performanceInsightsKmsKeyId": None}
    outputs = stage.engine.create(INSTANCE, "db", stage.inputs(INSTANCE, **none))[1]
    own = {outputs["kmsKeyId"], outputs["masterUserSecrets"][0]["kmsKeyId"]}
    assert len(own) == 2
    assert all(key.startswith("arn:aws:kms:us-east-1:111122223333:key/") for key in own)


def test_a_password_stays_secret_and_excludes_a_managed_one(connect: Connect) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused, match="`password` conflicts") as refused:
        stage.put(INSTANCE, password=Secret("hunter2-hunter2"))
    assert "hunter2" not in str(refused.value)
    plain = {"manageMasterUserPassword": None, "masterUserSecretKmsKeyId": None, "password": Secret("hunter2-hunter2")}
    outputs = stage.engine.create(INSTANCE, "db", stage.inputs(INSTANCE, **plain))[1]
    assert outputs["password"] == Secret("hunter2-hunter2")
    assert outputs["masterUserSecrets"] == []


def test_the_keys_of_password_and_insights_are_kept(connect: Connect) -> None:
    stage = Stage(connect)
    for path in ("masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"):
        with pytest.raises(Refused, match=f"`{path}` cannot be changed"):
            stage.update(**{path: stage.key_of()})


def test_a_smaller_size_is_ignored_where_storage_grows(connect: Connect) -> None:
    stage = Stage(connect)
    assert stage.update(allocatedStorage=40, maxAllocatedStorage=100)["allocatedStorage"] == 64


def test_deletion_needs_a_snapshot_name_unless_it_is_skipped(connect: Connect) -> None:
    with pytest.raises(Refused, match="finalSnapshotIdentifier is required"):
        Stage(connect).ends(skipFinalSnapshot=False)


def test_what_a_preview_does_not_know_is_not_refused(connect: Connect) -> None:
    inputs = dict.fromkeys(["kmsKeyId", "dbSubnetGroupName", "parameterGroupName", "identifier"], UNKNOWN)
    more = {"username": "rampart", "engine": "postgres", "manageMasterUserPassword": UNKNOWN, "allocatedStorage": 64}
    given = {**inputs, **more, "instanceClass": "db.m7g.large", "storageEncrypted": True}
    outputs = connect("aws").create(INSTANCE, "db", given, preview=True)[1]
    assert outputs["address"] is UNKNOWN
    assert outputs["publiclyAccessible"] is False


@pytest.mark.parametrize("token", [INSTANCE, PARAMETERS, SUBNETS])
def test_a_second_run_changes_nothing(connect: Connect, token: str) -> None:
    stage = Stage(connect)
    inputs = stage.inputs(token)
    checked = stage.engine.check(token, "db", inputs)
    assert not stage.engine.diff(token, checked, stage.engine.check(token, "db", inputs, checked)).diffs
