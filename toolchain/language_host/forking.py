"""Starting processes as forks of ones that have imported what these will import."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .fork_server import Process, of_python, shared
from .processes import Processes


class ForkingProcesses(Processes):
    """Forks for this process's interpreter; others start as ever.

    modules: what to import beforehand, by a process's arguments. path: where that is, besides the usual folders.
    """

    def __init__(self, modules: Callable[[Sequence[str]], tuple[str, ...]], path: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._modules, self._path = modules, path

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str], cwd: str | None, capture: bool) -> Process:
        executable, *arguments = command
        if Path(executable).absolute() != Path(sys.executable).absolute() or arguments[0] != "-u":
            return super()._spawn(command, environment, cwd, capture)
        server = shared(self._modules(arguments), self._path, of_python(environment))
        try:
            return server.start(arguments[1:], environment, cwd=cwd, capture=capture)
        except OSError:  # the server is gone
            return super()._spawn(command, environment, cwd, capture)
