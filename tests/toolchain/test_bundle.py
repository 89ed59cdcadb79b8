"""The folder that goes on PATH."""

import os
import shutil
from pathlib import Path

import pytest

from toolchain import bundle


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    copy = tmp_path / "toolchain"
    shutil.copytree(bundle.SOURCES / "language_host", copy / "language_host")
    shutil.copy2(bundle.SOURCES / "pulumi-language-python", copy)
    return copy


@pytest.fixture
def cli(tmp_path: Path) -> Path:
    folder = tmp_path / "cli"
    folder.mkdir()
    for name in ("pulumi", "pulumi-language-python-exec"):
        (folder / name).write_text(name)
    return folder


def test_it_holds_the_cli_the_launcher_and_the_language_host(cli: Path, tmp_path: Path) -> None:
    destination = tmp_path / "out"
    destination.mkdir()
    bundle.assemble(cli, destination)
    assert sorted(entry.name for entry in destination.iterdir()) == [
        "libexec",
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
    ]
    assert (destination / "pulumi-language-python").stat().st_mode & 0o111
    copied = {file.name for file in (destination / "libexec" / "language_host").iterdir()}
    assert copied == {file.name for file in (bundle.SOURCES / "language_host").glob("*.py")}


def test_the_cli_is_no_link_that_leads_the_engine_to_another_folder(cli: Path, tmp_path: Path) -> None:
    destination = tmp_path / "out"
    destination.mkdir()
    bundle.assemble(cli, destination)
    assert (destination / "pulumi").resolve() == destination / "pulumi"


def test_where_hard_links_do_not_work_the_cli_is_copied(
    cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    destination = tmp_path / "out"
    destination.mkdir()
    bundle.assemble(cli, destination)
    assert (destination / "pulumi").read_text() == "pulumi"


def test_nothing_of_one_checkout_is_written_into_it(cli: Path, tmp_path: Path) -> None:
    destination = tmp_path / "out"
    destination.mkdir()
    bundle.assemble(cli, destination)
    checkout = str(bundle.SOURCES.parent)
    assert not [file for file in destination.rglob("*") if file.is_file() and checkout in file.read_text()]


@pytest.mark.parametrize("name", ["pulumi-language-python", "language_host/program.py", "language_host/__init__.py"])
def test_the_key_changes_with_each_file_of_the_language_host(sources: Path, name: str) -> None:
    before = bundle.fingerprint("cli", sources)
    with (sources / name).open("a") as file:
        file.write("\n")
    assert bundle.fingerprint("cli", sources) != before


def test_the_key_changes_with_the_cli_and_with_a_new_file(sources: Path) -> None:
    before = bundle.fingerprint("cli", sources)
    assert bundle.fingerprint("another", sources) != before
    (sources / "language_host" / "new.py").touch()
    assert bundle.fingerprint("cli", sources) != before


def test_the_key_does_not_change_with_where_the_checkout_is(sources: Path) -> None:
    assert bundle.fingerprint("cli", sources) == bundle.fingerprint("cli")
