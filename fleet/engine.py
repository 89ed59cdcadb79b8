"""A stack's state as the backend has it, secrets encrypted: read and written with the engine's own commands."""

import copy
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pulumi as pulumi_sdk
from pulumi import automation
from pulumi.automation._stack import StackInitMode

State = dict[str, Any]
"""A resource, as a deployment holds it."""

SEALED = "4dabf18193072939515e22adb298388d"  # marks a secret in a state


def without_secrets(value: Any) -> Any:
    """A value with nothing where an encrypted secret was: that is another text each time."""
    if isinstance(value, dict):
        return None if SEALED in value else {key: without_secrets(item) for key, item in value.items()}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


class Stack(automation.Stack):
    """A stack whose outputs the fleet does not ask for.

    The Automation API reads them after every update, twice, once in clear: two runs of the engine's command, and
    secrets in the memory of a process that needs none.
    """

    @classmethod
    def create_or_select(cls, stack_name: str, workspace: automation.Workspace) -> "Stack":
        """As the class above has it, which gives an instance of its own whatever class it is asked of."""
        return cls(stack_name, workspace, StackInitMode.CREATE_OR_SELECT)

    @classmethod
    def select(cls, stack_name: str, workspace: automation.Workspace) -> "Stack":
        """Likewise. Raises automation.StackNotFoundError if there is none."""
        return cls(stack_name, workspace, StackInitMode.SELECT)

    def outputs(self) -> automation.OutputMap:
        """None of them: `automation.select_stack(...).outputs()` has them."""
        return {}


def pulumi(stack: automation.Stack, *arguments: str) -> str:
    """Run a command of the engine's in a stack's project; its standard output. Raises automation.CommandError."""
    workspace = stack.workspace
    result = workspace.pulumi_command.run(
        [*arguments, "--non-interactive"], workspace.work_dir, dict(workspace.env_vars or {}), None, None
    )
    return str(result.stdout)


def export(stack: automation.Stack) -> dict[str, Any]:
    """The stack's state with its version, as `pulumi stack export` has it: secrets stay encrypted."""
    return dict(json.loads(pulumi(stack, "stack", "export", "--stack", stack.name)))


def replace(stack: automation.Stack, state: dict[str, Any]) -> None:
    """Make this the stack's state. The engine takes the stack's lock, checks the state, and keeps the one before."""
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        file = Path(folder) / "state.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(state))
        pulumi(stack, "stack", "import", "--file", str(file), "--stack", stack.name)


def mend(workspace: automation.Workspace, stack: str) -> list[Path]:
    """Remove the half-written notes about its files that a killed engine may leave in a `file://` backend.

    The engine reads them as "failed to load checkpoint: EOF" (docs/traps.md). The files that they are about are whole,
    and say all that is needed.
    """
    about = workspace.pulumi_command.run(["whoami", "--json"], workspace.work_dir, dict(workspace.env_vars or {}))
    where = urlparse(str(json.loads(about.stdout)["url"]))
    if where.scheme != "file":
        return []
    broken = []
    for path in (Path(where.netloc + unquote(where.path)).expanduser() / ".pulumi").rglob("*.attrs"):
        if path.name.startswith(f"{stack}.") or path.parent.name == stack:
            try:
                json.loads(path.read_text())
            except ValueError:
                path.unlink(missing_ok=True)
                broken.append(path)
    return broken


@contextmanager
def scratch(stack: automation.Stack, settings: Path, secrets_provider: str) -> Iterator[automation.Stack]:
    """A stack of the same name, project and secrets in a backend of its own, gone afterwards.

    What is tried there touches neither the stack's state nor its lock; providers are the same.
    settings: the folder of the stack's settings file, which says how its secrets are encrypted.
    """
    workspace = stack.workspace
    with tempfile.TemporaryDirectory(prefix="fleet-") as name:
        folder = Path(name)
        (folder / "state").mkdir()
        own = automation.LocalWorkspace(
            work_dir=name,
            project_settings=automation.ProjectSettings(name=workspace.project_settings().name, runtime="python"),
            secrets_provider=secrets_provider,
            pulumi_command=workspace.pulumi_command,
            env_vars={**(workspace.env_vars or {}), "PULUMI_BACKEND_URL": f"file://{folder / 'state'}"},
        )
        file = settings / f"Pulumi.{stack.name}.yaml"
        if file.exists():
            shutil.copy(file, folder)
        yield automation.Stack.create_or_select(stack.name, own)


def read(there: automation.Stack, state: dict[str, Any], targets: list[str]) -> dict[str, list[State]]:
    """Have the providers read some of a state's resources, in a scratch stack.

    The result is by URN, and lacks what does not exist; a resource that waits for its deletion has the URN of the one
    that took its place. Raises automation.CommandError if a provider cannot say.
    """
    tried = copy.deepcopy(state)
    tried["deployment"].pop("pending_operations", None)
    replace(there, tried)
    arguments = [part for urn in targets for part in ("--target", urn)]
    pulumi(there, "refresh", "--yes", "--skip-preview", "--stack", there.name, *arguments)
    found: dict[str, list[State]] = {}
    for resource in export(there)["deployment"].get("resources") or []:
        if resource["urn"] in targets:
            found.setdefault(resource["urn"], []).append(resource)
    return found


@dataclass(frozen=True)
class Query:
    """A question to a provider. provider: its resource in the state. None of its own settings may be a secret."""

    function: str
    arguments: Mapping[str, Any]
    provider: State


def ask(there: automation.Stack, queries: Sequence[Query]) -> list[Any]:
    """Each query's result, or the exception that it met, by way of a program that is only previewed."""
    answers: list[Any] = []

    def program() -> None:
        made: dict[str, pulumi_sdk.ProviderResource] = {}
        for query in queries:
            urn = query.provider["urn"]
            if urn not in made:
                package, name = query.provider["type"].rpartition(":")[2], urn.rpartition("::")[2]
                settings = {k: v for k, v in query.provider["inputs"].items() if k not in ("version", "__internal")}
                options = pulumi_sdk.ResourceOptions(version=query.provider["inputs"].get("version"))
                made[urn] = pulumi_sdk.ProviderResource(package, name, settings, options)
            by = pulumi_sdk.InvokeOptions(provider=made[urn])
            try:
                answers.append(pulumi_sdk.runtime.invoke(query.function, dict(query.arguments), by).value)
            except Exception as error:
                answers.append(error)

    workspace = there.workspace
    asking = automation.LocalWorkspace(
        work_dir=workspace.work_dir,
        program=program,
        secrets_provider=workspace.secrets_provider,
        pulumi_command=workspace.pulumi_command,
        env_vars=dict(workspace.env_vars or {}),
    )
    automation.Stack.create_or_select("questions", asking).preview()
    return answers
