"""Runs one operation over several stacks: a canary first, then the rest side by side, and no more once one fails."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation.events import EngineEvent

from fleet import commands, drift, engine, losses, rotation
from fleet.journal import Journal
from fleet.locks import LockedError
from fleet.outcome import Outcome
from fleet.recovery import Ask, RecoveryError, steps
from fleet.recovery.taking import take
from fleet.resume import Choices, Recovery, UnsettledError
from infra import sources

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


@cache
def _pulumi(path: str | None) -> automation.PulumiCommand:
    """The engine's command, by where it is on PATH: what it can do is known by running it once."""
    return automation.PulumiCommand()


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
    resume: what to decide about an interrupted operation, which is then made whole first; None: stop if there is one.
    refresh: whether an update first reads what is there, and undoes what was changed by hand.
    lag: for how many seconds after a creation AWS's index of tags may not show it.
    """

    project: Path
    pack: Path
    pack_config: Path
    secrets_provider: str = "passphrase"
    canary: int = 0
    jobs: int = field(default_factory=jobs)
    resume: Choices | None = None
    refresh: bool = False
    lag: float = 300.0

    def preview(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Preview each stack under the policy pack. One that fails does not stop the others: nothing is changed."""
        return self._all([stacks], lambda outcome: self._preview(outcome, say), stop=False)

    def up(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Preview each stack, and update those that have changes and pass the policy pack."""
        return self._all(self._waves(stacks), lambda outcome: self._up(outcome, say), stop=True)

    def down(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Destroy what each stack holds; the stack itself, with its history, stays."""
        return self._all(self._waves(stacks), lambda outcome: self._down(outcome, say), stop=True)

    def rotate(
        self, stacks: Sequence[str], say: Say, *, plan: bool = False, run: commands.Run = commands.run
    ) -> list[Outcome]:
        """Bring each stack's stores under the current versions of their keys, where they do not go there by themselves.

        plan: only say what would be run.
        """
        return self._all(self._waves(stacks), lambda outcome: self._rotate(outcome, say, plan, run), stop=True)

    def drift(self, stacks: Sequence[str], say: Say) -> list[Outcome]:
        """Say what was changed by hand in each stack, what that exposes, and what an update would do about it."""
        return self._all([stacks], lambda outcome: self._drift(outcome, say), stop=False)

    def recover(self, stack: str, say: Say, ask: Ask) -> Outcome:
        """Bring back what a store held, beside what is there, by the cloud's own commands (docs/recover.md)."""
        [outcome] = self._all([[stack]], lambda outcome: self._recover(outcome, say, ask), stop=False)
        return outcome

    def take(self, stack: str, say: Say, id_: str) -> Outcome:
        """Have a restored database server be the stack's own; an update then does the rest (docs/recover.md)."""
        [outcome] = self._all([[stack]], lambda outcome: self._take(outcome, say, id_), stop=False)
        return outcome

    def deployment(self, stack: str) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` has it. Raises automation.StackNotFoundError."""
        return dict(self._workspace().export_stack(stack).deployment or {})

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
            except automation.StackNotFoundError:
                outcome.status = "absent"
            except automation.CommandError as error:
                outcome.status = "refused" if outcome.stopped else "failed"
                # Where the engine itself could not start, there were no events.
                if not outcome.errors and not outcome.stopped:
                    outcome.errors.append(str(error).strip())
                failed.set()
            except losses.LossError as error:
                outcome.status = "refused"
                outcome.errors.append(str(error))
                failed.set()
            except (commands.CloudCommandError, RecoveryError) as error:
                outcome.status = "failed"
                outcome.errors.append(str(error))
                failed.set()
            except (LockedError, UnsettledError) as error:
                outcome.status = "failed" if isinstance(error, LockedError) else "unsettled"
                outcome.errors.append(str(error))
                failed.set()
            outcome.seconds = time.monotonic() - started
            return outcome

        outcomes: list[Outcome] = []
        for wave in waves:
            with ThreadPoolExecutor(self.jobs) as pool:
                outcomes += pool.map(run, wave)
        return outcomes

    def _workspace(self) -> automation.LocalWorkspace:
        command = _pulumi(shutil.which("pulumi"))
        return automation.LocalWorkspace(
            work_dir=str(self.project), secrets_provider=self.secrets_provider, pulumi_command=command
        )

    def _open(self, stack: str, *, make: bool = True) -> automation.Stack:
        """The stack, made if it is not there. Raises automation.StackNotFoundError if it is not to be made."""
        workspace = self._workspace()
        opened = engine.Stack.create_or_select if make else engine.Stack.select
        try:
            return opened(stack, workspace)
        except automation.CommandError:
            if self.resume is None or not engine.mend(workspace, stack):
                raise
            return opened(stack, workspace)

    def recovery(self, stack: str, *, make: bool = True) -> Recovery:
        """What settles an interrupted operation of a stack. Raises automation.CommandError if it cannot be opened.

        make: whether a stack that is not there is made; else automation.StackNotFoundError.
        """
        journal = Journal(self.project / ".rampart" / "journal" / f"{stack}.json")
        settings, choices = sources.config_dir(self.project), self.resume or Choices()
        return Recovery(self._open(stack, make=make), journal, settings, self.secrets_provider, self.lag, choices)

    def _settled(
        self, outcome: Outcome, say: Say, *, make: bool = False
    ) -> tuple[automation.Stack, Callable[[EngineEvent], None]]:
        """The stack with nothing left unsettled, and what takes the events of an operation that changes it."""
        recovery = self.recovery(outcome.stack, make=make)
        if self.resume is None:
            recovery.check()
        else:
            outcome.settled = recovery.resume()
            for line in outcome.settled:
                say(outcome.stack, line)

        def take(event: EngineEvent) -> None:
            recovery.journal.take(event)
            outcome.take(event)

        return recovery.stack, take

    def _preview(self, outcome: Outcome, say: Say, stack: automation.Stack | None = None) -> automation.Stack:
        stack = stack or self._open(outcome.stack)
        say(outcome.stack, "preview")
        try:
            stack.preview(
                policy_packs=[str(self.pack)],
                policy_pack_configs=[str(self.pack_config)],
                on_event=outcome.take,
                refresh=self.refresh,
            )
        except automation.CommandError:
            losses.check(outcome)  # the engine refused it, one resource at a time
            raise
        # The engine lets go what was not protected until now.
        losses.check(outcome)
        outcome.status = "previewed" if outcome.changed else "unchanged"
        return stack

    def _up(self, outcome: Outcome, say: Say) -> None:
        stack, take = self._settled(outcome, say, make=True)
        self._preview(outcome, say, stack)
        if outcome.status == "unchanged":
            return
        say(outcome.stack, f"update: {outcome.changed} changes, policy: {outcome.policy}")
        for step in outcome.lost:
            say(outcome.stack, losses.says(step))
        outcome.restart()
        stack.up(
            policy_packs=[str(self.pack)],
            policy_pack_configs=[str(self.pack_config)],
            on_event=take,
            suppress_progress=True,
            show_secrets=False,
            refresh=self.refresh,
        )
        outcome.status = "updated"

    def _rotate(self, outcome: Outcome, say: Say, plan: bool, run: commands.Run) -> None:
        stack, _ = self._settled(outcome, say)
        resources = (stack.export_stack().deployment or {}).get("resources") or []
        keys = rotation.versioned(resources)
        outcome.status = "unchanged"
        if keys and not plan:
            say(outcome.stack, f"read {len(keys)} keys anew")
            stack.refresh(target=keys, suppress_progress=True)
            self._up(outcome, say)
        for task in rotation.tasks(resources, run):
            (outcome.left if task.inside else outcome.rotated).append(str(task))
            if not (task.inside or plan):
                say(outcome.stack, str(task))
                run(task.command)
                outcome.status = "updated"

    def _recover(self, outcome: Outcome, say: Say, ask: Ask) -> None:
        resources = self.deployment(outcome.stack).get("resources") or []
        outcome.status = "unchanged"
        # All are known before the first is run: what one does must not change what the cloud is asked for the next.
        for step in list(steps(outcome.stack.partition("-")[0], ask.of(resources))):
            left = step.inside and not ask.inside
            (outcome.left if left else outcome.recovered).append(str(step))
            if not (left or ask.plan):
                say(outcome.stack, step.does)
                ask.run(step.command)
                outcome.status = "updated"

    def _take(self, outcome: Outcome, say: Say, id_: str) -> None:
        stack, _ = self._settled(outcome, say)
        say(outcome.stack, f"read {id_}")
        taken = take(stack, sources.config_dir(self.project), self.secrets_provider, id_)
        outcome.status = "updated" if taken else "unchanged"

    def _drift(self, outcome: Outcome, say: Say) -> None:
        stack = self._open(outcome.stack, make=False)
        say(outcome.stack, "read what is there")
        settings = sources.config_dir(self.project)
        outcome.drift = drift.look(stack, settings, self.secrets_provider, self.pack, self.pack_config)
        outcome.status = "drifted" if outcome.drift else "unchanged"

    def _down(self, outcome: Outcome, say: Say) -> None:
        stack, take = self._settled(outcome, say)
        if kept := protected(stack.export_stack().deployment or {}):
            outcome.status = "failed"
            outcome.errors.append(
                f"{len(kept)} resources hold data or keys and are protected: {', '.join(kept)}. To lose them, set "
                "protection to development for this stack, run up, and then down."
            )
            return
        say(outcome.stack, "destroy")
        stack.destroy(on_event=take, suppress_progress=True)
        outcome.status = "destroyed" if outcome.changed else "absent"
