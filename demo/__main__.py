"""`python -m demo up | down | shell`; the Makefile's targets of the same names."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo import tables
from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from fleet import Outcome, failures
from fleet.losses import says
from infra import sources
from simulator.clock import creation_time
from toolchain import ToolchainError

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
console = Console(highlight=False, soft_wrap=True)
if not console.is_terminal:  # a log has room for the whole table
    console = Console(highlight=False, soft_wrap=True, width=160)
started = time.monotonic()

Stacks = Annotated[list[str] | None, typer.Argument(help=f"These unless named: {', '.join(STACKS)}")]
Every = Annotated[bool, typer.Option("--all", help="Every region that has a committed stack.")]


def say(stack: str, line: str) -> None:
    console.print(f"[dim]{time.monotonic() - started:6.1f} s[/]  {stack:<15} {line}")


def progress(line: str) -> None:
    say("engine", line)


def chosen(stacks: list[str] | None, every: bool) -> list[str]:
    known = sources.stacks(sources.UPSTREAM)
    strangers = sorted(set(stacks or ()) - set(known))
    if strangers:
        raise typer.BadParameter(f"{', '.join(strangers)}; there are {', '.join(sorted(known))}")
    return sorted(known) if every else stacks or list(STACKS)


@app.callback()
def main(
    context: typer.Context,
    home: Annotated[Path, typer.Option(help="Where everything is kept.")] = REPOSITORY / ".rampart",
) -> None:
    context.obj = Project(home.resolve())


@app.command()
def up(context: typer.Context, stacks: Stacks = None, every: Every = False) -> None:
    """Preview, policy checks and update of the stacks; a second time, nothing to change."""
    with session(context.obj, progress) as fleet:
        outcomes = fleet.up(chosen(stacks, every), say)
        creation = {o.stack: creation_time(fleet.deployment(o.stack)) for o in outcomes if o.ok}
    console.print(tables.up(outcomes, creation))
    finish(outcomes, tables.next_steps(outcomes))


@app.command()
def down(context: typer.Context, stacks: Stacks = None, every: Every = False) -> None:
    """Destroy what the stacks hold. The simulated clouds remember what real ones would."""
    with session(context.obj, progress) as fleet:
        outcomes = fleet.down(chosen(stacks, every), say)
    console.print(tables.down(outcomes))
    finish(outcomes, "Next: make up")


@app.command()
def shell(context: typer.Context) -> None:
    """A shell in which plain `pulumi` commands meet the simulated clouds, with the policy pack in force."""
    with session(context.obj, progress):
        console.print(
            "Plain pulumi commands work here, against the simulated clouds and with the policy pack in force:\n"
            "  pulumi stack ls\n"
            "  pulumi preview --stack aws-us-east-1\n"
            "  pulumi up --stack gcp-us-east4\n"
            "  pulumi stack output --stack azure-eastus2\n"
            "Leave with exit."
        )
        command = [os.environ.get("SHELL", "/bin/sh")]
        code = subprocess.run(command, cwd=context.obj.folder, env=dict(os.environ) | context.obj.policy).returncode
    raise typer.Exit(code)


def finish(outcomes: list[Outcome], closing: str) -> None:
    for outcome in outcomes:
        for step in outcome.lost if outcome.ok and outcome.status != "destroyed" else ():
            console.print(f"{outcome.stack}: {says(step)}", markup=False, style="bold red")
    for line in failures(outcomes):
        console.print(line, markup=False, style="red")
    if not all(outcome.ok for outcome in outcomes):
        raise typer.Exit(1)
    console.print(closing, markup=False)


if __name__ == "__main__":
    try:
        app()
    except ToolchainError as error:
        sys.exit(str(error))
