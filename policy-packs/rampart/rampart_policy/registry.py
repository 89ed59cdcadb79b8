"""Where readers and controls are declared.

Importing `readers` and `controls` fills it; the session looks things up in it.

    @reader("aws:kms/key:Key")                    what a resource of this type is
    @stack_reader("aws:s3/bucket:Bucket")         what it is together with the rest of its stack
    @control(id=..., judges=EncryptionKey, ...)   what must hold of every such fact
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from rampart_policy.facts import Fact, StackFact
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.verdicts import Verdict

if TYPE_CHECKING:
    from rampart_policy.configuration import Settings

F = TypeVar("F", bound=Fact)

Reader = Callable[[Resource], Iterator[Fact]]
StackReader = Callable[[Resource, Stack], Iterator[Fact]]
ReaderT = TypeVar("ReaderT", bound=Reader)
StackReaderT = TypeVar("StackReaderT", bound=StackReader)


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Level(StrEnum):
    """What a violation does: mandatory stops the update, advisory is shown, disabled is not judged."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    DISABLED = "disabled"


class Mode(StrEnum):
    """Preventive: judged on one resource's inputs, before it is made. Detective: judged over the whole stack."""

    PREVENTIVE = "preventive"
    DETECTIVE = "detective"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a public framework says of the same, by number. package: the provider it is about; empty for all."""

    framework: str
    version: str
    items: tuple[str, ...]
    package: str

    def __str__(self) -> str:
        return f"{self.framework} {self.version} {', '.join(self.items)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A rule about one kind of fact.

    id: what configuration and exceptions name; never changed. title: what must hold, as a sentence. why: what goes
    wrong otherwise. remediation: what to do about a violation. level: unless the configuration says otherwise.
    waivable: exceptions are possible. omission: its level where the only evidence is that nothing was said, as hardened
    code often does (decision 5); mandatory for no lower than `level`.
    """

    id: str
    group: str
    title: str
    why: str
    remediation: str
    severity: Severity
    judges: type[Fact]
    judge: Callable[[Any, "Settings"], Verdict]
    level: Level
    waivable: bool
    omission: Level

    @property
    def mode(self) -> Mode:
        """Follows from the fact: what one resource shows by itself is judged there."""
        return Mode.DETECTIVE if issubclass(self.judges, StackFact) else Mode.PREVENTIVE

    @property
    def references(self) -> Sequence[Reference]:
        """From `data/references*.json`."""
        return references().get(self.id, ())


CONTROLS: dict[str, Control] = {}
"""Every control, by id."""

READERS: dict[str, Reader] = {}
"""By type token. A type has one reader."""

STACK_READERS: dict[str, StackReader] = {}
"""By type token, likewise."""

FALLBACKS: dict[str, Reader] = {}
"""By package, for its types that have no reader of their own. Says itself whether it knows what it reads (`Review`)."""

STACK_FALLBACKS: dict[str, StackReader] = {}
"""By package, likewise."""

NO_SURFACE: dict[str, str] = {}
"""Types that have no security surface of their own, with the reason."""


def reader(*types: str) -> Callable[[ReaderT], ReaderT]:
    """Declare how resources of these types (canonical tokens) are read. `ValueError` if one has a reader already."""

    def register(read: ReaderT) -> ReaderT:
        for token in types:
            _add(READERS, token, read)
        return read

    return register


def stack_reader(*types: str) -> Callable[[StackReaderT], StackReaderT]:
    """Declare how resources of these types are read together with their stack."""

    def register(read: StackReaderT) -> StackReaderT:
        for token in types:
            _add(STACK_READERS, token, read)
        return read

    return register


def fallback(package: str) -> Callable[[ReaderT], ReaderT]:
    """Declare how types of a package are read that have no reader and no reason to need none."""

    def register(read: ReaderT) -> ReaderT:
        _add(FALLBACKS, package, read)
        return read

    return register


def stack_fallback(package: str) -> Callable[[StackReaderT], StackReaderT]:
    """Declare how types of a package that have no stack reader are read together with their stack."""

    def register(read: StackReaderT) -> StackReaderT:
        _add(STACK_FALLBACKS, package, read)
        return read

    return register


def reader_of(token: str) -> Reader | None:
    """How resources of a type are read; `None` where nothing says."""
    if token in READERS or token in NO_SURFACE or token in STACK_READERS:
        return READERS.get(token)
    return FALLBACKS.get(token.partition(":")[0])


def stack_reader_of(token: str) -> StackReader | None:
    """How resources of a type are read together with their stack; `None` where nothing says."""
    if token in STACK_READERS or token in NO_SURFACE:
        return STACK_READERS.get(token)
    return STACK_FALLBACKS.get(token.partition(":")[0])


def no_surface(reasons: Mapping[str, str]) -> None:
    """Declare types that need no reader: token and reason."""
    for token, reason in reasons.items():
        _add(NO_SURFACE, token, reason)


def control(
    *,
    id: str,
    title: str,
    why: str,
    remediation: str,
    severity: Severity,
    judges: type[F],
    level: Level = Level.MANDATORY,
    waivable: bool = True,
    omission: Level = Level.MANDATORY,
) -> Callable[[Callable[[F, "Settings"], Verdict]], Control]:
    """Declare a control; the decorated function judges one fact. `ValueError` if the id is taken.

    The group is the name of the module that declares it.
    """

    def register(judge: Callable[[F, "Settings"], Verdict]) -> Control:
        declared = Control(
            id=id,
            group=judge.__module__.rpartition(".")[2],
            title=title,
            why=why,
            remediation=remediation,
            severity=severity,
            judges=judges,
            judge=judge,
            level=level,
            waivable=waivable,
            omission=omission,
        )
        _add(CONTROLS, id, declared)
        return declared

    return register


def _add(registry: dict[str, Any], key: str, thing: Any) -> None:
    if key in registry:
        raise ValueError(f"{key} is declared twice")
    registry[key] = thing


@cache
def references() -> Mapping[str, Sequence[Reference]]:
    """What public frameworks say of the same, by control id. `ValueError` if two files speak of one control."""
    files = [json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "data").glob("references*.json"))]
    frameworks = {name: framework for data in files for name, framework in data["frameworks"].items()}
    found: dict[str, Sequence[Reference]] = {}
    for data in files:
        for control_id, named in data["controls"].items():
            _add(found, control_id, tuple(_reference(frameworks[name], items) for name, items in named.items()))
    return found


def _reference(framework: Mapping[str, str], items: Sequence[str]) -> Reference:
    return Reference(framework["name"], framework["version"], tuple(items), framework.get("package", ""))
