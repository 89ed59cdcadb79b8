"""Pools, issuers and custom roles: each rule refuses what it names, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.gcp.federation import POOL, PROVIDER, ROLE
from simulator.gcp.iam import ON_PROJECT
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import Stage, codes
from tests.simulator.test_gcp_services import Act

GITHUB = "https://token.actions.githubusercontent.com"
POOLS = "projects/424242424242/locations/global/workloadIdentityPools"


def pool(stage: Stage, id_: str = "pipelines") -> str:
    return stage.make(POOL, workloadIdentityPoolId=id_)


def provider(stage: Stage, **inputs: Any) -> str:
    given = {
        "workloadIdentityPoolId": "pipelines",
        "workloadIdentityPoolProviderId": "issuer",
        "attributeMapping": {"google.subject": "assertion.sub"},
        "attributeCondition": "assertion.sub in ['a']",
        "oidc": {"issuerUri": GITHUB},
    }
    wanted = {**given, **inputs}
    return stage.make(PROVIDER, **{name: value for name, value in wanted.items() if value is not None})


def role(stage: Stage, id_: str = "rampart_look", *permissions: str) -> str:
    return stage.make(ROLE, roleId=id_, title="t", permissions=list(permissions) or ["storage.buckets.get"])


def given(stage: Stage, role: str = "roles/logging.viewer", pool: str = "pipelines") -> str:
    member = f"principal://iam.googleapis.com/{POOLS}/{pool}/subject/repo:a/b:pull_request"
    return stage.make(ON_PROJECT, project="rampart-demo", role=role, member=member)


# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "WorkloadIdentityPool-workloadIdentityPoolId-form": (
        "'gcp-pool'",
        lambda s: pool(s, "gcp-pool"),
        lambda s: pool(s, "gcppool"),
    ),
    "WorkloadIdentityPool-name-taken": (
        "soft-deleted for 30 days",
        lambda s: (s.drop(POOL, pool(s, "pool-one")), pool(s, "pool-one")),
        lambda s: (s.drop(POOL, pool(s, "pool-two")), pool(s, "pool-three")),
    ),
    "WorkloadIdentityPoolProvider-workloadIdentityPoolProviderId-form": (
        "'abc'",
        lambda s: (pool(s), provider(s, workloadIdentityPoolProviderId="abc")),
        lambda s: (pool(s, "four"), provider(s, workloadIdentityPoolId="four", workloadIdentityPoolProviderId="abcd")),
    ),
    "WorkloadIdentityPoolProvider-name-taken": (
        "already exists",
        lambda s: (pool(s), provider(s), provider(s)),
        lambda s: provider(s, workloadIdentityPoolProviderId="another"),
    ),
    "WorkloadIdentityPoolProvider-workloadIdentityPoolId": (
        "'gone'",
        lambda s: provider(s, workloadIdentityPoolId="gone"),
        lambda s: (pool(s), provider(s)),
    ),
    "WorkloadIdentityPoolProvider-condition": (
        "must reference one of the provider's claims",
        lambda s: (pool(s), provider(s, attributeCondition="true")),
        lambda s: provider(s, attributeCondition=None, oidc={"issuerUri": "https://issuer.example.org"}),
    ),
    "WorkloadIdentityPoolProvider-subject": (
        "google.subject is not mapped",
        lambda s: (pool(s), provider(s, attributeMapping={"attribute.sub": "assertion.sub"})),
        lambda s: provider(s),
    ),
    "IAMCustomRole-roleId-form": ("'a-bc'", lambda s: role(s, "a-bc"), lambda s: role(s, "a_bc")),
    "IAMCustomRole-name-taken": (
        "then taken for 30 more",
        lambda s: (s.drop(ROLE, role(s)), role(s)),
        lambda s: role(s, "rampart_look2"),
    ),
    "IAMCustomRole-permissions-form": (
        "'storage.*'",
        lambda s: role(s, "abc", "storage.*"),
        lambda s: role(s, "abc", "storage.buckets.list"),
    ),
}
SHARED: dict[str, tuple[str, Act, Act]] = {
    "CryptoKeyIAMMember-federated": (
        f"identity pool {POOLS}/gone does not exist",
        lambda s: given(s, pool="gone"),
        lambda s: (pool(s), given(s)),
    ),
    "CryptoKeyIAMMember-own_role": (
        "role projects/rampart-demo/roles/gone does not exist",
        lambda s: (pool(s), given(s, "projects/rampart-demo/roles/gone")),
        lambda s: given(s, role(s)),
    ),
}


def test_every_rule_of_the_three_types_has_a_case() -> None:
    assert CASES.keys() == codes(POOL, PROVIDER, ROLE).keys()
    assert SHARED.keys() <= codes().keys()


@pytest.mark.parametrize("rule", [*CASES, *SHARED])
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    says, refused_act, allowed_act = {**CASES, **SHARED}[rule]
    stage = Stage(connect)
    with pytest.raises(Refused) as refused:
        refused_act(stage)
    assert says in str(refused.value)
    allowed_act(stage)


def test_a_pools_name_has_the_projects_number(connect: Connect) -> None:
    stage = Stage(connect)
    _, outputs = stage.engine.create(POOL, "p", {"workloadIdentityPoolId": "pipelines"})
    assert outputs["name"] == f"{POOLS}/pipelines"
