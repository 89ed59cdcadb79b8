"""Runs a stack's operations with faults, and says what is left of it by both accounts."""

import dataclasses
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pulumi import automation

from demo.project import Project
from fleet import Fleet
from fleet.finds import Again, how
from fleet.resume import Choices, UnsettledError
from simulator.client import beside
from simulator.faults import Fault
from tests.interruptions.ledger import BY_HAND, Thing, in_clouds, in_state, latest, records

SEED = int(os.environ.get("RAMPART_SEED") or random.randrange(1_000_000))
"""What decides where faults strike: printed with a failure, and settable to repeat it."""

POINTS = int(os.environ.get("RAMPART_POINTS", "8"))
"""How many faults strike one stack."""

IN_FLIGHT = 8
"""How many operations the engine has under way at once, where more than one is wanted."""

OPEN = re.compile(rf"(?P<name>\S+) \(({'|'.join(map(re.escape, BY_HAND))})\): may have been made; ")


@dataclass(frozen=True)
class Trial:
    """One stack, built from nothing while things go wrong."""

    fleet: Fleet
    project: Project
    stack: str
    beyond: Counter[Thing] = field(default_factory=Counter)
    """What outlives the stack in its cloud."""
    released: Counter[Thing] = field(default_factory=Counter)
    """What the stack lets go of, and what it lies in takes along when that goes."""

    @property
    def cloud(self) -> str:
        return self.stack.partition("-")[0]

    @property
    def package(self) -> str:
        return {"azure": "azure-native"}.get(self.cloud, self.cloud)

    def ask_for(self, faults: Sequence[Fault]) -> None:
        """Ask for these, counted from now on, and no others."""
        beside(self.project.clouds, "faults.met").write_text("")
        beside(self.project.clouds, "faults").write_text(json.dumps([asdict(fault) for fault in faults]))

    def met(self) -> list[Fault]:
        """Those that the engine has met since they were asked for."""
        return [Fault(**{name: of for name, of in met.items() if name != "urn"}) for met in self._met()]

    def struck(self) -> list[str]:
        """The URNs of the resources that these have struck."""
        return [met["urn"] for met in self._met()]

    def _met(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in beside(self.project.clouds, "faults.met").read_text().splitlines()]

    def up(self, one_by_one: bool = False) -> str:
        """What the fleet's update does once its preview has passed; what went wrong.

        It goes on after errors, to meet more of them. one_by_one: no two resources are made at the same time.
        """
        return self._does("up", one_by_one)

    def down(self) -> str:
        """The same for the deletion of all that the stack has, one by one."""
        return self._does("destroy", one_by_one=True)

    def _does(self, operation: str, one_by_one: bool) -> str:
        recovery = self.fleet.recovery(self.stack)
        try:
            getattr(recovery.stack, operation)(
                parallel=1 if one_by_one else IN_FLIGHT,
                continue_on_error=True,
                on_event=recovery.journal.take,
                suppress_progress=True,
                color="never",
            )
        except automation.CommandError as error:
            return str(error)
        return ""

    def resume(self) -> list[str]:
        """Settle what is unsettled, looking where somebody must look, and say what was done."""
        recovery = dataclasses.replace(self.fleet, resume=Choices()).recovery(self.stack)
        try:
            return recovery.resume()
        except UnsettledError as error:
            asked = [*latest(self.project, self.stack).get("pending_operations", ()), *recovery.journal.entries()]
            names = [match["name"] for line in error.lines if (match := OPEN.match(line))]
            if len(names) != sum("may have been made" in line for line in error.lines):
                raise
            found = {name: self._found(name, asked) for name in names}
            adopt = {name: id_ for name, id_ in found.items() if id_}
            choices = Choices(adopt, [name for name in names if name not in adopt])
            released = [line for line in error.lines if line.startswith("released")]
            return released + dataclasses.replace(recovery, choices=choices).resume()

    def _found(self, name: str, asked: list[dict[str, Any]]) -> str:
        """The id under which the cloud has what was asked for by a name, or none."""
        [wanted, *_] = [each["resource"] for each in asked if each["resource"]["urn"].endswith(f"::{name}")]
        own, telling = in_state(self.project, self.stack), ("displayName", "rule", "arn")
        for record in records(self.project, self.cloud):
            same = all(record["inputs"].get(key) == wanted["inputs"].get(key) for key in telling)
            if record["type"] == wanted["type"] and same and (record["type"], record["id"]) not in own:
                return str(record["id"])
        return ""

    def unsettled(self) -> list[str]:
        """What is pending, and where the two accounts differ, but for what may be asked for again or was let go of."""
        there = self._differences(self.beyond | self.released)
        return [line for token, line in there if not isinstance(how(token), Again)]

    def wrong(self) -> list[str]:
        """What is pending, and where the two accounts differ."""
        return [line for _, line in self._differences(self.beyond)]

    def _differences(self, beside: Counter[Thing]) -> Iterator[tuple[str, str]]:
        """Each by its type. beside: what the cloud may have beside what the state has."""
        for operation in latest(self.project, self.stack).get("pending_operations") or ():
            yield "", f"pending: {operation['type']} {operation['resource']['urn']}"
        clouds, state = in_clouds(self.project, self.cloud), in_state(self.project, self.stack)
        for token, id_ in (clouds - state - beside).elements():
            yield token, f"only in the cloud: {token} {id_}"
        for token, id_ in (state - clouds).elements():
            yield "", f"only in the state: {token} {id_}"
