"""Running a long command: its progress, its failure and its end."""

import os
from pathlib import Path

import pytest

from tests.toolchain.support.lifeline import Lifeline
from toolchain.commands import CommandError, run


def test_output_is_returned_and_progress_counts_lines(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gate")
    seen: list[str] = []

    def progress(line: str) -> None:
        if line.startswith("2 lines") and not seen:
            seen.append(line)
            (tmp_path / "gate").write_text("\n")

    script = "echo one >&2; echo two >&2; read -r _ < gate; echo result"
    output = run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env=os.environ,
        describe=lambda lines: f"{lines} lines",
        progress=progress,
        interval=0,
    )
    assert output == "result\n"
    assert seen == ["2 lines, 0 s"]


def test_a_failure_carries_what_the_command_said(tmp_path: Path) -> None:
    script = "echo package/name >&2; echo 'go: downloading m v1' >&2; echo 'it is broken' >&2; exit 3"
    with pytest.raises(CommandError, match="ended with 3") as error:
        run(["/bin/sh", "-c", script], cwd=tmp_path, env=os.environ, describe=str, progress=print)
    assert error.value.output == "it is broken"


def test_an_interrupt_ends_the_command_and_its_children(tmp_path: Path) -> None:
    life = Lifeline(tmp_path / "life")
    os.mkfifo(tmp_path / "gate")
    script = "sh -c 'echo going >&2; exec 3> life; echo started >&3; read -r _ < gate' & wait"

    def progress(line: str) -> None:
        if line.startswith("1"):
            assert life.wait_for_start() == "started"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(["/bin/sh", "-c", script], cwd=tmp_path, env=os.environ, describe=str, progress=progress, interval=0)
    life.wait_for_end()
