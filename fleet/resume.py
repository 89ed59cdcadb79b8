"""Makes an interrupted operation whole, so that the next may go on: locks, creations, updates and deletions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pulumi import automation

from fleet import engine, locks, pending
from fleet.engine import Query, State
from fleet.finds import Again, Lookup, how
from fleet.journal import Journal
from fleet.pending import Creation, Unsettled


@dataclass(frozen=True)
class Choices:
    """What somebody who looked has decided.

    adopt: ids of interrupted creations, by name or URN of the resource. forget: names or URNs of those that did not
    happen, or shall not be this stack's. break_locks: locks older than that are released, whoever holds them.
    """

    adopt: Mapping[str, str] = field(default_factory=dict)
    forget: Sequence[str] = ()
    break_locks: timedelta | None = None


class UnsettledError(Exception):
    """Something is unsettled, and nothing was changed; `lines` says what, and what to do."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


@dataclass
class Settlement:
    """What became of what was unsettled. state: the stack's new one. changed: whether it differs from the old."""

    state: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    changed: bool = False

    @property
    def resources(self) -> list[State]:
        found: list[State] = self.state["deployment"]["resources"]
        return found


@dataclass(frozen=True)
class Recovery:
    """Settles one stack.

    settings: the folder of its settings file. secrets_provider: as for `Fleet`. lag: for how many seconds after a
    creation an index of tags may not show it.
    """

    stack: automation.Stack
    journal: Journal
    settings: Path
    secrets_provider: str
    lag: float = 300.0
    choices: Choices = field(default_factory=Choices)

    def resume(self) -> list[str]:
        """Release dead locks, settle what is unsettled, and say what was done.

        Raises locks.LockedError or UnsettledError, with nothing changed in the state, when somebody must look first;
        automation.CommandError when a provider cannot read.
        """
        released = locks.release_dead(self.stack, self.choices.break_locks)
        lines = [f"released the lock of {lock}" for lock in released]
        settled = self._settle()
        if settled is None:
            return lines
        if settled.open:
            raise UnsettledError([*lines, *settled.open])
        if settled.changed:
            engine.replace(self.stack, settled.state)
        self.journal.clear()
        return [*lines, *settled.lines]

    def check(self) -> None:
        """Raise UnsettledError if there is anything for `resume` to do; a failure that left nothing is forgotten."""
        settled = self._settle()
        if settled and (settled.open or settled.changed):
            raise UnsettledError(
                ["an earlier operation was interrupted: run with --resume", *settled.open, *settled.lines]
            )
        self.journal.clear()

    def _settle(self) -> Settlement | None:
        state = engine.export(self.stack)
        deployment = state["deployment"]
        deployment["resources"] = deployment.get("resources") or []
        left = pending.unsettled(deployment, self.journal.entries())
        if not left:
            return None
        done = Settlement(state, changed=bool(deployment.pop("pending_operations", None)))
        left.creations = [one for one in left.creations if not self._chosen(one, done)]
        with engine.scratch(self.stack, self.settings, self.secrets_provider) as there:
            self._look(left, deployment, there)
            self._read(left, state, there, done)
        for creation in left.creations:
            _decide(creation, done)
        _prune(done.resources)
        done.resources[:] = _ordered(done.resources)
        return done

    def _chosen(self, creation: Creation, done: Settlement) -> bool:
        """Whether somebody has decided to forget it; if to adopt, it has its id."""
        for name in (creation.name, creation.urn):
            if name in self.choices.forget:
                done.lines.append(f"{creation.name}: forgotten, as told")
                return True
            if name in self.choices.adopt:
                creation.id, creation.chosen = self.choices.adopt[name], True
        return False

    def _look(self, left: Unsettled, deployment: Mapping[str, Any], there: automation.Stack) -> None:
        """Give every creation its id, or what keeps it from having one."""
        asked: list[tuple[Creation, Lookup, Query]] = []
        for creation in left.creations:
            provider = pending.settings_of(creation, deployment)
            if creation.chosen:
                continue
            if provider is None:
                creation.why = "the state does not have its provider"
                continue
            row = pending.identify(creation, provider)
            if isinstance(row, Lookup):
                asked.append((creation, row, Query(row.function, row.arguments(creation.inputs), provider)))
        answers = engine.ask(there, [query for *_, query in asked]) if asked else []
        for (creation, row, _), answer in zip(asked, answers, strict=True):
            known = pending.known_ids(deployment, creation.resource["type"])
            pending.judge(creation, row, answer, known, self._made(deployment) + self.lag)

    def _made(self, deployment: Mapping[str, Any]) -> float:
        """The latest that an unsettled creation can have happened, in seconds since the epoch."""
        written = str((deployment.get("manifest") or {}).get("time") or "1970-01-01T00:00:00Z")
        at = datetime.fromisoformat(written[:19] + "+00:00").timestamp()
        file = self.journal.path
        return max(at, file.stat().st_mtime if file.exists() else 0.0)

    def _read(self, left: Unsettled, state: dict[str, Any], there: automation.Stack, done: Settlement) -> None:
        """Have the providers read what may exist, under URNs of their own, and what may have changed or gone."""
        resources: list[State] = state["deployment"]["resources"]
        known = {resource["urn"] for resource in resources}
        wanted = {f"{c.urn.rpartition('::')[0]}::unsettled-{n}": c for n, c in enumerate(left.creations) if c.id}
        targets = [*left.touched, *wanted]
        if not targets:
            return
        tried = {**state, "deployment": {**state["deployment"], "resources": [*resources]}}
        for urn, creation in wanted.items():
            asked = creation.resource
            about: State = {name: asked[name] for name in ("type", "custom", "provider", "inputs") if name in asked}
            if asked.get("parent") in known:
                about["parent"] = asked["parent"]
            tried["deployment"]["resources"].append({**about, "urn": urn, "id": creation.id})
        found = engine.read(there, tried, targets)
        for urn, creation in wanted.items():
            creation.found = next(iter(found.get(urn, ())), None)
        for urn in left.touched:
            had = [resource for resource in resources if resource["urn"] == urn]
            if _told(had) != _told(found.get(urn, [])):
                done.changed = True
                done.lines.append(f"{urn.rpartition('::')[2]}: {'read again' if found.get(urn) else 'is gone'}")
            at = min(n for n, resource in enumerate(resources) if resource["urn"] == urn)
            resources[:] = [resource for resource in resources if resource["urn"] != urn]
            resources[at:at] = found.get(urn, [])


