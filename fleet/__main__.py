"""Many stacks at once: preview, up, down, rotate, recover, drift.

Exit codes: 0, all is well; 1, a stack failed; 2, the call or a setting is wrong, and nothing was done; 3, the policy
pack refused, or protection did; 4, `--expect-no-changes` and there are some; 5, an earlier operation was interrupted,
and `--resume` or somebody's decision must make it whole first; 6, something was changed by hand.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from fleet import comment, looking, losses, recovering
from fleet.github import GitHubError, PullRequest
from fleet.options import (
    CHANGES,
    FAILED,
    REFUSED,
    REPOSITORY,
    UNSETTLED,
    Adopt,
    Break,
    Canary,
    Changed,
    Clouds,
    Forget,
    Jobs,
    Json,
    Lag,
    Names,
    Project,
    Refresh,
    Regions,
    Resume,
    fleet_of,
    give_up,
    people,
    say,
    selected,
)
from fleet.outcome import Outcome, failures
from fleet.preflight import Finding, check
from fleet.results import ResultsError, read
from fleet.resume import Choices
from fleet.runner import Fleet, Say
from fleet.scratch import existing, scratch
from infra import sources

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.command()(looking.drift)
app.command()(looking.reach)
app.command()(recovering.recover)
app.command()(recovering.take)


@app.command()
def preview(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    changed: Changed = None,
    project: Project = REPOSITORY,
    jobs: Jobs = None,
    as_json: Json = False,
    comment_file: Annotated[Path | None, typer.Option(help="Write the pull request's comment here.")] = None,
    revision: Annotated[str, typer.Option(help="What is previewed, for the comment's heading.")] = "",
    expect_no_changes: bool = False,
) -> None:
    """What `up` would do, under the policy pack; changes nothing."""
    stacks = selected(project, names, cloud, region, changed)
    outcomes = _previews(fleet_of(project, jobs, 0), stacks) if stacks else []
    if comment_file:
        comment_file.write_text(comment.render(outcomes, revision))
    _finish(outcomes, as_json, expect_no_changes=expect_no_changes)


@app.command()
def preflight(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    project: Project = REPOSITORY,
    as_json: Json = False,
) -> None:
    """What the accounts lack before the first `up`, in one list; changes nothing. Exit code 1 if they lack anything."""
    folder = sources.config_dir(project)
    found: list[Finding] = []
    for stack in selected(project, names, cloud, region):
        say(stack, "preflight")
        found += check(stack, sources.read(stack, folder))
    if as_json:
        json.dump({"findings": [finding.document() for finding in found]}, sys.stdout, indent=1)
        print()
    for finding in found:
        says = "lacks" if finding.asked else "could not be asked for"
        people.print(f"{finding.stack} {says} {finding.kind}: {finding.what} ({finding.where})", markup=False)
        people.print(f"    {finding.fix}", markup=False, soft_wrap=True)
    lacking = [finding for finding in found if finding.asked]
    people.print(f"{len(lacking)} lacking, {len(found) - len(lacking)} could not be asked")
    if lacking:
        raise typer.Exit(FAILED)


@app.command("comment")
def comment_(
    results: Annotated[list[Path], typer.Argument(help="What `preview --json` wrote, of one run or of several.")],
    pull_request: Annotated[
        int | None, typer.Option(help="Its comment is made or updated; printed if not given.")
    ] = None,
    revision: Annotated[str, typer.Option(help="What was previewed, for the heading.")] = "",
) -> None:
    """The pull request's comment, of previews that were made elsewhere. On GitHub: one, updated in place."""
    try:
        text = comment.render(read(results), revision)
        if pull_request is None:
            print(text)
        else:
            people.print(PullRequest.here(pull_request).comment(text))
    except ResultsError as error:
        give_up(str(error))
    except GitHubError as error:
        people.print(str(error), markup=False, style="red")
        raise typer.Exit(FAILED) from None


@app.command()
def up(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    changed: Changed = None,
    project: Project = REPOSITORY,
    canary: Canary = 1,
    jobs: Jobs = None,
    refresh: Refresh = False,
    resume: Resume = False,
    adopt: Adopt = None,
    forget: Forget = None,
    break_locks: Break = None,
    lag: Lag = 300.0,
    as_json: Json = False,
) -> None:
    """Preview, and update what has changes and passes the policy pack: a canary first, then the rest."""
    stacks = selected(project, names, cloud, region, changed)
    choices = _choices(resume, adopt, forget, break_locks, stacks)
    fleet = replace(fleet_of(project, jobs, canary), resume=choices, lag=lag, refresh=refresh)
    _run(fleet.up, stacks, as_json)


