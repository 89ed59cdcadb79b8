"""The processes that the host starts, and their end.

They stay in the host's process group, which the engine interrupts and, after five seconds, kills.
"""

import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

# Takes what ends a process, to be called when the engine no longer wants it.
OnCancel = Callable[[Callable[[], None]], None]

GRACE_SECONDS = 5.0
_CLOSE_SECONDS = 1.0


class Processes:
    """What is running. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], *, cwd: str | None = None, capture: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start `command`; its output goes to pipes when `capture`, else to the host's own, which the engine reads.

        Raises OSError when it cannot be started.
        """
        output = subprocess.PIPE if capture else None
        with self._lock:
            if self._closed:
                raise OSError("the language host is stopping")
            process = subprocess.Popen(
                command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            self._running.add(process)
        return process

    def wait(self, process: subprocess.Popen[bytes]) -> int:
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


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ask `process` to end as Ctrl-C does, and kill it when it has not after five seconds (as the official host)."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    timer = threading.Timer(GRACE_SECONDS, process.kill)
    timer.daemon = True
    timer.start()