def _told(resources: Sequence[State]) -> list[Any]:
    """What providers say of resources: their ids and outputs."""
    return [(resource.get("id"), engine.without_secrets(resource.get("outputs"))) for resource in resources]


def _decide(creation: Creation, done: Settlement) -> None:
    """Adopt what was found into the state, or say why not."""
    name, found, resources = creation.name, creation.found, done.resources
    if creation.why:
        done.open.append(
            f"{name} ({creation.resource['type']}): may have been made; {creation.why}. Look in the cloud, then say "
            f"--adopt {name}=ID or --forget {name}"
        )
    elif creation.chosen and found is None:
        done.open.append(f"{name}: {creation.id} does not exist")
    elif found is None:
        row = how(creation.resource["type"])
        again = f"may be asked for again: {row.why}" if isinstance(row, Again) else "was not made"
        done.lines.append(f"{name}: {again}")
    elif not pending.ours(creation, done.state["deployment"]):
        done.lines.append(f"{name}: {found['id']} exists, but is not this stack's; left alone")
    elif any((r["type"], r.get("id")) == (found["type"], found["id"]) for r in resources):
        done.lines.append(f"{name}: the state has it")
    else:
        _adopt(creation, found, done)


def _adopt(creation: Creation, found: State, done: Settlement) -> None:
    """Put it into the state: as the resource, or, where that is there already, as one more to be deleted."""
    name, resources = creation.name, done.resources
    same = [r for r in resources if r["urn"] == creation.urn and not r.get("delete")]
    second = [r for r in same if not r.get("pendingReplacement")]
    state = {**creation.resource, "id": found["id"], "outputs": found.get("outputs") or {}}
    if second and (creation.resource.get("protect") or creation.resource.get("retainOnDelete")):
        done.open.append(
            f"{name} ({creation.resource['type']}): exists twice, as {second[0]['id']}, which the state has, and as "
            f"{found['id']}. Keep what is in use: delete the other by hand, then say --forget {name}"
        )
    elif second:
        resources.append({**state, "delete": True})
        done.lines.append(f"{name}: {found['id']} is one too many, and will be deleted")
        done.changed = True
    else:
        resources[:] = [resource for resource in resources if resource not in same]
        resources.append(state)
        done.lines.append(f"{name}: adopted {found['id']}")
        done.changed = True


def _prune(resources: list[State]) -> None:
    """Leave out what resources say of others that the state does not have."""
    there = {resource["urn"] for resource in resources}
    for resource in resources:
        if "dependencies" in resource:
            resource["dependencies"] = [urn for urn in resource["dependencies"] or [] if urn in there]
        for name, urns in (resource.get("propertyDependencies") or {}).items():
            resource["propertyDependencies"][name] = [urn for urn in urns or [] if urn in there]
        for name in ("parent", "deletedWith"):
            if resource.get(name) and resource[name] not in there:
                del resource[name]


def _ordered(resources: Sequence[State]) -> list[State]:
    """Each after all that it names, as the engine wants a state; otherwise in the order they have."""
    by_urn: dict[str, State] = {}
    for resource in resources:
        if not resource.get("delete") or resource["urn"] not in by_urn:
            by_urn[resource["urn"]] = resource
    placed: dict[int, State] = {}

    def place(resource: State) -> None:
        if id(resource) not in seen:
            seen.add(id(resource))
            for urn in _named(resource):
                if urn in by_urn:
                    place(by_urn[urn])
            placed[id(resource)] = resource

    seen: set[int] = set()
    for resource in resources:
        place(resource)
    return list(placed.values())


def _named(resource: State) -> Iterator[str]:
    """The URNs that a resource cannot stand before."""
    provider = str(resource.get("provider") or "").rpartition("::")[0]
    yield from (urn for urn in (provider, resource.get("parent"), resource.get("deletedWith")) if urn)
    yield from resource.get("dependencies") or ()
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()
