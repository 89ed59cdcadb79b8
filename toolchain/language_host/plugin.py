"""Running a plugin or a policy pack that is written in Python: the RunPlugin call.

Left out of what the official host does: attaching a debugger, and SDKs older than `pulumi.run.plugin`.
"""

import queue
import subprocess
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
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
    interpreter = choose(request.info, plugin=request.kind != POLICY_PACK)

    def start(arguments: list[str], cwd: str, configuration: Mapping[str, str]) -> subprocess.Popen[bytes]:
        # What the engine gives comes last, as in the official host.
        variables = {**configuration, **dict(entry.split("=", 1) for entry in request.env)}
        command = [interpreter.executable, "-u", *arguments]
        process = processes.start(command, interpreter.environment(variables), cwd=cwd, capture=True)
        on_cancel(process.kill)
        return process

    if request.kind != POLICY_PACK:
        yield from _output(start(_plugin_arguments(request), request.pwd, {}), processes)
        return
    folder = request.info.program_directory
    with PolicyPackProxy() as proxy:
        on_cancel(proxy.cancel)
        yield _Output(stdout=f"{proxy.port}\n".encode())
        # A pack runs in its own folder, and is told where that is last, unlike a plugin.
        process = start(["-m", "pulumi.policy", *request.args, folder], folder, proxy.configuration())
        yield from _output(process, processes, proxy.attach)


def _output(
    process: subprocess.Popen[bytes], processes: Processes, first_line: Callable[[str], None] | None = None
) -> Iterator[_Output]:
    """Yield what `process` writes, then its exit code; the first line of output is for `first_line`, if given."""
    assert process.stdout is not None
    assert process.stderr is not None
    messages: queue.SimpleQueue[_Output | None] = queue.SimpleQueue()

    def pump(stream: IO[bytes], wrap: Callable[[bytes], _Output], first_line: Callable[[str], None] | None) -> None:
        with stream:
            try:
                if first_line is not None:
                    first_line(stream.readline().decode(errors="replace"))
                while chunk := stream.read1(65536):  # type: ignore[attr-defined]  # Popen's pipes are BufferedReaders
                    messages.put(wrap(chunk))
            finally:
                messages.put(None)

    pumps = [
        threading.Thread(target=pump, args=(process.stdout, lambda chunk: _Output(stdout=chunk), first_line)),
        threading.Thread(target=pump, args=(process.stderr, lambda chunk: _Output(stderr=chunk), None)),
    ]
    for thread in pumps:
        thread.daemon = True
        thread.start()
    try:
        for _ in pumps:
            while (message := messages.get()) is not None:
                yield message
        yield _Output(exitcode=process.wait())
    finally:
        process.kill()  # when the engine no longer listens
        processes.wait(process)


def _plugin_arguments(request: language_pb2.RunPluginRequest) -> list[str]:
    root = Path(request.info.root_directory)
    if (root / "__main__.py").is_file():
        return [request.info.program_directory, *request.args]
    project = root / "pyproject.toml"
    if not project.is_file():
        raise PluginError(f"{root} holds neither __main__.py nor a pyproject.toml: it is no Python plugin")
    name = tomllib.loads(project.read_text()).get("project", {}).get("name")
    if not name:
        raise PluginError(f"{project} does not name its project: it is no Python plugin")
    return ["-m", "pulumi.run.plugin", name, *request.args]
