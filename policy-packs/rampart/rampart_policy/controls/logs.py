"""Logs: there are some, of everything, for long enough to find out."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AuditLog,
    FlowLogging,
    LogExpiry,
    LogRetention,
    NetworkFlows,
    ThreatDetection,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.verdicts import Verdict

RETENTION_DAYS = 365
"""Intrusions are found late; CIS and PCI DSS ask for a year too."""


@control(
    id="network-logs-its-flows",
    title="Every network's flows are logged",
    why="Without flow logs nobody can say who talked to whom, before or after an intrusion.",
    remediation="Declare a FlowLog for the VPC or virtual network; on Google Cloud, set logConfig on the subnetwork.",
    severity=Severity.MEDIUM,
    judges=NetworkFlows,
    omission=Level.ADVISORY,
)
def network_flows(flows: NetworkFlows, settings: Settings) -> Verdict:
    return flows.logged.must_exist("flow logs of this network")


@control(
    id="flow-log-is-complete",
    title="A flow log records every flow",
    why="What is sampled, filtered or turned off is missing when it is asked for.",
    remediation="Log all traffic: trafficType ALL, enabled true, flowSampling 1.",
    severity=Severity.MEDIUM,
    judges=FlowLogging,
    omission=Level.DISABLED,
)
def complete_flow_log(log: FlowLogging, settings: Settings) -> Verdict:
    return log.complete.must_be(True, "every flow")


@control(
    id="logs-kept-365-days",
    title="Logs are kept for 365 days or more",
    why="Most intrusions are found after months, and are then looked for in the logs.",
    remediation="Set the retention to 365 days or more: retentionInDays, retentionDays, retentionPolicy.days.",
    severity=Severity.MEDIUM,
    judges=LogRetention,
)
def log_retention(retention: LogRetention, settings: Settings) -> Verdict:
    return retention.days.must(lambda days: days >= RETENTION_DAYS, f"{RETENTION_DAYS} days or more")


@control(
    id="log-store-expires-after-365-days",
    title="The store that logs are written to keeps them for 365 days or more",
    why="A lifecycle rule deletes logs whatever their own retention says.",
    remediation="Have the storage account's ManagementPolicy delete base blobs after 365 days or later.",
    severity=Severity.MEDIUM,
    judges=LogExpiry,
)
def log_expiry(expiry: LogExpiry, settings: Settings) -> Verdict:
    return expiry.days.must(lambda days: days >= RETENTION_DAYS, f"{RETENTION_DAYS} days or more")


@control(
    id="audit-log-is-complete",
    title="Audit logs leave out no one and nothing",
    why="Whoever is exempt from the audit log is who an intruder will act as.",
    remediation="Turn the log on, for every category, and exempt nobody.",
    severity=Severity.HIGH,
    judges=AuditLog,
)
def complete_audit_log(log: AuditLog, settings: Settings) -> Verdict:
    return log.complete.must_be(True, "a log that is on and complete")


@control(
    id="threat-detection-is-on",
    title="The cloud's threat detection is not turned off",
    why="It sees what a log does not show to anybody who does not read it all day.",
    remediation="Leave it on, in its full form.",
    severity=Severity.MEDIUM,
    judges=ThreatDetection,
)
def threat_detection(detection: ThreatDetection, settings: Settings) -> Verdict:
    return detection.enabled.must_be(True, "turned on")
