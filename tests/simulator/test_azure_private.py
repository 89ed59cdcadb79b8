"""Azure's databases, private names and ways, flow logs and locks: each rule refuses, and lets its near miss pass."""

from collections.abc import Callable

import pytest

from simulator.azure.arm import ASSIGNMENT, GROUP, LOCK
from simulator.azure.dns import ENDPOINT, LINK, NAMES, ZONE
from simulator.azure.keys import DEPLOYER, KEY, VAULT
from simulator.azure.logs import FLOWS
from simulator.azure.network import SUBNET, VNET
from simulator.azure.postgres import ADMINISTRATOR, PARAMETER, SERVER
from simulator.azure.storage import ACCOUNT, CONTAINER
from simulator.values import Props
from tests.simulator.azure_stage import (
    ACCOUNT_ID,
    BLOBS,
    GUID,
    IDENTITY_ID,
    IN,
    KEY_ID,
    OFFICER,
    ROUTES_ID,
    SERVER_ID,
    VAULT_ID,
    VNET_ID,
    ZONES,
    Stage,
    leads,
    refuses,
)
from tests.simulator.conftest import Connect

Act = Callable[[Stage], object]
Case = tuple[str, str, Act, Act]  # what exists before which type; the code; what is refused; the near miss
PASSWORD: Props = {"authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Enabled"}}
BURSTABLE: Props = {"sku": {"name": "Standard_B2s", "tier": "Burstable"}}
POSTGRES = "privatelink.postgres.database.azure.com"


def made(token: str, code: str, bad: Props, good: Props) -> Case:
    return token, code, lambda s: s.make(token, **bad), lambda s: s.make(token, **good)


def twice(token: str, code: str, other: Props) -> Case:
    return LOCK, code, lambda s: s.make(token), lambda s: s.make(token, **other)


def changed(token: str, code: str, bad: Props, good: Props) -> Case:
    return LOCK, code, lambda s: s.change(token, **bad), lambda s: s.change(token, **good)


def _second_network(stage: Stage, name: str, region: str) -> str:
    network = stage.make(VNET, virtualNetworkName=name, location=region)
    edits = {"networkSecurityGroup": None, "routeTable": None}
    stage.make(SUBNET, virtualNetworkName=name, **edits)
    return network


def _endpoint_in(stage: Stage, region: str) -> str:
    subnet = {"id": f"{_second_network(stage, f'net-{region}', region)}/subnets/a"}
    return stage.make(ENDPOINT, privateEndpointName=region, subnet=subnet)


def _linked_to_another_group(stage: Stage, network: str) -> str:
    stage.engine.create(GROUP, "x", {"resourceGroupName": "rg-2"})
    stage.make(ZONE, resourceGroupName="rg-2")
    return stage.make(LINK, resourceGroupName="rg-2", virtualNetwork={"id": network})


def _on_bare_vault(stage: Stage, protected: bool | None) -> str:
    stage.make(VAULT, vaultName="keys-2", properties__enablePurgeProtection=protected)
    stage.make(KEY, vaultName="keys-2")
    stage.make(ASSIGNMENT, scope=f"{VAULT_ID[:-1]}2", roleAssignmentName=f"{GUID}2")
    uri = "https://keys-2.vault.azure.net/keys/bucket"
    return stage.make(SERVER, serverName="db-2", dataEncryption__primaryKeyURI=uri)


def _closed(stage: Stage, bypass: str) -> str:
    stage.change(ACCOUNT, networkRuleSet={"defaultAction": "Deny", "bypass": bypass})
    return stage.make(FLOWS)


