"""The engine's property values (a protobuf `Struct`) as plain Python, once per resource.

Sentinels and signatures are Pulumi's wire protocol: `sdk/go/common/resource/plugin/rpc.go` (unknown values) and
`sdk/go/common/resource/sig` (special objects).
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from rampart_policy.values import UNKNOWN, Secret, Unknown

UNKNOWN_SENTINELS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
    }
)
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, not a password
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"


def properties(struct: struct_pb2.Struct) -> dict[str, Any]:
    """The properties of a resource: `None`, booleans, numbers, strings, lists, dictionaries, `Unknown` and `Secret`."""
    return {name: _value(value) for name, value in struct.fields.items()}


def _value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in UNKNOWN_SENTINELS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_value(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _object(value.struct_value)
    return None


def _object(struct: struct_pb2.Struct) -> Any:
    found = properties(struct)
    signature = found.pop(SIGNATURE, None)
    if signature is None:
        return found
    if signature == SECRET:
        return Secret(found.get("value"))
    if signature == OUTPUT:
        value = found.get("value", UNKNOWN)
        return Secret(value) if found.get("secret") is True else value
    if signature == RESOURCE:
        return found.get("id") or found.get("urn")
    return found  # an asset or archive: its path, text or address


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """The reverse of `properties`, as the engine would send it. For tests of controls."""
    message = struct_pb2.Struct()
    message.update({name: _plain(value) for name, value in values.items()})
    return message


def _plain(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN_STRING
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": _plain(value.value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
