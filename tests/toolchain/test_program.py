"""Running programs through the language host, over gRPC, with Pulumi's own runner."""

import ctypes
import signal
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2

from tests.toolchain.support.fake_engine import FakeEngine
from tests.toolchain.support.host import HostProcess, info
from tests.toolchain.support.lifeline import PATIENCE_SECONDS, Lifeline


def request(folder: Path, engine: FakeEngine, program: str, **fields: Any) -> language_pb2.RunRequest:
    (folder / "__main__.py").write_text(program)
    values: dict[str, Any] = {
        "project": "tiny",
        "stack": "dev",
        "pwd": str(folder),
        "parallel": 4,
        "organization": "acme",
        "monitor_address": engine.address,
        "info": info(folder),
    }
    return language_pb2.RunRequest(**{**values, **fields})


EXPORT_EVERYTHING = """
import os, sys
import pulumi
from pulumi.runtime.config import is_config_secret

config = pulumi.Config()
pulumi.export("color", config.require("color"))
pulumi.export("password", config.require_secret("password"))
pulumi.export("secret", [is_config_secret("tiny:color"), is_config_secret("tiny:password")])
pulumi.export("dry_run", pulumi.runtime.is_dry_run())
pulumi.export("names", [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])
pulumi.export("root", pulumi.get_root_directory())
pulumi.export("cwd", os.getcwd())
pulumi.export("parallel", pulumi.runtime.settings.SETTINGS.parallel)
pulumi.export("arguments", sys.argv[1:])
"""


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_program_gets_what_the_engine_says(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path, dry_run: bool
) -> None:
    response = host.calls.Run(
        request(
            tmp_path,
            fake_engine,
            EXPORT_EVERYTHING,
            dryRun=dry_run,
            config={"tiny:color": "blue", "tiny:password": "hunter2"},
            configSecretKeys=["tiny:password"],
            args=["one", "two"],
        )
    )
    assert response == language_pb2.RunResponse()
    outputs = fake_engine.outputs
    password = outputs.pop("password")
    assert password["value"] == "hunter2"
    assert len(password) == 2, "it is marked as a secret"
    assert outputs == {
        "color": "blue",
        "secret": [False, True],
        "dry_run": dry_run,
        "names": ["acme", "tiny", "dev"],
        "root": str(tmp_path),
        "cwd": str(tmp_path),
        "parallel": 4,
        "arguments": ["one", "two"],
    }


def test_an_exception_is_shown_by_the_runner_and_bails(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path
) -> None:
    response = host.calls.Run(request(tmp_path, fake_engine, "raise ValueError('broken')"))
    assert response == language_pb2.RunResponse(bail=True)
    assert "ValueError: broken" in fake_engine.errors[0]


def test_an_exit_code_is_an_error_that_names_it(host: HostProcess, fake_engine: FakeEngine, tmp_path: Path) -> None:
    response = host.calls.Run(request(tmp_path, fake_engine, "import os; os._exit(3)"))
    assert response == language_pb2.RunResponse(error="program exited with non-zero exit code: 3")


def test_a_signal_is_an_error_that_names_it(host: HostProcess, fake_engine: FakeEngine, tmp_path: Path) -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    response = host.calls.Run(request(tmp_path, fake_engine, program))
    assert response == language_pb2.RunResponse(error="program was ended by SIGKILL")


def test_an_interpreter_that_cannot_run_is_an_error(host: HostProcess, fake_engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / "bin" / "python").touch()
    response = host.calls.Run(request(tmp_path, fake_engine, "", info=info(tmp_path, virtualenv="env")))
    assert response.error.startswith(f"could not run {tmp_path}/env/bin/python: ")


def test_an_option_that_is_not_honoured_is_refused(host: HostProcess, fake_engine: FakeEngine, tmp_path: Path) -> None:
    with pytest.raises(grpc.RpcError) as error:
        host.calls.Run(request(tmp_path, fake_engine, "", info=info(tmp_path, toolchain="uv")))
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert "runtime option 'toolchain' is 'uv'" in str(error.value.details())


def test_a_debugger_is_refused(host: HostProcess, fake_engine: FakeEngine, tmp_path: Path) -> None:
    response = host.calls.Run(request(tmp_path, fake_engine, "", attach_debugger=True))
    assert "attaches no debugger" in response.error


WAIT = """
import signal, sys
life = open({life!r}, "w")
print("started", file=life, flush=True)
try:
    signal.pause()
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.fixture
def life(tmp_path: Path) -> Lifeline:
    return Lifeline(tmp_path / "life")


def test_cancel_interrupts_the_program(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path, life: Lifeline
) -> None:
    run = host.calls.Run.future(request(tmp_path, fake_engine, WAIT.format(life=str(life.path))))
    life.wait_for_start()
    host.calls.Cancel(empty_pb2.Empty())
    assert run.result() == language_pb2.RunResponse(error="program exited with non-zero exit code: 7")
    life.wait_for_end()


def test_a_call_that_is_given_up_interrupts_the_program(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path, life: Lifeline
) -> None:
    run = host.calls.Run.future(request(tmp_path, fake_engine, WAIT.format(life=str(life.path))))
    life.wait_for_start()
    run.cancel()
    life.wait_for_end()


def test_the_end_of_the_engine_ends_the_host_and_the_program(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path, life: Lifeline
) -> None:
    _running = host.calls.Run.future(request(tmp_path, fake_engine, WAIT.format(life=str(life.path))))
    life.wait_for_start()
    assert host.lose_engine() == 0
    life.wait_for_end()


@pytest.mark.skipif(sys.platform != "linux", reason="lists threads by /proc and signals one with glibc's tgkill")
def test_a_signal_that_one_of_grpcs_threads_takes_ends_the_host(host: HostProcess) -> None:
    threads = [int(task.name) for task in Path(f"/proc/{host.process.pid}/task").iterdir()]
    assert ctypes.CDLL(None).tgkill(host.process.pid, max(threads), signal.SIGINT) == 0
    assert host.process.wait(timeout=PATIENCE_SECONDS) == 0


DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


@pytest.mark.parametrize(("number", "program"), [(signal.SIGINT, WAIT), (signal.SIGTERM, DEAF + WAIT)])
def test_a_signal_ends_the_host_and_the_program_even_one_that_does_not_listen(
    host: HostProcess, fake_engine: FakeEngine, tmp_path: Path, life: Lifeline, number: signal.Signals, program: str
) -> None:
    _running = host.calls.Run.future(request(tmp_path, fake_engine, program.format(life=str(life.path))))
    life.wait_for_start()
    host.process.send_signal(number)
    assert host.process.wait() == 0
    life.wait_for_end()