CASES: dict[str, Case] = {
    "Server-serverName-form": made(SERVER, "InvalidServerName", {"serverName": "Db"}, {"serverName": "db-" + "9" * 60}),
    "Server-name-taken": (
        *(LOCK, "ServerNameAlreadyExists", lambda s: s.make(SERVER, s.elsewhere())),
        lambda s: s.make(SERVER, serverName="db-2"),
    ),
    "Server-identities": made(
        *(SERVER, "FailedIdentityOperation"),
        {"identity__userAssignedIdentities": {IDENTITY_ID: {}, f"{IDENTITY_ID}-2": {}}},
        {"identity__userAssignedIdentities": {IDENTITY_ID: {}}},
    ),
    "Server-key": made(
        *(
            SERVER,
            "KeyVaultKeyNotFound",
            {"dataEncryption__primaryKeyURI": "https://keys-1.vault.azure.net/keys/cache"},
        ),
        {"dataEncryption__primaryKeyURI": f"https://keys-1.vault.azure.net/keys/bucket/{'1' * 32}"},
    ),
    "Server-purgeable": (
        *(SERVER, "KeyVaultNotPurgeProtected", lambda s: _on_bare_vault(s, None)),
        lambda s: (s.change(VAULT, vaultName="keys-2"), s.make(SERVER)),
    ),
    "Server-granted": (
        *(SERVER, "KeyVaultAccessDenied", lambda s: (s.drop(ASSIGNMENT), s.make(SERVER))),
        lambda s: (s.make(ASSIGNMENT), s.make(SERVER)),
    ),
    "Server-dataEncryption.type-fixed": changed(
        *(SERVER, "PropertyChangeNotAllowed", {"dataEncryption": None}),
        {"dataEncryption__primaryKeyURI": f"https://keys-1.vault.azure.net/keys/bucket/{'1' * 32}"},
    ),
    "Server-network.delegatedSubnetResourceId-fixed": changed(
        *(SERVER, "PropertyChangeNotAllowed", {"network__delegatedSubnetResourceId": f"{VNET_ID}/subnets/a"}),
        {"network__publicNetworkAccess": "Enabled"},
    ),
    "Server-backup.geoRedundantBackup-fixed": changed(
        *(SERVER, "PropertyChangeNotAllowed", {"backup__geoRedundantBackup": "Enabled"}),
        {"backup__backupRetentionDays": 35},
    ),
    "Server-storage.storageSizeGB": made(
        SERVER, "power of two", {"storage__storageSizeGB": 100}, {"storage__storageSizeGB": 32}
    ),
    "Server-backup.backupRetentionDays-range": made(
        SERVER, "InvalidParameterValue", {"backup__backupRetentionDays": 36}, {"backup__backupRetentionDays": 7}
    ),
    "Server-sku": made(
        *(SERVER, "InvalidSkuName", {"sku__name": "Standard_E2ds_v5"}),
        {"sku": {"name": "Standard_E2ds_v5", "tier": "MemoryOptimized"}},
    ),
    "Server-burstable": made(
        SERVER, "HANotSupportedForBurstableSku", BURSTABLE, {**BURSTABLE, "highAvailability": {"mode": "Disabled"}}
    ),
    "Server-zones": made(
        *(SERVER, "AvailabilityZoneNotSupported", {"highAvailability__standbyAvailabilityZone": "1"}),
        {"highAvailability__standbyAvailabilityZone": "3"},
    ),
    "Server-login": made(
        *(SERVER, "password login", {**PASSWORD, "administratorLogin": "root"}),
        {**PASSWORD, "administratorLogin": "root", "administratorLoginPassword": "not a real one"},
    ),
    "Server-grows": changed(
        *(SERVER, "`storage.storageSizeGB` cannot go from 64 to 32", {"storage__storageSizeGB": 32}),
        {"storage__storageSizeGB": 128, "version": "18"},
    ),
    "Configuration-configurationName-form": made(
        *(PARAMETER, "ConfigurationNotExists", {"configurationName": "force_ssl"}),
        {"configurationName": "log_connections"},
    ),
    "Configuration-value": made(
        *(PARAMETER, "InvalidParameterValue"),
        {"configurationName": "ssl_min_protocol_version", "value": "TLSv1.1"},
        {"configurationName": "ssl_min_protocol_version", "value": "TLSv1.3"},
    ),
    "AdministratorsMicrosoftEntra-name-taken": twice(
        ADMINISTRATOR, "AlreadyExists", {"objectId": DEPLOYER["objectId"]}
    ),
    "AdministratorsMicrosoftEntra-principal": made(ADMINISTRATOR, "PrincipalNotFound", {"objectId": f"{GUID}0"}, {}),
    "AdministratorsMicrosoftEntra-entra": (
        *(ADMINISTRATOR, "AadAuthNotEnabled"),
        lambda s: (s.change(SERVER, authConfig={"passwordAuth": "Enabled"}), s.make(ADMINISTRATOR)),
        lambda s: (s.change(SERVER), s.make(ADMINISTRATOR)),
    ),
    "PrivateZone-privateZoneName-form": made(
        ZONE, "BadRequest", {"privateZoneName": "x.internal."}, {"privateZoneName": "x.internal"}
    ),
    "PrivateZone-location": made(
        ZONE, "LocationNotAvailableForResourceType", {"location": "eastus2"}, {"location": "global"}
    ),
    "PrivateZone-name-taken": twice(ZONE, "AlreadyExists", {"privateZoneName": POSTGRES}),
    "PrivateZone-linked": (
        *(LOCK, "CannotDeleteResource", lambda s: s.drop(ZONE)),
        lambda s: (s.drop(LINK), s.drop(ZONE)),
    ),
    "VirtualNetworkLink-virtualNetwork.id": made(
        LINK, "InvalidResourceReference", {"virtualNetwork": {"id": f"{VNET_ID}-2"}}, {}
    ),
    "VirtualNetworkLink-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: s.make(LINK)),
        lambda s: (s.drop(LINK), s.make(LINK, virtualNetworkLinkName="net-2")),
    ),
    "VirtualNetworkLink-once": (
        *(LOCK, "is linked to a zone", lambda s: _linked_to_another_group(s, VNET_ID)),
        lambda s: s.make(LINK, resourceGroupName="rg-2", virtualNetwork={"id": _second_network(s, "net-2", "eastus2")}),
    ),
    "PrivateEndpoint-name-taken": twice(ENDPOINT, "AlreadyExists", {"privateEndpointName": "more"}),
    "PrivateEndpoint-subnet.id": made(
        ENDPOINT, "InvalidResourceReference", {"subnet": {"id": f"{VNET_ID}/subnets/b"}}, {}
    ),
    "PrivateEndpoint-region": (
        *(LOCK, "is in westus3", lambda s: _endpoint_in(s, "westus3")),
        lambda s: _endpoint_in(s, "eastus2"),
    ),
    "PrivateEndpoint-target": made(
        *(ENDPOINT, "none of its groups", {"privateLinkServiceConnections": leads(SERVER_ID, "blob")}),
        {"privateLinkServiceConnections": leads(SERVER_ID, "postgresqlServer")},
    ),
    "PrivateEndpoint-subnet.id-fixed": (
        *(LOCK, "BadRequest"),
        lambda s: s.change(ENDPOINT, subnet={"id": f"{_second_network(s, 'net-2', 'eastus2')}/subnets/a"}),
        lambda s: s.change(ENDPOINT, tags={"a": "b"}),
    ),
    "PrivateEndpoint-privateLinkServiceConnections.privateLinkServiceId-fixed": (
        *(LOCK, "privateLinkServiceId` cannot be changed"),
        lambda s: s.change(
            ENDPOINT, privateLinkServiceConnections=leads(s.make(ACCOUNT, accountName="ours2", encryption=None))
        ),
        lambda s: s.change(ENDPOINT),
    ),
    "PrivateEndpoint-privateLinkServiceConnections.groupIds-fixed": changed(
        ENDPOINT, "BadRequest", {"privateLinkServiceConnections": leads(ACCOUNT_ID, "dfs")}, {}
    ),
    "Subnet-occupied": (
        *(LOCK, "InUseSubnetCannotBeDeleted", lambda s: s.drop(VNET)),
        lambda s: (s.drop(ENDPOINT), s.drop(SUBNET), s.drop(VNET)),
    ),
    "PrivateDnsZoneGroup-name-taken": twice(NAMES, "AlreadyExists", {"privateDnsZoneGroupName": "more"}),
    "PrivateDnsZoneGroup-privateDnsZoneConfigs.privateDnsZoneId": made(
        NAMES, "InvalidResourceReference", {"privateDnsZoneConfigs": [{"privateDnsZoneId": f"{ZONES}x.internal"}]}, {}
    ),
    "PrivateDnsZoneGroup-zone": (
        *(NAMES, f"is not the zone of ['blob']: {BLOBS}"),
        lambda s: s.make(NAMES, privateDnsZoneConfigs=[{"privateDnsZoneId": s.make(ZONE, privateZoneName=POSTGRES)}]),
        lambda s: s.make(NAMES),
    ),
    "FlowLog-name-taken": twice(FLOWS, "AlreadyExists", {"flowLogName": "more"}),
    "FlowLog-targetResourceId": made(FLOWS, "does not exist in", {"targetResourceId": ROUTES_ID}, {}),
    "FlowLog-storageId": (
        *(FLOWS, "does not exist in eastus2"),
        lambda s: s.make(FLOWS, storageId=s.make(ACCOUNT, accountName="west", location="westus3")),
        lambda s: s.make(FLOWS, storageId=s.make(ACCOUNT, accountName="east")),
    ),
    "FlowLog-watcher": made(
        *(FLOWS, "ResourceNotFound", {"networkWatcherName": "NetworkWatcher_westus3"}),
        {"resourceGroupName": "networkwatcherrg"},
    ),
    "FlowLog-reaches": (
        *(FLOWS, "StorageAccountAccessDenied", lambda s: _closed(s, "None")),
        lambda s: _closed(s, "AzureServices"),
    ),
    "FlowLog-retentionPolicy.days-range": made(
        FLOWS, "InvalidRequestFormat", {"retentionPolicy__days": 366}, {"retentionPolicy__days": 0}
    ),
    "ManagementLockByScope-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: (s.make(LOCK), s.make(LOCK))),
        lambda s: s.make(LOCK, lockName="more"),
    ),
    "ManagementLockByScope-deletes": (
        *(LOCK, "ScopeLocked", lambda s: (s.make(LOCK), s.drop(SERVER))),
        lambda s: (s.change(SERVER, tags={"a": "b"}), s.drop(LOCK), s.drop(SERVER)),
    ),
    "ManagementLockByScope-writes": (
        *(LOCK, "ScopeLocked", lambda s: (s.make(LOCK, level="ReadOnly"), s.change(SERVER))),
        lambda s: (s.change(LOCK, level="CanNotDelete"), s.change(SERVER)),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = Stage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


@pytest.mark.parametrize(
    ("refusal", "edits"),
    [
        ("westus has none", {"location": "westus"}),
        ("eastus2 has no zone 4", {"availabilityZone": "4"}),
        ("", {"location": "westus", "availabilityZone": None, "highAvailability": None}),
        ("Entra login is not on", {"authConfig": {"activeDirectoryAuth": "Disabled", "passwordAuth": "Disabled"}}),
        ("none of", {"sku__tier": "Basic"}),
        ("power of two", {"storage__storageSizeGB": 16}),
        ("InvalidParameterValue", {"backup__backupRetentionDays": 6}),
        ("no user-assigned identity of it", {"identity": None}),
        ("", {"identity": None, "dataEncryption": None}),
    ],
)
def test_a_server_is_what_the_service_offers(connect: Connect, refusal: str, edits: Props) -> None:
    stage = Stage(connect, until=SERVER)
    if refusal:
        refuses(refusal, lambda: stage.make(SERVER, **edits))
    else:
        stage.make(SERVER, **edits)


def test_a_closed_vault_must_let_the_database_in(connect: Connect) -> None:
    stage = Stage(connect, until=SERVER)
    closed: Props = {"properties__publicNetworkAccess": "Disabled"}
    stage.change(VAULT, **closed, properties__networkAcls={"bypass": "None"})
    refuses("trusted services", lambda: stage.make(SERVER))
    stage.change(VAULT, **closed, properties__networkAcls={"bypass": "AzureServices"})
    stage.make(SERVER)


def test_a_version_does_not_go_down(connect: Connect) -> None:
    refuses("`version` cannot go from 17 to 16", lambda: Stage(connect).change(SERVER, version="16"))


def test_a_parameter_always_exists_and_its_deletion_sets_it_back(connect: Connect) -> None:
    stage = Stage(connect)
    again = stage.make(PARAMETER, value="off")
    assert (stage.states[PARAMETER]["value"], stage.states[PARAMETER]["allowedValues"]) == ("off", "on,off")
    stage.engine.delete(PARAMETER, again)
    assert stage.engine.read(PARAMETER, again) == ({}, {})
    stage.make(PARAMETER, value=None, source=None)
    assert (stage.states[PARAMETER]["value"], stage.states[PARAMETER]["source"]) == ("on", "system-default")


def test_an_endpoint_leads_to_what_exists(connect: Connect) -> None:
    stage = Stage(connect, until=ENDPOINT)
    refuses("does not exist", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=leads(f"{ACCOUNT_ID}2")))
    refuses("no private endpoints", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=leads(VNET_ID)))
    refuses("leads nowhere", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=None))
    stage.make(ENDPOINT, privateLinkServiceConnections=leads(VAULT_ID, "vault"))


def test_a_locked_resource_keeps_its_group_and_what_is_in_it(connect: Connect) -> None:
    stage = Stage(connect)
    stage.make(LOCK, scope=ACCOUNT_ID)
    for token in (GROUP, ACCOUNT, CONTAINER):
        refuses("ScopeLocked", lambda token=token: stage.drop(token))
    stage.drop(SERVER)
    stage.drop(LOCK)
    stage.drop(CONTAINER)
    stage.drop(GROUP)


def test_a_locked_group_keeps_all_that_is_in_it_but_keys(connect: Connect) -> None:
    stage = Stage(connect)
    deployer = {"principalId": DEPLOYER["objectId"], "roleDefinitionId": OFFICER}
    stage.make(ASSIGNMENT, scope=KEY_ID, roleAssignmentName=f"{GUID}1", **deployer)
    stage.make(LOCK, scope=IN.removesuffix("/providers"))
    for token in (ASSIGNMENT, SERVER, VNET, ENDPOINT):
        refuses("ScopeLocked", lambda token=token: stage.drop(token))
    stage.drop(PARAMETER)
    stage.drop(KEY)
    stage.drop(FLOWS)
