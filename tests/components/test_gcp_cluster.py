"""Google Cloud's cluster and what stands beside it, read off the deployed stack: the policy pack is not asked."""

from ipaddress import IPv4Address, IPv4Network
from typing import Any

from components.cluster import Role
from components.network.plan import Range, part
from components.registry import MIRRORED
from demo.project import STACKS
from tests.conftest import Standing

GCP = STACKS[1]
CLUSTER, POOL = "gcp:container/cluster:Cluster", "gcp:container/nodePool:NodePool"
DAY = 24 * 3600


def outputs(standing: Standing, token: str, name: str = "") -> list[dict[str, Any]]:
    found = [r["outputs"] for r in standing.of_type(GCP, token) if r["urn"].endswith(f"::{name}" if name else "")]
    assert found, f"no {token} {name}"
    return found


def one(standing: Standing, token: str, name: str = "") -> dict[str, Any]:
    [found] = outputs(standing, token, name)
    return found


def key(standing: Standing, purpose: str) -> str:
    return str(one(standing, "rampart:keys:Key", f"keys-{purpose}")["id"])


def subnet(standing: Standing, role: Range) -> str:
    return str(one(standing, "gcp:compute/subnetwork:Subnetwork", f"network-{role}")["id"])


def cidr(standing: Standing) -> IPv4Network:
    return IPv4Network(one(standing, "rampart:network:Network")["cidr"])


def pools(standing: Standing) -> dict[str, dict[str, Any]]:
    return {role: one(standing, POOL, f"cluster-{role}-nodes") for role in Role}


