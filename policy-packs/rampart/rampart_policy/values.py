"""Values as a program gives them: known, secret, or not known yet; each with the path where it stands.

A reader walks a resource's properties with `Node`, and puts what it finds into facts as `Field`s. A control asks
fields for verdicts. An unknown value makes exactly the judgements that need it undetermined, and nothing raises.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, overload

from rampart_policy.verdicts import PASS, Outcome, Verdict, fail, undetermined

T = TypeVar("T")
U = TypeVar("U")
D = TypeVar("D")

MAXIMUM_SHOWN = 120
"""Characters of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be judged: not known before the update, or not of the kind it should be."""

    reason: str = "not known before the update"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the program marked secret: judged like any other, never shown."""

    value: Any


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One property of a fact.

    default: the program did not set it, or to no more than the default: `value` is what the cloud does then. source:
    what `value` was made from, where that is another value: it is what a message shows.
    """

    value: T | Unknown
    path: str = ""
    secret: bool = False
    default: bool = False
    source: object = None

    def __bool__(self) -> bool:
        raise TypeError("a field may be unknown: ask it with must(), must_be() or when()")

    @property
    def known(self) -> bool:
        return not isinstance(self.value, Unknown)

    def map(self, change: Callable[[T], U]) -> "Field[U]":
        """The field with `change` applied to a known value; an unknown stays unknown."""
        if isinstance(self.value, Unknown):
            return Field(self.value, self.path, self.secret, self.default)
        return Field(change(self.value), self.path, self.secret, self.default, self._origin)

    def parse(self, change: Callable[[T], U], wanted: str) -> "Field[U]":
        """Like `map`, but a value on which `change` raises `ValueError` is unknown: it should be `wanted`."""
        try:
            return self.map(change)
        except ValueError:
            return Field(Unknown(f"should be {wanted} and is {self.shown}"), self.path, self.secret)

    def must(self, holds: Callable[[T], bool], wanted: str) -> Verdict:
        """Pass if `holds` says so of the value; `wanted` says what would do."""
        if isinstance(self.value, Unknown):
            return undetermined(self.path)
        return PASS if holds(self.value) else fail(self.path, self.shown, wanted, omitted=self.default)

    def must_be(self, value: T, wanted: str = "") -> Verdict:
        """Pass if the value equals `value`."""
        return self.must(lambda found: found == value, wanted or show(value))

    def must_exist(self: "Field[bool]", wanted: str, *, omitted: bool = True) -> Verdict:
        """Pass if the thing that the path names exists. omitted: its absence says nothing of what was meant."""
        verdict = self.must(bool, wanted)
        return fail(self.path, "missing", wanted, omitted=omitted) if verdict.outcome is Outcome.FAIL else verdict

    @property
    def shown(self) -> str:
        """The value as a message may show it."""
        if self.secret:
            return "[secret]"
        return f"{show(self._origin)} (not set: the default)" if self.default else show(self._origin)

    @property
    def _origin(self) -> object:
        return self.value if self.source is None else self.source


def combine(change: Callable[..., U], *fields: Field[Any]) -> Field[U]:
    """`change` of the fields' values, at the first field's path; unknown, at its own path, where one of them is."""
    for field in fields:
        if isinstance(field.value, Unknown):
            return Field(field.value, field.path, field.secret)
    first, secret = fields[0], any(field.secret for field in fields)
    return replace(first.map(lambda _: change(*(field.value for field in fields))), secret=secret)


def either(*fields: Field[bool]) -> Field[bool]:
    """Whether any of the fields is true; the first that is decides, whatever the others are."""
    for value in (True, False):
        for field in fields:
            if field.value is value and (value or all(other.known for other in fields)):
                return field
    return next(field for field in fields if not field.known)


def every(*fields: Field[bool]) -> Field[bool]:
    """Whether all of the fields are true; the first that is not decides, whatever the others are."""
    return either(*(field.map(lambda holds: not holds) for field in fields)).map(lambda fails: not fails)


def show(value: object) -> str:
    """A value as text, cut to `MAXIMUM_SHOWN` characters; `Secret`s inside it stay hidden."""
    if isinstance(value, Unknown):
        return value.reason
    plain = value is None or isinstance(value, str | bool | int | float | list | tuple | dict)
    text = json.dumps(value, default=_hide, ensure_ascii=False) if plain else str(value)
    return text if len(text) <= MAXIMUM_SHOWN else text[: MAXIMUM_SHOWN - 1] + "…"


def _hide(value: object) -> str:
    return "[secret]" if isinstance(value, Secret) else show(value)


class Condition:
    """`when(...)`: all its fields, taken together, as one three-valued answer."""

    __slots__ = ("_fields",)

    def __init__(self, fields: tuple[Field[bool], ...]) -> None:
        self._fields = fields

    def then(self, verdict: Verdict) -> Verdict:
        """The verdict where the condition holds; pass where it does not; undetermined where nobody knows."""
        if any(field.value is False for field in self._fields):
            return PASS
        unknown = tuple(field.path for field in self._fields if not field.known)
        if not unknown or verdict.outcome is Outcome.PASS:
            return verdict
        return undetermined(*unknown, *verdict.unknown)


def when(*fields: Field[bool]) -> Condition:
    """A condition: `when(rule.allows, rule.inbound).then(rule.peer.must(...))`."""
    return Condition(fields)


class Node:
    """A place in a resource's properties. Walking is total: odd, missing and unknown input gives unknown fields."""

    __slots__ = ("path", "raw", "secret")

    def __init__(self, raw: Any, path: str = "", secret: bool = False) -> None:
        while isinstance(raw, Secret):
            raw, secret = raw.value, True
        self.raw = raw
        self.path = path
        self.secret = secret

    @property
    def missing(self) -> bool:
        """Not set (or set to null), and known to be so."""
        return self.raw is None

    @property
    def given(self) -> Field[bool]:
        """Whether it is set. What is not known yet may turn out to be nothing."""
        return self._field(self.raw if isinstance(self.raw, Unknown) else self.raw is not None)

    def at(self, path: str) -> "Node":
        """The place at a dotted path below this one (`rule.objectOwnership`)."""
        node = self
        for key in path.split("."):
            node = node.key(key)
        return node

    def key(self, key: str) -> "Node":
        """The place under a key, dots and all. A list of one object stands for the object (how bridged providers
        may write a block that can occur once).
        """
        raw, path = self.raw, self.path
        if isinstance(raw, list) and len(raw) == 1:
            only = Node(raw[0], f"{path}[0]", self.secret)
            return only.key(key)
        if isinstance(raw, Unknown):
            return self
        below = f"{path}.{key}" if path else key
        if raw is None or isinstance(raw, dict):
            return Node(raw.get(key) if raw else None, below, self.secret)
        return Node(_odd("an object", raw), path, self.secret)

    def items(self) -> "Iterator[Node]":
        """The items of a list. None for one that is not set; one unknown item for a list that is not known."""
        raw = self.raw
        if isinstance(raw, list):
            for position, item in enumerate(raw):
                yield Node(item, f"{self.path}[{position}]", self.secret)
        elif raw is not None:
            yield self

    def entries(self) -> "Iterator[tuple[str, Node]]":
        """Keys and places of an object. None for one that is not set or not known."""
        if isinstance(self.raw, dict):
            for key in self.raw:
                yield key, self.key(key)

    @overload
    def text(self) -> Field[str | None]: ...
    @overload
    def text(self, default: str) -> Field[str]: ...
    def text(self, default: str | None = None) -> Field[Any]:
        """A string; numbers are taken as their text."""
        return self._read(_text, default)

    @overload
    def flag(self) -> Field[bool | None]: ...
    @overload
    def flag(self, default: bool) -> Field[bool]: ...
    def flag(self, default: bool | None = None) -> Field[Any]:
        """A boolean; the strings `true` and `false` are taken as such."""
        return self._read(_flag, default)

    @overload
    def number(self) -> Field[float | None]: ...
    @overload
    def number(self, default: float) -> Field[float]: ...
    def number(self, default: float | None = None) -> Field[Any]:
        """A number; numeric strings are taken as such."""
        return self._read(_number, default)

    def any(self) -> Field[Any]:
        """The raw value, whatever it is."""
        return self._field(self.raw)

    def _read(self, take: Callable[[Any], Any], default: Any) -> Field[Any]:
        if self.raw is None:
            return Field(default, self.path, self.secret, default=True)
        return self._field(self.raw if isinstance(self.raw, Unknown) else take(self.raw))

    def _field(self, value: Any) -> Field[Any]:
        return Field(value, self.path, self.secret)


def _text(raw: Any) -> str | Unknown:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    return _odd("a string", raw)


def _flag(raw: Any) -> bool | Unknown:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    return _odd("a boolean", raw)


def _number(raw: Any) -> float | Unknown:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        try:
            return float(raw)
        except ValueError:
            return _odd("a number", raw)
    return _odd("a number", raw)


def _odd(wanted: str, raw: Any) -> Unknown:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return Unknown(f"should be {wanted} and is {kinds.get(type(raw), type(raw).__name__)}")
