"""Cloud Monitoring: alert policies, and who is told."""

from simulator.cloud import Operation, Ref
from simulator.gcp.resource import MET, SDK, never, row, tokens
from simulator.rules import one_of

CHANNEL, ALERT = tokens("monitoring", "NotificationChannel", "AlertPolicy")
_INVALID, _LOG = "400 INVALID_ARGUMENT", "conditions.conditionMatchedLog"
_TO = Ref("notificationChannels", CHANNEL, "404 NOT_FOUND", SDK, "400 FAILED_PRECONDITION", ("name",), anywhere=True)
_SELF = {"name": "{id}"}
TYPES = (
    row(CHANNEL, 2, "projects/{account}/notificationChannels/{number}", "project", outputs=_SELF),
    row(ALERT, 3, "projects/{account}/alertPolicies/{number}", "project", outputs=_SELF, refs=(_TO,)),
)


def _unlimited(alert: Operation) -> bool:
    return bool(alert.at(_LOG)) and not alert.at("alertStrategy.notificationRateLimit.period")


def _beside(alert: Operation) -> bool:
    return bool(alert.at(_LOG)) and len(alert.inputs["conditions"]) > 1


def _addressless(channel: Operation) -> bool:
    return channel.one("type") == "email" and "@" not in str((channel.inputs.get("labels") or {}).get("email_address"))


RULES = (
    one_of(ALERT, "combiner", ("AND", "OR", "AND_WITH_MATCHING_RESOURCE"), _INVALID, SDK),
    one_of(ALERT, "severity", ("CRITICAL", "ERROR", "WARNING"), _INVALID, SDK),
    *never(
        *(ALERT, _INVALID, SDK),
        ("alertStrategy", "an alert on log entries has a `notificationRateLimit`", _unlimited, "write"),
        ("conditions", "a condition on log entries is the only one", _beside, "write"),
    ),
    *never(CHANNEL, _INVALID, MET, ("labels", "mail goes to an `email_address`", _addressless, "write")),
)
