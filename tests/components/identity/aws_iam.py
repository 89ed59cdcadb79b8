"""How IAM decides, for the documents that the components write: what is not allowed is denied, and a denial wins.

IAM User Guide, policy evaluation logic and JSON policy elements. What these documents do not use raises, so that a new
element cannot pass for understood.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What is asked. context: the condition keys that the request carries."""

    action: str
    on: str
    context: Mapping[str, str] = field(default_factory=dict)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def fits(text: str, pattern: str, case: bool = True) -> bool:
    """Whether a text fits a pattern with `*` and `?`."""
    written = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(written, text, re.DOTALL | (0 if case else re.IGNORECASE)) is not None


def _test(operator: str, has: str | None, wanted: list[str]) -> bool:
    match operator:
        case "StringEquals":
            return has in wanted
        case "StringNotEquals":
            return has not in wanted
        case "StringLike" | "ArnLike":
            return has is not None and any(fits(has, pattern) for pattern in wanted)
        case "Bool":
            return has is not None and has.lower() in wanted
        case "BoolIfExists":
            return has is None or has.lower() in wanted
    raise NotImplementedError(operator)


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    if unknown := set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}:
        raise NotImplementedError(unknown)
    acts = any(fits(request.action, action, case=False) for action in listed(statement["Action"]))
    on = "Resource" not in statement or any(fits(request.on, arn) for arn in listed(statement["Resource"]))
    return (
        acts
        and on
        and all(
            _test(operator, request.context.get(key), listed(wanted))
            for operator, tests in statement.get("Condition", {}).items()
            for key, wanted in tests.items()
        )
    )


def allows(document: str, request: Request) -> bool:
    """What the document says of a request of whom it is attached to, or who its principals are."""
    found = [s for s in listed(json.loads(document)["Statement"]) if _applies(s, request)]
    return any(s["Effect"] == "Allow" for s in found) and not any(s["Effect"] == "Deny" for s in found)
