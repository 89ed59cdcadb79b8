"""Azure Resource Manager: what every resource has from its path, as the azure-native provider makes of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from simulator import sdk
from simulator.cloud import Name, Operation, ResourceType, Rule, Source
from simulator.rules import Types
from simulator.state import Record
from simulator.values import UNKNOWN, Props, known

PACKAGE = "azure-native"
GROUP, ASSIGNMENT, LOCK = (
    f"{PACKAGE}:{name}"
    for name in ("resources:ResourceGroup", "authorization:RoleAssignment", "authorization:ManagementLockByScope")
)
IN_GROUP = "/subscriptions/{account}/resourceGroups/{resourceGroupName}"
FACTS, SDK = Source("Azure rows of the facts", "D"), Source("pulumi-azure-native SDK text", "S")
MET, PROVIDER = Source("API errors met in practice", "K"), Source("azure-native provider source and test runs", "D")
TIMES, MISSING = Source("creation times of the facts", "K"), "InvalidResourceReference"
Form = tuple[str, str, Source]


class Guid(Name):
    """A name that is a GUID."""

    def make(self, logical: str, seed: bytes) -> str | None:
        return str(UUID(super().make("", seed)))


@dataclass(frozen=True)
class ArmType(ResourceType):
    """A type of ARM. within: the type that it lies in, and goes with."""

    within: str = ""

    def describe(self, operation: Operation) -> Props:
        """The outputs that the SDK has: the row's and, over them at any depth, the inputs."""
        has = sdk.describe(PACKAGE, self.token)["outputs"]
        added = {key: value(operation) if callable(value) else value for key, value in self.outputs.items()}
        added = {key: operation.text(value) if isinstance(value, str) else value for key, value in added.items()}
        both = merged(added, operation.inputs)
        return {key: value for key, value in both.items() if key in has and value is not None}

    def previewed(self, operation: Operation, kept: Props) -> Props:
        """What an update will give, if that can be told; else what the cloud adds to is unknown."""
        if operation.record and known(operation.inputs):
            return self.update(operation)
        added = dict.fromkeys((key for key, value in self.outputs.items() if value is None or callable(value)), UNKNOWN)
        return kept | operation.inputs | added

    def delete(self, operation: Operation) -> None:
        """Take what lies in it along."""
        for record in operation.store.all(PACKAGE):
            inside = record.id.lower().startswith(f"{operation.id.lower()}/")
            if inside and operation.cloud.types[record.type].keeps_name:
                operation.store.write(replace(record, alive=False))
            elif inside:
                operation.store.remove(record)


def row(token: str, path: str, seconds: float, form: Form = ("", "", PROVIDER), **more: Any) -> ArmType:
    """The row of a type, from its path: another name anywhere in it makes a new resource.

    form: what the name must match, the code if not, and who says so. more: `kind`, a class; the fields of `ArmType`,
    of `name` only what is not every resource's.
    """
    names = [name for name in re.findall(r"{(\w+)}", path) if name != "account"]
    tail = path.rpartition("/providers/")[2] if token != GROUP else "Microsoft.Resources/resourceGroups"
    (namespace, *steps), within = tail.split("/"), more.setdefault("within", GROUP)
    naming: Props = {"pattern": form[0], "invalid": form[1], "source": form[2], "taken": "AlreadyExists"}
    naming |= {"property": names[-1], "auto": ("", 8 if within in ("", GROUP) else 0)} | more.get("name", {})
    more["name"] = (Guid if token == ASSIGNMENT else Name)(**naming)
    more["outputs"] = {"name": f"{{{names[-1]}}}", "type": "/".join([namespace, *steps[::2]])} | more.get("outputs", {})
    more["replace"] = (*names, *more.get("replace", ()))
    kind: type[ArmType] = more.pop("kind", ArmType)
    return kind(token, seconds, path, **{"timed": PROVIDER, **more})


def each(types: Types, paths: str, right: Callable[[Any], Any], code: str, source: Source, says: str) -> Rule:
    """Every value at `paths`, with spaces between, is right."""

    def check(operation: Operation) -> str | None:
        return next((f"{v!r} (`{path}`)" for path in paths.split() for v in operation.at(path) if not right(v)), None)

    first, path = types if isinstance(types, str) else types[0], paths.split()[0]
    return Rule(f"{first.rpartition(':')[2]}-{path}", types, says, code, source, check, "check", path, says)


def merged(under: Any, over: Any) -> Any:
    """Two trees as one; where both have something, `over` has its way."""
    if isinstance(under, dict) and isinstance(over, dict):
        return {key: merged(under.get(key), over.get(key)) for key in under | over}
    return under if over is None else over


def existing(operation: Operation, token: str, id_: Any) -> Record | None:
    """The resource of a type with this id, in any subscription; ARM ids have no case."""
    return next((r for r in operation.store.all(PACKAGE) if r.type == token and r.id.lower() == str(id_).lower()), None)


def parent(operation: Operation) -> Record | None:
    """What the operation's resource lies in."""
    within = getattr(operation.type, "within", "")
    given = operation.record.inputs if operation.record else operation.inputs
    path = operation.cloud.types[within].id if within else ""
    return existing(operation, within, path.format_map({"account": operation.account, **given})) if within else None


def normal(location: str) -> str:
    """`East US 2` as `eastus2`: the provider and ARM compare locations so."""
    return location.replace(" ", "").lower()
