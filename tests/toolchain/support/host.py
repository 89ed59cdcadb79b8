"""A language host in a process of its own, and the calls an engine makes to it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

REPOSITORY = Path(__file__).parents[3]


class HostProcess:
    """A host that `calls` speaks to. Leaving the block ends it the way an engine's end does."""

    def __init__(self, executor: Path, engine: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "toolchain.language_host", "--use-executor", str(executor), engine]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, **(environment or {})},
        )
        assert self.process.stdout is not None
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(self.process.stdout.readline())}")
        self.calls = language_pb2_grpc.LanguageRuntimeStub(self._channel)

    def __enter__(self) -> "HostProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self.lose_engine()

    def lose_engine(self) -> int:
        """Let go of the host as an engine does that dies; return the host's exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait()


def info(folder: Path, **options: str) -> language_pb2.ProgramInfo:
    """Describe a program in `folder`, with these `runtime.options`."""
    program = language_pb2.ProgramInfo(root_directory=str(folder), program_directory=str(folder), entry_point=".")
    program.options.update(options)
    return program
