"""Runs one operation over several stacks: a canary first, then the rest side by side, and no more once one fails."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi import automation

from fleet.outcome import Outcome

Say = Callable[[str, str], None]
"""Takes a stack and a line of progress."""

STACK_MEMORY = 900 << 20
"""What one stack's engine, program, providers' SDK and policy pack take at their peak, in bytes."""


def jobs() -> int:
    """How many stacks this machine can run at once: three on two cores, as long as memory lasts.

    A stack leaves a third of a core idle, while its engine, program and providers wait for each other.
    """
    cores = max(1, (os.cpu_count() or 1) * 3 // 2)
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # not every system tells
        return cores
    return max(1, min(cores, free // STACK_MEMORY))


def protected(deployment: Mapping[str, Any]) -> list[str]:
    """The names of what a state, as `pulumi stack export` has it, refuses to delete."""
    resources = deployment.get("resources") or ()
    return sorted(resource["urn"].rpartition("::")[2] for resource in resources if resource.get("protect"))


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """The stacks of one Pulumi project.

    project: the folder that holds Pulumi.yaml.
    pack, pack_config: the policy pack that every preview and update must pass, and its configuration.
    secrets_provider: what encrypts the secrets of a stack that is made here.
    canary: how many stacks go first, alone; the others follow only if they are well.
    jobs: how many stacks run at once.
    """

    project: Path
    pack: Path
    pack_config: Path
    secrets_provider: str = "passphrase"
    canary: int = 0
    jobs: int = field(default_factory=jobs)

    def preview(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Preview each stack under the policy pack. One that fails does not stop the others: nothing is changed."""
        return self._all([stacks], lambda outcome: self._preview(outcome, say), stop=False)

    def up(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Preview each stack, and update those that have changes and pass the policy pack."""
        return self._all(self._waves(stacks), lambda outcome: self._up(outcome, say), stop=True)

    def down(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Destroy what each stack holds; the stack itself, with its history, stays."""
        return self._all(self._waves(stacks), lambda outcome: self._down(outcome, say), stop=True)

    def deployment(self, stack: str) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` has it."""
        return dict(self._open(stack).export_stack().deployment or {})

    def _waves(self, stacks: Sequence[str]) -> list[Sequence[str]]:
        canary = self.canary if len(stacks) > self.canary else 0
        return [wave for wave in (stacks[:canary], stacks[canary:]) if wave]

    def _all(
        self, waves: Sequence[Sequence[str]], operation: Callable[[Outcome], object], *, stop: bool
    ) -> list[Outcome]:
        failed = threading.Event()

        def run(stack: str) -> Outcome:
            outcome = Outcome(stack)
            if stop and failed.is_set():
                return outcome
            started = time.monotonic()
            try:
                operation(outcome)
                if not outcome.ok:
                    failed.set()
            except automation.CommandError as error:
                outcome.status = "refused" if outcome.stopped else "failed"
                # Where the engine itself could not start, there were no events.
                if not outcome.errors and not outcome.stopped:
                    outcome.errors.append(str(error).strip())
                failed.set()
            outcome.seconds = time.monotonic() - started
            return outcome

        outcomes: list[Outcome] = []
        for wave in waves:
            with ThreadPoolExecutor(self.jobs) as pool:
                outcomes += pool.map(run, wave)
        return outcomes

    @cached_property
    def _pulumi(self) -> automation.PulumiCommand:
        """The engine's command; to find it is to run it once."""
        return automation.PulumiCommand()

    def _open(self, stack: str) -> automation.Stack:
        workspace = automation.LocalWorkspace(
            work_dir=str(self.project), secrets_provider=self.secrets_provider, pulumi_command=self._pulumi
        )
        return automation.Stack.create_or_select(stack, workspace)

    def _preview(self, outcome: Outcome, say: Say) -> automation.Stack:
        stack = self._open(outcome.stack)
        say(outcome.stack, "preview")
        stack.preview(policy_packs=[str(self.pack)], policy_pack_configs=[str(self.pack_config)], on_event=outcome.take)
        outcome.status = "previewed" if outcome.changed else "unchanged"
        return stack

    def _up(self, outcome: Outcome, say: Say) -> None:
        stack = self._preview(outcome, say)
        if outcome.status == "unchanged":
            return
        say(outcome.stack, f"update: {outcome.changed} changes, policy: {outcome.policy}")
        outcome.restart()
        stack.up(
            policy_packs=[str(self.pack)],
            policy_pack_configs=[str(self.pack_config)],
            on_event=outcome.take,
            suppress_progress=True,
        )
        outcome.status = "updated"

    def _down(self, outcome: Outcome, say: Say) -> None:
        stack = self._open(outcome.stack)
        if kept := protected(stack.export_stack().deployment or {}):
            outcome.status = "failed"
            outcome.errors.append(
                f"{len(kept)} resources hold data or keys and are protected: {', '.join(kept)}. To lose them, set "
                "protection to development for this stack, run up, and then down."
            )
            return
        say(outcome.stack, "destroy")
        stack.destroy(on_event=outcome.take, suppress_progress=True)
        outcome.status = "destroyed" if outcome.changed else "absent"
