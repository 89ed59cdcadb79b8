"""The Pulumi CLI that a machine already has."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 200)
NEWEST = 3  # the major version
RANGE = f">={OLDEST[0]}.{OLDEST[1]},<{NEWEST + 1}"
LANGUAGE_HOST = "pulumi-language-python"

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_ANSWER_SECONDS = 30


@dataclass(frozen=True)
class Installation:
    """A CLI with a Python language host that the machine's owner installed; `version` is as in `3.259.0`."""

    pulumi: Path
    version: str


def find(path: str, *, outside: Path) -> Installation | str:
    """Return the CLI that `path` (a PATH) leads to, or a sentence that says why none of it is used.

    Folders under `outside` are passed over: Rampart's cache may be on PATH, in its own shell.
    """
    folders = [folder for folder in path.split(os.pathsep) if not _is_under(folder, outside)]
    path = os.pathsep.join(folders)
    program = shutil.which("pulumi", path=path) if folders else None
    if program is None:
        return "There is no `pulumi` on PATH."
    pulumi = Path(program).absolute()
    version = _version(pulumi)
    if version is None:
        return f"`{pulumi} version` does not answer with a version."
    if version[0] != NEWEST or version[:2] < OLDEST:
        return f"{pulumi} is version {_text(version)}, Rampart needs {RANGE}."
    if not _has_language_host(pulumi, path):
        return f"{pulumi} has no `{LANGUAGE_HOST}` beside it or on PATH."
    return Installation(pulumi, _text(version))


def _is_under(folder: str, root: Path) -> bool:
    return Path(folder).resolve().is_relative_to(root.resolve())


def _version(pulumi: Path) -> tuple[int, int, int] | None:
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    match = _VERSION.match(answer.stdout.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _text(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))


def _has_language_host(pulumi: Path, path: str) -> bool:
    beside = os.pathsep.join([str(pulumi.parent), str(pulumi.resolve().parent), path])
    return shutil.which(LANGUAGE_HOST, path=beside) is not None
