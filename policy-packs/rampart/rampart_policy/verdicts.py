"""What a control says of a fact: pass, fail, or undetermined; and how verdicts combine."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class Outcome(Enum):
    """A value that is not known yet is neither a pass nor a failure."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, so that it can be put right without opening the documentation.

    path: of the property (`ingress[0].cidrBlocks[1]`), empty for the resource as a whole.
    found: the value there, as text that may be printed (never a secret's).
    wanted: the value that would do, as text.
    omitted: nothing was said, and the cloud's default does not do.
    """

    path: str
    found: str
    wanted: str
    omitted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its evidence: the findings of a failure, or the paths that are not known.

    Verdicts are three-valued: with `&`, one failure outweighs any number of unknowns; with `|`, one pass does.
    """

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()

    def __and__(self, other: "Verdict") -> "Verdict":
        return _weigh(self, other, (Outcome.FAIL, Outcome.UNDETERMINED))

    def __or__(self, other: "Verdict") -> "Verdict":
        return _weigh(self, other, (Outcome.PASS, Outcome.UNDETERMINED))

    @property
    def omission(self) -> bool:
        """A failure of which nothing but silence is the evidence."""
        return self.outcome is Outcome.FAIL and all(finding.omitted for finding in self.findings)

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values: combine verdicts with & and |, or compare the outcome")


def _weigh(left: Verdict, right: Verdict, order: tuple[Outcome, ...]) -> Verdict:
    for outcome in order:
        if outcome in (left.outcome, right.outcome):
            break
    else:
        outcome = left.outcome
    chosen = [verdict for verdict in (left, right) if verdict.outcome is outcome]
    if outcome is Outcome.PASS:
        return PASS
    return Verdict(
        outcome,
        findings=_distinct(finding for verdict in chosen for finding in verdict.findings),
        unknown=_distinct(path for verdict in chosen for path in verdict.unknown),
    )


def _distinct(things: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(things))


PASS = Verdict(Outcome.PASS)


def fail(path: str, found: str, wanted: str, *, omitted: bool = False) -> Verdict:
    """A failure with one finding; the arguments are those of `Finding`."""
    return Verdict(Outcome.FAIL, findings=(Finding(path, found, wanted, omitted),))


def undetermined(*paths: str) -> Verdict:
    """Not known: the properties at `paths` decide."""
    return Verdict(Outcome.UNDETERMINED, unknown=paths)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """All must pass; every failure's findings are kept. No verdicts at all is a pass."""
    total = PASS
    for verdict in verdicts:
        total = total & verdict
    return total
