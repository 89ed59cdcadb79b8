"""Exceptions: one control on one resource, owned, reasoned and dated.

Configuration and reports say exception; the code says waiver, because an exception is something else there.
"""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from rampart_policy.resources import Urn

ANY = "*"
"""Any text, in the name of a stack and nowhere else: the same program has many stacks, and one resource in each."""


def stack_matches(pattern: str, stack: str) -> bool:
    """Whether a stack has a name, or one that a pattern (`azure-*`) stands for."""
    return pattern == stack or (
        ANY in pattern and re.fullmatch(".*".join(map(re.escape, pattern.split(ANY))), stack) is not None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Until `expires` (that day included) a violation of `control` by exactly `resource` does not count: a URN, in
    which `*` in the stack's name stands for any text.
    """

    control: str
    resource: str
    owner: str
    reason: str
    expires: date

    def covers(self, today: date) -> bool:
        return today <= self.expires

    def names(self, urn: str) -> bool:
        """Whether it is about a resource."""
        named, given = Urn.parse(self.resource), Urn.parse(urn)
        return named.rest == given.rest and stack_matches(named.stack, given.stack)

    def __str__(self) -> str:
        return f"{self.control} on {self.resource}: {self.reason} ({self.owner}, until {self.expires})"


class Waivers:
    """The waivers of one run, and which of them were needed."""

    def __init__(self, waivers: Iterable[Waiver], today: date) -> None:
        self._waivers = tuple(waivers)
        self._by_place: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in self._waivers:
            self._by_place.setdefault((waiver.control, Urn.parse(waiver.resource).rest), []).append(waiver)
        self._used: set[Waiver] = set()
        self.today = today

    def find(self, control: str, urn: str) -> Waiver | None:
        """The waiver for a violation, in force or expired."""
        found = [waiver for waiver in self._by_place.get((control, Urn.parse(urn).rest), ()) if waiver.names(urn)]
        if not found:
            return None
        waiver = max(found, key=lambda each: each.expires)
        self._used.add(waiver)
        return waiver

    def in_force(self) -> list[Waiver]:
        """Those that made a violation not count."""
        return [waiver for waiver in self._used if waiver.covers(self.today)]

    def complaints(self, urns: Collection[str], stack: str, project: str) -> list[str]:
        """What is wrong with the waivers of this stack: they expired, or name a resource that it does not have."""
        found = []
        for waiver in self._waivers:
            named = Urn.parse(waiver.resource)
            if named.project != project or not stack_matches(named.stack, stack):
                continue
            resource = f"urn:pulumi:{stack}::{named.rest}"
            if resource not in urns:
                found.append(f"the stack has no resource {resource}{nearest(resource, urns)}: {waiver}")
            elif not waiver.covers(self.today):
                found.append(
                    f"expired on {waiver.expires}; put the resource right or renew it with its owner: {waiver}"
                )
        return found

    def unneeded(self, urns: Collection[str]) -> list[Waiver]:
        """Those whose resource exists and does not violate the control."""
        idle = [waiver for waiver in self._waivers if waiver not in self._used]
        return [waiver for waiver in idle if any(map(waiver.names, urns))]


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean ...?`, or nothing when no word comes near."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
