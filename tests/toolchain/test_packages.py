"""The packages of an interpreter, and the plugins that they need."""

import base64
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolchain.language_host import packages
from toolchain.language_host.packages import Package


def package(name: str, version: str = "1.2.3", plugin: dict[str, Any] | None = None) -> Package:
    return Package(name=name, version=version, required=False, plugin=plugin)


def needed(*found: Package, attached: str = "") -> list[str]:
    plugins = packages.plugins(found, packages.attached_providers(attached))
    return [f"{plugin['name']} {plugin['version']}" for plugin in plugins]


def test_a_package_needs_the_plugin_that_its_file_names() -> None:
    file = {"resource": True, "name": "azure-native", "version": "3.29.0"}
    assert needed(package("pulumi-azure-native", plugin=file)) == ["azure-native v3.29.0"]


def test_what_the_file_leaves_out_comes_from_the_package() -> None:
    assert needed(package("pulumi-random", "4.21", {"resource": True})) == ["random v4.21.0"]


def test_a_package_that_says_it_has_no_plugin_needs_none() -> None:
    assert needed(package("pulumi-std", plugin={"resource": False})) == []


def test_a_package_without_the_file_counts_by_its_name() -> None:
    assert needed(package("pulumi-old"), package("requests"), package("pulumi")) == ["old v1.2.3"]


def test_packages_known_to_have_no_plugin_need_none() -> None:
    assert needed(package("pulumi-policy"), package("pulumi-esc-sdk")) == []


def test_an_unreadable_version_needs_none() -> None:
    assert needed(package("pulumi-odd", "1!2.0")) == []


def test_an_attached_provider_needs_no_plugin() -> None:
    found = [package("pulumi-aws"), package("pulumi-gcp"), package("pulumi-awsx")]
    assert needed(*found, attached="aws:4001, gcp:4002") == ["awsx v1.2.3"]


def test_a_parameterization_is_passed_on() -> None:
    value = base64.b64encode(b"{}").decode()
    file = {"resource": True, "name": "tf", "version": "0.1.0", "parameterization": {"name": "x", "value": value}}
    (plugin,) = packages.plugins([package("pulumi-x", plugin=file)], [])
    assert plugin["parameterization"] == {"name": "x", "value": value}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1", "1.0.0"),
        ("1.2", "1.2.0"),
        ("1.2.3", "1.2.3"),
        ("1.2.3.4", "1.2.3.4"),
        ("2.14.0a1605583329", "2.14.0-alpha.1605583329"),
        ("1.2.3b4", "1.2.3-beta.4"),
        ("1.2.3rc4", "1.2.3-rc.4"),
        ("1.2.3.post4", "1.2.3+post4"),
        ("1.2.3.dev5", "1.2.3+dev5"),
        ("1.2.3.post4.dev5", "1.2.3+post4dev5"),
        ("1.2.3rc4.post1", "1.2.3-rc.4+post1"),
        ("1!1.2.3", None),
        ("1.2.3+local", None),
        ("", None),
    ],
)
def test_a_python_version_becomes_a_plugin_version(version: str, expected: str | None) -> None:
    assert packages.plugin_version(version) == expected


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=3))
def test_any_release_becomes_three_numbers_that_begin_with_its_own(release: list[int]) -> None:
    converted = packages.plugin_version(".".join(map(str, release)))
    assert converted is not None
    assert re.fullmatch(r"\d+\.\d+\.\d+", converted)
    assert [int(number) for number in converted.split(".")][: len(release)] == release


def test_the_running_interpreter_lists_its_providers() -> None:
    found = {entry["name"]: entry for entry in packages.installed()}
    plugin = found["pulumi-random"]["plugin"]
    assert plugin is not None
    assert plugin["name"] == "random"
    assert found["pulumi"]["required"]
    assert not found["pulumi-random"]["required"]


def test_another_interpreter_is_asked_in_a_process_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # setuptools, once something has imported it, puts packages of its own on the path of this process
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if "setuptools" not in entry])
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    assert packages.installed_for(str(python), {}) == packages.installed()


def test_an_interpreter_that_cannot_answer_is_an_error(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no >&2; exit 1\n")
    python.chmod(0o755)
    with pytest.raises(RuntimeError, match="cannot list its packages: no"):
        packages.installed_for(str(python), {})
