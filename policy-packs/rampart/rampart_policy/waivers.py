"""Exceptions: one control on one resource, owned, reasoned and dated.

Configuration and reports say exception; the code says waiver, because an exception is something else there.
"""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from rampart_policy.resources import Urn


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Until `expires` (that day included) a violation of `control` by exactly `resource` (a URN) does not count."""

    control: str
    resource: str
    owner: str
    reason: str
    expires: date

    def covers(self, today: date) -> bool:
        return today <= self.expires

    def __str__(self) -> str:
        return f"{self.control} on {self.resource}: {self.reason} ({self.owner}, until {self.expires})"


class Waivers:
    """The waivers of one run, and which of them were needed."""

    def __init__(self, waivers: Iterable[Waiver], today: date) -> None:
        self._waivers = {(waiver.control, waiver.resource): waiver for waiver in waivers}
        self._used: set[Waiver] = set()
        self.today = today

    def find(self, control: str, urn: str) -> Waiver | None:
        """The waiver for a violation, in force or expired."""
        waiver = self._waivers.get((control, urn))
        if waiver:
            self._used.add(waiver)
        return waiver

    def in_force(self) -> list[Waiver]:
        """Those that made a violation not count."""
        return [waiver for waiver in self._used if waiver.covers(self.today)]

    def complaints(self, urns: Collection[str], stack: str, project: str) -> list[str]:
        """What is wrong with the waivers of this stack: they expired, or name a resource that it does not have."""
        found = []
        for waiver in self._waivers.values():
            named = Urn.parse(waiver.resource)
            if (named.stack, named.project) != (stack, project):
                continue
            if waiver.resource not in urns:
                found.append(f"the stack has no resource {waiver.resource}{nearest(waiver.resource, urns)}: {waiver}")
            elif not waiver.covers(self.today):
                found.append(
                    f"expired on {waiver.expires}; put the resource right or renew it with its owner: {waiver}"
                )
        return found

    def unneeded(self, urns: Collection[str]) -> list[Waiver]:
        """Those whose resource exists and does not violate the control."""
        return [waiver for waiver in self._waivers.values() if waiver.resource in urns and waiver not in self._used]


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean ...?`, or nothing when no word comes near."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