@app.command()
def down(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    project: Project = REPOSITORY,
    jobs: Jobs = None,
    resume: Resume = False,
    adopt: Adopt = None,
    forget: Forget = None,
    break_locks: Break = None,
    lag: Lag = 300.0,
    as_json: Json = False,
) -> None:
    """Destroy what the stacks hold. Stacks must be named or filtered: there is no "all"."""
    if not (names or cloud or region):
        give_up("down wants stacks by name, or by --cloud or --region")
    stacks = selected(project, names, cloud, region)
    choices = _choices(resume, adopt, forget, break_locks, stacks)
    fleet = replace(fleet_of(project, jobs, 0), resume=choices, lag=lag)
    _run(fleet.down, stacks, as_json)


@app.command()
def rotate(
    names: Names = None,
    cloud: Clouds = None,
    region: Regions = None,
    project: Project = REPOSITORY,
    canary: Canary = 1,
    jobs: Jobs = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring stores under their keys' current versions, where they do not go there by themselves (docs/rotate.md)."""
    stacks = selected(project, names, cloud, region)
    outcomes = fleet_of(project, jobs, canary).rotate(stacks, say, plan=plan)
    for outcome in outcomes:
        for line in outcome.rotated if plan else ():
            people.print(f"{outcome.stack}: would run: {line}", markup=False)
        for line in outcome.left:
            people.print(f"{outcome.stack}: to be run inside the network: {line}", markup=False)
    _finish(outcomes, as_json)


def _choices(
    resume: bool, adopt: list[str] | None, forget: list[str] | None, break_locks: int | None, stacks: list[str]
) -> Choices | None:
    """What was decided about an interrupted operation."""
    if not resume:
        if adopt or forget or break_locks is not None:
            give_up("--adopt, --forget and --break-locks-older-than go with --resume")
        return None
    pairs = [pair.partition("=") for pair in adopt or ()]
    if any(not (name and id_) for name, _, id_ in pairs):
        give_up("--adopt wants NAME=ID")
    if (adopt or forget) and len(stacks) != 1:
        give_up("--adopt and --forget are about one stack: name it")
    older = None if break_locks is None else timedelta(minutes=break_locks)
    return Choices({name: id_ for name, _, id_ in pairs}, tuple(forget or ()), older)


def _previews(fleet: Fleet, stacks: Sequence[str]) -> list[Outcome]:
    """Of stacks that do not exist yet too, and without making them."""
    there = existing(fleet.project)
    outcomes = fleet.preview([stack for stack in stacks if stack in there], say)
    if new := [stack for stack in stacks if stack not in there]:
        with scratch(fleet.project) as project:
            outcomes += replace(fleet, project=project, secrets_provider="passphrase").preview(new, say)
    return outcomes


def _run(operation: Callable[[Sequence[str], Say], list[Outcome]], stacks: list[str], as_json: bool) -> None:
    _finish(operation(stacks, say) if stacks else [], as_json)


def _finish(outcomes: Sequence[Outcome], as_json: bool, *, expect_no_changes: bool = False) -> None:
    if as_json:
        json.dump({"stacks": [outcome.document() for outcome in outcomes]}, sys.stdout, indent=1)
        print()
    else:
        people.print(_table(outcomes) if outcomes else "No stack is affected.")
    for outcome in outcomes:
        for step in outcome.lost if outcome.ok else ():  # a refusal says it itself
            people.print(f"{outcome.stack}: {losses.says(step)}", markup=False, style="bold red", soft_wrap=True)
    for line in failures(outcomes):
        people.print(line, markup=False, style="red")
    statuses = {outcome.status for outcome in outcomes}
    if "failed" in statuses:
        raise typer.Exit(FAILED)
    if "unsettled" in statuses:
        raise typer.Exit(UNSETTLED)
    if "refused" in statuses:
        raise typer.Exit(REFUSED)
    if expect_no_changes and any(outcome.changed for outcome in outcomes):
        raise typer.Exit(CHANGES)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("stack", "result", box=None, pad_edge=False, header_style="bold")
    for heading in ("changes", "replaced", "resources", "policy", "wall time"):
        table.add_column(heading, justify="right")
    for outcome in outcomes:
        replaced = f"[bold red]{len(outcome.replaced)}[/]" if outcome.replaced else "0"
        cells = (str(outcome.changed), replaced, str(outcome.resources), outcome.policy, f"{outcome.seconds:.1f} s")
        table.add_row(outcome.stack, outcome.status, *cells)
    return table


if __name__ == "__main__":
    app()
