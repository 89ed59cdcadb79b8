"""Which Python runs a program."""

import os
import sys
from pathlib import Path

import pytest

from tests.toolchain.support.fake_go import executable
from tests.toolchain.support.host import info
from toolchain.language_host.interpreter import OptionError, choose


def test_without_options_it_is_the_hosts_own(tmp_path: Path) -> None:
    interpreter = choose(info(tmp_path))
    assert interpreter.executable == sys.executable
    assert interpreter.environment() == dict(os.environ)


def test_a_virtual_environment_is_relative_to_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    python = executable(tmp_path / "env" / "bin" / "python", "")
    interpreter = choose(info(tmp_path, virtualenv="env"))
    assert interpreter.executable == str(python)
    environment = interpreter.environment({"EXTRA": "1"})
    assert environment["VIRTUAL_ENV"] == str(tmp_path / "env")
    assert environment["PATH"].startswith(f"{tmp_path / 'env' / 'bin'}{os.pathsep}")
    assert environment["EXTRA"] == "1"
    assert "PYTHONHOME" not in environment


def test_a_virtual_environment_that_is_not_there_gives_the_hosts_own(tmp_path: Path) -> None:
    assert choose(info(tmp_path, virtualenv="env")).executable == sys.executable


def test_the_version_is_that_of_the_interpreter_itself(tmp_path: Path) -> None:
    assert choose(info(tmp_path)).version() == ".".join(map(str, sys.version_info[:3]))
    executable(tmp_path / "env" / "bin" / "python", "#!/bin/sh\necho 3.99.1\n")
    assert choose(info(tmp_path, virtualenv="env")).version() == "3.99.1"


def test_a_plugin_has_its_own_environment_by_default(tmp_path: Path) -> None:
    python = executable(tmp_path / "venv" / "bin" / "python", "")
    assert choose(info(tmp_path), plugin=True).executable == str(python)
    assert choose(info(tmp_path)).executable == sys.executable


def test_the_pip_toolchain_may_be_named(tmp_path: Path) -> None:
    assert choose(info(tmp_path, toolchain="pip")).executable == sys.executable


@pytest.mark.parametrize(("option", "value"), [("toolchain", "uv"), ("toolchain", "poetry"), ("typechecker", "mypy")])
def test_an_option_that_is_not_honoured_is_refused(tmp_path: Path, option: str, value: str) -> None:
    with pytest.raises(OptionError, match=f"runtime option '{option}' is '{value}'.*install the Pulumi CLI"):
        choose(info(tmp_path, **{option: value}))


def test_a_virtual_environment_must_be_a_path(tmp_path: Path) -> None:
    program = info(tmp_path)
    program.options.update({"virtualenv": 7})
    with pytest.raises(OptionError, match=r"'virtualenv' is 7\.0, and must be the path of a folder"):
        choose(program)
