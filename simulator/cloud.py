"""What a simulated cloud is made of: resource types and rules, both data, and the few hooks they call.

A cloud is a `Cloud` with rows (`ResourceType`), rules (`Rule`) and lookups. Everything here is plain Python over plain
properties: the engine's protocol is in `provider`, the storage in `state`.
"""

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from simulator import values
from simulator.state import Record, Store
from simulator.values import Change, Props

At = Literal["check", "create", "update", "write", "delete"]


class Source(NamedTuple):
    """Who says so, and how well it is known: S (SDK text), D (vendor documentation), K (practitioner knowledge)."""

    text: str
    mark: Literal["S", "D", "K"]


_TIMES = Source("creation times of the facts", "K")


class Refusal(Exception):  # noqa: N818  (a cloud saying no is not an error of the simulator)
    """What the cloud answers instead of doing it: its own error code, and what is wrong."""

    def __init__(self, code: str, message: str, property_: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.property = code, message, property_


@dataclass(frozen=True)
class Scope:
    """What one configured provider instance works in. account: account id, project id or subscription id."""

    account: str
    region: str = ""
    settings: Props = field(default_factory=dict)


@dataclass(kw_only=True)
class Operation:
    """One call on one resource, as rules and resource types see it.

    inputs: what the program wants (at a deletion: what it had), plain, at a preview some `UNKNOWN`; raw: the same with
    secrets marked. record: what exists, None before creation. seed: random per creation, the same at each replay.
    """

    cloud: "Cloud"
    type: "ResourceType"
    scope: Scope
    store: Store
    raw: Props
    logical: str = ""
    record: Record | None = None
    id: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        self.inputs: Props = values.plain(self.raw)

    @property
    def account(self) -> str:
        """The account, project or subscription the operation is in."""
        return self.scope.account

    @property
    def region(self) -> str:
        """The resource's own region or location if it names one, else the provider's."""
        own = self.inputs.get("region") or self.inputs.get("location")
        return own.lower() if isinstance(own, str) else self.scope.region

    def at(self, path: str) -> list[Any]:
        """The known values of an input at a dotted path, through lists."""
        return values.at(self.inputs, path)

    def one(self, path: str) -> Any:
        """The only or first known value of an input at a dotted path, or None."""
        return next(iter(self.at(path)), None)

    def others(self, *tokens: str) -> Iterator[Record]:
        """What else exists of these types in the account, in order of creation."""
        for record in self.store.all(self.cloud.package, self.account):
            if record.type in tokens and (self.record is None or record.seq != self.record.seq):
                yield record

    def find(
        self, token: str, value: Any, by: tuple[str, ...] = ("id",), anywhere: bool = True, abroad: bool = False
    ) -> Record | None:
        """The existing resource of a type that has `value` as one of the properties `by`; here, or in any region, or
        in any account (`abroad`).
        """
        everyones = (record for record in self.store.all(self.cloud.package) if record.type == token)
        for record in everyones if abroad else self.others(token):
            if (anywhere or record.region == self.region) and any(record.get(name) == value for name in by):
                return record
        return None

    def text(self, template: str) -> str:
        """Fill `{input}`, `{account}`, `{region}`, `{setting}`, `{id}`, `{hex}` (32 digits), `{number}` (19) in."""
        digest = hashlib.sha256(f"{self.seed}:{self.id}".encode()).hexdigest()
        made = {"id": self.id, "hex": digest[:32], "number": str(int(digest, 16))[:19]}
        place = {"account": self.account, "region": self.region, **self.scope.settings}
        return template.format_map({**place, **made, **self.inputs})


@dataclass(frozen=True)
class Rule:
    """One thing a cloud refuses.

    says: the rule as a sentence, for docs/fidelity.md. code: the cloud's own. check: what is wrong, or None (what is
    unknown yet is not wrong); without it moto does the refusing, as a test shows. at: `check` (on inputs alone, so at
    preview too), `create`, `update`, `write` (both) or `delete`. fix: what would do, appended to the refusal.
    """

    id: str
    types: str | tuple[str, ...]
    says: str
    code: str
    source: Source
    check: Callable[[Operation], str | None] | None = None
    at: At = "write"
    property: str = ""
    fix: str = ""

    @functools.cached_property
    def tokens(self) -> tuple[str, ...]:
        """The types it holds for."""
        return (self.types,) if isinstance(self.types, str) else self.types

    def refuse(self, operation: Operation) -> Refusal | None:
        """The refusal that this operation earns, if it breaks the rule."""
        wrong = self.check(operation) if self.check else None
        if wrong is None:
            return None
        for text in values.secret_texts(operation.raw):
            wrong = wrong.replace(text, "[secret]")
        return Refusal(self.code, f"{wrong}; {self.fix}" if self.fix else wrong, self.property)


@dataclass(frozen=True)
class Ref:
    """An input that names another resource: that one must exist, and may not go while it is named.

    path: dotted. to: type token. code: the refusal when there is none. blocks: the refusal when `to` is deleted first,
    empty where the cloud allows that. by: the properties of `to` that the value may equal. anywhere: in any region.
    abroad: in any account.
    """

    path: str
    to: str
    code: str
    source: Source
    blocks: str = ""
    by: tuple[str, ...] = ("id",)
    anywhere: bool = False
    abroad: bool = False


@dataclass(frozen=True)
class Name:
    """How a resource gets its name, and what names are allowed.

    pattern, invalid: what the name must match, and the code if not. unique, taken: template of what no second one may
    have (empty: its id), and the code if it is had. auto: separator and number of hexadecimal digits that the provider
    appends to the logical name to make one; None: the program must give it. tidy: applied to the logical name first.
    """

    property: str
    source: Source
    pattern: str = ""
    invalid: str = ""
    unique: str = ""
    taken: str = ""
    auto: tuple[str, int] | None = ("-", 7)
    tidy: Callable[[str], str] = str
    longest: int = 63

    def make(self, logical: str, seed: bytes) -> str | None:
        """A name for a logical name, the same for the same seed."""
        if self.auto is None:
            return None
        stem = self.tidy(logical)[: self.longest - len(self.auto[0]) - self.auto[1]]
        return stem + self.auto[0] + hashlib.sha256(seed).hexdigest()[: self.auto[1]]


@dataclass(frozen=True)
class ResourceType:
    """One resource type: mostly data; a subclass overrides what data cannot say.

    seconds: how long creation takes in virtual time, known as `timed` says. id: template. outputs: what the cloud adds
    or defaults, below the inputs: templates, constants or functions of the operation. replace: dotted paths whose
    change makes a new resource (`*`: any). keeps_name: why the name stays taken after deletion (a soft one, say).
    imported: template of what `pulumi import` takes, where that is not the id.
    """

    token: str
    seconds: float
    id: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    replace: tuple[str, ...] = ()
    refs: tuple[Ref, ...] = ()
    name: Name | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    keeps_name: str = ""
    timed: Source = _TIMES
    imported: str = ""

    def replaces(self, change: Change) -> bool:
        """Whether this change cannot be made in place."""
        path = re.sub(r"\[[^]]*\]", "", change.path)
        return any(root in ("*", path) or path.startswith(f"{root}.") for root in self.replace)

    def create(self, operation: Operation) -> Props:
        """Make it: set `operation.id` and return the outputs. Raises Refusal."""
        operation.id = operation.text(self.id)
        return self.describe(operation)

    def update(self, operation: Operation) -> Props:
        """Change it in place and return the outputs. Raises Refusal."""
        had, gone = (operation.record.outputs, operation.record.inputs) if operation.record else ({}, {})
        return {key: value for key, value in had.items() if key not in gone} | self.describe(operation)

    def previewed(self, operation: Operation, kept: Props) -> Props:
        """The outputs that a preview shows: `kept` (as they are, or unknown before creation), below the inputs."""
        return kept | operation.inputs

    def delete(self, operation: Operation) -> None:
        """Take it away. Raises Refusal."""

    def describe(self, operation: Operation) -> Props:
        """The outputs: the row's, below the inputs."""
        given = {key: value for key, value in operation.inputs.items() if not key.startswith("__")}
        return {key: _filled(value, operation) for key, value in self.outputs.items()} | given


def _filled(output: Any, operation: Operation) -> Any:
    if isinstance(output, str):
        return operation.text(output)
    return output(operation) if callable(output) else output


class Cloud:
    """One package: its types, rules and lookups, and how its provider is configured.

    error: the shape of the cloud's errors. fixed_settings: provider settings whose change replaces the provider and
    all it made. bridged: made by the Terraform bridge, which records defaulted inputs as `__defaults`. gaps: what is
    not modelled, a sentence each, for docs/fidelity.md.
    """

    package: ClassVar[str]
    types: Mapping[str, ResourceType]
    rules: tuple[Rule, ...] = ()
    gaps: tuple[str, ...] = ()
    lookups: Mapping[str, Callable[[Scope, Props, Store], Props]] = {}
    error: ClassVar[str] = "{code}: {message}"
    fixed_settings: ClassVar[tuple[str, ...]] = ("region",)
    closed_enums: ClassVar[bool] = False  # refuse texts that the SDK's list of known ones lacks
    bridged: ClassVar[bool] = True
    keeps_records: ClassVar[bool] = True

    def configure(self, settings: Props) -> Scope:
        """The scope that these provider settings mean. Raises Refusal, with the setting at fault."""
        raise NotImplementedError

    def complete(self, operation: Operation) -> Props:
        """What `Check` adds to a resource's inputs besides names and defaults (default tags)."""
        return {}
