"""What an interrupted update left unsettled, and what becomes of it.

Each creation that may have happened is looked for, by the physical name or the tags that it asked for, and read through
the stack's own provider: it is adopted into the state, or known not to exist, or listed for somebody to look at. All of
it is decided in a scratch stack; the stack's own state is then replaced once, or not at all.
"""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fleet.engine import SEALED, State
from fleet.finds import Again, ById, Lookup, how

_TAGS = ("tagsAll", "effectiveLabels", "tags", "labels")


@dataclass
class Creation:
    """A creation that may have happened.

    resource: what was asked for, as a state holds a resource. id: what it would have. found: what the provider read.
    why: why it cannot be settled, and what to do.
    """

    resource: State
    id: str = ""
    found: State | None = None
    why: str = ""
    chosen: bool = False  # somebody said that it is this one

    @property
    def urn(self) -> str:
        return str(self.resource["urn"])

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def inputs(self) -> dict[str, Any]:
        return dict(self.resource.get("inputs") or {})


@dataclass
class Unsettled:
    """What is unsettled. touched: URNs of resources whose update or deletion may have happened."""

    creations: list[Creation] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.creations or self.touched)


def unsettled(deployment: Mapping[str, Any], failed: list[dict[str, Any]]) -> Unsettled:
    """What a state's pending operations and the journal's failed ones add up to."""
    found, seen = Unsettled(), set()
    for operation in [*(deployment.get("pending_operations") or ()), *failed]:
        resource = operation["resource"]
        if not _in_a_cloud(resource):
            continue
        mark = (resource["urn"], str(sorted((resource.get("inputs") or {}).items())))
        if operation["type"] == "creating" and mark not in seen:
            seen.add(mark)
            found.creations.append(Creation(resource))
        elif operation["type"] in ("updating", "deleting"):
            found.touched.append(resource["urn"])
    there = {resource["urn"] for resource in deployment.get("resources") or ()}
    found.touched = [urn for urn in dict.fromkeys(found.touched) if urn in there]
    return found


def _in_a_cloud(resource: Mapping[str, Any]) -> bool:
    """Whether it is anything outside the state: components and providers are not, and the engine makes them again."""
    return bool(resource.get("custom")) and not str(resource["type"]).startswith("pulumi:")


def settings_of(creation: Creation, deployment: Mapping[str, Any]) -> State | None:
    """The provider of a creation, as the state has it."""
    urn = str(creation.resource.get("provider")).rpartition("::")[0]
    return next((r for r in deployment.get("resources") or () if r["urn"] == urn), None)


def identify(creation: Creation, provider: State) -> Lookup | Again | None:
    """Set the creation's id if its inputs say it, or why they do not; else say what it takes to know."""
    row = how(creation.resource["type"])
    if row is None:
        creation.why = f"fleet/finds has no row for {creation.resource['type']}"
    if not isinstance(row, ById):
        return row
    wanted = {**provider.get("inputs", {}), **creation.inputs}
    missing = [
        name for name in re.findall(r"{(\w+)}", row.template) if not isinstance(wanted.get(name), str | int | float)
    ]
    if missing:
        creation.why = f"its id follows from {', '.join(missing)}, which the interrupted update does not tell"
    else:
        values = {name: int(value) if isinstance(value, float) else value for name, value in wanted.items()}
        creation.id = row.template.format_map(values)
    return None


def judge(creation: Creation, row: Lookup, answer: Any, known: set[str], visible: float) -> None:
    """Set the creation's id from a lookup's answer, or why it says too little.

    known: ids that the state has. visible: when (seconds since the epoch) even a lookup that lags shows what there is.
    """
    if isinstance(answer, Exception) and not (row.none and re.search(row.none, str(answer))):
        creation.why = f"{row.function} failed: {answer}"
        return
    ids = [] if isinstance(answer, Exception) else [id_ for id_ in row.ids(answer) if id_ not in known]
    if len(ids) > 1:
        creation.why = f"{len(ids)} fit what was asked for: {', '.join(ids)}"
    elif ids:
        creation.id = ids[0]
    elif row.late and time.time() < visible:
        then = datetime.fromtimestamp(visible).astimezone()
        creation.why = f"{row.function} may not show it before {then:%H:%M:%S %Z}; try again then"


def ours(creation: Creation, deployment: Mapping[str, Any]) -> bool:
    """Whether what was found is what this stack asked for, and not somebody else's of the same name.

    Its tags or labels say so; or its name has what only this stack has: what Pulumi appended, or the incarnation; or it
    lies in something that is this stack's own.
    """
    row, found = how(creation.resource["type"]), (creation.found or {}).get("outputs") or {}
    for name in _TAGS:
        asked = creation.inputs.get(name)
        if isinstance(asked, dict) and asked and SEALED not in asked:
            if (found.get(name) or {}).items() >= asked.items():
                return True
            break
    return creation.chosen or bool(row and not isinstance(row, Again) and row.within) or _ended(creation, deployment)


def _ended(creation: Creation, deployment: Mapping[str, Any]) -> bool:
    inputs = creation.inputs
    if inputs.get("__createBeforeDelete") or any(_names(key) for key in inputs.get("__defaults") or ()):
        return True  # Pulumi made the name, with an ending of its own
    own = [hex_ for hex_ in _incarnations(deployment) if len(hex_) >= 8]
    row = how(creation.resource["type"])
    naming = set(re.findall(r"{(\w+)}", row.template)) if isinstance(row, ById) else set()
    names = [value for key, value in inputs.items() if isinstance(value, str) and (_names(key) or key in naming)]
    return any(hex_ in name for hex_ in own for name in names)


def _incarnations(deployment: Mapping[str, Any]) -> Iterator[str]:
    for resource in deployment.get("resources") or ():
        if resource["type"] == "random:index/randomId:RandomId":
            yield str((resource.get("outputs") or {}).get("hex", ""))


def _names(key: str) -> bool:
    """Whether a property is the physical name of its resource."""
    return key in ("name", "bucket", "bucketId", "identifier", "accountId", "accountName", "serverName", "resourceName")


def known_ids(deployment: Mapping[str, Any], token: str) -> set[str]:
    """The ids of a type that the state has."""
    return {str(r.get("id")) for r in deployment.get("resources") or () if r["type"] == token}
