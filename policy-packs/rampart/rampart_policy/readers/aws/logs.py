"""AWS logs: CloudWatch log groups, and flow logs."""

from collections.abc import Iterator

from rampart_policy.facts import EncryptionAtRest, FlowLogging, LogRetention
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource

no_surface({"aws:cloudwatch/logStream:LogStream": "a part of a log group, which is judged"})


@reader("aws:cloudwatch/logGroup:LogGroup")
def log_group(made: Resource) -> Iterator[EncryptionAtRest | LogRetention]:
    """With no retention, or 0, nothing is ever deleted (`aws.cloudwatch.LogGroup.retention_in_days`)."""
    yield EncryptionAtRest(customer_key=made.at("kmsKeyId").text(default="").map(bool))
    yield LogRetention(days=made.at("retentionInDays").number(default=0).map(lambda days: days or float("inf")))


@reader("aws:ec2/flowLog:FlowLog")
def flow_log(made: Resource) -> Iterator[FlowLogging]:
    """ACCEPT and REJECT leave the other half out. Transit gateways have no traffic type: theirs record all."""
    traffic = made.at("trafficType").text(default="ALL")
    yield FlowLogging(complete=traffic.map(lambda kind: kind.upper() == "ALL"))
