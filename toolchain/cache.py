"""The user's cache: folders that are whole or absent, whoever builds them and however that ends."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import ToolchainError


def root() -> Path:
    """Return Rampart's folder in the user's cache (XDG Base Directory: $XDG_CACHE_HOME when absolute, or ~/.cache)."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / "rampart"


def publish(target: Path, fill: Callable[[Path], None], waiting: Callable[[], None]) -> None:
    """Make the folder `target` appear at once with what `fill` puts into an empty one; do nothing when it exists.

    Only one process fills a target; `waiting` is called when that is another one. What a killed process left behind
    is cleared away. Raises what `fill` raises, and then `target` does not exist; raises ToolchainError when the cache
    cannot be written to.
    """
    if target.is_dir():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolchainError(
            f"The cache cannot be written to ({error}): set XDG_CACHE_HOME to a writable folder."
        ) from error
    with _exclusive(target.parent / f"{target.name}.lock", waiting):
        if target.is_dir():
            return
        for abandoned in target.parent.glob(f".{target.name}.*"):
            shutil.rmtree(abandoned, ignore_errors=True)  # its compiler may still be writing
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            fill(scratch)
            scratch.rename(target)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise


@contextmanager
def _exclusive(lock: Path, waiting: Callable[[], None]) -> Iterator[None]:
    if sys.platform == "win32":
        raise ToolchainError("The Pulumi CLI is not built on Windows: install it and its Python language host.")
    import fcntl

    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file, or the end of the process, releases the lock
