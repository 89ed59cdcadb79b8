"""What the tests of changes share: another program, an older past, and what an operation did, by name."""

import json
import sqlite3

from pulumi import automation

from demo.project import REPOSITORY, STACKS, Project
from fleet import Fleet, Outcome, engine
from fleet.outcome import Step

AWS, GCP, AZURE = STACKS
TAGS = {
    *("tags", "tagsAll", "tagSpecifications", "defaultTags", "resourceTags"),
    *("labels", "effectiveLabels", "pulumiLabels", "userLabels", "defaultLabels"),
}


def tagged(step: Step) -> bool:
    """Whether nothing but the resource's tags changed."""
    return step.operation == "update" and set(step.keys) <= TAGS


def done(outcome: Outcome) -> dict[str, set[str]]:
    """The names of the resources that saw each operation, but for components and what only had its tags changed.

    A replacement is several steps, of which `replace` says it.
    """
    found: dict[str, set[str]] = {}
    for step in outcome.steps:
        ours = step.type.startswith("rampart:") or step.type == "pulumi:pulumi:Stack"
        if not (ours or tagged(step) or step.operation in ("create-replacement", "delete-replaced")):
            found.setdefault(step.operation, set()).add(step.name)
    return found


def reprogram(fleet: Fleet, first: str) -> None:
    """Have the project's program run these lines first."""
    folder, main = fleet.project / "infra", str(REPOSITORY / "infra" / "__main__.py")
    folder.unlink()
    folder.mkdir()
    lines = ["import runpy, sys", f"sys.path.insert(0, {str(REPOSITORY)!r})"]
    lines += [first, f"runpy.run_path({main!r}, run_name='__main__')"]
    (folder / "__main__.py").write_text("\n".join(lines) + "\n")


def remember(project: Project, new: str, old: str) -> None:
    """Have what the simulated clouds remember say `old` for `new`. They must not be running."""
    with sqlite3.connect(project.clouds) as database:
        database.execute("UPDATE record SET body = replace(body, ?, ?)", [new, old])


def recall(fleet: Fleet, stack: str, new: str, old: str) -> None:
    """The same of a stack's state."""
    opened = automation.select_stack(stack, work_dir=str(fleet.project))
    state = json.dumps(engine.export(opened))
    assert new in state
    engine.replace(opened, json.loads(state.replace(new, old)))
