"""What came of an operation on one stack, gathered from the engine's events."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from pulumi.automation.events import EngineEvent

Status = Literal["previewed", "updated", "unchanged", "destroyed", "absent", "failed"]


UNDETERMINED = "undetermined"
"""The control that lists what the pack could not judge at preview (`rampart_policy.configuration`)."""


@dataclass(frozen=True)
class Violation:
    """One finding of the policy pack. level: `mandatory` stops the stack, `advisory` does not."""

    control: str
    level: str
    urn: str
    message: str


@dataclass
class Outcome:
    """What came of one stack.

    changes: how many resources saw each of the engine's operations (`create`, `update`, `replace`, `same`, ...).
    packs: the policy packs that judged it, with their versions.
    errors: what went wrong, as the engine said it, first one first.
    seconds: wall time.
    """

    stack: str
    status: Status = "failed"
    changes: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    packs: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.status != "failed"

    @property
    def changed(self) -> int:
        """How many resources are, or would be, touched."""
        return sum(count for op, count in self.changes.items() if op not in ("same", "read"))

    @property
    def resources(self) -> int:
        """How many resources the stack has once the operation is through."""
        return sum(count for op, count in self.changes.items() if not op.startswith("delete"))

    @property
    def policy(self) -> str:
        """The pack's verdict in a word or two."""
        if not self.packs:
            return "not judged"
        stopped = sum(v.level == "mandatory" for v in self.violations)
        if stopped:
            return f"{stopped} violation{'s' if stopped > 1 else ''}"
        later = sum(v.control == UNDETERMINED for v in self.violations)
        advice = len(self.violations) - later
        said = ["pass", f"{advice} advisory" if advice else "", "the rest at update" if later else ""]
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
        elif event.diagnostic_event and event.diagnostic_event.severity == "error":
            message = event.diagnostic_event.message.strip()
            # The engine's closing line only says that there was an error, which the others say better.
            if message not in self.errors and message not in ("preview failed", "update failed"):
                self.errors.append(message)
        elif event.summary_event:
            self.changes = Counter({str(op): n for op, n in (event.summary_event.resource_changes or {}).items()})
            self.packs = dict(event.summary_event.policy_packs or {})
