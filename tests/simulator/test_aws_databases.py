"""RDS: each rule refuses what it is about, and lets its near miss pass; and what an instance is like."""

import pytest

from simulator.aws import CLOUD
from simulator.rules import of_cloud
from simulator.values import Props
from tests.simulator.aws_stage import GROUP, INSTANCE, PARAMETERS, SUBNETS, VALUE, Case, Stage, changed
from tests.simulator.conftest import Connect, Refused
from tests.simulator.test_aws_rules import CASES as NETWORK
from tests.simulator.test_aws_rules import ROOT
from tests.simulator.test_aws_services import CASES as SERVICES


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
    assert {rule.id for rule in of_cloud(CLOUD)} == {*NETWORK, *SERVICES, *CASES}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)
