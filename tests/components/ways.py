"""Every way into and out of a stack that settings can open, opened at once and closed again, under the engine.

A stack lives through that once a test run; test_ways.py looks at what it changed, and the tests of each
way look at their own part.
"""

import dataclasses
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from components.dataplane.exports import Exports
from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from fleet import Fleet, Outcome
from simulator.aws.network import VPC
from simulator.azure.arm import GROUP
from simulator.azure.network import VNET
from tests.conftest import silent, update
from tests.simulator.conftest import Engine

AWS, GCP, AZURE = STACKS
LISTED = ["api.example.com", "*.packages.example.org"]
"""The domains that may be reached."""

OTHERS = {AWS: "444455556666", GCP: "other-team", AZURE: "00000000-0000-4000-8000-00000000d3e1"}
"""The account, project or subscription that comes in by private link, and is the peer's."""

RANGE = "10.200.0.0/16"
"""The peer's."""

WISHES = {AWS: {"api", "endpoints"}, GCP: {"ingest"}, AZURE: {"api", "endpoints"}}
"""What the peer may reach."""


@contextmanager
def settings(fleet: Fleet, **of_every_stack: object) -> Iterator[None]:
    """Settings on top of the team's, for as long as it lasts."""
    path = fleet.project / "stacks" / "team.yaml"
    before = path.read_text()
    document = yaml.safe_load(before) | {"stacks": dict.fromkeys(STACKS, of_every_stack)}
    path.write_text(yaml.safe_dump(document))
    try:
        yield
    finally:
        path.write_text(before)


def allowing(fleet: Fleet, folder: Path) -> Fleet:
    """The same fleet, with what a reviewer adds to the pack's configuration: the exceptions in docs/egress.md, and the
    others whom docs/ingest.md and docs/peering.md have admitted.
    """
    document = json.loads(fleet.pack_config.read_text())
    for block in re.findall(r"```json\n(.*?)```", (REPOSITORY / "docs" / "egress.md").read_text(), re.DOTALL):
        document["rampart"]["exceptions"] += json.loads(block)
    document["rampart"]["consumers"] = list(OTHERS.values())
    path = folder / "allowing.config.json"
    path.write_text(json.dumps(document))
    return dataclasses.replace(fleet, pack_config=path)


def by_operation(outcome: Outcome) -> dict[str, set[str]]:
    """The names of the resources that saw each operation, but for the stack's own outputs."""
    found: dict[str, set[str]] = {}
    for step in outcome.steps:
        if not step.urn.rpartition("::")[0].endswith(("pulumi:pulumi:Stack", "rampart:dataplane:DataPlane")):
            found.setdefault(step.operation, set()).add(step.name)
    return found


def other_side(stack: str) -> dict[str, str]:
    """Make the peer's network in the simulated cloud; its id, and whose it is."""
    account = OTHERS[stack]
    if stack == GCP:  # a network of Google Cloud is peered before it is there
        return {"network": f"projects/{account}/global/networks/hub", "account": account}
    attached = dict(pair.split(":") for pair in os.environ["PULUMI_DEBUG_PROVIDERS"].split(","))
    if stack == AWS:
        roles = [{"roleArn": f"arn:aws:iam::{account}:role/deploy"}]
        own = {"region": "us-east-1", "allowedAccountIds": [account], "assumeRoles": roles}
        there = Engine(f"127.0.0.1:{attached['aws']}", "aws", own)
        return {"network": there.create(VPC, "hub", {"cidrBlock": RANGE})[0], "account": account}
    own = {"subscriptionId": account, "location": "eastus2"}
    there = Engine(f"127.0.0.1:{attached['azure-native']}", "azure-native", own)
    there.create(GROUP, "hub", {"resourceGroupName": "hub"})
    made = {"resourceGroupName": "hub", "virtualNetworkName": "hub", "addressSpace": {"addressPrefixes": [RANGE]}}
    return {"network": there.create(VNET, "hub", made)[0], "account": account}


@dataclass(frozen=True)
class Opened:
    """What came of it.

    refused: without the pack's word. on, again, off: with it, a second time, and with the settings gone.
    before, state: the resources, with all closed and with all open.
    """

    stack: str
    refused: Outcome
    on: Outcome
    again: Outcome
    off: Outcome
    before: list[dict[str, Any]]
    state: list[dict[str, Any]]

    @cached_property
    def found(self) -> dict[str, Any]:
        """The outputs of what there is while all is open, by name."""
        return {r["urn"].rpartition("::")[2]: r["outputs"] for r in self.state if "outputs" in r}

    @cached_property
    def exports(self) -> Exports:
        [root] = [r for r in self.state if r["type"] == "pulumi:pulumi:Stack"]
        return Exports.model_validate(root["outputs"])


def open_and_close(project: Project, stack: str, folder: Path) -> Opened:
    """Have a stack that is up live through it."""
    with session(project, silent) as fleet:
        before = fleet.deployment(stack)["resources"]
        hub = {"name": "hub", "cidrs": [RANGE], **other_side(stack), **dict.fromkeys(WISHES[stack], True)}
        # What reaches Google Cloud's API does so by another way than peering, and is let in likewise.
        more = {"kubernetes": {"reach": ["10.201.0.0/16"]}} if stack == GCP else {}
        ways = {"egress": {"domains": LISTED}, "ingest": {"consumers": [OTHERS[stack]]}, "peers": [hub]}
        with settings(fleet, **ways, **more):
            [refused] = fleet.up([stack], silent)
            allowed = allowing(fleet, folder)
            on = update(allowed, stack)
            [again] = allowed.up([stack], silent)
            state = fleet.deployment(stack)["resources"]
        off = update(fleet, stack)
    return Opened(stack, refused, on, again, off, before, state)
