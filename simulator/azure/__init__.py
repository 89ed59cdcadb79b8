"""Microsoft Azure as azure-native and Azure Resource Manager have it: one module a service."""

import re
from typing import ClassVar

from simulator import sdk
from simulator.azure import (
    dns,
    identity,
    keys,
    kubernetes,
    locks,
    logs,
    monitor,
    network,
    peering,
    postgres,
    records,
    redis,
    registry,
    storage,
)
from simulator.azure.arm import FACTS, GROUP, IN_GROUP, MET, PACKAGE, SDK, each, existing, normal, parent, row
from simulator.cloud import Cloud, Operation, Refusal, Rule, Scope
from simulator.regions import regions
from simulator.rules import unchanged
from simulator.values import UNKNOWN, Props

TENANT = "00000000-0000-4000-8000-000000007e4a"  # of every subscription, unless the provider is told of another
_FORM = (r"[\w().-]{0,89}[\w()-]", "InvalidParameter", SDK)
_READY = {"properties": {"provisioningState": "Succeeded"}}
_GROUP = row(GROUP, IN_GROUP, 4, _FORM, within="", outputs=_READY, replace=("location",))
_SERVICES = (
    network,
    peering,
    identity,
    keys,
    storage,
    postgres,
    redis,
    registry,
    dns,
    records,
    kubernetes,
    logs,
    monitor,
)
_PARTS = (*_SERVICES, locks)
_TYPES = {r.token: r for r in (_GROUP, *(r for part in _PARTS for r in part.TYPES))}
_IN_GROUP = tuple(token for token, r in _TYPES.items() if r.within)
_GLOBAL = (dns.ZONE, dns.LINK, records.RECORD, monitor.TOLD, monitor.EVENTS, monitor.METRICS)
_PLACED = tuple(token for token in _TYPES if token not in _GLOBAL)
_INSIDE = tuple(token for token, r in _TYPES.items() if r.within not in ("", GROUP))


def _region(location: str) -> bool:
    return normal(location) in regions("azure")


def _no_group(operation: Operation) -> str | None:
    found = existing(operation, GROUP, operation.text(IN_GROUP))
    return None if found else f"resource group {operation.one('resourceGroupName')!r} could not be found"


def _no_parent(operation: Operation) -> str | None:
    return None if parent(operation) else f"what {operation.text(operation.type.id)!r} lies in does not exist"


class Azure(Cloud):
    """The package `azure-native`."""

    package: ClassVar[str] = PACKAGE
    error: ClassVar[str] = 'Code="{code}" Message="{message}"'
    fixed_settings: ClassVar[tuple[str, ...]] = ()
    closed_enums: ClassVar[bool] = True
    bridged: ClassVar[bool] = False
    types = _TYPES
    lookups = {f"{PACKAGE}:authorization:getClientConfig": identity.client_config}  # noqa: RUF012
    rules = (
        *locks.rules(tuple(_TYPES)),  # ARM looks at them before it asks the service
        each(_PLACED, "location", _region, "LocationNotAvailableForResourceType", FACTS, "it is an Azure region"),
        Rule("resource-group", _IN_GROUP, "the resource group exists", "ResourceGroupNotFound", MET, _no_group),
        Rule("parent", _INSIDE, "what the resource lies in exists", "ParentResourceNotFound", MET, _no_parent),
        unchanged((network.NSG, network.ROUTES, keys.VAULT), "location", "InvalidResourceLocation", MET),
        *(rule for service in _SERVICES for rule in service.RULES),
    )
    gaps = (
        "that writes to one network's subnets or peerings, or one server, conflict; what but endpoints is in a subnet",
        "inline subnets beside standalone ones; a network that shrinks below its subnets; which service tags there are",
        "that a role assignment takes minutes to work, and its condition; that users, groups and applications exist",
        "vaults without RBAC: nobody can use their keys; recovering and purging what is soft-deleted; rotation itself",
        "keys used by a system-assigned identity or another tenant; encryption scopes; that names have no case",
        "servers in a subnet, replicas and restores; storage of type PremiumV2_LRS; parameters but five; maintenance",
        "endpoints but to five services; the records of a zone; flow logs but of networks",
        "which actions there are for roles of one's own; that credentials of one identity are not written at once",
        "nodes: that they boot, join, scale and upgrade; versions of Kubernetes; features to register",
        "what a replica, a module or a geo-replicated cache is; metrics, and whether an alarm ever fires",
        "that a flow log's retention overwrites the account's lifecycle rules; traffic analytics",
        "combinations of a storage account's network bypasses (`Logging, Metrics`): they are refused",
    )

    def configure(self, settings: Props) -> Scope:
        """The subscription, the tenant, and where resources go that do not say. Raises Refusal."""
        subscription, location = settings.get("subscriptionId", ""), normal(settings.get("location", ""))
        tenant = settings.get("tenantId", TENANT)
        for name, given in (("subscriptionId", subscription), ("tenantId", tenant)):
            if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", given.lower()):
                raise Refusal("InvalidSubscriptionId", f"{given!r} is no GUID", name)
        if location and not _region(location):
            raise Refusal("LocationNotAvailable", f"{location!r} is no Azure region", "location")
        return Scope(subscription, location, {"tenant": tenant})

    def complete(self, operation: Operation) -> Props:
        """As the real provider's check: without a location, the provider's or else the group's."""
        if "location" not in sdk.describe(PACKAGE, operation.type.token)["inputs"]:
            return {}
        own = operation.raw.get("location", operation.scope.region)
        if not own:
            group = existing(operation, GROUP, operation.text(IN_GROUP))
            own = group.get("location") if group else UNKNOWN
        # The provider sees no difference between `East US 2` and `eastus2`
        return {"location": normal(own) if isinstance(own, str) else own}


CLOUD = Azure()
