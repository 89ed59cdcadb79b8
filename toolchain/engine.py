"""Which engine to use: the one on PATH when it fits, else the one in the cache, built when it is not there yet."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import bundle, cache, go, installed
from .errors import ToolchainError

MODULE = Path(__file__).parent / "cli"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI with a Python language host.

    `directory` is to be put first on PATH, `version` is as in `3.259.0`, and `built` tells whether the CLI came from
    Go modules (now or earlier) and its language host is Rampart's own.
    """

    directory: Path
    pulumi: Path
    version: str
    built: bool

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return `base` (`os.environ` when not given) as the CLI needs it.

        The engine comes first on PATH. PULUMI_PYTHON_CMD, which the official language host and Rampart's both read,
        names the running interpreter unless it is set already.
        """
        environment = dict(os.environ if base is None else base)
        path = environment.get("PATH", os.defpath)
        environment["PATH"] = os.pathsep.join([str(self.directory), path])
        environment.setdefault("PULUMI_PYTHON_CMD", sys.executable)
        return environment


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def ensure(progress: Progress = _to_stderr) -> Engine:
    """Return an engine to use, building it when none fits and none is cached.

    A cold build takes minutes; `progress` is called with a line of text every few seconds of it, and not at all when
    there is nothing to do. Safe to call from several processes at once: one builds, the others wait.

    Raises ToolchainError when no engine fits and none can be built.
    """
    root = cache.root()
    found = installed.find(os.environ.get("PATH", os.defpath), outside=root)
    if isinstance(found, installed.Installation):
        return Engine(found.pulumi.parent, found.pulumi, found.version, built=False)
    try:
        toolchain = go.inspect(MODULE)
    except ToolchainError as error:
        raise ToolchainError(f"{found} {error}") from error

    def waiting() -> None:
        progress("Another process is building the Pulumi CLI: waiting for it.")

    def build(scratch: Path) -> None:
        progress(f"{found} Building version {toolchain.pulumi_version} from Go modules; this is done once.")
        go.build(toolchain, MODULE, scratch, progress)

    cli_key = go.fingerprint(toolchain, MODULE)
    cli = root / "cli" / cli_key
    cache.publish(cli, build, waiting)
    directory = root / "engine" / bundle.fingerprint(cli_key)
    cache.publish(directory, lambda scratch: bundle.assemble(cli, scratch), waiting)
    return Engine(directory, directory / "pulumi", toolchain.pulumi_version, built=True)
