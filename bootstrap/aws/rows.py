"""How permissions are written down: rows of actions on resources, which become policy documents."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Condition = Mapping[str, Mapping[str, str | tuple[str, ...]]]


@dataclass(frozen=True)
class Row:
    """Actions, with spaces between, on resources whose ARNs may have places to fill, under a condition likewise.

    types: the resource types that ask for it, without `aws:` and with spaces between, as a test compares them with what
    the components make.
    """

    actions: str
    on: tuple[str, ...]
    condition: Condition = field(default_factory=dict)
    types: str = ""


def arns(service: str, *resources: str) -> tuple[str, ...]:
    """ARNs of the account, in any region."""
    return tuple(f"arn:aws:{service}:*:{{account}}:{resource}" for resource in resources)


def document(rows: Sequence[Row], places: Mapping[str, str]) -> str:
    """The policy document of some rows; `KeyError` for a place that nothing fills."""

    def filled(text: str | tuple[str, ...]) -> str | list[str]:
        return text.format_map(places) if isinstance(text, str) else [part.format_map(places) for part in text]

    statements: list[dict[str, object]] = []
    for row in rows:
        statement: dict[str, object] = {"Effect": "Allow", "Action": row.actions.split(), "Resource": filled(row.on)}
        if row.condition:
            statement["Condition"] = {
                operator: {key: filled(value) for key, value in tests.items()}
                for operator, tests in row.condition.items()
            }
        statements.append(statement)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
