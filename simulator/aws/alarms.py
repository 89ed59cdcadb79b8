"""What wakes people: SNS topics, EventBridge's rules, CloudWatch's alarms."""

import json
from typing import Any

from simulator.aws.keys import KEY
from simulator.aws.policy import allows, statements
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import matches, one_of, rule

_SNS, _EVENTS = Source("SNS API reference", "D"), Source("EventBridge API reference", "D")
_WATCH, _SDK = Source("CloudWatch API reference", "D"), Source("pulumi-aws SDK text", "S")
# Each takes it, and then delivers nothing: refused here, or nobody would notice
_SILENT = Source("SNS Developer Guide: who may publish to an encrypted topic", "D")
TOPIC, TOPIC_POLICY, MAIL = (
    f"aws:sns/{k[0].lower()}{k[1:]}:{k}" for k in ("Topic", "TopicPolicy", "TopicSubscription")
)
EVENTS, TARGET, ALARM = (
    f"aws:cloudwatch/{k[0].lower()}{k[1:]}:{k}" for k in ("EventRule", "EventTarget", "MetricAlarm")
)
_INVALID, _VALIDATION = "InvalidParameter", "ValidationException"
_ARN = "arn:aws:sns:{region}:{account}:"
_TOPIC_NAME = Name("name", _SNS, r"[A-Za-z0-9_-]{1,256}(\.fifo)?", _INVALID, longest=256)
_RULE_NAME = Name("name", _EVENTS, "[.A-Za-z0-9_-]{1,64}", _VALIDATION, longest=64)
_ALARM_NAME = Name("name", _WATCH, "(?s).{1,255}", _VALIDATION, longest=255)
_RULE_ARN = "arn:aws:events:{region}:{account}:rule/{name}"
_ON_RULE = {"arn": _RULE_ARN, "region": "{region}", "state": "ENABLED", "eventBusName": "default"}
_ON_ALARM = {"arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}", "region": "{region}"}
_TO = Ref("arn", TOPIC, "InvalidParameter", _SNS, by=("arn",))
_OF = Ref("rule", EVENTS, "ResourceNotFoundException", _EVENTS, "ValidationException", ("name",))
_ACTIONS = Ref("alarmActions", TOPIC, _VALIDATION, _WATCH, by=("arn",))
TYPES = (
    ResourceType(TOPIC, 2, _ARN + "{name}", {"arn": _ARN + "{name}"}, ("name",), name=_TOPIC_NAME),
    ResourceType(TOPIC_POLICY, 1, "{arn}", {"owner": "{account}"}, ("arn",), (_TO,)),
    ResourceType(
        MAIL, 2, "{topic}:{hex:.32}", {"arn": "{topic}:{hex:.32}", "pendingConfirmation": True},
        ("topic", "protocol", "endpoint"), (Ref("topic", TOPIC, "NotFound", _SNS, by=("arn",)),),
    ),
    ResourceType(EVENTS, 1, "{name}", _ON_RULE, ("name", "namePrefix", "eventBusName"), name=_RULE_NAME),
    ResourceType(TARGET, 1, "{rule}-{hex:.16}", {"targetId": "{hex:.16}"}, ("rule", "targetId"), (_OF,)),
    ResourceType(ALARM, 1, "{name}", _ON_ALARM, ("name",), (_ACTIONS,), _ALARM_NAME),
)  # fmt: skip


def _heard(operation: Operation, service: str, topic: Any) -> str | None:
    """What keeps a service from publishing to a topic."""
    found, who = operation.find(TOPIC, topic, ("arn",), anywhere=False), (f"{service}.amazonaws.com",)
    if found is None:
        return f"the topic {topic!r} does not exist in {operation.region}"
    policies = [policy.get("policy") for policy in operation.others(TOPIC_POLICY) if policy.get("arn") == topic]
    if not any(
        allows(policy, who, "sns:Publish", context={"aws:SourceAccount": operation.account}) for policy in policies
    ):
        return f"the policy of {topic} lets {service} publish nothing"
    named = found.get("kmsMasterKeyId")
    key = operation.find(KEY, named, ("arn", "keyId")) if named else None
    if named and key is None:
        return f"the policy of {named}, which is not the customer's, does not let {service} use it"
    context = {"kms:EncryptionContext:aws:sns:topicArn": str(topic)}
    for action in ("Decrypt", "GenerateDataKey"):
        if key and not allows(key.get("policy"), who, f"kms:{action}", context=context):
            return f"the policy of {key.get('arn')} does not let {service} do kms:{action}"
    return None


@rule(TARGET, "FailedInvocations", _SILENT, "create", "arn", "let events.amazonaws.com publish, and use the key")
def _published(operation: Operation) -> str | None:
    """EventBridge may publish to the topic, and use its key."""
    return _heard(operation, "events", operation.one("arn"))


@rule(
    ALARM, "FailedActions", _SILENT, "create", "alarmActions", "let cloudwatch.amazonaws.com publish, and use the key"
)
def _raised(operation: Operation) -> str | None:
    """CloudWatch may publish to the topics of its actions, and use their keys."""
    return next(
        (wrong for topic in operation.at("alarmActions") if (wrong := _heard(operation, "cloudwatch", topic))), None
    )


@rule(TOPIC_POLICY, _INVALID, _SNS, property_="policy")
def _document(operation: Operation) -> str | None:
    """`policy` is a document with statements."""
    return None if all(statements(policy) for policy in operation.at("policy")) else "policy statement failed to parse"


@rule(EVENTS, "InvalidEventPatternException", _EVENTS, "check", "eventPattern")
def _pattern(operation: Operation) -> str | None:
    """`eventPattern` is a JSON object of lists and objects, of 2048 characters at most."""
    for text in operation.at("eventPattern"):
        try:
            pattern = json.loads(text)
        except ValueError:
            return "event pattern is not valid JSON"
        if len(text) > 2048:
            return f"the pattern has {len(text)} characters"
        if not isinstance(pattern, dict) or not _listed(pattern):
            return "a field of the pattern must be an object or an array"
    return None


def _listed(pattern: Any) -> bool:
    fields = pattern.values() if isinstance(pattern, dict) else ()
    return all(isinstance(field, list) or (isinstance(field, dict) and _listed(field)) for field in fields)


@rule(
    ALARM, _VALIDATION, _WATCH, "check", "evaluationPeriods", "look back 7 days at most, one for periods below an hour"
)
def _window(operation: Operation) -> str | None:
    """It looks back 7 days at most, one day for periods below an hour, and wants no more data points than periods."""
    period, periods = operation.one("period") or 60, operation.one("evaluationPeriods") or 1
    if period * periods > (7 if period >= 3600 else 1) * 86_400:
        return f"{periods} periods of {period} s are too long"
    return "more data points than periods" if (operation.one("datapointsToAlarm") or 1) > periods else None


_STATES = ("DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
_MISSING = ("breaching", "ignore", "missing", "notBreaching")
_PROTOCOLS = ("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs")
RULES = (
    *(_published, _raised, _document, _pattern, _window),
    one_of(EVENTS, "state", _STATES, _VALIDATION, _SDK),
    one_of(ALARM, "treatMissingData", _MISSING, _VALIDATION, _SDK),
    one_of(MAIL, "protocol", _PROTOCOLS, _INVALID, _SNS),
    matches(MAIL, "endpoint", r"arn:aws:.+|https?://.+|\+?\d+|[^@\s]+@[^@\s]+\.[^@\s]+", _INVALID, _SNS),
)
