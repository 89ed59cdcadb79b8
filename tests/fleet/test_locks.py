"""Whose lock is dead, and what is released."""

import os
import socket
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from fleet import locks
from fleet.locks import Lock, LockedError, named

NOW = datetime.now(UTC)
GONE = 2**22 + 1  # above what Linux numbers processes with


def lock(pid: int, host: str = "", at: datetime = NOW) -> Lock:
    return Lock("somebody", host or socket.gethostname(), pid, at)


def test_a_lock_is_dead_when_its_host_is_this_one_and_its_process_is_gone() -> None:
    assert lock(GONE).dead
    assert not lock(GONE, "another-host").dead
    assert not lock(os.getpid()).dead


def test_a_lock_is_dead_when_its_process_number_is_had_by_a_later_process() -> None:
    with subprocess.Popen(["sleep", "60"]) as later:
        assert lock(later.pid, at=NOW - timedelta(hours=1)).dead
        assert not lock(later.pid, at=datetime.now(UTC)).dead
        later.kill()


def test_where_processes_cannot_be_looked_up_no_lock_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not lock(GONE).dead


MESSAGE = """error: could not create stack: the stack is currently locked by 2 lock(s). Either wait for the other ...
  file:///state/.pulumi/locks/organization/rampart/aws/1.json?no_tmp_dir=true: created by root@vm (pid 42) at 2026-11-25T23:02:03Z
  s3://bucket/.pulumi/locks/organization/rampart/aws/2.json: created by ci@runner-7 (pid 7) at 2026-11-25T23:02:03+01:00
"""  # noqa: E501


def test_locks_are_read_from_what_the_engine_says() -> None:
    first, second = named(MESSAGE)
    assert (first.user, first.host, first.pid, first.at.isoformat()) == ("root", "vm", 42, "2026-11-25T23:02:03+00:00")
    assert (second.host, second.at.utcoffset()) == ("runner-7", timedelta(hours=1))


class Backend:
    """Stands for a stack whose backend has these locks."""

    name = "aws-us-east-1"

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *held: Lock) -> None:
        self.cancelled = False
        monkeypatch.setattr(locks, "held", lambda _: list(held))
        monkeypatch.setattr(locks, "pulumi", self._run)

    def _run(self, stack: object, *command: str) -> None:
        assert command[0] == "cancel"
        self.cancelled = True


def test_one_living_lock_keeps_all(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(monkeypatch, lock(GONE), lock(7, "runner-7"))
    with pytest.raises(LockedError, match=r"somebody@runner-7, process 7.*--break-locks-older-than"):
        locks.release_dead(backend)  # type: ignore[arg-type]
    assert not backend.cancelled


def test_what_cannot_be_proven_dead_goes_only_when_somebody_answers_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend(monkeypatch, lock(7, "runner-7", NOW - timedelta(minutes=30)))
    with pytest.raises(LockedError):
        locks.release_dead(backend, timedelta(minutes=60))  # type: ignore[arg-type]
    assert len(locks.release_dead(backend, timedelta(minutes=20))) == 1  # type: ignore[arg-type]
    assert backend.cancelled
