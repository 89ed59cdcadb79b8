"""Fixtures of the toolchain's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.toolchain.support.fake_engine import FakeEngine
from tests.toolchain.support.fake_go import FakeGo
from tests.toolchain.support.host import HostProcess
from toolchain import Engine, bundle, ensure


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    """A fake Go, alone on PATH, and an empty cache."""
    fake = FakeGo.install(tmp_path)
    monkeypatch.setenv("PATH", str(fake.folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return fake


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The real engine with Rampart's own language host, also where the official one is installed."""
    found = ensure()
    if found.built:
        return found
    directory = tmp_path_factory.mktemp("engine")
    bundle.assemble(found.directory, directory)
    return Engine(directory, directory / "pulumi", found.version, built=True)


@pytest.fixture(scope="session")
def executor(engine: Engine) -> Path:
    """Pulumi's own runner of Python programs."""
    return engine.directory / "pulumi-language-python-exec"


@pytest.fixture
def fake_engine() -> Iterator[FakeEngine]:
    with FakeEngine() as fake:
        yield fake


@pytest.fixture
def host(executor: Path, fake_engine: FakeEngine) -> Iterator[HostProcess]:
    """A language host of this checkout, started as an engine starts it."""
    with HostProcess(executor, fake_engine.address) as process:
        yield process
