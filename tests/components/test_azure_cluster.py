"""What must be true of every data plane on Azure beyond what holds on all clouds, read off the deployed stack."""

from ipaddress import IPv4Network
from typing import Any

from components.cluster import VERSIONS, Role
from demo.project import STACKS
from tests.conftest import Standing

AZURE = STACKS[2]


def one(standing: Standing, token: str, name: str = "") -> dict[str, Any]:
    [found] = [made for made in every(standing, token) if made["urn"].endswith(name)]
    return found


def every(standing: Standing, token: str) -> list[dict[str, Any]]:
    found = standing.of_type(AZURE, f"azure-native:{token}")
    assert found, f"there is no {token}"
    return [made["outputs"] | {"urn": made["urn"], "id": made["id"]} for made in found]


def pools(standing: Standing) -> dict[str, dict[str, Any]]:
    cluster = one(standing, "containerservice:ManagedCluster")
    beside = {made["name"]: made for made in every(standing, "containerservice:AgentPool")}
    return beside | {pool["name"]: pool for pool in cluster["agentPoolProfiles"]}


def key(standing: Standing, purpose: str) -> dict[str, Any]:
    [found] = [k for k in standing.of_type(AZURE, "rampart:keys:Key") if k["urn"].endswith(f"::keys-{purpose}")]
    return dict(found["outputs"])


def test_the_api_is_private_and_has_no_other_door(standing: Standing) -> None:
    cluster = one(standing, "containerservice:ManagedCluster")
    api = cluster["apiServerAccessProfile"]
    control = one(standing, "network:Subnet", "::network-control")
    assert (api["enablePrivateCluster"], api["enablePrivateClusterPublicFQDN"]) == (True, False)
    assert (api["enableVnetIntegration"], api["subnetId"], api["disableRunCommand"]) == (True, control["id"], True)
    assert [d["serviceName"] for d in control["delegations"]] == ["Microsoft.ContainerService/managedClusters"]
    assert api["privateDNSZone"].endswith("/private.eastus2.azmk8s.io")
    assert cluster["publicNetworkAccess"] == "Disabled"
    assert cluster["disableLocalAccounts"] is True
    assert cluster["aadProfile"]["enableAzureRBAC"] is True
    assert not cluster["aadProfile"].get("adminGroupObjectIDs")


def test_nodes_boot_with_no_way_out(standing: Standing) -> None:
    cluster, registry = one(standing, "containerservice:ManagedCluster"), one(standing, "containerregistry:Registry")
    assert cluster["networkProfile"]["outboundType"] == "none"
    assert cluster["bootstrapProfile"] == {"artifactSource": "Cache", "containerRegistryId": registry["id"]}
    assert registry["publicNetworkAccess"] == "Disabled"
    mirror = one(standing, "containerregistry:CacheRule", "::registry-aks")
    assert (mirror["name"], mirror["targetRepository"]) == ("aks-managed-mcr", "aks-managed-repository/*")
    led = {
        c["privateLinkServiceId"]
        for e in every(standing, "network:PrivateEndpoint")
        for c in e["privateLinkServiceConnections"]
    }
    assert registry["id"] in led


def test_pods_and_services_have_ranges_of_the_region_that_are_not_the_networks(standing: Standing) -> None:
    profile = one(standing, "containerservice:ManagedCluster")["networkProfile"]
    space = one(standing, "network:VirtualNetwork")["addressSpace"]["addressPrefixes"]
    for cidr in (profile["podCidr"], profile["serviceCidr"]):
        assert not any(IPv4Network(cidr).overlaps(IPv4Network(prefix)) for prefix in space)
    assert (profile["networkDataplane"], profile["networkPolicy"]) == ("cilium", "cilium")


def test_secrets_and_disks_are_under_their_keys(standing: Standing) -> None:
    cluster, disks = one(standing, "containerservice:ManagedCluster"), one(standing, "compute:DiskEncryptionSet")
    kms = cluster["securityProfile"]["azureKeyVaultKms"]
    vault = one(standing, "keyvault:Vault", "::keys-kms-vault")
    assert (kms["enabled"], kms["keyId"], kms["keyVaultNetworkAccess"]) == (
        True,
        key(standing, "cluster")["version"],
        "Private",
    )
    assert kms["keyVaultResourceId"] == vault["id"]
    assert cluster["diskEncryptionSetID"] == disks["id"]
    assert disks["activeKey"]["keyUrl"] == key(standing, "volumes")["version"]
    assert disks["rotationToLatestKeyVersionEnabled"] is True


