"""Ageing the simulated clouds: not while somebody uses them, and at once when the last client has gone."""

from pathlib import Path

import pytest

import simulator
from simulator.ageing import age


def test_clouds_in_use_are_not_aged(tmp_path: Path) -> None:
    state = tmp_path / "clouds.db"
    with simulator.start(state), pytest.raises(SystemExit, match="in use by the simulated clouds"):
        age(state, 1)


def test_a_server_that_is_leaving_is_waited_for(tmp_path: Path) -> None:
    state = tmp_path / "clouds.db"
    for _ in range(5):
        with simulator.start(state):
            pass
        assert age(state, 90) == []
