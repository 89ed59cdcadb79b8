"""Which operation a fault strikes; what comes of one is tried in tests/interruptions."""

import contextlib
import json
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE

from simulator import faults
from simulator.faults import Fault, Faults


def test_fresh_faults_count_and_strike_only_what_none_has_struck(tmp_path: Path) -> None:
    path = tmp_path / "clouds.db.faults"
    faults = Faults(path)
    any_one, fresh = Fault("lost", "aws", at=2), Fault("lost", "aws", at=2, fresh=True)

    def struck(asked: Fault, made: str) -> str:
        path.unlink(missing_ok=True)
        path.write_text(json.dumps([asdict(asked)]))
        return "".join(urn for urn in made if faults.due("aws", "Create", urn))

    assert struck(any_one, "abc") == "b"
    assert struck(any_one, "abc") == "b"
    assert struck(fresh, "abc") == "c"
    assert struck(fresh, "abcd") == "d"
    assert struck(fresh, "abcd") == ""
    assert struck(fresh, "dbeaf") == "a"


ELSEWHERE = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
there = listener.accept()
sys.stdin.read()
"""

FROM = """
import socket, sys
mine, theirs = map(int, sys.argv[1:])
end = socket.socket()
end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
end.bind(("127.0.0.1", mine))
end.connect(("127.0.0.1", theirs))
print(end.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_the_engine_is_told_from_another_with_the_same_port_for_a_connection_to_elsewhere() -> None:
    with contextlib.ExitStack() as running:

        def run(script: str, *ports: int) -> tuple[int, int]:
            command = [sys.executable, "-c", script, *map(str, ports)]
            process = running.enter_context(subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True))
            running.callback(process.kill)
            assert process.stdout is not None
            return process.pid, int(process.stdout.readline())

        here = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        engine, port = run(FROM, 0, here.getsockname()[1])
        running.enter_context(here.accept()[0])
        # The kernel lists connections in no order: some of these stand before the engine's.
        others = [run(FROM, port, run(ELSEWHERE)[1]) for _ in range(6)]
        assert {same for _, same in others} == {port}
        assert faults._process(f"ipv4:127.0.0.1:{port}") == engine