def test_every_pool_is_hardened_and_pools_keep_apart(standing: Standing) -> None:
    found = pools(standing)
    assert set(found) == {str(role) for role in Role}
    for name, pool in found.items():
        guarded = name != Role.SANDBOXES  # AKS has no trusted launch beside pod sandboxing
        security = pool["securityProfile"]
        assert (security["enableSecureBoot"], security["enableVTPM"], security["sshAccess"]) == (
            guarded,
            guarded,
            "Disabled",
        )
        assert (pool["enableNodePublicIP"], pool["enableEncryptionAtHost"], pool["osDiskType"]) == (
            False,
            True,
            "Managed",
        )
        assert (pool["osSKU"], pool["orchestratorVersion"]) == ("AzureLinux", VERSIONS[-1])
        assert pool["nodeLabels"] == {"rampart.dev/pool": name}
        assert bool(pool["nodeTaints"]) is (name != Role.WORKLOADS)
        assert len(pool["availabilityZones"]) >= 3
    assert found[Role.SANDBOXES]["workloadRuntime"] == "KataVmIsolation"
    egress = one(standing, "network:Subnet", "::network-egress")["id"]
    assert [name for name, pool in found.items() if pool["vnetSubnetID"] == egress] == [Role.EGRESS]


def test_the_one_way_out_leads_to_the_entra_login_service(standing: Standing) -> None:
    ways = {r["urn"].rpartition("::")[2]: r["routes"] for r in every(standing, "network:RouteTable")}
    assert {(r["addressPrefix"], r["nextHopType"]) for routes in ways.values() for r in routes} == {
        ("0.0.0.0/0", "None"),
        ("AzureActiveDirectory", "Internet"),
    }
    [nat] = every(standing, "network:NatGateway")
    leaves = [s["urn"].rpartition("-")[2] for s in every(standing, "network:Subnet") if s.get("natGateway")]
    assert sorted(leaves) == ["egress", "workloads"]
    assert all(s["natGateway"]["id"] == nat["id"] for s in every(standing, "network:Subnet") if s.get("natGateway"))
    for group in every(standing, "network:NetworkSecurityGroup"):
        out = [r for r in group["securityRules"] if (r["direction"], r["access"]) == ("Outbound", "Allow")]
        beyond = {(r["destinationAddressPrefix"], r["destinationPortRange"]) for r in out if r["priority"] != 1000}
        nodes = group["urn"].endswith(("::network-nodes", "::network-egress-nodes"))
        assert beyond == ({("AzureActiveDirectory", "443")} if nodes else set())


def test_the_cache_is_private_keyed_and_has_no_passwords(standing: Standing) -> None:
    cache, database = one(standing, "redisenterprise:RedisEnterprise"), one(standing, "redisenterprise:Database")
    own = cache["encryption"]["customerManagedKeyEncryption"]
    assert own["keyEncryptionKeyUrl"] == key(standing, "cache")["version"]
    assert (cache["publicNetworkAccess"], cache["minimumTlsVersion"]) == ("Disabled", "1.2")
    assert cache["highAvailability"] == "Enabled"
    assert (database["clientProtocol"], database["accessKeysAuthentication"]) == ("Encrypted", "Disabled")


def test_the_registry_is_private_keyed_and_lets_nobody_in_without_a_role(standing: Standing) -> None:
    registry = one(standing, "containerregistry:Registry")
    encryption = registry["encryption"]
    assert (encryption["status"], encryption["keyVaultProperties"]["keyIdentifier"]) == (
        "enabled",
        key(standing, "registry")["id"],
    )
    assert (registry["adminUserEnabled"], registry["anonymousPullEnabled"]) == (False, False)
    assert registry["policies"]["exportPolicy"]["status"] == "disabled"


def test_secrets_lie_in_a_vault_by_themselves_and_hold_nothing_yet(standing: Standing) -> None:
    vault = one(standing, "keyvault:Vault", "::secrets-vault")["properties"]
    assert (vault["publicNetworkAccess"], vault["networkAcls"]["bypass"]) == ("Disabled", "None")
    assert (vault["enableRbacAuthorization"], vault["enablePurgeProtection"]) == (True, True)
    for entry in every(standing, "keyvault:Secret"):
        assert "/vaults/secrets-vault" in entry["id"]
        assert entry["properties"]["attributes"]["enabled"] is False


def test_the_control_plane_and_the_vaults_of_keys_are_audited(standing: Standing) -> None:
    logs = one(standing, "storage:StorageAccount", "::logs-account")["id"]
    settings = {
        s["resourceUri"] if "resourceUri" in s else s["id"]: s for s in every(standing, "monitor:DiagnosticSetting")
    }
    assert {s["storageAccountId"] for s in settings.values()} == {logs}
    categories = [{log["category"] for log in s["logs"]} for s in settings.values()]
    assert sorted(len(c) for c in categories) == [1, 1, 5]
    assert all({"AuditEvent"} == c or {"kube-audit", "guard"} < c for c in categories)


def test_the_day_one_alarms_are_set(standing: Standing) -> None:
    [told] = every(standing, "monitor:ActionGroup")
    metrics = {
        (c["metricName"], tuple(v for d in c["dimensions"] for v in d["values"]))
        for alert in every(standing, "monitor:MetricAlert")
        for c in alert["criteria"]["allOf"]
    }
    assert ("ServiceApiResult", ("403",)) in metrics
    assert any(metric == "ServiceApiHit" and {"keydelete", "keyupdate"} <= set(names) for metric, names in metrics)
    assert ("backup_storage_used", ()) in metrics
    for alert in every(standing, "monitor:ActivityLogAlert"):
        assert [group["actionGroupId"] for group in alert["actions"]["actionGroups"]] == [told["id"]]
