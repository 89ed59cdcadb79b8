"""Cases of AWS services: encryption, transport, exposure, credentials, logs and recovery."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

OWN, STRANGER = "111122223333", "999988887777"
KEY = f"arn:aws:kms:us-east-1:{OWN}:key/k"


def aws(kind: str, **properties: Any) -> Declared:
    module, _, name = kind.partition("/")
    return resource(f"aws:{module}/{name[0].lower()}{name[1:]}:{name}", properties)


def task(volumes: Any = None, modes: Any = None, **container: Any) -> Declared:
    hardened = {"name": "app", "image": "app", "readonlyRootFilesystem": True, "user": "1000"}
    containers = json.dumps([{**hardened, **container}])
    return aws("ecs/TaskDefinition", containerDefinitions=containers, volumes=volumes or [], **(modes or {}))


def broker(**properties: Any) -> Declared:
    return aws("mq/Broker", encryptionOptions={"useAwsOwnedKey": False, "kmsKeyId": KEY}, **properties)


def kafka(client: Any = "TLS", **properties: Any) -> Declared:
    info = {"encryptionAtRestKmsKeyArn": KEY, "encryptionInTransit": {"clientBroker": client}}
    return aws("msk/Cluster", **{"encryptionInfo": info, "clientAuthentication": {"sasl": {"iam": True}}, **properties})


def distribution(behaviour: str = "https-only", **properties: Any) -> Declared:
    return aws(
        "cloudfront/Distribution",
        **{
            "defaultCacheBehavior": {"viewerProtocolPolicy": behaviour},
            "viewerCertificate": {"minimumProtocolVersion": "TLSv1.2_2021"},
            **properties,
        },
    )


PUBLIC, ENDPOINT = "no-public-principal", "no-public-endpoint"
KEYED, ENCRYPTED, PLAIN, TLS = (
    "store-uses-customer-key",
    "store-is-encrypted",
    "no-plaintext-transport",
    "tls-1-2-or-later",
)
PASSWORD, ADDRESS, LOG = "no-declared-password", "no-automatic-public-address", "audit-log-is-complete"
OUT, BLOCK = "no-default-outbound-access", "no-anonymous-access"

CASES = [
    *(
        violates(KEYED, aws(kind, **properties), at=path)
        for kind, path, properties in (
            ("sqs/Queue", "kmsMasterKeyId", {}),
            ("sqs/Queue", "kmsMasterKeyId", {"kmsMasterKeyId": "alias/aws/sqs"}),
            ("sns/Topic", "kmsMasterKeyId", {"kmsMasterKeyId": "alias/aws/sns"}),
            ("kinesis/Stream", "encryptionType", {"kmsKeyId": KEY}),
            ("secretsmanager/Secret", "kmsKeyId", {}),
            ("secretsmanager/Secret", "replicas[0].kmsKeyId", {"kmsKeyId": KEY, "replicas": [{"region": "eu-west-1"}]}),
            ("ssm/Parameter", "keyId", {"type": "SecureString"}),
            ("efs/FileSystem", "kmsKeyId", {"encrypted": True}),
            ("fsx/LustreFileSystem", "kmsKeyId", {}),
            ("backup/Vault", "kmsKeyArn", {}),
            ("msk/Cluster", "encryptionAtRestKmsKeyArn", {}),
            ("mq/Broker", "encryptionOptions.useAwsOwnedKey", {}),
            ("mwaa/Environment", "kmsKey", {}),
            ("apprunner/Service", "encryptionConfiguration.kmsKey", {}),
            ("sagemaker/NotebookInstance", "kmsKeyId", {}),
            ("dms/ReplicationInstance", "kmsKeyArn", {}),
            ("athena/Workgroup", "encryptionConfiguration.encryptionOption", {}),
            ("glue/DataCatalogEncryptionSettings", "catalogEncryptionMode", {}),
            ("s3tables/TableBucket", "encryptionConfiguration.sseAlgorithm", {}),
            ("cloudwatch/EventBus", "kmsKeyIdentifier", {}),
            ("rds/SnapshotCopy", "kmsKeyId", {}),
            ("storagegateway/NfsFileShare", "kmsEncrypted", {"kmsKeyArn": KEY}),
        )
    ),
    passes(KEYED, aws("sqs/Queue", kmsMasterKeyId=KEY), broker(), kafka()),
    passes(KEYED, aws("kinesis/Stream", encryptionType="KMS", kmsKeyId=KEY)),
    passes(KEYED, aws("ssm/Parameter", type="String", name="region", value="us-east-1")),
    passes(KEYED, aws("sqs/Queue"), plan="managed"),
    violates(ENCRYPTED, aws("sqs/Queue", sqsManagedSseEnabled=False), at="sqsManagedSseEnabled"),
    violates(ENCRYPTED, aws("sns/Topic"), at="kmsMasterKeyId", plan="managed"),
    violates(ENCRYPTED, aws("kinesis/Stream"), at="encryptionType"),
    violates(ENCRYPTED, aws("efs/FileSystem"), at="encrypted"),
    violates(ENCRYPTED, aws("emr/Cluster"), at="securityConfiguration"),
    violates(ENCRYPTED, aws("kinesis/FirehoseDeliveryStream", destination="s3"), at="serverSideEncryption.enabled"),
    violates(ENCRYPTED, aws("rds/GlobalCluster"), at="storageEncrypted"),
    passes(
        ENCRYPTED, aws("sqs/Queue"), aws("kinesis/FirehoseDeliveryStream", kinesisSourceConfiguration={"roleArn": "r"})
    ),
    violates(PLAIN, kafka("TLS_PLAINTEXT"), at="clientBroker"),
    violates(PLAIN, aws("sns/TopicSubscription", protocol="http"), at="protocol"),
    violates(PLAIN, task([{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "f"}}]), at="transitEncryption"),
    violates(PLAIN, distribution("allow-all"), at="viewerProtocolPolicy"),
    violates(
        PLAIN,
        distribution(origins=[{"customOriginConfig": {"originProtocolPolicy": "match-viewer"}}]),
        at="origins[0].customOriginConfig.originProtocolPolicy",
    ),
    violates(PLAIN, aws("dms/Endpoint", engineName="postgres", kmsKeyArn=KEY), at="sslMode"),
    violates(PLAIN, aws("glue/Connection", connectionProperties={}), at="JDBC_ENFORCE_SSL"),
    violates(PLAIN, aws("transfer/Server", protocols=["SFTP", "FTP"]), at="protocols[1]"),
    violates(PLAIN, aws("rds/Proxy"), at="requireTls"),
    violates(PLAIN, aws("appsync/ApiCache"), at="transitEncryptionEnabled"),
    passes(PLAIN, kafka(), distribution("redirect-to-https"), aws("dms/Endpoint", engineName="s3")),
    passes(PLAIN, aws("sns/TopicSubscription", protocol="sqs"), aws("rds/Proxy", requireTls=True)),
    undecided(PLAIN, kafka(UNKNOWN)),
    violates(TLS, distribution(viewerCertificate={"cloudfrontDefaultCertificate": True}), at="minimumProtocolVersion"),
    violates(
        TLS,
        distribution(
            origins=[{"customOriginConfig": {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1"]}}]
        ),
        at="originSslProtocols[0]",
    ),
    violates(TLS, aws("apigateway/DomainName", securityPolicy="TLS_1_0"), at="securityPolicy"),
    passes(TLS, distribution(), aws("apigateway/DomainName", securityPolicy="TLS_1_2")),
    *(
        violates(ENDPOINT, aws(kind, **properties), at=path)
        for kind, path, properties in (
            ("mq/Broker", "publiclyAccessible", {"publiclyAccessible": True}),
            ("dms/ReplicationInstance", "publiclyAccessible", {"publiclyAccessible": True}),
            ("mwaa/Environment", "webserverAccessMode", {"webserverAccessMode": "PUBLIC_ONLY"}),
            ("apprunner/Service", "isPubliclyAccessible", {}),
            ("apigateway/RestApi", "endpointConfiguration.types", {}),
            ("apigateway/RestApi", "endpointConfiguration.types", {"endpointConfiguration": {"types": "REGIONAL"}}),
            ("apigatewayv2/Api", "type", {"protocolType": "HTTP"}),
            ("appsync/GraphQLApi", "visibility", {"authenticationType": "AWS_IAM"}),
            ("transfer/Server", "endpointType", {}),
            ("cloudfront/Distribution", "type", {}),
            ("s3/BucketWebsiteConfiguration", "type", {"bucket": "b"}),
            ("s3/Bucket", "website", {"website": {"indexDocument": "index.html"}}),
            ("lightsail/Lb", "type", {}),
        )
    ),
    violates(
        ENDPOINT,
        kafka(brokerNodeGroupInfo={"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}),
        at="publicAccess.type",
    ),
    passes(ENDPOINT, aws("apigateway/RestApi", endpointConfiguration={"types": "PRIVATE"}), kafka(), broker()),
    passes(ENDPOINT, aws("transfer/Server", endpointType="VPC")),
    undecided(ENDPOINT, aws("apigateway/RestApi", endpointConfiguration={"types": UNKNOWN})),
    violates(ADDRESS, aws("ecs/Service", networkConfiguration={"assignPublicIp": True}), at="assignPublicIp"),
    violates(ADDRESS, aws("lightsail/Instance"), at="type"),
    violates(ADDRESS, aws("transfer/Server", endpointDetails={"addressAllocationIds": ["e"]}), at="addressAllocation"),
    violates(
        ADDRESS,
        aws(
            "batch/JobDefinition",
            containerProperties=json.dumps({"networkConfiguration": {"assignPublicIp": "ENABLED"}}),
        ),
        at="assignPublicIp",
    ),
    passes(ADDRESS, aws("ecs/Service", networkConfiguration={"subnets": ["s"]})),
    violates("no-privileged-container", task(privileged=True), at="privileged"),
    violates("root-filesystem-is-read-only", task(readonlyRootFilesystem=False), at="readonlyRootFilesystem"),
    violates("no-host-namespace", task(modes={"networkMode": "host"}), at="networkMode"),
    violates("no-host-path", task([{"name": "v", "hostPath": "/var/run/docker.sock"}]), at="volumes[0].hostPath"),
    violates("no-debug-access", aws("ecs/Service", enableExecuteCommand=True), at="enableExecuteCommand"),
    violates(
        "no-open-ingress",
        aws("lightsail/InstancePublicPorts", portInfos=[{"protocol": "tcp", "fromPort": 22, "toPort": 22}]),
        at="portInfos[0].cidrs",
    ),
    violates(
        "no-clear-text-secret", broker(users=[{"username": "a", "password": "hunter2hunter2"}]), at="users[0].password"
    ),
    passes("no-clear-text-secret", broker(users=[{"username": "a", "password": secret("hunter2hunter2")}])),
    violates(PLAIN, aws("lb/TargetGroup", protocol="HTTP", port=80), at="protocol"),
    passes(PLAIN, aws("lb/TargetGroup", protocol="HTTPS", port=443), aws("lb/TargetGroup", targetType="lambda")),
    undecided(PLAIN, aws("lb/TargetGroup", protocol=UNKNOWN)),
    violates(
        "deletion-protection-is-on",
        aws("lb/LoadBalancer", internal=True, enableDeletionProtection=False),
        at="enableDeletionProtection",
    ),
    violates(
        "deletion-protection-is-on", aws("cognito/UserPool", deletionProtection="INACTIVE"), at="deletionProtection"
    ),
    passes("deletion-protection-is-on", aws("lb/LoadBalancer"), aws("cognito/UserPool", deletionProtection="ACTIVE")),
    violates(
        "guard-rail-holds", aws("route53/ResolverFirewallConfig", firewallFailOpen="ENABLED"), at="firewallFailOpen"
    ),
    passes("guard-rail-holds", aws("route53/ResolverFirewallConfig", firewallFailOpen="DISABLED")),
    violates("no-clear-text-secret", aws("acm/Certificate", privateKey="-----BEGIN"), at="privateKey"),
    passes("no-clear-text-secret", aws("acm/Certificate", privateKey=secret("-----BEGIN"))),
    violates("no-clear-text-secret", aws("iam/ServerCertificate", privateKey="-----BEGIN"), at="privateKey"),
    violates(
        "no-clear-text-secret",
        resource("aws:ssm/parameter:Parameter", {"type": "String", "value": "hunter2hunter2"}, name="db-password"),
        at="value",
    ),
    violates("no-opaque-manifest", aws("cloudformation/StackSetInstance", stackSetName="s", accountId="1"), at="type"),
    violates(PASSWORD, aws("dms/Endpoint", engineName="s3", password="x"), at="password"),
    violates(PASSWORD, aws("fsx/OntapFileSystem", fsxAdminPassword="x"), at="fsxAdminPassword"),
    violates(PASSWORD, aws("kinesis/FirehoseDeliveryStream", redshiftConfiguration={"password": "x"}), at="password"),
    violates("no-exported-key", aws("appsync/ApiKey", apiId="a"), at="type"),
    violates("no-local-credentials", aws("appsync/GraphQLApi", authenticationType="API_KEY"), at="authenticationType"),
    violates(BLOCK, aws("msk/Cluster"), at="clientAuthentication"),
    violates(BLOCK, kafka(clientAuthentication={"unauthenticated": True, "sasl": {"iam": True}}), at="unauthenticated"),
    violates(BLOCK, aws("secretsmanager/SecretPolicy", blockPublicPolicy=False), at="blockPublicPolicy"),
    violates(
        BLOCK,
        aws("s3/AccessPoint", publicAccessBlockConfiguration={"blockPublicPolicy": False}),
        at="publicAccessBlockConfiguration.blockPublicPolicy",
    ),
    passes(BLOCK, kafka(), aws("s3/AccessPoint"), aws("secretsmanager/SecretPolicy")),
    violates(OUT, aws("sagemaker/NotebookInstance"), at="directInternetAccess"),
    violates(OUT, aws("sagemaker/Domain"), at="appNetworkAccessType"),
    violates(OUT, aws("appstream/Fleet", enableDefaultInternetAccess=True), at="enableDefaultInternetAccess"),
    passes(OUT, aws("sagemaker/NotebookInstance", directInternetAccess="Disabled"), aws("appstream/Fleet")),
    passes(OUT, aws("sagemaker/Model", vpcConfig={"subnets": ["s"]})),
    violates("no-open-cross-origin", aws("lambda/FunctionUrl", cors={"allowOrigins": ["*"]}), at="allowOrigins[0]"),
    violates(
        "no-open-cross-origin",
        aws("s3/BucketCorsConfiguration", corsRules=[{"allowedOrigins": ["https://a.example", "*"]}]),
        at="corsRules[0].allowedOrigins[1]",
    ),
    passes(
        "no-open-cross-origin", aws("s3/BucketCorsConfiguration", corsRules=[{"allowedOrigins": ["https://a.test"]}])
    ),
    violates("no-forced-deletion", aws("secretsmanager/Secret", recoveryWindowInDays=0), at="recoveryWindowInDays"),
    violates(
        "key-rotates-every-90-days",
        aws("secretsmanager/SecretRotation", rotationRules={"scheduleExpression": "rate(365 days)"}),
        at="scheduleExpression",
    ),
    passes(
        "key-rotates-every-90-days", aws("secretsmanager/SecretRotation", rotationRules={"automaticallyAfterDays": 30})
    ),
    violates("backups-kept-7-days", aws("backup/Plan", rules=[{"lifecycle": {"deleteAfter": 3}}]), at="deleteAfter"),
    passes("backups-kept-7-days", aws("backup/Plan", rules=[{"lifecycle": {"deleteAfter": 35}}, {}])),
    violates(LOG, aws("cfg/RecorderStatus", isEnabled=False), at="isEnabled"),
    violates(LOG, aws("cfg/Recorder", recordingGroup={"allSupported": False}), at="allSupported"),
    violates("threat-detection-is-on", aws("guardduty/Detector", enable=False), at="enable"),
    passes("threat-detection-is-on", aws("guardduty/Detector")),
    violates("no-weak-cipher", aws("transfer/Server"), at="securityPolicyName"),
    passes("no-weak-cipher", aws("transfer/Server", securityPolicyName="TransferSecurityPolicy-2024-01")),
    violates(
        "no-cross-tenant-replication",
        aws("s3/BucketReplicationConfig", rules=[{"destination": {"account": STRANGER}}]),
        at="rules[0].destination.account",
    ),
    violates("metadata-service-is-guarded", aws("sagemaker/NotebookInstance"), at="minimumInstanceMetadata"),
    violates(
        "guard-rail-holds", aws("athena/Workgroup", configuration={"enforceWorkgroupConfiguration": False}), at="enf"
    ),
    violates("patches-are-automatic", aws("rds/Instance", autoMinorVersionUpgrade=False), at="autoMinorVersionUpgrade"),
    violates("database-takes-identities", aws("rds/Proxy", auths=[{"iamAuth": "DISABLED"}]), at="auths[0].iamAuth"),
    violates(
        KEYED, aws("imagebuilder/ImageRecipe", blockDeviceMappings=[{"ebs": {"encrypted": "true"}}]), at="kmsKeyId"
    ),
    violates(KEYED, aws("xray/EncryptionConfig", **{"type": "NONE"}), at="type"),
    violates(
        ENCRYPTED, aws("workspaces/Workspace", rootVolumeEncryptionEnabled=True), at="userVolumeEncryptionEnabled"
    ),
    violates("no-clear-text-secret", aws("directoryservice/Directory", password="x"), at="password"),
    passes("no-clear-text-secret", aws("directoryservice/Directory", password=secret("x"))),
    violates(PLAIN, aws("datasync/EfsLocation"), at="inTransitEncryption"),
    violates(PLAIN, aws("vpclattice/Listener", protocol="HTTP"), at="protocol"),
    violates("no-opaque-manifest", aws("cloudformation/Stack", templateBody="{}"), at="type"),
    violates("no-exported-key", aws("grafana/WorkspaceApiKey"), at="type"),
    violates("no-public-zone", aws("servicediscovery/PublicDnsNamespace"), at="type"),
    violates(OUT, aws("bedrock/AgentcoreBrowser", networkConfiguration={"networkMode": "PUBLIC"}), at="networkMode"),
    passes(OUT, aws("bedrock/AgentcoreBrowser", networkConfiguration={"networkMode": "VPC"})),
    violates(
        "no-open-egress",
        aws("networkfirewall/FirewallPolicy", firewallPolicy={"statelessDefaultActions": ["aws:pass"]}),
        at="statelessDefaultActions[0]",
    ),
    violates(
        "no-cross-tenant-replication",
        aws("cloudwatch/LogSubscriptionFilter", destinationArn=f"arn:aws:logs:us-east-1:{STRANGER}:destination:d"),
        at="destinationArn",
    ),
    passes(
        "no-cross-tenant-replication",
        aws("cloudwatch/LogSubscriptionFilter", destinationArn=f"arn:aws:firehose:us-east-1:{OWN}:deliverystream/d"),
    ),
]
