"""Three-valued logic, and walks through properties that never fail."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rampart_policy.values import UNKNOWN, Field, Node, Secret, Unknown, either, every, show, when
from rampart_policy.verdicts import PASS, Outcome, Verdict, all_of, fail, undetermined

FAIL, OPEN = fail("p", "found", "wanted"), undetermined("q")
outcomes = st.sampled_from([PASS, FAIL, OPEN])
answers = st.sampled_from([True, False, UNKNOWN])


@given(st.lists(outcomes, max_size=4))
def test_all_of_fails_if_one_fails_and_passes_only_if_all_pass(verdicts: list[Verdict]) -> None:
    found = {verdict.outcome for verdict in verdicts}
    total = all_of(verdicts).outcome
    if Outcome.FAIL in found:
        assert total is Outcome.FAIL
    elif Outcome.UNDETERMINED in found:
        assert total is Outcome.UNDETERMINED
    else:
        assert total is Outcome.PASS


@given(outcomes, outcomes)
def test_or_passes_if_one_passes_and_fails_only_if_both_fail(left: Verdict, right: Verdict) -> None:
    found = {left.outcome, right.outcome}
    expected = min(found, key=[Outcome.PASS, Outcome.UNDETERMINED, Outcome.FAIL].index)
    assert (left | right).outcome is expected


@given(st.lists(answers, max_size=3), outcomes)
def test_a_condition_that_does_not_hold_passes_and_one_that_nobody_knows_is_undetermined(
    values: list[bool | Unknown], verdict: Verdict
) -> None:
    outcome = when(*(Field(value) for value in values)).then(verdict).outcome
    if False in values or verdict.outcome is Outcome.PASS:
        assert outcome is Outcome.PASS
    elif UNKNOWN in values:
        assert outcome is Outcome.UNDETERMINED
    else:
        assert outcome is verdict.outcome


@given(st.lists(answers, min_size=1, max_size=4))
def test_either_and_every_are_decided_by_what_is_known_where_that_suffices(values: list[bool | Unknown]) -> None:
    fields = [Field(value) for value in values]
    known = [value for value in values if value is not UNKNOWN]
    assert either(*fields).value == (True if True in known else UNKNOWN if UNKNOWN in values else False)
    assert every(*fields).value == (False if False in known else UNKNOWN if UNKNOWN in values else True)


def test_findings_and_unknown_paths_of_several_verdicts_are_kept_once_each() -> None:
    both = fail("a", "1", "2") & fail("b", "3", "4") & fail("a", "1", "2")
    assert [finding.path for finding in both.findings] == ["a", "b"]
    assert (undetermined("x") & undetermined("y", "x")).unknown == ("x", "y")


def test_a_verdict_or_field_in_a_plain_condition_is_refused() -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(PASS)
    with pytest.raises(TypeError, match="unknown"):
        bool(Field(True))


def test_paths_name_list_items_and_stop_where_the_unknown_begins() -> None:
    place = Node({"rules": [{"ports": [{"from": 1}]}, UNKNOWN]})
    items = list(place.at("rules").items())
    assert [item.at("ports.from").number().path for item in items] == ["rules[0].ports[0].from", "rules[1]"]


def test_a_value_of_another_kind_is_unknown_and_says_why() -> None:
    place = Node({"size": "large", "list": [], "on": 1})
    assert place.at("size").number().must(lambda size: bool(size), "a number").outcome is Outcome.UNDETERMINED
    assert place.at("size").number().value == Unknown("should be a number and is a string")
    assert place.at("list.first").text().value == Unknown("should be an object and is a list")
    assert place.at("on").flag().value == Unknown("should be a boolean and is a number")


def test_a_message_shows_the_value_that_a_judgement_was_made_from_but_never_a_secret() -> None:
    place = Node({"mode": "open", "key": Secret("hunter2"), "both": [Secret("hunter2"), "x"]})
    assert place.at("mode").text(default="").map(lambda mode: mode == "closed").shown == '"open"'
    assert place.at("level").number(default=3).map(bool).shown == "3 (not set: the default)"
    assert place.at("key").text(default="").map(len).shown == "[secret]"
    assert "hunter2" not in show(place.at("both").raw)
    assert len(show("x" * 1000)) == 120


json_like = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just(UNKNOWN)
    | st.builds(Secret, st.text()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(json_like, st.lists(st.sampled_from(["a", "b", "a.b", ""]), max_size=3))
def test_walking_never_raises(raw: Any, path: list[str]) -> None:
    place = Node(raw)
    for step in path:
        place = place.at(step)
    for item in place.items():
        for field in (item.text(), item.text(default=""), item.flag(), item.number(), item.any(), item.given):
            assert isinstance(field.shown, str)
    assert isinstance(list(place.entries()), list)
