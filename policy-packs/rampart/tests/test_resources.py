"""Type tokens, and declared resources as they were deployed."""

from typing import Any

import pytest

from rampart_policy.resources import Urn, canonical, overlay
from rampart_policy.values import UNKNOWN, Secret


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("azure-native:network:Subnet", "azure-native:network:Subnet"),
        ("azure-native:network/v20240501:Subnet", "azure-native:network:Subnet"),
        ("azure-native:network/v20240501preview:Subnet", "azure-native:network:Subnet"),
        ("azure-native_network_v20240501:network:Subnet", "azure-native:network:Subnet"),
        ("pulumi:providers:azure-native_network_v20240501", "pulumi:providers:azure-native"),
        ("pulumi:providers:azure-native", "pulumi:providers:azure-native"),
        ("aws:ec2/vpc:Vpc", "aws:ec2/vpc:Vpc"),
        ("acme:azure-native:network/v1:Subnet", "acme:azure-native:network/v1:Subnet"),
    ],
)
def test_a_type_is_the_same_in_every_api_version(token: str, expected: str) -> None:
    assert canonical(token) == expected


def test_a_urn_has_a_stack_and_a_project_even_if_the_name_has_colons() -> None:
    urn = Urn.parse("urn:pulumi:dev::shop::acme:web:Site$aws:kms/key:Key::a::b")
    assert urn == Urn("dev", "shop", "acme:web:Site$aws:kms/key:Key", "a::b")
    assert Urn.parse("nonsense") == Urn("", "", "", "nonsense")


@pytest.mark.parametrize(
    ("declared", "actual", "expected"),
    [
        ({"a": UNKNOWN}, {"a": "id-1", "computed": "x"}, {"a": "id-1"}),
        ({"a": "declared"}, {"a": "drifted"}, {"a": "drifted"}),
        ({"a": "declared"}, {"a": UNKNOWN}, {"a": "declared"}),
        ({"a": "write-only"}, {}, {"a": "write-only"}),
        ({"a": {"b": 1, "c": UNKNOWN}}, {"a": {"c": 2, "d": 3}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [{"b": UNKNOWN}]}, {"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}),
        ({"a": []}, {"a": [{"b": 1}]}, {"a": [{"b": 1}]}),
        ({"a": Secret(UNKNOWN)}, {"a": "s"}, {"a": Secret("s")}),
    ],
)
def test_a_deployed_resource_is_what_was_declared_with_the_values_that_came_of_it(
    declared: dict[str, Any], actual: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert overlay(declared, actual) == expected
