"""Cases of identity policies, trust policies and exported keys."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def policy(token: str = "aws:iam/rolePolicy:RolePolicy", **statement: Any) -> Declared:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", **statement}
    return resource(token, {"policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})})


def unknown_policy(**statement: Any) -> Declared:
    return resource("aws:iam/policy:Policy", {"policy": {"Statement": [{"Effect": "Allow", **statement}]}})


def role(principal: Any, condition: Any = None, **properties: Any) -> Declared:
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition or {}}
    return resource("aws:iam/role:Role", {"assumeRolePolicy": {"Statement": [trust]}, **properties})


def federated(condition: Any) -> Declared:
    issuer = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    return role({"Federated": issuer}, condition)


def attachment(arn: Any) -> Declared:
    return resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "r", "policyArn": arn})


def account_member(who: Any) -> Declared:
    declared = {"serviceAccountId": "a", "role": "roles/iam.workloadIdentityUser", "member": who}
    return resource("gcp:serviceaccount/iAMMember:IAMMember", declared)


def project(role_: str) -> Declared:
    return resource("gcp:projects/iAMMember:IAMMember", {"role": role_, "member": "serviceAccount:a@b"})


ACTION, RESOURCE = "no-wildcard-action", "no-wildcard-resource"
DEPUTY, EXACT, EXPORTED = "no-confused-deputy", "federated-trust-is-exact", "no-exported-key"
SUB, AUD = "token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:aud"
TO_STS = {AUD: "sts.amazonaws.com"}
FLOW_LOGS = {"Service": "vpc-flow-logs.amazonaws.com"}
OWN = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
KEYS = "arn:aws:kms:us-east-1:111122223333:key/*"

CASES = [
    violates(ACTION, policy(Action="*"), at="policy.Statement[0].Action"),
    violates(ACTION, policy("aws:iam/policy:Policy", Action=["s3:GetObject", "kms:*"]), at="Action[1]"),
    violates(ACTION, policy("aws:iam/userPolicy:UserPolicy", Action=None, NotAction="iam:*"), at="NotAction"),
    violates(
        ACTION,
        role(FLOW_LOGS, OWN, inlinePolicies=[{"policy": '{"Statement": {"Effect": "Allow", "Action": "*"}}'}]),
        at="inlinePolicies[0].policy.Statement.Action",
    ),
    passes(ACTION, policy(Action=["s3:Get*", "logs:PutLogEvents"])),
    passes(ACTION, policy(Effect="Deny", Action="*")),
    undecided(ACTION, unknown_policy(Action=UNKNOWN, Resource="arn:aws:s3:::b")),
    undecided(ACTION, resource("aws:iam/rolePolicy:RolePolicy", {"policy": UNKNOWN})),
    violates(RESOURCE, policy(Resource="*"), at="policy.Statement[0].Resource"),
    violates(
        RESOURCE, policy(Action="kms:Decrypt", Resource=["arn:aws:kms:us-east-1:1:key/a", KEYS]), at="Resource[1]"
    ),
    violates(RESOURCE, policy(Resource=None, NotResource="arn:aws:s3:::b"), at="NotResource"),
    violates(RESOURCE, policy(Action=["ec2:DescribeVpcs", "ec2:CreateVpc"], Resource="*"), at="Resource"),
    violates(RESOURCE, policy(Resource="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), at="Resource"),
    passes(RESOURCE, policy(Resource="arn:aws:logs:us-east-1:111122223333:log-group:flows:*")),
    passes(RESOURCE, policy(Action="logs:CreateLogGroup", Resource="arn:aws:logs:us-east-1:111122223333:*")),
    violates(
        RESOURCE, policy(Action="logs:PutLogEvents", Resource="arn:aws:logs:us-east-1:111122223333:*"), at="Resource"
    ),
    violates(RESOURCE, policy(Action="logs:CreateLogGroup", Resource="arn:aws:logs:*:*:*"), at="Resource"),
    passes(RESOURCE, policy(Action=["ec2:Describe*", "ecr:GetAuthorizationToken"], Resource="*")),
    passes(
        RESOURCE,
        policy(Action="kms:Decrypt", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/app": "shop"}}),
    ),
    passes(RESOURCE, policy(Effect="Deny", Resource="*")),
    undecided(RESOURCE, unknown_policy(Action="s3:GetObject", Resource=UNKNOWN)),
    undecided(RESOURCE, unknown_policy(Action="s3:GetObject", Resource="*", Condition=UNKNOWN)),
    violates(DEPUTY, role(FLOW_LOGS), at="assumeRolePolicy.Statement[0].Condition"),
    violates(
        DEPUTY,
        role(
            {"Service": ["ec2.amazonaws.com", "monitoring.rds.amazonaws.com"]}, {"StringLike": {"aws:SourceArn": "*"}}
        ),
        at="aws:SourceArn",
    ),
    passes(DEPUTY, role(FLOW_LOGS, OWN)),
    passes(
        DEPUTY, role(FLOW_LOGS, {"ArnLike": {"aws:SourceArn": "arn:aws:ec2:us-east-1:111122223333:vpc-flow-log/*"}})
    ),
    passes(DEPUTY, role({"Service": "ec2.amazonaws.com"})),
    passes(DEPUTY, role({"AWS": "arn:aws:iam::111122223333:role/ci"})),
    undecided(DEPUTY, role({"Service": UNKNOWN})),
    undecided(DEPUTY, role(FLOW_LOGS, UNKNOWN)),
    violates(EXACT, federated({}), at="assumeRolePolicy.Statement[0].Condition"),
    violates(EXACT, federated({"StringLike": {SUB: "repo:acme/shop:*"}}), at=SUB),
    violates(EXACT, federated({"StringEqualsIfExists": {SUB: "repo:acme/shop:ref:refs/heads/main"}}), at="Condition"),
    violates(EXACT, federated({"StringEquals": {SUB: "repo:acme/shop:ref:refs/heads/main"}}), at="Condition"),
    passes(EXACT, federated({"StringEquals": {SUB: ["repo:acme/shop:ref:refs/heads/main"], **TO_STS}})),
    undecided(EXACT, federated({"StringEquals": {SUB: UNKNOWN, **TO_STS}})),
    violates("no-public-principal", role({"AWS": "*"}), at="assumeRolePolicy.Statement[0].Principal.AWS"),
    passes("no-public-principal", role({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-1"}})),
    undecided("no-public-principal", role({"AWS": UNKNOWN})),
    violates("no-foreign-principal", role({"AWS": "999988887777"}), at="Principal.AWS"),
    violates("no-broad-role", attachment("arn:aws:iam::aws:policy/AdministratorAccess"), at="policyArn"),
    violates("no-broad-role", attachment("arn:aws:iam::aws:policy/AmazonS3FullAccess"), at="policyArn"),
    violates(
        "no-broad-role",
        role(FLOW_LOGS, OWN, managedPolicyArns=["arn:aws:iam::aws:policy/PowerUserAccess"]),
        at="managedPolicyArns[0]",
    ),
    passes("no-broad-role", attachment("arn:aws:iam::111122223333:policy/FullAccess")),
    passes("no-broad-role", attachment("arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")),
    undecided("no-broad-role", attachment(UNKNOWN)),
    violates("no-broad-scope", project("roles/iam.serviceAccountTokenCreator"), at="role"),
    violates(
        "no-broad-principal",
        account_member("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*"),
        at="member",
    ),
    passes("no-broad-scope", account_member("serviceAccount:own.svc.id.goog[ns/app]")),
    violates(EXPORTED, resource("gcp:serviceaccount/key:Key", {"serviceAccountId": "a"}), at="publicKeyData"),
    violates(EXPORTED, resource("aws:iam/accessKey:AccessKey", {"user": "u"}), at="type"),
    passes(EXPORTED, resource("gcp:serviceaccount/key:Key", {"publicKeyData": "LS0t"})),
    passes(EXPORTED, resource("gcp:serviceaccount/account:Account", {"accountId": "a"})),
    undecided(EXPORTED, resource("gcp:serviceaccount/key:Key", {"publicKeyData": UNKNOWN})),
]
