"""What was changed by hand: what differs from the state, what that exposes, and what an update would do about it.

The providers read everything in a scratch copy of the state, so that nothing is changed by looking. What the engine
would undo is told by a preview that reads first. What that cannot tell is what a difference *means*: the policy pack
judges what is there now, and reachability says which paths are new.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation.events import EngineEvent

from fleet import engine
from fleet.engine import State
from fleet.outcome import Change, Drift, Violation


def look(stack: automation.Stack, settings: Path, secrets_provider: str, pack: Path, pack_config: Path) -> Drift | None:
    """What was changed by hand, if anything was. Raises automation.CommandError if a provider cannot read."""
    before = engine.export(stack)
    with engine.scratch(stack, settings, secrets_provider) as there:
        engine.replace(there, {**before, "deployment": {**before["deployment"], "pending_operations": []}})
        engine.pulumi(there, "refresh", "--yes", "--skip-preview", "--stack", there.name)
        now = engine.export(there)
    had, has = (_by_urn(state) for state in (before, now))
    different = {
        urn: tuple(differences(had[urn], has[urn])) if urn in has else ()
        for urn in had
        if urn not in has or had[urn] != has[urn]
    }
    different = {urn: keys for urn, keys in different.items() if keys or urn not in has}
    if not different:
        return None
    undone = _undone(stack)
    changes = [Change(urn, keys, undone.get(urn, "")) for urn, keys in different.items()]
    opened = sorted(set(paths(now, pack)) - set(paths(before, pack))) if has_reach(pack) else []
    return Drift(changes, opened, violations(stack, now, pack, pack_config))


def _by_urn(state: dict[str, Any]) -> dict[str, Any]:
    """What providers say of each resource."""
    resources: Sequence[State] = state["deployment"].get("resources") or []
    return {r["urn"]: engine.without_secrets(r.get("outputs") or {}) for r in resources if r.get("custom")}


def differences(had: Any, has: Any, path: str = "") -> Iterator[str]:
    """The paths at which two values differ."""
    if isinstance(had, dict) and isinstance(has, dict):
        for key in {**had, **has}:
            yield from differences(had.get(key), has.get(key), f"{path}.{key}" if path else key)
    elif isinstance(had, list) and isinstance(has, list):
        for position, (before, after) in enumerate(zip_longest(had, has)):
            yield from differences(before, after, f"{path}[{position}]")
    elif had != has:
        yield path


def _undone(stack: automation.Stack) -> dict[str, str]:
    """What an update that reads first would do, by URN."""
    steps: dict[str, str] = {}

    def take(event: EngineEvent) -> None:
        if event.resource_pre_event:
            step = event.resource_pre_event.metadata
            operation = str(getattr(step.op, "value", step.op))
            if operation not in ("same", "read", "refresh"):
                steps.setdefault(step.urn, operation)

    stack.preview(refresh=True, on_event=take)
    return steps


def has_reach(pack: Path) -> bool:
    """Whether a policy pack can work out who reaches what: Rampart's can."""
    return (pack / "rampart_policy" / "reach").is_dir()


def paths(state: dict[str, Any], pack: Path) -> list[str]:
    """Who reaches what, in words, by the reachability of Rampart's policy pack (`has_reach`)."""
    done = subprocess.run(
        [sys.executable, "-m", "rampart_policy.reach"],
        input=json.dumps(state),
        env={**os.environ, "PYTHONPATH": str(pack)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def violations(stack: automation.Stack, state: dict[str, Any], pack: Path, pack_config: Path) -> list[Violation]:
    """What a policy pack says of a state (`pulumi policy analyze`). Raises automation.CommandError if it cannot."""
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        file = Path(folder) / "state.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(state))
        command = ["pulumi", "policy", "analyze", "--json", "--non-interactive", "--file", str(file)]
        command += ["--policy-pack", str(pack), "--policy-pack-config", str(pack_config)]
        done = subprocess.run(command, cwd=stack.workspace.work_dir, capture_output=True, text=True, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not any("summaryEvent" in event for event in events):
        raise automation.CommandError(automation.CommandResult(done.stdout, done.stderr, done.returncode))
    found = [event["policyEvent"] for event in events if "policyEvent" in event]
    return [
        Violation(
            event["policyName"], event["enforcementLevel"], event.get("resourceUrn", ""), event["message"].strip()
        )
        for event in found
        if event["enforcementLevel"] == "mandatory"
    ]
