"""The random provider makes real values, and keeps none."""

import base64
import string
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.cloud import Operation, Scope
from simulator.random import CLOUD
from simulator.state import Store
from simulator.values import Props, Secret, encode
from tests.simulator.conftest import Connect, Refused

ID, PASSWORD, STRING, UUID = (
    f"random:index/random{name}:Random{name}" for name in ("Id", "Password", "String", "Uuid")
)


def test_the_forms_of_an_id_are_the_same_bytes(connect: Connect) -> None:
    id_, outputs = connect("random").create(ID, "i", {"byteLength": 5, "prefix": "p-"})
    forms = {name: outputs[name].removeprefix("p-") for name in ("hex", "dec", "b64Std", "b64Url")}
    made = bytes.fromhex(forms["hex"])
    assert len(made) == 5
    assert forms["b64Std"] == base64.b64encode(made).decode()
    assert forms["b64Url"] == id_ == base64.urlsafe_b64encode(made).decode().rstrip("=")
    assert int(forms["dec"]) == int.from_bytes(made)


def test_a_password_is_a_secret_and_a_string_is_not(connect: Connect, store: Store, tmp_path: Path) -> None:
    engine = connect("random")
    id_, outputs = engine.create(PASSWORD, "p", {"length": 24})
    assert (id_, type(outputs["result"]), len(outputs["result"].value)) == ("none", Secret, 24)
    id_, outputs = engine.create(STRING, "s", {"length": 24})
    assert id_ == outputs["result"]
    assert not list(store.all("random"))


def test_a_uuid_is_one(connect: Connect) -> None:
    id_, outputs = connect("random").create(UUID, "u", {})
    assert str(uuid.UUID(id_)) == outputs["result"]


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["lower", "upper", "numeric", "special"]), st.booleans()), st.integers(4, 40))
def test_a_text_has_the_kinds_of_character_asked_for(kinds: dict[str, bool], length: int) -> None:
    inputs: Props = {"length": length, "minLower": 2 if kinds.get("lower", True) else 0, **kinds}
    row, scope = CLOUD.types[STRING], Scope("")
    operation = Operation(cloud=CLOUD, type=row, scope=scope, store=None, raw=inputs)  # type: ignore[arg-type]  # unused
    allowed = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "numeric": string.digits}
    allowed["special"] = "!@#$%&*()-_=+[]{}<>:?"
    letters = "".join(text for kind, text in allowed.items() if kinds.get(kind, True))
    if letters:
        result = row.create(operation)["result"]
        assert len(result) == length
        assert set(result) <= set(letters)
        assert sum(letter.islower() for letter in result) >= inputs["minLower"]


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"length": 0}, "Invalid Attribute Value"),
        ({"length": 3, "minUpper": 2, "minLower": 2}, "Invalid Attribute Value"),
        (
            {"length": 4, **dict.fromkeys(("lower", "upper", "numeric", "special"), False)},
            "Invalid Attribute Combination",
        ),
    ],
)
def test_impossible_texts_are_refused(connect: Connect, inputs: Props, code: str) -> None:
    with pytest.raises(Refused, match=code):
        connect("random").create(PASSWORD, "p", inputs)


def test_every_change_makes_a_new_value_and_reads_return_what_the_engine_has(connect: Connect) -> None:
    engine = connect("random")
    answer = engine.diff(ID, {"byteLength": 4, "keepers": {"a": "1"}}, {"byteLength": 4, "keepers": {"a": "2"}})
    assert list(answer.replaces) == ["keepers"]
    state: Props = {"result": Secret("x"), "length": 1}
    assert engine.read(PASSWORD, "none", state)[0] == state
    assert encode(state) == encode(engine.read(PASSWORD, "none", state)[0])
