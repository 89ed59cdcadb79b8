"""The comment on a pull request: what the change would do to every region, in Markdown."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fleet import losses
from fleet.outcome import Outcome, Violation

MARK = "<!-- rampart: fleet preview -->"
"""By this line the comment is found again, to be updated in place."""

LONGEST = 65_000
"""GitHub takes 65,536 characters (REST API, issue comments)."""


def render(outcomes: Sequence[Outcome], revision: str = "") -> str:
    """The comment, within GitHub's length. revision: of what was previewed, for the heading."""
    ahead = [outcome for outcome in outcomes if outcome.changed]
    well = sum(outcome.ok for outcome in outcomes)
    heading = f"{MARK}\n### Preview of {_count(len(outcomes), 'region')}{f' at {revision}' if revision else ''}\n"
    if not outcomes:
        return heading + "\nNo region is affected by this change.\n"
    lines = [heading, f"{well} of {len(outcomes)} pass, {len(ahead)} would change.\n", *_table(outcomes)]
    lines += _replacements(outcomes)
    lines += _violations(outcomes)
    lines += _errors(outcomes)
    text = "\n".join(lines) + "\n"
    cut = "\n\n*Cut here for length: the whole of it is in the job's log.*\n"
    return text if len(text) <= LONGEST else text[: LONGEST - len(cut)] + cut


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| stack | create | update | replace | delete | policy | result |"
    yield "| --- | ---: | ---: | ---: | ---: | --- | --- |"
    for outcome in outcomes:
        counts = {op: outcome.changes.get(op, 0) for op in ("create", "update", "replace", "delete")}
        cells = [f"**{count}**" if op == "replace" and count else str(count or "") for op, count in counts.items()]
        yield f"| {outcome.stack} | {' | '.join(cells)} | {outcome.policy} | {outcome.status} |"


def _replacements(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The same resource in many regions is one line; what holds data or keys goes first."""
    lost = Counter(losses.says(step) for outcome in outcomes for step in outcome.lost)
    if lost:
        yield "\n**Data or keys would be lost:**\n"
    for words, count in sorted(lost.items()):
        name, _, rest = words.partition(" ")
        yield f"- **{name}** {rest}, in {_count(count, 'region')}"
    others = (step for outcome in outcomes for step in outcome.replaced if step not in outcome.lost)
    where = Counter((step.name, ", ".join(step.keys)) for step in others)
    if where:
        yield "\n**Replaced:**\n"
    for (name, keys), count in sorted(where.items()):
        yield f"- **{name}**{f' ({keys})' if keys else ''} in {_count(count, 'region')}"


def _violations(outcomes: Sequence[Outcome]) -> Iterator[str]:
    where: dict[tuple[str, str], list[tuple[str, Violation]]] = {}
    for outcome in outcomes:
        for violation in outcome.stopped:
            name = violation.urn.rpartition("::")[2]
            where.setdefault((violation.control, name), []).append((outcome.stack, violation))
    if where:
        yield "\n**Refused by the policy pack:**\n"
    for (control, name), found in sorted(where.items()):
        yield f"- `{control}` on **{name}** in {', '.join(stack for stack, _ in found)}\n"
        yield from (f"  > {line}" for line in found[0][1].message.splitlines())


def _errors(outcomes: Sequence[Outcome]) -> Iterator[str]:
    failed = [outcome for outcome in outcomes if outcome.errors]
    if failed:
        yield "\n**Errors:**\n"
    for outcome in failed:
        yield f"- {outcome.stack}\n\n  ```"
        yield from (f"  {line}" for error in outcome.errors for line in error.replace("```", "'''").splitlines())
        yield "  ```"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
