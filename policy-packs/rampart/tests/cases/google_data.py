"""Cases of Google Cloud's stores, pipelines and serverless services."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates


def valkey(**properties: Any) -> Declared:
    hardened = {"kmsKey": "k", "transitEncryptionMode": "SERVER_AUTHENTICATION", "authorizationMode": "IAM_AUTH"}
    return resource("gcp:memorystore/instance:Instance", {**hardened, **properties})


def redis(**properties: Any) -> Declared:
    hardened = {"customerManagedKey": "k", "transitEncryptionMode": "SERVER_AUTHENTICATION", "authEnabled": True}
    return resource("gcp:redis/instance:Instance", {**hardened, **properties})


def alloy(**properties: Any) -> Declared:
    return resource("gcp:alloydb/cluster:Cluster", {"encryptionConfig": {"kmsKeyName": "k"}, **properties})


def alloy_instance(**network: Any) -> Declared:
    return resource("gcp:alloydb/instance:Instance", {"instanceType": "PRIMARY", "networkConfig": network})


def dataset(*accesses: Any, **properties: Any) -> Declared:
    keyed = {"defaultEncryptionConfiguration": {"kmsKeyName": "k"}, "accesses": list(accesses)}
    return resource("gcp:bigquery/dataset:Dataset", {**keyed, **properties})


def run(*env: Any, **properties: Any) -> Declared:
    hardened = {
        "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY",
        "template": {"containers": [{"image": "i", "envs": list(env)}], "serviceAccount": "run@p.iam"},
    }
    return resource("gcp:cloudrunv2/service:Service", {**hardened, **properties})


def old_run(**annotations: Any) -> Declared:
    named = {f"run.googleapis.com/{name.replace('_', '-')}": value for name, value in annotations.items()}
    return resource("gcp:cloudrun/service:Service", {"metadata": {"annotations": named}})


def of(token: str, **properties: Any) -> Declared:
    module, name = token.split("/")
    return resource(f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}", properties)


KEYED, PLAIN, ENDPOINT = "store-uses-customer-key", "no-plaintext-transport", "no-public-endpoint"
INGRESS, ADDRESS, PUBLIC = "no-open-ingress", "no-automatic-public-address", "no-public-principal"
OPEN, LOGIN, LOCAL = "no-unauthenticated-access", "database-takes-identities", "no-local-credentials"
PASSWORD, SECRET, BROAD = "no-declared-password", "no-clear-text-secret", "no-broad-role"
PROTECTED, FORCED, BACKUPS = "deletion-protection-is-on", "no-forced-deletion", "backups-kept-7-days"
PSC = {"networkConfig": {"connectionType": "PRIVATE_SERVICE_CONNECT_INTERFACES"}}
DEFAULT = "1-compute@developer.gserviceaccount.com"

CASES = [
    violates(KEYED, valkey(kmsKey=None), at="kmsKey"),
    violates(KEYED, redis(customerManagedKey=""), at="customerManagedKey"),
    violates(KEYED, alloy(encryptionConfig=None), at="encryptionConfig.kmsKeyName"),
    violates(KEYED, dataset(defaultEncryptionConfiguration=None), at="defaultEncryptionConfiguration"),
    violates(KEYED, of("spanner/Database", ddls=[]), at="encryptionConfig"),
    violates(
        KEYED, of("bigtable/Instance", clusters=[{"kmsKeyName": "k"}, {"clusterId": "c"}]), at="clusters[1].kmsKeyName"
    ),
    violates(KEYED, of("pubsub/Topic", name="t"), at="kmsKeyName"),
    violates(KEYED, of("filestore/Instance", tier="ENTERPRISE"), at="kmsKeyName"),
    violates(KEYED, of("firestore/Database", type="FIRESTORE_NATIVE"), at="cmekConfig.kmsKeyName"),
    violates(KEYED, of("secretmanager/Secret", replication={"auto": {}}), at="replication.auto"),
    violates(
        KEYED,
        of(
            "secretmanager/Secret",
            replication={
                "userManaged": {
                    "replicas": [
                        {"location": "a", "customerManagedEncryption": {"kmsKeyName": "k"}},
                        {"location": "b"},
                    ]
                }
            },
        ),
        at="replication.userManaged.replicas[1]",
    ),
    violates(KEYED, of("secretmanager/RegionalSecret", secretId="s"), at="customerManagedEncryption.kmsKeyName"),
    violates(KEYED, of("artifactregistry/Repository", format="DOCKER"), at="kmsKeyName"),
    violates(KEYED, of("dataproc/Cluster", clusterConfig={"gceClusterConfig": {}}), at="encryptionConfig.kmsKeyName"),
    violates(KEYED, of("dataflow/FlexTemplateJob", name="j"), at="kmsKeyName"),
    violates(KEYED, of("composer/Environment", config={}), at="config.encryptionConfig.kmsKeyName"),
    violates(KEYED, of("workbench/Instance", gceSetup={"bootDisk": {"diskType": "PD_SSD"}}), at="gceSetup.bootDisk"),
    violates(KEYED, of("vertex/AiDataset", metadataSchemaUri="u"), at="encryptionSpec.kmsKeyName"),
    violates(KEYED, of("managedkafka/Cluster", gcpConfig={}), at="gcpConfig.kmsKey"),
    passes(KEYED, valkey()),
    passes(KEYED, of("spanner/Database", encryptionConfig={"kmsKeyNames": ["k"]})),
    passes(KEYED, of("artifactregistry/Repository", mode="VIRTUAL_REPOSITORY")),
    passes(
        KEYED,
        of("secretmanager/Secret", replication={"auto": {"customerManagedEncryption": {"kmsKeyName": "k"}}}),
    ),
    passes(KEYED, of("pubsub/Topic", name="t"), plan="managed"),
    passes(KEYED, of("bigquery/Table", deletionProtection=True)),
    undecided(KEYED, of("secretmanager/Secret", replication=UNKNOWN)),
    undecided(KEYED, redis(customerManagedKey=UNKNOWN)),
    violates(PLAIN, valkey(transitEncryptionMode="TRANSIT_ENCRYPTION_DISABLED"), at="transitEncryptionMode"),
    violates(PLAIN, redis(transitEncryptionMode=None), at="transitEncryptionMode"),
    violates(PLAIN, of("redis/Cluster", kmsKey="k"), at="transitEncryptionMode"),
    violates(PLAIN, of("memcache/Instance", nodeCount=1), at="type"),
    violates(
        PLAIN,
        of(
            "alloydb/Instance",
            clientConnectionConfig={"sslConfig": {"sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}},
        ),
        at="sslMode",
    ),
    violates(PLAIN, of("pubsub/Subscription", pushConfig={"pushEndpoint": "http://a.example"}), at="pushEndpoint"),
    violates(PLAIN, of("cloudscheduler/Job", httpTarget={"uri": "HTTP://a.example"}), at="httpTarget.uri"),
    violates(PLAIN, of("cloudfunctions/Function", httpsTriggerSecurityLevel="SECURE_OPTIONAL"), at="SecurityLevel"),
    violates(PLAIN, of("monitoring/NotificationChannel", labels={"url": "http://hook.example"}), at="labels.url"),
    passes(PLAIN, valkey()),
    passes(PLAIN, redis()),
    passes(PLAIN, of("redis/Cluster", transitEncryptionMode="TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION")),
    passes(PLAIN, of("pubsub/Subscription", pushConfig={"pushEndpoint": "https://a.example/http://"})),
    undecided(PLAIN, redis(transitEncryptionMode=UNKNOWN)),
    violates(ENDPOINT, alloy_instance(enablePublicIp=True), at="networkConfig.enablePublicIp"),
    violates(ENDPOINT, run(ingress=None), at="ingress"),
    violates(ENDPOINT, run(ingress="INGRESS_TRAFFIC_ALL"), at="ingress"),
    violates(ENDPOINT, old_run(), at="metadata.annotations"),
    violates(ENDPOINT, old_run(ingress="all"), at="run.googleapis.com/ingress"),
    violates(ENDPOINT, of("cloudfunctions/Function", triggerHttp=True), at="ingressSettings"),
    violates(ENDPOINT, of("cloudfunctionsv2/Function", serviceConfig={}), at="serviceConfig.ingressSettings"),
    violates(ENDPOINT, of("appengine/ServiceNetworkSettings", service="s"), at="ingressTrafficAllowed"),
    violates(ENDPOINT, of("composer/Environment", config={}), at="config.enablePrivateEnvironment"),
    violates(ENDPOINT, of("datafusion/Instance", type="BASIC"), at="privateInstance"),
    violates(ENDPOINT, of("looker/Instance", publicIpEnabled=True, privateIpEnabled=True), at="publicIpEnabled"),
    violates(ENDPOINT, of("vertex/AiIndexEndpoint", publicEndpointEnabled=True), at="publicEndpointEnabled"),
    violates(ENDPOINT, of("workstations/WorkstationCluster", network="n"), at="enablePrivateEndpoint"),
    violates(ENDPOINT, of("apigateway/Gateway", gatewayId="g"), at="type"),
    violates(
        ENDPOINT,
        of(
            "managedkafka/Cluster",
            gcpConfig={"accessConfig": {"publicClusterConfig": {"allowedSourceIpRanges": ["203.0.113.0/24"]}}},
        ),
        at="allowedSourceIpRanges",
    ),
    passes(ENDPOINT, alloy_instance(enablePublicIp=False)),
    passes(ENDPOINT, run()),
    passes(ENDPOINT, old_run(ingress="internal-and-cloud-load-balancing")),
    passes(ENDPOINT, of("cloudfunctions/Function", eventTrigger={"eventType": "e"})),
    passes(ENDPOINT, of("cloudfunctionsv2/Function", eventTrigger={"eventType": "e"}, serviceConfig={})),
    passes(ENDPOINT, of("composer/Environment", config={"enablePrivateEnvironment": True})),
    passes(ENDPOINT, of("datafusion/Instance", privateInstance=True)),
    undecided(ENDPOINT, run(ingress=UNKNOWN)),
    undecided(ENDPOINT, of("cloudfunctionsv2/Function", eventTrigger=UNKNOWN)),
    violates(
        INGRESS,
        alloy_instance(authorizedExternalNetworks=[{"cidrRange": "0.0.0.0/0"}]),
        at="authorizedExternalNetworks[0].cidrRange",
    ),
    violates(
        INGRESS,
        of("filestore/Instance", fileShares={"nfsExportOptions": [{"ipRanges": ["0.0.0.0/0"]}]}),
        at="nfsExportOptions[0].ipRanges[0]",
    ),
    violates(
        INGRESS,
        of("netapp/Volume", exportPolicy={"rules": [{"allowedClients": "10.0.0.0/8, 0.0.0.0/0"}]}),
        at="allowedClients",
    ),
    violates(INGRESS, of("appengine/FirewallRule", action="ALLOW", sourceRange="*"), at="sourceRange"),
    passes(INGRESS, of("appengine/FirewallRule", action="DENY", sourceRange="*")),
    passes(INGRESS, of("netapp/Volume", exportPolicy={"rules": [{"allowedClients": "10.0.0.0/8,10.1.2.3"}]})),
    undecided(INGRESS, of("netapp/Volume", exportPolicy={"rules": [{"allowedClients": UNKNOWN}]})),
    violates(
        ADDRESS, of("dataproc/Cluster", clusterConfig={"gceClusterConfig": {"network": "n"}}), at="internalIpOnly"
    ),
    violates(ADDRESS, of("dataflow/Job", ipConfiguration="WORKER_IP_PUBLIC"), at="ipConfiguration"),
    violates(ADDRESS, of("workbench/Instance", gceSetup={"disablePublicIp": False}), at="disablePublicIp"),
    violates(ADDRESS, of("cloudbuild/WorkerPool", workerConfig={"diskSizeGb": 100}), at="workerConfig.noExternalIp"),
    violates(ADDRESS, of("tpu/V2Vm", networkConfig={"enableExternalIps": True}), at="enableExternalIps"),
    passes(ADDRESS, of("dataproc/Cluster", clusterConfig={"gceClusterConfig": {"internalIpOnly": True}})),
    passes(ADDRESS, of("dataflow/Job", ipConfiguration="WORKER_IP_PRIVATE")),
    passes(ADDRESS, of("cloudbuild/WorkerPool", workerConfig={"noExternalIp": True})),
    violates(
        PUBLIC, dataset({"role": "READER", "specialGroup": "allAuthenticatedUsers"}), at="accesses[0].specialGroup"
    ),
    violates(PUBLIC, dataset({"role": "READER", "iamMember": "allUsers"}), at="accesses[0].iamMember"),
    violates(PUBLIC, of("bigquery/DatasetAccess", specialGroup="allAuthenticatedUsers"), at="specialGroup"),
    violates(PUBLIC, of("managedkafka/Acl", aclEntries=[{"principal": "User:*", "permissionType": "ALLOW"}]), at="[0]"),
    violates("no-broad-principal", dataset({"role": "READER", "domain": "example.com"}), at="accesses[0].domain"),
    passes(
        PUBLIC, dataset({"role": "OWNER", "specialGroup": "projectOwners"}, {"userByEmail": "allusers@example.com"})
    ),
    passes(PUBLIC, of("managedkafka/Acl", aclEntries=[{"principal": "User:*", "permissionType": "DENY"}])),
    undecided(PUBLIC, dataset({"role": "READER", "iamMember": UNKNOWN})),
    violates(OPEN, redis(authEnabled=None), at="authEnabled"),
    violates(OPEN, run(invokerIamDisabled=True), at="invokerIamDisabled"),
    violates(OPEN, old_run(ingress="internal", invoker_iam_disabled="true"), at="invoker-iam-disabled"),
    violates(OPEN, of("identityplatform/Config", signIn={"anonymous": {"enabled": True}}), at="signIn.anonymous"),
    passes(OPEN, redis()),
    passes(OPEN, run()),
    undecided(OPEN, redis(authEnabled=UNKNOWN)),
    violates(LOGIN, valkey(authorizationMode="AUTH_DISABLED"), at="authorizationMode"),
    passes(LOGIN, valkey()),
    violates(LOCAL, of("alloydb/User", userType="ALLOYDB_BUILT_IN"), at="userType"),
    passes(LOCAL, of("alloydb/User", userType="ALLOYDB_IAM_USER")),
    violates(PASSWORD, alloy(initialUser={"password": secret("hunter2")}), at="initialUser.password"),
    passes(PASSWORD, alloy(initialUser={"passwordWo": secret("hunter2")})),
    violates(PROTECTED, alloy(deletionProtection=False), at="deletionProtection"),
    violates(PROTECTED, valkey(deletionProtectionEnabled=False), at="deletionProtectionEnabled"),
    violates(PROTECTED, of("firestore/Database", cmekConfig={"kmsKeyName": "k"}), at="deleteProtectionState"),
    passes(PROTECTED, alloy()),
    passes(PROTECTED, of("firestore/Database", deleteProtectionState="DELETE_PROTECTION_ENABLED")),
    violates(FORCED, dataset(deleteContentsOnDestroy=True), at="deleteContentsOnDestroy"),
    passes(FORCED, dataset()),
    violates(BACKUPS, alloy(automatedBackupPolicy={"enabled": False}), at="automatedBackupPolicy.enabled"),
    violates(
        BACKUPS,
        alloy(automatedBackupPolicy={"timeBasedRetention": {"retentionPeriod": "86400s"}}),
        at="retentionPeriod",
    ),
    passes(BACKUPS, alloy()),
    violates(SECRET, run({"name": "DB_PASSWORD", "value": "hunter22"}), at="envs[0].value"),
    violates(SECRET, run({"name": "DATABASE_URL", "value": "postgres://app:hunter22@db/app"}), at="envs[0].value"),
    violates(SECRET, of("cloudfunctions/Function", environmentVariables={"API_KEY": "abc123"}), at="API_KEY"),
    violates(SECRET, of("dataflow/Job", parameters={"password": "hunter22"}), at="parameters.password"),
    violates(SECRET, of("cloudbuild/Trigger", build={"steps": [{"envs": ["TOKEN=abc123"]}]}), at="envs[0]"),
    violates(SECRET, of("secretmanager/SecretVersion", secretData="hunter22"), at="secretData"),
    violates(
        SECRET, of("cloudscheduler/Job", httpTarget={"headers": {"Authorization": "Bearer abc"}}), at="Authorization"
    ),
    passes(SECRET, run({"name": "DB_PASSWORD", "valueSource": {"secretKeyRef": {"secret": "db"}}})),
    passes(SECRET, run({"name": "DB_PASSWORD_SECRET", "value": "projects/1/secrets/db/versions/1"})),
    passes(SECRET, run({"name": "TOKEN_URL", "value": "https://issuer.example/token"})),
    passes(SECRET, of("secretmanager/SecretVersion", secretData=secret("hunter22"))),
    undecided(SECRET, run({"name": "DB_PASSWORD", "value": UNKNOWN})),
    violates(BROAD, run(template={"serviceAccount": DEFAULT}), at="template.serviceAccount"),
    violates(BROAD, of("dataproc/Cluster", clusterConfig={"gceClusterConfig": {}}), at="gceClusterConfig.serviceAcc"),
    passes(BROAD, run()),
    violates("no-default-outbound-access", alloy_instance(enableOutboundPublicIp=True), at="enableOutboundPublicIp"),
    violates(
        "no-open-cross-origin",
        resource("gcp:storage/bucket:Bucket", {"cors": [{"origins": ["*"], "methods": ["GET"]}]}),
        at="cors[0].origins[0]",
    ),
    violates(
        "key-deletion-waits-30-days", of("certificateauthority/Authority", skipGracePeriod=True), at="skipGracePeriod"
    ),
    violates(
        "threat-detection-is-on",
        of("artifactregistry/Repository", vulnerabilityScanningConfig={"enablementState": "DISABLED"}),
        at="enablementState",
    ),
]
