"""docs/fidelity.md says what the rules say, and the rules say enough."""

from pathlib import Path

import pytest

from simulator import fidelity
from simulator.provider import PACKAGES, load
from simulator.rules import of_cloud


def test_the_page_is_current() -> None:
    page = Path(fidelity.__file__).parents[1] / "docs" / "fidelity.md"
    assert page.read_text() == fidelity.document(), "run `python -m simulator.fidelity > docs/fidelity.md`"


@pytest.mark.parametrize("package", PACKAGES)
def test_rules_are_told_apart_and_say_what_and_why(package: str) -> None:
    cloud = load(package)
    rules = of_cloud(cloud)
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule.tokens) <= set(cloud.types), rule.id
        assert rule.says, rule.id
        assert rule.code, rule.id
        assert rule.source.mark in ("S", "D", "K"), rule.id
        assert rule.check or package == "aws", f"{rule.id}: only AWS has moto behind it"
