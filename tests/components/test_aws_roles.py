"""The roles of a data plane on AWS: below one path, and none wants more than the first day's boundary allows."""

import json
from collections.abc import Iterator
from typing import Any

from bootstrap.aws.boundary import BOUNDARY
from bootstrap.aws.permissions import DEPLOY, ROLES, UNNAMED
from bootstrap.aws.rows import document
from demo.project import STACKS
from tests.components.identity.aws_iam import Request, allows, fits, listed
from tests.conftest import Standing

AWS = STACKS[0]
MOST = document(BOUNDARY, {"account": "111122223333"})
ELB = "arn:aws:iam::111122223333:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForELB"


PLACES = {"account": "111122223333", "boundary": "arn:aws:iam::111122223333:policy/boundary"}
BY_ANOTHER_NAME = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",  # a statement of its own: it has no tags at first
    "aws:cloudwatch/eventTarget:EventTarget",  # its ARN is that of what it leads to
    "aws:cloudwatch/logGroup:LogGroup",  # IAM writes its ARN with `:*` at the end, or without
}


def actions(policy: Any) -> Iterator[str]:
    for statement in json.loads(policy)["Statement"] if isinstance(policy, str) else policy["Statement"]:
        yield from listed(statement["Action"])


def managed(arn: str) -> Any:
    """The document of one of AWS's own policies, as moto has it."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    return json.loads(aws_managed_policies_data)[arn.rpartition("/")[2]]["Document"]


def test_every_role_is_where_the_deploying_pipeline_may_make_it(standing: Standing) -> None:
    arns = [role["outputs"]["arn"] for role in standing.of_type(AWS, "aws:iam/role:Role")]
    assert arns
    assert all(fits(arn, ROLES[0].format(account="111122223333")) for arn in arns)


def test_the_boundary_allows_all_that_the_roles_are_given(standing: Standing) -> None:
    inline = [r["inputs"]["policy"] for r in standing.of_type(AWS, "aws:iam/rolePolicy:RolePolicy")]
    attached = standing.of_type(AWS, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    documents = inline + [managed(r["inputs"]["policyArn"]) for r in attached]
    wanted = {action for each in documents for action in actions(each)}
    assert len(wanted) > 100
    denied = {
        action
        for action in wanted
        if not allows(MOST, Request(action, ELB if action.startswith("iam:") else "*"))
        and not any(fits(action, given, case=False) for given in actions(MOST))
    }
    assert not denied


def test_the_boundary_gives_nobody_rights_over_identities() -> None:
    assert {action for action in actions(MOST) if action.startswith(("iam:", "sts:", "organizations:", "sso:"))} == {
        "iam:CreateServiceLinkedRole"
    }
    assert not allows(MOST, Request("iam:CreateServiceLinkedRole", ELB.replace("elasticloadbalancing", "eks")))


def test_what_stands_is_named_and_tagged_as_the_deploying_pipelines_permissions_have_it(standing: Standing) -> None:
    """Every resource with an ARN is within a row of its type, by its name or by its tags."""
    rows = [row for rows in (*DEPLOY.values(), UNNAMED) for row in rows]
    outside, seen = [], 0
    for resource in standing.resources[AWS]:
        made, token = resource.get("outputs", {}), resource["type"]
        if not token.startswith("aws:") or "arn" not in made or token in BY_ANOTHER_NAME:
            continue
        tag = (made.get("tagsAll") or {}).get("managed-by")
        context = {"iam:PermissionsBoundary": PLACES["boundary"], "aws:ResourceTag/managed-by": tag or ""}
        within = any(
            allows(document([row], PLACES), Request(action, made["arn"], context))
            for row in rows
            if token.removeprefix("aws:") in row.types.split() and row.on != ("*",)
            for action in row.actions.split()
        )
        seen += 1
        outside += [] if within else [(token, made["arn"])]
    assert not outside
    assert seen > 60
