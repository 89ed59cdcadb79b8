"""What the pipelines' roles may do on AWS, and what they are denied."""

import json
import re

import pytest

from bootstrap.aws.permissions import DEPLOY, UNNAMED
from tests.bootstrap.conftest import DEPLOY as DEPLOYS
from tests.bootstrap.conftest import PREVIEW as PREVIEWS
from tests.bootstrap.conftest import made, output
from tests.components.identity.aws_iam import Request, allows
from tests.components.identity.test_aws_grants import lint
from tests.conftest import Standing

ACCOUNT, STRANGER = "111122223333", "444455556666"
ISSUER = "token.actions.githubusercontent.com"
OURS, NEW = {"aws:ResourceTag/managed-by": "rampart"}, {"aws:RequestTag/managed-by": "rampart"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/rampart/logs-writer-1234567"
CHANGES = ("Create", "Put", "Delete", "Update", "Modify", "Attach", "Detach", "Authorize", "Revoke", "Run", "Schedule")


def policies(standing: Standing, role: str) -> dict[str, str]:
    """The documents of what is attached to a role, by the name of the policy's resource."""
    of_arn = {r["outputs"]["arn"]: r for r in standing.of_type("aws", "aws:iam/policy:Policy")}
    attached = [
        r["inputs"]["policyArn"]
        for r in standing.of_type("aws", "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if output(standing, "aws", role).endswith(f"/{r['inputs']['role']}")
    ]
    return {of_arn[arn]["urn"].rpartition("::")[2]: of_arn[arn]["inputs"]["policy"] for arn in attached}


def whole(standing: Standing, role: str) -> str:
    """All that a role may do, as one document."""
    documents = policies(standing, role).values()
    return json.dumps({"Statement": [each for document in documents for each in json.loads(document)["Statement"]]})


def key(standing: Standing, name: str) -> str:
    found = (r for r in standing.of_type("aws", "aws:kms/key:Key") if r["urn"].endswith(f"::bootstrap-{name}-key"))
    return str(next(found)["outputs"]["arn"])


def bucket(standing: Standing, name: str) -> str:
    found = (r for r in standing.of_type("aws", "aws:s3/bucket:Bucket") if r["urn"].endswith(f"-{name}-objects"))
    return str(next(found)["outputs"]["arn"])


@pytest.mark.parametrize(("role", "subject"), [("preview", PREVIEWS), ("deploy", DEPLOYS)])
def test_a_role_trusts_one_subject_and_audience_of_the_issuer(first_day: Standing, role: str, subject: str) -> None:
    [made] = [r for r in first_day.of_type("aws", "aws:iam/role:Role") if r["urn"].endswith(f"::bootstrap-{role}")]
    trust, login = made["inputs"]["assumeRolePolicy"], "sts:AssumeRoleWithWebIdentity"
    exact = {f"{ISSUER}:sub": subject, f"{ISSUER}:aud": "sts.amazonaws.com"}
    assert allows(trust, Request(login, "", exact))
    for claim, other in (("sub", f"{subject}s"), ("sub", subject.upper()), ("aud", "sts.amazonaws.com.cn")):
        assert not allows(trust, Request(login, "", {**exact, f"{ISSUER}:{claim}": other}))
    assert not allows(trust, Request(login, "", {f"{ISSUER}:sub": subject}))


def test_preview_reads_the_state_and_decrypts_its_secrets(first_day: Standing) -> None:
    document, state = whole(first_day, "preview"), bucket(first_day, "state")
    through = {"kms:ViaService": "s3.us-east-1.amazonaws.com"}
    assert allows(document, Request("s3:GetObject", f"{state}/.pulumi/stacks/rampart/aws-us-east-1.json"))
    assert allows(document, Request("s3:ListBucket", state))
    assert allows(document, Request("kms:Decrypt", key(first_day, "state"), through))
    assert allows(document, Request("kms:Decrypt", key(first_day, "state-secrets")))
    assert not allows(document, Request("kms:Decrypt", key(first_day, "state")))
    assert not allows(document, Request("kms:Encrypt", key(first_day, "state-secrets")))
    assert not allows(document, Request("s3:PutObject", f"{state}/.pulumi/locks/a.json"))


def test_preview_changes_nothing(first_day: Standing) -> None:
    actions = {
        action
        for document in policies(first_day, "preview").values()
        for statement in json.loads(document)["Statement"]
        for action in statement["Action"]
    }
    assert actions
    assert not [action for action in actions if action.partition(":")[2].startswith(CHANGES)]
    assert not [action for action in actions if action in ("secretsmanager:GetSecretValue", "iam:PassRole")]


def test_deploy_writes_the_state_and_not_that_of_the_first_day(first_day: Standing) -> None:
    document, state = whole(first_day, "deploy"), bucket(first_day, "state")
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert allows(document, Request(action, f"{state}/.pulumi/stacks/rampart/aws-us-east-1.json"))
        assert not allows(document, Request(action, f"{state}/bootstrap/.pulumi/stacks/rampart-bootstrap/aws.json"))
    assert allows(document, Request("kms:Encrypt", key(first_day, "state-secrets")))
    assert not allows(document, Request("s3:DeleteObjectVersion", f"{state}/.pulumi/stacks/rampart/aws-us-east-1.json"))


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("s3:PutBucketPolicy", "state"),
        ("s3:DeleteBucket", "state"),
        ("s3:PutBucketVersioning", "state"),
        ("s3:GetObject", "audit"),
        ("s3:PutBucketPolicy", "audit"),
    ],
)
def test_deploy_leaves_the_first_days_buckets_alone(first_day: Standing, action: str, on: str) -> None:
    document, found = whole(first_day, "deploy"), bucket(first_day, on)
    assert not allows(document, Request(action, found))
    assert not allows(document, Request(action, f"{found}/AWSLogs/{ACCOUNT}/a"))
    assert action == "s3:GetObject" or allows(document, Request(action, "arn:aws:s3:::rampart-traces-00000000"))


