"""Running the clouds' own command-line programs."""

import subprocess
from collections.abc import Callable, Sequence

Run = Callable[[Sequence[str]], str]
"""Runs a command to its end and gives its standard output; raises `CloudCommandError`."""


class CloudCommandError(Exception):
    """A command failed; the message is the command and what it said."""


def run(command: Sequence[str]) -> str:
    """Run a cloud's own command-line program. Raises `CloudCommandError`."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CloudCommandError(f"{command[0]} is not installed here; it is wanted for: {' '.join(command)}") from None
    if done.returncode:
        raise CloudCommandError(f"{' '.join(command)}\n{(done.stderr or done.stdout).strip()}")
    return done.stdout
