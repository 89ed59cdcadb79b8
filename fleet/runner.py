"""Runs one operation over several stacks, side by side."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pulumi import automation

from fleet.outcome import Outcome

Say = Callable[[str, str], None]
"""Takes a stack and a line of progress."""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """The stacks of one Pulumi project.

    project: the folder that holds Pulumi.yaml.
    pack, pack_config: the policy pack that every preview and update must pass, and its configuration.
    secrets_provider: what encrypts the secrets of a stack that is made here.
    jobs: how many stacks run at once. A stack's program and engine keep one core busy between them.
    """

    project: Path
    pack: Path
    pack_config: Path
    secrets_provider: str = "passphrase"
    jobs: int = os.cpu_count() or 2

    def up(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Preview each stack, and update those that have changes and pass the policy pack."""
        return self._each(stacks, lambda outcome: self._up(outcome, say))

    def down(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Destroy what each stack holds; the stack itself, with its history, stays."""
        return self._each(stacks, lambda outcome: self._down(outcome, say))

    def deployment(self, stack: str) -> dict[str, object]:
        """The stack's state, as `pulumi stack export` has it."""
        return dict(self._open(stack).export_stack().deployment or {})

    def _each(self, stacks: Sequence[str], operation: Callable[[Outcome], None]) -> list[Outcome]:
        def run(stack: str) -> Outcome:
            outcome = Outcome(stack)
            started = time.monotonic()
            try:
                operation(outcome)
            except automation.CommandError as error:
                outcome.status = "failed"
                # Where the engine itself could not start, there were no events.
                if not outcome.errors and not outcome.violations:
                    outcome.errors.append(str(error).strip())
            outcome.seconds = time.monotonic() - started
            return outcome

        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(run, stacks))

    def _open(self, stack: str) -> automation.Stack:
        workspace = automation.LocalWorkspace(work_dir=str(self.project), secrets_provider=self.secrets_provider)
        return automation.Stack.create_or_select(stack, workspace)

    def _up(self, outcome: Outcome, say: Say) -> None:
        stack = self._open(outcome.stack)
        packs, configs = [str(self.pack)], [str(self.pack_config)]
        say(outcome.stack, "preview")
        stack.preview(policy_packs=packs, policy_pack_configs=configs, on_event=outcome.take)
        if not outcome.changed:
            outcome.status = "unchanged"
            return
        say(outcome.stack, f"update: {outcome.changed} changes, policy: {outcome.policy}")
        outcome.violations.clear()
        stack.up(policy_packs=packs, policy_pack_configs=configs, on_event=outcome.take, suppress_progress=True)
        outcome.status = "updated"

    def _down(self, outcome: Outcome, say: Say) -> None:
        stack = self._open(outcome.stack)
        say(outcome.stack, "destroy")
        stack.destroy(on_event=outcome.take, suppress_progress=True)
        outcome.status = "destroyed" if outcome.changed else "absent"
