"""What the demonstration prints when it is done."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from fleet import Outcome
from infra.catalogue import regions


def up(outcomes: Sequence[Outcome], creation: Mapping[str, float]) -> Table:
    """One row a stack. creation: virtual seconds from nothing, for those stacks that stand."""
    table = _table("resources", "policy", "virtual\ncreation", "wall\ntime")
    for outcome in outcomes:
        stands = outcome.stack in creation
        table.add_row(
            outcome.stack,
            _place(outcome.stack),
            outcome.status,
            str(outcome.resources) if stands else "-",
            outcome.policy,
            _minutes(creation[outcome.stack]) if stands else "-",
            f"{outcome.seconds:.1f} s",
        )
    return table


def down(outcomes: Sequence[Outcome]) -> Table:
    table = _table("destroyed", "wall\ntime")
    for outcome in outcomes:
        place = _place(outcome.stack)
        table.add_row(outcome.stack, place, outcome.status, str(outcome.changed), f"{outcome.seconds:.1f} s")
    return table


def next_steps(outcomes: Sequence[Outcome]) -> str:
    if all(outcome.status == "unchanged" for outcome in outcomes):
        first = "Nothing to change: every stack is as the program says."
    else:
        first = "Run make up again: it changes nothing. No real account was used."
    return f"{first}\nNext: make shell, then pulumi stack output --stack {outcomes[0].stack}; make test; make down"


def _table(*figures: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("stack", "region", "result"):
        table.add_column(heading, no_wrap=True)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _place(stack: str) -> str:
    cloud, _, region = stack.partition("-")
    row = regions(cloud).get(region)
    # AWS says "US East (N. Virginia)" where the others say where it is.
    return row.name.partition("(")[2].rstrip(")") or row.name if row else region


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"
