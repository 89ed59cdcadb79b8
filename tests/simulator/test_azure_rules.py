"""Azure's rules on single resources: each refuses what it is about, and lets its near miss pass."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.azure.arm import ASSIGNMENT, GROUP
from simulator.azure.identity import DEPLOYER, IDENTITY
from simulator.azure.keys import KEY, VAULT
from simulator.azure.network import NSG, ROUTES, SUBNET, VNET
from simulator.azure.storage import ACCOUNT, CONTAINER, POLICY, SERVICE
from simulator.values import Props
from tests.simulator.azure_stage import (
    GUID,
    IDENTITY_ID,
    KEY_ID,
    READER,
    ROTATE,
    ROUTES_ID,
    RULE,
    TENANT,
    VAULT_ID,
    Stage,
    refuses,
)
from tests.simulator.conftest import Connect

Act = Callable[[Stage], object]
DEPLOYS = DEPLOYER["objectId"]


def rules(**edits: Any) -> Props:
    return {"securityRules": [RULE, {**RULE, "name": "s", "priority": 200, **edits}]}


def rotation(time: str, expiry: str | None = None, twice: bool = False) -> Props:
    action = {**ROTATE, "trigger": {"timeAfterCreate": time}}
    attributes = {"attributes": {"expiryTime": expiry}} if expiry else {}
    return {"properties__rotationPolicy": {"lifetimeActions": [action] * (1 + twice), **attributes}}


# Of a type in a subscription that has all that comes before it: the code, what is refused, the near miss
MADE: dict[str, tuple[str, str, Props, Props]] = {
    "ResourceGroup-resourceGroupName-form": (
        *(GROUP, "InvalidParameter", {"resourceGroupName": "rg."}),
        {"resourceGroupName": "rg.(1)_-"},
    ),
    "UserAssignedIdentity-resourceName-form": (
        *(IDENTITY, "InvalidResourceName", {"resourceName": "us"}),
        {"resourceName": "use"},
    ),
    "RoleAssignment-roleAssignmentName-form": (
        *(ASSIGNMENT, "InvalidRoleAssignmentId", {"roleAssignmentName": "grant"}),
        {"roleAssignmentName": f"{GUID}a"},
    ),
    "Vault-vaultName-form": (VAULT, "VaultNameNotValid", {"vaultName": "1keys"}, {"vaultName": "k" * 24}),
    "Key-keyName-form": (KEY, "BadParameter", {"keyName": "a_key"}, {"keyName": "a-key-1"}),
    "StorageAccount-accountName-form": (
        *(ACCOUNT, "AccountNameInvalid", {"accountName": "our-account"}),
        {"accountName": "0account" * 3},
    ),
    "BlobContainer-containerName-form": (
        *(CONTAINER, "InvalidResourceName", {"containerName": "a--b"}),
        {"containerName": "a-b"},
    ),
    "BlobServiceProperties-blobServicesName-form": (
        *(SERVICE, "InvalidResourceName", {"blobServicesName": "traces"}),
        {"blobServicesName": "default"},
    ),
    "ManagementPolicy-managementPolicyName-form": (
        *(POLICY, "InvalidResourceName", {"managementPolicyName": "expiry"}),
        {"managementPolicyName": "default"},
    ),
    "ResourceGroup-location": (
        *(VNET, "LocationNotAvailableForResourceType", {"location": "eastus9"}),
        {"location": "East US 2"},
    ),
    "resource-group": (VNET, "ResourceGroupNotFound", {"resourceGroupName": "rg-2"}, {"resourceGroupName": "RG"}),
    "parent": (SUBNET, "ParentResourceNotFound", {"virtualNetworkName": "net-2"}, {"virtualNetworkName": "Net"}),
    "Subnet-addressPrefix": (
        *(VNET, "InvalidAddressPrefixFormat", {"addressSpace__addressPrefixes": ["10.0.0.1/16"]}),
        {"addressSpace__addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
    ),
    "Subnet-inside": (
        *(SUBNET, "NetcfgSubnetRangeOutsideVnet", {"addressPrefix": "10.1.0.0/24"}),
        {"addressPrefix": "10.0.255.0/24"},
    ),
    "Subnet-networkSecurityGroup.id": (
        *(SUBNET, "InvalidResourceReference", {"networkSecurityGroup": {"id": ROUTES_ID}}),
        {"networkSecurityGroup": None},
    ),
    "Subnet-routeTable.id": (
        *(SUBNET, "InvalidResourceReference", {"routeTable": {"id": f"{ROUTES_ID}-2"}}),
        {"routeTable": {"id": ROUTES_ID}},
    ),
    "NetworkSecurityGroup-once": (
        *(NSG, "SecurityRuleConflict", rules(priority=100)),
        rules(priority=100, direction="Outbound"),
    ),
    "NetworkSecurityGroup-securityRules.sourceAddressPrefix": (
        *(NSG, "SecurityRuleInvalidAddressPrefix", rules(sourceAddressPrefix="10.0.0.0/33")),
        rules(sourceAddressPrefixes=["10.0.0.4", "Storage.EastUS2"]),
    ),
    "NetworkSecurityGroup-securityRules.sourcePortRange": (
        *(NSG, "SecurityRuleInvalidPortRange", rules(destinationPortRange="443-80")),
        rules(destinationPortRanges=["0-65535", "443"]),
    ),
    "NetworkSecurityGroup-securityRules.priority-range": (
        *(NSG, "SecurityRuleInvalidPriority", rules(priority=4097)),
        rules(priority=4096),
    ),
    "RoleAssignment-role": (
        *(ASSIGNMENT, "RoleDefinitionDoesNotExist", {"roleDefinitionId": READER[:-1] + "8"}),
        {"roleDefinitionId": READER.upper()},
    ),
    "RoleAssignment-principal": (
        *(ASSIGNMENT, "PrincipalNotFound", {"principalId": TENANT}),
        {"principalId": DEPLOYS},
    ),
    "RoleAssignment-scope": (
        *(ASSIGNMENT, "ResourceNotFound", {"scope": f"{KEY_ID}-2"}),
        {"scope": KEY_ID.lower()},
    ),
    "Vault-properties.enablePurgeProtection": (
        *(VAULT, "do not accept false", {"properties__enablePurgeProtection": False}),
        {"properties__enablePurgeProtection": None},
    ),
    "Vault-tenant": (VAULT, "is another", {"properties__tenantId": DEPLOYS}, {}),
    "Vault-properties.softDeleteRetentionInDays-range": (
        *(VAULT, "BadRequest", {"properties__softDeleteRetentionInDays": 6}),
        {"properties__softDeleteRetentionInDays": 7},
    ),
    "Key-properties.keySize": (KEY, "2048, 3072 or 4096", {"properties__keySize": 1024}, {"properties__keySize": 2048}),
    "Key-properties.rotationPolicy": (KEY, "BadParameter", rotation("P6D"), rotation("P7D", expiry="P28D")),
    "StorageAccount-identities": (
        *(ACCOUNT, "does not exist", {"identity__userAssignedIdentities": [f"{IDENTITY_ID}-2"]}),
        {"identity__userAssignedIdentities": [IDENTITY_ID]},
    ),
    "StorageAccount-key": (
        *(ACCOUNT, "KeyVaultKeyNotFound", {"encryption__keyVaultProperties__keyName": "cache"}),
        {"encryption__keyVaultProperties__keyVaultUri": "https://Keys-1.vault.azure.net/"},
    ),
    **{
        f"BlobServiceProperties-{name}.days-range": (
            SERVICE,
            "InvalidXmlNodeValue",
            {f"{name}__days": 366},
            {f"{name}__days": 365},
        )
        for name in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy")
    },
}
# Where everything exists: a second one like the first, and like it but for its name
TWICE: dict[str, tuple[str, str, Props]] = {
    "ResourceGroup-name-taken": (GROUP, "AlreadyExists", {"resourceGroupName": "rg-2"}),
    "VirtualNetwork-name-taken": (VNET, "AlreadyExists", {"virtualNetworkName": "net-2"}),
    "Subnet-name-taken": (SUBNET, "AlreadyExists", {"subnetName": "b", "addressPrefix": "10.0.1.0/24"}),
    "NetworkSecurityGroup-name-taken": (NSG, "AlreadyExists", {"networkSecurityGroupName": "nsg-2"}),
    "RouteTable-name-taken": (ROUTES, "AlreadyExists", {"routeTableName": "rt-2"}),
    "UserAssignedIdentity-name-taken": (IDENTITY, "AlreadyExists", {"resourceName": "user-2"}),
    "RoleAssignment-name-taken": (ASSIGNMENT, "AlreadyExists", {"roleAssignmentName": f"{GUID}1", "scope": VAULT_ID}),
    "Key-name-taken": (KEY, "Conflict", {"keyName": "cache"}),
    "BlobContainer-name-taken": (CONTAINER, "AlreadyExists", {"containerName": "archive"}),
}
# Where everything exists: the code, the change that is refused, the one that is not
CHANGED: dict[str, tuple[str, str, Props, Props]] = {
    "Subnet-defaultOutboundAccess-fixed": (
        *(SUBNET, "SubnetDefaultOutboundAccessCannotBeUpdated", {"defaultOutboundAccess": True}),
        {"privateEndpointNetworkPolicies": "Enabled"},
    ),
    "NetworkSecurityGroup-location-fixed": (
        *(NSG, "InvalidResourceLocation", {"location": "westus3"}),
        {"location": "East US2"},
    ),
    "Vault-properties.softDeleteRetentionInDays-fixed": (
        *(VAULT, "BadRequest", {"properties__softDeleteRetentionInDays": 30}),
        {"properties__publicNetworkAccess": "Disabled"},
    ),
    "StorageAccount-fixed": (
        *(ACCOUNT, "from Standard_ZRS to Standard_LRS", {"sku__name": "Standard_LRS"}),
        {"sku__name": "Standard_GZRS"},
    ),
    "StorageAccount-encryption.requireInfrastructureEncryption-fixed": (
        *(ACCOUNT, "AccountPropertyCannotBeUpdated", {"encryption__requireInfrastructureEncryption": True}),
        {"accessTier": "Cool"},
    ),
}


@pytest.mark.parametrize("rule", MADE)
def test_what_breaks_the_rule_is_not_made_and_its_near_miss_is(connect: Connect, rule: str) -> None:
    token, code, bad, good = MADE[rule]
    stage = Stage(connect, until=token)
    refuses(code, lambda: stage.make(token, **bad))
    stage.make(token, **good)


@pytest.mark.parametrize("rule", TWICE)
def test_a_name_is_had_once(connect: Connect, rule: str) -> None:
    token, code, other = TWICE[rule]
    stage = Stage(connect)
    refuses(code, lambda: stage.make(token))
    stage.make(token, **other)


@pytest.mark.parametrize("rule", CHANGED)
def test_what_is_fixed_is_not_changed_and_the_rest_is(connect: Connect, rule: str) -> None:
    token, code, bad, good = CHANGED[rule]
    stage = Stage(connect)
    refuses(code, lambda: stage.change(token, **bad))
    stage.change(token, **good)
