"""What there is, by both accounts: the state's and the clouds'."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from demo.project import Project

Thing = tuple[str, str]
"""A type and an id."""

NOT_MADE = ("pulumi:", "random:")


def checkpoint(project: Project, stack: str) -> Path:
    """The file that a self-managed backend keeps a stack's state in."""
    return project.home / "state" / ".pulumi" / "stacks" / "rampart" / f"{stack}.json"


def latest(project: Project, stack: str) -> dict[str, Any]:
    return dict(json.loads(checkpoint(project, stack).read_text())["checkpoint"].get("latest") or {})


def rewrite(project: Project, stack: str, deployment: dict[str, Any]) -> None:
    """Write a state as an engine that was killed leaves it: `pulumi stack import` would drop what is pending."""
    path = checkpoint(project, stack)
    document = json.loads(path.read_text())
    document["checkpoint"]["latest"] = deployment
    path.write_text(json.dumps(document))


def in_state(project: Project, stack: str) -> Counter[Thing]:
    resources = latest(project, stack).get("resources") or ()
    made = (r for r in resources if r.get("custom") and not r["type"].startswith(NOT_MADE))
    return Counter((r["type"], r["id"]) for r in made)


BY_HAND = {
    "aws:cloudwatch/eventTarget:EventTarget": "the provider makes its id, and no lookup gives it",
    "gcp:monitoring/alertPolicy:AlertPolicy": "the cloud makes its id, and no lookup gives it",
}
"""Types that `fleet.finds` has no row for: somebody must look."""


def in_clouds(project: Project, cloud: str) -> Counter[Thing]:
    """What a cloud has that somebody made."""
    return Counter((body["type"], body["id"]) for body in records(project, cloud))


def records(project: Project, cloud: str) -> list[dict[str, Any]]:
    """What a cloud has that somebody made: not what accounts have from the start."""
    package = {"azure": "azure-native"}.get(cloud, cloud)
    with sqlite3.connect(f"file:{project.clouds}?mode=ro", uri=True) as database:
        bodies = [json.loads(body) for (body,) in database.execute("SELECT body FROM record")]
    return [body for body in bodies if body["package"] == package and body["alive"] and body["inputs"]]


def clear(folder: Path, secret: str) -> list[Path]:
    """The files that have a secret in clear, but for the one whose only content it is."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.read_bytes() != secret.encode())
    return [file for file in files if secret.encode() in file.read_bytes()]
