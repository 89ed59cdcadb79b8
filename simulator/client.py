"""Starting the simulated clouds, or joining the ones that already run on a state file."""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BUSY = 3  # exit code of a server that finds the state file already served
_PATIENCE = 30.0  # seconds for a server to come up
_started: list["subprocess.Popen[bytes]"] = []  # each may outlive this client, so nobody waits for it to end


@dataclass(frozen=True)
class Clouds:
    """Running simulated clouds. environment: what `pulumi` and AWS clients need in theirs to use them."""

    environment: dict[str, str]


@contextlib.contextmanager
def start(state: Path) -> Iterator[Clouds]:
    """Hold a lease on the simulated clouds of a state file, which is made if absent.

    The server process is shared by all who hold a lease on that file, and leaves with the last of them, however that
    one ends. Raises RuntimeError if no server can be had.
    """
    state = state.resolve()
    state.parent.mkdir(parents=True, exist_ok=True)
    with beside(state, "lease").open("a") as lease:
        fcntl.flock(lease, fcntl.LOCK_SH)  # waits for a server that is leaving to be gone
        yield Clouds(_environment(state))


def beside(state: Path, what: str) -> Path:
    """What belongs to a state file.

    `lease`: each client shares a lock on it, so that the server has it alone once all are gone. `lock`: locked by the
    server, so that there is one. `server`: its process id and the environment for its clients, made anew and locked by
    each, so that what a dead one left is not taken for an offer. `log`: what it has to say. `faults`: what is to go
    wrong (`simulator.faults`).
    """
    return state.with_name(f"{state.name}.{what}")


def _environment(state: Path) -> dict[str, str]:
    """The environment that the server offers, once it is up; it is started if there is none."""
    deadline, ours = time.monotonic() + _PATIENCE, None
    while time.monotonic() < deadline:
        if offer := _offer(state):
            return offer
        if ours is None or ours.poll() == BUSY:
            ours = _spawn(state)
        elif ours.poll() is not None:
            break
        time.sleep(0.01)
    raise RuntimeError(f"the simulated clouds on {state} do not start; {beside(state, 'log')} says why")


def _offer(state: Path) -> dict[str, str]:
    with contextlib.suppress(FileNotFoundError), beside(state, "server").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return dict(json.load(file)["environment"])
    return {}


def _spawn(state: Path) -> "subprocess.Popen[bytes]":
    path = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]
    with beside(state, "log").open("a") as log:
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "simulator", "--state", state],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the engine, which still needs its providers to stop well
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
        )
    _started[:] = [server, *(other for other in _started if other.poll() is None)]
    return server
