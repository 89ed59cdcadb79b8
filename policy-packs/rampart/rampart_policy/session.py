"""One run of the pack over one stack: resources come one by one, then the whole stack. Knows nothing of the engine.

Cost follows resources: the reader of a resource's type is looked up, and each fact meets only the controls that judge
its kind.
"""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from rampart_policy import readers, report
from rampart_policy.configuration import PACK, UNDETERMINED, Settings
from rampart_policy.facts import Fact
from rampart_policy.readers import kinds
from rampart_policy.registry import CONTROLS, Control, Level, Mode, Severity, reader_of, stack_reader_of
from rampart_policy.resources import Resource, Urn
from rampart_policy.stack import Stack
from rampart_policy.verdicts import Outcome, Verdict
from rampart_policy.waivers import Waivers


@dataclass(frozen=True, slots=True)
class Violation:
    """Something to report. control: a control's id, or the pack's entry that reports it. urn: empty for the stack."""

    control: str
    level: Level
    severity: Severity
    urn: str
    message: str


class Judgement(NamedTuple):
    """What one control said of one resource."""

    control: Control
    resource: Resource
    verdict: Verdict


class Session:
    """Judges a stack. preview: values may be unknown because nothing was made yet.

    Over a deployed stack nothing may stay undetermined: what still is, is reported as a violation.
    """

    def __init__(self, settings: Settings, today: date, preview: bool) -> None:
        self.preview = preview
        self.undetermined: dict[tuple[str, str], Judgement] = {}
        """By control id and URN; what `stack` has not settled yet."""
        self._settings = settings
        self._waivers = Waivers(settings.waivers, today)
        self._judges = _by_fact(settings)
        self._inputs: dict[str, Resource] = {}
        self._reported: set[tuple[str, str]] = set()

    def resource(self, resource: Resource) -> list[Violation]:
        """Judge one resource by its inputs."""
        self._inputs[resource.urn] = resource
        return [*self._judge(resource, _facts(resource))]

    def stack(self, resources: Sequence[Resource]) -> list[Violation]:
        """Judge the whole stack by its outputs, and say what could not be judged. Resources that were not given to
        `resource` before are referred to by others, but not the program's own: they are not judged.
        """
        deployed = [self._deployed(resource) for resource in resources]
        stack = Stack(deployed)
        own = [resource for resource in deployed if resource.urn in self._inputs]
        violations: list[Violation] = []
        for resource in own:
            if not self.preview:
                violations += self._judge(resource, _facts(resource))
            violations += self._judge(resource, _stack_facts(resource, stack))
        if not self.preview:
            violations += [*self._still_unknown()]
        return [*violations, *self._complaints(deployed), *self._notes(own)]

    def _judge(self, resource: Resource, facts: Iterator[Fact]) -> Iterator[Violation]:
        settings = self._settings.of(*_stack_of(resource.urn))
        verdicts: dict[str, Judgement] = {}
        try:
            for fact in facts:
                for control in self._judges.get(type(fact), ()):
                    verdict = control.judge(fact, settings)
                    if (before := verdicts.get(control.id)) is not None:
                        verdict = before.verdict & verdict
                    verdicts[control.id] = Judgement(control, resource, verdict)
        except Exception as error:  # a fault of the pack must neither pass nor hide the other resources
            yield _fault(resource, error)
        for judgement in verdicts.values():
            yield from self._settle(judgement)

    def _settle(self, judgement: Judgement) -> Iterator[Violation]:
        key = judgement.control.id, judgement.resource.urn
        if key in self._reported:
            return
        if judgement.verdict.outcome is Outcome.UNDETERMINED:
            self.undetermined[key] = judgement
            return
        self.undetermined.pop(key, None)
        if judgement.verdict.outcome is Outcome.FAIL:
            yield from self._report(judgement, report.violation(*judgement))

    def _report(self, judgement: Judgement, message: str) -> Iterator[Violation]:
        control, urn = judgement.control, judgement.resource.urn
        self._reported.add((control.id, urn))
        unseen = judgement.verdict.outcome is Outcome.UNDETERMINED and control.mode is Mode.DETECTIVE
        level = self._settings.level(control, omission=judgement.verdict.omission or unseen)
        if level is Level.DISABLED:
            return
        waiver = self._waivers.find(control.id, urn)
        if waiver and waiver.covers(self._waivers.today):
            return
        if waiver:
            message = f"{message}\n  The exception for it expired: {waiver}"
        yield Violation(control.id, level, control.severity, urn, message)

    def _still_unknown(self) -> Iterator[Violation]:
        for judgement in list(self.undetermined.values()):
            yield from self._report(judgement, report.still_unknown(*judgement))
        self.undetermined.clear()

    def _complaints(self, resources: Sequence[Resource]) -> Iterator[Violation]:
        level = self._settings.levels.get(PACK, Level.MANDATORY)
        if not resources or level is Level.DISABLED:
            return
        urns = {resource.urn for resource in resources}
        for complaint in self._waivers.complaints(urns, *_stack_of(resources[0].urn)):
            yield Violation(PACK, level, Severity.HIGH, "", f"{PACK}.exceptions: {complaint}")

    def _notes(self, own: Sequence[Resource]) -> Iterator[Violation]:
        level = self._settings.levels.get(UNDETERMINED, Level.ADVISORY)
        unneeded = self._waivers.unneeded({resource.urn for resource in own})
        text = report.notes([*self.undetermined.values()], self._waivers.in_force(), unneeded)
        if text and level is not Level.DISABLED:
            yield Violation(UNDETERMINED, level, Severity.LOW, "", text)

    def _deployed(self, resource: Resource) -> Resource:
        """The resource with what was declared of it and what came of that."""
        declared = self._inputs.get(resource.urn)
        if declared is None:
            return resource
        return replace(resource, load=declared.load, load_outputs=resource.load)


def _facts(resource: Resource) -> Iterator[Fact]:
    readers.load(resource.type.partition(":")[0])
    yield from kinds.facts(resource)
    if (read := reader_of(resource.type)) is not None:
        yield from read(resource)


def _stack_facts(resource: Resource, stack: Stack) -> Iterator[Fact]:
    if (read := stack_reader_of(resource.type)) is not None:
        yield from read(resource, stack)


def _fault(resource: Resource, error: Exception) -> Violation:
    where = traceback.extract_tb(error.__traceback__)[-1]
    message = report.fault(resource, type(error).__name__, f"{where.filename.rpartition('/')[2]}:{where.lineno}")
    return Violation(PACK, Level.MANDATORY, Severity.HIGH, resource.urn, message)


def _stack_of(urn: str) -> tuple[str, str]:
    parsed = Urn.parse(urn)
    return parsed.stack, parsed.project


def _by_fact(settings: Settings) -> Mapping[type[Fact], Sequence[Control]]:
    judges: dict[type[Fact], list[Control]] = {}
    for control in CONTROLS.values():
        if settings.level(control) is not Level.DISABLED:
            judges.setdefault(control.judges, []).append(control)
    return judges
