"""The command that brings back what a store held."""

from typing import Annotated

import typer

from fleet.options import FAILED, REPOSITORY, Project, fleet_of, give_up, people, say, selected
from fleet.outcome import Outcome, failures
from fleet.recovery import Ask
from fleet.recovery.wanted import moment


def recover(
    stack: Annotated[str, typer.Argument(help="The stack.")],
    store: Annotated[str, typer.Argument(help="postgres, cache, a bucket's name, secret/NAME or key/PURPOSE.")],
    at: Annotated[str | None, typer.Option(help="As it was at this time, 2026-01-31T12:00:00Z.")] = None,
    prefix: Annotated[str, typer.Option(help="Of a bucket, only objects whose names begin so.")] = "",
    inside: Annotated[bool, typer.Option("--inside", help="This is run inside the network.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and do nothing.")] = False,
    project: Project = REPOSITORY,
) -> None:
    """Bring back what a store held: a new one beside the old, old versions on top, a key that is to be deleted.

    Nothing is deleted, and nothing taken into the program (docs/recover.md).
    """
    try:
        time = moment(at) if at else None
    except ValueError:
        give_up(f"--at: got {at!r}; wants a time like 2026-01-31T12:00:00Z")
    selected(project, [stack], None, None)
    ask = Ask(store=store, at=time, prefix=prefix, inside=inside, plan=plan)
    outcome = _there(fleet_of(project, 1, 0).recover(stack, say, ask))
    for line in outcome.recovered:
        people.print(f"{stack}: {'would run' if plan else 'ran'}: {line}", markup=False, soft_wrap=True)
    for line in outcome.left:
        people.print(f"{stack}: to be run inside the network: {line}", markup=False, soft_wrap=True)
    for line in failures([outcome]):
        people.print(line, markup=False, style="red", soft_wrap=True)
    if not outcome.ok:
        raise typer.Exit(FAILED)
    if not (outcome.recovered or outcome.left):
        people.print(f"{stack}: there is nothing to bring back in {store}", markup=False)


def take(
    stack: Annotated[str, typer.Argument(help="The stack.")],
    server: Annotated[str, typer.Argument(help="The restored server: db-... on AWS, its name on Google Cloud.")],
    project: Project = REPOSITORY,
) -> None:
    """Have a restored database server be the stack's own, in its state; `up` then does the rest (docs/recover.md)."""
    selected(project, [stack], None, None)
    outcome = _there(fleet_of(project, 1, 0).take(stack, say, server))
    for line in failures([outcome]):
        people.print(line, markup=False, style="red", soft_wrap=True)
    if not outcome.ok:
        raise typer.Exit(FAILED)
    people.print(f"{stack}: {server} is the stack's own; now: fleet preview {stack}, and up", markup=False)


def _there(outcome: Outcome) -> Outcome:
    """What came of it, unless there is no such stack."""
    if outcome.status == "absent":
        give_up(f"there is no stack {outcome.stack}: fleet up {outcome.stack} makes it")
    return outcome
