from pathlib import Path

import pytest

from demo.project import STACKS
from tests.components.ways import Opened, open_and_close
from tests.conftest import copy, once


@pytest.fixture(scope="session", params=STACKS)
def opened(request: pytest.FixtureRequest, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """What came of opening every way of a stack, and of closing them again."""
    stack = request.param
    return once(
        tmp_path_factory,
        f"opened-{stack}",
        lambda folder: open_and_close(copy(built, folder / "home"), stack, folder),
    )
