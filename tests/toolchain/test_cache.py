"""The cache: a folder is whole or absent."""

from pathlib import Path

import pytest

from toolchain import ToolchainError, cache


def no_waiting() -> None:
    raise AssertionError("nobody else holds the lock")


def test_a_folder_appears_with_all_that_was_put_in(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "key"

    def fill(scratch: Path) -> None:
        assert not target.exists()
        (scratch / "file").write_text("whole")

    cache.publish(target, fill, no_waiting)
    assert (target / "file").read_text() == "whole"


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()

    def fill(scratch: Path) -> None:
        raise AssertionError("made again")

    cache.publish(tmp_path / "key", fill, no_waiting)


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_nothing(tmp_path: Path, failure: type[BaseException]) -> None:
    def fill(scratch: Path) -> None:
        (scratch / "file").write_text("half")
        raise failure

    with pytest.raises(failure):
        cache.publish(tmp_path / "key", fill, no_waiting)
    assert [entry.name for entry in tmp_path.iterdir()] == ["key.lock"]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".key.abandoned").mkdir()
    (tmp_path / ".other.busy").mkdir()
    cache.publish(tmp_path / "key", lambda scratch: None, no_waiting)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".other.busy", "key", "key.lock"]


def test_a_cache_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ToolchainError, match=rf"cannot be written to .*{tmp_path}/file.*set XDG_CACHE_HOME"):
        cache.publish(tmp_path / "file" / "key", lambda scratch: None, no_waiting)


@pytest.mark.parametrize(("value", "expected"), [("/cache", "/cache/rampart"), ("", "~"), ("relative", "~")])
def test_the_folder_follows_the_xdg_rules(value: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    home = Path.home() / ".cache" / "rampart"
    assert cache.root() == (home if expected == "~" else Path(expected))
