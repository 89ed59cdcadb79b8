"""Who refers to whom: by value, by what a value was built from, or by nothing one can see."""

from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN

NAT, EIP = "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"


def made(type_: str, name: str, properties: dict[str, object], **dependencies: list[str]) -> Resource:
    return Resource(name, type_, name, lambda: properties, dependencies=dependencies)


def test_a_reference_inside_a_list_or_an_object_counts() -> None:
    first, second = made(EIP, "a", {"id": "eip-1"}), made(EIP, "b", {"id": "eip-2"})
    nat = made(NAT, "nat", {"addresses": [{"id": "eip-1"}]})
    stack = Stack([first, second, nat])
    assert stack.companions(first, "addresses", NAT) == ([nat], [])
    assert stack.companions(second, "addresses", NAT) == ([], [])


def test_an_unknown_item_beside_a_known_one_is_found_by_what_it_was_built_from() -> None:
    first, second = made(EIP, "a", {"id": "eip-1"}), made(EIP, "b", {"id": UNKNOWN})
    nat = made(NAT, "nat", {"addresses": ["eip-1", UNKNOWN]}, addresses=["b"])
    stack = Stack([first, second, nat])
    assert stack.companions(first, "addresses", NAT) == ([nat], [])
    assert stack.companions(second, "addresses", NAT) == ([nat], [])


def test_a_value_built_from_two_of_a_kind_may_name_either() -> None:
    first, second = made(EIP, "a", {}), made(EIP, "b", {})
    nat = made(NAT, "nat", {"allocationId": UNKNOWN}, allocationId=["a", "b"])
    assert Stack([first, second, nat]).companions(first, "allocationId", NAT) == ([], [nat])


def test_a_reference_by_way_of_others_is_followed_and_circles_end() -> None:
    bucket = made("aws:s3/bucket:Bucket", "bucket", {})
    block = made("block", "block", {"bucket": UNKNOWN}, bucket=["bucket", "policy"])
    policy = made("policy", "policy", {"bucket": UNKNOWN}, bucket=["block", "gone"])
    stack = Stack([bucket, block, policy])
    assert stack.companions(bucket, "bucket", "policy") == ([policy], [])
    assert stack.companions(bucket, "bucket", "policy") == ([policy], [])


def test_outputs_name_a_resource_too() -> None:
    bucket = Resource("b", "aws:s3/bucket:Bucket", "b", dict, load_outputs=lambda: {"arn": "arn:aws:s3:::b"})
    policy = made("policy", "policy", {"bucket": "arn:aws:s3:::b"})
    assert Stack([bucket, policy]).companions(bucket, "bucket", "policy") == ([policy], [])


def test_a_value_that_names_nobody_is_a_reference_only_if_the_provider_keeps_ids_to_itself() -> None:
    depends = {"vpcId": ["vpc"]}
    group = Resource("group", "group", "group", lambda: {"vpcId": "vpc-1"}, dependencies=depends)
    silent = Resource("vpc", "aws:ec2/vpc:Vpc", "vpc", dict, load_outputs=lambda: {"cidrBlock": "10.0.0.0/16"})
    other = Resource("vpc", "aws:ec2/vpc:Vpc", "vpc", dict, load_outputs=lambda: {"id": "vpc-2"})
    assert Stack([silent, group]).companions(silent, "vpcId", "group") == ([group], [])
    assert Stack([other, group]).companions(other, "vpcId", "group") == ([], [])
