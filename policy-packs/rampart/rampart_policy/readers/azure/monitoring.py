"""Azure's logs, alerts and threat detection: Monitor, Log Analytics, Defender."""

from collections.abc import Iterator

from rampart_policy.facts import AuditLog, LogRetention
from rampart_policy.readers.azure.endpoints import listens
from rampart_policy.readers.table import (
    Test,
    audited,
    customer_key,
    each,
    filled,
    kept_for,
    local_credentials,
    off,
    on,
    one_of,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    threat_detection,
    unless,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node

RETENTION = 30
"""Days that a workspace keeps logs when nothing is said (`retentionInDays`)."""

no_surface(
    {
        "azure-native:monitor:AutoscaleSetting": "how many machines, not which",
        "azure-native:monitor:DataCollectionRule": "which logs go where; the workspace is judged",
        "azure-native:monitor:DataCollectionRuleAssociation": "joins a machine with a rule",
        "azure-native:monitor:PrivateLinkScopedResource": "puts a workspace into a private scope",
        "azure-native:operationalinsights:SavedSearch": "a text that somebody searches for",
        "azure-native:operationalinsights:LinkedService": "joins a workspace with a cluster or an account",
        "azure-native:operationsmanagement:Solution": "views in a workspace, which is judged",
        "azure-native:applicationinsights:Workbook": "draws what is measured",
        "azure-native:applicationinsights:WebTest": "asks whether a page answers",
        "azure-native:portal:Dashboard": "draws what is measured",
        "azure-native:security:WorkspaceSetting": "where Defender writes to",
        "azure-native:security:Automation": "who is told of what Defender finds",
    }
)


@reader(
    "azure-native:monitor:DiagnosticSetting",
    "azure-native:monitor:SubscriptionDiagnosticSetting",
    "azure-native:monitor:ManagementGroupDiagnosticSetting",
)
def diagnostic_setting(made: Resource) -> Iterator[AuditLog | LogRetention]:
    """Incomplete if it writes no logs, or turns one of its categories off. A retention of 0 days is for ever."""
    logs = list(made.at("logs").items())
    if not logs:
        yield AuditLog(complete=Field(False, "logs", default=True))
    for log in logs:
        yield AuditLog(complete=log.key("enabled").flag(default=False))
        kept = log.at("retentionPolicy.enabled").flag(default=False)
        days = log.at("retentionPolicy.days").number(default=0)
        if kept.value is not False and days.value != 0:
            yield LogRetention(days=days if kept.known else kept.map(float))


ENABLED: Test = on("enabled", default=True)

service("azure-native:monitor:ActivityLogAlert", audited(ENABLED))
service(("azure-native:monitor:MetricAlert", "azure-native:monitor:ScheduledQueryRule"), audited(ENABLED))
service(
    ("azure-native:monitor:ActionGroup", "azure-native:monitor:TenantActionGroup"),
    audited(ENABLED),
    each("webhookReceivers", plaintext(plain_url("serviceUri"))),
)
service("azure-native:monitor:DataCollectionEndpoint", listens("networkAcls.publicNetworkAccess"))
service(
    "azure-native:monitor:PrivateLinkScope",
    public_endpoint(
        one_of(
            says("accessModeSettings.ingestionAccessMode", "Open"), says("accessModeSettings.queryAccessMode", "Open")
        )
    ),
)


def _window(place: Node) -> Iterator[LogRetention]:
    """Purging on the thirtieth day ends all of it (`features.immediatePurgeDataOn30Days`)."""
    purges = place.at("features.immediatePurgeDataOn30Days").flag(default=False)
    if purges.value is not False:
        yield LogRetention(days=purges.map(lambda _: float(RETENTION)))


service(
    "azure-native:operationalinsights:Workspace",
    listens("publicNetworkAccessForIngestion"),
    listens("publicNetworkAccessForQuery"),
    kept_for("retentionInDays", default=RETENTION),
    _window,
    set_("features.disableLocalAuth", local_credentials(off("features.disableLocalAuth"))),
)
service("azure-native:operationalinsights:Cluster", customer_key(filled("keyVaultProperties.keyName")))
service(
    "azure-native:operationalinsights:Table",
    set_("totalRetentionInDays", kept_for("totalRetentionInDays", default=RETENTION)),
)
service(
    "azure-native:applicationinsights:Component",
    listens("publicNetworkAccessForIngestion"),
    listens("publicNetworkAccessForQuery"),
    set_("disableLocalAuth", local_credentials(off("disableLocalAuth"))),
)
service("azure-native:security:Pricing", threat_detection(unless("pricingTier", "Free", default="Free")))
service("azure-native:security:AdvancedThreatProtection", threat_detection(on("isEnabled")))
service("azure-native:security:DefenderForStorage", threat_detection(on("isEnabled")))
service(
    "azure-native:security:SecurityContact",
    threat_detection(on("isEnabled", default=True)),
    set_("notificationsByRole.state", threat_detection(unless("notificationsByRole.state", "Off"))),
)
