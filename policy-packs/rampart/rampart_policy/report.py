"""What people read: the text of a violation, and of the notes at the end of a run."""

from collections.abc import Sequence

from rampart_policy.registry import Control
from rampart_policy.resources import Resource
from rampart_policy.verdicts import Verdict
from rampart_policy.waivers import Waiver

MAXIMUM_LISTED = 40
"""Lines of a list in the notes."""


def violation(control: Control, resource: Resource, verdict: Verdict) -> str:
    """The resource, each property path with the value found and the value wanted, why, the fix, the references."""
    lines = [f"{control.title}.", f"  {resource.type} {resource.name}"]
    for finding in verdict.findings:
        subject = f"{finding.path} is {finding.found}" if finding.path else f"it is {finding.found}"
        lines.append(f"  - {subject}; wanted: {finding.wanted}")
    return "\n".join([*lines, *_advice(control, resource)])


def still_unknown(control: Control, resource: Resource, verdict: Verdict) -> str:
    """A deployed resource whose properties do not say whether the control holds."""
    lines = [f"{control.title}: this could not be judged, although the resource exists."]
    lines.append(f"  {resource.type} {resource.name}")
    lines += [f"  - {path} is not known; wanted: a value that can be judged" for path in verdict.unknown]
    return "\n".join([*lines, *_advice(control, resource)])


def fault(resource: Resource, error: str, where: str) -> str:
    """The pack itself failed on a resource. Values are left out: they may be secret."""
    return (
        f"The policy pack failed on {resource.type} {resource.name} ({error} at {where}); not all of its controls were "
        "judged. This is a fault of the pack: report it with the resource's declaration."
    )


def notes(
    undetermined: Sequence[tuple[Control, Resource, Verdict]], in_force: Sequence[Waiver], unneeded: Sequence[Waiver]
) -> str:
    """One text on what a run leaves open. Empty when there is nothing to say."""
    parts = []
    if undetermined:
        resources = len({resource.urn for _, resource, _ in undetermined})
        waiting = [
            f"{control.id}: {resource.type} {resource.name} ({', '.join(verdict.unknown)})"
            for control, resource, verdict in undetermined
        ]
        parts.append(
            f"{len(undetermined)} undetermined on {resources} resource(s): the values are known only after the update, "
            f"which judges them.\n{_list(sorted(waiting))}"
        )
    if in_force:
        parts.append(f"{len(in_force)} exception(s) in force:\n{_list(sorted(map(str, in_force)))}")
    if unneeded:
        idle = _list(sorted(map(str, unneeded)))
        parts.append(f"{len(unneeded)} exception(s) not needed any more; remove them:\n{idle}")
    return "\n".join(parts)


def _advice(control: Control, resource: Resource) -> list[str]:
    package = resource.type.partition(":")[0]
    references = [str(reference) for reference in control.references if reference.package in ("", package)]
    lines = [f"  Why: {control.why}", f"  Fix: {control.remediation}"]
    return [*lines, f"  See: {'; '.join(references)}"] if references else lines


def _list(lines: Sequence[str]) -> str:
    shown = [f"  - {line}" for line in lines[:MAXIMUM_LISTED]]
    if len(lines) > MAXIMUM_LISTED:
        shown.append(f"  - and {len(lines) - MAXIMUM_LISTED} more")
    return "\n".join(shown)
