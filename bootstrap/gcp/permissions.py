"""What previewing and deploying ask of Google Cloud, in one table: custom roles by name, each of rows.

Which permissions a resource type wants is in the IAM documentation (permissions reference) and in the REST reference of
each service.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Permissions of a kind of resource: what comes before the last dot, and the last words, with spaces between.

    types: the resource types that ask for it, without `gcp:` and with spaces between, as a test compares them with what
    the components make.
    """

    on: str
    verbs: str
    types: str = ""

    def permissions(self) -> tuple[str, ...]:
        return tuple(f"{self.on}.{verb}" for verb in self.verbs.split())


CRUD = "create delete get update"

LOOK = (
    Row("resourcemanager.projects", "get getIamPolicy"),
    Row("serviceusage.services", "get list use"),
    Row("storage.buckets", "get getIamPolicy list"),
    Row("cloudkms.keyRings", "get list"),
    Row("cloudkms.cryptoKeys", "get getIamPolicy list"),
    Row("logging.cmekSettings", "get"),
    Row("logging.settings", "get"),
    Row("logging.buckets", "get list"),
    Row("logging.sinks", "get list"),
    Row("compute.networks", "get list"),
    Row("compute.subnetworks", "get list"),
    Row("compute.routes", "get list"),
    Row("compute.addresses", "get list"),
    Row("compute.routers", "get list"),
    Row("compute.forwardingRules", "get list"),
    Row("compute.regionBackendServices", "get list"),
    Row("compute.regionHealthChecks", "get list"),
    Row("compute.regionTargetTcpProxies", "get list"),
    Row("compute.serviceAttachments", "get list"),
    Row("compute.firewallPolicies", "get list"),
    Row("compute.instanceGroupManagers", "get"),
    Row("container.clusters", "get list"),
    Row("cloudsql.instances", "get list"),
    Row("cloudsql.users", "list"),
    Row("memorystore.instances", "get list"),
    Row("secretmanager.secrets", "get getIamPolicy list"),
    Row("artifactregistry.repositories", "get getIamPolicy list"),
    Row("iam.serviceAccounts", "get getIamPolicy list"),
    Row("monitoring.alertPolicies", "get list"),
    Row("dns.managedZones", "get list"),
    Row("dns.resourceRecordSets", "get list"),
    Row("networkconnectivity.serviceConnectionPolicies", "get list"),
)
"""How things are set, never what is in them."""

MAKE = (
    Row("serviceusage.services", "enable", "projects/service:Service projects/serviceIdentity:ServiceIdentity"),
    Row(
        "compute.networks",
        f"{CRUD} addPeering removePeering setFirewallPolicy updatePeering updatePolicy use",
        "compute/network:Network compute/networkPeering:NetworkPeering",
    ),
    Row("compute.subnetworks", f"{CRUD} setPrivateIpGoogleAccess use", "compute/subnetwork:Subnetwork"),
    Row("compute.routes", "create delete get", "compute/route:Route"),
    Row("compute.routers", f"{CRUD} use", "compute/router:Router compute/routerNat:RouterNat"),
    Row(
        "compute.firewallPolicies",
        f"{CRUD} use",
        "compute/networkFirewallPolicy:NetworkFirewallPolicy "
        "compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule "
        "compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
    ),
    Row("compute.addresses", "createInternal deleteInternal get setLabels use", "compute/address:Address"),
    Row(
        "compute.forwardingRules",
        f"{CRUD} pscCreate pscDelete setLabels use",
        "compute/forwardingRule:ForwardingRule",
    ),
    Row("compute.regionBackendServices", f"{CRUD} use", "compute/regionBackendService:RegionBackendService"),
    Row("compute.regionHealthChecks", f"{CRUD} useReadOnly", "compute/regionHealthCheck:RegionHealthCheck"),
    Row("compute.regionTargetTcpProxies", "create delete get use", "compute/regionTargetTcpProxy:RegionTargetTcpProxy"),
    Row("compute.serviceAttachments", CRUD, "compute/serviceAttachment:ServiceAttachment"),
    Row("compute.globalOperations", "get"),
    Row("compute.regionOperations", "get"),
    Row(
        "networkconnectivity.serviceConnectionPolicies",
        CRUD,
        "networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy",
    ),
    Row("networkconnectivity.operations", "get"),
    Row("dns.managedZones", CRUD, "dns/managedZone:ManagedZone"),
    Row("dns.networks", "bindPrivateDNSZone", "dns/managedZone:ManagedZone"),
    Row("dns.resourceRecordSets", "create delete get list update", "dns/recordSet:RecordSet"),
    Row("dns.changes", "create get", "dns/recordSet:RecordSet"),
    Row("logging.buckets", CRUD, "logging/projectBucketConfig:ProjectBucketConfig"),
    Row("logging.sinks", CRUD, "logging/projectSink:ProjectSink"),
    Row("monitoring.alertPolicies", CRUD, "monitoring/alertPolicy:AlertPolicy"),
    Row("monitoring.notificationChannels", CRUD, "monitoring/notificationChannel:NotificationChannel"),
    Row("memorystore.instances", CRUD, "memorystore/instance:Instance"),
    Row("memorystore.operations", "get"),
    Row("cloudsql.instances", f"{CRUD} restart", "sql/databaseInstance:DatabaseInstance"),
    Row("cloudsql.users", "create delete list update", "sql/user:User"),
    Row("container.clusters", CRUD, "container/cluster:Cluster container/nodePool:NodePool"),
    Row("container.operations", "get list"),
    Row("secretmanager.secrets", CRUD, "secretmanager/secret:Secret"),
    Row("artifactregistry.repositories", CRUD, "artifactregistry/repository:Repository"),
    Row("iam.serviceAccounts", CRUD, "serviceaccount/account:Account"),
)

