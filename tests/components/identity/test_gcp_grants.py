"""What each grant allows on Google Cloud, that it allows nothing else, and that its neighbours are denied."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.dataplane.workloads import BUCKETS, SECRETS, WORKLOADS
from components.identity import OFFERS, Access
from components.identity.gcp import ROLES
from components.identity.gcp_conditions import only
from demo.project import STACKS
from tests.components.identity.gcp_iam import PERMISSIONS, RESOURCES, Binding, Policy, deployed, holds
from tests.conftest import Standing

GCP = STACKS[1]
READ = {"storage.objects.get", "storage.objects.list"}
CHANGE = {"storage.objects.delete", "storage.objects.update", "storage.objects.restore"}
# What a grant's words mean, said again here in permissions: by kind of store and access.
MEANT = {
    ("bucket", Access.READ): READ,
    ("bucket", Access.WRITE): READ | {"storage.objects.create"},
    ("bucket", Access.ADMIN): READ | {"storage.objects.create"} | CHANGE,
    ("key", Access.ENCRYPT): {"cloudkms.cryptoKeyVersions.useToEncrypt"},
    ("key", Access.DECRYPT): {"cloudkms.cryptoKeyVersions.useToDecrypt"},
    ("secret", Access.READ): {"secretmanager.versions.access"},
    ("secret", Access.WRITE): {"secretmanager.versions.add"},
    ("postgres", Access.CONNECT): {"cloudsql.instances.login", "cloudsql.instances.get"},
    ("cache", Access.CONNECT): {"memorystore.instances.connect"},
}
GRANTS = [(name, store, access) for name, workload in WORKLOADS.items() for store, access in workload.grants]


@dataclass(frozen=True)
class Plane:
    """A data plane on Google Cloud: its policy, and the full names of what can be asked for in it."""

    policy: Policy
    stores: dict[str, str]
    accounts: dict[str, str]
    others: tuple[str, ...]
    project: str

    def member(self, workload: str) -> str:
        return f"serviceAccount:{self.accounts[workload]}"

    @property
    def everything(self) -> list[str]:
        accounts = [self.account(workload) for workload in self.accounts]
        return [*self.stores.values(), *self.others, *accounts]

    def account(self, workload: str) -> str:
        return f"projects/{self.project}/serviceAccounts/{self.accounts[workload]}"

    def pod(self, namespace: str, service_account: str) -> str:
        return f"serviceAccount:{self.project}.svc.id.goog[{namespace}/{service_account}]"


@pytest.fixture(scope="module")
def plane(standing: Standing) -> Plane:
    def named(token: str) -> dict[str, dict[str, Any]]:
        return {r["urn"].rpartition("::")[2]: r["outputs"] | {"id": r["id"]} for r in standing.of_type(GCP, token)}

    [project] = {r["outputs"]["project"] for r in standing.of_type(GCP, "gcp:projects/service:Service")}
    outputs = {r["urn"].rpartition("::")[2]: r["outputs"] for r in standing.resources[GCP]}
    server = outputs["postgres"]["id"].rpartition(":")[2]
    keys = {name: made["id"] for name, made in named("gcp:kms/cryptoKey:CryptoKey").items()}
    stores = {bucket: f"projects/_/buckets/{outputs[bucket]['id']}/objects/some" for bucket in BUCKETS}
    stores |= {f"secret/{s}": f"projects/{project}/secrets/{outputs[f'secrets-{s}']['id']}" for s in SECRETS}
    stores |= {"postgres": f"projects/{project}/instances/{server}", "cache": outputs["cache"]["id"]}
    stores |= {"key/fields": keys.pop("keys-fields-key")}
    repositories = [made["id"] for made in named("gcp:artifactregistry/repository:Repository").values()]
    others = (
        *(*keys.values(), *repositories, f"projects/{project}/instances/another"),
        *(f"{stores['cache']}-2", f"projects/{project}/secrets/another", "projects/_/buckets/another/objects/some"),
    )
    accounts = {workload: outputs[workload]["principal"] for workload in WORKLOADS}
    return Plane(deployed(standing.resources[GCP]), stores, accounts, others, project)


def kind(store: str) -> str:
    return "bucket" if store in BUCKETS else store.partition("/")[0]


def meant(plane: Plane, workload: str) -> set[tuple[str, str]]:
    grants = WORKLOADS[workload].grants
    return {(p, plane.stores[store]) for store, access in grants for p in MEANT[kind(store), access]}


def test_every_grant_that_can_be_made_is_in_the_one_table() -> None:
    assert set(ROLES) == {(store, access) for store, offered in OFFERS.items() for access in offered}
    assert {role for roles in ROLES.values() for role in roles} <= set(PERMISSIONS)


@pytest.mark.parametrize(("workload", "store", "access"), GRANTS)
def test_a_grant_allows_what_it_says(plane: Plane, workload: str, store: str, access: Access) -> None:
    for permission in MEANT[kind(store), access]:
        assert plane.policy.may(plane.member(workload), permission, plane.stores[store])


@pytest.mark.parametrize(("workload", "store", "access"), GRANTS)
def test_and_denies_the_other_accesses_of_that_store(plane: Plane, workload: str, store: str, access: Access) -> None:
    for (other, _), permissions in MEANT.items():
        for permission in permissions - MEANT[kind(store), access]:
            if other == kind(store):
                assert not plane.policy.may(plane.member(workload), permission, plane.stores[store])


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_workload_may_do_what_its_grants_say_and_nothing_else(plane: Plane, workload: str) -> None:
    """Over every store, every key, repository and account, and neighbours that the stack does not even have."""
    assert plane.policy.everything(plane.member(workload), plane.everything) == meant(plane, workload)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_its_one_service_account_may_act_as_it_and_no_neighbour_may(plane: Plane, workload: str) -> None:
    about, permission = WORKLOADS[workload], "iam.serviceAccounts.getAccessToken"
    own = about.account(GCP)

    def may(namespace: str, account: str) -> bool:
        return plane.policy.may(plane.pod(namespace, account), permission, plane.account(workload))

    assert may(about.namespace, own)
    assert not may("default", own)
    assert not may(about.namespace, "default")
    assert not may(about.namespace, about.service_account), "another stack's of the same project"
    for other in set(WORKLOADS) - {workload}:
        assert not may(WORKLOADS[other].namespace, WORKLOADS[other].account(GCP))
        assert not plane.policy.may(plane.member(other), permission, plane.account(workload))


def test_no_identity_is_given_to_more_than_one_service_account(plane: Plane) -> None:
    given = [b for b in plane.policy.bindings if b.role == "roles/iam.workloadIdentityUser"]
    assert len({b.resource for b in given}) == len(given) == len(WORKLOADS)
    assert not [b for b in given if "*" in b.member]


def test_roles_on_the_whole_project_name_one_resource_or_are_the_nodes_telemetry(plane: Plane) -> None:
    wide = [b for b in plane.policy.bindings if b.resource == f"projects/{plane.project}" and not b.condition]
    assert [b.role for b in wide] == ["roles/container.defaultNodeServiceAccount"]


def test_nodes_pull_from_the_planes_repositories_and_touch_no_store(plane: Plane) -> None:
    [nodes] = {b.member for b in plane.policy.bindings if b.role == "roles/container.defaultNodeServiceAccount"}
    allowed = plane.policy.everything(nodes, plane.everything)
    telemetry = set(PERMISSIONS["roles/container.defaultNodeServiceAccount"].split())
    pulls = {(p, r) for p, r in allowed if p not in telemetry}
    repositories = {r for r in plane.others if "/repositories/" in r}
    assert pulls == {("artifactregistry.repositories.downloadArtifacts", r) for r in repositories}
    assert len(repositories) == 3


def test_every_kind_of_binding_in_the_stack_is_evaluated(standing: Standing) -> None:
    members = {r["type"] for r in standing.resources[GCP] if r["type"].lower().endswith("iammember")}
    assert members == set(RESOURCES)
    assert not [r["type"] for r in standing.resources[GCP] if r["type"].lower().endswith(("iambinding", "iampolicy"))]


def test_an_operator_has_one_cluster_and_break_glass_has_it_until_it_expires() -> None:
    cluster, now = "projects/p/locations/us-east4/clusters/c", datetime(2030, 1, 31, 12, tzinfo=UTC)
    operator = Binding("group:operators@example.com", "roles/container.admin", "projects/p", only(cluster))
    assert operator.allows("container.pods.create", cluster, now)
    assert not operator.allows("container.pods.create", f"{cluster}-2", now)
    glass = only(cluster, (now + timedelta(hours=1)).astimezone())
    assert holds(glass, cluster, now)
    assert not holds(glass, cluster, now + timedelta(hours=1))
    assert not holds(glass, f"{cluster}-2", now)


def test_a_condition_that_the_evaluator_cannot_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a condition that is in use"):
        holds('resource.name.endsWith("/p")', "projects/p", datetime.now(UTC))
