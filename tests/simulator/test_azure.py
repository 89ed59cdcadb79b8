"""What Azure does its own way: ids and outputs, names, locations, replacement, deletion."""

import json
import uuid
from typing import Any

import pytest

from simulator import sdk
from simulator.azure.arm import ASSIGNMENT, GROUP
from simulator.azure.dns import ENDPOINT
from simulator.azure.identity import DEPLOYER, IDENTITY
from simulator.azure.keys import KEY, VAULT
from simulator.azure.logs import FLOWS
from simulator.azure.network import NSG, SUBNET, VNET
from simulator.azure.postgres import SERVER
from simulator.azure.storage import ACCOUNT, CONTAINER
from simulator.state import Store
from simulator.values import UNKNOWN, Props, Secret
from tests.simulator.azure_stage import (
    GOOD,
    GUID,
    HOME,
    IDENTITY_ID,
    KEY_ID,
    NSG_ID,
    OFFICER,
    READER,
    ROTATE,
    TENANT,
    VAULT_ID,
    Stage,
    refuses,
)
from tests.simulator.conftest import Connect, Refused


def test_outputs_have_the_forms_of_the_real_provider(connect: Connect) -> None:
    stage = Stage(connect)
    key, user, account = (stage.states[token] for token in (KEY, IDENTITY, ACCOUNT))
    assert [stage.ids[KEY], stage.ids[IDENTITY], stage.ids[NSG]] == [KEY_ID, IDENTITY_ID, NSG_ID]
    assert stage.ids[CONTAINER].endswith("/storageAccounts/ours1/blobServices/default/containers/traces")
    assert stage.ids[ASSIGNMENT] == f"{KEY_ID}/providers/Microsoft.Authorization/roleAssignments/{GUID}0"
    assert stage.states[CONTAINER]["type"] == "Microsoft.Storage/storageAccounts/blobServices/containers"
    assert stage.states[VAULT]["properties"]["vaultUri"] == "https://keys-1.vault.azure.net/"
    assert key["keyUri"] == "https://keys-1.vault.azure.net/keys/bucket"
    assert uuid.UUID(key["keyUriWithVersion"].removeprefix(key["keyUri"] + "/"))
    assert key["keySize"] == 3072
    assert "properties" not in key
    assert len({uuid.UUID(user[name]) for name in ("principalId", "clientId", "tenantId")}) == 3
    ids = {name: user[name] for name in ("principalId", "clientId")}
    assert account["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: ids}}
    assert stage.states[SERVER]["identity"]["userAssignedIdentities"] == {IDENTITY_ID: ids}
    assert stage.states[SERVER]["fullyQualifiedDomainName"] == "db-1.postgres.database.azure.com"
    assert account["primaryEndpoints"]["blob"] == "https://ours1.blob.core.windows.net/"
    assert all(state["name"] == stage.ids[token].rpartition("/")[2] for token, state in stage.states.items())


def test_what_the_cloud_gave_stays_through_an_update(connect: Connect) -> None:
    stage = Stage(connect)
    before = dict(stage.states)
    for token in before:
        assert stage.change(token) == before[token]
    stage.change(VAULT, properties__enablePurgeProtection=None)
    assert stage.states[VAULT]["properties"]["enablePurgeProtection"] is True


def test_a_key_that_exists_is_not_changed_by_an_update(connect: Connect) -> None:
    stage = Stage(connect)
    yearly = {"lifetimeActions": [{**ROTATE, "trigger": {"timeAfterCreate": "P365D"}}]}
    after = stage.change(KEY, properties__rotationPolicy=yearly)
    assert after["rotationPolicy"] == {"lifetimeActions": [ROTATE]}


@pytest.mark.parametrize("token", GOOD)
def test_a_second_run_sees_no_difference(connect: Connect, token: str) -> None:
    stage = Stage(connect, until=token)
    first = stage.engine.check(token, "x", stage.inputs(token))
    assert not stage.engine.diff(token, first, stage.engine.check(token, "x", stage.inputs(token), first)).diffs


def test_names_are_made_as_the_provider_makes_them_and_kept(connect: Connect) -> None:
    engine, group = connect("azure-native"), {"resourceGroupName": "rg"}
    net = engine.check(VNET, "net", group)
    assert net["virtualNetworkName"][:3] == "net"
    assert len(net["virtualNetworkName"]) == 11
    assert int(net["virtualNetworkName"][3:], 16) >= 0
    assert engine.check(VNET, "net", group, net) == net
    subnet = engine.check(SUBNET, "workloads", {**group, "virtualNetworkName": "net"})
    assert subnet["subnetName"] == "workloads"
    grant: Props = {"scope": VAULT_ID, "roleDefinitionId": READER, "principalId": TENANT}
    assert uuid.UUID(engine.check(ASSIGNMENT, "grant", grant)["roleAssignmentName"])


def test_a_location_is_the_providers_or_else_the_groups(connect: Connect) -> None:
    nowhere = connect("azure-native", {**HOME, "location": ""})
    nowhere.create(GROUP, "x", {"resourceGroupName": "rg", "location": "West US 3"})
    bare = {"resourceGroupName": "rg"}
    assert nowhere.check(NSG, "x", bare)["location"] == "westus3"
    assert connect("azure-native").check(NSG, "x", bare)["location"] == "eastus2"
    assert nowhere.check(NSG, "x", {**bare, "location": "East US"})["location"] == "eastus"
    assert nowhere.check(NSG, "x", {"resourceGroupName": UNKNOWN}).get("location") is UNKNOWN


@pytest.mark.parametrize(
    ("token", "edits", "replaced"),
    [
        (GROUP, {"location": "westus3"}, True),
        (VNET, {"location": "westus3"}, True),
        (VNET, {"addressSpace__addressPrefixes": ["10.0.0.0/15"]}, False),
        (SUBNET, {"virtualNetworkName": "net-2"}, True),
        (SUBNET, {"addressPrefix": "10.0.1.0/24"}, False),
        (NSG, {"location": "westus3"}, False),
        (NSG, {"resourceGroupName": "rg-2"}, True),
        (KEY, {"keyName": "cache"}, True),
        (KEY, {"properties__keySize": 4096}, False),
        (IDENTITY, {"location": "westus3"}, True),
        (ASSIGNMENT, {"scope": VAULT_ID}, True),
        (ASSIGNMENT, {"roleDefinitionId": READER}, True),
        (ASSIGNMENT, {"principalId": DEPLOYER["objectId"]}, True),
        (ACCOUNT, {"isHnsEnabled": True}, True),
        (ACCOUNT, {"kind": "BlobStorage"}, False),
        (SERVER, {"location": "westus3"}, True),
        (SERVER, {"availabilityZone": "3"}, True),
        (SERVER, {"administratorLogin": "root"}, True),
        (SERVER, {"version": "18", "storage__storageSizeGB": 128, "sku__name": "Standard_D4ds_v5"}, False),
        (SERVER, {"dataEncryption": None}, False),
        (ENDPOINT, {"subnet": {"id": "another"}}, False),
    ],
)
def test_what_replaces_and_what_is_left_to_the_cloud_to_refuse(
    connect: Connect, token: str, edits: Props, replaced: bool
) -> None:
    stage = Stage(connect, until=token)
    old, new = (stage.engine.check(token, "x", stage.inputs(token, **given)) for given in ({}, edits))
    answer = stage.engine.diff(token, old, new)
    assert answer.diffs
    assert bool(answer.replaces) == replaced


def test_a_group_takes_what_is_in_it_along_and_vault_and_key_keep_their_names(connect: Connect) -> None:
    stage = Stage(connect)
    stage.drop(GROUP)
    assert all(stage.engine.read(token, stage.ids[token]) == ({}, {}) for token in stage.ids if token != FLOWS)
    stage.make(GROUP)
    stage.make(VNET)
    refuses("ConflictError", lambda: stage.make(VAULT))


def test_a_deleted_key_keeps_its_name(connect: Connect) -> None:
    stage = Stage(connect)
    stage.make(ASSIGNMENT, roleAssignmentName=f"{GUID}1", principalId=DEPLOYER["objectId"], roleDefinitionId=OFFICER)
    stage.drop(KEY)
    refuses("Conflict", lambda: stage.make(KEY))
    stage.make(KEY, keyName="bucket-2")


def _unknown(tree: Any) -> Any:
    """The same tree, with no value in it known."""
    if isinstance(tree, dict):
        return {key: _unknown(item) for key, item in tree.items()}
    return [_unknown(item) for item in tree * 2] if isinstance(tree, list) else UNKNOWN


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("token", GOOD)
def test_what_is_not_known_yet_is_not_refused_at_a_preview(
    connect: Connect, token: str, whole: bool, store: Store
) -> None:
    asked = sdk.describe("azure-native", token)["inputs"].items()
    given = {name: GOOD[token].get(name, "") for name, about in asked if about["required"] or name in GOOD[token]}
    hidden = dict.fromkeys(given, UNKNOWN) if whole else _unknown(given)
    id_, shown = connect("azure-native").create(token, "x", hidden, preview=True)
    assert (id_, shown["name"]) == ("", UNKNOWN)
    assert not list(store.all("azure-native"))


@pytest.mark.parametrize("token", [ACCOUNT, VAULT, KEY, SERVER])
def test_a_preview_of_a_change_shows_outputs_not_inputs(connect: Connect, token: str) -> None:
    stage, tagged = Stage(connect), {"tags": {"a": "b"}}
    shown = stage.engine.update(
        token, stage.ids[token], stage.states[token], stage.inputs(token, **tagged), preview=True
    )
    assert shown == stage.change(token, **tagged)


def test_secrets_stay_secret(connect: Connect, store: Store) -> None:
    stage = Stage(connect, until=VAULT)
    stage.make(VAULT, tags=Secret({"owner": "somebody"}))
    assert stage.states[VAULT]["tags"] == Secret({"owner": "somebody"})
    (record,) = (record for record in store.all("azure-native") if record.type == VAULT)
    assert "somebody" not in json.dumps([record.inputs, record.outputs])
    stage.make(KEY)


def test_the_deployer_is_known_by_lookup(connect: Connect) -> None:
    found = connect("azure-native").invoke("azure-native:authorization:getClientConfig", {})
    assert found == {**DEPLOYER, "subscriptionId": HOME["subscriptionId"], "tenantId": TENANT}


@pytest.mark.parametrize(("name", "value"), [("subscriptionId", "prod"), ("tenantId", "us"), ("location", "eastus9")])
def test_a_provider_is_not_configured_with_what_does_not_exist(connect: Connect, name: str, value: str) -> None:
    with pytest.raises(Refused, match=value):
        connect("azure-native", {**HOME, name: value})
