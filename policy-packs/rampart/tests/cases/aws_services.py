"""Cases of AWS messaging, functions, containers, APIs, files, secrets, analytics, and what is shared."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

OWN, STRANGER = "111122223333", "999988887777"
KEY = f"arn:aws:kms:us-east-1:{OWN}:key/k"


def aws(kind: str, **properties: Any) -> Declared:
    module, _, name = kind.partition("/")
    return resource(f"aws:{module}/{name[0].lower()}{name[1:]}:{name}", properties)


def allow(principal: Any, **extra: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "x:Get", **extra}]})


def function(**environment: Any) -> Declared:
    return aws("lambda/Function", role="r", environment={"variables": environment})


def task(volumes: Any = None, modes: Any = None, **container: Any) -> Declared:
    hardened = {"name": "app", "image": "app", "readonlyRootFilesystem": True, "user": "1000"}
    containers = json.dumps([{**hardened, **container}])
    return aws("ecs/TaskDefinition", containerDefinitions=containers, volumes=volumes or [], **(modes or {}))


def call(principal: Any, **scope: Any) -> Declared:
    return aws("lambda/Permission", action="lambda:InvokeFunction", principal=principal, **scope)


def method(kind: Any = "AWS_IAM", verb: str = "GET", **properties: Any) -> Declared:
    return aws("apigateway/Method", authorization=kind, httpMethod=verb, **properties)


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


PUBLIC, FOREIGN, ENDPOINT, CLEAR = (
    "no-public-principal",
    "no-foreign-principal",
    "no-public-endpoint",
    "no-clear-text-secret",
)
KEYED, ENCRYPTED, PLAIN, TLS = (
    "store-uses-customer-key",
    "store-is-encrypted",
    "no-plaintext-transport",
    "tls-1-2-or-later",
)
PASSWORD, ADDRESS, DEPUTY, LOG = (
    "no-declared-password",
    "no-automatic-public-address",
    "no-confused-deputy",
    "audit-log-is-complete",
)
OUT, BLOCK = "no-default-outbound-access", "no-anonymous-access"

CASES = [
    *(
        violates(PUBLIC, aws(kind, **{path: allow("*")}), at=f"{path}.Statement[0].Principal")
        for kind, path in (
            ("sqs/Queue", "policy"),
            ("sqs/QueuePolicy", "policy"),
            ("sns/Topic", "policy"),
            ("sns/TopicPolicy", "policy"),
            ("secretsmanager/Secret", "policy"),
            ("secretsmanager/SecretPolicy", "policy"),
            ("efs/FileSystemPolicy", "policy"),
            ("backup/VaultPolicy", "policy"),
            ("cloudwatch/EventBusPolicy", "policy"),
            ("cloudwatch/LogResourcePolicy", "policyDocument"),
            ("dynamodb/ResourcePolicy", "policy"),
            ("kinesis/ResourcePolicy", "policy"),
            ("apigateway/RestApi", "policy"),
            ("s3/AccessPoint", "policy"),
            ("glacier/Vault", "accessPolicy"),
            ("glue/ResourcePolicy", "policy"),
            ("vpclattice/AuthPolicy", "policy"),
            ("codeartifact/DomainPermissions", "policyDocument"),
            ("s3tables/TableBucketPolicy", "resourcePolicy"),
            ("lambda/ResourcePolicy", "policy"),
        )
    ),
    passes(PUBLIC, aws("sqs/QueuePolicy", policy=allow("*", Condition={"ArnEquals": {"aws:SourceArn": KEY}}))),
    passes(PUBLIC, aws("sns/TopicPolicy", policy=allow({"Service": "cloudwatch.amazonaws.com"}))),
    passes(
        PUBLIC,
        aws(
            "efs/FileSystemPolicy",
            policy=allow("*", Condition={"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}),
        ),
    ),
    undecided(PUBLIC, aws("sns/TopicPolicy", policy=UNKNOWN)),
    violates(PUBLIC, call("*"), at="principal"),
    violates(PUBLIC, call("*", sourceArn="arn:aws:s3:::*"), at="principal"),
    violates(PUBLIC, aws("lambda/LayerVersionPermission", principal="*"), at="principal"),
    violates(PUBLIC, aws("lambda/FunctionUrl", authorizationType="NONE"), at="authorizationType"),
    violates(PUBLIC, aws("cloudwatch/EventPermission", principal="*"), at="principal"),
    violates(PUBLIC, method("NONE"), at="authorization"),
    violates(PUBLIC, aws("apigatewayv2/Route", routeKey="GET /orders"), at="authorizationType"),
    violates(PUBLIC, aws("cognito/IdentityPool", allowUnauthenticatedIdentities=True), at="allowUnauthenticated"),
    violates(PUBLIC, aws("vpclattice/Service"), at="authType"),
    violates(PUBLIC, aws("rds/ClusterSnapshot", sharedAccounts=["all"]), at="sharedAccounts[0]"),
    violates(PUBLIC, aws("ssm/Document", permissions={"type": "Share", "accountIds": "All"}), at="permissions"),
    passes(PUBLIC, call("*", principalOrgId="o-1")),
    passes(PUBLIC, aws("lambda/LayerVersionPermission", principal="*", organizationId="o-1")),
    passes(PUBLIC, aws("cloudwatch/EventPermission", principal="*", condition={"value": "o-1"})),
    passes(PUBLIC, method("NONE", "OPTIONS")),
    passes(PUBLIC, method("NONE", apiKeyRequired=True)),
    passes(PUBLIC, aws("lambda/FunctionUrl", authorizationType="AWS_IAM")),
    violates(DEPUTY, call("s3.amazonaws.com"), at="sourceAccount"),
    violates(DEPUTY, call("events.amazonaws.com", sourceArn="arn:aws:events:*:*:rule/*"), at="sourceArn"),
    passes(DEPUTY, call("s3.amazonaws.com", sourceArn="arn:aws:s3:::b", sourceAccount=OWN)),
    passes(DEPUTY, call(OWN)),
    undecided(DEPUTY, call("s3.amazonaws.com", sourceArn=UNKNOWN)),
    violates(FOREIGN, aws("rds/SnapshotCopy", sharedAccounts=[OWN, STRANGER], kmsKeyId=KEY), at="sharedAccounts[1]"),
    violates(FOREIGN, aws("ram/PrincipalAssociation", principal=STRANGER), at="principal"),
    violates(FOREIGN, aws("ram/ResourceShare", allowExternalPrincipals=True), at="allowExternalPrincipals"),
    violates(FOREIGN, call(STRANGER), at="principal"),
    passes(FOREIGN, aws("ram/ResourceShare"), aws("ram/PrincipalAssociation", principal=OWN)),
    violates(
        "no-broad-principal", aws("lakeformation/Permissions", principal="IAM_ALLOWED_PRINCIPALS"), at="principal"
    ),
    violates(
        "no-broad-role", aws("lakeformation/Permissions", principal="p", permissions=["ALL"]), at="permissions[0]"
    ),
    violates(CLEAR, function(DB_PASSWORD="hunter2"), at="environment.variables.DB_PASSWORD"),
    violates(CLEAR, function(URL="postgres://app:hunter2@db/app"), at="variables.URL"),
    violates(CLEAR, function(STRIPE=secret("x1")), at="variables.STRIPE"),
    violates(CLEAR, function(STRIPE=secret(UNKNOWN)), at="variables.STRIPE"),
    violates(CLEAR, task(environment=[{"name": "API_KEY", "value": "abc123"}]), at="environment[0].value"),
    violates(CLEAR, task(command=["sh", "-c", "app --password hunter2"]), at="command[2]"),
    violates(CLEAR, aws("ssm/Parameter", type="String", name="/prod/db/password", value=secret("x1")), at="[secret]"),
    violates(
        CLEAR,
        aws(
            "codebuild/Project",
            environment={"environmentVariables": [{"name": "NPM_TOKEN", "value": "npm_1"}]},
        ),
        at="environmentVariables[0].value",
    ),
    violates(
        CLEAR,
        aws(
            "elasticbeanstalk/Environment",
            settings=[
                {"namespace": "aws:elasticbeanstalk:application:environment", "name": "DB_PASSWORD", "value": "hunter2"}
            ],
        ),
        at="settings[0].value",
    ),
    violates(
        CLEAR, aws("glue/Connection", connectionProperties=secret({"PASSWORD": "hunter2"})), at="connectionProperties"
    ),
    passes(CLEAR, function(DB_SECRET_ARN=secret("arn:aws:secretsmanager:us-east-1:1:secret:db"), TABLE="orders")),
    passes(CLEAR, function(PASSWORD_FILE="/run/db", TOKEN_TTL="3600", QUEUE_URL=UNKNOWN)),
    passes(CLEAR, task(secrets=[{"name": "DB_PASSWORD", "valueFrom": "arn:aws:secretsmanager:x"}])),
    passes(CLEAR, aws("ssm/Parameter", type="SecureString", keyId=KEY, name="/db/password", value=secret("x1"))),
    passes(CLEAR, aws("ssm/Parameter", type="String", name="/app/region", value=secret("us-east-1"))),
    passes(
        CLEAR, aws("glue/Connection", connectionProperties=secret({"JDBC_CONNECTION_URL": "jdbc:x", "USERNAME": "a"}))
    ),
    undecided(CLEAR, function(DB_PASSWORD=UNKNOWN)),
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
    violates(PASSWORD, broker(users=[{"username": "a", "password": "hunter2hunter2"}]), at="users[0].password"),
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
]
