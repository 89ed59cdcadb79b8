"""What each grant allows on Azure, that it allows nothing else, and that its neighbours are denied."""

from dataclasses import dataclass
from typing import Any

import pytest

from components.cache import Cache
from components.dataplane.workloads import BUCKETS, SECRETS, WORKLOADS
from components.identity import OFFERS, Access
from components.identity.azure import PERMISSIONS, Own
from components.postgres import Postgres
from demo.project import STACKS
from tests.components.identity.azure_rbac import BLOBS, CONTAINERS, KEYS, PROBES, REGISTRIES, Policy, deployed
from tests.components.identity.azure_rbac import SECRETS as ENTRIES
from tests.conftest import Standing

AZURE = STACKS[2]
READ, ADD = {f"{BLOBS}/read"}, {f"{BLOBS}/write", f"{BLOBS}/add/action"}
META = f"{ENTRIES}/readMetadata/action"
# What a grant's words mean, said again here in actions: by kind of store and access.
MEANT: dict[tuple[str, Access], set[str]] = {
    ("bucket", Access.READ): READ,
    ("bucket", Access.WRITE): READ | ADD,
    ("bucket", Access.ADMIN): READ | ADD | {f"{BLOBS}/delete"},
    ("key", Access.ENCRYPT): {f"{KEYS}/read", f"{KEYS}/wrap/action"},
    ("key", Access.DECRYPT): {f"{KEYS}/read", f"{KEYS}/unwrap/action"},
    ("secret", Access.READ): {META, f"{ENTRIES}/getSecret/action"},
    ("secret", Access.WRITE): {META, f"{ENTRIES}/setSecret/action"},
    ("postgres", Access.CONNECT): set(),
    ("cache", Access.CONNECT): set(),
}
GRANTS = [(name, store, access) for name, workload in WORKLOADS.items() for store, access in workload.grants]
IN_ROLES = [grant for grant in GRANTS if grant[2] is not Access.CONNECT]


@dataclass(frozen=True)
class Plane:
    """A data plane on Azure: its assignments, and the ids of what can be asked for in it."""

    policy: Policy
    stores: dict[str, str]
    others: tuple[str, ...]
    principals: dict[str, str]
    state: list[dict[str, Any]]

    def named(self, token: str) -> dict[str, dict[str, Any]]:
        found = (r for r in self.state if r["type"] == f"azure-native:{token}")
        return {r["urn"].rpartition("::")[2]: r["outputs"] | {"id": r["id"], "inputs": r["inputs"]} for r in found}

    @property
    def everything(self) -> list[str]:
        return [*self.stores.values(), *self.others]


@pytest.fixture(scope="module")
def plane(standing: Standing) -> Plane:
    state = standing.resources[AZURE]
    bare = Plane(deployed(state), {}, (), {}, state)
    containers = {name: made["id"] for name, made in bare.named("storage:BlobContainer").items()}
    stores = {bucket: f"{containers[f'{bucket}-objects']}/blobs/some" for bucket in BUCKETS}
    secrets = {name: made["id"] for name, made in bare.named("keyvault:Secret").items()}
    stores |= {f"secret/{secret}": secrets[f"secrets-{secret}-entry"] for secret in SECRETS}
    keys = {name: made["id"] for name, made in bare.named("keyvault:Key").items()}
    stores["key/fields"] = keys.pop("keys-fields-key")
    accounts = [made["id"] for made in bare.named("storage:StorageAccount").values()]
    vaults = [made["id"] for made in bare.named("keyvault:Vault").values()]
    others = (
        *(*keys.values(), *containers.values(), *vaults, *accounts, *(f"{a}/blobServices/default" for a in accounts)),
        *(f"{containers['traces-objects']}-2/blobs/some", f"{secrets['secrets-signing-entry']}-2"),
        *(made["id"] for made in bare.named("containerregistry:Registry").values()),
        *(made["id"] for made in bare.named("network:Subnet").values()),
        *(made["id"] for made in bare.named("managedidentity:UserAssignedIdentity").values()),
    )
    identities = bare.named("managedidentity:UserAssignedIdentity")
    principals = {workload: identities[f"{workload}-identity"]["principalId"] for workload in WORKLOADS}
    return Plane(bare.policy, stores, others, principals, state)


def kind(store: str) -> str:
    return "bucket" if store in BUCKETS else store.partition("/")[0]


def meant(plane: Plane, workload: str) -> set[tuple[str, str]]:
    """Whoever reads a bucket by the built-in role sees the container's own properties too."""
    allowed = set()
    for store, access in WORKLOADS[workload].grants:
        allowed |= {(action, plane.stores[store]) for action in MEANT[kind(store), access]}
        if kind(store) == "bucket" and access is Access.READ:
            allowed.add((f"{CONTAINERS}/read", plane.stores[store].removesuffix("/blobs/some")))
    return allowed


def test_every_grant_that_can_be_made_is_in_the_one_table() -> None:
    offered = {(store, access) for store, offers in OFFERS.items() for access in offers}
    assert set(PERMISSIONS) == offered - {(Cache, Access.CONNECT), (Postgres, Access.CONNECT)}


