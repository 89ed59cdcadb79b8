"""Microsoft Azure: resource groups, networks, key vaults, identities and storage, as azure-native and ARM have them."""

import re
from typing import ClassVar

from simulator import sdk
from simulator.azure import access, keys, network, storage
from simulator.azure.arm import ARM, GROUP, IN_GROUP, PACKAGE, existing, normal, parent, row, rule
from simulator.cloud import Cloud, Operation, Refusal, Scope, Source
from simulator.regions import regions
from simulator.rules import unchanged
from simulator.values import Props

TENANT = "00000000-0000-4000-8000-000000007e4a"  # of every subscription, unless the provider is told of another
_GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GROUP = row(
    GROUP,
    IN_GROUP,
    4,
    "",
    name={"pattern": r"[\w().-]{0,89}[\w()-]", "invalid": "InvalidParameter"},
    outputs={"properties": {"provisioningState": "Succeeded"}},
    replace=("location",),
)
_TYPES = {r.token: r for r in (_GROUP, *network.TYPES, *access.TYPES, *keys.TYPES, *storage.TYPES)}
_IN_GROUP = tuple(token for token, r in _TYPES.items() if "{resourceGroupName}" in r.id and token != GROUP)
_CHILDREN = tuple(token for token, r in _TYPES.items() if r.within not in ("", GROUP))
_CATALOGUE = Source("the regions list of Azure's reliability documents, in the catalogue of regions", "D")


@rule(tuple(_TYPES), "LocationNotAvailableForResourceType", _CATALOGUE, "check", "location")
def _location(operation: Operation) -> str | None:
    """`location` is an Azure region, in whatever case and spacing."""
    unknown = (text for text in operation.at("location") if normal(text) not in regions("azure"))
    return next((f"{text!r} is no Azure region" for text in unknown), None)


@rule(_IN_GROUP, "ResourceGroupNotFound", ARM, property_="resourceGroupName", fix="create the resource group first")
def _group(operation: Operation) -> str | None:
    """The resource group exists."""
    found = existing(operation, GROUP, operation.text(IN_GROUP))
    return None if found else operation.text("resource group {resourceGroupName!r} could not be found")


@rule(_CHILDREN, "ParentResourceNotFound", ARM, fix="create it first")
def _parent(operation: Operation) -> str | None:
    """What the resource lies in exists."""
    within = str(getattr(operation.type, "within", "")).rpartition(":")[2]
    return (
        None if parent(operation) else f"the {within} that {operation.text(operation.type.id)!r} is in does not exist"
    )


class Azure(Cloud):
    """The package `azure-native`."""

    package: ClassVar[str] = PACKAGE
    error: ClassVar[str] = 'Code="{code}" Message="{message}"'
    fixed_settings: ClassVar[tuple[str, ...]] = ()
    closed_enums: ClassVar[bool] = True
    bridged: ClassVar[bool] = False
    types = _TYPES
    rules = (
        _location,
        _group,
        _parent,
        unchanged((network.NSG, network.ROUTES, keys.VAULT), "location", "InvalidResourceLocation", ARM),
        *network.RULES,
        *access.RULES,
        *keys.RULES,
        *storage.RULES,
    )
    lookups = {  # noqa: RUF012
        f"{PACKAGE}:authorization:getClientConfig": lambda scope, arguments, store: {
            **access.DEPLOYER,
            "subscriptionId": scope.account,
            "tenantId": scope.settings["tenant"],
        }
    }

    def configure(self, settings: Props) -> Scope:
        """The subscription, the tenant, and where resources go that say nothing. Raises Refusal."""
        subscription, location = settings.get("subscriptionId", ""), settings.get("location", "")
        tenant = settings.get("tenantId", TENANT)
        for name, given in (("subscriptionId", subscription), ("tenantId", tenant)):
            if not re.fullmatch(_GUID, given.lower()):
                raise Refusal("InvalidSubscriptionId", f"{given!r} is no GUID", name)
        if location and normal(location) not in regions("azure"):
            raise Refusal("LocationNotAvailable", f"{location!r} is no Azure region", "location")
        return Scope(subscription, normal(location), {"tenant": tenant})

    def complete(self, operation: Operation) -> Props:
        """As the real provider's check: the API version, and a location: the provider's or else the group's."""
        added = {"azureApiVersion": operation.type.outputs["azureApiVersion"]}
        if "location" not in sdk.describe(PACKAGE, operation.type.token)["inputs"]:
            return added
        own = operation.raw.get("location", operation.scope.region)
        if not own and (group := existing(operation, GROUP, operation.text(IN_GROUP))):
            own = group.get("location")
        # The provider sees no difference between `East US 2` and `eastus2`
        return added | {"location": normal(own) if isinstance(own, str) else own}


CLOUD = Azure()
