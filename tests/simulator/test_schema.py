"""Every input is checked against the SDK's own types."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import schema, sdk
from simulator.values import UNKNOWN, Props, Secret
from tests.simulator.conftest import Connect, Refused

ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
ACCOUNT = "azure-native:storage:StorageAccount"


def _rules(**default: object) -> Props:
    return {"bucket": "b", "rules": [{"applyServerSideEncryptionByDefault": default}]}


@pytest.mark.parametrize(
    ("inputs", "where", "what"),
    [
        ({**_rules(sseAlgorithm="aws:kms"), "rulez": []}, "rulez", "unknown property 'rulez'; did you mean 'rules'?"),
        (
            _rules(sseAlgorithm="aws:kms", kmsMasterKeyID="k"),
            "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyID",
            "did you mean 'kmsMasterKeyId'",
        ),
        (
            _rules(sse_algorithm="aws:kms", sseAlgorithm="aws:kms"),
            "rules[0].applyServerSideEncryptionByDefault.sse_algorithm",
            "did you mean 'sseAlgorithm'",
        ),
        (_rules(), "rules[0].applyServerSideEncryptionByDefault", "missing required property 'sseAlgorithm'"),
        (
            _rules(sseAlgorithm=7),
            "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
            "expected text, got a whole",
        ),
        ({"bucket": "b"}, "rules", "missing required property 'rules'"),
        ({"bucket": "b", "rules": {}}, "rules", "expected a list, got an object"),
        (
            {"bucket": "b", "rules": [{"bucketKeyEnabled": "yes"}]},
            "rules[0].bucketKeyEnabled",
            "expected true or false",
        ),
        ({"bucket": "b", "rules": [{"bucketKeyEnabled": 1}]}, "rules[0].bucketKeyEnabled", "expected true or false"),
    ],
)
def test_refuses_what_the_sdk_does_not_know(connect: Connect, inputs: Props, where: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        connect("aws").check(ENCRYPTION, "e", inputs)
    assert str(refused.value).startswith(f"{where}: ")
    assert what in str(refused.value)


def test_names_every_fault_at_once() -> None:
    described = sdk.describe("aws", "aws:ec2/subnet:Subnet")
    found = {failure.property for failure in schema.check(described, {"cidr": "x", "mapPublicIpOnLaunch": 1})}
    assert found == {"cidr", "mapPublicIpOnLaunch", "vpcId"}


@pytest.mark.parametrize("value", [UNKNOWN, Secret(UNKNOWN), Secret("aws:kms")])
def test_unknown_and_secret_values_fit_anywhere(value: object) -> None:
    described = sdk.describe("aws", ENCRYPTION)
    assert not list(schema.check(described, _rules(sseAlgorithm=value)))
    if value is UNKNOWN:
        assert not list(schema.check(described, {"bucket": value, "rules": value}))


def test_a_number_is_not_a_truth_value_nor_the_other_way_round() -> None:
    described = sdk.describe("aws", "aws:kms/key:Key")
    assert list(schema.check(described, {"rotationPeriodInDays": True}))
    assert list(schema.check(described, {"enableKeyRotation": 1}))
    assert not list(schema.check(described, {"rotationPeriodInDays": 90, "enableKeyRotation": True}))


def test_known_texts_are_closed_only_where_the_cloud_closes_them() -> None:
    described = sdk.describe("azure-native", ACCOUNT)
    inputs: Props = {"kind": "StorageV3", "resourceGroupName": "g", "sku": {"name": "Standard_LRS"}}
    assert not list(schema.check(described, inputs))
    assert [failure.property for failure in schema.check(described, inputs, closed_enums=True)] == ["kind"]
    assert not list(schema.check(described, {**inputs, "kind": "storagev2"}, closed_enums=True))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.just(UNKNOWN),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    )
)
def test_any_value_at_all_gets_an_answer(value: object) -> None:
    described = sdk.describe("aws", ENCRYPTION)
    for failure in schema.check(described, {"bucket": value, "rules": [value]}):
        assert failure.property
        assert failure.reason


def test_a_warm_start_imports_no_sdk(tmp_path: Path) -> None:
    tokens = [("aws", "aws:ec2/vpc:Vpc"), ("aws", "pulumi:providers:aws"), ("random", "random:index/randomId:RandomId")]
    code = (
        "import json, sys; from simulator import sdk\n"
        f"found = [sdk.describe(*token) for token in {tokens!r}]\n"
        "print(json.dumps([found, [name for name in sys.modules if name.startswith('pulumi_')]]))"
    )
    run = {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(Path(sdk.__file__).parent.parent)}
    cold, warm = (
        json.loads(subprocess.run([sys.executable, "-c", code], env=run, capture_output=True, check=True).stdout)
        for _ in range(2)
    )
    assert cold[0] == warm[0]
    assert cold[1]
    assert warm[1] == []


def test_a_type_that_the_sdk_lacks_is_a_clear_error() -> None:
    with pytest.raises(sdk.NotInSdkError, match="has no resource type aws:ec2/vpv:Vpv"):
        sdk.describe("aws", "aws:ec2/vpv:Vpv")


def test_types_of_one_name_in_two_modules_are_told_apart(tmp_path: Path) -> None:
    code = (
        "import json; from simulator import sdk\n"
        "sdk.describe('azure-native', 'azure-native:keyvault:Vault')\n"
        "types = sdk.describe('azure-native', 'azure-native:storage:StorageAccount')['types']\n"
        "print(json.dumps({name: sorted(about) for name, about in types.items() if name.endswith('.IPRuleArgs')}))"
    )
    run = {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(Path(sdk.__file__).parent.parent)}
    found = subprocess.run([sys.executable, "-c", code], env=run, capture_output=True, check=True).stdout
    [inputs] = json.loads(found).values()
    assert inputs == ["action", "iPAddressOrRange"]
