"""Both plans on three clouds, and whose word decides which plan a stack is on."""

import dataclasses
import json
from pathlib import Path

import pytest

from demo.project import STACKS, Project
from demo.session import session
from tests.conftest import silent

POLICY = {"aws": "pass, 1 excepted", "gcp": "pass", "azure": "pass, 3 excepted"}
"""What the pack says of each cloud: Azure has the one way out that the design names, AWS a topic without a key."""

TOPIC = (
    "urn:pulumi:aws-us-east-1::rampart::rampart:dataplane:DataPlane$rampart:alarms:Alarms$aws:sns/topic:Topic::"
    "alarms-topic"
)


def test_the_managed_plan_comes_up_where_the_packs_configuration_allows_it(project: Project) -> None:
    with session(project, silent) as fleet:
        choose_managed(fleet.project)
        relaxed = dataclasses.replace(fleet, pack_config=managed(fleet.pack_config, project.home))
        outcomes = relaxed.up(STACKS, silent)
        assert [(o.status, o.policy, o.errors) for o in outcomes] == [
            ("updated", POLICY[stack.partition("-")[0]], []) for stack in STACKS
        ]
        for stack in STACKS:
            types = {r["type"] for r in fleet.deployment(stack)["resources"]}
            assert "rampart:bucket:Bucket" in types
            assert "rampart:keys:Key" not in types


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_cannot_leave_the_enterprise_plan_by_its_own_settings(project: Project, stack: str) -> None:
    with session(project, silent) as fleet:
        choose_managed(fleet.project)
        [outcome] = fleet.up([stack], silent)
    assert outcome.status == "refused"
    assert any("customer-managed" in v.message for v in outcome.violations if v.level == "mandatory")


def choose_managed(project: Path) -> None:
    team = project / "stacks" / "team.yaml"
    team.write_text(team.read_text() + "stacks:\n" + "".join(f"  {stack}: {{plan: managed}}\n" for stack in STACKS))


def managed(config: Path, folder: Path) -> Path:
    """The pack's configuration, with these stacks on the managed plan."""
    document = json.loads(config.read_text())
    document["rampart"]["plans"] = dict.fromkeys(STACKS, "managed")
    document["rampart"]["exceptions"].append(
        {
            "control": "store-is-encrypted",
            "resource": TOPIC,
            "owner": "platform",
            "reason": "CloudWatch and EventBridge cannot use the provider's key for topics (components/alarms)",
            "expires": "2100-01-01",
        }
    )
    path = folder / "managed.config.json"
    path.write_text(json.dumps(document))
    return path
