"""What is declared: every type exists, every control is complete, and the types that Rampart uses are known."""

import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import rampart_policy.analyzer  # noqa: F401 - declares the controls
from rampart_policy.facts import Fact
from rampart_policy.readers import load_all
from rampart_policy.registry import (
    CONTROLS,
    NO_SURFACE,
    READERS,
    STACK_READERS,
    Control,
    Mode,
    Severity,
    control,
    reader,
    references,
)
from rampart_policy.resources import Resource, canonical
from rampart_policy.values import Field
from rampart_policy.verdicts import PASS

load_all()

SDKS = {"aws": "pulumi_aws", "gcp": "pulumi_gcp", "azure-native": "pulumi_azure_native", "random": "pulumi_random"}

USED = frozenset(
    {
        "aws:ec2/vpc:Vpc",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:kms/key:Key",
        "aws:kms/alias:Alias",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/flowLog:FlowLog",
        "aws:route53/zone:Zone",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole",
        "aws:rds/instance:Instance",
        "aws:rds/parameterGroup:ParameterGroup",
        "aws:rds/subnetGroup:SubnetGroup",
        "gcp:projects/service:Service",
        "gcp:projects/serviceIdentity:ServiceIdentity",
        "gcp:dns/managedZone:ManagedZone",
        "gcp:dns/recordSet:RecordSet",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "gcp:logging/projectSink:ProjectSink",
        "gcp:sql/databaseInstance:DatabaseInstance",
        "gcp:sql/user:User",
        "gcp:compute/address:Address",
        "gcp:compute/forwardingRule:ForwardingRule",
        "gcp:serviceaccount/account:Account",
        "gcp:compute/network:Network",
        "gcp:compute/subnetwork:Subnetwork",
        "gcp:compute/route:Route",
        "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy",
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
        "gcp:kms/keyRing:KeyRing",
        "gcp:kms/cryptoKey:CryptoKey",
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "gcp:storage/bucket:Bucket",
        "azure-native:resources:ResourceGroup",
        "azure-native:privatedns:PrivateZone",
        "azure-native:privatedns:VirtualNetworkLink",
        "azure-native:network:PrivateEndpoint",
        "azure-native:network:PrivateDnsZoneGroup",
        "azure-native:network:FlowLog",
        "azure-native:dbforpostgresql:Server",
        "azure-native:dbforpostgresql:Configuration",
        "azure-native:dbforpostgresql:AdministratorsMicrosoftEntra",
        "azure-native:authorization:ManagementLockByScope",
        "azure-native:network:VirtualNetwork",
        "azure-native:network:Subnet",
        "azure-native:network:NetworkSecurityGroup",
        "azure-native:network:RouteTable",
        "azure-native:keyvault:Vault",
        "azure-native:keyvault:Key",
        "azure-native:managedidentity:UserAssignedIdentity",
        "azure-native:authorization:RoleAssignment",
        "azure-native:storage:StorageAccount",
        "azure-native:storage:BlobContainer",
        "azure-native:storage:BlobServiceProperties",
        "azure-native:storage:ManagementPolicy",
        "random:index/randomId:RandomId",
        "random:index/randomPassword:RandomPassword",
        "random:index/randomString:RandomString",
        "random:index/randomUuid:RandomUuid",
        "pulumi:providers:aws",
        "pulumi:providers:gcp",
        "pulumi:providers:azure-native",
    }
)
"""What Rampart's own components make."""

KNOWN = {*READERS, *STACK_READERS, *NO_SURFACE}


@cache
def types_of(package: str) -> frozenset[str]:
    spec = importlib.util.find_spec(SDKS[package])
    assert spec
    assert spec.origin
    return frozenset(re.findall(rf'"({package}:[^"]+:[^"]+)": "', Path(spec.origin).read_text()))


@pytest.mark.parametrize("package", SDKS)
def test_every_type_with_a_reader_or_a_reason_exists_in_the_provider_sdk(package: str) -> None:
    own = {token for token in KNOWN if token.startswith(f"{package}:")}
    assert own
    assert own - types_of(package) == set()


def test_every_type_that_rampart_uses_is_known() -> None:
    assert USED <= KNOWN


def test_readers_are_declared_under_canonical_types() -> None:
    assert {token for token in KNOWN if canonical(token) != token} == set()


def test_a_type_is_read_or_needs_no_reader_but_not_both() -> None:
    assert {*READERS, *STACK_READERS} & NO_SURFACE.keys() == set()
    assert all(NO_SURFACE.values())


@pytest.mark.parametrize("declared", CONTROLS.values(), ids=lambda declared: declared.id)
def test_a_control_says_all_that_its_catalogue_needs(declared: Control) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", declared.id)
    assert declared.references, "data/references.json"
    for text in (declared.title, declared.why, declared.remediation):
        assert text[0].isupper()
    assert not declared.title.endswith(".")
    assert declared.why.endswith(".")
    assert declared.remediation.endswith((".", ")."))


def test_controls_on_whole_stacks_are_detective_and_the_rest_preventive() -> None:
    detective = {declared.id for declared in CONTROLS.values() if declared.mode is Mode.DETECTIVE}
    assert "bucket-has-public-access-block" in detective
    assert "no-open-ingress" not in detective


def test_the_references_name_no_control_that_does_not_exist() -> None:
    assert references().keys() == CONTROLS.keys()


def test_nothing_is_declared_twice() -> None:
    with pytest.raises(ValueError, match="aws:kms/key:Key is declared twice"):
        reader("aws:kms/key:Key")(lambda resource: iter(()))
    with pytest.raises(ValueError, match="no-open-ingress is declared twice"):
        control(id="no-open-ingress", title="T", why="W.", remediation="R.", severity=Severity.LOW, judges=Fact)(
            lambda fact, settings: PASS
        )


def test_only_the_readers_of_the_packages_in_use_are_imported() -> None:
    program = (
        "import sys; from rampart_policy.testing import judge, resource; judge(resource('gcp:kms/keyRing:KeyRing'));"
        "print(*(name for name in sys.modules if name.startswith(('rampart_policy.readers.', 'pulumi_'))))"
    )
    path = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    imported = {name.split(".")[2] for name in done.stdout.split() if name.startswith("rampart_policy.")}
    every_cloud = {
        "addresses",
        "generic",
        "kinds",
        "plaintext",
        "secret_words",
        "secrets",
        "table",
        "transport",
        "ways",
    }
    assert imported == {*every_cloud, "gcp"}
    assert "pulumi_" not in done.stdout


def test_a_resource_is_converted_only_when_it_is_read() -> None:
    def load() -> dict[str, object]:
        raise AssertionError("converted")

    made = Resource("urn", "aws:kms/alias:Alias", "alias", load)
    assert made.is_such() == Field(True, "type", source="aws:kms/alias:Alias")
