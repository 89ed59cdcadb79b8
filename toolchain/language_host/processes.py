"""The processes that the host starts, and their end.

They stay in the host's process group, which the engine interrupts and, after five seconds, kills.
"""

import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from .fork_server import Process

# Takes what ends a process, to be called when the engine no longer wants it.
OnCancel = Callable[[Callable[[], None]], None]

GRACE_SECONDS = 5.0
_CLOSE_SECONDS = 1.0


class Processes:
    """What is running. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[Process] = set()
        self._closed = False

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], *, cwd: str | None = None, capture: bool = False
    ) -> Process:
        """Start `command`; its output goes to pipes when `capture`, else to the host's own, which the engine reads.

        Raises OSError when it cannot be started.
        """
        with self._lock:
            if self._closed:
                raise OSError("the language host is stopping")
            process = self._spawn(command, environment, cwd, capture)
            self._running.add(process)
        return process

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str], cwd: str | None, capture: bool) -> Process:
        output = subprocess.PIPE if capture else None
        return subprocess.Popen(
            command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )

    def wait(self, process: Process) -> int:
        """Wait for the end of `process` and return its exit code, negative when a signal ended it."""
        code = process.wait()
        with self._lock:
            self._running.discard(process)
        return code

    def close(self) -> None:
        """End everything, and start nothing more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(_CLOSE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def interrupt(process: Process) -> None:
    """Ask `process` to end as Ctrl-C does, and kill it when it has not after five seconds (as the official host)."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    timer = threading.Timer(GRACE_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
