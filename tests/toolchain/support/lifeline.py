"""Knowing when a process that is nobody's child has begun and has ended."""

import os
import select
from pathlib import Path
from typing import TextIO

PATIENCE_SECONDS = 20


class Lifeline:
    """A named pipe that a process opens for writing, writes a line to, and holds open until it ends."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._file: TextIO | None = None

    def wait_for_start(self) -> str:
        """Wait for the process to open the pipe, and return the line that it writes."""
        self._file = self.path.open()
        return self._file.readline().strip()

    def wait_for_end(self) -> None:
        """Wait until nobody holds the pipe any longer; fail when somebody still does after a while."""
        assert self._file is not None
        with self._file:
            assert select.select([self._file], [], [], PATIENCE_SECONDS)[0], f"{self.path} is still held open"
            assert self._file.read() == ""
