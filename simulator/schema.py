"""Checks a resource's inputs against the SDK's own types: what the SDK would not let a careful program write."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from simulator.sdk import Shape
from simulator.values import UNKNOWN, Props, Secret

_SCALARS: dict[Any, tuple[Any, str]] = {
    "string": (str, "text"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "number": (int | float, "a number"),
}


class Failure(NamedTuple):
    """A property path (`rules[0].days`) and what is wrong there."""

    property: str
    reason: str


class _Types(NamedTuple):
    objects: Mapping[str, Any]
    closed_enums: bool


def check(schema: Mapping[str, Any], inputs: Props, closed_enums: bool = False) -> Iterator[Failure]:
    """Everything wrong with `inputs`; `closed_enums` refuses other texts where the SDK lists the known ones.

    Unknown values are never wrong.
    """
    yield from _object(inputs, schema["inputs"], "", _Types(schema["types"], closed_enums))


def _object(value: Props, fields: Mapping[str, Any], path: str, types: _Types) -> Iterator[Failure]:
    for name, item in value.items():
        where = f"{path}.{name}" if path else name
        if name in fields:
            yield from _value(item, fields[name]["shape"], where, types)
        elif not name.startswith("__"):  # the engine's and the bridge's own marks
            camel = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
            close = difflib.get_close_matches(camel, fields, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(fields)[:12])}"
            yield Failure(where, f"unknown property {name!r}; {hint}")
    for name, field in fields.items():
        if field["required"] and value.get(name) is None:
            yield Failure(path or name, f"missing required property {name!r}")


def _value(value: Any, shape: Shape, path: str, types: _Types) -> Iterator[Failure]:
    value = value.value if isinstance(value, Secret) else value
    if value is None or value is UNKNOWN or shape == "any":
        return
    if "enum" in shape and (types.closed_enums or not shape["open"]):
        # ARM compares without case, and so do most APIs that list their values
        if str(value).lower() not in {str(known).lower() for known in shape["enum"]}:
            yield Failure(path, f"{value!r} is none of {', '.join(map(str, shape['enum']))}")
    elif "any_of" in shape:
        tried = [list(_value(value, member, path, types)) for member in shape["any_of"]]
        yield from min(tried, key=len)
    elif "list" in shape and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(item, shape["list"], f"{path}[{index}]", types)
    elif "map" in shape and isinstance(value, dict):
        for key, item in value.items():
            yield from _value(item, shape["map"], f"{path}.{key}", types)
    elif "ref" in shape and isinstance(value, dict):
        yield from _object(value, types.objects[shape["ref"]], path, types)
    else:
        scalar = _SCALARS.get(shape if isinstance(shape, str) else "string" if "enum" in shape else None)
        # bool is an int to Python, never to a provider
        if scalar is None or not isinstance(value, scalar[0]) or (isinstance(value, bool) and shape != "boolean"):
            kinds = dict(_SCALARS.values()) | {list: "a list", dict: "an object"}
            wanted = scalar[1] if scalar else "a list" if "list" in shape else "an object"
            yield Failure(path, f"expected {wanted}, got {kinds.get(type(value), 'a number')}")
