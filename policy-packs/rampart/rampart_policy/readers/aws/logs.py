"""AWS logs: CloudWatch log groups, flow logs, and CloudTrail."""

from collections.abc import Iterator

from rampart_policy.facts import AuditLog, DeletionProtection, EncryptionAtRest, Fact, FlowLogging, LogRetention
from rampart_policy.readers.aws.aspects import is_own
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine, either

no_surface({"aws:cloudwatch/logStream:LogStream": "a part of a log group, which is judged"})


@reader("aws:cloudwatch/logGroup:LogGroup")
def log_group(made: Resource) -> Iterator[EncryptionAtRest | LogRetention]:
    """With no retention, or 0, nothing is ever deleted (`aws.cloudwatch.LogGroup.retention_in_days`)."""
    yield EncryptionAtRest(customer_key=made.at("kmsKeyId").text(default="").map(is_own))
    yield LogRetention(days=made.at("retentionInDays").number(default=0).map(lambda days: days or float("inf")))


@reader("aws:ec2/flowLog:FlowLog")
def flow_log(made: Resource) -> Iterator[FlowLogging]:
    """ACCEPT and REJECT leave the other half out. Transit gateways have no traffic type: theirs record all."""
    traffic = made.at("trafficType").text(default="ALL")
    yield FlowLogging(complete=traffic.map(lambda kind: kind.upper() == "ALL"))


@reader("aws:cloudtrail/trail:Trail")
def trail(made: Resource) -> Iterator[Fact]:
    """A trail of one region says nothing of the others; without digests nobody can tell whether it was changed."""
    yield EncryptionAtRest(customer_key=made.at("kmsKeyId").text(default="").map(is_own))
    yield AuditLog(complete=made.at("enableLogging").flag(default=True))
    yield AuditLog(complete=made.at("includeGlobalServiceEvents").flag(default=True))
    yield AuditLog(complete=made.at("isMultiRegionTrail").flag(default=False))
    yield AuditLog(complete=made.at("enableLogFileValidation").flag(default=False))
    for selector in made.at("eventSelectors").items():
        kind = selector.key("readWriteType").text(default="All")
        yield AuditLog(complete=kind.map(lambda name: name == "All"))
        yield AuditLog(complete=selector.key("includeManagementEvents").flag(default=True))
    if advanced := list(made.at("advancedEventSelectors").items()):
        yield AuditLog(complete=either(*map(_takes_all, advanced)))


def _takes_all(selector: Node) -> Field[bool]:
    """Whether an advanced selector takes every call that changes or reads how things are set: nothing narrows it
    (CloudTrail API reference, AdvancedFieldSelector).
    """
    fields = list(selector.key("fieldSelectors").items())
    wanted = [
        combine(
            lambda name, value: name == "eventCategory" and value == "Management",
            field.key("field").text(default=""),
            value.text(default=""),
        )
        for field in fields
        for value in field.key("equals").items()
    ]
    if len(fields) > 1 or len(wanted) != 1:
        return selector.key("fieldSelectors").given.map(lambda _: False)
    return wanted[0]


@reader("aws:cloudtrail/eventDataStore:EventDataStore")
def event_data_store(made: Resource) -> Iterator[Fact]:
    """Kept for 2555 days, in every region and protected, when nothing is said (`aws.cloudtrail.EventDataStore`)."""
    yield EncryptionAtRest(customer_key=made.at("kmsKeyId").text(default="").map(is_own))
    yield AuditLog(complete=made.at("multiRegionEnabled").flag(default=True))
    yield DeletionProtection(enabled=made.at("terminationProtectionEnabled").flag(default=True))
    yield LogRetention(days=made.at("retentionPeriod").number(default=2555))
