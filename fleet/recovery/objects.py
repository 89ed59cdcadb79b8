"""Objects of a bucket as they were: which version of each is to be copied on top of what is there now.

No version is ever deleted, nor is what was written since: it stays as a version of its own. So all of this can be
undone in the same way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True)
class Version:
    """One version of an object. since: when it became the current one; id: None where the object was deleted then."""

    name: str
    since: datetime
    id: str | None


def back(versions: Iterable[Version], at: datetime | None) -> Iterator[Version]:
    """The versions to copy on top, by name: those that were current at a time and are not now.

    Without a time: the last versions of what is deleted. Of two with one time, the later in `versions` came later.
    """
    ordered = sorted(versions, key=lambda version: (version.name, version.since))
    for _, group in groupby(ordered, key=lambda version: version.name):
        history = list(group)
        now = history[-1]
        if at is None:
            then = [version for version in history if version.id] if now.id is None else []
        else:
            then = [version for version in history if version.since <= at]
        if then and then[-1].id and then[-1].id != now.id:
            yield then[-1]
