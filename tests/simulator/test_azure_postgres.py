"""Azure's databases: each rule refuses what it is about, and lets its near miss pass."""

import pytest

from simulator.azure.arm import ASSIGNMENT, LOCK
from simulator.azure.identity import DEPLOYER
from simulator.azure.keys import KEY, VAULT
from simulator.azure.postgres import ADMINISTRATOR, PARAMETER, SERVER
from simulator.values import Props
from tests.simulator.azure_stage import (
    GUID,
    IDENTITY_ID,
    VAULT_ID,
    VNET_ID,
    Case,
    Stage,
    changed,
    made,
    refuses,
    twice,
)
from tests.simulator.conftest import Connect

PASSWORD: Props = {"authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Enabled"}}
BURSTABLE: Props = {"sku": {"name": "Standard_B2s", "tier": "Burstable"}}


def _on_bare_vault(stage: Stage, protected: bool | None) -> str:
    stage.make(VAULT, vaultName="keys-2", properties__enablePurgeProtection=protected)
    stage.make(KEY, vaultName="keys-2")
    stage.make(ASSIGNMENT, scope=f"{VAULT_ID[:-1]}2", roleAssignmentName=f"{GUID}2")
    uri = "https://keys-2.vault.azure.net/keys/bucket"
    return stage.make(SERVER, serverName="db-2", dataEncryption__primaryKeyURI=uri)


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