def test_the_api_has_a_private_address_only_in_the_control_planes_own_subnet(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    private = cluster["privateClusterConfig"]
    assert (private["enablePrivateNodes"], private["enablePrivateEndpoint"]) == (True, True)
    assert private["privateEndpointSubnetwork"] == subnet(standing, Range.CONTROL)
    assert IPv4Address(private["privateEndpoint"]) in part(cidr(standing), Range.CONTROL)
    assert one(standing, "rampart:cluster:Cluster")["endpoint"] == f"https://{private['privateEndpoint']}"
    endpoints = cluster["controlPlaneEndpointsConfig"]
    assert endpoints["dnsEndpointConfig"]["allowExternalTraffic"] is False
    networks = cluster["masterAuthorizedNetworksConfig"]
    assert [block["cidrBlock"] for block in networks["cidrBlocks"]] == [str(cidr(standing))]
    assert networks["gcpPublicCidrsAccessEnabled"] is False
    assert networks["privateEndpointEnforcementEnabled"] is True


def test_nobody_logs_in_but_by_cloud_identity(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    assert cluster["masterAuth"]["clientCertificateConfig"]["issueClientCertificate"] is False
    assert cluster["enableLegacyAbac"] is False
    assert cluster["anonymousAuthenticationConfig"]["mode"] == "LIMITED"
    assert not any(cluster["rbacBindingConfig"].values())
    assert cluster["workloadIdentityConfig"]["workloadPool"] == "rampart-demo.svc.id.goog"


def test_secrets_disks_and_volumes_are_under_their_keys(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    assert cluster["databaseEncryption"] == {"state": "ENCRYPTED", "keyName": key(standing, "cluster")}
    nodes = [cluster["nodeConfig"], *(pool["nodeConfig"] for pool in pools(standing).values())]
    assert {node["bootDiskKmsKey"] for node in nodes} == {key(standing, "volumes")}
    storage = one(standing, "rampart:cluster:Cluster")["storage_class"]
    assert storage["disk-encryption-kms-key"] == key(standing, "volumes")


def test_the_dataplane_enforces_network_policy_and_encrypts_between_nodes(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    assert cluster["datapathProvider"] == "ADVANCED_DATAPATH"
    assert cluster["inTransitEncryptionConfig"] == "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT"
    assert cluster["serviceExternalIpsConfig"]["enabled"] is False


def test_every_node_is_hardened_even_those_of_the_first_pool(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    assert cluster["removeDefaultNodePool"] is True
    account = one(standing, "gcp:serviceaccount/account:Account", "cluster-nodes")["email"]
    for node in [cluster["nodeConfig"], *(pool["nodeConfig"] for pool in pools(standing).values())]:
        assert node["shieldedInstanceConfig"] == {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
        assert node["workloadMetadataConfig"]["mode"] == "GKE_METADATA"
        assert node["metadata"] == {"disable-legacy-endpoints": "true"}
        assert node["kubeletConfig"]["insecureKubeletReadonlyPortEnabled"] == "FALSE"
        assert node["imageType"] == "COS_CONTAINERD"
        assert node["serviceAccount"] == account
    for pool in pools(standing).values():
        assert pool["networkConfig"]["enablePrivateNodes"] is True
        assert pool["management"] == {"autoRepair": True, "autoUpgrade": True}


def test_each_role_has_a_pool_that_others_stay_away_from(standing: Standing) -> None:
    taints = {role: pool["nodeConfig"].get("taints") for role, pool in pools(standing).items()}
    assert taints == {
        Role.SYSTEM: [{"key": "components.gke.io/gke-managed-components", "value": "true", "effect": "NO_SCHEDULE"}],
        Role.WORKLOADS: None,
        Role.EGRESS: [{"key": "rampart.dev/pool", "value": "egress", "effect": "NO_SCHEDULE"}],
        Role.SANDBOXES: [{"key": "rampart.dev/pool", "value": "sandboxes", "effect": "NO_SCHEDULE"}],
    }
    for role, pool in pools(standing).items():
        assert pool["nodeConfig"]["labels"] == {"rampart.dev/pool": role}
    sandboxed = {role for role, pool in pools(standing).items() if pool["nodeConfig"].get("sandboxConfig")}
    assert sandboxed == {Role.SANDBOXES}


def test_only_the_egress_pool_could_be_given_a_way_out(standing: Standing) -> None:
    """By its subnet and its tag: no other node has either."""
    for role, pool in pools(standing).items():
        network, egress = pool["networkConfig"], role is Role.EGRESS
        assert network.get("subnetwork") == (subnet(standing, Range.EGRESS) if egress else None)
        assert network["podRange"] == ("egress-pods" if egress else "pods")
        assert pool["nodeConfig"].get("tags") == (["egress"] if egress else None)
    [second] = one(standing, CLUSTER)["ipAllocationPolicy"]["additionalIpRangesConfigs"]
    assert second == {"subnetwork": subnet(standing, Range.EGRESS), "podIpv4RangeNames": ["egress-pods"]}
    assert not standing.of_type(GCP, "gcp:compute/routerNat:RouterNat")


def test_nodes_boot_and_pull_with_no_way_out(standing: Standing) -> None:
    """The APIs' and registries' names lead to the restricted range, which is routed and let through."""
    zones = {zone["dnsName"]: zone["name"] for zone in outputs(standing, "gcp:dns/managedZone:ManagedZone")}
    for domain in ("googleapis.com.", "gcr.io.", "pkg.dev."):
        records = [r for r in outputs(standing, "gcp:dns/recordSet:RecordSet") if r["managedZone"] == zones[domain]]
        assert {r["type"] for r in records} == {"A", "CNAME"}
        [addresses] = [r["rrdatas"] for r in records if r["type"] == "A"]
        assert all(IPv4Address(address) in IPv4Network("199.36.153.4/30") for address in addresses)
    routed = {route["destRange"] for route in outputs(standing, "gcp:compute/route:Route")}
    rules = outputs(standing, "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule")
    out = [rule for rule in rules if (rule["direction"], rule["action"]) == ("EGRESS", "allow")]
    allowed = {range_ for rule in out for range_ in rule["match"]["destIpRanges"]}
    assert routed == {"199.36.153.4/30", "34.126.0.0/18"}
    assert allowed == routed | {str(cidr(standing))}


def test_pods_services_and_the_control_plane_are_inside_what_the_firewall_lets_through(standing: Standing) -> None:
    ranges = [
        range_["ipCidrRange"]
        for made in outputs(standing, "gcp:compute/subnetwork:Subnetwork")
        for range_ in [made, *(made.get("secondaryIpRanges") or [])]
    ]
    assert len(ranges) == 7
    assert all(IPv4Network(text).subnet_of(cidr(standing)) for text in ranges)


def test_upgrades_come_in_the_window_and_minor_versions_by_the_settings(standing: Standing) -> None:
    cluster = one(standing, CLUSTER)
    policy = cluster["maintenancePolicy"]
    window = policy["recurringWindow"]
    assert window["recurrence"] == "FREQ=WEEKLY;BYDAY=SU"
    assert (window["startTime"], window["endTime"]) == ("2024-01-07T02:00:00Z", "2024-01-07T06:00:00Z")
    [exclusion] = policy["maintenanceExclusions"]
    assert exclusion["exclusionOptions"] == {"scope": "NO_MINOR_UPGRADES", "endTimeBehavior": "UNTIL_END_OF_SUPPORT"}
    assert cluster["releaseChannel"]["channel"] == "REGULAR"


def test_the_audit_log_of_every_call_goes_to_the_logs_under_their_key(standing: Standing) -> None:
    audited = {made["service"]: made for made in outputs(standing, "gcp:projects/iAMAuditConfig:IAMAuditConfig")}
    kinds = {config["logType"] for config in audited["container.googleapis.com"]["auditLogConfigs"]}
    assert kinds == {"ADMIN_READ", "DATA_READ", "DATA_WRITE"}
    assert {"cloudkms.googleapis.com", "secretmanager.googleapis.com"} < set(audited)
    sink, bucket = one(standing, "gcp:logging/projectSink:ProjectSink"), one(standing, "rampart:logs:Logs")["id"]
    assert sink["destination"].endswith(bucket)
    for log in ("activity", "data_access", "system_event"):
        assert f'log_id("cloudaudit.googleapis.com/{log}")' in sink["filter"]
    assert 'resource.type="k8s_control_plane_component"' in sink["filter"]


def test_the_cache_is_private_encrypted_and_logs_in_by_identity(standing: Standing) -> None:
    instance = one(standing, "gcp:memorystore/instance:Instance")
    assert instance["authorizationMode"] == "IAM_AUTH"
    assert instance["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
    assert instance["kmsKey"] == key(standing, "cache")
    assert (instance["mode"], instance["shardCount"], instance["replicaCount"]) == ("CLUSTER_DISABLED", 1, 1)
    assert instance["zoneDistributionConfig"]["mode"] == "MULTI_ZONE"
    policy = one(standing, "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy")
    assert policy["pscConfig"]["subnetworks"] == [subnet(standing, Range.ENDPOINTS)]
    cache = one(standing, "rampart:cache:Cache")
    assert IPv4Address(cache["host"]) in part(cidr(standing), Range.ENDPOINTS)
    assert cache["certificate"].startswith("-----BEGIN CERTIFICATE-----"), "no other client knows who signed it"


def test_secrets_lie_in_the_region_under_their_key_and_can_be_brought_back(standing: Standing) -> None:
    for secret in outputs(standing, "gcp:secretmanager/secret:Secret"):
        [replica] = secret["replication"]["userManaged"]["replicas"]
        assert replica["location"] == "us-east4"
        assert replica["customerManagedEncryption"] == {"kmsKeyName": key(standing, "secrets")}
        assert secret["versionDestroyTtl"] == f"{30 * DAY}s"
    assert not standing.of_type(GCP, "gcp:secretmanager/secretVersion:SecretVersion"), "a value never passes through"


def test_images_are_keyed_their_tags_stay_and_others_are_mirrored(standing: Standing) -> None:
    repositories = outputs(standing, "gcp:artifactregistry/repository:Repository")
    assert {repository["kmsKeyName"] for repository in repositories} == {key(standing, "registry")}
    [own] = [repository for repository in repositories if repository["mode"] == "STANDARD_REPOSITORY"]
    assert own["dockerConfig"]["immutableTags"] is True
    mirrors = {r["remoteRepositoryConfig"]["commonRepository"]["uri"] for r in repositories if r is not own}
    assert mirrors == {f"https://{upstream}" for upstream in MIRRORED}
    made = one(standing, "rampart:registry:Registry")
    assert set(made["mirrors"]) == set(MIRRORED)
    assert all(host.startswith("us-east4-docker.pkg.dev/rampart-demo/") for host in made["mirrors"].values())


def test_an_operator_hears_of_lost_keys_denied_use_failed_backups_and_old_certificates(standing: Standing) -> None:
    policies = {
        r["urn"].rpartition("::")[2]: r["outputs"]
        for r in standing.of_type(GCP, "gcp:monitoring/alertPolicy:AlertPolicy")
    }
    wanted = {
        "alarms-key": ("DestroyCryptoKeyVersion", "DISABLED"),
        "alarms-denied": ("data_access", "status.code=7"),
        "alarms-backup": ("automatedBackup", "STATUS_FAILED"),
        "alarms-certificate": ("CLOSE_TO_EXPIRY",),
    }
    assert set(policies) == set(wanted)
    for name, words in wanted.items():
        [condition] = policies[name]["conditions"]
        assert all(word in condition["conditionMatchedLog"]["filter"] for word in words)
    ring = key(standing, "fields").partition("/cryptoKeys/")[0]
    for name in ("alarms-key", "alarms-denied"):
        assert f'"{ring}/"' in policies[name]["conditions"][0]["conditionMatchedLog"]["filter"]
    project, _, server = one(standing, "rampart:postgres:Postgres")["id"].split(":")
    assert f'"{project}:{server}"' in policies["alarms-backup"]["conditions"][0]["conditionMatchedLog"]["filter"]
