"""Nothing waits that need not: what a stack's creation takes, against the chain that no order of things can shorten.

`chains/<cloud>.json` is that chain, reviewed: a step after the other, why the next must wait for it, and where its
duration is known from. The engine's own dependencies, in the deployed stack's state, are what is compared.
"""

import json
from pathlib import Path

import pytest

from demo.project import STACKS
from simulator.clock import critical_path, seconds
from tests.conftest import Standing

CHAINS = Path(__file__).parent / "chains"
LONGER = 1.05


@pytest.mark.parametrize("stack", STACKS)
def test_creation_takes_little_longer_than_the_unavoidable_chain(standing: Standing, stack: str) -> None:
    steps = json.loads((CHAINS / f"{stack.partition('-')[0]}.json").read_text())
    path = critical_path({"resources": standing.resources[stack]})
    assert path.seconds <= LONGER * sum(step["seconds"] for step in steps), "\n".join(path.urns)


@pytest.mark.parametrize("stack", STACKS)
def test_the_chain_counts_with_the_durations_of_the_simulated_cloud(stack: str) -> None:
    for step in json.loads((CHAINS / f"{stack.partition('-')[0]}.json").read_text()):
        assert step["seconds"] == seconds(step["type"]), step["type"]
        assert step["why"]
        assert step["source"]


@pytest.mark.parametrize("stack", STACKS)
def test_each_step_of_the_chain_really_waits_for_the_one_before(standing: Standing, stack: str) -> None:
    """So that nobody makes the chain longer than it is: every step reaches the one before it through dependencies."""
    resources = {resource["urn"]: resource for resource in standing.resources[stack]}

    def before(urn: str) -> set[str]:
        named, todo = set[str](), [urn]
        while todo:
            resource = resources.get(todo.pop(), {})
            found = {resource.get("parent"), *(resource.get("dependencies") or [])} - {None} - named
            named |= found
            todo += found
        return named

    steps = [step["type"] for step in json.loads((CHAINS / f"{stack.partition('-')[0]}.json").read_text())]
    reached = {urn for urn, resource in resources.items() if resource["type"] == steps[0]}
    for step in steps[1:]:
        reached = {u for u, resource in resources.items() if resource["type"] == step and before(u) & reached}
        assert reached, f"no {step} waits for the step before it"