STORES = (
    Row("storage.buckets", CRUD, "storage/bucket:Bucket"),
    Row("cloudkms.keyRings", "create get", "kms/keyRing:KeyRing"),
    Row("cloudkms.cryptoKeys", "create get update", "kms/cryptoKey:CryptoKey"),
    Row("cloudkms.cryptoKeyVersions", "destroy get list", "kms/cryptoKey:CryptoKey"),
)
"""On all but the state and its keys: these take a condition on their name."""

SHARE_STORES = (
    Row("storage.buckets", "getIamPolicy setIamPolicy", "storage/bucketIAMMember:BucketIAMMember"),
    Row("cloudkms.cryptoKeys", "getIamPolicy setIamPolicy", "kms/cryptoKeyIAMMember:CryptoKeyIAMMember"),
)
"""Who may use a store or a key of a data plane; likewise."""

SHARE = (
    Row("secretmanager.secrets", "getIamPolicy setIamPolicy", "secretmanager/secretIamMember:SecretIamMember"),
    Row(
        "artifactregistry.repositories",
        "getIamPolicy setIamPolicy",
        "artifactregistry/repositoryIamMember:RepositoryIamMember",
    ),
    Row("iam.serviceAccounts", "actAs getIamPolicy setIamPolicy", "serviceaccount/iAMMember:IAMMember"),
)
"""Who may act as what the components make, and read what they keep. Whoever makes nodes acts as their account."""

ON_PROJECT = (
    "roles/cloudsql.instanceUser",
    "roles/container.defaultNodeServiceAccount",
    "roles/memorystore.dbConnectionUser",
)
"""The roles that the components give on the project, and the only ones that whoever deploys may give there. Break glass
gives another, `roles/container.admin` on one cluster: a person gives it."""

ADMINISTRATOR = "roles/resourcemanager.projectIamAdmin"
OF_PROJECT = "projects/iAMMember:IAMMember projects/iAMAuditConfig:IAMAuditConfig"
"""Types that this role is for, under the condition below."""

ONLY_THESE = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{}])".format(
    ", ".join(f"'{role}'" for role in ON_PROJECT)
)
"""IAM documentation, "Set limits on granting roles"."""

DEPLOY: Mapping[str, tuple[Row, ...]] = {
    "make": MAKE,
    "stores": STORES,
    "share": SHARE,
    "share-stores": SHARE_STORES,
}
"""Custom roles, beside `LOOK`'s."""

OF_STORES = ("stores", "share-stores")
"""Those that are given under a condition that leaves the state and its keys out."""
