"""Both plans on three clouds, and whose word decides which plan a stack is on."""

from pathlib import Path

import pytest

from demo.project import STACKS, Project
from demo.session import session
from tests import plans
from tests.conftest import copy, first, have_part, silent

POLICY = {"aws": "pass, 1 excepted", "gcp": "pass", "azure": "pass, 3 excepted"}
"""What the pack says of each cloud: Azure has the one way out that the design names, AWS a topic without a key."""


def test_the_managed_plan_comes_up_where_the_packs_configuration_allows_it(built_managed: Path, tmp_path: Path) -> None:
    assert [(o.status, o.policy, o.errors) for o in first(built_managed).values()] == [
        ("updated", POLICY[stack.partition("-")[0]], []) for stack in STACKS
    ]
    with session(copy(built_managed, tmp_path / "home"), silent) as fleet:
        for stack in STACKS:
            types = {r["type"] for r in fleet.deployment(stack)["resources"]}
            assert "rampart:bucket:Bucket" in types
            assert "rampart:keys:Key" not in types


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_cannot_leave_the_enterprise_plan_by_its_own_settings(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        have_part(fleet.project)
        plans.choose(fleet.project, "managed")
        [outcome] = fleet.up([stack], silent)
    assert outcome.status == "refused"
    assert any("customer-managed" in v.message for v in outcome.violations if v.level == "mandatory")
