"""Exceptions: one control, one resource, one owner, until a date."""

from datetime import date
from typing import Any

import pytest

from rampart_policy.testing import UNKNOWN, Declared, Report, judge, resource

RULES = {"ingress": [{"cidrBlocks": ["0.0.0.0/0"]}], "egress": [{"cidrBlocks": ["0.0.0.0/0"]}]}
WEB = resource("aws:ec2/securityGroup:SecurityGroup", RULES, name="web")
APP = resource("aws:ec2/securityGroup:SecurityGroup", RULES, name="app")
CLOSED = resource("aws:ec2/securityGroup:SecurityGroup", {}, name="web")
APP_CLOSED = resource("aws:ec2/securityGroup:SecurityGroup", {}, name="app")
WAIVER = {
    "control": "no-open-ingress",
    "resource": WEB.urn,
    "owner": "platform",
    "reason": "until the tunnel is there",
    "expires": "2030-06-30",
}


def run(*program: Declared, today: str = "2030-01-01", preview: bool = True, **changes: Any) -> Report:
    config = {"rampart": {"exceptions": [{**WAIVER, **changes}]}}
    return judge(*program, config=config, today=date.fromisoformat(today), preview=preview)


def found(report: Report) -> set[tuple[str, str]]:
    return {(violation.control, violation.urn) for violation in report.violations}


def test_an_exception_is_for_one_control_on_one_resource() -> None:
    report = run(WEB, APP)
    assert found(report) == {
        ("no-open-egress", WEB.urn),
        ("no-open-ingress", APP.urn),
        ("no-open-egress", APP.urn),
    }


def test_a_star_in_the_stacks_name_is_an_exception_of_every_such_stack() -> None:
    pattern = WEB.urn.replace(":test::", ":te*::")
    assert ("no-open-ingress", WEB.urn) not in found(run(WEB, resource=pattern))
    assert "1 exception(s) in force" in run(WEB, resource=pattern).notes
    assert "not needed any more" in run(CLOSED, resource=pattern).notes
    for other in (":prod-*::", ":te::", ":*t::other-"):
        report = run(WEB, resource=WEB.urn.replace(":test::", other))
        assert ("no-open-ingress", WEB.urn) in found(report)
        assert "rampart" not in report.failed


def test_a_star_exception_whose_resource_a_stack_lacks_is_an_error_there() -> None:
    report = run(APP_CLOSED, resource=WEB.urn.replace(":test::", ":*::"))
    assert f"the stack has no resource {WEB.urn}; did you mean {APP.urn}?" in report.message("rampart")


def test_of_two_exceptions_the_one_that_lasts_longer_counts() -> None:
    pattern = {**WAIVER, "resource": WEB.urn.replace(":test::", ":*::"), "expires": "2030-12-31"}
    config = {"rampart": {"exceptions": [WAIVER, pattern]}}
    report = judge(WEB, config=config, today=date(2030, 12, 1))
    assert ("no-open-ingress", WEB.urn) not in found(report)


def test_exceptions_in_force_are_listed_with_owner_reason_and_date() -> None:
    notes = run(WEB).notes
    assert "1 exception(s) in force" in notes
    assert "until the tunnel is there (platform, until 2030-06-30)" in notes


@pytest.mark.parametrize(("today", "waived"), [("2030-06-30", True), ("2030-07-01", False)])
def test_an_exception_holds_to_the_end_of_its_last_day(today: str, waived: bool) -> None:
    report = run(WEB, today=today)
    assert (("no-open-ingress", WEB.urn) not in found(report)) is waived
    assert ("rampart" not in report.failed) is waived


def test_an_expired_exception_fails_even_where_nothing_is_wrong_any_more() -> None:
    report = run(CLOSED, today="2031-01-01")
    assert report.failed == {"rampart"}
    assert "expired on 2030-06-30" in report.message("rampart")
    assert report.violations[0].level == "mandatory"


def test_a_violation_says_that_its_exception_expired() -> None:
    assert "The exception for it expired" in run(WEB, today="2031-01-01").message("no-open-ingress")


def test_an_exception_for_a_resource_that_does_not_exist_fails_and_names_the_nearest() -> None:
    report = run(APP, resource=WEB.urn.replace("web", "ap"))
    assert ("rampart", "") in found(report)
    assert f"did you mean {APP.urn}?" in report.message("rampart")


def test_an_exception_for_a_resource_that_this_run_leaves_alone_is_not_stale() -> None:
    config = {"rampart": {"exceptions": [WAIVER]}}
    assert judge(APP_CLOSED, known=[WEB], config=config).violations == []


def test_another_stacks_exceptions_are_its_own_business() -> None:
    report = run(CLOSED, resource=WEB.urn.replace(":test::", ":prod::"), today="2031-01-01")
    assert report.violations == []


def test_an_exception_that_is_not_needed_is_pointed_out() -> None:
    report = run(CLOSED)
    assert report.violations == []
    assert "1 exception(s) not needed any more" in report.notes


def test_an_exception_covers_what_only_the_whole_stack_shows_and_what_stays_unknown() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", {}, outputs={"id": "vpc-1"}, name="vpc")
    report = run(vpc, control="default-security-group-is-adopted", resource=vpc.urn)
    assert found(report) == {("network-logs-its-flows", vpc.urn)}
    unknown = resource("aws:ec2/securityGroup:SecurityGroup", {"ingress": UNKNOWN}, name="web")
    assert run(unknown, preview=False).violations == []
