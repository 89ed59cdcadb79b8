"""Which Python runs a program, a policy pack or a plugin."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2

_SUPPORTED = {"toolchain": "pip", "typechecker": None}


class OptionError(ValueError):
    """`runtime.options` asks for what this host does not do."""


@dataclass(frozen=True)
class Interpreter:
    """An interpreter, and what the environment of its processes needs besides the host's own."""

    executable: str
    virtualenv: Path | None = None

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of a process: the host's, with the virtual environment active, and `extra`."""
        environment = dict(os.environ)
        if self.virtualenv is not None:
            environment["VIRTUAL_ENV"] = str(self.virtualenv)
            environment["PATH"] = os.pathsep.join([str(self.virtualenv / "bin"), environment.get("PATH", os.defpath)])
            environment.pop("PYTHONHOME", None)
        return {**environment, **(extra or {})}

    def version(self) -> str:
        """Return the interpreter's version, as in `3.11.7`; empty when it does not answer."""
        if self.executable == sys.executable:
            return platform.python_version()
        question = [self.executable, "-c", "import platform; print(platform.python_version())"]
        answer = subprocess.run(question, env=self.environment(), capture_output=True, text=True, check=False)
        return answer.stdout.strip()


def choose(info: "language_pb2.ProgramInfo", *, plugin: bool = False) -> Interpreter:
    """Return the interpreter for the `runtime.options` of a project, policy pack or plugin.

    It is the one of `virtualenv` (relative to the project's folder; `venv` by default for a plugin) when that exists.
    Otherwise it is the host's own, where the official host would create the environment and install the requirements.

    Raises OptionError for an option that this host does not honour.
    """
    options: dict[str, Any] = dict(info.options.items())
    for option, supported in _SUPPORTED.items():
        value = options.get(option, supported)
        if value != supported:
            raise OptionError(
                f"runtime option {option!r} is {value!r}, and Rampart's language host honours "
                f"{repr(supported) if supported else 'none'} only: "
                "remove the option, or install the Pulumi CLI with its own Python language host"
            )
    virtualenv = options.get("virtualenv", "venv" if plugin else "")
    if not isinstance(virtualenv, str):
        raise OptionError(f"runtime option 'virtualenv' is {virtualenv!r}, and must be the path of a folder")
    if virtualenv:
        folder = Path(info.root_directory, virtualenv).absolute()
        python = folder / "bin" / "python"
        if python.is_file():
            return Interpreter(str(python), folder)
    return Interpreter(sys.executable)
