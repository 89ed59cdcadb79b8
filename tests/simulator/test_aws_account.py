"""What an AWS account has once, of roles, policies and trails: each rule refuses what it is about, and lets its near
miss pass.
"""

import json
from functools import cached_property
from typing import Any

import pytest

from simulator.aws.standing import POLICY, SERVICE_ROLE
from simulator.aws.trail import TRAIL
from simulator.values import Props
from tests.simulator.aws_basis import ROOT
from tests.simulator.aws_stage import ROLE, Case, Stage, allow, changed, document, service
from tests.simulator.conftest import Connect, Refused

ATTACHMENT, BUCKET, BUCKET_POLICY, KEY = (
    f"aws:{token}"
    for token in (
        "iam/rolePolicyAttachment:RolePolicyAttachment",
        "s3/bucket:Bucket",
        "s3/bucketPolicy:BucketPolicy",
        "kms/key:Key",
    )
)
ACCOUNT = "111122223333"
ARN = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/"
READ = document(allow("s3:GetObject", Resource="arn:aws:s3:::a/*"))


def for_trail(name: str, action: Any, on: str) -> Props:
    condition = {"StringEquals": {"aws:SourceArn": ARN + name}}
    return service("cloudtrail", action, Resource=on, Condition=condition)


class Account(Stage):
    """With a bucket and a key that the trail `calls` may use."""

    @cached_property
    def role(self) -> str:
        return self.put(ROLE)

    @cached_property
    def into(self) -> str:
        return self.let_in("calls", ("s3:GetBucketAcl", "s3:PutObject"))

    def let_in(self, trail: str, actions: tuple[str, ...]) -> str:
        self.count += 1
        bucket = self.engine.create(BUCKET, "b", {"bucket": f"bucket-{self.count}"})[0]
        on = {"s3:GetBucketAcl": f"arn:aws:s3:::{bucket}", "s3:PutObject": f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/*"}
        policy = document(*(for_trail(trail, action, on[action]) for action in actions))
        if actions:
            self.engine.create(BUCKET_POLICY, "p", {"bucket": bucket, "policy": policy})
        return bucket

    def encrypting(self, trail: str) -> str:
        self.count += 1
        policy = document(ROOT, for_trail(trail, "kms:GenerateDataKey*", "*"))
        return str(self.engine.create(KEY, f"k{self.count}", {"policy": policy})[1]["arn"])

    def _Policy(self) -> Props:
        return {"policy": READ}

    def _ServiceLinkedRole(self) -> Props:
        return {"awsServiceName": "eks.amazonaws.com"}

    def _RolePolicyAttachment(self) -> Props:
        return {"role": self.role, "policyArn": self.put(POLICY)}

    def _Trail(self) -> Props:
        return {"name": "calls", "s3BucketName": self.into}


def attach_and_drop(s: Any) -> None:
    policy = s.put(POLICY)
    s.put(ATTACHMENT, policyArn=policy)
    s.drop(POLICY, policy)


def six(s: Any, region: str = "") -> None:
    """Five trails here, and one more here or elsewhere."""
    for number in range(6):
        name = f"trail-{number}"
        engine = s.west if region and number == 5 else s.engine
        where = "us-west-2" if engine is s.west else "us-east-1"
        bucket = s.let_in(name, ())
        arn = f"arn:aws:cloudtrail:{where}:{ACCOUNT}:trail/{name}"
        condition = {"StringEquals": {"aws:SourceArn": arn}}
        policy = document(
            service("cloudtrail", "s3:GetBucketAcl", Resource=f"arn:aws:s3:::{bucket}", Condition=condition),
            service("cloudtrail", "s3:PutObject", Resource=f"arn:aws:s3:::{bucket}/*", Condition=condition),
        )
        s.engine.create(BUCKET_POLICY, name, {"bucket": bucket, "policy": policy})
        engine.create(TRAIL, name, {"name": name, "s3BucketName": bucket})


def another(s: Any) -> str:
    return str(s.put(TRAIL, name="more", s3BucketName=s.let_in("more", ("s3:GetBucketAcl", "s3:PutObject"))))


ABSENT = f"arn:aws:iam::{ACCOUNT}:policy/absent"
AWS_OWN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
CASES: dict[str, Case] = {
    "Policy-name-form": changed(POLICY, "ValidationError", {"name": "a/b"}, {"name": "a.b"}),
    "Policy-name-taken": (
        "EntityAlreadyExists",
        lambda s: (s.put(POLICY, name="a"), s.put(POLICY, name="a", path="/other/")),
        lambda s: s.put(POLICY, name="b"),
    ),
    "Policy-document": changed(
        POLICY,
        "MalformedPolicyDocument",
        {"policy": document(service("ec2", "s3:GetObject", Resource="*"))},
        {"policy": document(allow("s3:GetObject", Resource="*"))},
    ),
    "Policy-limit": changed(
        POLICY,
        "more than 6144",
        {"policy": document(allow("s3:GetObject", Resource="arn:aws:s3:::" + "a" * 6144))},
        {"policy": json.dumps(json.loads(READ), indent=2000)},
    ),
    "Policy-used": ("DeleteConflict", attach_and_drop, lambda s: s.drop(POLICY, s.put(POLICY))),
    "RolePolicyAttachment-attached": changed(ATTACHMENT, "NoSuchEntity", {"policyArn": ABSENT}, {"policyArn": AWS_OWN}),
    "Role-boundary": changed(
        ROLE,
        "NoSuchEntity",
        {"permissionsBoundary": ABSENT},
        lambda s: {"permissionsBoundary": s.put(POLICY)},
    ),
    "ServiceLinkedRole-had": changed(
        SERVICE_ROLE, "has been taken", {"awsServiceName": "rds.amazonaws.com"}, {"awsServiceName": "eks.amazonaws.com"}
    ),
    "Trail-name-form": changed(
        TRAIL, "InvalidTrailNameException", lambda s: {"name": "a..b"}, lambda s: {"name": "calls"}
    ),
    "Trail-name-taken": (
        "TrailAlreadyExistsException",
        lambda s: (s.put(TRAIL), s.put(TRAIL)),
        another,
    ),
    "Trail-s3BucketName": changed(TRAIL, "S3BucketDoesNotExistException", {"s3BucketName": "none"}, {}),
    "Trail-writes": changed(
        TRAIL,
        "does not allow CloudTrail s3:PutObject",
        lambda s: {"s3BucketName": s.let_in("calls", ("s3:GetBucketAcl",))},
        lambda s: {"s3BucketName": s.let_in("calls", ("s3:GetBucketAcl", "s3:PutObject"))},
    ),
    "Trail-encrypts": changed(
        TRAIL,
        "InsufficientEncryptionPolicyException",
        lambda s: {"kmsKeyId": s.encrypting("other")},
        lambda s: {"kmsKeyId": s.encrypting("calls")},
    ),
    "Trail-five": ("there are five in this region", six, lambda s: (s.drop(TRAIL, f"{ARN}trail-0"), another(s))),
}
MORE: dict[str, Case] = {
    "ServiceLinkedRole-known": changed(SERVICE_ROLE, "is no service", {"awsServiceName": "eks"}, {}),
    "Trail-writes-for-another": changed(
        TRAIL,
        "does not allow CloudTrail s3:GetBucketAcl",
        lambda s: {"s3BucketName": s.let_in("other", ("s3:GetBucketAcl", "s3:PutObject"))},
        {},
    ),
}
"""Further cases of the same rules."""


@pytest.mark.parametrize("rule", [*CASES, *MORE])
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = (CASES | MORE)[rule]
    stage = Account(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert code in str(refused.value)
    allowed_act(stage)


def test_a_region_has_five_trails_and_another_region_its_own(connect: Connect) -> None:
    six(Account(connect), "us-west-2")
    with pytest.raises(Refused, match="MaximumNumberOfTrailsExceededException"):
        Account(connect).put(TRAIL)


@pytest.mark.parametrize("token", [POLICY, SERVICE_ROLE, TRAIL])
def test_a_second_run_changes_nothing(connect: Connect, token: str) -> None:
    stage = Account(connect)
    inputs = stage.inputs(token)
    checked = stage.engine.check(token, "x", inputs)
    assert not stage.engine.diff(token, checked, stage.engine.check(token, "x", inputs, checked)).diffs


def test_a_role_keeps_its_services_name_and_path(connect: Connect) -> None:
    made = connect("aws").create(SERVICE_ROLE, "r", {"awsServiceName": "eks-nodegroup.amazonaws.com"})
    assert made[0].endswith(":role/aws-service-role/eks-nodegroup.amazonaws.com/AWSServiceRoleForAmazonEKSNodegroup")
