"""Cases of AWS policy documents: wildcards anywhere, conditions that narrow and those that do not, escalation."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

ACCOUNT = "111122223333"
IAM = f"arn:aws:iam::{ACCOUNT}"
OIDC = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
APP = "system:serviceaccount:app:api"


def policy(action: Any, on: Any = "*", condition: Any = None, **extra: Any) -> Declared:
    allow = {"Effect": "Allow", "Action": action, "Resource": on, **extra}
    if condition is not None:
        allow["Condition"] = condition
    return resource("aws:iam/rolePolicy:RolePolicy", {"policy": {"Statement": [allow]}})


def trust(principal: Any, condition: Any = None, action: str = "sts:AssumeRoleWithWebIdentity") -> Declared:
    allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition or {}}
    return resource("aws:iam/role:Role", {"assumeRolePolicy": {"Statement": [allow]}})


def pods(condition: Any) -> Declared:
    return trust({"Federated": f"{IAM}:oidc-provider/{OIDC}"}, condition)


def bucket_policy(action: Any, principal: Any, condition: Any = None, effect: str = "Allow") -> Declared:
    allow = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "arn:aws:s3:::b/*"}
    document = {"Statement": [{**allow, **({"Condition": condition} if condition else {})}]}
    return resource("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b", "policy": json.dumps(document)})


def attached(token: str, **properties: Any) -> Declared:
    return resource(f"aws:{token}", properties)


ACTION, RESOURCE, ESCALATION = "no-wildcard-action", "no-wildcard-resource", "no-privilege-escalation"
EXACT, PUBLIC, BROAD, FOREIGN = (
    "federated-trust-is-exact",
    "no-public-principal",
    "no-broad-role",
    "no-foreign-principal",
)
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
SUB_AUD = {f"{OIDC}:sub": APP, f"{OIDC}:aud": "sts.amazonaws.com"}


def issuer(*audiences: Any) -> Declared:
    token = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    return resource(token, {"url": "https://id.example.org", "clientIdLists": list(audiences)})


CASES = [
    *(
        violates(ACTION, policy(pattern, TABLE), at="policy.Statement[0].Action")
        for pattern in (
            "*:*",
            "S3:*",
            "dynamodb:?*",
            "iam:Pass*",
            "kms:D*",
            "ec2:Create*",
            "iam:*Policy*",
            "s3:*Bucket*",
            "secretsmanager:*Secret*",
        )
    ),
    violates(ACTION, policy(["dynamodb:GetItem", "dynamodb:*"], TABLE), at="Action[1]"),
    violates(ACTION, bucket_policy("s3:*", {"AWS": f"{IAM}:role/app"}), at="policy.Statement[0].Action"),
    violates(
        ACTION,
        attached(
            "ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
            inlinePolicy={"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
        ),
        at="inlinePolicy.Statement[0].Action",
    ),
    *(
        passes(ACTION, policy(pattern, TABLE))
        for pattern in (
            "kms:GenerateDataKey*",
            ["kms:ReEncrypt*", "kms:Describe*"],
            "s3:GetObject*",
            "s3:PutObject*",
            "dynamodb:*Item",
            "sqs:*Message",
            "logs:CreateLog*",
            "ssm:GetParameter*",
            "ec2:Describe*",
        )
    ),
    passes(
        ACTION,
        resource(
            "aws:kms/keyPolicy:KeyPolicy",
            {
                "policy": {
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"AWS": f"{IAM}:root"}, "Action": "kms:*", "Resource": "*"}
                    ]
                }
            },
        ),
    ),
    passes(ACTION, bucket_policy("s3:*", "*", {"Bool": {"aws:SecureTransport": "false"}}, "Deny")),
    undecided(ACTION, policy([UNKNOWN, "s3:GetObject"], TABLE)),
    *(
        violates(RESOURCE, policy("s3:GetObject" if ":s3:" in arn else "dynamodb:GetItem", arn), at="Resource")
        for arn in (
            "arn:aws:s3:::*",
            "arn:aws:s3:::*/*",
            "arn:aws:s3:::?*",
            "arn:*",
            "arn:aws:*:*:*:*",
            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/*",
            f"arn:aws:dynamodb:*:{ACCOUNT}:table/*/index/*",
            f"arn:aws:sqs:us-east-1:{ACCOUNT}:*",
            "arn:aws:secretsmanager:*:*:secret:*",
            "arn:aws:iam::*:role/admin",
            "arn:aws:logs:*:*:*",
        )
    ),
    violates(RESOURCE, policy("ec2:RunInstances"), at="Resource"),
    violates(RESOURCE, policy("iam:GetRole"), at="Resource"),
    violates(RESOURCE, policy(["ec2:DescribeVpcs", "s3:*"]), at="Resource"),
    *(
        violates(RESOURCE, policy("kms:Decrypt", condition=condition), at="Resource")
        for condition in (
            {"StringLike": {"aws:ResourceTag/app": "*"}},
            {"StringEqualsIfExists": {"aws:ResourceTag/app": "shop"}},
            {"ForAllValues:StringEquals": {"aws:ResourceTag/app": "shop"}},
            {"StringNotEquals": {"aws:ResourceTag/app": "shop"}},
            {"Null": {"aws:ResourceTag/app": "false"}},
            {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        )
    ),
    *(
        passes(RESOURCE, policy(action))
        for action in (
            "cloudwatch:PutMetricData",
            ["kms:CreateKey", "kms:GenerateRandom"],
            ["xray:PutTraceSegments", "sts:GetCallerIdentity"],
            "ssmmessages:CreateDataChannel",
            "ec2:describe*",
            "s3:ListAllMyBuckets",
        )
    ),
    *(
        passes(RESOURCE, policy("dynamodb:GetItem", arn))
        for arn in (
            f"{TABLE}*",
            f"{TABLE}/index/*",
            "arn:aws:s3:::logs-*/AWSLogs/*",
            "arn:aws:logs:*:*:log-group:/aws/lambda/app:*",
            f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abcdef/*/GET/*",
            f"{IAM}:role/service/*",
            "arn:aws:iam::*:user/${aws:username}",
        )
    ),
    passes(
        RESOURCE,
        policy("iam:CreateServiceLinkedRole", condition={"StringEquals": {"iam:AWSServiceName": "rds.amazonaws.com"}}),
    ),
    violates(ESCALATION, policy("iam:CreatePolicyVersion", f"{IAM}:policy/app-*"), at="policy.Statement[0].Action"),
    violates(ESCALATION, policy("iam:attach*", f"{IAM}:role/*"), at="Action"),
    violates(ESCALATION, policy(["s3:GetObject", "iam:PassRole"], ["*"]), at="Action[1]"),
    violates(ESCALATION, policy("sts:AssumeRole", "arn:aws:iam::*:role/*"), at="Action"),
    violates(ESCALATION, policy("sts:*", "arn:aws:iam::*:role/deploy"), at="Action"),
    violates(ESCALATION, policy("iam:CreateAccessKey", f"{IAM}:user/*"), at="Action"),
    violates(ESCALATION, policy("iam:PutUserPolicy", f"{IAM}:user/${{aws:username}}-*"), at="Action"),
    passes(ESCALATION, policy("iam:PassRole", f"{IAM}:role/app-*")),
    passes(ESCALATION, policy(["sts:AssumeRole", "sts:TagSession"], f"{IAM}:role/deploy")),
    passes(ESCALATION, policy("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}")),
    passes(ESCALATION, policy("iam:AttachRolePolicy", f"{IAM}:role/app")),
    passes(
        ESCALATION,
        policy("iam:PutRolePolicy", f"{IAM}:role/*", {"StringEquals": {"iam:PermissionsBoundary": f"{IAM}:policy/b"}}),
    ),
    passes(ESCALATION, policy("iam:PassRole", Effect="Deny")),
    undecided(ESCALATION, policy(UNKNOWN, "*")),
    undecided(ESCALATION, policy("iam:PassRole", UNKNOWN)),
    violates(EXACT, issuer("sts.amazonaws.com", "*"), at="clientIdLists[1]"),
    passes(EXACT, issuer("sts.amazonaws.com")),
    undecided(EXACT, issuer(UNKNOWN)),
    violates(EXACT, pods({"StringEquals": {f"{OIDC}:sub": APP}}), at="Condition"),
    violates(EXACT, pods({"StringEquals": {f"{OIDC}:aud": "sts.amazonaws.com"}}), at="Condition"),
    violates(EXACT, pods({"StringLike": {**SUB_AUD, f"{OIDC}:sub": "system:serviceaccount:app:*"}}), at=":sub"),
    violates(EXACT, pods({"ForAllValues:StringEquals": SUB_AUD}), at="Condition"),
    violates(EXACT, pods({"StringEquals": {**SUB_AUD, f"{OIDC}:aud": "*"}}), at=":aud"),
    violates(
        EXACT, pods({"StringEquals": {"accounts.google.com:sub": "1", "accounts.google.com:aud": "2"}}), at="Condition"
    ),
    violates(EXACT, trust({"Federated": f"{IAM}:saml-provider/idp"}, {}, "sts:AssumeRoleWithSAML"), at="Condition"),
    violates(
        EXACT,
        trust(
            {"Federated": "cognito-identity.amazonaws.com"},
            {"StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:pool"}},
        ),
        at="Condition",
    ),
    passes(EXACT, pods({"StringEquals": SUB_AUD})),
    passes(EXACT, pods({"StringLike": {f"{OIDC}:sub": "system:*"}, "StringEquals": SUB_AUD})),
    passes(
        EXACT,
        trust(
            {"Federated": f"{IAM}:saml-provider/idp"},
            {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            "sts:AssumeRoleWithSAML",
        ),
    ),
    undecided(EXACT, trust({"Federated": UNKNOWN}, UNKNOWN)),
    *(
        violates(PUBLIC, bucket_policy("s3:GetObject", "*", condition), at="Principal")
        for condition in (
            {"StringLike": {"aws:Referer": "https://example.com/*"}},
            {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}},
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
            {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}},
            {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
            {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}},
            {"NotIpAddress": {"aws:SourceIp": "198.51.100.7/32"}},
        )
    ),
    *(
        passes(PUBLIC, bucket_policy("s3:GetObject", "*", condition))
        for condition in (
            {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1/r-1/*"]}},
            {"ArnLike": {"aws:PrincipalArn": f"{IAM}:role/app-*"}},
            {"StringEquals": {"s3:DataAccessPointAccount": ACCOUNT}},
        )
    ),
    violates(PUBLIC, trust({"Federated": "*"}), at="Principal.Federated"),
    violates(PUBLIC, trust("*", {"StringEquals": {"sts:ExternalId": "x"}}, "sts:AssumeRole"), at="Principal"),
    violates(FOREIGN, trust({"AWS": "999988887777"}, {}, "sts:AssumeRole"), at="Principal.AWS"),
    violates(
        BROAD,
        attached("iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", policyArns=[ADMINISTRATOR]),
        at="policyArns[0]",
    ),
    violates(
        BROAD,
        attached("ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", managedPolicyArn=ADMINISTRATOR),
        at="managedPolicyArn",
    ),
    *(
        violates(
            BROAD,
            attached("iam/userPolicyAttachment:UserPolicyAttachment", policyArn=f"arn:aws:iam::aws:policy/{name}"),
            at="policyArn",
        )
        for name in (
            "job-function/SystemAdministrator",
            "SecretsManagerReadWrite",
            "IAMFullAccess",
            "ReadOnlyAccess",
            "AWSKeyManagementServicePowerUser",
            "AWSLambda_FullAccess",
        )
    ),
    *(
        passes(
            BROAD,
            attached("iam/rolePolicyAttachment:RolePolicyAttachment", policyArn=f"arn:aws:iam::aws:policy/{name}"),
        )
        for name in (
            "AmazonEKSWorkerNodePolicy",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonSSMManagedInstanceCore",
            "service-role/AWSLambdaBasicExecutionRole",
            "SecurityAudit",
        )
    ),
    violates("no-exported-key", attached("iam/serviceSpecificCredential:ServiceSpecificCredential"), at="type"),
    violates(
        "password-is-strong",
        attached("iam/accountPasswordPolicy:AccountPasswordPolicy", minimumPasswordLength=8),
        at="8",
    ),
    passes("password-is-strong", attached("iam/accountPasswordPolicy:AccountPasswordPolicy", minimumPasswordLength=16)),
]
