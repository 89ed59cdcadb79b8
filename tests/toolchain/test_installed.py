"""Which Pulumi CLI on PATH is used, and the sentence for the one that is not."""

import os
from pathlib import Path

import pytest

from tests.toolchain.support.fake_go import executable
from toolchain import installed
from toolchain.installed import Installation

NOWHERE = Path("/nonexistent")


def cli(folder: Path, script: str = "echo v3.210.1", *, host: bool = True) -> Path:
    pulumi = executable(folder / "pulumi", f"#!/bin/sh\n{script}\n")
    if host:
        executable(folder / "pulumi-language-python", "#!/bin/sh\n")
    return pulumi


@pytest.mark.parametrize("version", ["3.200.0", "3.259.0", "3.1000.12"])
def test_a_version_in_the_range_is_used(tmp_path: Path, version: str) -> None:
    pulumi = cli(tmp_path, f"echo v{version}")
    assert installed.find(str(tmp_path), outside=NOWHERE) == Installation(pulumi, version)


@pytest.mark.parametrize("version", ["3.199.9", "2.300.0", "4.0.0"])
def test_a_version_outside_the_range_is_named(tmp_path: Path, version: str) -> None:
    cli(tmp_path, f"echo v{version}")
    assert installed.find(str(tmp_path), outside=NOWHERE) == (
        f"{tmp_path / 'pulumi'} is version {version}, Rampart needs >=3.200,<4."
    )


def test_without_a_language_host_it_is_not_used(tmp_path: Path) -> None:
    cli(tmp_path, host=False)
    assert installed.find(str(tmp_path), outside=NOWHERE) == (
        f"{tmp_path / 'pulumi'} has no `pulumi-language-python` beside it or on PATH."
    )


def test_a_language_host_elsewhere_on_path_will_do(tmp_path: Path) -> None:
    cli(tmp_path / "a", host=False)
    executable(tmp_path / "b" / "pulumi-language-python", "#!/bin/sh\n")
    path = os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")])
    assert isinstance(installed.find(path, outside=NOWHERE), Installation)


def test_a_language_host_beside_what_a_link_points_to_will_do(tmp_path: Path) -> None:
    pulumi = cli(tmp_path / "real")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "pulumi").symlink_to(pulumi)
    assert isinstance(installed.find(str(tmp_path / "links"), outside=NOWHERE), Installation)


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "kill -9 $$", "printf '\\377'"])
def test_a_broken_binary_is_not_used(tmp_path: Path, script: str) -> None:
    cli(tmp_path, script)
    assert installed.find(str(tmp_path), outside=NOWHERE) == (
        f"`{tmp_path / 'pulumi'} version` does not answer with a version."
    )


def test_a_file_that_the_system_cannot_run_is_not_used(tmp_path: Path) -> None:
    executable(tmp_path / "pulumi", "\x7fELF")
    assert "does not answer" in str(installed.find(str(tmp_path), outside=NOWHERE))


@pytest.mark.parametrize("path", ["", os.pathsep, "/nonexistent"])
def test_an_empty_path_has_none(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert installed.find(path, outside=NOWHERE) == "There is no `pulumi` on PATH."


def test_the_cache_itself_is_passed_over(tmp_path: Path) -> None:
    cli(tmp_path / "rampart" / "engine" / "old")
    other = cli(tmp_path / "official")
    path = os.pathsep.join([str(tmp_path / "rampart" / "engine" / "old"), str(other.parent)])
    assert installed.find(path, outside=tmp_path / "rampart") == Installation(other, "3.210.1")
