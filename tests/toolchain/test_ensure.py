"""ensure(): which engine it gives, what it builds, and what other processes and kills do to that."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toolchain.support.fake_go import FakeGo, executable
from tests.toolchain.support.host import REPOSITORY
from toolchain import Engine, ToolchainError, ensure


def start() -> "subprocess.Popen[str]":
    """Run `python -m toolchain` with the environment of the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "toolchain"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def leftovers(cache: Path) -> list[str]:
    """Return what is in the cache of built CLIs besides whole ones and locks."""
    return [entry.name for entry in (cache / "rampart" / "cli").iterdir() if entry.name.startswith(".")]


def test_an_installed_engine_that_fits_is_used_and_nothing_built(go: FakeGo) -> None:
    pulumi = executable(go.folder / "pulumi", "#!/bin/sh\necho v3.210.1\n")
    executable(go.folder / "pulumi-language-python", "#!/bin/sh\n")
    lines: list[str] = []
    assert ensure(lines.append) == Engine(go.folder, pulumi, "3.210.1", built=False)
    assert lines == []
    assert not (go.control / "calls").exists()


def test_an_engine_that_does_not_fit_is_named_and_another_one_built_once(go: FakeGo) -> None:
    executable(go.folder / "pulumi", "#!/bin/sh\necho v3.100.0\n")
    lines: list[str] = []
    engine = ensure(lines.append)
    assert engine.built
    assert engine.version == "3.259.0"
    assert engine.pulumi == engine.directory / "pulumi"
    assert "is version 3.100.0, Rampart needs >=3.200,<4. Building version 3.259.0" in lines[0]
    lines.clear()
    assert ensure(lines.append) == engine
    assert lines == []
    assert go.builds() == 1


def test_the_built_engine_is_not_taken_for_an_installed_one(go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ensure(print)
    monkeypatch.setenv("PATH", first.environment()["PATH"])
    assert ensure(print) == first


def test_without_go_the_error_says_what_was_found_and_what_would_do(go: FakeGo) -> None:
    (go.folder / "go").unlink()
    with pytest.raises(
        ToolchainError, match=r"There is no `pulumi` on PATH\. There is no `go` on PATH.*install the Pulumi CLI, or Go"
    ):
        ensure(print)


def test_a_failed_build_leaves_nothing_and_can_be_tried_again(go: FakeGo, tmp_path: Path) -> None:
    go.fail("it is broken")
    with pytest.raises(ToolchainError, match="it is broken"):
        ensure(print)
    assert leftovers(tmp_path / "cache") == []
    go.recover()
    assert ensure(print).pulumi.is_file()


def test_two_processes_at_once_build_once(go: FakeGo) -> None:
    build = go.hold()
    first = start()
    build.wait_for_start()
    second = start()
    assert second.stderr is not None
    assert second.stderr.readline() == "Another process is building the Pulumi CLI: waiting for it.\n"
    go.release()
    outputs = [process.communicate()[0] for process in (first, second)]
    assert outputs[0] == outputs[1]
    assert Path(outputs[0].strip(), "pulumi").is_file()
    assert go.builds() == 1


def test_a_killed_build_leaves_nothing_that_the_next_one_would_use(go: FakeGo, tmp_path: Path) -> None:
    build = go.hold()
    process = start()
    build.wait_for_start()
    process.kill()
    process.communicate()
    assert [entry for entry in (tmp_path / "cache" / "rampart" / "cli").iterdir() if (entry / "pulumi").exists()] == []
    go.release()  # the orphan now writes its result, into a folder that nobody takes for a build
    build.wait_for_end()
    go.stop_holding()
    engine = ensure(print)
    assert go.builds() == 2
    assert engine.pulumi.is_file()
    assert leftovers(tmp_path / "cache") == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_build_ends_the_compiler_and_clears_up(
    go: FakeGo, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    build = go.hold()
    process = start()
    build.wait_for_start()
    process.send_signal(number)
    process.communicate()
    assert process.returncode == code
    build.wait_for_end()
    assert leftovers(tmp_path / "cache") == []


def test_the_command_prints_the_folder_and_nothing_else_on_standard_output(go: FakeGo) -> None:
    output, errors = start().communicate()
    assert output == f"{ensure(print).directory}\n"
    assert "Building version 3.259.0" in errors


def test_the_command_reports_an_error_in_one_line(go: FakeGo) -> None:
    (go.folder / "go").unlink()
    process = start()
    output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert errors.startswith("toolchain: There is no `pulumi` on PATH.")


def test_the_environment_puts_the_engine_first_and_names_an_interpreter() -> None:
    engine = Engine(Path("/engine"), Path("/engine/pulumi"), "3.259.0", built=True)
    environment = engine.environment({"PATH": "/bin", "KEPT": "1"})
    assert environment == {
        "PATH": f"/engine{os.pathsep}/bin",
        "KEPT": "1",
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    chosen = engine.environment({"PULUMI_PYTHON_CMD": "/my/python"})
    assert chosen["PULUMI_PYTHON_CMD"] == "/my/python"
