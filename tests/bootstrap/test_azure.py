"""What the pipelines' identities may do on Azure, and what they are denied."""

import fnmatch
from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.azure.permissions import (
    BLOBS,
    IDENTITIES,
    KEYS,
    MAKE,
    OF_ADMINISTRATOR,
    PRIVILEGED,
    RBAC_ADMINISTRATOR,
    condition,
)
from tests.bootstrap.conftest import DEPLOY as DEPLOYS
from tests.bootstrap.conftest import PREVIEW as PREVIEWS
from tests.bootstrap.conftest import made, output
from tests.components.identity.azure_rbac import BUILT_IN
from tests.conftest import Standing

SUBSCRIPTION = "/subscriptions/00000000-0000-4000-8000-00000000d3e0"
CHANGES = ("write", "delete", "action")


def of_type(standing: Standing, token: str) -> list[dict[str, Any]]:
    return [r["outputs"] for r in standing.of_type("azure", f"azure-native:{token}")]


def identity(standing: Standing, who: str) -> dict[str, Any]:
    client = output(standing, "azure", who)
    everyone = of_type(standing, "managedidentity:UserAssignedIdentity")
    return next(one for one in everyone if one["clientId"] == client)


def held(standing: Standing, who: str) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Scope, actions and data actions of each role that somebody has, but for the one that gives roles."""
    own = {
        role["inputs"]["roleDefinitionId"]: role["inputs"]["permissions"][0]
        for role in standing.of_type("azure", "azure-native:authorization:RoleDefinition")
    }
    principal = identity(standing, who)["principalId"]
    for given in of_type(standing, "authorization:RoleAssignment"):
        guid = given["roleDefinitionId"].rpartition("/")[2]
        if given["principalId"] == principal and guid != RBAC_ADMINISTRATOR:
            role = own.get(guid) or {"actions": [], "dataActions": BUILT_IN[guid]}
            yield given["scope"], tuple(role.get("actions", ())), tuple(role.get("dataActions", ()))


def may(standing: Standing, who: str, action: str, on: str, data: bool = True) -> bool:
    for scope, actions, data_actions in held(standing, who):
        inside = f"{on}/".lower().startswith(f"{scope}/".lower())
        patterns = data_actions if data else actions
        if inside and any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns):
            return True
    return False


def container(standing: Standing, name: str) -> str:
    found = standing.of_type("azure", "azure-native:storage:BlobContainer")
    return str(next(r["id"] for r in found if r["outputs"]["name"] == name))


def key(standing: Standing, name: str) -> str:
    found = standing.of_type("azure", "azure-native:keyvault:Key")
    return str(next(r["id"] for r in found if r["id"].endswith(f"/keys/{name}")))


@pytest.mark.parametrize(("who", "subject"), [("preview", PREVIEWS), ("deploy", DEPLOYS)])
def test_an_identity_trusts_one_subject_and_audience_of_the_issuer(first_day: Standing, who: str, subject: str) -> None:
    mine = identity(first_day, who)["name"]
    all_ = first_day.of_type("azure", "azure-native:managedidentity:FederatedIdentityCredential")
    [trust] = [r["inputs"] for r in all_ if r["inputs"]["resourceName"] == mine]
    assert trust["subject"] == subject
    assert trust["issuer"] == "https://token.actions.githubusercontent.com"
    assert trust["audiences"] == ["api://AzureADTokenExchange"]


def test_preview_reads_the_state_and_decrypts_its_secrets(first_day: Standing) -> None:
    state, own, secrets = (
        container(first_day, "state"),
        container(first_day, "bootstrap"),
        key(first_day, "state-secrets"),
    )
    assert may(first_day, "preview", f"{BLOBS}/read", state)
    assert not may(first_day, "preview", f"{BLOBS}/write", state)
    assert not may(first_day, "preview", f"{BLOBS}/read", own)
    assert may(first_day, "preview", f"{KEYS}/decrypt/action", secrets)
    assert not may(first_day, "preview", f"{KEYS}/encrypt/action", secrets)
    assert not may(first_day, "preview", f"{KEYS}/decrypt/action", key(first_day, "state"))


def test_preview_changes_nothing(first_day: Standing) -> None:
    for _, actions, data_actions in held(first_day, "preview"):
        changing = [a for a in (*actions, *data_actions) if a.rpartition("/")[2] in CHANGES]
        assert set(changing) <= {
            f"{KEYS}/decrypt/action",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        }


def test_deploy_writes_the_state_and_not_that_of_the_first_day(first_day: Standing) -> None:
    state, own, secrets = (
        container(first_day, "state"),
        container(first_day, "bootstrap"),
        key(first_day, "state-secrets"),
    )
    for verb in ("read", "write", "add/action", "delete"):
        assert may(first_day, "deploy", f"{BLOBS}/{verb}", state)
        assert not may(first_day, "deploy", f"{BLOBS}/{verb}", own)
    assert may(first_day, "deploy", f"{KEYS}/encrypt/action", secrets)
    assert not may(first_day, "deploy", f"{KEYS}/wrap/action", key(first_day, "state"))
    assert not may(first_day, "deploy", f"{BLOBS}/deleteBlobVersion/action", state)


@pytest.mark.parametrize(
    "action",
    [
        *("Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/elevateAccess/action"),
        *("Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.KeyVault/vaults/accessPolicies/write"),
        *("Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",),
        *("Microsoft.ContainerService/managedClusters/runCommand/action", "Microsoft.Compute/virtualMachines/write"),
    ],
)
def test_deploy_cannot(first_day: Standing, action: str) -> None:
    assert not may(first_day, "deploy", action, SUBSCRIPTION, data=False)


def test_deploy_makes_what_data_planes_are_made_of_in_its_subscription_alone(first_day: Standing) -> None:
    write = "Microsoft.Network/virtualNetworks/write"
    assert may(first_day, "deploy", write, f"{SUBSCRIPTION}/resourceGroups/rampart-azure-eastus2", data=False)
    assert not may(first_day, "deploy", write, f"{SUBSCRIPTION[:-1]}1/resourceGroups/rampart", data=False)
    assert not may(first_day, "preview", write, SUBSCRIPTION, data=False)


def test_deploy_gives_no_role_that_gives_roles_and_none_to_people(first_day: Standing) -> None:
    everyone = first_day.of_type("azure", "azure-native:authorization:RoleAssignment")
    [given] = [r["inputs"] for r in everyone if r["inputs"]["roleDefinitionId"].endswith(RBAC_ADMINISTRATOR)]
    assert given["principalId"] == identity(first_day, "deploy")["principalId"]
    assert (given["condition"], given["conditionVersion"]) == (condition(), "2.0")
    for verb, source in (("write", "Request"), ("delete", "Resource")):
        [branch] = [part for part in condition().split(" AND (") if f"roleAssignments/{verb}'" in part]
        assert f"@{source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId]" in branch
        assert all(guid in branch for guid in PRIVILEGED)


def test_nobody_reaches_state_and_keys_from_elsewhere(first_day: Standing) -> None:
    for account in of_type(first_day, "storage:StorageAccount"):
        audit = account["name"].startswith("rpaudit")
        assert account["networkRuleSet"]["defaultAction"] == "Deny"
        assert account["publicNetworkAccess"] == ("Disabled" if audit else "Enabled")
        let_in = [rule["iPAddressOrRange"] for rule in account["networkRuleSet"].get("ipRules", ())]
        assert let_in == ([] if audit else ["203.0.113.16/28"])
    [vault] = of_type(first_day, "keyvault:Vault")
    acls = vault["properties"]["networkAcls"]
    assert (acls["defaultAction"], acls["ipRules"]) == ("Deny", [{"value": "203.0.113.16/28"}])


def test_the_secrets_provider_names_a_version_of_the_key(first_day: Standing) -> None:
    """Without one Pulumi decrypts with the newest version only, and a rotation locks every stack."""
    scheme, _, path = output(first_day, "azure", "secrets_provider").partition("://")
    assert scheme == "azurekeyvault"
    assert len(path.split("/")) == 4


def test_every_type_that_a_data_plane_holds_has_its_actions() -> None:
    """One that is new wants a row in bootstrap/azure/permissions.py."""
    known = {token for row in (*MAKE, *IDENTITIES) for token in row.types.split()} | {OF_ADMINISTRATOR}
    assert not made("azure") - known
