"""What the commands have in common: options, the fleet they mean, and how they speak to people."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from fleet.runner import Fleet
from fleet.selection import SelectionError, affected, changed_since, select
from infra import sources
from infra.problems import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent
FAILED, WRONG, REFUSED, CHANGES, UNSETTLED, DRIFTED = 1, 2, 3, 4, 5, 6

people = Console(stderr=True, highlight=False)
started = time.monotonic()

Names = Annotated[list[str] | None, typer.Argument(help="Stacks; all unless named or filtered.")]
Clouds = Annotated[list[str] | None, typer.Option("--cloud", help="Only stacks on this cloud; may be given again.")]
Regions = Annotated[list[str] | None, typer.Option("--region", help="Only stacks in this region; likewise.")]
Changed = Annotated[str | None, typer.Option(help="Only stacks that the files changed since this revision affect.")]
Project = Annotated[Path, typer.Option(help="The folder that holds Pulumi.yaml.")]
Canary = Annotated[int, typer.Option(help="How many stacks go first, alone.")]
Jobs = Annotated[int | None, typer.Option(help="How many at once; as many as cores and memory allow unless given.")]
Resume = Annotated[bool, typer.Option(help="First make whole what an interrupted operation left.")]
Refresh = Annotated[bool, typer.Option(help="First read what is there, and undo what was changed by hand.")]
Adopt = Annotated[list[str] | None, typer.Option(help="With --resume: NAME=ID, an interrupted creation that happened.")]
Forget = Annotated[list[str] | None, typer.Option(help="With --resume: NAME, one that did not, or is not to be kept.")]
Break = Annotated[
    int | None,
    typer.Option("--break-locks-older-than", help="With --resume: minutes; such locks go, whoever holds them."),
]
Lag = Annotated[
    float,
    typer.Option("--index-lag", envvar="RAMPART_INDEX_LAG", help="Seconds that AWS's index of tags may be behind."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def fleet_of(project: Path, jobs: int | None, canary: int) -> Fleet:
    """The fleet of a project, with the policy pack that the environment names, or Rampart's."""
    # Taken out of the environment: the pack is passed by flag, and must not be loaded twice (docs/traps.md).
    pack = Path(os.environ.pop("PULUMI_OPTION_POLICY_PACK", REPOSITORY / "policy-packs" / "rampart"))
    config = os.environ.pop("PULUMI_OPTION_POLICY_PACK_CONFIG", REPOSITORY / "policy-packs" / "rampart.config.json")
    ours = sources.team(sources.config_dir(project)).secrets_provider
    # By cloud rather than for all, where a pipeline says so (docs/fleet.md).
    secrets = os.environ.get("RAMPART_SECRETS_PROVIDER") or ours
    fleet = Fleet(project=project, pack=pack, pack_config=Path(config), secrets_provider=secrets, canary=canary)
    return fleet if jobs is None else replace(fleet, jobs=jobs)


def selected(
    project: Path,
    names: Sequence[str] | None,
    cloud: Sequence[str] | None,
    region: Sequence[str] | None,
    changed: str | None = None,
) -> list[str]:
    """The stacks that the call is about. All their settings are read first: a wrong one stops all."""
    folder = sources.config_dir(project)
    try:
        known = sorted({*sources.stacks(sources.UPSTREAM), *sources.stacks(folder)})
        stacks = select(known, names=names or (), clouds=cloud or (), regions=region or ())
        if changed is not None:
            reached = affected(known, changed_since(changed, REPOSITORY))
            stacks = [stack for stack in stacks if stack in reached]
    except SelectionError as error:
        give_up(str(error))
    wrong = []
    for stack in stacks:
        try:
            sources.read(stack, folder)
        except SettingsError as error:
            wrong.append(str(error))
    if wrong:
        give_up("\n".join(dict.fromkeys(wrong)))
    return stacks


def say(stack: str, line: str) -> None:
    """Progress."""
    people.print(f"[dim]{time.monotonic() - started:6.1f} s[/]  {stack:<20} {line}")


def give_up(message: str) -> NoReturn:
    """End with the exit code of a call that is wrong."""
    people.print(message, markup=False, style="red")
    raise typer.Exit(WRONG)
