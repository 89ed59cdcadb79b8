"""What is asked for, and what a recovery is made of."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from components.recovery import Kind
from fleet.commands import Run, run


class RecoveryError(Exception):
    """It cannot be brought back so; the message says why, and what would do."""


@dataclass(frozen=True)
class Step:
    """One command. does: in words. inside: it reaches what only the network reaches, so it runs inside it only."""

    command: tuple[str, ...]
    does: str
    inside: bool = False

    def __str__(self) -> str:
        return shlex.join(self.command)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked of a stack.

    store: its name, as `stores` has it. at: as it was then; None: the newest there is, and for a bucket, what was
    deleted. prefix: only objects whose names begin so. inside: this runs inside the network. plan: only say what would
    be run; the cloud is asked all the same what the state does not know. run: runs the cloud's own commands.
    """

    store: str
    at: datetime | None = None
    prefix: str = ""
    inside: bool = False
    plan: bool = False
    run: Run = run

    def of(self, resources: Sequence[Mapping[str, Any]]) -> "Wanted":
        """The same of a state's resources."""
        return Wanted(**vars(self), resources=resources)


@dataclass(frozen=True, kw_only=True)
class Wanted(Ask):
    """What is asked, of a state's resources."""

    resources: Sequence[Mapping[str, Any]]

    @property
    def short(self) -> str:
        """The store's name without its kind."""
        return self.store.rpartition("/")[2]

    def one(self, token: str, name: str) -> Mapping[str, Any]:
        """The outputs of one resource. Raises `RecoveryError` if the state does not have it."""
        for resource in self.resources:
            if resource["type"] == token and resource["urn"].rpartition("::")[2] == name:
                return dict(resource["outputs"])
        raise RecoveryError(f"the state has no {token} {name}: has it been refreshed since? Take one from before that")

    def ask(self, *command: str) -> Any:
        """What a command says, as JSON; None if it says nothing."""
        said = self.run(command)
        return json.loads(said) if said.strip() else None

    def time(self) -> str | None:
        """When, as every cloud reads it: `2026-01-31T12:00:00Z`."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.at else None

    def beside(self, name: str) -> str:
        """What a store is called that is restored beside another: after it, and the time."""
        ending = self.at.astimezone(UTC).strftime("%Y%m%d%H%M") if self.at else "restored"
        return f"{re.sub(r'-(restored|[0-9]{12})$', '', name)}-{ending}"

    def before(self, text: str) -> bool:
        """Whether a cloud's time is not after the time that is wanted."""
        return self.at is None or moment(text) <= self.at


def moment(text: str) -> datetime:
    """A time as the clouds write it; without a zone it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_STORES = {
    "rampart:postgres:Postgres": (Kind.POSTGRES, "{}"),
    "rampart:cache:Cache": (Kind.CACHE, "{}"),
    "rampart:bucket:Bucket": (Kind.BUCKET, "{}"),
    "rampart:secrets:Secret": (Kind.SECRET, "secret/{}"),
    "rampart:keys:Key": (Kind.KEY, "key/{}"),
    "rampart:registry:Registry": (Kind.REGISTRY, "{}"),
    "rampart:cluster:Cluster": (Kind.CLUSTER, "{}"),
    "rampart:logs:Logs": (Kind.LOGS, "{}"),
}
"""How a component of the program is called as a store, as in `components.dataplane.workloads`."""


def stores(resources: Sequence[Mapping[str, Any]]) -> dict[str, Kind]:
    """The stores of a stack's state, by name."""
    return dict(_named(resources))


def _named(resources: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Kind]]:
    for resource in resources:
        if found := _STORES.get(resource["type"]):
            kind, form = found
            name = resource["urn"].rpartition("::")[2]
            # A secret and a key are called after what holds them, and then by their own name.
            yield form.format(name.partition("-")[2] if "/" in form else name), kind
            if kind is Kind.CLUSTER:
                yield str(Kind.VOLUMES), Kind.VOLUMES
