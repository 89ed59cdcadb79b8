"""Azure's rules on what resources are to each other, the use of keys above all."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.azure import CLOUD
from simulator.azure.arm import ASSIGNMENT
from simulator.azure.identity import DEPLOYER
from simulator.azure.keys import KEY, VAULT
from simulator.azure.network import NSG, ROUTES, SUBNET
from simulator.azure.storage import ACCOUNT, CONTAINER, POLICY, SERVICE
from simulator.rules import of_cloud
from simulator.values import Props
from tests.simulator import (
    test_azure_clusters,
    test_azure_peering,
    test_azure_postgres,
    test_azure_private,
    test_azure_records,
    test_azure_workloads,
)
from tests.simulator.azure_stage import GUID, IN, KEY_ID, OFFICER, READER, VAULT_ID, Stage, refuses
from tests.simulator.conftest import Connect
from tests.simulator.test_azure_rules import CHANGED, MADE, TWICE

Act = Callable[[Stage], object]
DEPLOYS = DEPLOYER["objectId"]


def _on_another_vault(stage: Stage, **edits: Any) -> str:
    stage.make(VAULT, vaultName="keys-2", **edits)
    stage.make(KEY, vaultName="keys-2")
    stage.make(ASSIGNMENT, scope=f"{VAULT_ID[:-1]}2", roleAssignmentName=f"{GUID}2")
    uri = "https://keys-2.vault.azure.net/"
    return stage.make(ACCOUNT, accountName="ours2", encryption__keyVaultProperties__keyVaultUri=uri)


def _in_vault(stage: Stage, sku: str, kty: str) -> str:
    stage.make(VAULT, vaultName=f"keys-{sku}", properties__sku__name=sku)
    return stage.make(KEY, vaultName=f"keys-{sku}", properties__kty=kty)


def _key_deleted_by(stage: Stage, role: str) -> None:
    name = GUID + role[-1]
    stage.make(ASSIGNMENT, scope=VAULT_ID, roleAssignmentName=name, principalId=DEPLOYS, roleDefinitionId=role)
    stage.drop(KEY)


def _freed(stage: Stage, *tokens: str) -> None:
    stage.change(SUBNET, networkSecurityGroup=None, routeTable=None)
    for token in tokens:
        stage.drop(token)


# Where everything exists: the code, what is refused, the near miss
DONE: dict[str, tuple[str, Act, Act]] = {
    "BlobServiceProperties-name-taken": (
        "AlreadyExists",
        lambda s: s.make(SERVICE),
        lambda s: (s.drop(SERVICE), s.make(SERVICE)),
    ),
    "ManagementPolicy-name-taken": (
        "AlreadyExists",
        lambda s: s.make(POLICY),
        lambda s: (s.drop(POLICY), s.make(POLICY)),
    ),
    "StorageAccount-name-taken": (
        "StorageAccountAlreadyTaken",
        lambda s: s.make(ACCOUNT, s.elsewhere()),
        lambda s: s.make(ACCOUNT, accountName="ours2"),
    ),
    "Vault-taken": (
        "VaultAlreadyExists",
        lambda s: s.make(VAULT, s.elsewhere(), vaultName="Keys-1".lower()),
        lambda s: s.make(VAULT, vaultName="keys-2"),
    ),
    "Vault-deleted": (
        "ConflictError",
        lambda s: (s.drop(VAULT), s.make(VAULT)),
        lambda s: s.make(VAULT, vaultName="keys-2"),
    ),
    "Subnet-overlap": (
        "NetcfgSubnetRangesOverlap",
        lambda s: s.make(SUBNET, subnetName="b", addressPrefix="10.0.0.128/25"),
        lambda s: s.make(SUBNET, subnetName="b", addressPrefix="10.0.1.0/24"),
    ),
    "Subnet-region": (
        "InvalidResourceReference",
        lambda s: s.change(SUBNET, routeTable={"id": s.make(ROUTES, routeTableName="west", location="westus3")}),
        lambda s: s.change(SUBNET, routeTable={"id": s.make(ROUTES, routeTableName="east")}),
    ),
    "NetworkSecurityGroup-of-Subnet": (
        "InUseNetworkSecurityGroupCannotBeDeleted",
        lambda s: s.drop(NSG),
        lambda s: _freed(s, NSG),
    ),
    "RouteTable-of-Subnet": ("InUseRouteTableCannotBeDeleted", lambda s: s.drop(ROUTES), lambda s: _freed(s, ROUTES)),
    "RoleAssignment-once": (
        "RoleAssignmentExists",
        lambda s: s.make(ASSIGNMENT, roleAssignmentName=f"{GUID}1"),
        lambda s: s.make(ASSIGNMENT, roleAssignmentName=f"{GUID}1", roleDefinitionId=READER),
    ),
    "Key-hardware": (
        "BadParameter",
        lambda s: _in_vault(s, "standard", "RSA-HSM"),
        lambda s: (_in_vault(s, "premium", "RSA-HSM"), s.make(KEY, vaultName="keys-standard", properties__kty="RSA")),
    ),
    "Key-reached": ("Forbidden", lambda s: _key_deleted_by(s, READER), lambda s: _key_deleted_by(s, OFFICER)),
    "StorageAccount-purgeable": (
        "KeyVaultPolicyError",
        lambda s: _on_another_vault(s, properties__enablePurgeProtection=None),
        lambda s: (s.change(VAULT, vaultName="keys-2"), s.make(ACCOUNT, accountName="ours3")),
    ),
    "StorageAccount-granted": (
        "KeyVaultAuthenticationFailure",
        lambda s: (s.drop(ASSIGNMENT), s.make(ACCOUNT, accountName="ours2")),
        lambda s: (s.make(ASSIGNMENT), s.make(ACCOUNT, accountName="ours2")),
    ),
    "BlobContainer-public": (
        "PublicAccessNotPermitted",
        lambda s: s.change(CONTAINER, publicAccess="Blob"),
        lambda s: (s.change(ACCOUNT, allowBlobPublicAccess=True), s.change(CONTAINER, publicAccess="Blob")),
    ),
    "ManagementPolicy-versions": (
        "VersioningNotEnabled",
        lambda s: (s.change(SERVICE, isVersioningEnabled=False), s.change(POLICY)),
        lambda s: (s.change(SERVICE), s.change(POLICY)),
    ),
}


def test_every_rule_has_a_case() -> None:
    clusters = (test_azure_clusters, test_azure_workloads)
    others = (test_azure_postgres, test_azure_private, test_azure_peering, test_azure_records, *clusters)
    cases = [*MADE, *TWICE, *CHANGED, *DONE, *(case for module in others for case in module.CASES)]
    assert sorted(rule.id for rule in of_cloud(CLOUD)) == sorted(cases)


@pytest.mark.parametrize("rule", DONE)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    code, bad, good = DONE[rule]
    stage = Stage(connect)
    refuses(code, lambda: bad(stage))
    good(stage)


@pytest.mark.parametrize(
    ("refusal", "edits"),
    [
        ("", {"scope": VAULT_ID}),
        ("", {"scope": IN.removesuffix("/providers")}),
        ("", {"roleDefinitionId": OFFICER.upper()}),
        ("may not use", {"roleDefinitionId": READER}),
        ("may not use", {"principalId": DEPLOYS}),
        ("may not use", {"scope": f"{KEY_ID}2"}),
    ],
)
def test_a_key_is_used_by_who_was_granted_it_or_what_it_lies_in(connect: Connect, refusal: str, edits: Props) -> None:
    stage = Stage(connect, until=ASSIGNMENT)
    stage.make(KEY, keyName="bucket2")
    stage.make(ASSIGNMENT, **edits)
    if refusal:
        refuses(refusal, lambda: stage.make(ACCOUNT))
    else:
        stage.make(ACCOUNT)


@pytest.mark.parametrize(
    ("refusal", "bypass", "access"),
    [("trusted services", "None", "Disabled"), ("", "AzureServices", "Disabled"), ("", "None", "Enabled")],
)
def test_a_closed_vault_must_let_trusted_services_in(connect: Connect, refusal: str, bypass: str, access: str) -> None:
    stage = Stage(connect, until=ACCOUNT)
    stage.change(VAULT, properties__networkAcls={"bypass": bypass}, properties__publicNetworkAccess=access)
    if refusal:
        refuses(refusal, lambda: stage.make(ACCOUNT))
    else:
        stage.make(ACCOUNT)


def test_the_encryption_identity_must_be_the_accounts(connect: Connect) -> None:
    stage = Stage(connect, until=ACCOUNT)
    refuses("no user-assigned identity of it", lambda: stage.make(ACCOUNT, identity=None))


def test_a_key_in_a_closed_vault_cannot_be_deleted_alone(connect: Connect) -> None:
    stage = Stage(connect)
    stage.change(VAULT, properties__publicNetworkAccess="Disabled")
    refuses("retain_on_delete", lambda: _key_deleted_by(stage, OFFICER))
    stage.drop(VAULT)
