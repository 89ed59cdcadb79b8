"""Azure's caches, registries, secrets, workload identities and NAT: each rule refuses, and lets its near miss pass."""

import pytest

from simulator.azure.arm import ASSIGNMENT
from simulator.azure.identity import DEFINITION, FEDERATION, IDENTITY
from simulator.azure.keys import SECRET
from simulator.azure.network import ADDRESS, NAT, SUBNET
from simulator.azure.redis import CACHE, DATABASE, LOGIN
from simulator.azure.registry import MIRROR, REGISTRY
from simulator.values import Props
from tests.simulator.azure_cluster_stage import (
    ADDRESS_ID,
    CUSTOMER,
    FIXED,
    KUBELET_ID,
    MISSING,
    NAT_ID,
    NOBODY,
    OWN,
    ROLES,
    UNVERSIONED,
    Case,
    ClusterStage,
    fixed,
    keyed,
    made,
    twice,
)
from tests.simulator.azure_stage import refuses
from tests.simulator.conftest import Connect

CASES: dict[str, Case] = {
    "Subnet-natGateway.id": (
        *(
            "",
            MISSING,
            lambda s: s.make(SUBNET, subnetName="b", addressPrefix="10.0.2.0/24", natGateway={"id": f"{NAT_ID}2"}),
        ),
        lambda s: s.make(SUBNET, subnetName="b", addressPrefix="10.0.2.0/24", natGateway={"id": NAT_ID}),
    ),
    "NatGateway-of-Subnet": (
        "",
        "InUseNatGatewayCannotBeDeleted",
        lambda s: (s.make(SUBNET, subnetName="b", addressPrefix="10.0.2.0/24", natGateway={"id": NAT_ID}), s.drop(NAT)),
        lambda s: (s.drop(SUBNET), s.drop(NAT)),
    ),
    "PublicIPAddress-name-taken": twice(ADDRESS, "AlreadyExists", {"publicIpAddressName": "ip2"}),
    "PublicIPAddress-static": made(
        ADDRESS, "MustBeStatic", {"publicIPAllocationMethod": "Dynamic"}, {"publicIPAllocationMethod": "Static"}
    ),
    "PublicIPAddress-zones": made(ADDRESS, "has no zone 9", {"zones": ["9"]}, {"zones": ["3"]}),
    "PublicIPAddress-of-NatGateway": (
        *("", "InUsePublicIPAddressCannotBeDeleted", lambda s: s.drop(ADDRESS)),
        lambda s: (s.drop(NAT), s.drop(ADDRESS)),
    ),
    "NatGateway-name-taken": twice(NAT, "AlreadyExists", {"natGatewayName": "nat2"}),
    "NatGateway-publicIpAddresses.id": made(NAT, MISSING, {"publicIpAddresses": [{"id": f"{ADDRESS_ID}2"}]}, {}),
    "NatGateway-lent": (
        *(NAT, "NatGatewayPublicIpAddressSkuNotSupported"),
        lambda s: s.make(
            NAT, publicIpAddresses=[{"id": s.make(ADDRESS, publicIpAddressName="b", sku={"name": "Basic"})}]
        ),
        lambda s: s.make(NAT),
    ),
    "FederatedIdentityCredential-federatedIdentityCredentialResourceName-form": made(
        *(FEDERATION, "BadRequest", {"federatedIdentityCredentialResourceName": "k"}),
        {"federatedIdentityCredentialResourceName": "k8s"},
    ),
    "FederatedIdentityCredential-name-taken": twice(
        *(FEDERATION, "AlreadyExists"),
        {"federatedIdentityCredentialResourceName": "more", "subject": "system:serviceaccount:a:c"},
    ),
    "FederatedIdentityCredential-issuer": made(FEDERATION, "BadRequest", {"issuer": "issuer.example"}, {}),
    "FederatedIdentityCredential-federated": (
        *("", "trusts the same", lambda s: s.make(FEDERATION, federatedIdentityCredentialResourceName="more")),
        lambda s: s.make(
            FEDERATION, federatedIdentityCredentialResourceName="more", subject="system:serviceaccount:b:b"
        ),
    ),
    "RoleDefinition-roleDefinitionId-form": made(
        DEFINITION, "InvalidRoleDefinitionId", {"roleDefinitionId": "ours"}, {"roleDefinitionId": OWN}
    ),
    "RoleDefinition-name-taken": twice(
        DEFINITION, "AlreadyExists", {"roleDefinitionId": f"8{OWN[1:]}", "roleName": "other"}
    ),
    "RoleDefinition-titled": (
        *("", "RoleDefinitionWithSameNameExists"),
        lambda s: s.make(DEFINITION, roleDefinitionId=f"8{OWN[1:]}", roleName="Reader"),
        lambda s: s.make(DEFINITION, roleDefinitionId=f"8{OWN[1:]}", roleName="Our reader"),
    ),
    "RoleDefinition-given": (
        *("", "RoleDefinitionHasAssignments"),
        lambda s: (s.make(ASSIGNMENT, roleDefinitionId=ROLES + OWN, roleAssignmentName=OWN), s.drop(DEFINITION)),
        lambda s: (s.drop(ASSIGNMENT), s.drop(DEFINITION)),
    ),
    "Secret-secretName-form": made(SECRET, "BadParameter", {"secretName": "a_b"}, {"secretName": "a-b"}),
    "Secret-name-taken": twice(SECRET, "Conflict", {"secretName": "other"}),
    "RedisEnterprise-clusterName-form": made(
        CACHE, "InvalidResourceName", {"clusterName": "a--b"}, {"clusterName": "a-b"}
    ),
    "RedisEnterprise-name-taken": twice(CACHE, "NameNotAvailable", {"clusterName": "cache-2"}),
    **keyed(
        *(CACHE, ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessDenied")),
        *(f"{CUSTOMER}Url", UNVERSIONED),
    ),
    "RedisEnterprise-near": made(CACHE, "KeyVaultInDifferentRegion", {"location": "westus3"}, {"location": "eastus2"}),
    "Database-databaseName-form": made(DATABASE, "InvalidResourceName", {"databaseName": "other"}, {}),
    "Database-name-taken": (
        *("", "AlreadyExists", lambda s: s.make(DATABASE)),
        lambda s: (s.drop(DATABASE), s.make(DATABASE)),
    ),
    "Database-port": made(DATABASE, "InvalidPort", {"port": 6379}, {"port": None}),
    "Database-port-fixed": fixed(DATABASE, FIXED, "port", None),
    "Database-clusteringPolicy-fixed": fixed(DATABASE, FIXED, "clusteringPolicy", "EnterpriseCluster"),
    "Database-modules-fixed": fixed(DATABASE, FIXED, "modules", [{"name": "RedisJSON"}]),
    "AccessPolicyAssignment-accessPolicyAssignmentName-form": made(
        *(LOGIN, "InvalidResourceName", {"accessPolicyAssignmentName": "a-b"}),
        {"accessPolicyAssignmentName": "ab"},
    ),
    "AccessPolicyAssignment-name-taken": twice(LOGIN, "AlreadyExists", {"accessPolicyAssignmentName": "other"}),
    "AccessPolicyAssignment-accessPolicyName-choice": made(
        LOGIN, "InvalidAccessPolicy", {"accessPolicyName": "readers"}, {}
    ),
    "AccessPolicyAssignment-principal": made(LOGIN, "PrincipalNotFound", {"user__objectId": OWN}, {}),
    "AccessPolicyAssignment-keyless": (
        *(LOGIN, "AccessPolicyAssignmentNotSupported"),
        lambda s: (s.change(DATABASE, clientProtocol="Plaintext"), s.make(LOGIN)),
        lambda s: (s.change(DATABASE), s.make(LOGIN)),
    ),
    "Registry-registryName-form": made(
        REGISTRY, "InvalidRegistryName", {"registryName": "im-ages"}, {"registryName": "Images"}
    ),
    "Registry-name-taken": twice(REGISTRY, "AlreadyInUse", {"registryName": "images2"}),
    **keyed(
        *(REGISTRY, ("KeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessDenied")),
        *("encryption__keyVaultProperties__keyIdentifier", f"{UNVERSIONED}-2"),
    ),
    "Registry-premium": made(
        *(REGISTRY, "`zoneRedundancy` is 'Enabled'"),
        {"sku": {"name": "Standard"}, "encryption": None, "publicNetworkAccess": None, "policies": None},
        {
            "sku": {"name": "Standard"},
            **dict.fromkeys(("encryption", "publicNetworkAccess", "policies", "zoneRedundancy")),
        },
    ),
    "Registry-policies": made(
        REGISTRY, "are both on", {"policies__softDeletePolicy__status": "enabled"}, {"policies__exportPolicy": None}
    ),
    "Registry-zones": made(
        *(REGISTRY, "northcentralus has none", {"location": "northcentralus"}),
        {"location": "northcentralus", "zoneRedundancy": "Disabled"},
    ),
    "Registry-encryption.status-fixed": fixed(
        REGISTRY, "EncryptionCannotBeChanged", "encryption", {"status": "disabled"}
    ),
    "Registry-zoneRedundancy-fixed": fixed(REGISTRY, "ZoneRedundancyCannotBeChanged", "zoneRedundancy", "Disabled"),
    "Registry-policies.retentionPolicy.days-range": made(
        REGISTRY,
        "InvalidRetentionDays",
        {"policies__retentionPolicy__days": 366},
        {"policies__retentionPolicy__days": 0},
    ),
    "Registry-policies.softDeletePolicy.retentionDays-range": made(
        *(REGISTRY, "InvalidRetentionDays", {"policies__softDeletePolicy__retentionDays": 91}),
        {"policies__softDeletePolicy__retentionDays": 90},
    ),
    "CacheRule-cacheRuleName-form": made(
        MIRROR, "InvalidName", {"cacheRuleName": "a.managed"}, {"cacheRuleName": "a-managed"}
    ),
    "CacheRule-name-taken": twice(MIRROR, "AlreadyExists", {"cacheRuleName": "another"}),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = ClusterStage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


def test_a_role_of_ones_own_is_given_where_it_may_be(connect: Connect) -> None:
    stage = ClusterStage(connect, until=FEDERATION)
    other: Props = {"roleDefinitionId": f"8{OWN[1:]}", "roleName": "elsewhere", "assignableScopes": [NOBODY]}
    stage.make(DEFINITION, **other)
    role = ROLES + other["roleDefinitionId"]
    refuses("RoleDefinitionDoesNotExist", lambda: stage.make(ASSIGNMENT, roleDefinitionId=role, roleAssignmentName=OWN))
    stage.make(ASSIGNMENT, roleDefinitionId=ROLES + OWN, roleAssignmentName=OWN)


def test_an_identity_trusts_twenty_service_accounts(connect: Connect) -> None:
    stage = ClusterStage(connect, until=FEDERATION)
    for number in range(20):
        subject = f"system:serviceaccount:a:{number}"
        stage.make(FEDERATION, federatedIdentityCredentialResourceName=f"one-{number}", subject=subject)
    refuses("20 exist", lambda: stage.make(FEDERATION))
    stage.make(IDENTITY, resourceName="second")
    stage.make(FEDERATION, resourceName="second")
    more: Props = {"resourceName": "second", "federatedIdentityCredentialResourceName": "more"}
    refuses("audiences", lambda: stage.make(FEDERATION, **more, audiences=["a", "b"]))


def test_the_identity_behind_a_key_must_be_the_resources(connect: Connect) -> None:
    stage = ClusterStage(connect, until=CACHE)
    refuses("no user-assigned identity of it", lambda: stage.make(CACHE, identity=None))
    edits: Props = {f"{CUSTOMER}Identity": {"userAssignedIdentityResourceId": KUBELET_ID}}
    refuses("no user-assigned identity of it", lambda: stage.make(CACHE, **edits))
    stage.make(CACHE)
