"""The roles of a data plane on AWS: below one path, and none wants more than the first day's boundary allows."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap.aws.boundary import BOUNDARY
from bootstrap.aws.permissions import ROLES
from bootstrap.aws.rows import document
from demo.project import STACKS
from tests.components.identity.aws_iam import Request, allows, fits, listed
from tests.conftest import Standing

pytestmark = pytest.mark.xdist_group("standing")

AWS = STACKS[0]
MOST = document(BOUNDARY, {"account": "111122223333"})
ELB = "arn:aws:iam::111122223333:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForELB"


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
