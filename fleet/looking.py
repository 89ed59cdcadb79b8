"""The commands that look at what is deployed, and change nothing."""

import json
import re
import sys

import typer
from pulumi import automation

from fleet.drift import has_reach, paths
from fleet.options import (
    DRIFTED,
    FAILED,
    REPOSITORY,
    Clouds,
    Jobs,
    Json,
    Names,
    Project,
    Regions,
    fleet_of,
    give_up,
    people,
    say,
    selected,
)
from fleet.outcome import Drift, Outcome, failures

NOT_UP = "is not up"
OUTSIDE = re.compile(r"^internet -> | -> internet[ :]")
"""A path that begins or ends on the internet, as `rampart_policy.reach` says it."""


def drift(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    project: Project = REPOSITORY,
    jobs: Jobs = None,
    as_json: Json = False,
) -> None:
    """What was changed by hand, what that exposes, and what `up --refresh` would do about it; changes nothing.

    Exit code 6 if anything was.
    """
    outcomes = fleet_of(project, jobs, 0).drift(selected(project, names, cloud, region), say)
    if as_json:
        json.dump({"stacks": [outcome.document() for outcome in outcomes]}, sys.stdout, indent=1)
        print()
    for outcome in outcomes:
        if outcome.drift:
            _tell(outcome, outcome.drift)
        elif outcome.status == "absent":
            people.print(f"{outcome.stack}: {NOT_UP}", markup=False)
        elif outcome.ok:
            people.print(f"{outcome.stack}: as the state has it", markup=False)
    for line in failures(outcomes):
        people.print(line, markup=False, style="red")
    if not all(outcome.ok for outcome in outcomes):
        raise typer.Exit(FAILED)
    if any(outcome.drift for outcome in outcomes):
        raise typer.Exit(DRIFTED)


def _tell(outcome: Outcome, found: Drift) -> None:
    people.print(f"{outcome.stack}: {len(found.changes)} changed by hand", style="bold red")
    for change in found.changes:
        name = change.urn.rpartition("::")[2]
        what = ", ".join(change.keys) or "is gone"
        remedy = f"up --refresh: {change.undone}" if change.undone else "up leaves it so: undo it by hand"
        people.print(f"  {name} ({change.urn.split('::')[2].rpartition('$')[2]}): {what}", markup=False)
        people.print(f"      {remedy}", markup=False)
    for path in found.opened:
        people.print(f"  opens: {path}", markup=False, style="red")
    for violation in found.violations:
        people.print(f"  breaks {violation.control}: {violation.message}", markup=False, soft_wrap=True)


def reach(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    project: Project = REPOSITORY,
    whole: bool = typer.Option(False, "--all", help="Every path, not only those from and to the internet."),
    as_json: Json = False,
) -> None:
    """Who reaches what, worked out from the routes, rules and addresses that are deployed."""
    fleet = fleet_of(project, None, 0)
    if not has_reach(fleet.pack):
        give_up(f"{fleet.pack} does not work out who reaches what: Rampart's own policy pack does")
    found: dict[str, list[str] | None] = {}
    for stack in selected(project, names, cloud, region):
        try:
            deployment = fleet.deployment(stack)
        except automation.StackNotFoundError:
            found[stack] = None
        else:
            every = paths({"deployment": deployment}, fleet.pack)
            found[stack] = every if whole else list(filter(OUTSIDE.search, every))
    if as_json:
        json.dump(found, sys.stdout, indent=1)
        print()
        return
    nothing = ["no path" if whole else "no path from or to the internet"]
    for stack, listed in found.items():
        for line in [NOT_UP] if listed is None else listed or nothing:
            print(f"{stack}: {line}")
