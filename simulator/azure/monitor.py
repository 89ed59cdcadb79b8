"""Microsoft.Insights: diagnostic settings, alarms, and who is told."""

from simulator.azure.arm import IN_GROUP, MET, MISSING, PACKAGE, SDK, TIMES, each, existing, normal, row
from simulator.azure.identity import scope_exists
from simulator.azure.keys import VAULT
from simulator.azure.kubernetes import CLUSTER
from simulator.azure.logs import closed_to_services
from simulator.azure.storage import ACCOUNT, SERVICE
from simulator.cloud import Operation, Ref, Source
from simulator.rules import rule
from simulator.values import at

SETTING, TOLD, EVENTS, METRICS = (
    f"{PACKAGE}:monitor:{name}" for name in ("DiagnosticSetting", "ActionGroup", "ActivityLogAlert", "MetricAlert")
)
_DOCS = Source("Azure Monitor documentation", "D")
_CATEGORIES = {  # of resource logs, by the type that writes them
    VAULT: ("AuditEvent", "AzurePolicyEvaluationDetails"),
    SERVICE: ("StorageRead", "StorageWrite", "StorageDelete"),
    CLUSTER: (
        *("kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler", "guard"),
        *("cluster-autoscaler", "cloud-controller-manager", "csi-azuredisk-controller", "csi-azurefile-controller"),
        *("csi-snapshot-controller",),
    ),
}
_IN = f"{IN_GROUP}/providers/Microsoft.Insights"
_GROUPS = {EVENTS: "actions.actionGroups.actionGroupId", METRICS: "actions.actionGroupId"}
TYPES = (
    row(
        SETTING,
        "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        4,
        within="",
        timed=TIMES,
        refs=(Ref("storageAccountId", ACCOUNT, MISSING, _DOCS),),
    ),
    row(TOLD, f"{_IN}/actionGroups/{{actionGroupName}}", 5, timed=TIMES),
    *(
        row(token, f"{_IN}/{path}", 5, timed=TIMES, refs=(Ref(_GROUPS[token], TOLD, MISSING, MET, anywhere=True),))
        for token, path in (
            (EVENTS, "activityLogAlerts/{activityLogAlertName}"),
            (METRICS, "metricAlerts/{ruleName}"),
        )
    ),
)


@rule(SETTING, "ResourceNotFound", _DOCS)
def _about(operation: Operation) -> str | None:
    """What it takes logs of exists."""
    return scope_exists(operation, "resourceUri")


@rule(SETTING, "BadRequest", _DOCS)
def _categories(operation: Operation) -> str | None:
    """The log categories are ones of that type, and there are some."""
    uri = operation.one("resourceUri")
    known = next((names for token, names in _CATEGORIES.items() if existing(operation, token, uri)), None)
    strange = (c for c in operation.at("logs.category") if known and c not in known)
    if not operation.at("logs") + operation.at("metrics"):
        return "neither logs nor metrics"
    return next((f"category {category!r} is not supported; there are {known}" for category in strange), None)


@rule(SETTING, "StorageAccountAccessDenied", _DOCS)
def _reaches(operation: Operation) -> str | None:
    """The storage account lets trusted services in."""
    return closed_to_services(operation, operation.one("storageAccountId"))


@rule((EVENTS, METRICS), "ScopeNotFound", _DOCS)
def _scopes(operation: Operation) -> str | None:
    """What it watches exists."""
    return scope_exists(operation, "scopes")


@rule(EVENTS, "BadRequest", _DOCS, "check")
def _category(operation: Operation) -> str | None:
    """An alarm on the activity log names the category of events."""
    fields = at(operation.inputs, "condition.allOf.field")
    return None if "category" in fields or not fields else f"the conditions are on {', '.join(fields)}"


def _global(location: str) -> bool:
    return normal(location) == "global"


RULES = (
    *(_about, _categories, _reaches, _scopes, _category),
    each((TOLD, EVENTS, METRICS), "location", _global, "LocationNotAvailableForResourceType", _DOCS, "it is `Global`"),
    each(TOLD, "groupShortName", lambda text: 0 < len(text) <= 12, "BadRequest", SDK, "it has 1 to 12 characters"),
)
