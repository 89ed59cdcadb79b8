"""One run: what is judged when, what is said once, and what happens when the pack itself fails."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rampart_policy.configuration import Settings
from rampart_policy.facts import Fact, GeneratedPassword, NetworkRule, Review
from rampart_policy.readers import load_all
from rampart_policy.registry import CONTROLS, READERS
from rampart_policy.resources import Resource
from rampart_policy.testing import UNKNOWN, judge, resource, secret
from rampart_policy.values import Field
from rampart_policy.verdicts import Verdict

GROUP = "aws:ec2/securityGroup:SecurityGroup"
OPEN = resource(GROUP, {"ingress": [{"cidrBlocks": ["0.0.0.0/0", "::/0"], "ipv6CidrBlocks": ["::/0"]}]})


def test_a_control_speaks_once_of_a_resource_with_everything_that_is_wrong() -> None:
    for preview in (True, False):
        message = judge(OPEN, preview=preview).message("no-open-ingress")
        for path in ("ingress[0].cidrBlocks[0]", "ingress[0].cidrBlocks[1]", "ingress[0].ipv6CidrBlocks[0]"):
            assert message.count(path) == 1


def test_a_control_costs_nothing_where_there_are_no_facts_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(fact: Fact, settings: Settings) -> Verdict:
        raise AssertionError(f"{type(fact).__name__} is not what this control judges")

    for control in CONTROLS.values():
        if control.judges not in (NetworkRule, Review):
            monkeypatch.setitem(CONTROLS, control.id, replace(control, judge=called))
    assert judge(OPEN).failed == {"no-open-ingress"}


def test_a_message_has_the_resource_the_value_the_value_wanted_the_fix_and_the_reference() -> None:
    message = judge(OPEN).message("no-open-ingress")
    for part in (GROUP, "subject", "0.0.0.0/0", "wanted: private ranges", "Fix: ", "NIST SP 800-53", "CIS AWS"):
        assert part in message
    assert "Azure" not in message


def test_one_unknown_value_does_not_hide_the_violation_beside_it() -> None:
    mixed = resource(GROUP, {"ingress": [{"cidrBlocks": [UNKNOWN, "0.0.0.0/0"]}], "egress": UNKNOWN})
    report = judge(mixed)
    assert report.failed == {"no-open-ingress"}
    assert report.undetermined == {"no-open-egress"}


def test_what_was_undetermined_is_settled_by_what_was_deployed() -> None:
    declared = resource("aws:kms/key:Key", {"enableKeyRotation": True, "rotationPeriodInDays": UNKNOWN})
    for days, failed in ((90, set()), (365, {"key-rotates-every-90-days"})):
        deployed = resource(declared.type, declared.properties, outputs={"rotationPeriodInDays": days}, protect=True)
        report = judge(deployed, preview=False)
        assert report.failed == failed
        assert report.undetermined == set()


def test_what_other_resources_say_is_not_taken_from_a_copy_in_the_outputs() -> None:
    """S3 answers with AES256 for a bucket whose encryption is set by the resource beside it."""
    aes = {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}}
    bucket = resource("aws:s3/bucket:Bucket", {}, outputs={"id": "b", "serverSideEncryptionConfiguration": aes})
    report = judge(bucket, preview=False)
    assert "store-uses-customer-key" not in report.failed
    assert "bucket-has-encryption-configuration" in report.failed


def test_a_secret_is_judged_and_never_shown() -> None:
    hidden = resource(GROUP, {"ingress": [{"cidrBlocks": [secret("0.0.0.0/0")], "description": secret("hunter2")}]})
    message = judge(hidden).message("no-open-ingress")
    assert "[secret]" in message
    assert "0.0.0.0/0" not in message


def test_resources_that_are_only_read_are_referred_to_but_not_judged() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {}, outputs={"id": "vpc-1"}, name="read")
    assert judge(known=[vpc]).violations == []


def test_a_long_list_of_what_is_undetermined_is_cut() -> None:
    program = [resource(GROUP, {"ingress": UNKNOWN}, name=f"g{number}") for number in range(60)]
    notes = judge(*program).notes
    assert "60 undetermined on 60 resource(s)" in notes
    assert "and 20 more" in notes


def test_a_fault_of_the_pack_blocks_and_hides_neither_other_resources_nor_what_came_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(made: Resource) -> Iterator[Fact]:
        yield GeneratedPassword(entropy=Field(1.0, "length"))
        raise LookupError("hunter2")

    load_all()
    monkeypatch.setitem(READERS, "random:index/randomPassword:RandomPassword", broken)
    report = judge(resource("random:index/randomPassword:RandomPassword", {"result": secret("hunter2")}), OPEN)
    assert report.failed == {"rampart", "password-is-strong", "no-open-ingress"}
    assert "LookupError at test_session.py" in report.message("rampart")
    assert all("hunter2" not in violation.message for violation in report.violations)
