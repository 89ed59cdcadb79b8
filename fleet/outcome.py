"""What came of an operation on one stack, gathered from the engine's events."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pulumi.automation.events import EngineEvent

from fleet.holds import HOLDS

Status = Literal[
    "previewed", "updated", "unchanged", "destroyed", "absent", "failed", "refused", "skipped", "unsettled", "drifted"
]
"""`refused`: the policy pack stopped it, or it would lose what protection keeps. `skipped`: another stack failed first.
`unsettled`: an earlier operation was interrupted, and is to be made whole first. `absent`: there is no such stack, or
nothing in it."""

BAD: tuple[Status, ...] = ("failed", "refused", "skipped", "unsettled")


UNDETERMINED = "undetermined"
"""The control that lists what the pack could not judge at preview (`rampart_policy.configuration`)."""


KEPT = re.compile(
    r'(?:unable to replace resource|(?:Preview|Update) failed: resource) "([^"]+)"(?: cannot be deleted)?\n'
    r"(?:as it is currently marked for protection|because it is protected)"
)
"""How the engine refuses to delete or to replace what is protected (pulumi/pkg, resource/deploy/step_generator.go)."""


@dataclass(frozen=True)
class Violation:
    """One finding of the policy pack. level: `mandatory` stops the stack, `advisory` does not."""

    control: str
    level: str
    urn: str
    message: str


@dataclass(frozen=True)
class Step:
    """What the engine does, or would do, to one resource.

    keys: the properties that differ. kept: whether it is protected, before or after.
    """

    operation: str
    urn: str
    keys: tuple[str, ...]
    kept: bool = False

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def type(self) -> str:
        return self.urn.split("::")[2].rpartition("$")[2]


@dataclass(frozen=True)
class Change:
    """Something that is not as the state has it.

    keys: the paths of the properties that differ; none, where the thing is gone. undone: what an update that reads
    first would do to it; empty where the program does not say how it should be, so that somebody must undo it.
    """

    urn: str
    keys: tuple[str, ...]
    undone: str


@dataclass(frozen=True)
class Drift:
    """What was changed by hand. opened: paths that were not there before, in words. violations: of the policy pack."""

    changes: list[Change]
    opened: list[str]
    violations: list[Violation]


@dataclass
class Outcome:
    """What came of one stack.

    changes: how many resources saw each of the engine's operations (`create`, `update`, `replace`, `same`, ...).
    steps: those that are not `same`, one by one, in the engine's order.
    packs: the policy packs that judged it, with their versions.
    errors: what went wrong, as the engine said it, first one first.
    settled: what was done about an earlier operation that was interrupted.
    rotated: the commands that brought stores under their keys' current versions, or would.
    recovered: those that brought a store back, or would.
    drift: what was changed by hand.
    left: those that can only be run from inside the network.
    seconds: wall time.
    """

    stack: str
    status: Status = "skipped"
    changes: Counter[str] = field(default_factory=Counter)
    steps: list[Step] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    packs: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    rotated: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    drift: Drift | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.status not in BAD

    @property
    def changed(self) -> int:
        """How many resources are, or would be, touched."""
        return sum(count for op, count in self.changes.items() if op not in ("same", "read"))

    @property
    def resources(self) -> int:
        """How many resources the stack has once the operation is through."""
        return sum(count for op, count in self.changes.items() if not op.startswith("delete"))

    @property
    def replaced(self) -> list[Step]:
        """What is, or would be, made anew."""
        return [step for step in self.steps if step.operation == "replace"]

    @property
    def lost(self) -> list[Step]:
        """What holds data or keys and is, or would be, deleted or made anew."""
        ends = ("replace", "delete")
        return [step for step in self.steps if step.operation in ends and (step.kept or step.type in HOLDS)]

    @property
    def stopped(self) -> list[Violation]:
        return [violation for violation in self.violations if violation.level == "mandatory"]

    @property
    def policy(self) -> str:
        """The pack's verdict in a word or two."""
        if self.stopped:
            return f"{len(self.stopped)} violation{'s' if len(self.stopped) > 1 else ''}"
        if not self.packs:
            return "not judged"
        # What the pack leaves open is one text: judgements that wait, and exceptions in force.
        left = "".join(v.message for v in self.violations if v.control == UNDETERMINED)
        advice = sum(v.control != UNDETERMINED for v in self.violations)
        excepted = re.search(r"^(\d+) exception\(s\) in force", left, re.MULTILINE)
        said = [
            "pass",
            f"{advice} advisory" if advice else "",
            f"{excepted[1]} excepted" if excepted else "",
            "the rest at update" if " undetermined on " in left else "",
        ]
        return ", ".join(filter(None, said))

    def take(self, event: EngineEvent) -> None:
        """Take one event of the engine into account."""
        if event.policy_event:
            found = event.policy_event
            violation = Violation(
                control=found.policy_name,
                level=str(found.enforcement_level),
                urn=found.resource_urn or "",
                message=found.message.strip(),
            )
            if violation not in self.violations:
                self.violations.append(violation)
        elif event.resource_pre_event:
            step = event.resource_pre_event.metadata
            operation = str(getattr(step.op, "value", step.op))
            if operation not in ("same", "read"):
                kept = any(state and state.protect for state in (step.old, step.new))
                refused = Step(operation, step.urn, (), kept=True)
                if refused in self.steps:
                    self.steps.remove(refused)
                self.steps.append(Step(operation, step.urn, tuple(step.diffs or step.keys or ()), bool(kept)))
        elif event.diagnostic_event and event.diagnostic_event.severity == "error":
            message = event.diagnostic_event.message.strip()
            if kept_back := KEPT.match(message):
                # A loss like any other, and said as such; of what it refuses to delete the engine sends no step.
                operation = "replace" if message.startswith("unable") else "delete"
                if not any((step.operation, step.urn) == (operation, kept_back[1]) for step in self.steps):
                    self.steps.append(Step(operation, kept_back[1], (), kept=True))
                return
            # The engine's closing line only says that there was an error, which the others say better.
            if message not in self.errors and message not in ("preview failed", "update failed"):
                self.errors.append(message)
        elif event.summary_event:
            summary = event.summary_event
            self.changes = Counter({str(op): count for op, count in (summary.resource_changes or {}).items()})
            self.packs = dict(summary.policy_packs or {})

    def restart(self) -> None:
        """Forget what a preview found, before the update that finds it again."""
        self.violations.clear()
        self.steps.clear()
        self.errors.clear()

    def document(self) -> dict[str, Any]:
        """For machines: everything above, in plain types."""
        return {**asdict(self), "changes": dict(self.changes), "policy": self.policy, "ok": self.ok}


def failures(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What stopped each stack that was stopped, in the words of the policy pack or the engine."""
    for outcome in outcomes:
        if outcome.status == "skipped":
            yield f"{outcome.stack}: not touched, because another stack failed first"
        elif not outcome.ok:
            for found in outcome.stopped:
                yield f"{outcome.stack}: {found.control}: {found.urn.rpartition('::')[2]}\n{found.message}"
            for error in outcome.errors:
                yield f"{outcome.stack}: {error}"
