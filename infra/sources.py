"""Where settings come from, and how they are laid over each other.

From the weakest to the strongest:

1. `stacks/Pulumi.<stack>.yaml` of this repository: the region's settings, kept upstream.
2. `team.yaml` in the project's stack configuration folder (`stackConfigDir` in Pulumi.yaml): what a team sets for all
   its stacks, and then what it sets for one.
3. The stack file in that folder, when it is not this repository's: what `pulumi config set` writes.
"""

import json
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from infra.catalogue import regions
from infra.problems import SettingsError
from infra.settings import Settings, Surroundings

UPSTREAM = Path(__file__).resolve().parent.parent / "stacks"
NAMESPACE = "rampart:"


class Team(BaseModel):
    """`team.yaml`: what a team sets for all its stacks, in one file that upstream never touches.

    accounts: AWS account id, Google Cloud project id, Azure subscription id, by cloud.
    owner, environment, data_class, protection, receivers: as in `Settings`.
    operators: who administers the clusters, by cloud.
    boundaries: what limits every identity that is made, by cloud.
    bootstrap: settings of the first day's program (`bootstrap.settings`), which checks them.
    reserved: ranges in use elsewhere, which no region's network may overlap, by who holds them.
    secrets_provider: what encrypts secrets in the state, given to `pulumi stack init --secrets-provider`.
    stacks: settings of single stacks, by stack.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    accounts: dict[str, str] = Field(default_factory=dict)
    owner: str | None = None
    environment: str | None = None
    data_class: str | None = None
    protection: str | None = None
    receivers: list[str] | None = None
    operators: dict[str, list[str]] = Field(default_factory=dict)
    boundaries: dict[str, str] = Field(default_factory=dict)
    bootstrap: dict[str, Any] = Field(default_factory=dict)
    reserved: dict[str, IPv4Network] = Field(default_factory=dict)
    secrets_provider: str = "passphrase"
    stacks: dict[str, dict[str, Any]] = Field(default_factory=dict)


def config_dir(project: Path) -> Path:
    """The stack configuration folder of the Pulumi project in `project`."""
    document = yaml.safe_load((project / "Pulumi.yaml").read_text()) or {}
    return project / str(document.get("stackConfigDir", "."))


def team(folder: Path) -> Team:
    """What `team.yaml` in a stack configuration folder says; nothing, if there is none. Raises `SettingsError`."""
    path = folder / "team.yaml"
    if not path.exists():
        return Team()
    try:
        return Team.model_validate(yaml.safe_load(path.read_text()) or {})
    except yaml.YAMLError as error:
        raise SettingsError("(all)", [f"team.yaml: is not YAML: {error}"]) from None
    except ValidationError as error:
        known = ", ".join(to_camel(name) for name in Team.model_fields)
        lines = [f"team.yaml: {'.'.join(map(str, e['loc']))}: {e['msg']}; it takes {known}" for e in error.errors()]
        raise SettingsError("(all)", lines) from None


def stacks(folder: Path) -> list[str]:
    """The stacks that have a file in a stack configuration folder, sorted."""
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*-*.yaml"))


def read(stack: str, folder: Path, config: Mapping[str, str] | None = None) -> Settings:
    """The settings of a stack, checked. Raises `SettingsError` with all problems at once.

    folder: the project's stack configuration folder.
    config: what the engine hands to a program: values by full name (`rampart:plan`), structured ones as JSON. Read
        from the stack's file in `folder` if not given.
    """
    base = _file(UPSTREAM, stack)
    own = _file(folder, stack) if config is None else _engine(config)
    ours = team(folder)
    layers = [
        (f"stacks/Pulumi.{stack}.yaml", base),
        ("team.yaml", _for_all(ours, str(own.get("cloud", base.get("cloud"))))),
        (f"team.yaml, stacks.{stack}", ours.stacks.get(stack, {})),
        # What is no different from upstream's file was read from it, and must not hide the team's word.
        (f"Pulumi.{stack}.yaml", {key: value for key, value in own.items() if base.get(key) != value}),
    ]
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for where, values in layers:
        merged |= values
        origin |= dict.fromkeys(values, where)
    return Settings.parse(merged, Surroundings(stack, dict(_taken(stack, folder, ours))), origin)


def _for_all(ours: Team, cloud: str) -> dict[str, Any]:
    shared = ours.model_dump(by_alias=True, include={"owner", "environment", "data_class", "protection", "receivers"})
    by_cloud: dict[str, Mapping[str, Any]] = {
        "account": ours.accounts,
        "operators": ours.operators,
        "boundary": ours.boundaries,
    }
    values = {**{name: given.get(cloud) for name, given in by_cloud.items()}, **shared}
    return {key: value for key, value in values.items() if value is not None}


def _file(folder: Path, stack: str) -> dict[str, Any]:
    """The `rampart:` values of a stack file, without the prefix."""
    path = folder / f"Pulumi.{stack}.yaml"
    if not path.exists():
        return {}
    try:
        document = yaml.safe_load(path.read_text()) or {}
    except yaml.YAMLError as error:
        raise SettingsError(stack, [f"{path.name}: is not YAML: {error}"]) from None
    values = document.get("config") or {}
    return {key.removeprefix(NAMESPACE): value for key, value in values.items() if key.startswith(NAMESPACE)}


def _engine(config: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in config.items():
        if key.startswith(NAMESPACE):
            structured = value.startswith(("[", "{"))
            values[key.removeprefix(NAMESPACE)] = json.loads(value) if structured else value
    return values


def _taken(stack: str, folder: Path, ours: Team) -> Iterator[tuple[str, IPv4Network]]:
    """The ranges that others hold: the other stacks, and what the team reserved."""
    yield from ours.reserved.items()
    for other in sorted({*stacks(UPSTREAM), *stacks(folder), *ours.stacks} - {stack}):
        values = _file(UPSTREAM, other) | ours.stacks.get(other, {}) | _file(folder, other)
        row = regions(str(values.get("cloud"))).get(str(values.get("region")))
        try:
            cidr = IPv4Network(str(values["cidr"])) if "cidr" in values else row and row.cidr
        except ValueError:
            cidr = None  # said when that stack itself is read
        if cidr:
            yield other, cidr
