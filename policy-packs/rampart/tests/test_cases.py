"""Every control, by example: what violates it, what nearly does, and what it cannot say yet."""

from pathlib import Path

import pytest

from rampart_policy.registry import CONTROLS
from rampart_policy.testing import Case, Kind, judge, load_cases

ALWAYS_KNOWN = {"no-default-provider", "unreviewed-type", "store-is-protected", "generated-secret-is-marked-secret"}
"""Controls that judge a resource's name, type or options, which are always known."""


CASES = load_cases(Path(__file__).parent / "cases")


def of(kind: Kind) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [case for case in CASES if case.kind is kind], ids=str)


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_every_control_has_a_case_of_each_kind(control: str) -> None:
    kinds = {case.kind for case in CASES if case.control == control}
    wanted = set(Kind) - {Kind.UNDECIDED} if control in ALWAYS_KNOWN else set(Kind)
    assert kinds == wanted


def test_every_case_is_of_a_control_that_exists() -> None:
    assert {case.control for case in CASES} <= CONTROLS.keys()


@of(Kind.VIOLATING)
def test_a_violation_is_found_at_preview_and_says_where(case: Case) -> None:
    assert case.at in judge(*case.program, config=case.config).message(case.control)


@of(Kind.PASSING)
def test_a_near_miss_passes(case: Case) -> None:
    preview = judge(*case.program, config=case.config)
    assert case.control not in preview.failed | preview.undetermined
    assert case.control not in judge(*case.program, config=case.config, preview=False).failed


@of(Kind.UNDECIDED)
def test_an_unknown_value_is_neither_a_pass_nor_a_failure_at_preview(case: Case) -> None:
    report = judge(*case.program, config=case.config)
    assert case.control in report.undetermined
    assert case.control not in report.failed
    assert case.control in report.notes
    # what is still unknown after the update is a violation
    report = judge(*case.program, config=case.config, preview=False)
    messages = [found.message for found in report.violations if found.control == case.control]
    assert any("could not be judged" in message for message in messages)
    assert not report.undetermined
