"""The language host's other calls, over gRPC, and its launcher."""

import os
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2

from tests.toolchain.support.fake_go import executable
from tests.toolchain.support.host import HostProcess, info
from toolchain import Engine
from toolchain.language_host import VERSION


def test_it_says_which_host_it_is_and_what_it_runs_on(host: HostProcess) -> None:
    assert host.calls.GetPluginInfo(empty_pb2.Empty()).version == VERSION
    about = host.calls.About(language_pb2.AboutRequest())
    assert about.executable == sys.executable
    assert about.version == ".".join(map(str, sys.version_info[:3]))


def test_it_takes_the_engines_address_at_the_handshake(host: HostProcess) -> None:
    request = language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:1")
    assert host.calls.Handshake(request) == language_pb2.LanguageHandshakeResponse()


def test_required_packages_are_the_installed_providers_less_the_attached_ones(executor: Path, tmp_path: Path) -> None:
    with HostProcess(executor, "127.0.0.1:1", {"PULUMI_DEBUG_PROVIDERS": "random:4001"}) as host:
        response = host.calls.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info(tmp_path)))
    found = {package.name: package for package in response.packages}
    assert "random" not in found
    assert found["aws"].kind == "resource"
    assert found["aws"].version.startswith("v7.")


def test_dependencies_are_all_packages_or_those_that_no_other_requires(host: HostProcess, tmp_path: Path) -> None:
    def names(transitive: bool) -> set[str]:
        request = language_pb2.GetProgramDependenciesRequest(info=info(tmp_path), transitiveDependencies=transitive)
        return {dependency.name for dependency in host.calls.GetProgramDependencies(request).dependencies}

    assert names(True) >= {"pulumi", "pulumi-random"}
    assert "pulumi-random" in names(False)
    assert "pulumi" not in names(False)


def test_it_asks_for_no_option(host: HostProcess, tmp_path: Path) -> None:
    response = host.calls.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest(info=info(tmp_path)))
    assert response == language_pb2.RuntimeOptionsResponse()


def test_installing_is_refused_with_what_to_do_instead(host: HostProcess, tmp_path: Path) -> None:
    stream = host.calls.InstallDependencies(language_pb2.InstallDependenciesRequest(info=info(tmp_path)))
    assert f"In {tmp_path}: pip install -r requirements.txt" in next(stream).stderr.decode()
    with pytest.raises(grpc.RpcError) as error:
        next(stream)
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION


def test_code_generation_is_unimplemented(host: HostProcess) -> None:
    with pytest.raises(grpc.RpcError) as error:
        host.calls.GeneratePackage(language_pb2.GeneratePackageRequest())
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED


def launch(engine: Engine, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Start the launcher with nothing else in its environment; it ends when it finds no engine on standard input."""
    launcher = engine.directory / "pulumi-language-python"
    return subprocess.run([launcher], input="", capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter that says which one it is."""
    return executable(tmp_path / "env" / "bin" / "python", '#!/bin/sh\necho "$0"\n')


def test_the_launcher_takes_the_interpreter_that_is_named(engine: Engine, python: Path) -> None:
    environment = {"PATH": os.defpath, "PULUMI_PYTHON_CMD": str(python), "VIRTUAL_ENV": "/nonexistent"}
    assert launch(engine, environment).stdout == f"{python}\n"


def test_the_launcher_takes_the_active_virtual_environment(engine: Engine, python: Path) -> None:
    environment = {"PATH": os.defpath, "VIRTUAL_ENV": str(python.parents[1])}
    assert launch(engine, environment).stdout == f"{python}\n"


def test_the_launcher_takes_python3_from_path_otherwise(engine: Engine, python: Path) -> None:
    python.rename(python.parent / "python3")
    environment = {"PATH": str(python.parent), "VIRTUAL_ENV": "/nonexistent"}
    assert launch(engine, environment).stdout == f"{python.parent / 'python3'}\n"


def test_the_launcher_starts_a_host_that_leaves_with_its_engine(engine: Engine) -> None:
    done = launch(engine, {"PATH": os.defpath, "PULUMI_PYTHON_CMD": sys.executable})
    assert done.returncode == 0
    assert done.stdout.strip().isdecimal()
    assert done.stderr == ""


def test_an_interpreter_without_the_sdk_is_an_error_that_says_what_would_do(engine: Engine, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    bare = tmp_path / "bare" / "bin" / "python"
    done = launch(engine, {"PATH": os.defpath, "PULUMI_PYTHON_CMD": str(bare)})
    assert done.returncode == 1
    assert done.stderr.startswith(f"pulumi-language-python: {bare} cannot run Rampart's language host")
    assert "PULUMI_PYTHON_CMD" in done.stderr
