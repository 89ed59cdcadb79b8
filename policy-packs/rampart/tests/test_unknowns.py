"""What decides a violation silences nothing when it is not known yet: the verdict is undetermined, never a pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rampart_policy.registry import CONTROLS, Mode
from rampart_policy.testing import UNKNOWN, Kind, judge, load_cases

Place = tuple[str | int, ...]

BY_NAME = {"no-clear-text-secret", "no-plaintext-connection"}
"""Controls that go by what a value is called: one that is not known yet decides nothing under an innocent name."""

CASES = [
    case
    for case in load_cases(Path(__file__).parent / "cases")
    if case.kind is Kind.VIOLATING
    and len(case.program) == 1
    and not case.program[0].type.startswith("kubernetes:")  # whose unknown parts may be any object
    and CONTROLS[case.control].mode is Mode.PREVENTIVE
    and case.control not in BY_NAME
    and "unreviewed" not in case.control
    and "madeup" not in case.program[0].type
]


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield (*above, key)
        yield from places(below, (*above, key))


def without(value: Any, place: Place) -> Any:
    """The value with one place in it unknown."""
    if not place:
        return UNKNOWN
    if isinstance(value, dict):
        return {key: without(below, place[1:]) if key == place[0] else below for key, below in value.items()}
    return [without(below, place[1:]) if at == place[0] else below for at, below in enumerate(value)]


@pytest.mark.parametrize("control", sorted({case.control for case in CASES}))
def test_no_unknown_value_turns_a_violation_into_a_pass(control: str) -> None:
    for case in (case for case in CASES if case.control == control):
        [made] = case.program
        for place in places(made.properties):
            report = judge(replace(made, properties=without(made.properties, place)), config=case.config)
            assert control in report.failed | report.undetermined, (made, place)
