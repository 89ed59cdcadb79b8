"""Flow logs of virtual networks."""

from simulator.azure.arm import IN_GROUP, MISSING, PACKAGE, TIMES, existing, row
from simulator.azure.network import VNET
from simulator.azure.storage import ACCOUNT
from simulator.cloud import Operation, Ref, Source
from simulator.rules import between, rule
from simulator.values import at

FLOWS = f"{PACKAGE}:network:FlowLog"
_WATCHER = Source("Azure Network Watcher documentation", "D")
_ID = IN_GROUP + "/providers/Microsoft.Network/networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}"
_REFS = tuple(Ref(*ref, MISSING, _WATCHER) for ref in (("targetResourceId", VNET), ("storageId", ACCOUNT)))
_OUTPUTS = {"provisioningState": "Succeeded", "enabled": True}
TYPES = (row(FLOWS, _ID, 10, timed=TIMES, within="", refs=_REFS, outputs=_OUTPUTS, name={"auto": ("", 0)}),)


@rule(FLOWS, "ResourceNotFound", _WATCHER)
def _watcher(operation: Operation) -> str | None:
    """The watcher is the one that Azure makes for a region with a network: NetworkWatcherRG/NetworkWatcher_<region>."""
    given = f"{operation.one('resourceGroupName')}/{operation.one('networkWatcherName')}"
    watched = given.lower() == f"networkwatcherrg/networkwatcher_{operation.region}"
    return None if watched else f"there is no {given} in {operation.region}"


def closed_to_services(operation: Operation, id_: object) -> str | None:
    """What keeps Azure's own services from writing to a storage account."""
    account = existing(operation, ACCOUNT, id_)
    closed = account and "Deny" in at(account.outputs, "networkRuleSet.defaultAction")
    closed = closed or (account and account.get("publicNetworkAccess") == "Disabled")
    out = closed and account and "AzureServices" not in at(account.outputs, "networkRuleSet.bypass")
    return f"the network rules of {id_} let no trusted services in (bypass)" if out else None


@rule(FLOWS, "StorageAccountAccessDenied", _WATCHER)
def _reaches(operation: Operation) -> str | None:
    """The storage account lets trusted services in."""
    return closed_to_services(operation, operation.one("storageId"))


RULES = (
    *(_watcher, _reaches),
    between(FLOWS, "retentionPolicy.days", 0, 365, "InvalidRequestFormat", _WATCHER),
)
