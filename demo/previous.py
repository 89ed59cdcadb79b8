"""Whether what the previous commit brought up comes up under this one, with nothing made anew and nothing lost.

`python -m demo.previous`: the three stacks are brought up by the previous commit's own program and simulated clouds,
and then previewed and updated by this one's. Exit code 1 if anything would be replaced, or a store, key or
subnet deleted. What must be replaced all the same, and holds nothing, is said in the commit's message, a line each:
`Replaces: <name of the resource>`.

RAMPART_PREVIOUS: a revision to compare with instead of the commit before this one (a merge base, say).
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from fleet import Outcome, failures

MAKES = ("components", "infra", "stacks", "simulator", "demo", "requirements.txt")
"""What decides what is made."""

WAY = " (if it must be: `Replaces: {}` in the commit's message)"
SUBNET = ("subnet:Subnet", "subnetwork:Subnetwork", "network:Subnet")


def main() -> int:
    revision = os.environ.get("RAMPART_PREVIOUS", "HEAD~1")
    found = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    if not found:
        print(f"no {revision} here (a shallow or single-commit clone?): there is nothing to compare with")
        return 0
    commit = found[:9]
    if not _git("diff", "--name-only", found, "HEAD", "--", *MAKES).strip():
        print(f"{commit} makes what this commit makes: nothing to compare")
        return 0
    with tempfile.TemporaryDirectory(prefix="rampart-previous-") as folder:
        home = Path(folder) / "home"
        if problem := _before(found, Path(folder) / "checkout", home):
            print(f"{commit} does not come up by itself, with the packages that this commit wants:\n{problem}")
            return 1
        try:
            wrong = list(_after(home, _allowed(found)))
        except RuntimeError as error:  # of the simulated clouds
            print(
                f"the simulated clouds of this commit cannot read what those of {commit} wrote: {error}\n"
                "Their format changed; see simulator/state.py."
            )
            return 1
    for line in wrong:
        print(line)
    print(f"what {commit} brought up {'does not come' if wrong else 'comes'} up under this commit as it is")
    return 1 if wrong else 0


def _before(commit: str, checkout: Path, home: Path) -> str:
    """Bring the stacks up as that commit does; what went wrong, if anything did."""
    packed = subprocess.run(["git", "archive", commit], cwd=REPOSITORY, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(checkout, filter="data")
    _say(f"{commit[:9]} brings up {', '.join(STACKS)}")
    command = [sys.executable, "-m", "demo", "--home", str(home), "up"]
    run = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    # The project's program is a link into that checkout; the next session makes its own.
    (home / "project" / "infra").unlink(missing_ok=True)
    return "" if run.returncode == 0 else "\n".join((run.stdout + run.stderr).strip().splitlines()[-20:])


def _after(home: Path, allowed: Sequence[str]) -> Iterator[str]:
    """Preview and update them as this commit does; what is wrong with that, a line each."""
    with session(Project(home), _say) as fleet:
        outcomes = fleet.preview(STACKS, _say)
        wrong = [*failures(outcomes)]
        wrong += [f"{outcome.stack}: {words}" for outcome in outcomes for words in lost(outcome, allowed)]
        yield from wrong or failures(fleet.up(STACKS, _say))


def lost(outcome: Outcome, allowed: Sequence[str]) -> Iterator[str]:
    """What a preview would replace, or delete of what must stay, in words. allowed: what may be replaced, by name."""
    for step in outcome.steps:
        guarded = step in outcome.lost or step.type.endswith(SUBNET)
        if step.operation == "replace" and (guarded or step.name not in allowed):
            keys = ", ".join(step.keys) or "what it depends on is"
            yield f"{step.name} would be made anew: {keys}{'' if guarded else WAY.format(step.name)}"
        elif step.operation == "delete" and guarded:
            yield f"{step.name} would be deleted"


def _allowed(since: str) -> list[str]:
    """What the commits since say is replaced."""
    return _git("log", "--format=%(trailers:key=Replaces,valueonly)", f"{since}..HEAD").split()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout


def _say(*words: str) -> None:
    print(f"{time.monotonic() - _STARTED:6.1f} s  {'  '.join(words)}", file=sys.stderr)


_STARTED = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
