"""Cases of AWS services: who is let in, and secrets in clear text."""

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


def private_api(operator: str, denied: str) -> Declared:
    """An API that everybody may call, but for whoever does not come by the endpoint."""
    call = {"Principal": "*", "Action": "execute-api:Invoke"}
    deny = {"Effect": "Deny", **call, "Resource": denied, "Condition": {operator: {"aws:SourceVpce": "vpce-1"}}}
    statements = [deny, {"Effect": "Allow", **call, "Resource": "execute-api:/*"}]
    private = {"types": "PRIVATE"}
    return aws("apigateway/RestApi", endpointConfiguration=private, policy=json.dumps({"Statement": statements}))


PUBLIC, FOREIGN, CLEAR = "no-public-principal", "no-foreign-principal", "no-clear-text-secret"
PASSWORD, DEPUTY = "no-declared-password", "no-confused-deputy"

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
    passes(PUBLIC, private_api("StringNotEquals", "execute-api:/*")),
    violates(PUBLIC, private_api("StringEquals", "execute-api:/*"), at="policy.Statement[1].Principal"),
    violates(PUBLIC, private_api("StringNotEquals", "execute-api:/prod/*"), at="policy.Statement[1].Principal"),
]
