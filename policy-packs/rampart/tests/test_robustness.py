"""Odd, missing and unknown input: no reader fails, and nothing unknown is taken for a pass or a failure by itself."""

import inspect
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rampart_policy.readers import load_all
from rampart_policy.registry import READERS, STACK_READERS
from rampart_policy.testing import UNKNOWN, Case, Declared, judge, load_cases, resource, secret

load_all()

TYPES = sorted({*READERS, *STACK_READERS})

ONE_OF_EACH = sorted({(READERS.get(token), STACK_READERS.get(token)): token for token in reversed(TYPES)}.values())
"""One type for each reader: those that share one are read by the same lines."""

WORDS = [
    "",
    "*",
    "true",
    "0.0.0.0/0",
    "::/0",
    "P90D",
    "7776000s",
    "allUsers",
    "Allow",
    "Deny",
    "{}",
    "[",
    "\x00",
    "ingress",
]
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-1, 400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.just(UNKNOWN)
    | st.builds(secret, st.sampled_from(WORDS))
)


@cache
def vocabulary(token: str) -> list[str]:
    """The property names that a reader's module speaks of: the ones that matter, at whatever depth."""
    readers = [found[token] for found in (READERS, STACK_READERS) if token in found]
    words: set[str] = {"Statement", "Principal", "Condition", "bindings", "members"}
    for read in readers:
        source = inspect.getsource(inspect.getmodule(read) or read)
        for text in re.findall(r'"([a-zA-Z][\w.]*)"', source):
            words |= set(text.split("."))
    return sorted(words)


@cache
def properties(token: str) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(vocabulary(token))
    value = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=3), max_leaves=6
    )
    return st.dictionaries(names, value, max_size=6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(token=st.sampled_from(ONE_OF_EACH), data=st.data())
def test_no_input_makes_a_reader_fail(token: str, data: st.DataObject) -> None:
    subject = resource(token, data.draw(properties(token)))
    other = resource(token, data.draw(properties(token)), name="other", depends={"bucket": subject})
    for preview in (True, False):
        report = judge(subject, other, preview=preview)
        assert "rampart" not in report.failed


@pytest.mark.parametrize("package", sorted({token.partition(":")[0] for token in ONE_OF_EACH}))
def test_nothing_unknown_raises_and_a_type_with_everything_unknown_is_not_judged_by_it(package: str) -> None:
    for token in (token for token in ONE_OF_EACH if token.partition(":")[0] == package):
        report = judge(resource(token, dict.fromkeys(vocabulary(token), UNKNOWN)))
        assert "rampart" not in report.failed, token
        for violation in report.violations:
            assert "not known before the update" not in violation.message, token


CASES = load_cases(Path(__file__).parent / "cases")


def mutated(value: Any, data: st.DataObject) -> Any:
    """The value with one odd thing at one place in it: where readers look, since a case has it."""
    inside = isinstance(value, dict | list) and value and data.draw(st.integers(0, 5))
    if not inside:
        return data.draw(leaves | st.just([]) | st.just({}) | st.just([UNKNOWN]) | st.builds(lambda: [value, value]))
    if isinstance(value, list):
        position = data.draw(st.integers(0, len(value) - 1))
        return [mutated(item, data) if at == position else item for at, item in enumerate(value)]
    chosen = data.draw(st.sampled_from(sorted(value)))
    return {key: mutated(item, data) if key == chosen else item for key, item in value.items()}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from(CASES), data=st.data())
def test_no_mutation_of_a_case_makes_the_pack_fail(case: Case, data: st.DataObject) -> None:
    program: list[Declared] = [replace(made, properties=mutated(dict(made.properties), data)) for made in case.program]
    odd = [replace(made, properties=made.properties if isinstance(made.properties, dict) else {}) for made in program]
    for preview in (True, False):
        assert "rampart" not in judge(*odd, config=case.config, preview=preview).failed


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from([case for case in CASES if case.kind == "violating"]))
def test_one_unknown_value_silences_nothing_else(case: Case) -> None:
    """A property that no reader asks for, unknown, changes no verdict."""
    program = [replace(made, properties={**made.properties, "unheard": UNKNOWN}) for made in case.program]
    assert case.control in judge(*program, config=case.config).failed
