"""Each rule of IAM bindings refuses what it names, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.gcp.federation import ROLE
from simulator.gcp.iam import AUDIT, ON_ACCOUNT, ON_BUCKET, ON_PROJECT, ON_REPOSITORY, ON_SECRET
from simulator.gcp.keys import MEMBER
from simulator.values import Props
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import OWN, USE, Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_clusters import cluster
from tests.simulator.test_gcp_services import Act, repository, secret

USER = "roles/iam.workloadIdentityUser"
IN_POOL = "serviceAccount:rampart-demo.svc.id.goog[query/query]"


def identity(stage: Stage, **inputs: Any) -> str:
    return cluster(stage, workloadIdentityConfig={"workloadPool": "rampart-demo.svc.id.goog"}, **inputs)


def on_project(stage: Stage, **inputs: Any) -> str:
    wanted = {"project": "rampart-demo", "role": "roles/cloudsql.instanceUser", "member": f"serviceAccount:{OWN}"}
    return stage.make(ON_PROJECT, **{**wanted, **inputs})


def conditional(title: str = "this instance only", expression: str = 'resource.name == "x"') -> Props:
    return {"condition": {"title": title, "expression": expression}}


def on_account(stage: Stage, **inputs: Any) -> str:
    account = f"projects/rampart-demo/serviceAccounts/{OWN}"
    return stage.make(ON_ACCOUNT, **{"serviceAccountId": account, "role": USER, "member": IN_POOL, **inputs})


def given(token: str, stage: Stage, on: Props, role: str, member: str = f"serviceAccount:{OWN}") -> str:
    return stage.make(token, role=role, member=member, **on)


def audited(stage: Stage, *kinds: str) -> str:
    configs = [{"logType": kind} for kind in kinds]
    return stage.make(AUDIT, project="rampart-demo", service="cloudkms.googleapis.com", auditLogConfigs=configs)


# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "IAMMember-serviceAccountId": (
        "'projects/rampart-demo/serviceAccounts/gone'",
        lambda s: (identity(s), on_account(s, serviceAccountId="projects/rampart-demo/serviceAccounts/gone")),
        lambda s: (identity(s), on_account(s)),
    ),
    "IAMMember-pool": (
        "identity pool rampart-demo.svc.id.goog does not exist",
        lambda s: (cluster(s), on_account(s)),
        lambda s: (identity(s), on_account(s)),
    ),
    "IAMMember-role-form": (
        "'roles/storage.objectViewer'",
        lambda s: (identity(s), on_account(s, role="roles/storage.objectViewer")),
        lambda s: (
            identity(s),
            on_account(s, role=s.make(ROLE, roleId="own", title="t", permissions=["iam.roles.get"])),
        ),
    ),
    "IAMMember-condition.title-form": (
        "(`condition.title`)",
        lambda s: on_project(s, **conditional(title="x" * 101)),
        lambda s: on_project(s, **conditional(title="x" * 100)),
    ),
    "IAMMember-condition.expression-form": (
        "(`condition.expression`)",
        lambda s: on_project(s, **conditional(expression="")),
        lambda s: on_project(s, **conditional()),
    ),
    "IAMAuditConfig-auditLogConfigs.logType-choice": (
        "'READ'",
        lambda s: audited(s, "READ"),
        lambda s: [audited(s, "DATA_READ", "DATA_WRITE") for _ in range(2)],
    ),
    "BucketIAMMember-bucket": (
        "'gone'",
        lambda s: given(ON_BUCKET, s, {"bucket": "gone"}, "roles/storage.objectViewer"),
        lambda s: given(ON_BUCKET, s, {"bucket": s.bucket("there")}, "roles/storage.objectViewer"),
    ),
    "BucketIAMMember-role-form": (
        "'roles/cloudkms.admin'",
        lambda s: given(ON_BUCKET, s, {"bucket": s.bucket()}, "roles/cloudkms.admin"),
        lambda s: given(ON_BUCKET, s, {"bucket": s.bucket()}, "roles/storage.admin"),
    ),
    "SecretIamMember-secretId": (
        "'gone'",
        lambda s: given(ON_SECRET, s, {"secretId": "gone"}, "roles/secretmanager.secretAccessor"),
        lambda s: (secret(s), given(ON_SECRET, s, {"secretId": "signing"}, "roles/secretmanager.secretAccessor")),
    ),
    "SecretIamMember-role-form": (
        "'roles/iam.admin'",
        lambda s: given(ON_SECRET, s, {"secretId": secret(s)}, "roles/iam.admin"),
        lambda s: given(ON_SECRET, s, {"secretId": secret(s)}, "roles/secretmanager.viewer"),
    ),
    "RepositoryIamMember-repository": (
        "'gone'",
        lambda s: given(ON_REPOSITORY, s, {"repository": "gone"}, "roles/artifactregistry.reader"),
        lambda s: (repository(s), given(ON_REPOSITORY, s, {"repository": "images"}, "roles/artifactregistry.reader")),
    ),
    "RepositoryIamMember-role-form": (
        "'roles/storage.objectViewer'",
        lambda s: given(ON_REPOSITORY, s, {"repository": repository(s)}, "roles/storage.objectViewer"),
        lambda s: given(ON_REPOSITORY, s, {"repository": repository(s)}, "roles/artifactregistry.writer"),
    ),
}
CODES = codes(ON_PROJECT, ON_ACCOUNT, ON_BUCKET, ON_SECRET, ON_REPOSITORY, AUDIT)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


@pytest.mark.parametrize("token", [MEMBER, ON_PROJECT, ON_BUCKET])
def test_a_binding_names_an_account_that_is_there(connect: Connect, token: str) -> None:
    stage = Stage(connect)
    on = {MEMBER: {"cryptoKeyId": stage.key}, ON_PROJECT: {"project": "rampart-demo"}}.get(token)
    on = on or {"bucket": stage.bucket()}
    role = {MEMBER: USE, ON_BUCKET: "roles/storage.objectViewer"}.get(token, "roles/cloudsql.instanceUser")
    with pytest.raises(Refused, match=r"gone@rampart-demo\.iam\.gserviceaccount\.com does not exist"):
        given(token, stage, on, role, "serviceAccount:gone@rampart-demo.iam.gserviceaccount.com")
    given(token, stage, on, role)
    with pytest.raises(Refused, match="member"):
        given(token, stage, on, role, OWN)


def test_two_bindings_of_one_role_differ_by_their_condition(connect: Connect) -> None:
    stage = Stage(connect)
    assert on_project(stage, **conditional("a")) != on_project(stage, **conditional("b"))


def test_another_condition_is_another_binding(connect: Connect) -> None:
    assert connect("gcp").diff(ON_PROJECT, conditional("a"), conditional("b")).replaces
