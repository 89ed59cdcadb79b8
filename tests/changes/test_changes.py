"""Changes that a team makes later, made to stacks that are up: what each touches, and that it replaces nothing else."""

from pathlib import Path

import pytest

from components.cluster import VERSIONS
from demo.project import Project
from demo.session import session
from fleet import Outcome
from tests.changes.steps import AWS, AZURE, GCP, TAGS, done, recall, remember, reprogram
from tests.components.ways import settings
from tests.conftest import copy, once, silent, update

OLD, NEW = VERSIONS[-2:]
POOLS = {"workloads": {"size": "large", "most": 12}, "sandboxes": {"most": 9}}
SETTINGS = {
    "owner": "finance",
    "environment": "staging",
    "kubernetes": {"pools": POOLS},
    "postgres": {"size": "medium", "storageGib": 128, "backupDays": 21},
    "cache": {"size": "medium"},
}
PROGRAM = """
from components.dataplane.workloads import WORKLOADS, Access, Workload
WORKLOADS["reporter"] = Workload("report", "reporter", (("archive", Access.READ), ("postgres", Access.CONNECT)))
archiver = WORKLOADS["archiver"]
WORKLOADS["archiver"] = Workload("archive", "archiver", (*archiver.grants, ("cache", Access.CONNECT)))
del WORKLOADS["keeper"]
"""


SIZES = {
    AWS: {
        **{"postgres-server": {"instanceClass", "allocatedStorage", "backupRetentionPeriod"}},
        **{"cache-nodes": {"nodeType"}, "cluster-workloads-template": {"instanceType"}},
        # The template has the tags of machines, and so it is another version for every pool, which goes over by itself.
        **{f"cluster-{role}-nodes": {"version", "launchTemplate"} for role in ("system", "egress")},
        **{f"cluster-{role}-nodes": {"version", "launchTemplate", "scalingConfig"} for role in POOLS},
    },
    GCP: {
        **{"postgres-server": {"settings"}, "cache-instance": {"nodeType"}},
        **{f"cluster-{role}-nodes": {"nodeConfig"} for role in ("system", "egress")},
        **{f"cluster-{role}-nodes": {"nodeConfig", "autoscaling"} for role in POOLS},
    },
    AZURE: {
        **{"postgres-server": {"backup", "sku", "storage"}, "cache-cluster": {"sku"}},
        **{
            "cluster-egress-nodes": {"orchestratorVersion"},
            "cluster-sandboxes-nodes": {"maxCount", "orchestratorVersion"},
        },
    },
}
UPGRADE = {
    AWS: {
        "cluster-control-plane": {"version"},
        **{
            f"cluster-{addon}": {"addonVersion"} for addon in ("vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver")
        },
    },
    GCP: {"cluster-cluster": {"minMasterVersion"}},
    AZURE: {"cluster-kubernetes": {"kubernetesVersion", "agentPoolProfiles"}},
}
CONTROL = {AWS: "cluster-control-plane", GCP: "cluster-cluster", AZURE: "cluster-kubernetes"}
GRANTS: dict[str, dict[str, set[str]]] = {AWS: {"archiver-grants": {"policy"}}, GCP: {}, AZURE: {}}
"""What is changed in place, and which of its properties besides tags."""

COME = {
    AWS: {"archiver-cache-member", "archiver-cache-user", "reporter-grants", "reporter-role"},
    GCP: {
        *("archiver-cache-dbconnectionuser", "reporter-account", "reporter-archive-objectviewer"),
        *("reporter-postgres-instanceuser", "reporter-postgres-user", "reporter-use"),
    },
    AZURE: {"archiver-cache-connect", "reporter-archive-read", "reporter-federation", "reporter-identity"},
}
GO = {
    AWS: {"keeper-grants", "keeper-role"},
    GCP: {
        *("keeper-account", "keeper-use"),
        *("keeper-secrets-clickhouse-secretversionadder", "keeper-secrets-signing-secretversionadder"),
    },
    AZURE: {
        *("keeper-federation", "keeper-identity", "keeper-secret-write-role"),
        *("keeper-secrets-clickhouse-write", "keeper-secrets-signing-write"),
    },
}
REPLACED = {AWS: set[str](), GCP: set[str](), AZURE: {"cluster-workloads-nodes"}}
"""AKS cannot change the machines of a pool: the pool of others is there before the old one goes."""