@pytest.mark.parametrize("action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant"])
def test_deploy_changes_the_keys_of_data_planes_alone(first_day: Standing, action: str) -> None:
    """By their tags; what is tagged otherwise, or in another account, is not its."""
    document, own = whole(first_day, "deploy"), f"arn:aws:kms:us-east-1:{ACCOUNT}:key/a"
    about = {**OURS, "kms:GrantIsForAWSResource": "true"}
    assert allows(document, Request(action, own, about))
    assert not allows(document, Request(action, own.replace(ACCOUNT, STRANGER), about))
    [tags] = {r["outputs"]["tagsAll"]["managed-by"] for r in first_day.of_type("aws", "aws:kms/key:Key")}
    for name in ("state", "state-secrets", "audit"):
        assert not allows(document, Request(action, key(first_day, name), {"aws:ResourceTag/managed-by": tags}))


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])
def test_deploy_makes_roles_with_the_boundary_only_and_only_below_its_path(first_day: Standing, action: str) -> None:
    document = whole(first_day, "deploy")
    boundary = {"iam:PermissionsBoundary": output(first_day, "aws", "team")["boundaries.aws"]}
    assert allows(document, Request(action, ROLE, boundary))
    assert not allows(document, Request(action, ROLE))
    other = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
    assert not allows(document, Request(action, ROLE, other))
    for role in ("admin", "rampart-bootstrap/bootstrap-deploy-1234567", "rampartx"):
        assert not allows(document, Request(action, f"arn:aws:iam::{ACCOUNT}:role/{role}", boundary))


