"""What the components cost: a preview of a stack, against one of the same resources in a flat program.

`python -m bench.flat [runs] [stack ...]` brings each stack up against simulated clouds, writes a program from its state
that registers the same resources one after the other with literal values (the SDK's own classes, no components, no
settings, no Rampart), and previews both in turn, as stacks that do not exist yet. Prints both medians and the median of
the ratios, pair by pair.
"""

import importlib
import inspect
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.runtime.rpc import get_resource_module

from demo.project import STACKS, Project
from demo.session import session

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Marks what is not plain in a state (Pulumi's `sdk/go/common/resource/sig`)."""


def main(runs: int, stacks: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "home")
        with session(project, lambda line: print(line, file=sys.stderr)) as fleet:
            for stack in stacks:
                [outcome] = fleet.up([stack], lambda *_: None)
                if not outcome.ok:
                    raise SystemExit(f"{stack}: {outcome.errors or outcome.stopped}")
                state = fleet.deployment(stack)["resources"]
                flat = _lay_out(Path(folder) / f"flat-{stack}", state)
                fleet.down([stack], lambda *_: None)
                pairs = [(_preview(project.folder, stack), _preview(flat, stack)) for _ in range(runs + 1)][1:]
                ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
                ratio = statistics.median(a / b for a, b in pairs)
                print(
                    f"{stack:<14} {len(state):>3} resources   components {statistics.median(ours):5.2f} s   "
                    f"flat {statistics.median(theirs):5.2f} s   ratio {ratio:4.2f}",
                    flush=True,
                )


def _preview(folder: Path, stack: str) -> float:
    """Wall seconds of a preview from nothing, engine and program together."""
    made = automation.Stack.create_or_select(stack, automation.LocalWorkspace(work_dir=str(folder)))
    started = time.monotonic()
    made.preview()
    return time.monotonic() - started


def _lay_out(folder: Path, state: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("{name: flat, runtime: python}")
    lines, imports = [], set()
    for resource in state:
        if not resource.get("custom") or resource["type"].startswith("pulumi:pulumi:") or resource.get("external"):
            continue
        module, name, parameters = _class(resource["type"])
        imports.add(module)
        names = {parameter.replace("_", ""): parameter for parameter in parameters}
        # Some inputs are the provider's own, as Google's effectiveLabels: nobody can give them.
        inputs = _plain(resource.get("inputs") or {}).items()
        arguments = {names[key.lower()]: value for key, value in inputs if key.lower() in names}
        if "providers" in resource["type"]:  # whose settings a state holds as JSON
            arguments = {key: _parsed(value) for key, value in arguments.items()}
        label = resource["urn"].rpartition("::")[2]
        variable = f"provider_{resource['id'].replace('-', '_')}" if "providers" in resource["type"] else "_"
        by = (resource.get("provider") or "").rpartition("::")[2].replace("-", "_")
        options = f"opts=pulumi.ResourceOptions(provider=provider_{by})" if by else "opts=None"
        given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
        lines.append(f"{variable} = {module}.{name}({label!r}, {options}{', ' + given if given else ''})")
    text = "\n".join(["import pulumi", *(f"import {module}" for module in sorted(imports)), "", *lines, ""])
    (folder / "__main__.py").write_text(text)
    return folder


def _parsed(setting: Any) -> Any:
    try:
        return json.loads(setting)
    except ValueError:
        return setting


def _class(token: str) -> tuple[str, str, list[str]]:
    """The module and name of a type's class in its SDK, and what its constructor takes."""
    provider = token.startswith("pulumi:providers:")
    package = token.rpartition(":")[2] if provider else token.partition(":")[0]
    root = f"pulumi_{package.replace('-', '_')}"
    importlib.import_module(root)
    module, name = root, "Provider"
    if not provider:
        info: Mapping[str, Any] = getattr(get_resource_module(package, token.split(":")[1], ""), "mod_info", {})
        module, name = info["fqn"], info["classes"][token]
    found = getattr(importlib.import_module(module), name)
    return module, name, list(inspect.signature(found._internal_init).parameters)


def _plain(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs without what the engine and the providers put in by themselves, and without secrets."""

    def value(given: Any) -> Any:
        if isinstance(given, dict):
            if SIGNATURE in given:
                return json.loads(given.get("plaintext", '"secret"'))
            return {key: value(item) for key, item in given.items() if not key.startswith("__")}
        return [value(item) for item in given] if isinstance(given, list) else given

    defaults = set(inputs.get("__defaults") or ())
    kept = {key: item for key, item in inputs.items() if not key.startswith("__") and key not in defaults}
    return {key: value(item) for key, item in kept.items() if key not in ("version", "tagsAll")}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, sys.argv[2:] or list(STACKS))
