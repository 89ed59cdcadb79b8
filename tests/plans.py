"""Putting stacks on the managed plan: in their settings, and in the policy pack's configuration."""

import json
from pathlib import Path

import yaml

from demo.project import STACKS

TOPIC = (
    "urn:pulumi:aws-us-east-1::rampart::rampart:dataplane:DataPlane$rampart:alarms:Alarms$aws:sns/topic:Topic::"
    "alarms-topic"
)


def choose(project: Path, plan: str, **settings: object) -> None:
    """Set the plan, and whatever else, of every stack of a project."""
    team = project / "stacks" / "team.yaml"
    document = yaml.safe_load(team.read_text()) | {"stacks": {stack: {"plan": plan, **settings} for stack in STACKS}}
    team.write_text(yaml.safe_dump(document))


def allow_managed(config: Path, folder: Path) -> Path:
    """The pack's configuration, with the stacks on the managed plan."""
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
