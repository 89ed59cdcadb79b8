"""The Python packages of an interpreter, and the Pulumi plugins that they need.

Run as a script, prints what `installed` returns, as JSON: that is how another interpreter is asked.
"""

import importlib.metadata
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict

# From the official host: these carry no pulumi-plugin.json and have no plugin.
WITHOUT_PLUGIN = frozenset({"pulumi-policy", "pulumi-esc-sdk"})

_PEP440 = re.compile(r"(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.?(post\d+))?(?:\.?(dev\d+))?")
_PRE_RELEASE = {"a": "alpha", "b": "beta", "rc": "rc"}


class Package(TypedDict):
    """An installed distribution. `plugin` is its pulumi-plugin.json, and `required` says whether another needs it."""

    name: str
    version: str
    required: bool
    plugin: dict[str, Any] | None


class Plugin(TypedDict):
    """A provider plugin that a package needs, in the terms of the protocol's PackageDependency."""

    name: str
    version: str
    server: str
    parameterization: Mapping[str, Any] | None


def installed_for(executable: str, environment: Mapping[str, str]) -> list[Package]:
    """Return the packages of the interpreter `executable`. Raises RuntimeError when it cannot be asked."""
    if executable == sys.executable:
        return installed()
    answer = subprocess.run([executable, __file__], env=environment, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise RuntimeError(f"{executable} cannot list its packages: {answer.stderr.strip()}")
    packages: list[Package] = json.loads(answer.stdout)
    return packages


def installed() -> list[Package]:
    """Return the packages of the running interpreter, by name."""
    found: dict[str, tuple[str, str]] = {}
    required: set[str] = set()
    for distribution in importlib.metadata.distributions():
        metadata = distribution.metadata  # read anew at each use
        name = metadata["Name"]
        if not name:
            continue  # what an interrupted installation left behind
        # The first one on sys.path is the one that is imported.
        found.setdefault(normalize(name), (name, metadata["Version"]))
        required.update(_requirements(metadata.get_all("Requires-Dist") or ()))
    return [
        Package(name=key, version=version, required=key in required, plugin=_plugin_file(name.replace("-", "_")))
        for key, (name, version) in sorted(found.items())
    ]


def plugins(packages: Iterable[Package], attached: Iterable[str]) -> list[Plugin]:
    """Return the plugins that `packages` need, without those of the providers in `attached`.

    As the official host: a package without a pulumi-plugin.json counts when it is called `pulumi-...`; one whose file
    says that it is no resource provider does not; neither does one whose version leaves the plugin's open.
    """
    served = set(attached)
    needed: list[Plugin] = []
    for package in packages:
        if package["name"] in WITHOUT_PLUGIN:
            continue
        file = package["plugin"]
        if file is None and not package["name"].startswith("pulumi-"):
            continue
        if file is not None and not file.get("resource", False):
            continue
        file = file or {}
        name = file.get("name") or package["name"].removeprefix("pulumi-")
        version = file.get("version") or plugin_version(package["version"])
        if version is None or name in served:
            continue
        needed.append(
            Plugin(
                name=name,
                version="v" + version.removeprefix("v"),
                server=file.get("server", ""),
                parameterization=file.get("parameterization"),
            )
        )
    return needed


def attached_providers(value: str) -> list[str]:
    """Return the names in PULUMI_DEBUG_PROVIDERS (`name:port,...`): providers that run already and need no plugin."""
    return [entry.split(":", 1)[0].strip() for entry in value.split(",") if entry.strip()]


def plugin_version(version: str) -> str | None:
    """Return a Python version (PEP 440) as a plugin's (semver), or None when there is no telling.

    `1.0` becomes `1.0.0`, `1.2.3rc4` becomes `1.2.3-rc.4`, `1.2.3.post4` becomes `1.2.3+post4`.
    """
    match = _PEP440.fullmatch(version)
    if match is None:
        return None
    release, kind, number, post, development = match.groups()
    parts = [*release.split("."), "0", "0"][: max(3, release.count(".") + 1)]
    build = (post or "") + (development or "")
    return ".".join(parts) + (f"-{_PRE_RELEASE[kind]}.{number}" if kind else "") + (f"+{build}" if build else "")


def normalize(name: str) -> str:
    """Return a distribution's name in the one spelling that compares (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        requirement, _, marker = line.partition(";")
        name = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
        if name and "extra" not in marker:
            yield normalize(name[0])


def _plugin_file(module: str) -> dict[str, Any] | None:
    spec = importlib.util.find_spec(module)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder, "pulumi-plugin.json")
        if file.is_file():
            contents: dict[str, Any] = json.loads(file.read_text())
            return contents
    return None


if __name__ == "__main__":
    here = str(Path(__file__).parent)  # which Python put there for this script
    sys.path[:] = [entry for entry in sys.path if entry != here]
    print(json.dumps(installed()))
