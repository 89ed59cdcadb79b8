"""A simulated Azure subscription with one of everything, for the tests of its rules and its ways."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from simulator.azure.arm import ASSIGNMENT, GROUP, LOCK
from simulator.azure.dns import ENDPOINT, LINK, NAMES, ZONE
from simulator.azure.identity import IDENTITY
from simulator.azure.keys import KEY, VAULT
from simulator.azure.logs import FLOWS
from simulator.azure.network import NSG, ROUTES, SUBNET, VNET
from simulator.azure.postgres import ADMINISTRATOR, PARAMETER, SERVER
from simulator.azure.storage import ACCOUNT, CONTAINER, POLICY, SERVICE
from simulator.values import Props
from tests.simulator.conftest import SETTINGS, Connect, Engine, Refused

HOME = SETTINGS["azure-native"]
TENANT, OTHER = HOME["tenantId"], "00000000-0000-4000-8000-00000000d3e1"
IN = f"/subscriptions/{HOME['subscriptionId']}/resourceGroups/rg/providers"
VAULT_ID = f"{IN}/Microsoft.KeyVault/vaults/keys-1"
KEY_ID = f"{VAULT_ID}/keys/bucket"
NSG_ID, ROUTES_ID = f"{IN}/Microsoft.Network/networkSecurityGroups/nsg", f"{IN}/Microsoft.Network/routeTables/rt"
IDENTITY_ID = f"{IN}/Microsoft.ManagedIdentity/userAssignedIdentities/user"
VNET_ID = f"{IN}/Microsoft.Network/virtualNetworks/net"
ACCOUNT_ID = f"{IN}/Microsoft.Storage/storageAccounts/ours1"
SERVER_ID = f"{IN}/Microsoft.DBforPostgreSQL/flexibleServers/db-1"
ZONES = f"{IN}/Microsoft.Network/privateDnsZones/"
BLOBS = "privatelink.blob.core.windows.net"
GUID = "11111111-2222-4333-8444-55555555555"  # with a digit to come
_ROLE = f"/subscriptions/{HOME['subscriptionId']}/providers/Microsoft.Authorization/roleDefinitions/"
ENCRYPTION_USER = f"{_ROLE}e147488a-f6f5-4113-8e2d-b22465e65bf6"
OFFICER, READER = f"{_ROLE}14b46e9e-c2b7-41b4-b07b-48a6ebf60603", f"{_ROLE}acdd72a7-3385-48ef-bd42-f606fba81ae7"

RULE: Props = {"name": "r", "access": "Allow", "protocol": "Tcp", "direction": "Inbound", "priority": 100}
RULE |= {"sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "*"}
RULE |= {"destinationAddressPrefix": "10.0.0.0/16", "destinationPortRange": "443"}
ROUTE: Props = {"name": "r", "addressPrefix": "0.0.0.0/0", "nextHopType": "None"}
ROTATE: Props = {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}
_KEYED = {
    "keySource": "Microsoft.Keyvault",
    "keyVaultProperties": {"keyVaultUri": "https://keys-1.vault.azure.net", "keyName": "bucket"},
    "encryptionIdentity": {"encryptionUserAssignedIdentity": IDENTITY_ID},
}
_PREMIUM = {"tenantId": TENANT, "sku": {"family": "A", "name": "premium"}, "enableRbacAuthorization": True}
_RSA = {"kty": "RSA-HSM", "keySize": 3072, "rotationPolicy": {"lifetimeActions": [ROTATE]}}
_GRANT = {"scope": KEY_ID, "roleDefinitionId": ENCRYPTION_USER, "principalType": "ServicePrincipal"}
_OLD = {
    "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}},
    "filters": {"blobTypes": ["blockBlob"]},
}
_SECURED = {"networkSecurityGroup": {"id": NSG_ID}, "routeTable": {"id": ROUTES_ID}, "defaultOutboundAccess": False}
_STORAGE = {"accountName": "ours1", "kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}
_SERVER: Props = {
    **{"serverName": "db-1", "version": "17", "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"}},
    **{"storage": {"storageSizeGB": 64}, "backup": {"backupRetentionDays": 14, "geoRedundantBackup": "Disabled"}},
    **{"availabilityZone": "1", "highAvailability": {"mode": "ZoneRedundant", "standbyAvailabilityZone": "2"}},
    **{"network": {"publicNetworkAccess": "Disabled"}},
    "authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled", "tenantId": TENANT},
}
_SERVER_KEY = {
    **{"type": "AzureKeyVault", "primaryKeyURI": "https://keys-1.vault.azure.net/keys/bucket"},
    "primaryUserAssignedIdentityId": IDENTITY_ID,
}


def leads(to: str = ACCOUNT_ID, group: str = "blob") -> list[Props]:
    """Where a private endpoint leads."""
    return [{"name": "to", "privateLinkServiceId": to, "groupIds": [group]}]


GOOD: dict[str, Props] = {
    GROUP: {"resourceGroupName": "rg"},
    VNET: {"virtualNetworkName": "net", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
    NSG: {"networkSecurityGroupName": "nsg", "securityRules": [RULE]},
    ROUTES: {"routeTableName": "rt", "routes": [ROUTE]},
    SUBNET: {"virtualNetworkName": "net", "subnetName": "a", "addressPrefix": "10.0.0.0/24", **_SECURED},
    VAULT: {"vaultName": "keys-1", "properties": {**_PREMIUM, "enablePurgeProtection": True}},
    KEY: {"vaultName": "keys-1", "keyName": "bucket", "properties": _RSA},
    IDENTITY: {"resourceName": "user"},
    ASSIGNMENT: {"roleAssignmentName": f"{GUID}0", **_GRANT},
    ACCOUNT: {
        **{**_STORAGE, "encryption": _KEYED},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]},
    },
    SERVICE: {"accountName": "ours1", "blobServicesName": "default", "isVersioningEnabled": True},
    CONTAINER: {"accountName": "ours1", "containerName": "traces"},
    POLICY: {
        **{"accountName": "ours1", "managementPolicyName": "default"},
        "policy": {"rules": [{"name": "old", "type": "Lifecycle", "definition": _OLD}]},
    },
    SERVER: {
        **{**_SERVER, "dataEncryption": _SERVER_KEY},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: {}}},
    },
    PARAMETER: {
        **{"serverName": "db-1", "configurationName": "require_secure_transport"},
        **{"value": "off", "source": "user-override"},
    },
    ADMINISTRATOR: {"serverName": "db-1", "principalName": "user", "principalType": "ServicePrincipal"},
    ZONE: {"privateZoneName": BLOBS, "location": "Global"},
    LINK: {
        **{"privateZoneName": BLOBS, "virtualNetworkLinkName": "net", "location": "Global"},
        "virtualNetwork": {"id": VNET_ID},
    },
    ENDPOINT: {
        **{"privateEndpointName": "blobs", "subnet": {"id": f"{VNET_ID}/subnets/a"}},
        "privateLinkServiceConnections": leads(),
    },
    NAMES: {
        **{"privateEndpointName": "blobs", "privateDnsZoneGroupName": "default"},
        "privateDnsZoneConfigs": [{"name": "blob", "privateDnsZoneId": ZONES + BLOBS}],
    },
    FLOWS: {
        **{"networkWatcherName": "NetworkWatcher_eastus2", "flowLogName": "net"},
        **{"targetResourceId": VNET_ID, "storageId": ACCOUNT_ID, "retentionPolicy": {"enabled": True, "days": 30}},
    },
    LOCK: {"scope": SERVER_ID, "lockName": "kept", "level": "CanNotDelete"},
}


class Stage:
    """A subscription with one of everything that `GOOD` has before the type `until`; locks stand in nobody's way."""

    def __init__(self, connect: Connect, until: str = LOCK) -> None:
        self.connect = connect
        self.engine: Engine = connect("azure-native")
        self.ids: dict[str, str] = {}
        self.states: dict[str, Props] = {}
        for token in GOOD:
            if token == until:
                return
            self.make(token)

    def inputs(self, token: str, **edits: Any) -> Props:
        """The good inputs of a type with some changed, at paths with `__` for dots; None takes one out."""
        made: Props = copy.deepcopy(GOOD[token])
        if token == ASSIGNMENT:
            made["principalId"] = self.states[IDENTITY]["principalId"]
        elif token not in (GROUP, LOCK):
            made["resourceGroupName"] = "NetworkWatcherRG" if token == FLOWS else "rg"
        if token == ADMINISTRATOR:
            made["objectId"] = self.states[IDENTITY]["principalId"]
        for path, value in edits.items():
            *steps, last = path.split("__")
            place = made
            for step in steps:
                place = place.setdefault(step, {})
            place[last] = value
            if value is None:
                del place[last]
        return made

    def make(self, token: str, engine: Engine | None = None, **edits: Any) -> str:
        """Create one; its id."""
        made = (engine or self.engine).create(token, "x", self.inputs(token, **edits))
        self.ids[token], self.states[token] = made
        return made[0]

    def change(self, token: str, **edits: Any) -> Props:
        """Update the last one made; its outputs."""
        inputs = self.inputs(token, **edits)
        self.states[token] = self.engine.update(token, self.ids[token], self.states[token], inputs)
        return self.states[token]

    def drop(self, token: str) -> str:
        """Delete the last one made; its id."""
        self.engine.delete(token, self.ids[token], self.states[token])
        return self.ids[token]

    def elsewhere(self) -> Engine:
        """A provider on another subscription, which has a resource group too."""
        engine = self.connect("azure-native", {**HOME, "subscriptionId": OTHER})
        engine.create(GROUP, "x", GOOD[GROUP])
        return engine


def refuses(code: str, act: Callable[[], object]) -> None:
    """Assert that the provider refuses this, and why."""
    with pytest.raises(Refused) as refused:
        act()
    assert code in str(refused.value)


Act = Callable[[Stage], object]
Case = tuple[str, str, Act, Act]  # what exists before which type; the code; what is refused; the near miss


def made(token: str, code: str, bad: Props, good: Props) -> Case:
    return token, code, lambda s: s.make(token, **bad), lambda s: s.make(token, **good)


def twice(token: str, code: str, other: Props) -> Case:
    return LOCK, code, lambda s: s.make(token), lambda s: s.make(token, **other)


def changed(token: str, code: str, bad: Props, good: Props) -> Case:
    return LOCK, code, lambda s: s.change(token, **bad), lambda s: s.change(token, **good)
