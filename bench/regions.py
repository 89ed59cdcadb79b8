"""How the fleet grows: previews of 3, 6, ... stacks with the policy pack, in wall seconds, CPU seconds and memory.

`python -m bench.regions [count ...]` previews so many of the committed stacks, as stacks that do not exist yet, against
simulated clouds. Memory is the largest sum of what all processes of the run held at one time (PSS, so that what they
share counts once), looked at every quarter of a second.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from demo.project import STACKS, Project
from demo.session import session
from infra import sources

EVERY_SECOND = 0.25


def main(counts: list[int]) -> None:
    rest = sorted(set(sources.stacks(sources.UPSTREAM)) - set(STACKS), key=lambda stack: stack.partition("-")[2])
    ordered = [*STACKS, *rest]
    for count in counts or [3, 6, len(ordered)]:
        with tempfile.TemporaryDirectory() as folder, session(Project(Path(folder) / "home"), print) as fleet:
            watch = Watch()
            before, started = _cpu(), time.monotonic()
            with watch:
                outcomes = fleet.preview(ordered[:count], lambda *_: None)
            wall = time.monotonic() - started
            if not all(outcome.ok for outcome in outcomes):
                raise SystemExit([outcome.errors or outcome.stopped for outcome in outcomes if not outcome.ok])
            print(
                f"{count:>3} stacks   wall {wall:6.1f} s   CPU {_cpu() - before:6.1f} s   "
                f"memory {watch.peak / 2**30:4.2f} GiB   {fleet.jobs} at once",
                flush=True,
            )


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class Watch:
    """Looks at the memory of this process and all below it, for as long as it is open."""

    def __init__(self) -> None:
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY_SECOND):
            self.peak = max(self.peak, sum(map(_memory, _family())))


def _family() -> list[int]:
    """Process ids: of those below this one and itself, and of the simulated clouds, which are their own session's."""
    parents: dict[int, int] = {}
    servers = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if b"simulator" in (entry / "cmdline").read_bytes().split(b"\0"):
                    servers.add(int(entry.name))
            except OSError:
                continue
    found, grown = {os.getpid()}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        grown = bool(more)
        found |= more
    return [*(found | servers)]


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])
