"""Starting the simulated clouds, or joining the ones that already run on a state file."""

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BUSY = 3  # exit code of a server that finds the state file already served
_PATIENCE = 30.0  # seconds for a server to come up, or for one that is leaving to be gone
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
    deadline = time.monotonic() + _PATIENCE
    while True:
        lease, server = (_join(state), None) if _served(state) else _spawn(state)
        with contextlib.closing(lease):
            if environment := _greeting(lease, state):
                yield Clouds(environment)
                return
        if (server and server.wait(_PATIENCE) != BUSY) or time.monotonic() > deadline:
            log = state.with_name(state.name + ".log")
            raise RuntimeError(f"the simulated clouds on {state} do not start; {log} says why")
        time.sleep(0.05)  # another server was leaving, or another client was quicker


def lock_file(state: Path) -> Path:
    """Held (flock) by the server of a state file; says which port further clients join at, and the server's id."""
    return state.with_name(state.name + ".lock")


def _served(state: Path) -> bool:
    with lock_file(state).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _greeting(lease: socket.socket, state: Path) -> dict[str, str]:
    """The environment that the server sends first, empty if it is not the server of this state file."""
    lease.settimeout(_PATIENCE)
    try:
        greeting = json.loads(lease.makefile().readline())
    except (OSError, ValueError):
        return {}
    environment: dict[str, str] = greeting["environment"] if greeting.get("state") == str(state) else {}
    return environment


def _join(state: Path) -> socket.socket:
    try:
        return socket.create_connection(("127.0.0.1", int(lock_file(state).read_text().split()[0])), timeout=_PATIENCE)
    except (IndexError, ValueError, OSError):  # not up yet, or gone: a lease that has ended
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours


def _spawn(state: Path) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    """Start a server that holds the other end of the socket returned as its first lease."""
    ours, theirs = socket.socketpair()
    path = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]
    with theirs, state.with_name(state.name + ".log").open("a") as log:
        server = subprocess.Popen(
            [sys.executable, "-P", "-m", "simulator", "--state", state, "--lease", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the engine, which still needs its providers to stop well
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
        )
    _started[:] = [server, *(other for other in _started if other.poll() is None)]
    return ours, server
