import pytest


@pytest.fixture(autouse=True)
def written_down(checkpoints: None) -> None:
    """What is interrupted is found in the state."""
