"""Google Cloud Logging and Monitoring: where logs are kept and for how long, what is left out, and who is told."""

import re
from collections.abc import Iterator

from rampart_policy.facts import AuditLog, EncryptionAtRest, LogRetention
from rampart_policy.readers.table import (
    Aspect,
    audited,
    both,
    customer_key,
    each,
    filled,
    off,
    on,
    plaintext,
    secret_in_clear,
    service,
    set_,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Node, combine

RETENTION = 30
"""Days that a log bucket keeps entries when nothing is said (`ProjectBucketConfig.retention_days`)."""

_AUDIT = re.compile(r"cloudaudit|protopayload|audit_?log|data_access|\bactivity\b|%2factivity", re.IGNORECASE)
_NOT_AUDIT = re.compile(
    r"(?:\bnot\s+|-)\(?\s*(?:log_?name|log_id|protopayload)[^\s]*|log_?name\s*(?:!=|!~)", re.IGNORECASE
)
_ANYTHING = re.compile(
    r"^\s*(?:|true|\*|log_?name\s*[:=]\s*[\"']?\*?[\"']?|timestamp\s*>.*|severity\s*>=?\s*[\"']?(?:DEFAULT|DEBUG|INFO|NOTICE)[\"']?)\s*$",
    re.IGNORECASE,
)

no_surface(
    {
        "gcp:logging/logView:LogView": "a part of a log bucket; who may read it is IAM's",
        "gcp:logging/logScope:LogScope": "which projects a console shows together",
        "gcp:logging/savedQuery:SavedQuery": "a text that somebody searches for",
        "gcp:logging/metric:Metric": "counts log entries",
        "gcp:logging/linkedDataset:LinkedDataset": "a view of a log bucket; who may read it is IAM's",
        "gcp:monitoring/customService:CustomService": "a name for what is measured",
        "gcp:monitoring/genericService:GenericService": "a name for what is measured",
        "gcp:monitoring/dashboard:Dashboard": "draws what is measured",
        "gcp:monitoring/group:Group": "groups what is measured",
        "gcp:monitoring/metricDescriptor:MetricDescriptor": "a name for what is measured",
        "gcp:monitoring/snooze:Snooze": "keeps an alert quiet for a time that it names",
        "gcp:monitoring/slo:Slo": "how good is good enough",
        "gcp:monitoring/monitoredProject:MonitoredProject": "shows one project's figures in another",
    }
)


@reader(
    "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    "gcp:logging/folderBucketConfig:FolderBucketConfig",
    "gcp:logging/organizationBucketConfig:OrganizationBucketConfig",
    "gcp:logging/billingAccountBucketConfig:BillingAccountBucketConfig",
)
def bucket(made: Resource) -> Iterator[EncryptionAtRest | LogRetention]:
    yield EncryptionAtRest(customer_key=made.at("cmekSettings.kmsKeyName").text(default="").map(bool))
    yield LogRetention(days=made.at("retentionDays").number(default=RETENTION))


def _exclusion(place: Node) -> Iterator[AuditLog]:
    """A filter that leaves out entries: everything, or audit entries among them."""
    used = place.key("disabled").flag(default=False).map(lambda unused: not unused)
    drops = combine(lambda text, on_: on_ and drops_audit(text), place.key("filter").text(default=""), used)
    yield AuditLog(complete=drops.map(lambda loses: not loses))


def drops_audit(filter_: str) -> bool:
    """Whether entries of the audit logs match a filter of the Logging query language."""
    if _ANYTHING.match(filter_):
        return True
    return bool(_AUDIT.search(filter_)) and not _NOT_AUDIT.search(filter_)


SINK: tuple[Aspect, ...] = (audited(off("disabled")), each("exclusions", _exclusion))

service(
    (
        "gcp:logging/projectSink:ProjectSink",
        "gcp:logging/folderSink:FolderSink",
        "gcp:logging/organizationSink:OrganizationSink",
        "gcp:logging/billingAccountSink:BillingAccountSink",
    ),
    *SINK,
)
service(
    (
        "gcp:logging/projectExclusion:ProjectExclusion",
        "gcp:logging/folderExclusion:FolderExclusion",
        "gcp:logging/organizationExclusion:OrganizationExclusion",
        "gcp:logging/billingAccountExclusion:BillingAccountExclusion",
    ),
    _exclusion,
)
service(
    ("gcp:logging/organizationSettings:OrganizationSettings", "gcp:logging/folderSettings:FolderSettings"),
    customer_key(filled("kmsKeyName")),
    audited(off("disableDefaultSink")),
)
service("gcp:monitoring/alertPolicy:AlertPolicy", audited(on("enabled", default=True)))
service(
    "gcp:monitoring/notificationChannel:NotificationChannel",
    plaintext(lambda place: place.at("labels.url").text(default="").map(lambda url: url.lower().startswith("http://"))),
    audited(on("enabled", default=True)),
    *(secret_in_clear(filled(f"labels.{name}")) for name in ("auth_token", "password", "service_key")),
)
service(
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    set_("httpCheck.authInfo.password", plaintext(off("httpCheck.useSsl"))),
    where(
        both(filled("httpCheck"), on("httpCheck.useSsl")),
        set_("httpCheck.validateSsl", plaintext(off("httpCheck.validateSsl"))),
    ),
)
