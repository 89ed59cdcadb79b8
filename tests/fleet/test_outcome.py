"""The policy pack's verdict in a word or two, from the texts that the pack itself writes."""

from datetime import date

import pytest

from fleet.outcome import UNDETERMINED, Outcome, Violation
from rampart_policy import report
from rampart_policy.waivers import Waiver

WAIVER = Waiver(control="c", resource="urn", owner="o", reason="r", expires=date(2030, 1, 1))


def judged(*violations: Violation) -> str:
    return Outcome("aws-us-east-1", packs={"rampart": "1"}, violations=list(violations)).policy


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (report.notes([], [WAIVER, WAIVER], []), "pass, 2 excepted"),
        ("3 undetermined on 2 resource(s): the values", "pass, the rest at update"),
        ("3 undetermined on 2 resource(s)\n" + report.notes([], [WAIVER], []), "pass, 1 excepted, the rest at update"),
        (report.notes([], [], [WAIVER]), "pass"),
    ],
)
def test_what_is_left_open_is_said_beside_the_pass(message: str, says: str) -> None:
    assert judged(Violation(UNDETERMINED, "advisory", "", message)) == says


def test_a_violation_is_no_pass() -> None:
    assert judged(Violation("no-open-ingress", "mandatory", "urn", "x")) == "1 violation"
    assert judged(Violation("no-open-ingress", "advisory", "urn", "x")) == "pass, 1 advisory"
