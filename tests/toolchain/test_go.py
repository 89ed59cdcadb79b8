"""Building from Go modules, with a Go that compiles nothing."""

import shutil
from pathlib import Path

import pytest

from tests.toolchain.support.fake_go import FakeGo
from toolchain import ToolchainError
from toolchain import go as builder
from toolchain.engine import MODULE
from toolchain.language_host import VERSION


def silent(line: str) -> None:
    pass


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODULE, tmp_path / "module"))


def test_a_build_gives_the_cli_and_the_runner(go: FakeGo, tmp_path: Path) -> None:
    destination = tmp_path / "out"
    destination.mkdir()
    builder.build(builder.inspect(MODULE), MODULE, destination, silent)
    assert (destination / "pulumi").stat().st_mode & 0o111
    assert (destination / "pulumi-language-python-exec").read_text() == "the runner\n"


def test_the_committed_module_and_the_language_host_name_one_release(go: FakeGo) -> None:
    assert VERSION.partition("+")[0] == builder.inspect(MODULE).pulumi_version


def test_the_cli_is_kept_as_a_tool_of_the_module() -> None:
    assert f"tool {builder.PACKAGE}" in (MODULE / "go.mod").read_text().splitlines()


@pytest.mark.parametrize("name", ["go.mod", "go.sum"])
def test_the_key_changes_with_the_module(go: FakeGo, module: Path, name: str) -> None:
    toolchain = builder.inspect(module)
    before = builder.fingerprint(toolchain, module)
    with (module / name).open("a") as file:
        file.write("\n// changed\n")
    assert builder.fingerprint(toolchain, module) != before


@pytest.mark.parametrize(
    ("name", "value"), [("GOVERSION", "go1.26.9"), ("GOOS", "darwin"), ("GOARCH", "arm64"), ("CGO_ENABLED", "0")]
)
def test_the_key_changes_with_the_compiler(go: FakeGo, name: str, value: str) -> None:
    before = builder.fingerprint(builder.inspect(MODULE), MODULE)
    go.answer(**{"GOVERSION": "go1.26.8", "GOOS": "linux", "GOARCH": "amd64", "CGO_ENABLED": "1", name: value})
    assert builder.fingerprint(builder.inspect(MODULE), MODULE) != before


def test_the_key_is_the_same_for_the_same_module_elsewhere(go: FakeGo, module: Path) -> None:
    assert builder.fingerprint(builder.inspect(module), module) == builder.fingerprint(builder.inspect(MODULE), MODULE)


@pytest.mark.parametrize("version", ["go1.25.10", "go1.21", "go1.9", ""])
def test_a_go_that_is_too_old_is_named(go: FakeGo, version: str) -> None:
    go.answer(GOVERSION=version, GOOS="linux", GOARCH="amd64", CGO_ENABLED="1")
    with pytest.raises(ToolchainError, match=r"install the Pulumi CLI, or Go 1\.25\.11 or later"):
        builder.inspect(MODULE)


@pytest.mark.parametrize("version", ["go1.25.11", "go1.26rc1", "go2.0"])
def test_a_newer_go_will_do(go: FakeGo, version: str) -> None:
    go.answer(GOVERSION=version, GOOS="linux", GOARCH="amd64", CGO_ENABLED="1")
    assert builder.inspect(MODULE).version == version


def test_no_go_is_an_error_that_says_what_would_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainError, match=r"no `go` on PATH.*install the Pulumi CLI, or Go 1\.25\.11 or later"):
        builder.inspect(MODULE)


@pytest.mark.parametrize(
    "message",
    [
        'go: example.org/m@v1.0.0: Get "https://modules.example/m": dial tcp: lookup modules.example: no such host',
        "go: example.org/m@v1.0.0: reading https://modules.example/m/@v/v1.0.0.zip: 403 Forbidden",
        "go: example.org/m@v1.0.0: module lookup disabled by GOPROXY=off",
    ],
)
def test_an_unreachable_module_proxy_is_named(go: FakeGo, tmp_path: Path, message: str) -> None:
    go.fail(message)
    with pytest.raises(ToolchainError, match="check the network, or set GOPROXY") as error:
        builder.build(builder.inspect(MODULE), MODULE, tmp_path, silent)
    assert message in str(error.value)


def test_a_compiler_error_is_shown_without_the_package_names(go: FakeGo, tmp_path: Path) -> None:
    go.fail("os\nos/x.go:1:1: syntax error")
    with pytest.raises(ToolchainError) as error:
        builder.build(builder.inspect(MODULE), MODULE, tmp_path, silent)
    assert str(error.value) == "Building the Pulumi CLI failed.\nos/x.go:1:1: syntax error"
