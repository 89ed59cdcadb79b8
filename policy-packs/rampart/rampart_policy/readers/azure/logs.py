"""Azure logs: flow logs, diagnostic settings, and how long the storage account behind them keeps them."""

from collections.abc import Iterator

from rampart_policy.facts import Fact, FlowLogging, LogExpiry, LogRetention, NetworkFlows
from rampart_policy.readers.azure.storage import LOG_WRITERS
from rampart_policy.readers.ways import ways
from rampart_policy.registry import no_surface, reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field

FLOW_LOG = "azure-native:network:FlowLog"
ACCOUNT = "azure-native:storage:StorageAccount"
POLICY = "azure-native:storage:ManagementPolicy"
FOREVER = float("inf")

no_surface({"azure-native:network:NetworkWatcher": "Azure's own holder of flow logs, which are judged"})


@reader(FLOW_LOG)
def flow_log(made: Resource) -> Iterator[FlowLogging | LogRetention]:
    """Without a retention policy, or with 0 days, nothing is deleted (`retentionPolicy`)."""
    yield FlowLogging(complete=made.at("enabled").flag(default=False))
    kept = made.at("retentionPolicy.enabled").flag(default=False)
    if kept.value is not False:
        days = made.at("retentionPolicy.days").number(default=0)
        yield LogRetention(days=days.map(lambda count: count or FOREVER) if kept.known else kept.map(lambda _: FOREVER))


@stack_reader("azure-native:network:VirtualNetwork")
def network_flows(made: Resource, stack: Stack) -> Iterator[Fact]:
    """Also the ways of subnets that are written inside their network."""
    yield NetworkFlows(logged=stack.has_companion(made, "targetResourceId", FLOW_LOG))
    if not made.at("subnets").missing:
        yield from ways(made, stack)


@stack_reader(*LOG_WRITERS)
def expiry(made: Resource, stack: Stack) -> Iterator[LogExpiry]:
    """What the lifecycle rules of the storage account that it writes to delete, and when."""
    for account in stack.named(made, LOG_WRITERS[made.type], ACCOUNT)[0]:
        for policy in stack.companions(account, "accountName", POLICY)[0]:
            for rule in policy.at("policy.rules").items():
                days = rule.at("definition.actions.baseBlob.delete.daysAfterModificationGreaterThan")
                on = rule.key("enabled").flag(default=True)
                if not days.missing and on.value is not False:
                    found = days.number(default=FOREVER)
                    where = f"{policy.name}.{days.path}"
                    yield LogExpiry(days=Field(found.value if on.known else on.map(float).value, where))
