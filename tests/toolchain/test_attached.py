"""One language host for several engines, which attach to it."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tests.toolchain.support.fake_engine import FakeEngine
from tests.toolchain.support.lifeline import Lifeline
from tests.toolchain.test_program import WAIT, request
from toolchain import Engine, attached


def nothing(_: object) -> tuple[str, ...]:
    return ()


class Attached:
    """An engine's connection of its own."""

    def __init__(self, port: str, engine: FakeEngine) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
        self.calls = language_pb2_grpc.LanguageRuntimeStub(self.channel)
        self.engine = engine
        self.calls.Handshake(language_pb2.LanguageHandshakeRequest(engine_address=engine.address))


@pytest.fixture
def engines(engine: Engine) -> Iterator[list[Attached]]:
    """Two that are attached to the same host."""
    port = attached(engine, nothing)["PULUMI_DEBUG_LANGUAGES"].removeprefix("python:")
    with FakeEngine() as one, FakeEngine() as other:
        both = [Attached(port, one), Attached(port, other)]
        yield both
        for each in both:
            each.channel.close()


def test_each_engine_hears_from_its_own_program(engines: list[Attached], tmp_path: Path) -> None:
    for number, each in enumerate(engines):
        program = f"import pulumi\npulumi.export('number', {number})\nraise ValueError({number})"
        assert each.calls.Run(request(tmp_path, each.engine, program)) == language_pb2.RunResponse(bail=True)
    errors = [error.strip().rpartition("\n")[2] for each in engines for error in each.engine.errors]
    assert errors == ["ValueError: 0", "ValueError: 1"]


def test_cancel_interrupts_the_programs_of_the_engine_that_asks(engines: list[Attached], tmp_path: Path) -> None:
    lives, runs = [], []
    for number, each in enumerate(engines):
        folder = tmp_path / str(number)
        folder.mkdir()
        life = Lifeline(folder / "life")
        runs.append(each.calls.Run.future(request(folder, each.engine, WAIT.format(life=str(life.path)))))
        life.wait_for_start()
        lives.append(life)
    engines[0].calls.Cancel(empty_pb2.Empty())
    assert runs[0].result() == language_pb2.RunResponse(error="program exited with non-zero exit code: 7")
    lives[0].wait_for_end()
    assert not runs[1].done()
    runs[1].cancel()
    lives[1].wait_for_end()


def test_an_engine_that_was_not_built_here_starts_its_own(engine: Engine) -> None:
    assert attached(dataclasses.replace(engine, built=False), nothing) == {}
