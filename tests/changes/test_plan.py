"""From the managed plan to the enterprise plan: what cannot be put under another key is said, and never just lost."""

from pathlib import Path

import pytest

from demo.session import session
from fleet.losses import WAY, says
from tests import plans
from tests.changes.steps import AWS, AZURE, GCP, done
from tests.conftest import copy, silent

LOST = {
    AWS: {"postgres-server", "cache-nodes"},
    GCP: {
        *("postgres-server", "cache-instance", "registry-images", "registry-quay-io", "registry-registry-k8s-io"),
        *("secrets-clickhouse-secret", "secrets-signing-secret"),
    },
    AZURE: {"postgres-server", "registry-images", "cluster-kubernetes"},
}
KEPT = {
    AWS: {"traces-encryption", "archive-encryption", "secrets-signing-entry", "logs-flows", "cluster-control-plane"},
    GCP: {"traces-objects", "archive-objects", "logs-flows", "cluster-cluster"},
    AZURE: {"traces-account", "archive-account", "logs-account", "cache-cluster"},
}
"""What goes under a key of ours in place."""


@pytest.mark.parametrize("stack", [AWS, GCP, AZURE])
def test_a_production_stack_says_what_it_would_lose_and_refuses(
    built_managed: Path, tmp_path: Path, stack: str
) -> None:
    with session(copy(built_managed, tmp_path / "home"), silent) as fleet:
        # Not protected until now: the engine itself would let them go.
        plans.choose(fleet.project, "enterprise", protection="production")
        before = fleet.deployment(stack)["resources"]
        [refused] = fleet.up([stack], silent)
        assert fleet.deployment(stack)["resources"] == before
    assert refused.status == "refused"
    assert {step.name for step in refused.lost} == LOST[stack]
    assert done(refused)["update"] >= KEPT[stack]
    [error] = refused.errors
    assert error.endswith(WAY)
    assert all(says(step) in error for step in refused.lost)


def test_a_development_stack_says_it_too(built_managed: Path, tmp_path: Path) -> None:
    with session(copy(built_managed, tmp_path / "home"), silent) as fleet:
        plans.choose(fleet.project, "enterprise")
        [told] = fleet.preview([GCP], silent)
    assert told.status == "previewed", told.errors
    assert {step.name for step in told.lost} == LOST[GCP]
