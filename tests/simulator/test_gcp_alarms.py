"""Each rule of Google Cloud's alarms refuses what it names, and lets its near miss pass."""

from typing import Any

from simulator.gcp.alarms import ALERT, CHANNEL
from tests.simulator.gcp_stage import Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_services import Act

MAIL = {"type": "email", "labels": {"email_address": "operators@example.com"}}


def alert(stage: Stage, conditions: int = 1, limit: str | None = "300s", **inputs: Any) -> str:
    logged = {"displayName": "x", "conditionMatchedLog": {"filter": "severity=ERROR"}}
    strategy = {"notificationRateLimit": {"period": limit}} if limit else {"autoClose": "604800s"}
    wanted = {"displayName": "x", "combiner": "OR", "conditions": [logged] * conditions, "alertStrategy": strategy}
    return stage.make(ALERT, **{**wanted, **inputs})


# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "AlertPolicy-notificationChannels": (
        "does not exist",
        lambda s: alert(s, notificationChannels=["projects/rampart-demo/notificationChannels/1"]),
        lambda s: alert(s, notificationChannels=[s.make(CHANNEL, **MAIL)]),
    ),
    "NotificationChannel-of-AlertPolicy": (
        "is in use by AlertPolicy",
        lambda s: (
            channel := s.make(CHANNEL, **MAIL),
            alert(s, notificationChannels=[channel]),
            s.drop(CHANNEL, channel),
        ),
        lambda s: (alert(s, notificationChannels=[s.make(CHANNEL, **MAIL)]), s.drop(CHANNEL, s.make(CHANNEL, **MAIL))),
    ),
    "AlertPolicy-combiner-choice": ("'XOR'", lambda s: alert(s, combiner="XOR"), lambda s: alert(s, combiner="AND")),
    "AlertPolicy-severity-choice": (
        "'FATAL'",
        lambda s: alert(s, severity="FATAL"),
        lambda s: alert(s, severity="CRITICAL"),
    ),
    "AlertPolicy-alertStrategy-write": (
        "has a `notificationRateLimit`",
        lambda s: alert(s, limit=None),
        lambda s: alert(s, limit="3600s"),
    ),
    "AlertPolicy-conditions-write": (
        "is the only one",
        lambda s: alert(s, conditions=2),
        lambda s: alert(s, conditions=1),
    ),
    "NotificationChannel-labels-write": (
        "mail goes to an `email_address`",
        lambda s: s.make(CHANNEL, type="email", labels={"address": "operators@example.com"}),
        lambda s: s.make(CHANNEL, type="slack", labels={"channel_name": "#operators"}),
    ),
}
CODES = codes(ALERT, CHANNEL)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage
