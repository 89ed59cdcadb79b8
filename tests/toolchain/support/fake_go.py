"""A `go` that answers as the build expects and compiles nothing."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.toolchain.support.lifeline import Lifeline

SCRIPT = """\
#!/bin/sh
set -eu
PATH=/usr/bin:/bin
control=$(dirname "$0")/../go-control
echo "$1" >> "$control/calls"
case "$1" in
  env) cat "$control/env" ;;
  list)
    case "$*" in
      *" -m "*) echo "$control/sdk" ;;
      *) echo fmt; echo os ;;
    esac ;;
  build)
    echo fmt >&2
    if [ -p "$control/life" ]; then exec 3> "$control/life"; echo started >&3; fi
    [ ! -p "$control/gate" ] || read -r _ < "$control/gate"
    if [ -f "$control/failure" ]; then cat "$control/failure" >&2; exit 1; fi
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"
    chmod +x "$2" ;;
esac
"""


@dataclass(frozen=True)
class FakeGo:
    """The program in `folder`, and the files beside it that tell it what to do."""

    folder: Path
    control: Path

    @classmethod
    def install(cls, root: Path) -> "FakeGo":
        go = cls(root / "bin", root / "go-control")
        go.folder.mkdir(parents=True)
        executable(go.folder / "go", SCRIPT)
        commands = go.control / "sdk" / "python" / "cmd"
        commands.mkdir(parents=True)
        (commands / "pulumi-language-python-exec").write_text("the runner\n")
        go.answer(GOVERSION="go1.26.8", GOOS="linux", GOARCH="amd64", CGO_ENABLED="1")
        return go

    def answer(self, **values: str) -> None:
        """Set what `go env` says."""
        (self.control / "env").write_text(json.dumps(values))

    def fail(self, message: str) -> None:
        """Make builds fail with `message`."""
        (self.control / "failure").write_text(message)

    def recover(self) -> None:
        (self.control / "failure").unlink()

    def hold(self) -> Lifeline:
        """Make a build wait for `release`; return what tells that it started and that it ended."""
        os.mkfifo(self.control / "gate")
        return Lifeline(self.control / "life")

    def release(self) -> None:
        (self.control / "gate").write_text("\n")

    def stop_holding(self) -> None:
        (self.control / "life").unlink()
        (self.control / "gate").unlink()

    def builds(self) -> int:
        """Return how many builds were started."""
        return (self.control / "calls").read_text().split().count("build")


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path
