"""IAM's policy language, as far as keys, roles and the delivery of logs need it."""

import fnmatch
import json
from collections.abc import Mapping
from typing import Any

from simulator.values import Props


def statements(policy: Any) -> list[Props] | None:
    """The statements of a policy document (text, or the tree itself), or None if it has none."""
    try:
        found = (json.loads(policy) if isinstance(policy, str) else policy)["Statement"]
    except (TypeError, ValueError, KeyError):
        return None
    return found if isinstance(found, list) else [found]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _matches(text: str, patterns: Any) -> bool:
    return any(fnmatch.fnmatchcase(text, str(pattern)) for pattern in _listed(patterns))


def _met(statement: Props, context: Mapping[str, str]) -> bool:
    for operator, tests in (statement.get("Condition") or {}).items():
        positive = operator.startswith(("Arn", "String")) and "Not" not in operator
        if positive and not all(_matches(context[key], wanted) for key, wanted in tests.items() if key in context):
            return False
    return True


def allows(
    policy: Any, principals: tuple[str, ...], action: str, on: str = "", context: Mapping[str, str] | None = None
) -> bool:
    """Whether a policy lets one of the principals (empty: whom it is attached to) do this.

    on: the resource, where the policy is not itself a resource's. context: the condition keys whose values are known;
    other conditions count as met, but for a denial's.
    """
    allowed = False
    for statement in statements(policy) or []:
        named = statement.get("Principal") or {}
        who = [named] if isinstance(named, str) else [name for names in named.values() for name in _listed(names)]
        meant = not principals or "*" in who or bool(set(who).intersection(principals))
        meant = meant and (not on or _matches(on, statement.get("Resource", [])))
        if meant and _matches(action, statement.get("Action", [])) and _met(statement, context or {}):
            if statement.get("Effect") == "Deny" and not statement.get("Condition"):
                return False
            allowed = allowed or statement.get("Effect") == "Allow"
    return allowed
