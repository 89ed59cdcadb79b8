"""What `--json` wrote, read again: outcomes that one job found and another reports."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from fleet.outcome import Outcome, Step, Violation


class ResultsError(Exception):
    """A file that `--json` did not write."""


def read(paths: Iterable[Path]) -> list[Outcome]:
    """The outcomes in these files, by stack. Raises `ResultsError`.

    An empty file is a job that ended before it had any: it says so itself, and no outcome is made up.
    """
    outcomes: list[Outcome] = []
    for path in paths:
        try:
            text = path.read_text()
            outcomes += [_outcome(document) for document in json.loads(text)["stacks"]] if text else []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ResultsError(f"{path} is not what --json writes: {error}") from None
    return sorted(outcomes, key=lambda outcome: outcome.stack)


def _outcome(document: dict[str, Any]) -> Outcome:
    names = {field.name for field in fields(Outcome)}
    given = {name: value for name, value in document.items() if name in names}
    given["changes"] = Counter(given["changes"])
    given["steps"] = [Step(**{**step, "keys": tuple(step["keys"])}) for step in given["steps"]]
    given["violations"] = [Violation(**violation) for violation in given["violations"]]
    return Outcome(**given)
