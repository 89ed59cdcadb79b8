"""What all resources of Google Cloud have in common."""

import re
from collections.abc import Callable
from typing import Any

from simulator import sdk
from simulator.cloud import At, Operation, ResourceType, Rule, Source
from simulator.rules import unique_key
from simulator.values import Props

SDK, FACTS = Source("pulumi-gcp SDK text", "S"), Source("GCP rows of the facts", "D")
MET = Source("API errors met in practice", "K")
API = "https://www.googleapis.com/compute/v1/"
_EVERY = {"project": "{account}", "region": "{region}", "selfLink": API + "{id}", "deletionPolicy": "DELETE"}
_LINKS = {"network": "networks", "attachmentTarget": "networks", "nextHopGateway": "gateways"}


Rules = tuple[Rule, ...]


class GcpType(ResourceType):
    """A type of Google Cloud."""

    def describe(self, operation: Operation) -> Props:
        """The outputs that the SDK has; networks and gateways as URLs, in whatever form they were given."""
        has = sdk.describe("gcp", self.token)["outputs"]
        every = {key: operation.text(value) for key, value in _EVERY.items()}
        outputs = {key: value for key, value in (every | super().describe(operation)).items() if key in has}
        for key in _LINKS.keys() & outputs.keys():
            last = outputs[key].rpartition("/")[2]
            outputs[key] = f"{API}projects/{operation.account}/global/{_LINKS[key]}/{last}"
        if str(outputs.get("subnetwork")).startswith("projects/"):
            outputs["subnetwork"] = API + outputs["subnetwork"]
        return outputs


class Lasting(GcpType):
    """A type whose deletion only makes the engine forget the resource: it can be imported."""

    def delete(self, operation: Operation) -> None:
        """Keep it as another record, unless somebody else has it too."""
        forgotten = not operation.inputs.get("disableOnDestroy")
        if operation.record and forgotten and all(other.id != operation.id for other in operation.others(self.token)):
            operation.store.insert(operation.record)


class Adopted(GcpType):
    """A type whose provider takes over what exists under the name instead of being refused (provider source)."""

    def create(self, operation: Operation) -> Props:
        """Make it, in the place of the one that is there."""
        store = operation.store
        if (there := store.holder("gcp", self.token, unique_key(operation))) and there.alive:
            store.remove(there)
        return super().create(operation)


def tokens(module: str, *names: str) -> tuple[str, ...]:
    """The type tokens of a module's resources."""
    return tuple(f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}" for name in names)


def row(
    token: str, seconds: float, path: str, fixed: str = "", kind: type[ResourceType] = GcpType, **more: Any
) -> ResourceType:
    """The row of a type. path: the id, in the project if it starts so. fixed: what replaces besides what is in it."""
    project = path.startswith(("global/", "regions/", "locations/"))
    names = [*re.findall("{(?!account})(.+?)}", path), *["project"] * project, *fixed.split()]
    return kind(token, seconds, "projects/{account}/" * project + path, replace=tuple(names), **more)


def never(token: str, code: str, source: Source, *breaches: tuple[str, str, Callable[[Operation], Any], At]) -> Rules:
    """Rules of a property each: its path, what the rule says, which is the refusal too, what breaks it, and when."""

    def made(path: str, says: str, broken: Callable[[Operation], Any], at: At) -> Rule:
        def check(operation: Operation) -> str | None:
            value = operation.one(path)
            shown = "" if value is None or isinstance(value, dict) else f" is {value!r}"
            return f"`{path}`{shown}" if broken(operation) else None

        return Rule(f"{token.rpartition(':')[2]}-{path}-{at}", token, says, code, source, check, at, path, says)

    return tuple(made(*breach) for breach in breaches)