@pytest.fixture(scope="session", params=[AWS, GCP, AZURE])
def changed(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What came of all of these changes at once, in a stack whose Kubernetes was of the minor version before."""
    stack = request.param

    def change(folder: Path) -> Outcome:
        project = copy(built, folder / "home")
        remember(project, NEW, OLD)
        with session(project, silent) as fleet:
            recall(fleet, stack, NEW, OLD)
            reprogram(fleet, PROGRAM)
            with settings(fleet, **SETTINGS):
                return update(fleet, stack)

    outcome = once(tmp_path_factory, f"changed-{stack}", change)
    assert outcome.status == "updated", outcome.errors or outcome.violations
    return outcome


def test_no_store_key_cluster_or_subnet_is_replaced_or_lost(changed: Outcome) -> None:
    assert {step.name for step in changed.replaced} == REPLACED[changed.stack]
    assert changed.lost == []


def test_larger_stores_and_pools_and_the_next_kubernetes_come_in_place(changed: Outcome) -> None:
    stack = changed.stack
    properties = {step.name: set(step.keys) - TAGS for step in changed.steps if step.operation == "update"}
    in_place = {name: keys for name, keys in properties.items() if name in done(changed)["update"]}
    assert in_place == {**SIZES[stack], **UPGRADE[stack], **GRANTS[stack]}


def test_the_control_plane_is_upgraded_before_its_nodes(changed: Outcome) -> None:
    order = [step.name for step in changed.steps if not step.type.startswith("rampart:")]
    control = order.index(CONTROL[changed.stack])
    assert all(order.index(f"cluster-{role}-nodes") > control for role in ("workloads", "egress", "sandboxes"))


def test_a_workload_comes_and_goes_with_its_identity_and_its_grants_and_nothing_else(changed: Outcome) -> None:
    assert done(changed)["create"] == COME[changed.stack]
    assert done(changed)["delete"] == GO[changed.stack]


def test_whose_it_is_stands_on_everything_and_replaces_nothing(changed: Outcome) -> None:
    keys = {"tagsAll", "tags", "effectiveLabels"}
    assert sum(1 for step in changed.steps if step.operation == "update" and keys & set(step.keys)) > 20


def test_no_change_writes_a_placeholder_over_a_secret(changed: Outcome) -> None:
    """Whatever updates one of Azure's writes a version; the other clouds keep versions apart from their secrets."""
    assert [step.name for step in changed.steps if step.type == "azure-native:keyvault:Secret"] == []


def test_a_zone_more_moves_no_store_and_no_subnet(copied: Project) -> None:
    """EKS cannot add subnets to a pool: new pools, over four zones, are there before the old ones go."""
    zones = ["use1-az1", "use1-az2", "use1-az4", "use1-az6"]
    with session(copied, silent) as fleet, settings(fleet, zones=zones):
        [outcome] = fleet.preview([AWS], silent)
    found = done(outcome)
    roles = ("workloads", "endpoints", "egress")
    assert found["create"] == {f"network-{role}-3{more}" for role in roles for more in ("", "-routes")}
    assert found["replace"] == {f"cluster-{role}-nodes" for role in ("system", "workloads", "egress", "sandboxes")}
    assert "delete" not in found
    assert outcome.lost == []
    # The stores may stand in the new zone from now on; the control plane stays where it is.
    assert {"postgres-subnets", "cache-subnets"} <= found["update"]
    assert "cluster-control-plane" not in found["update"]
