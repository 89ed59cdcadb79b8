"""Locks that an update leaves behind when its process dies, and when it is safe to release them.

A self-managed backend has a lock file for a running operation: process, user, host, time. The engine names them when it
finds one, whatever the backend is kept in (its source: backend/diy/lock.go).
"""

import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pulumi import automation

from fleet.engine import pulumi

_HELD = re.compile(r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<at>\S+)")
_SLACK = timedelta(seconds=5)  # `ps` counts whole seconds, and a lock is taken some time after its process starts


@dataclass(frozen=True)
class Lock:
    """Who holds, or held, a stack."""

    user: str
    host: str
    pid: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}, since {self.at.isoformat()}"

    @property
    def dead(self) -> bool:
        """Whether its process is provably gone: it was of this host, and no process has its number, or a later one.

        Containers that share a host name but not their processes must not share a backend: there this proves nothing.
        """
        if self.host != socket.gethostname():
            return False
        started = _started(self.pid)
        return started is None or started > self.at + _SLACK

    def older_than(self, age: timedelta) -> bool:
        """Whether it has been held for longer than that."""
        return datetime.now(UTC) - self.at > age


class LockedError(Exception):
    """The stack is locked, perhaps by somebody at work; the message says by whom, and what to do."""


def held(stack: automation.Stack) -> list[Lock]:
    """The locks on a stack. Raises automation.CommandError when the backend cannot say."""
    try:
        # The only command that takes the lock and then, since the stack is there, changes nothing.
        pulumi(stack, "stack", "init", stack.name)
    except automation.CommandError as error:
        found = list(named(str(error)))
        if found or "already exists" in str(error):
            return found
        raise
    return []


def named(text: str) -> Iterator[Lock]:
    """The locks that a message of the engine's names."""
    for match in _HELD.finditer(text):
        at = datetime.fromisoformat(match["at"].replace("Z", "+00:00"))
        yield Lock(match["user"], match["host"], int(match["pid"]), at)


def release_dead(stack: automation.Stack, older_than: timedelta | None = None) -> list[Lock]:
    """Release the locks on a stack if every one is of a dead process, and return them.

    older_than: what the caller answers for: also those held for longer than that, whoever holds them. Raises
    LockedError, and releases none, if one may be alive.
    """
    locks = held(stack)
    alive = [lock for lock in locks if not lock.dead and not (older_than and lock.older_than(older_than))]
    if alive:
        raise LockedError(
            f"locked by {'; '.join(map(str, alive))}. Wait until that ends. If it runs no longer, which cannot be told "
            "from here, add --break-locks-older-than MINUTES, or run `pulumi cancel`."
        )
    if locks:
        pulumi(stack, "cancel", "--yes", "--stack", stack.name)
    return locks


def _started(pid: int) -> datetime | None:
    """When a process of this host started; None if there is none. The beginning of time, if that cannot be told."""
    try:
        run = subprocess.run(["ps", "-o", "etime=", "-p", str(pid)], capture_output=True, text=True)
    except OSError:
        return datetime.min.replace(tzinfo=UTC)
    if run.returncode:
        return None
    days, _, clock = run.stdout.strip().rpartition("-")
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return datetime.now(UTC) - timedelta(days=int(days or 0), seconds=seconds)
