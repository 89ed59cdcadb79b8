"""The list of controls that people read is that of the controls there are."""

from pathlib import Path

from rampart_policy.catalogue import catalogue
from rampart_policy.registry import CONTROLS

LISTED = Path(__file__).parents[1] / "CONTROLS.md"


def test_the_committed_list_is_current() -> None:
    assert LISTED.read_text() == catalogue(), "renew it: python -m rampart_policy.catalogue > CONTROLS.md"


def test_every_control_is_listed_with_its_mode() -> None:
    rows = [line for line in catalogue().splitlines() if line.startswith("| `")]
    assert len(rows) == len(CONTROLS)
    for row in rows:
        control = CONTROLS[row.split("`")[1]]
        assert f"| {'**detective**' if control.mode == 'detective' else 'preventive'} |" in row
