"""Which stacks an operation is about: by cloud, region or name, or those that a change to the files affects."""

import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from infra import catalogue

EVERY = "every stack"
NONE = "no stack"

_REACH = (
    # The first pattern that matches a changed file says whom it affects: EVERY, NONE, or a group that names them.
    (r"(?:stacks|team)/Pulumi\.(?P<stack>.+)\.yaml", "stack"),
    (r"(?:components|workloads)/.*\b(?P<cloud>aws|gcp|azure)(?:/.+)?(?:\.py)?", "cloud"),
    (r"(?:components|workloads|infra|stacks|policy-packs|team)/.*", EVERY),
    (r"Pulumi\.yaml|requirements\.txt|pyproject\.toml", EVERY),
    (r".*", NONE),
)


class SelectionError(Exception):
    """What was asked for is not there; the message says what is."""


def select(
    known: Sequence[str], *, names: Iterable[str] = (), clouds: Iterable[str] = (), regions: Iterable[str] = ()
) -> list[str]:
    """The stacks of `known` that fit every filter given, in its order. `SelectionError` for a filter that fits none."""
    names, clouds, regions = set(names), set(clouds), set(regions)
    if strangers := sorted(names - set(known)):
        raise SelectionError(f"no stack {', '.join(strangers)}; there are {', '.join(known)}")
    if strangers := sorted(clouds - {stack.partition("-")[0] for stack in known}):
        raise SelectionError(f"no stack on {', '.join(strangers)}; there are {', '.join(known)}")
    fitting = [
        stack
        for stack in known
        if (not names or stack in names)
        and (not clouds or stack.partition("-")[0] in clouds)
        and (not regions or any(_in_region(stack, region) for region in regions))
    ]
    if not fitting:
        raise SelectionError(f"no stack fits all filters; there are {', '.join(known)}")
    return fitting


def affected(known: Sequence[str], changed: Iterable[str]) -> list[str]:
    """The stacks of `known` that a change to these files (paths from the repository's root) can make different."""
    found: set[str] = set()
    for path in changed:
        for pattern, reach in _REACH:
            if match := re.fullmatch(pattern, path):
                if reach == EVERY:
                    return list(known)
                if reach == "stack":
                    found.add(match["stack"])
                elif reach == "cloud":
                    found.update(stack for stack in known if stack.startswith(f"{match['cloud']}-"))
                break
    return [stack for stack in known if stack in found]


def changed_since(revision: str, repository: Path) -> list[str]:
    """The files that differ from `revision`, committed or not. `SelectionError` if git does not know the revision."""
    commands = (["diff", "--name-only", "-z", revision, "--"], ["ls-files", "--others", "--exclude-standard", "-z"])
    files: list[str] = []
    for command in commands:
        run = subprocess.run(["git", *command], cwd=repository, capture_output=True, text=True)
        if run.returncode:
            raise SelectionError(f"git does not know what changed since {revision}: {run.stderr.strip()}")
        files += filter(None, run.stdout.split("\0"))
    return files


def _in_region(stack: str, region: str) -> bool:
    cloud, _, name = stack.partition("-")
    # A stack may carry a word after its region, and a region's name may begin with another's.
    return region in catalogue.regions(cloud) and (name == region or name.startswith(f"{region}-"))
