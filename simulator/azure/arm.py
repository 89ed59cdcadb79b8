"""Azure Resource Manager: what every resource has from its path, as the azure-native provider does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from simulator import sdk
from simulator.cloud import Name, Operation, ResourceType, Source
from simulator.state import Record
from simulator.values import Props

PACKAGE = "azure-native"
GROUP = f"{PACKAGE}:resources:ResourceGroup"
IN_GROUP = "/subscriptions/{account}/resourceGroups/{resourceGroupName}"
FACTS, SDK = Source("names table of the facts", "D"), Source("pulumi-azure-native SDK text", "S")
ARM, PROVIDER = Source("ARM error codes", "K"), Source("azure-native provider source", "D")
_RECORDED = Source("runs recorded in the azure-native provider's tests", "D")
_VERSIONS = {"KeyVault": "2024-11-01", "ManagedIdentity": "2023-01-31", "Network": "2024-05-01"}
_VERSIONS |= {"Authorization": "2022-04-01", "Resources": "2024-03-01", "Storage": "2024-01-01"}


def merged(under: Any, over: Any) -> Any:
    """Two trees as one: where both have a value, `over` has its way."""
    if isinstance(under, dict) and isinstance(over, dict):
        return {key: merged(under.get(key), over.get(key)) for key in under | over}
    return under if over is None else over


class _Guid(Name):
    def make(self, logical: str, seed: bytes) -> str | None:
        return str(UUID(super().make("", seed)))


@dataclass(frozen=True)
class ArmType(ResourceType):
    """A type of ARM. within: the type that it lies in, whose deletion takes it along."""

    within: str = ""

    def describe(self, operation: Operation) -> Props:
        """The outputs that the SDK knows: the row's and, over them at any depth, the inputs."""
        known = sdk.describe(PACKAGE, self.token)["outputs"]
        given = {key: value for key, value in operation.inputs.items() if key in known}
        rows = {key: value for key, value in super().describe(operation).items() if key in self.outputs}
        own = {key: value(operation) if callable(value) else value for key, value in self.outputs.items()}
        own = {key: operation.text(value) if isinstance(value, str) else value for key, value in own.items()}
        return {**merged(own, given)}

    def delete(self, operation: Operation) -> None:
        """What lies in it goes with it."""
        for record in operation.store.all(PACKAGE):
            if record.id.lower().startswith(f"{operation.id.lower()}/"):
                operation.store.remove(record)