def test_what_a_grant_means_is_among_what_is_asked_for() -> None:
    assert {action for actions in MEANT.values() for action in actions} <= PROBES


@pytest.mark.parametrize(("workload", "store", "access"), IN_ROLES)
def test_a_grant_allows_what_it_says(plane: Plane, workload: str, store: str, access: Access) -> None:
    for action in MEANT[kind(store), access]:
        assert plane.policy.may(plane.principals[workload], action, plane.stores[store])


@pytest.mark.parametrize(("workload", "store", "access"), IN_ROLES)
def test_and_denies_the_other_accesses_of_that_store(plane: Plane, workload: str, store: str, access: Access) -> None:
    for (other, _), actions in MEANT.items():
        for action in actions - MEANT[kind(store), access]:
            if other == kind(store):
                assert not plane.policy.may(plane.principals[workload], action, plane.stores[store])


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_workload_may_do_what_its_grants_say_and_nothing_else(plane: Plane, workload: str) -> None:
    """Over every store, key, vault, account, registry, subnet and identity, and neighbours that do not even exist."""
    assert plane.policy.everything(plane.principals[workload], plane.everything) == meant(plane, workload)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_its_one_service_account_may_act_as_it_and_no_neighbour_may(plane: Plane, workload: str) -> None:
    """Entra compares issuer, subject and audience letter by letter."""
    about = WORKLOADS[workload]
    trusted = plane.named("managedidentity:FederatedIdentityCredential")
    credential = trusted[f"{workload}-federation"]
    [cluster] = plane.named("containerservice:ManagedCluster").values()
    assert credential["subject"] == f"system:serviceaccount:{about.namespace}:{about.account(AZURE)}"
    assert credential["issuer"] == cluster["oidcIssuerProfile"]["issuerURL"]
    assert credential["audiences"] == ["api://AzureADTokenExchange"]
    everyone = [one["subject"] for one in trusted.values()]
    assert len(set(everyone)) == len(everyone) == len(WORKLOADS)


def test_those_who_connect_to_the_cache_log_in_there_and_nobody_else(plane: Plane) -> None:
    connects = {plane.principals[workload] for workload, store, _ in GRANTS if store == "cache"}
    logins = plane.named("redisenterprise:AccessPolicyAssignment").values()
    assert {login["user"]["objectId"] for login in logins} == connects
    assert {login["accessPolicyName"] for login in logins} == {"default"}
    [database] = plane.named("redisenterprise:Database").values()
    assert database["accessKeysAuthentication"] == "Disabled"
    assert all(login["id"].startswith(f"{database['id']}/") for login in logins)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_other_half_of_a_database_login_is_data(plane: Plane, standing: Standing, workload: str) -> None:
    [identity] = [r for r in standing.of_type(AZURE, "rampart:identity:Identity") if r["urn"].endswith(f"::{workload}")]
    logins = {login["store"]: login for login in identity["outputs"]["logins"]}
    assert set(logins) == {store for store, access in WORKLOADS[workload].grants if access is Access.CONNECT}
    assert {login["method"] for login in logins.values()} <= {"entra"}
    if "postgres" in logins:
        sql = logins["postgres"]["sql"]
        assert f"'{logins['postgres']['user']}', '{plane.principals[workload]}', 'service', false, false" in sql
    if "cache" in logins:
        assert (logins["cache"]["user"], logins["cache"]["sql"]) == (plane.principals[workload], "")


def test_roles_of_our_own_name_data_actions_alone_and_are_given_in_their_group(plane: Plane) -> None:
    roles = plane.named("authorization:RoleDefinition").values()
    assert roles
    for role in roles:
        [permission] = role["inputs"]["permissions"]
        assert not permission.get("actions")
        assert permission["dataActions"]
        assert not [action for action in permission["dataActions"] if "*" in action]
        [scope] = role["inputs"]["assignableScopes"]
        assert "/resourceGroups/" in scope
    assert all("*" not in "".join(own.actions) for own in PERMISSIONS.values() if isinstance(own, Own))


def test_no_role_is_given_on_a_group_or_subscription(plane: Plane) -> None:
    for given in plane.policy.assignments:
        assert "/providers/Microsoft." in given.scope, given


def test_nodes_pull_from_the_registry_and_touch_nothing_else(plane: Plane) -> None:
    identities = plane.named("managedidentity:UserAssignedIdentity")
    [registry] = plane.named("containerregistry:Registry").values()
    allowed = plane.policy.everything(identities["cluster-nodes"]["principalId"], plane.everything)
    assert allowed == {(f"{REGISTRIES}/pull/read", registry["id"])}


def test_the_cluster_acts_on_its_network_and_its_own_key_and_no_store(plane: Plane) -> None:
    identities = plane.named("managedidentity:UserAssignedIdentity")
    allowed = plane.policy.everything(identities["keys-cluster-user"]["principalId"], plane.everything)
    data = {resource for action, resource in allowed if action.startswith((BLOBS, KEYS, ENTRIES))}
    assert data == {plane.named("keyvault:Key")["keys-cluster-key"]["id"]}
    assert not {resource for _, resource in allowed} & set(plane.stores.values())
