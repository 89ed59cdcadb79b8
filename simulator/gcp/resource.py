"""What all resources of Google Cloud have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator import sdk
from simulator.cloud import At, Operation, ResourceType, Rule, Source
from simulator.rules import Check
from simulator.values import Props

SDK, FACTS = Source("pulumi-gcp SDK text", "S"), Source("GCP rows of the facts", "D")
MET = Source("API errors met in practice", "K")
API = "https://www.googleapis.com/compute/v1/"
_EVERY = {"project": "{account}", "region": "{region}", "selfLink": API + "{id}", "deletionPolicy": "DELETE"}
_LINKS = {"network": "networks", "attachmentTarget": "networks", "nextHopGateway": "gateways"}


def _abandoned(operation: Operation) -> bool:
    return operation.inputs.get("deletionPolicy") == "ABANDON"


@dataclass(frozen=True)
class GcpType(ResourceType):
    """A type of Google Cloud.

    shared: one thing, however often it is asked for. stays: whether deletion only makes the engine forget it.
    """

    shared: bool = False
    stays: Callable[[Operation], bool] = _abandoned

    def create(self, operation: Operation) -> Props:
        """Make it, or take over what is shared."""
        outputs = super().create(operation)
        for same in [record for record in operation.others(self.token) if self.shared and record.id == operation.id]:
            operation.store.remove(same)
        return outputs

    def delete(self, operation: Operation) -> None:
        """Keep what stays, as another record, which can be imported."""
        if operation.record and self.stays(operation):
            operation.store.insert(operation.record)

    def describe(self, operation: Operation) -> Props:
        """The outputs that the SDK has; networks and gateways as URLs, in whatever form they were given."""
        has = sdk.describe("gcp", self.token)["outputs"]
        every = {key: operation.text(value) for key, value in _EVERY.items()}
        outputs = {key: value for key, value in (every | super().describe(operation)).items() if key in has}
        for key in _LINKS.keys() & outputs.keys():
            last = outputs[key].rpartition("/")[2]
            outputs[key] = f"{API}projects/{operation.account}/global/{_LINKS[key]}/{last}"
        return outputs


def tokens(module: str, *names: str) -> tuple[str, ...]:
    """The type tokens of a module's resources."""
    return tuple(f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}" for name in names)


def row(token: str, seconds: float, path: str, fixed: str, kind: type[GcpType] = GcpType, **more: Any) -> GcpType:
    """The row of a type. path: the id, in the project if it starts as one. fixed: what a change of replaces, spaced."""
    where = "projects/{account}/" if path.partition("/")[0] in ("global", "regions", "locations") else ""
    return kind(token, seconds, where + path, replace=tuple(fixed.split()), **more)


def rule(
    types: str | tuple[str, ...], code: str, source: Source, at: At = "write", property_: str = "", fix: str = ""
) -> Callable[[Check], Rule]:
    """A rule out of its check: the docstring is what it says."""

    def made(check: Check) -> Rule:
        first, says = types if isinstance(types, str) else types[0], (check.__doc__ or "").rstrip(".")
        id_ = f"{first.rpartition(':')[2]}-{check.__name__.strip('_')}"
        return Rule(id_, types, says[0].lower() + says[1:], code, source, check, at, property_, fix)

    return made