@pytest.mark.parametrize(
    "action",
    [
        *("iam:DeleteRolePermissionsBoundary", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
        *("iam:CreateUser", "iam:CreateAccessKey", "sts:AssumeRole", "cloudtrail:StopLogging", "kms:ReEncryptFrom"),
        *("secretsmanager:GetSecretValue", "organizations:LeaveOrganization", "iam:CreateServiceLinkedRole"),
    ],
)
def test_deploy_cannot(first_day: Standing, action: str) -> None:
    document, team = whole(first_day, "deploy"), output(first_day, "aws", "team")
    for on in (ROLE, output(first_day, "aws", "deploy"), team["boundaries.aws"], "*"):
        assert not allows(document, Request(action, on, {**OURS, **NEW}))


def test_deploy_hands_its_roles_to_the_services_that_take_them(first_day: Standing) -> None:
    document = whole(first_day, "deploy")
    assert allows(document, Request("iam:PassRole", ROLE, {"iam:PassedToService": "eks.amazonaws.com"}))
    assert not allows(document, Request("iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}))
    admin = f"arn:aws:iam::{ACCOUNT}:role/admin"
    assert not allows(document, Request("iam:PassRole", admin, {"iam:PassedToService": "eks.amazonaws.com"}))


def test_deploy_touches_the_network_of_data_planes_alone(first_day: Standing) -> None:
    document, vpc = whole(first_day, "deploy"), f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/vpc-1"
    assert allows(document, Request("ec2:CreateVpc", vpc, NEW))
    assert not allows(document, Request("ec2:CreateVpc", vpc))
    assert allows(document, Request("ec2:DeleteVpc", vpc, OURS))
    assert not allows(document, Request("ec2:DeleteVpc", vpc, {"aws:ResourceTag/managed-by": "another"}))
    # Nobody's own by a tag that is put on it afterwards.
    assert allows(document, Request("ec2:CreateTags", vpc, {**NEW, "ec2:CreateAction": "CreateVpc"}))
    assert not allows(document, Request("ec2:CreateTags", vpc, NEW))


def test_deploy_opens_the_groups_of_its_own_clusters_and_balances_under_its_own_names(first_day: Standing) -> None:
    document, arn = whole(first_day, "deploy"), f"arn:aws:{{}}:us-east-1:{ACCOUNT}:{{}}"
    opens, group = "ec2:AuthorizeSecurityGroupIngress", arn.format("ec2", "security-group/sg-1")
    assert allows(document, Request(opens, group, {"aws:ResourceTag/aws:eks:cluster-name": "rampart-eks-1"}))
    assert not allows(document, Request(opens, group, {"aws:ResourceTag/aws:eks:cluster-name": "another"}))
    balance = "elasticloadbalancing:CreateLoadBalancer"
    for name, may in (("net/ingest-balancer-1/a", True), ("net/other/a", False), ("app/ingest-balancer-1/a", False)):
        on = arn.format("elasticloadbalancing", f"loadbalancer/{name}")
        assert allows(document, Request(balance, on)) is may


def test_every_type_that_a_data_plane_holds_has_its_actions() -> None:
    """One that is new wants a row in bootstrap/aws/permissions.py."""
    rows = [row for rows in (*DEPLOY.values(), UNNAMED) for row in rows]
    assert not made("aws") - {token for row in rows for token in row.types.split()}


SAID = {
    (
        "RESOURCE_MISMATCH",
        r".*'action': 'kms:(Create|Delete|Update)Alias'",
    ): "asked of the alias and of the key: a row each",
    ("RESOURCE_MISMATCH", r".*'action': 'route53:ChangeTagsForResource'.*healthcheck"): "zones take tags as well",
    ("RESOURCE_MISMATCH", r".*'elasticloadbalancing:DeleteListener'.*listener/app"): (
        "listeners of network load balancers are listener/net (Service Authorization Reference, ELB V2)"
    ),
    ("RESOURCE_STAR", r"(?!.*'\w+:(?!Describe|Get|List))"): "what lists takes none, or is no secret",
    ("RESOURCE_STAR", r"\['ec2:RunInstances'\]"): "under the condition that it is by a launch template",
    ("RESOURCE_POLICY_PRIVILEGE_ESCALATION", ".*arn:aws:s3:::rampart-(traces|archive)-"): (
        "who makes a bucket's policy could let itself in; CloudTrail says so"
    ),
    ("MISMATCHED_TYPE_BUT_USABLE", "Type mismatch: StringEquals requires a value of type String but given Arn"): (
        "the boundary, by its exact ARN"
    ),
}
"""What the linter says of documents that are as they should be, and why they are."""


@pytest.mark.parametrize("role", ["preview", "deploy"])
def test_the_linter_finds_nothing_that_is_not_explained(first_day: Standing, role: str) -> None:
    """Unknown actions and conditions, resources that an action does not take."""
    found = [
        (name, *finding)
        for name, document in policies(first_day, role).items()
        for finding in lint(document, trust=False)
        if not any(finding[0] == issue and re.match(form, finding[1]) for issue, form in SAID)
    ]
    assert not found
