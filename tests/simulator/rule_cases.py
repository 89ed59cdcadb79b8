"""What a list of cases shows: every rule refuses what it names, with its code, and lets its near miss pass."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from tests.simulator.conftest import Connect, Refused


class Rules:
    """A test module extends it as `TestRules`.

    cases: by rule id, what the refusal says, what is refused, and the near miss; each act takes a stage. codes: the
    code of every rule that there is. stage: makes one.
    """

    cases: ClassVar[Mapping[str, tuple[str, Callable[[Any], object], Callable[[Any], object]]]]
    codes: ClassVar[Mapping[str, str]]
    stage: ClassVar[type]

    def test_every_rule_has_a_case(self) -> None:
        assert set(self.codes) == set(self.cases)

    def test_refuses_what_the_rule_names_with_its_code(self, connect: Connect, rule: str) -> None:
        says, refused_act, _ = self.cases[rule]
        with pytest.raises(Refused) as refused:
            refused_act(self.stage(connect))
        assert says in str(refused.value)
        assert self.codes[rule] in str(refused.value)

    def test_lets_the_near_miss_pass(self, connect: Connect, rule: str) -> None:
        self.cases[rule][2](self.stage(connect))
