"""Running a plugin or a policy pack that is written in Python: the RunPlugin call.

Left out of what the official host does: attaching a debugger, and SDKs older than `pulumi.run.plugin`.
"""

import queue
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from pulumi.runtime.proto import language_pb2

from .interpreter import choose
from .policy_pack import PolicyPackProxy
from .processes import OnCancel, Processes

POLICY_PACK = "analyzer"

_Output = language_pb2.RunPluginResponse


class PluginError(RuntimeError):
    """What the folder holds cannot be run as a plugin."""


def run_plugin(
    request: language_pb2.RunPluginRequest,
    processes: Processes,
    on_cancel: OnCancel,
) -> Iterator[_Output]:
    """Run a plugin to its end: yield what it writes to either stream as it comes, then its exit code.

    `on_cancel` is given what ends the plugin. Raises PluginError when the folder holds none, OptionError for a runtime
    option that is not honoured, and OSError when the interpreter cannot be started.
    """
    if request.attach_debugger:
        raise PluginError("Rampart's language host attaches no debugger: use the official one")
    if request.kind == POLICY_PACK:
        yield from _run_policy_pack(request, processes, on_cancel)
    else:
        yield from _Run(request, processes, on_cancel, _plugin_arguments(request), request.pwd).output()


def _run_policy_pack(
    request: language_pb2.RunPluginRequest,
    processes: Processes,
    on_cancel: OnCancel,
) -> Iterator[_Output]:
    with PolicyPackProxy() as proxy:
        on_cancel(proxy.cancel)
        yield _Output(stdout=f"{proxy.port}\n".encode())
        configuration = proxy.configuration()
        arguments = ["-u", "-m", "pulumi.policy", *request.args, request.info.program_directory]
        # A pack runs in its own folder, unlike a plugin.
        run = _Run(request, processes, on_cancel, arguments, request.info.program_directory, configuration)
        yield from run.output(proxy.attach)


class _Run:
    """One process, and its two streams as messages."""

    def __init__(
        self,
        request: language_pb2.RunPluginRequest,
        processes: Processes,
        on_cancel: OnCancel,
        arguments: list[str],
        cwd: str,
        configuration: dict[str, str] | None = None,
    ) -> None:
        plugin = request.kind != POLICY_PACK
        interpreter = choose(request.info, plugin=plugin)
        # The engine's own come last, as in the official host.
        extra = (configuration or {}) | dict(entry.split("=", 1) for entry in request.env)
        self._processes = processes
        self._process = processes.start(
            [interpreter.executable, *arguments], interpreter.environment(**extra), cwd=cwd, capture=True
        )
        self._messages: queue.SimpleQueue[_Output | None] = queue.SimpleQueue()
        on_cancel(self._process.kill)

    def output(self, first_line: Callable[[str], None] | None = None) -> Iterator[_Output]:
        """Yield what the process writes, then its exit code; the first line of output is for `first_line`, if given."""
        process = self._process
        assert process.stdout is not None
        assert process.stderr is not None
        pumps = [
            threading.Thread(target=self._pump, args=(process.stdout, "stdout", first_line), daemon=True),
            threading.Thread(target=self._pump, args=(process.stderr, "stderr", None), daemon=True),
        ]
        for pump in pumps:
            pump.start()
        try:
            for _ in pumps:
                while (message := self._messages.get()) is not None:
                    yield message
            yield _Output(exitcode=self._processes.wait(process))
        finally:
            if process.poll() is None:
                process.kill()
                self._processes.wait(process)

    def _pump(self, stream: IO[bytes], name: str, first_line: Callable[[str], None] | None) -> None:
        try:
            if first_line is not None:
                first_line(stream.readline().decode(errors="replace"))
            while chunk := stream.read1(65536):  # type: ignore[attr-defined]  # a BufferedReader
                self._messages.put(_Output(stdout=chunk) if name == "stdout" else _Output(stderr=chunk))
        finally:
            self._messages.put(None)


def _plugin_arguments(request: language_pb2.RunPluginRequest) -> list[str]:
    root = Path(request.info.root_directory)
    if (root / "__main__.py").is_file():
        return ["-u", request.info.program_directory, *request.args]
    project = root / "pyproject.toml"
    if not project.is_file():
        raise PluginError(f"{root} holds neither __main__.py nor a pyproject.toml: it is no Python plugin")
    name = tomllib.loads(project.read_text()).get("project", {}).get("name")
    if not name:
        raise PluginError(f"{project} does not name its project: it is no Python plugin")
    return ["-u", "-m", "pulumi.run.plugin", name, *request.args]
