"""Property values: how they cross the engine's protocol, and what can be asked of a tree of them.

A value is what JSON has (None, bool, number, str, list, dict) or, at any depth, `UNKNOWN` or a `Secret`.
"""

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from google.protobuf import struct_pb2

Props = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (a mark of the protocol)


class _Unknown(enum.Enum):
    UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # what the SDKs send for any value not known yet


UNKNOWN: Final = _Unknown.UNKNOWN


@dataclass(frozen=True)
class Secret:
    """A value that must not be shown or stored in clear."""

    value: Any


def decode(value: struct_pb2.Struct | struct_pb2.Value) -> Any:
    """Turn a protocol value into a tree; whole numbers become int, null properties are left out."""
    if isinstance(value, struct_pb2.Value):
        kind = value.WhichOneof("kind")
        if kind == "list_value":
            return [decode(item) for item in value.list_value.values]
        if kind != "struct_value":
            scalar = getattr(value, kind) if kind and kind != "null_value" else None
            if isinstance(scalar, float) and scalar.is_integer():
                return int(scalar)
            return UNKNOWN if scalar == UNKNOWN.value else scalar
        value = value.struct_value
    if _SIGNATURE in value.fields and value.fields[_SIGNATURE].string_value == _SECRET:
        return Secret(decode(value.fields["value"]))
    return {key: decode(item) for key, item in value.fields.items() if item.WhichOneof("kind") != "null_value"}


def encode(props: Props) -> struct_pb2.Struct:
    """The reverse of `decode`, for the properties of one resource."""
    return struct_pb2.Struct(fields={key: _encode(value) for key, value in props.items()})


def _encode(value: Any) -> struct_pb2.Value:
    if isinstance(value, Secret):
        value = {_SIGNATURE: _SECRET, "value": value.value}
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, list):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_encode(item) for item in value]))
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=encode(value))
    return struct_pb2.Value(string_value=UNKNOWN.value if value is UNKNOWN else value)


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """The tree with `change` made to every scalar, `UNKNOWN` and `Secret`."""
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    return [mapped(item, change) for item in value] if isinstance(value, list) else change(value)


def plain(value: Any) -> Any:
    """The same tree without `Secret` wrappers."""
    return mapped(value, lambda leaf: plain(leaf.value) if isinstance(leaf, Secret) else leaf)


def known(value: Any) -> bool:
    """Whether nothing in the tree is unknown."""
    found: list[Any] = []
    mapped(plain(value), found.append)
    return UNKNOWN not in found


def at(tree: Any, path: str) -> list[Any]:
    """The known values at a dotted path, through lists: `at(p, "rules.days")` is each rule's days."""
    found = [plain(tree)]
    for step in path.split("."):
        stepped = [item[step] for item in found if isinstance(item, dict) and item.get(step) is not None]
        found = [leaf for item in stepped for leaf in (item if isinstance(item, list) else [item])]
    return [item for item in found if item is not UNKNOWN]


def secret_texts(value: Any) -> frozenset[str]:
    """Every text inside a `Secret` of the tree, but for the shortest, which would match anything."""
    secrets: list[Any] = []
    mapped(value, lambda leaf: secrets.append(plain(leaf)) if isinstance(leaf, Secret) else None)
    texts: list[Any] = []
    mapped(secrets, texts.append)
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


def conceal(value: Any, texts: frozenset[str]) -> Any:
    """The tree with every text that holds one of `texts` made a `Secret`."""

    def hide(leaf: Any) -> Any:
        return Secret(leaf) if isinstance(leaf, str) and any(text in leaf for text in texts) else leaf

    return mapped(value, hide)


class Change(NamedTuple):
    """One difference: `path` as the engine writes it (`rules[0].days`), `old` and `new` None where absent."""

    path: str
    old: Any
    new: Any


def changes(old: Any, new: Any, path: str = "") -> Iterator[Change]:
    """The smallest differences between two plain trees, by property and index."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old | new:
            step = key if re.fullmatch(r"\w+", key) else f'["{key}"]'
            joined = f"{path}.{step}" if path and not step.startswith("[") else f"{path}{step}"
            yield from changes(old.get(key), new.get(key), joined)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before, after = (side[index] if index < len(side) else None for side in (old, new))
            yield from changes(before, after, f"{path}[{index}]")
    elif type(old) is not type(new) or old != new:
        yield Change(path, old, new)
