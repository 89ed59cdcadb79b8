"""Building the Pulumi CLI from Go modules."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .commands import CommandError, run
from .errors import ToolchainError

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
# Pulumi's own runner of Python programs, a script that the SDK module carries.
EXECUTOR = "pulumi-language-python-exec"

_DOWNLOAD_FAILED = re.compile(
    r"dial tcp|no such host|connection (refused|reset)|i/o timeout|tls handshake|proxyconnect|module lookup disabled"
    r"|reading https?://|unexpected EOF",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GoToolchain:
    """The compiler, what it compiles for, and the CLI version the module asks for (as in `3.259.0`)."""

    program: Path
    version: str
    platform: str
    pulumi_version: str


def inspect(module: Path) -> GoToolchain:
    """Return the Go toolchain that would build `module` (the folder of a go.mod).

    Raises ToolchainError when there is none, or when it is older than go.mod asks for.
    """
    text = (module / "go.mod").read_text()
    needed = _directive(r"^go (\S+)", text)
    program = shutil.which("go")
    if program is None:
        raise ToolchainError(
            f"There is no `go` on PATH to build it with: install the Pulumi CLI, or Go {needed} or later."
        )
    # From the module's folder, where Go switches to the release that go.mod asks for, if it is allowed to.
    asked = ["GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED"]
    answer = subprocess.run(
        [program, "env", "-json", *asked], cwd=module, env=_environment(), capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise ToolchainError(f"`go env` failed, Go {needed} or later is needed: {answer.stderr.strip()}")
    values: dict[str, str] = json.loads(answer.stdout)
    version = values.get("GOVERSION", "")
    if _release(version) < _release(needed):
        raise ToolchainError(
            f"{program} is {version or 'too old'}: install the Pulumi CLI, or Go {needed} or later to build it."
        )
    platform = f"{values['GOOS']}/{values['GOARCH']}/cgo={values['CGO_ENABLED']}"
    return GoToolchain(Path(program), version, platform, _directive(rf"\b{SDK} v(\S+)", text))


def fingerprint(toolchain: GoToolchain, module: Path) -> str:
    """Return the cache key of the CLI: a hash of all that decides what the build gives."""
    digest = hashlib.sha256()
    recipe = json.dumps([toolchain.version, toolchain.platform, _linker_flags(toolchain)])
    for part in (recipe.encode(), (module / "go.mod").read_bytes(), (module / "go.sum").read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:32]


def build(toolchain: GoToolchain, module: Path, destination: Path, progress: Callable[[str], None]) -> None:
    """Put `pulumi` and the SDK's program runner into the folder `destination`.

    Raises ToolchainError when the modules cannot be downloaded or the compiler fails.
    """

    def go(*arguments: str, describe: Callable[[int], str]) -> str:
        command = [str(toolchain.program), *arguments]
        try:
            return run(command, cwd=module, env=_environment(), describe=describe, progress=progress)
        except CommandError as error:
            raise ToolchainError(_explain(error)) from error

    flags = ["-mod=readonly"]
    packages = go(
        "list", *flags, "-deps", PACKAGE, describe=lambda lines: f"Resolving Go modules: {lines} downloaded so far"
    ).split()
    go(
        "build",
        *flags,
        "-v",
        "-buildvcs=false",
        "-ldflags",
        _linker_flags(toolchain),
        "-o",
        str(destination / "pulumi"),
        PACKAGE,
        describe=lambda lines: f"Compiling the Pulumi CLI: {lines} packages so far, of at most {len(packages)}",
    )
    sdk = Path(go("list", *flags, "-m", "-f", "{{.Dir}}", SDK, describe=lambda _: "Locating the SDK").strip())
    executor = shutil.copyfile(sdk / "python" / "cmd" / EXECUTOR, destination / EXECUTOR)
    executor.chmod(0o755)


def _linker_flags(toolchain: GoToolchain) -> str:
    # Without a version the Automation API refuses the CLI.
    return f"-s -w -X {SDK}/go/common/version.Version=v{toolchain.pulumi_version}"


def _environment() -> dict[str, str]:
    # A go.work above the checkout must not change what is built.
    return {**os.environ, "GOWORK": "off"}


def _directive(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise ToolchainError(f"go.mod has no line that matches `{pattern}`.")
    return match[1]


def _release(version: str) -> tuple[int, ...]:
    """Return `go1.26.8` or `1.26rc1` as numbers to compare; nothing sorts first."""
    match = re.match(r"(?:go)?(\d+(?:\.\d+)*)", version)
    return tuple(int(number) for number in match[1].split(".")) if match else ()


def _explain(error: CommandError) -> str:
    if _DOWNLOAD_FAILED.search(error.output):
        return (
            f"The Go modules of the Pulumi CLI cannot be downloaded: check the network, "
            f"or set GOPROXY to a module proxy that can be reached.\n{error.output}"
        )
    return f"Building the Pulumi CLI failed.\n{error.output}"
