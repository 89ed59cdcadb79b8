"""Microsoft Azure: networks, DNS, vaults, identities, storage, databases, locks, as azure-native and ARM have them."""

import re
from typing import ClassVar

from simulator import sdk
from simulator.azure import dns, keys, locks, logs, network, postgres, storage
from simulator.azure.arm import FACTS, GROUP, IN_GROUP, MET, PACKAGE, SDK, each, existing, normal, parent, row
from simulator.cloud import Cloud, Operation, Refusal, Rule, Scope
from simulator.regions import regions
from simulator.rules import unchanged
from simulator.values import UNKNOWN, Props

TENANT = "00000000-0000-4000-8000-000000007e4a"  # of every subscription, unless the provider is told of another
_FORM = (r"[\w().-]{0,89}[\w()-]", "InvalidParameter", SDK)
_READY = {"properties": {"provisioningState": "Succeeded"}}
_GROUP = row(GROUP, IN_GROUP, 4, _FORM, within="", outputs=_READY, replace=("location",))
_PARTS = (network, keys, storage, postgres, dns, logs, locks)
_TYPES = {r.token: r for r in (_GROUP, *(r for part in _PARTS for r in part.TYPES))}
_IN_GROUP = tuple(token for token, r in _TYPES.items() if r.within)
_PLACED = tuple(token for token in _TYPES if token not in (dns.ZONE, dns.LINK))
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
    lookups = {f"{PACKAGE}:authorization:getClientConfig": keys.client_config}  # noqa: RUF012
    rules = (
        *locks.rules(tuple(_TYPES)),  # ARM looks at them before it asks the service
        each(_PLACED, "location", _region, "LocationNotAvailableForResourceType", FACTS, "it is an Azure region"),
        Rule("resource-group", _IN_GROUP, "the resource group exists", "ResourceGroupNotFound", MET, _no_group),
        Rule("parent", _INSIDE, "what the resource lies in exists", "ParentResourceNotFound", MET, _no_parent),
        unchanged((network.NSG, network.ROUTES, keys.VAULT), "location", "InvalidResourceLocation", MET),
        *(*network.RULES, *keys.RULES, *storage.RULES, *postgres.RULES, *dns.RULES, *logs.RULES),
    )
    gaps = (
        "that writes to one network's subnets, or to one server, conflict; what but endpoints occupies a subnet",
        "inline subnets beside standalone ones; a network that shrinks below its subnets; which service tags there are",
        "that a role assignment takes minutes to work; principals but user-assigned identities and the deployer",
        "vaults without RBAC: nobody can use their keys; recovering and purging what is soft-deleted; rotation itself",
        "keys used by a system-assigned identity or another tenant; encryption scopes; that names have no case",
        "servers in a subnet, replicas and restores; storage of type PremiumV2_LRS; parameters but five; maintenance",
        "endpoints but to blobs, vaults and databases; the records of a zone; flow logs but of networks",
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
