"""Processes that begin with their modules imported are like others in everything else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.toolchain.support.lifeline import Lifeline
from toolchain.language_host.fork_server import Forked, ForkServer, of_python, shared
from toolchain.language_host.forking import ForkingProcesses


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkServer]:
    """One that has imported a module of the test's own, and could not import another."""
    (tmp_path / "heavy.py").write_text("weight = [1]\n")
    made = ForkServer(["heavy", "there_is_none"], [str(tmp_path)])
    yield made
    made.close()


def run(server: ForkServer, folder: Path, program: str, *arguments: str) -> Forked:
    script = folder / "program" / "script.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(program)
    environment = {"GIVEN": "yes", "PATH": os.defpath}
    return server.start([str(script), *arguments], environment, cwd=str(folder), capture=True)


def said(process: Forked) -> tuple[str, str, int]:
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as out, process.stderr as err:
        return out.read().decode(), err.read().decode(), process.wait()


def test_a_script_gets_what_it_was_started_with(server: ForkServer, tmp_path: Path) -> None:
    program = "import os, sys\nprint(__name__, sys.argv, sys.path[0], os.getcwd(), dict(os.environ))\n"
    script = str(tmp_path / "program" / "script.py")
    environment = {"GIVEN": "yes", "PATH": os.defpath}
    expected = f"__main__ {[script, 'one']} {tmp_path / 'program'} {tmp_path} {environment}\n"
    assert said(run(server, tmp_path, program, "one")) == (expected, "", 0)


def test_a_module_is_run_in_its_folder(server: ForkServer, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("import sys\nprint(__name__, sys.argv[1:], sys.path[0])\n")
    process = server.start(["-m", "tool", "one"], dict(os.environ), cwd=str(tmp_path), capture=True)
    assert said(process)[0] == f"__main__ ['one'] {tmp_path}\n"


def test_what_was_imported_beforehand_is_there_and_its_folder_is_not(server: ForkServer, tmp_path: Path) -> None:
    program = f"import sys\nprint('heavy' in sys.modules, {str(tmp_path)!r} in sys.path)\nimport there_is_none\n"
    out, err, code = said(run(server, tmp_path, program))
    assert (out, code) == ("True False\n", 1)
    assert "No module named 'there_is_none'" in err


def test_what_one_process_does_to_a_module_the_next_does_not_see(server: ForkServer, tmp_path: Path) -> None:
    program = "import heavy\nheavy.weight.append(2)\nprint(heavy.weight)\n"
    assert [said(run(server, tmp_path, program))[0] for _ in range(2)] == ["[1, 2]\n"] * 2


@pytest.mark.parametrize(
    ("program", "ends"),
    [
        ("import sys; sys.exit()", ("", 0)),
        ("import sys; sys.exit(32)", ("", 32)),
        ("import sys; sys.exit('broken')", ("broken\n", 1)),
        ("import os; os._exit(3)", ("", 3)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ("", -signal.SIGKILL)),
    ],
)
def test_how_it_ends_is_told(server: ForkServer, tmp_path: Path, program: str, ends: tuple[str, int]) -> None:
    _, err, code = said(run(server, tmp_path, program))
    assert (err, code) == ends


WAIT = """
import signal
with open({life!r}, "w") as life:
    print("started", file=life, flush=True)
    signal.pause()
"""


def test_it_can_be_waited_for_asked_about_and_interrupted(server: ForkServer, tmp_path: Path) -> None:
    life = Lifeline(tmp_path / "life")
    process = run(server, tmp_path, WAIT.format(life=str(life.path)))
    life.wait_for_start()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    process.send_signal(signal.SIGINT)
    _, err, code = said(process)
    assert (err.splitlines()[-1], code) == ("KeyboardInterrupt", 1)
    process.kill()  # nobody is there any more
    assert process.poll() == 1
    life.wait_for_end()


STARTS = """
import signal, sys
from toolchain.language_host.fork_server import ForkServer
server = ForkServer([])
server.start(sys.argv[1:], {})
signal.pause()
"""


def test_it_ends_with_who_asked_for_it_however_that_one_ends(tmp_path: Path) -> None:
    life, script = Lifeline(tmp_path / "life"), tmp_path / "script.py"
    script.write_text(WAIT.format(life=str(life.path)))
    asking = subprocess.Popen([sys.executable, "-c", STARTS, script])
    life.wait_for_start()
    asking.kill()
    asking.wait()
    life.wait_for_end()


def test_it_ends_with_the_host_even_when_it_does_not_listen_and_is_waited_for(tmp_path: Path) -> None:
    life, script = Lifeline(tmp_path / "life"), tmp_path / "script.py"
    script.write_text(
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WAIT.format(life=str(life.path))
    )
    processes = ForkingProcesses(lambda _: ())
    process = processes.start([sys.executable, "-u", str(script)], os.environ)
    assert isinstance(process, Forked)
    with ThreadPoolExecutor() as pool:
        waits = pool.submit(processes.wait, process)
        life.wait_for_start()
        processes.close()
        life.wait_for_end()
        assert waits.result() == -signal.SIGKILL


def test_without_its_server_a_process_starts_as_ever(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("")
    processes = ForkingProcesses(lambda _: (), (str(tmp_path),))
    shared((), (str(tmp_path),), of_python(os.environ)).close()
    process = processes.start([sys.executable, "-u", str(script)], os.environ)
    assert isinstance(process, subprocess.Popen)
    assert processes.wait(process) == 0


def test_another_interpreter_and_other_settings_of_it_are_not_forked(tmp_path: Path) -> None:
    processes, script = ForkingProcesses(lambda _: ()), tmp_path / "script.py"
    script.write_text("import sys\nprint(sys.path)\n")
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    plain = processes.start([str(other), "-u", str(script)], os.environ)
    assert isinstance(plain, subprocess.Popen)
    assert processes.wait(plain) == 0
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "more")}
    forked = processes.start([sys.executable, "-u", str(script)], environment, capture=True)
    assert isinstance(forked, Forked)
    assert str(tmp_path / "more") in said(forked)[0]
