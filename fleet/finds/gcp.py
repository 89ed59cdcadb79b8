"""Google Cloud. Ids are paths of names; what has no labels is named by Pulumi, or lies in something that is."""

from fleet.finds import Again, ById, How

_GLOBAL, _REGION = "projects/{project}/global", "projects/{project}/regions/{region}"
_POLICY = f"{_GLOBAL}/firewallPolicies/{{firewallPolicy}}"

_PLACE = "projects/{project}/locations/{location}"
_MEMBER = Again("a policy holds a member of a role once")

ROWS: dict[str, How] = {
    "gcp:artifactregistry/repository:Repository": ById(f"{_PLACE}/repositories/{{repositoryId}}"),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": _MEMBER,
    "gcp:compute/address:Address": ById(f"{_REGION}/addresses/{{name}}"),
    "gcp:compute/forwardingRule:ForwardingRule": ById(f"{_REGION}/forwardingRules/{{name}}"),
    "gcp:compute/network:Network": ById(f"{_GLOBAL}/networks/{{name}}"),
    "gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy": ById(f"{_GLOBAL}/firewallPolicies/{{name}}"),
    "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation": ById(
        f"{_POLICY}/associations/{{name}}", within=True
    ),
    "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule": ById(
        f"{_POLICY}/rules/{{priority}}", within=True
    ),
    "gcp:compute/regionBackendService:RegionBackendService": ById(f"{_REGION}/backendServices/{{name}}"),
    "gcp:compute/regionHealthCheck:RegionHealthCheck": ById(f"{_REGION}/healthChecks/{{name}}"),
    "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy": ById(f"{_REGION}/targetTcpProxies/{{name}}"),
    "gcp:compute/serviceAttachment:ServiceAttachment": ById(f"{_REGION}/serviceAttachments/{{name}}"),
    "gcp:compute/router:Router": ById(f"{_REGION}/routers/{{name}}"),
    "gcp:compute/routerNat:RouterNat": ById("{project}/{region}/{router}/{name}", within=True),
    "gcp:compute/route:Route": ById(f"{_GLOBAL}/routes/{{name}}"),
    "gcp:compute/subnetwork:Subnetwork": ById(f"{_REGION}/subnetworks/{{name}}"),
    "gcp:container/cluster:Cluster": ById(f"{_PLACE}/clusters/{{name}}"),
    "gcp:container/nodePool:NodePool": ById(f"{_PLACE}/clusters/{{cluster}}/nodePools/{{name}}", within=True),
    "gcp:dns/managedZone:ManagedZone": ById("projects/{project}/managedZones/{name}"),
    "gcp:dns/recordSet:RecordSet": ById(
        "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}", within=True
    ),
    "gcp:kms/cryptoKey:CryptoKey": ById("{keyRing}/cryptoKeys/{name}", within=True),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": _MEMBER,
    "gcp:kms/keyRing:KeyRing": ById("projects/{project}/locations/{location}/keyRings/{name}"),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": ById(
        "projects/{project}/locations/{location}/buckets/{bucketId}"
    ),
    "gcp:logging/projectSink:ProjectSink": ById("projects/{project}/sinks/{name}"),
    "gcp:memorystore/instance:Instance": ById(f"{_PLACE}/instances/{{instanceId}}"),
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": ById(
        f"{_PLACE}/serviceConnectionPolicies/{{name}}"
    ),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": Again("a policy has one of each service, and it is set again"),
    "gcp:projects/iAMMember:IAMMember": _MEMBER,
    "gcp:projects/service:Service": Again("a service that is on stays on"),
    "gcp:projects/serviceIdentity:ServiceIdentity": Again("the same agent is given every time"),
    "gcp:secretmanager/secret:Secret": ById("projects/{project}/secrets/{secretId}"),
    "gcp:secretmanager/secretIamMember:SecretIamMember": _MEMBER,
    "gcp:serviceaccount/iAMMember:IAMMember": _MEMBER,
    "gcp:storage/bucketIAMMember:BucketIAMMember": _MEMBER,
    "gcp:serviceaccount/account:Account": ById(
        "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"
    ),
    "gcp:sql/databaseInstance:DatabaseInstance": ById("{name}"),
    "gcp:sql/user:User": ById("{project}/{instance}/{name}", within=True),
    "gcp:storage/bucket:Bucket": ById("{name}"),
}
