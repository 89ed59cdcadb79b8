"""Azure Resource Manager: what every resource has from its path, as the azure-native provider makes of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from simulator import sdk
from simulator.cloud import At, Name, Operation, ResourceType, Rule, Source
from simulator.rules import Check
from simulator.state import Record
from simulator.values import Props

PACKAGE = "azure-native"
GROUP = f"{PACKAGE}:resources:ResourceGroup"
IN_GROUP = "/subscriptions/{account}/resourceGroups/{resourceGroupName}"
NAMES, SDK = Source("names table of the facts", "D"), Source("pulumi-azure-native SDK text", "S")
ARM, PROVIDER = Source("ARM error codes", "K"), Source("azure-native provider source", "D")
_RECORDED = Source("runs recorded in the azure-native provider's tests", "D")
_VERSIONS = {"Microsoft.KeyVault": "2024-11-01", "Microsoft.ManagedIdentity": "2023-01-31"}
_VERSIONS |= {"Microsoft.Authorization": "2022-04-01", "Microsoft.Resources": "2024-03-01"}
_VERSIONS |= {"Microsoft.Network": "2024-05-01", "Microsoft.Storage": "2024-01-01"}
_ELSEWHERE = {
    GROUP: ("Microsoft.Resources", "resourceGroups"),
    f"{PACKAGE}:authorization:RoleAssignment": ("Microsoft.Authorization", "roleAssignments"),
}


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
        return {key: value for key, value in merged(added, operation.inputs).items() if key in has}

    def delete(self, operation: Operation) -> None:
        """Take what lies in it along."""
        for record in operation.store.all(PACKAGE):
            if not record.id.lower().startswith(f"{operation.id.lower()}/"):
                continue
            if operation.cloud.types[record.type].keeps_name:
                operation.store.write(replace(record, alive=False))
            else:
                operation.store.remove(record)


def row(
    token: str, path: str, seconds: float, within: str = GROUP, kind: type[ArmType] = ArmType, **more: Any
) -> ArmType:
    """The row of a type: its path says what it is called, and another name anywhere in it makes a new resource.

    more: the fields of `ResourceType`; of `name` only what is not every resource's.
    """
    names = [name for name in re.findall(r"{(\w+)}", path) if name != "account"]
    namespace, *steps = path.partition("/providers/")[2].split("/") if within else _ELSEWHERE[token]
    top = within in ("", GROUP)
    naming = {"property": names[-1], "auto": ("", 8 if top else 0), "taken": "AlreadyExists", "source": NAMES}
    made = {"name": f"{{{names[-1]}}}", "type": "/".join([namespace, *steps[::2]])}
    made["azureApiVersion"] = _VERSIONS[namespace]
    more["name"] = more.pop("naming", Name)(**naming | more.get("name", {}))
    more["outputs"] = made | more.get("outputs", {})
    more["replace"] = (*names, *more.get("replace", ()))
    return kind(token, seconds, path, timed=_RECORDED, within=within, **more)


def rule(
    types: str | tuple[str, ...], code: str, source: Source, at: At = "write", property_: str = "", fix: str = ""
) -> Callable[[Check], Rule]:
    """A rule out of its check: the docstring is what it says."""

    def made(check: Check) -> Rule:
        first, says = types if isinstance(types, str) else types[0], (check.__doc__ or "").rstrip(".")
        id_ = f"{first.rpartition(':')[2]}-{check.__name__.strip('_')}"
        return Rule(id_, types, says[0].lower() + says[1:], code, source, check, at, property_, fix)

    return made


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
