"""Previews of stacks that do not exist yet, in a backend of their own, by whoever may only read the state."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from pulumi import automation


def existing(project: Path) -> set[str]:
    """The stacks that the backend has, by name."""
    listed = automation.LocalWorkspace(work_dir=str(project)).list_stacks()
    return {summary.name.rpartition("/")[2] for summary in listed}


@contextmanager
def scratch(project: Path) -> Iterator[Path]:
    """A copy of the project in which stacks can be made and leave nothing behind; for this process's environment too.

    Stack files are copied, because Pulumi writes into them; the rest is linked. State goes to a folder that is gone
    afterwards, and its secrets are encrypted for as long as that with a passphrase that is none.
    """
    document = yaml.safe_load((project / "Pulumi.yaml").read_text())
    config = str(document.get("stackConfigDir", "."))
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="rampart-preview-") as home:
        folder, state = Path(home) / "project", Path(home) / "state"
        state.mkdir()
        (folder / config).mkdir(parents=True)
        for entry in project.iterdir():
            if entry.name not in ("Pulumi.yaml", Path(config).parts[0] if config != "." else ""):
                (folder / entry.name).symlink_to(entry.resolve())
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document))
        for entry in (project / config).glob("*.yaml"):
            if entry.name != "Pulumi.yaml":
                target = folder / config / entry.name
                target.unlink(missing_ok=True)
                target.write_text(_without_encryption(entry.read_text()))
        os.environ |= {"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": ""}
        os.environ.pop("PULUMI_CONFIG_PASSPHRASE_FILE", None)
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ |= before


def _without_encryption(text: str) -> str:
    """A stack file without the settings of a secrets provider that the scratch does not have."""
    document = yaml.safe_load(text) or {}
    if not isinstance(document, dict):
        return text
    encryption = ("encryptionsalt", "encryptedkey", "secretsprovider")
    return yaml.safe_dump({key: value for key, value in document.items() if key not in encryption})
