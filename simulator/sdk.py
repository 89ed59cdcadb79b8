"""What the provider SDKs say of their types: extracted once per type from the installed SDK, kept as JSON.

Importing an SDK's classes costs seconds and a hundred megabytes, so a warm start reads the JSON and imports none.
"""

import collections.abc
import enum
import functools
import importlib
import importlib.metadata
import inspect
import json
import os
import re
import sys
import tempfile
import threading
import types
import typing
import warnings
from pathlib import Path
from typing import Any

_FORMAT = 2
_SCALARS: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
_lock = threading.Lock()

Shape = Any  # "string" | "boolean" | "integer" | "number" | "any" | {"list"|"map": Shape} | {"ref": name}
#            | {"enum": values, "open": bool} | {"any_of": [Shape]}


class NotInSdkError(LookupError):
    """The installed SDK has no such type."""


def version(package: str) -> str:
    """The installed version of a package's SDK (`aws` -> `7.51.1`)."""
    return importlib.metadata.version(f"pulumi-{package}")


@functools.cache
def describe(package: str, token: str) -> dict[str, Any]:
    """What the SDK says of a resource type or a provider (`pulumi:providers:aws`).

    Returns `inputs` (name -> {"shape", "required"}), `outputs` (names), `secrets` (outputs that are always secret)
    and `types` (the nested objects, in the form of `inputs`, by the name that a shape's "ref" gives).
    Raises NotInSdkError.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rampart" / "schemas"
    file = cache / f"{package}-{version(package)}" / (re.sub(r"[^\w.-]", "_", token) + ".json")
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text())
        if found.get("format") == _FORMAT:
            return found
    with _lock, warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of types nobody asked for
        found = {"format": _FORMAT, "token": token, **_extract(package, token)}
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as temporary:
        json.dump(found, temporary)
    Path(temporary.name).replace(file)
    return found


def _extract(package: str, token: str) -> dict[str, Any]:
    root = f"pulumi_{package.replace('-', '_')}"
    nested: dict[str, Any] = {}
    if token.startswith("pulumi:providers:"):
        cls = importlib.import_module(f"{root}.provider").Provider
    else:
        cls = _resource_class(root, package, token)
    module = importlib.import_module(cls.__module__)
    arguments = vars(module).get(f"{cls.__name__}InitArgs") or vars(module)[f"{cls.__name__}Args"]
    secrets = re.search(r"additional_secret_outputs=(\[[^]]*\])", inspect.getsource(cls._internal_init))
    return {
        "inputs": _inputs(arguments, nested),
        "outputs": [getattr(getter, "_pulumi_name", None) or name for name, getter in _getters(cls)],
        "secrets": json.loads(secrets[1].replace("'", '"')) if secrets else [],
        "types": nested,
    }


def _resource_class(root: str, package: str, token: str) -> Any:
    from pulumi.runtime.rpc import get_resource_module

    importlib.import_module(root)  # registers every token the package has
    info: dict[str, Any] = getattr(get_resource_module(package, token.split(":")[1], ""), "mod_info", {})
    name = info.get("classes", {}).get(token)
    if not name:
        raise NotInSdkError(f"pulumi-{package} {version(package)} has no resource type {token}")
    file = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    try:  # importing the whole of `pulumi_gcp.compute` for one class would cost most of a minute
        return getattr(importlib.import_module(f"{info['fqn']}.{file}"), name)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(info["fqn"]), name)


def _getters(cls: type) -> list[tuple[str, Any]]:
    return [(name, member.fget) for name, member in vars(cls).items() if isinstance(member, property)]


def _hints(function: Any) -> dict[str, Any]:
    import pulumi

    # `pulumi.Input` spells `Output` and `T` as forward references, which mean nothing in an SDK's module; and a
    # function that the SDK has wrapped has the wrapper's globals.
    names = {**vars(sys.modules[function.__module__]), "Output": pulumi.Output, "T": Any}
    # Two mappings, not one: `typing` shares forward references between modules, and resolves one anew only then.
    return typing.get_type_hints(function, globalns=names, localns=dict(names))


def _inputs(arguments: type, nested: dict[str, Any]) -> dict[str, Any]:
    required = {
        name
        for name, parameter in inspect.signature(arguments).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    return {
        getattr(getter, "_pulumi_name", None) or name: {
            "shape": _shape(_hints(getter)["return"], nested),
            "required": name in required,
        }
        for name, getter in _getters(arguments)
    }


def _shape(hint: Any, nested: dict[str, Any]) -> Shape:
    import pulumi

    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        wrappers = (pulumi.Output, collections.abc.Awaitable)
        members = [m for m in arguments if m is not type(None) and typing.get_origin(m) not in wrappers]
        shapes: list[Shape] = []
        for shape in (_shape(member, nested) for member in members):
            if shape not in shapes:
                shapes.append(shape)
        enums = [shape for shape in shapes if isinstance(shape, dict) and "enum" in shape]
        if enums and len(shapes) == 2 and "string" in shapes:
            return {**enums[0], "open": True}
        return shapes[0] if len(shapes) == 1 else {"any_of": shapes}
    if origin in (collections.abc.Sequence, list):
        return {"list": _shape(arguments[0], nested)}
    if origin in (collections.abc.Mapping, dict):
        return {"map": _shape(arguments[1], nested)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint], "open": False}
    if getattr(hint, "_pulumi_input_type", False):
        name = f"{hint.__module__}.{hint.__qualname__}"
        if name not in nested:
            nested[name] = {}  # types may hold themselves
            nested[name] = _inputs(hint, nested)
        return {"ref": name}
    return _SCALARS.get(hint, "any")
