"""Running a long command with a line of progress every few seconds."""

import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

INTERVAL_SECONDS = 3.0
_TAIL_LINES = 15


class CommandError(RuntimeError):
    """A command failed; `output` holds the last lines that it wrote to standard error."""

    def __init__(self, command: Sequence[str], code: int, output: str) -> None:
        super().__init__(f"`{' '.join(command)}` ended with {code}")
        self.output = output


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    describe: Callable[[int], str],
    progress: Callable[[str], None],
    interval: float = INTERVAL_SECONDS,
) -> str:
    """Run `command` and return its standard output.

    Every `interval` seconds `progress` gets `describe(lines)` with the time taken so far, where `lines` counts what
    the command wrote to standard error. An exception, an interrupt included, ends the command and its children.
    Raises CommandError when the command fails.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            process_group=0,
        )
        try:
            assert process.stderr is not None
            last = _follow(process.stderr, lambda lines: progress(_line(describe(lines), started)), interval)
            code = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        if code != 0:
            raise CommandError(command, code, "\n".join(last))
        output.seek(0)
        return output.read().decode()


def _follow(stream: IO[bytes], tick: Callable[[int], None], interval: float) -> list[str]:
    """Read `stream` to its end, calling `tick` with the number of lines at each interval; return the last messages."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line.decode(errors="replace").rstrip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    count = 0
    messages: deque[str] = deque(maxlen=_TAIL_LINES)
    due = time.monotonic() + interval
    while True:
        try:
            line = lines.get(timeout=max(0.0, due - time.monotonic()))
        except queue.Empty:
            line = ""
        else:
            if line is None:
                return list(messages)
            count += 1
        if " " in line and not line.startswith("go: downloading "):  # neither a package name nor a download
            messages.append(line)
        if time.monotonic() >= due:
            tick(count)
            due = time.monotonic() + interval


def _line(text: str, started: float) -> str:
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    return f"{text}, {minutes} min {seconds:02} s" if minutes else f"{text}, {seconds} s"
