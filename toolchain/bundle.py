"""Putting the built CLI and Rampart's own language host into one folder, the one that goes on PATH.

The engine looks for a language host beside its own executable. The host is copied, not referred to: the cache is
shared by every checkout on the machine, and a checkout may be moved or removed.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from .go import EXECUTOR
from .installed import LANGUAGE_HOST

SOURCES = Path(__file__).parent
# Not beside the executor: the folder of a script is importable by the program it runs.
PACKAGE = Path("libexec") / "language_host"


def fingerprint(cli_key: str, sources: Path = SOURCES) -> str:
    """Return the cache key of the folder: a hash of the CLI's own key and of the language host's files."""
    digest = hashlib.sha256(cli_key.encode())
    for name, source in _files(sources):
        digest.update(f"\0{name}\0".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:32]


def assemble(cli: Path, destination: Path, sources: Path = SOURCES) -> None:
    """Fill the empty folder `destination` from `cli`, which holds what `go.build` makes."""
    for name in ("pulumi", EXECUTOR):
        _link(cli / name, destination / name)
    for path, source in _files(sources):
        target = destination / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (destination / LANGUAGE_HOST).chmod(0o755)


def _files(sources: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file of the language host: its place in the folder, and where it comes from."""
    yield Path(LANGUAGE_HOST), sources / LANGUAGE_HOST
    for source in sorted((sources / "language_host").glob("*.py")):
        yield PACKAGE / source.name, source


def _link(source: Path, target: Path) -> None:
    # A symbolic link would not do: the engine follows it, and then looks for the language host in the other folder.
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
