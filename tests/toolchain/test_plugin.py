"""Running plugins through the language host, over gRPC."""

from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import language_pb2

from tests.toolchain.support.host import HostProcess, info
from tests.toolchain.support.lifeline import Lifeline


def request(folder: Path, **fields: Any) -> language_pb2.RunPluginRequest:
    values: dict[str, Any] = {"kind": "resource", "pwd": str(folder.parent), "info": info(folder)}
    return language_pb2.RunPluginRequest(**{**values, **fields})


def collect(host: HostProcess, call: language_pb2.RunPluginRequest) -> tuple[bytes, bytes, int]:
    """Return what a plugin wrote to each stream, and its exit code."""
    stdout, stderr, code = b"", b"", -1
    for message in host.calls.RunPlugin(call):
        stdout += message.stdout
        stderr += message.stderr
        if message.WhichOneof("output") == "exitcode":
            code = message.exitcode
    return stdout, stderr, code


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    folder = tmp_path / "plugin"
    folder.mkdir()
    return folder


def test_the_streams_are_kept_apart_and_the_exit_code_ends_them(host: HostProcess, plugin: Path) -> None:
    (plugin / "__main__.py").write_text(
        "import os, sys\n"
        "print(sys.argv[1:], os.environ['GIVEN'], os.getcwd())\n"
        "print('problem', file=sys.stderr)\n"
        "sys.exit(4)\n"
    )
    call = request(plugin, args=["127.0.0.1:1"], env=["GIVEN=a=b"])
    assert collect(host, call) == (f"['127.0.0.1:1'] a=b {plugin.parent}\n".encode(), b"problem\n", 4)


def test_a_package_runs_through_the_sdk(host: HostProcess, plugin: Path) -> None:
    (plugin / "pyproject.toml").write_text('[project]\nname = "my-plugin"\n')
    (plugin / "my_plugin").mkdir()
    (plugin / "my_plugin" / "__init__.py").touch()
    (plugin / "my_plugin" / "__main__.py").write_text("print('ran')\n")
    call = request(plugin, env=[f"PYTHONPATH={plugin}"])
    assert collect(host, call) == (b"ran\n", b"", 0)


@pytest.mark.parametrize(
    ("project", "complaint"),
    [(None, "holds neither __main__.py nor a pyproject.toml"), ("[tool]\n", "does not name its project")],
)
def test_a_folder_that_holds_no_plugin_is_refused(
    host: HostProcess, plugin: Path, project: str | None, complaint: str
) -> None:
    if project is not None:
        (plugin / "pyproject.toml").write_text(project)
    with pytest.raises(grpc.RpcError) as error:
        collect(host, request(plugin))
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert complaint in str(error.value.details())


def test_giving_up_the_call_ends_the_plugin(host: HostProcess, plugin: Path, tmp_path: Path) -> None:
    life = Lifeline(tmp_path / "life")
    (plugin / "__main__.py").write_text(
        f"import signal\nlife = open({str(life.path)!r}, 'w')\n"
        "print('started', file=life, flush=True)\nsignal.pause()\n"
    )
    call = host.calls.RunPlugin(request(plugin))
    life.wait_for_start()
    call.cancel()
    life.wait_for_end()
