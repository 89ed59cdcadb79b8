"""Checks a resource's inputs against the SDK's own types: what the SDK would not let a careful program write."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from simulator.sdk import Shape
from simulator.values import UNKNOWN, Props, Secret

_PYTHON = {"string": str, "boolean": bool, "integer": int, "number": int | float}


class Failure(NamedTuple):
    """A property path (`rules[0].days`) and what is wrong there."""

    property: str
    reason: str


def check(schema: Mapping[str, Any], inputs: Props, closed_enums: bool = False) -> Iterator[Failure]:
    """Everything wrong with `inputs`; `closed_enums` refuses other texts where the SDK lists the known ones.

    Unknown values are never wrong.
    """
    yield from _object(inputs, schema["inputs"], "", _Context(schema["types"], closed_enums))


class _Context(NamedTuple):
    types: Mapping[str, Any]
    closed_enums: bool


def _object(value: Props, fields: Mapping[str, Any], path: str, context: _Context) -> Iterator[Failure]:
    for name, item in value.items():
        where = f"{path}.{name}" if path else name
        if name in fields:
            yield from _value(item, fields[name]["shape"], where, context)
        elif not name.startswith("__"):  # the engine's and the bridge's own marks
            yield Failure(where, f"unknown property {name!r}{_nearest(name, fields)}")
    for name, field in fields.items():
        if field["required"] and value.get(name) is None:
            yield Failure(path or name, f"missing required property {name!r}")


def _value(value: Any, shape: Shape, path: str, context: _Context) -> Iterator[Failure]:
    if isinstance(value, Secret):
        value = value.value
    if value is None or value is UNKNOWN or shape == "any":
        return
    if isinstance(shape, str):
        # bool is an int to Python, never to a provider
        if not isinstance(value, _PYTHON[shape]) or (isinstance(value, bool) and shape != "boolean"):
            yield Failure(path, f"expected {_name(shape)}, got {_kind(value)}")
    elif "enum" in shape:
        yield from _enum(value, shape, path, context)
    elif "any_of" in shape:
        tried = [list(_value(value, member, path, context)) for member in shape["any_of"]]
        if all(tried):
            yield from min(tried, key=len)
    elif "list" in shape and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(item, shape["list"], f"{path}[{index}]", context)
    elif "map" in shape and isinstance(value, dict):
        for key, item in value.items():
            yield from _value(item, shape["map"], f"{path}.{key}", context)
    elif "ref" in shape and isinstance(value, dict):
        yield from _object(value, context.types[shape["ref"]], path, context)
    else:
        yield Failure(path, f"expected {_name(shape)}, got {_kind(value)}")


def _enum(value: Any, shape: Shape, path: str, context: _Context) -> Iterator[Failure]:
    if shape["open"] and not context.closed_enums:
        if not isinstance(value, str):
            yield Failure(path, f"expected text, got {_kind(value)}")
    # ARM compares without case, and so do most APIs that list their values
    elif str(value).lower() not in {str(known).lower() for known in shape["enum"]}:
        yield Failure(path, f"{value!r} is none of {', '.join(map(str, shape['enum']))}")


def _nearest(name: str, fields: Mapping[str, Any]) -> str:
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    close = difflib.get_close_matches(camel, fields, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(fields)[:12])}"


def _name(shape: Shape) -> str:
    if isinstance(shape, str):
        return {"string": "text", "boolean": "true or false", "integer": "a whole number"}.get(shape, "a number")
    return "a list" if "list" in shape else "an object"


def _kind(value: Any) -> str:
    kinds = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list"}
    return kinds.get(type(value), "an object")
