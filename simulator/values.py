"""Property values: how they cross the engine's protocol, and what can be asked of a tree of them.

A value is what JSON has (None, bool, number, str, list, dict) or, at any depth, `UNKNOWN` or a `Secret`.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

Props = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (a mark of the protocol)
# One sentinel per kind of value not known yet (sdk/go/common/resource/plugin/rpc.go): string, bool, number, array,
# asset, archive, object.
_UNKNOWNS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class _Unknown(enum.Enum):
    UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


UNKNOWN: Final = _Unknown.UNKNOWN


@dataclass(frozen=True)
class Secret:
    """A value that must not be shown or stored in clear."""

    value: Any


def decode(value: struct_pb2.Struct | struct_pb2.Value) -> Any:
    """Turn a protocol value into a tree; whole numbers become int, null properties are left out."""
    if isinstance(value, struct_pb2.Value):
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
        if kind == "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        if kind == "bool_value":
            return value.bool_value
        if kind == "list_value":
            return [decode(item) for item in value.list_value.values]
        if kind != "struct_value":
            return None
        value = value.struct_value
    fields = value.fields
    if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
        return Secret(decode(fields["value"]))
    return {key: decode(item) for key, item in fields.items() if item.WhichOneof("kind") != "null_value"}


def encode(props: Props) -> struct_pb2.Struct:
    """The reverse of `decode`, for the properties of one resource."""
    return struct_pb2.Struct(fields={key: _encode(value) for key, value in props.items()})


def _encode(value: Any) -> struct_pb2.Value:
    if isinstance(value, Secret):
        return _encode({_SIGNATURE: _SECRET, "value": value.value})
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, list | tuple):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_encode(item) for item in value]))
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=encode(value))
    return struct_pb2.Value(string_value=UNKNOWN.value if value is UNKNOWN else value)


def plain(value: Any) -> Any:
    """The same tree without `Secret` wrappers."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def leaves(value: Any) -> Iterator[Any]:
    """Every scalar and `UNKNOWN` of a tree, secrets included."""
    if isinstance(value, Secret):
        yield from leaves(value.value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def known(value: Any) -> bool:
    """Whether nothing in the tree is unknown."""
    return all(leaf is not UNKNOWN for leaf in leaves(value))


def at(tree: Any, path: str) -> list[Any]:
    """The known values at a dotted path, through lists: `at(p, "rules.days")` is each rule's days."""
    found = [plain(tree)]
    for step in path.split("."):
        stepped = [item[step] for item in found if isinstance(item, dict) and item.get(step) is not None]
        found = [leaf for item in stepped for leaf in (item if isinstance(item, list) else [item])]
    return [item for item in found if item is not UNKNOWN]


def secret_texts(value: Any, inside: bool = False) -> frozenset[str]:
    """Every text inside a `Secret` of the tree, shortest ones apart: they would match anything."""
    if isinstance(value, Secret):
        return secret_texts(value.value, inside=True)
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return frozenset().union(*(secret_texts(item, inside) for item in items))
    return frozenset({value}) if inside and isinstance(value, str) and len(value) > 3 else frozenset()


def conceal(value: Any, texts: frozenset[str]) -> Any:
    """The tree with every text that holds one of `texts` made a `Secret`."""
    if isinstance(value, dict):
        return {key: conceal(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [conceal(item, texts) for item in value]
    return Secret(value) if isinstance(value, str) and any(text in value for text in texts) else value


@dataclass(frozen=True)
class Change:
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
