"""Running a program: the Run call.

Left out of what the official host does: attaching a debugger, and the `typechecker` option.
"""

import json
import signal
from pathlib import Path

from pulumi.runtime.proto import language_pb2

from .interpreter import choose
from .processes import OnCancel, Processes, interrupt

# The program's error has been shown already, and there is nothing to add (pulumi-language-python-exec).
BAIL = 32


def run_program(
    request: language_pb2.RunRequest,
    processes: Processes,
    *,
    executor: Path,
    engine: str,
    tracing: str,
    on_cancel: OnCancel,
) -> language_pb2.RunResponse:
    """Run a program to its end and say how it went.

    `executor` is Pulumi's script that runs it, `engine` the engine's address; `on_cancel` is given what interrupts the
    program. Raises OptionError for a runtime option that is not honoured.
    """
    if request.attach_debugger:
        return language_pb2.RunResponse(error="Rampart's language host attaches no debugger: use the official one")
    interpreter = choose(request.info)
    environment = interpreter.environment(
        {
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
    )
    command = [interpreter.executable, "-u", str(executor), *_arguments(request, engine, tracing)]
    try:
        process = processes.start(command, environment)
    except OSError as error:
        return language_pb2.RunResponse(error=f"could not run {interpreter.executable}: {error}")
    on_cancel(lambda: interrupt(process))
    code = processes.wait(process)
    if code == BAIL:
        return language_pb2.RunResponse(bail=True)
    return language_pb2.RunResponse(error=_failure(code))


def _arguments(request: language_pb2.RunRequest, engine: str, tracing: str) -> list[str]:
    named = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "tracing": tracing,
        "organization": request.organization,
    }
    options = [part for name, value in named.items() if value for part in (f"--{name}", value)]
    return [*options, request.info.entry_point, *request.args]


def _failure(code: int) -> str:
    if code == 0:
        return ""
    if code < 0:
        return f"program was ended by {signal.Signals(-code).name}"
    return f"program exited with non-zero exit code: {code}"
