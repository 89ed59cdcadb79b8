"""How to find out, per resource type, whether a creation that was interrupted happened all the same.

One row a type, for every type that a stack may hold; a test compares them with the lists of URNs. A type without a row
is never taken for absent: its creation is listed, and somebody must look.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Props = Mapping[str, Any]


@dataclass(frozen=True)
class ById:
    """The id follows from the inputs.

    template: what `pulumi import` takes (the type's Import section in the SDK), filled with the inputs and, where those
    lack it, with the settings of the provider. within: it lies in something that is this stack's own, so whatever has
    that id is, too; without, tags or the name's ending must prove that.
    """

    template: str
    within: bool = False


@dataclass(frozen=True)
class Lookup:
    """The cloud gives the id, and a function of the provider finds it.

    arguments: of the inputs. ids: those that the function's result names; ones that the state has are left out. none: a
    pattern of the error by which a function of one thing says that there is none. late: for some minutes after a
    creation the function may not see it. within: as above.
    """

    function: str
    arguments: Callable[[Props], Props]
    ids: Callable[[Props], list[str]]
    none: str = ""
    late: bool = False
    within: bool = False


@dataclass(frozen=True)
class Again:
    """To ask for it again is harmless. why: what the cloud does with a second request."""

    why: str


How = ById | Lookup | Again


def how(token: str) -> How | None:
    """The row of a resource type."""
    from fleet.finds import aws, azure, gcp

    package = token.partition(":")[0]
    rows: dict[str, Mapping[str, How]] = {"aws": aws.ROWS, "gcp": gcp.ROWS, "azure-native": azure.ROWS}
    if package == "random":
        return Again("it exists in the state only")
    return rows.get(package, {}).get(token)
