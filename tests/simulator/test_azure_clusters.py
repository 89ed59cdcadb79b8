"""Azure's clusters, their disks and alarms: each rule refuses, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.azure.dns import NAMES
from simulator.azure.kubernetes import CLUSTER, DISKS, POOL, WINDOW
from simulator.azure.monitor import EVENTS, METRICS, SETTING, TOLD
from simulator.azure.network import SUBNET
from simulator.azure.registry import MIRROR
from simulator.azure.storage import ACCOUNT
from simulator.values import Props
from tests.simulator.azure_cluster_stage import (
    API_ID,
    CLUSTER_ID,
    DISKS_ID,
    FIXED,
    GRANTS,
    KMS,
    KUBELET_ID,
    MISSING,
    NODES_ID,
    OWN,
    POOLED,
    REGISTRY_ID,
    TOLD_ID,
    UNVERSIONED,
    Case,
    ClusterStage,
    fixed,
    keyed,
    made,
    twice,
)
from tests.simulator.azure_stage import ACCOUNT_ID, VAULT_ID, VNET_ID, ZONES, refuses
from tests.simulator.conftest import Connect


def _pools(**edits: Any) -> Props:
    return {"agentPoolProfiles": [POOLED | edits]}


def _without(role: str) -> Case:
    """A cluster whose identities lack one role."""
    return (
        *(CLUSTER, f"is no {role}", lambda s: (s.revoke(role), s.make(CLUSTER))),
        lambda s: (s.grant(role, OWN), s.make(CLUSTER)),
    )


def _pool_in(stage: ClusterStage, name: str) -> str:
    """A cluster more, whose nodes are in a subnet of their own."""
    subnet = stage.make(SUBNET, subnetName=name, addressPrefix="10.0.2.0/24")
    return stage.make(CLUSTER, resourceName=name, **_pools(vnetSubnetID=subnet))


CASES: dict[str, Case] = {
    "DiskEncryptionSet-diskEncryptionSetName-form": made(
        *(DISKS, "InvalidParameter", {"diskEncryptionSetName": "d" * 81}),
        {"diskEncryptionSetName": "d" * 80},
    ),
    "DiskEncryptionSet-name-taken": twice(DISKS, "AlreadyExists", {"diskEncryptionSetName": "disks2"}),
    **keyed(
        *(DISKS, ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessForbidden")),
        *("activeKey__keyUrl", UNVERSIONED),
    ),
    "DiskEncryptionSet-of-ManagedCluster": (
        *("", "DiskEncryptionSetInUse", lambda s: s.drop(DISKS)),
        lambda s: (s.drop(CLUSTER), s.drop(DISKS)),
    ),
    "ManagedCluster-resourceName-form": made(CLUSTER, "InvalidParameter", {"resourceName": "c."}, {}),
    "ManagedCluster-name-taken": twice(CLUSTER, "AlreadyExists", {"resourceName": "c2"}),
    **keyed(
        *(CLUSTER, ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessForbidden")),
        *("securityProfile__azureKeyVaultKms__keyId", UNVERSIONED),
        securityProfile__azureKeyVaultKms__keyVaultResourceId=f"{VAULT_ID[:-1]}2",
    ),
    "ManagedCluster-diskEncryptionSetID": made(CLUSTER, MISSING, {"diskEncryptionSetID": f"{DISKS_ID}2"}, {}),
    "ManagedCluster-bootstrapProfile.containerRegistryId": made(
        CLUSTER, MISSING, {"bootstrapProfile__containerRegistryId": f"{REGISTRY_ID}2"}, {}
    ),
    "ManagedCluster-agentPoolProfiles.vnetSubnetID": made(
        CLUSTER, MISSING, _pools(vnetSubnetID=f"{VNET_ID}/subnets/z"), {}
    ),
    "ManagedCluster-apiServerAccessProfile.subnetId": made(
        CLUSTER, MISSING, {"apiServerAccessProfile__subnetId": f"{API_ID}2"}, {}
    ),
    "ManagedCluster-identityProfile.kubeletidentity.resourceId": made(
        CLUSTER, MISSING, {"identityProfile__kubeletidentity__resourceId": f"{KUBELET_ID}2"}, {}
    ),
    "Subnet-of-ManagedCluster": (
        *("", "is in use by ManagedCluster", lambda s: (_pool_in(s, "b"), s.drop(SUBNET))),
        lambda s: (s.drop(CLUSTER), s.drop(SUBNET)),
    ),
    "ManagedCluster-zone": made(
        *(CLUSTER, "CustomPrivateDNSZoneInvalid"),
        {"apiServerAccessProfile__privateDNSZone": f"{ZONES}privatelink.eastus2.azmk8s.io"},
        {"apiServerAccessProfile__privateDNSZone": "system"},
    ),
    "ManagedCluster-allowed": _without("Private DNS Zone Contributor"),
    "ManagedCluster-delegated": made(
        CLUSTER, "APIServerSubnetNotDelegated", {"apiServerAccessProfile__subnetId": NODES_ID}, {}
    ),
    "ManagedCluster-isolated": _without("AcrPull"),
    "ManagedCluster-accounts": made(CLUSTER, "AADProfileRequired", {"aadProfile": None}, {}),
    "ManagedCluster-private": _without("Key Vault Contributor"),
    "ManagedCluster-ranges": made(
        CLUSTER, "InvalidCIDR", {"networkProfile__podCidr": "10.0.64.0/18"}, {"networkProfile__podCidr": "10.1.0.0/16"}
    ),
    "ManagedCluster-pool": made(
        CLUSTER, "InvalidAgentPool", _pools(maxCount=2), _pools(availabilityZones=["1", "2", "3"])
    ),
    "ManagedCluster-sandboxed": made(
        CLUSTER, "PodSandboxingInvalid", _pools(workloadRuntime="KataVmIsolation", osSKU="Ubuntu"), {}
    ),
    "ManagedCluster-system": made(CLUSTER, "SystemPoolRequired", _pools(mode="User"), {}),
    "ManagedCluster-diskEncryptionSetID-fixed": fixed(CLUSTER, FIXED, "diskEncryptionSetID", None),
    "ManagedCluster-networkProfile.podCidr-fixed": fixed(CLUSTER, FIXED, "networkProfile__podCidr", "10.1.0.0/16"),
    "ManagedCluster-networkProfile.serviceCidr-fixed": fixed(
        CLUSTER, FIXED, "networkProfile__serviceCidr", "10.245.0.0/17"
    ),
    "ManagedCluster-networkProfile.dnsServiceIP-fixed": fixed(
        CLUSTER, FIXED, "networkProfile__dnsServiceIP", "10.245.0.11"
    ),
    "ManagedCluster-networkProfile.networkPlugin-fixed": fixed(CLUSTER, FIXED, "networkProfile__networkPlugin", "none"),
    "ManagedCluster-apiServerAccessProfile.privateDNSZone-fixed": fixed(
        CLUSTER, FIXED, "apiServerAccessProfile__privateDNSZone", "system"
    ),
    "ManagedCluster-apiServerAccessProfile.enableVnetIntegration-fixed": (
        *("", FIXED),
        lambda s: s.change(
            CLUSTER,
            apiServerAccessProfile={"enableVnetIntegration": False, "privateDNSZone": "system"},
            securityProfile=None,
        ),
        lambda s: s.change(CLUSTER),
    ),
    "ManagedCluster-identityProfile.kubeletidentity.resourceId-fixed": (
        *("", FIXED, lambda s: s.change(CLUSTER, identityProfile=None, networkProfile__outboundType="loadBalancer")),
        lambda s: s.change(CLUSTER, networkProfile__outboundType="loadBalancer"),
    ),
    "AgentPool-agentPoolName-form": made(POOL, "InvalidParameter", {"agentPoolName": "a-b"}, {"agentPoolName": "ab"}),
    "AgentPool-name-taken": twice(POOL, "AlreadyExists", {"agentPoolName": "other"}),
    "AgentPool-vnetSubnetID": made(POOL, MISSING, {"vnetSubnetID": f"{VNET_ID}/subnets/z"}, {}),
    "Subnet-of-AgentPool": (
        "",
        "is in use by AgentPool",
        lambda s: (
            s.make(SUBNET, subnetName="b", addressPrefix="10.0.2.0/24"),
            s.make(POOL, agentPoolName="b", vnetSubnetID=f"{VNET_ID}/subnets/b"),
            s.drop(SUBNET),
        ),
        lambda s: (s.drop(POOL), s.drop(SUBNET)),
    ),
    "AgentPool-vmSize-fixed": fixed(POOL, FIXED, "vmSize", "Standard_D4s_v5"),
    "AgentPool-osDiskType-fixed": fixed(POOL, FIXED, "osDiskType", "Ephemeral"),
    "AgentPool-osDiskSizeGB-fixed": fixed(POOL, FIXED, "osDiskSizeGB", 256),
    "AgentPool-vnetSubnetID-fixed": fixed(POOL, FIXED, "vnetSubnetID", API_ID),
    "AgentPool-availabilityZones-fixed": fixed(POOL, FIXED, "availabilityZones", ["2"]),
    "AgentPool-maxPods-fixed": fixed(POOL, FIXED, "maxPods", 30),
    "AgentPool-enableEncryptionAtHost-fixed": fixed(POOL, FIXED, "enableEncryptionAtHost", False),
    "MaintenanceConfiguration-configName-form": made(
        WINDOW, "InvalidParameter", {"configName": "nightly"}, {"configName": "default"}
    ),
    "MaintenanceConfiguration-name-taken": twice(WINDOW, "AlreadyExists", {"configName": "default"}),
    "MaintenanceConfiguration-maintenanceWindow.durationHours-range": made(
        WINDOW, "InvalidParameter", {"maintenanceWindow__durationHours": 3}, {"maintenanceWindow__durationHours": 24}
    ),
    "MaintenanceConfiguration-maintenanceWindow.startTime": made(
        WINDOW, "InvalidParameter", {"maintenanceWindow__startTime": "2"}, {"maintenanceWindow__startTime": "22:00"}
    ),
    "ActionGroup-name-taken": twice(TOLD, "AlreadyExists", {"actionGroupName": "other"}),
    "ActionGroup-location": made(
        TOLD, "LocationNotAvailableForResourceType", {"location": "eastus2"}, {"location": "global"}
    ),
    "ActionGroup-groupShortName": made(
        TOLD, "BadRequest", {"groupShortName": "data-plane-eu"}, {"groupShortName": "data-planeeu"}
    ),
    "ActivityLogAlert-name-taken": twice(EVENTS, "AlreadyExists", {"activityLogAlertName": "other"}),
    "ActivityLogAlert-actions.actionGroups.actionGroupId": made(
        EVENTS, MISSING, {"actions": {"actionGroups": [{"actionGroupId": f"{TOLD_ID}2"}]}}, {}
    ),
    "ActivityLogAlert-scopes": made(EVENTS, "ScopeNotFound", {"scopes": [f"{VAULT_ID}2"]}, {"scopes": [VAULT_ID]}),
    "ActivityLogAlert-category": made(
        EVENTS, "BadRequest", {"condition": {"allOf": [{"field": "status", "equals": "Failed"}]}}, {}
    ),
    "MetricAlert-name-taken": twice(METRICS, "AlreadyExists", {"ruleName": "other"}),
    "MetricAlert-actions.actionGroupId": made(METRICS, MISSING, {"actions": [{"actionGroupId": f"{TOLD_ID}2"}]}, {}),
    "DiagnosticSetting-name-taken": twice(SETTING, "AlreadyExists", {"name": "more"}),
    "DiagnosticSetting-storageAccountId": (
        *(SETTING, "does not exist in eastus2"),
        lambda s: s.make(SETTING, storageAccountId=s.make(ACCOUNT, accountName="west", location="westus3")),
        lambda s: s.make(SETTING),
    ),
    "DiagnosticSetting-about": made(SETTING, "ResourceNotFound", {"resourceUri": f"{CLUSTER_ID}2"}, {}),
    "DiagnosticSetting-categories": made(
        SETTING, "'AuditEvent' is not supported", {"logs": [{"category": "AuditEvent", "enabled": True}]}, {}
    ),
    "DiagnosticSetting-reaches": (
        *(SETTING, "StorageAccountAccessDenied"),
        lambda s: (s.change(ACCOUNT, networkRuleSet={"defaultAction": "Deny", "bypass": "None"}), s.make(SETTING)),
        lambda s: (s.change(ACCOUNT), s.make(SETTING)),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = ClusterStage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


def test_a_log_has_the_categories_of_what_writes_it(connect: Connect) -> None:
    stage = ClusterStage(connect, SETTING)
    of: Any = {"resourceUri": f"{ACCOUNT_ID}/blobServices/default", "name": "blobs"}
    refuses(
        "'AuditEvent' is not supported",
        lambda: stage.make(SETTING, logs=[{"category": "AuditEvent", "enabled": True}], **of),
    )
    stage.make(SETTING, logs=[{"category": "StorageRead", "enabled": True}], **of)


@pytest.mark.parametrize("role", GRANTS)
def test_a_cluster_comes_up_with_every_role_and_with_none_less(connect: Connect, role: str) -> None:
    stage = ClusterStage(connect, until=CLUSTER)
    stage.revoke(role)
    refuses(role, lambda: stage.make(CLUSTER))
    stage.grant(role, OWN)
    stage.make(CLUSTER)


@pytest.mark.parametrize(
    ("refusal", "edits"),
    [
        ("is not Cache", {"bootstrapProfile": {"artifactSource": "Direct"}}),
        ("wants packages", {"autoUpgradeProfile": {"nodeOSUpgradeChannel": "SecurityPatch"}}),
        ("", {"bootstrapProfile": {"artifactSource": "Cache"}}),
        ("", {"networkProfile__outboundType": "loadBalancer", "bootstrapProfile": None}),
    ],
)
def test_nodes_boot_with_no_way_out(connect: Connect, refusal: str, edits: Props) -> None:
    stage = ClusterStage(connect, until=CLUSTER)
    if refusal:
        refuses(refusal, lambda: stage.make(CLUSTER, **edits))
    else:
        stage.make(CLUSTER, **edits)


@pytest.mark.parametrize(("token", "refusal"), [(NAMES, "no private endpoint"), (MIRROR, "aks-managed-mcr")])
def test_nodes_reach_the_registry_and_find_their_images(connect: Connect, token: str, refusal: str) -> None:
    stage = ClusterStage(connect, until=CLUSTER)
    stage.drop(token)
    refuses(refusal, lambda: stage.make(CLUSTER))


def test_sandboxes_want_nested_machines_and_no_trusted_launch(connect: Connect) -> None:
    stage = ClusterStage(connect, until=POOL)
    kata: Props = {"workloadRuntime": "KataVmIsolation"}
    refuses("nests no virtual machines", lambda: stage.make(POOL, **kata, vmSize="Standard_D4ps_v5"))
    refuses("secure boot", lambda: stage.make(POOL, **kata, securityProfile={"enableSecureBoot": True}))
    stage.make(POOL, **kata, securityProfile={"enableSecureBoot": False})


def test_a_private_vault_is_named_and_no_other(connect: Connect) -> None:
    stage = ClusterStage(connect, until=CLUSTER)
    for edits in ({"keyVaultResourceId": None}, {"keyVaultNetworkAccess": "Public"}):
        kms = {key: value for key, value in (KMS | edits).items() if value}
        refuses("KeyVaultKmsInvalid", lambda: stage.make(CLUSTER, securityProfile={"azureKeyVaultKms": kms}))  # noqa: B023
    stage.make(CLUSTER)
