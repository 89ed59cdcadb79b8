"""Processes that begin with their modules imported: copies of one that has imported them, and does nothing else.

A cloud's SDK takes longer to import than a program takes to run. Start the server's side as a script, by `ForkServer`:
it imports, and then answers each request with a fork of itself that becomes the process asked for. It has no threads
and has made no connection, so a fork is safe. Unix only, as the host is. The standard library's
multiprocessing.forkserver is alike, but is one per process, and runs functions of the caller's, not programs.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

_HEADER = struct.Struct("!I")
_FDS = 3


class Process(Protocol):
    """What the host needs of a process: `subprocess.Popen[bytes]` has it."""

    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int: ...
    def poll(self) -> int | None: ...
    def send_signal(self, sig: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Forked:
    """A process that a fork server made. As `subprocess.Popen`; the exit code is negative when a signal ended it."""

    def __init__(self, status: int, stdout: IO[bytes] | None, stderr: IO[bytes] | None) -> None:
        self.stdout, self.stderr = stdout, stderr
        self._lock = threading.Lock()
        self._status: IO[bytes] | None = os.fdopen(status, "rb", buffering=0)
        self._code = -signal.SIGKILL  # of one whose server died with it
        self.pid = int(self._line() or 0)

    def _line(self) -> bytes:
        assert self._status is not None
        line = b""
        while not line.endswith(b"\n") and (byte := self._status.read(1)):
            line += byte
        return line

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once there is one. Raises subprocess.TimeoutExpired."""
        # Another thread may wait without a limit: this one's limit holds all the same.
        if not self._lock.acquire(timeout=-1 if timeout is None else timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        try:
            if self._status is not None:
                if not select.select([self._status], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
                self._code = int(self._line() or self._code)
                self._status.close()
                self._status = None
            return self._code
        finally:
            self._lock.release()

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, sig: int) -> None:
        if self.pid and self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """A process that has imported `modules`, found on `path` besides the interpreter's own folders, and forks.

    It and all that it made end with this process, however that ends. A module that cannot be imported is left to the
    program that needs it, which says so better.
    """

    def __init__(
        self, modules: Sequence[str], path: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> None:
        """variables: those of the interpreter's own that it starts with, in place of this process's (`of_python`)."""
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        command = [sys.executable, "-u", __file__, str(theirs.fileno()), json.dumps([list(modules), list(path)])]
        environment = dict(os.environ)
        if variables is not None:
            environment = {name: of for name, of in environment.items() if name not in dict(of_python(os.environ))}
            environment |= variables
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=environment,
            )

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], *, cwd: str | None = None, capture: bool = False
    ) -> Forked:
        """Start what `python *arguments` would: a script, or `-m` and a module.

        Its output goes to pipes when `capture`, else to this process's standard error. Raises OSError.
        """
        request = json.dumps([list(arguments), dict(environment), cwd or str(Path.cwd())]).encode()
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:

            def pipe() -> tuple[int, int]:
                read, write = os.pipe()
                theirs.callback(os.close, write)
                ours.callback(os.close, read)
                return read, write

            status, told = pipe()
            (out, to_out), (err, to_err) = (pipe(), pipe()) if capture else ((-1, 2), (-1, 2))
            with self._lock:
                socket.send_fds(self._socket, [_HEADER.pack(len(request))], [told, to_out, to_err])
                self._socket.sendall(request)
            ours.pop_all()
        streams = (os.fdopen(out, "rb"), os.fdopen(err, "rb")) if capture else (None, None)
        return Forked(status, *streams)

    def close(self) -> None:
        """End it, and all that it made."""
        self._socket.close()
        self._process.wait()


@cache
def shared(modules: tuple[str, ...], path: tuple[str, ...], variables: tuple[tuple[str, str], ...]) -> ForkServer:
    """The one server of its kind, for as long as this process lives."""
    return ForkServer(modules, path, dict(variables))


def of_python(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The variables of an environment that the interpreter itself reads when it starts: a fork cannot change them."""
    return tuple(sorted((name, value) for name, value in environment.items() if name.startswith("PYTHON")))


def _serve(control: socket.socket, modules: Sequence[str], path: Sequence[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that watch
    gc.disable()
    sys.path[:0] = path
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    del sys.path[: len(path)]
    gc.freeze()
    gc.enable()
    while True:
        header, fds, _, _ = socket.recv_fds(control, _HEADER.size, _FDS)
        if not header:
            os.killpg(0, signal.SIGKILL)  # the caller is gone: so are all, and this one
        # A header of four bytes comes whole, or the caller has died within it.
        request = io.BytesIO()
        while request.tell() < _HEADER.unpack(header)[0]:
            part = control.recv(1 << 16)
            if not part:
                os.killpg(0, signal.SIGKILL)
            request.write(part)
        if os.fork() == 0:
            control.close()
            _watch(json.loads(request.getvalue()), *fds)
        for fd in fds:
            os.close(fd)


def _watch(request: list[Any], status: int, stdout: int, stderr: int) -> None:
    """Fork once more, into the process that was asked for, and tell its id and then its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(status)
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        os.closerange(3, max(stdout, stderr) + 1)
        _become(*request)
    for fd in {stdout, stderr}:
        os.close(fd)
    os.write(status, b"%d\n" % pid)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(BrokenPipeError):
        os.write(status, b"%d\n" % ended)
    os._exit(0)


def _become(arguments: list[str], environment: dict[str, str], cwd: str) -> None:
    """Run a script or a module as the interpreter does, and end."""
    code: object = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(cwd)
        if arguments[0] == "-m":
            sys.argv, sys.path[0] = arguments[1:], cwd
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv, sys.path[0] = arguments, str(Path(arguments[0]).parent)
            runpy.run_path(arguments[0], run_name="__main__")
        code = 0
    except SystemExit as left:
        code = left.code
    except BaseException:
        traceback.print_exc()
    finally:
        if code is not None and not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code or 0)  # to take a hundred thousand objects apart first would take as long as to import some


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), *json.loads(sys.argv[2]))
