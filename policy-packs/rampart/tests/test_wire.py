"""The engine's property values, there and back."""

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from rampart_policy import wire
from rampart_policy.values import UNKNOWN, Secret

texts = st.text(max_size=8).filter(lambda text: text not in wire.UNKNOWN_SENTINELS and text != wire.SIGNATURE)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | texts | st.just(UNKNOWN),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts, inner, max_size=3)
        | st.builds(Secret, inner.filter(lambda value: not isinstance(value, Secret)))
    ),
    max_leaves=10,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_what_is_sent_is_what_is_read(properties: dict[str, Any]) -> None:
    assert wire.properties(wire.struct(properties)) == properties


def read(value: Any) -> Any:
    return wire.properties(json_format.ParseDict({"value": value}, struct_pb2.Struct()))["value"]


@pytest.mark.parametrize("sentinel", sorted(wire.UNKNOWN_SENTINELS))
def test_every_kind_of_unknown_value_is_unknown(sentinel: str) -> None:
    assert read(sentinel) is UNKNOWN
    assert read([{"deep": sentinel}]) == [{"deep": UNKNOWN}]


def test_outputs_and_references_are_read_as_what_they_stand_for() -> None:
    assert read({wire.SIGNATURE: wire.OUTPUT, "value": "known"}) == "known"
    assert read({wire.SIGNATURE: wire.OUTPUT}) is UNKNOWN
    assert read({wire.SIGNATURE: wire.OUTPUT, "value": "v", "secret": True}) == Secret("v")
    assert read({wire.SIGNATURE: wire.RESOURCE, "urn": "u", "id": "i"}) == "i"
    assert read({wire.SIGNATURE: wire.RESOURCE, "urn": "u"}) == "u"
    assert read({wire.SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "asset"}) == {"text": "asset"}


def test_whole_numbers_are_integers() -> None:
    assert repr(read(90)) == "90"
    assert repr(read(0.5)) == "0.5"
