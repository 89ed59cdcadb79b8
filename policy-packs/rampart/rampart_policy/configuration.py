"""The pack's own configuration: what `--policy-pack-config` gives, never what the stack's settings say.

    {
      "rampart": {
        "plan": "enterprise",
        "plans": {"gcp-us-east4": "managed"},
        "protection": "production",
        "protections": {"aws-us-east-1": "development"},
        "registries": ["registry.example.org/team"],
        "consumers": ["222233334444"],
        "omissions": "mandatory",
        "exceptions": [{"control": "...", "resource": "urn:pulumi:...", "owner": "...", "reason": "...",
                        "expires": "2030-01-31"}]
      },
      "unreviewed-type": "mandatory"
    }

Stacks are named by `<stack>` or `<project>/<stack>`; a `*` in the stack's name stands for any text.
Every control is a key of its own, whose value is its level. The engine checks the file against the schema below, and
hands over one entry per control; the rest is checked here. All errors are reported at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from rampart_policy.registry import CONTROLS, Control, Level
from rampart_policy.resources import Urn
from rampart_policy.waivers import ANY, Waiver, nearest, stack_matches

Choice = TypeVar("Choice", bound=StrEnum)

PACK = "rampart"
"""The entry that holds what concerns the whole pack; also reports what is wrong with its exceptions."""

UNDETERMINED = "undetermined"
"""The entry that reports what could not be judged at preview."""

ENTRIES = (PACK, UNDETERMINED)


class Plan(StrEnum):
    """Whose keys encrypt what is at rest: the customer's, or the cloud provider's."""

    ENTERPRISE = "enterprise"
    MANAGED = "managed"


class Protection(StrEnum):
    """Whether what holds data or keys may be lost."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


BY_NAME = "by name (`<stack>` or `<project>/<stack>`, `*` in the stack's name for any text)"

SCHEMA: Mapping[str, Mapping[str, Any]] = {
    "plan": {
        "type": "string",
        "enum": [str(plan) for plan in Plan],
        "default": str(Plan.ENTERPRISE),
        "description": "enterprise: stores are encrypted under keys that the customer manages. "
        "managed: the cloud provider's own keys will do.",
    },
    "plans": {
        "type": "object",
        "additionalProperties": {"type": "string", "enum": [str(plan) for plan in Plan]},
        "description": f"The plan of single stacks, {BY_NAME}.",
    },
    "protection": {
        "type": "string",
        "enum": [str(protection) for protection in Protection],
        "default": str(Protection.PRODUCTION),
        "description": "production: what holds data or keys is protected from deletion. development: it may go.",
    },
    "protections": {
        "type": "object",
        "additionalProperties": {"type": "string", "enum": [str(protection) for protection in Protection]},
        "description": f"The protection of single stacks, {BY_NAME}.",
    },
    "registries": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Registries and paths in them that images may come from (`registry.example.org/team`); "
        "all, where none is listed.",
    },
    "consumers": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Ids of the accounts, projects and subscriptions of others that may be let in.",
    },
    "omissions": {
        "type": "string",
        "enum": [str(level) for level in Level],
        "description": "What it does when a resource leaves out what hardened code commonly leaves out too; "
        "advisory or disabled, as each control has it, unless said.",
    },
    "exceptions": {
        "type": "array",
        "items": {"type": "object"},
        "description": "Violations that do not count: control, resource (URN, `*` in its stack's name for any text), "
        "owner, reason, expires (YYYY-MM-DD).",
    },
}
"""JSON schema of the pack's entry. Loose where the checks below give the better message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the configuration says, checked. levels: by control id; a control that is not there has its own. omissions:
    the level of a violation whose evidence is silence, in place of each control's own for that.
    """

    plan: Plan = Plan.ENTERPRISE
    plans: Mapping[str, Plan] = field(default_factory=dict)
    protection: Protection = Protection.PRODUCTION
    protections: Mapping[str, Protection] = field(default_factory=dict)
    registries: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()
    omissions: Level | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()

    def level(self, control: Control, *, omission: bool = False) -> Level:
        """A control's level. omission: of a violation by leaving something out."""
        level = self.levels.get(control.id, control.level)
        if not omission or control.omission is Level.MANDATORY:
            return level
        return min(level, self.omissions or control.omission, key=_RISING.index)

    def of(self, stack: str, project: str) -> "Settings":
        """The settings with the plan and the protection that count for one stack."""
        return replace(
            self,
            plan=_chosen(self.plans, stack, project, self.plan),
            protection=_chosen(self.protections, stack, project, self.protection),
        )


_RISING = [Level.DISABLED, Level.ADVISORY, Level.MANDATORY]


def _chosen(choices: Mapping[str, Choice], stack: str, project: str, otherwise: Choice) -> Choice:
    """The choice of the name that fits one stack most closely: with its project, then without; then by the pattern
    that says most of the name.
    """
    for exact in (f"{project}/{stack}", stack):
        if exact in choices:
            return choices[exact]
    fitting = [name for name in choices if stack_matches(name.rpartition("/")[2], stack)]
    fitting = [name for name in fitting if name.rpartition("/")[0] in ("", project)]
    return choices[max(fitting, key=len)] if fitting else otherwise


class ConfigurationError(Exception):
    """The configuration cannot be used. The message lists everything that is wrong with it."""


def read(entries: Mapping[str, tuple[Level, Mapping[str, Any]]]) -> Settings:
    """Settings from the engine's entries: level and properties by control id, plus the pack's own.

    Raises `ConfigurationError`.
    """
    options = dict(entries[PACK][1]) if PACK in entries else {}
    problems = [
        *_unknown_entries(entries),
        *(f'"{PACK}" has no option "{name}"{nearest(name, SCHEMA)}' for name in options if name not in SCHEMA),
    ]
    waivers: list[Waiver] = []
    for position, given in enumerate(_list(options.get("exceptions"))):
        where = f"{PACK}.exceptions[{position}]"
        found = [*_waiver_problems(where, given)]
        problems += found
        if not found:
            waivers.append(_waiver(given))
    omissions = options.get("omissions")
    if omissions is not None and omissions not in list(Level):
        problems.append(f'{PACK}.omissions is "{omissions}"; it takes {" or ".join(Level)}')
    plans = _by_stack(options, "plan", Plan, Plan.ENTERPRISE, problems)
    protections = _by_stack(options, "protection", Protection, Protection.PRODUCTION, problems)
    registries, consumers = (_texts(options, name, problems) for name in ("registries", "consumers"))
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigurationError(f"the policy pack's configuration cannot be used:\n{listed}")
    return Settings(
        plan=plans.pop(""),
        plans=plans,
        protection=protections.pop(""),
        protections=protections,
        registries=registries,
        consumers=consumers,
        omissions=Level(omissions) if omissions else None,
        levels={name: level for name, (level, _) in entries.items()},
        waivers=tuple(waivers),
    )


def _by_stack(
    options: Mapping[str, Any], option: str, values: type[Choice], default: Choice, problems: list[str]
) -> dict[str, Choice]:
    """An option's value, under the empty name, and those of single stacks; what is none of `values` is a problem."""
    chosen: dict[str, Choice] = {}
    for name, given in {"": options.get(option, default), **(options.get(f"{option}s") or {})}.items():
        where = f'{PACK}.{option}s["{name}"]' if name else f"{PACK}.{option}"
        if ANY in name.rpartition("/")[0]:
            problems.append(f"{where}: {ANY} stands in the name of the stack only, not of the project")
        elif given in list(values):
            chosen[name] = values(given)
        else:
            problems.append(f'{where} is "{given}"; it takes {" or ".join(values)}')
    return chosen


def _texts(options: Mapping[str, Any], option: str, problems: list[str]) -> tuple[str, ...]:
    """An option that lists texts; what is none is a problem."""
    given = options.get(option) or []
    if not isinstance(given, list):
        problems.append(f"{PACK}.{option} must be a list of texts")
        return ()
    problems += [
        f"{PACK}.{option}[{position}] must be a text"
        for position, item in enumerate(given)
        if not (isinstance(item, str) and item.strip())
    ]
    return tuple(item.strip() for item in given if isinstance(item, str))


def _unknown_entries(entries: Mapping[str, tuple[Level, Mapping[str, Any]]]) -> Iterator[str]:
    names = [*CONTROLS, *ENTRIES]
    for name, (_, properties) in entries.items():
        if name not in names and name != "all":
            yield f'there is no control "{name}"{nearest(name, names)}'
        elif name != PACK and properties:
            yield f'"{name}" takes a level only, not "{next(iter(properties))}"; options stand in "{PACK}"'


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


WAIVER_FIELDS = ("control", "resource", "owner", "reason", "expires")


def _waiver_problems(where: str, given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"{where} must be an object with {', '.join(WAIVER_FIELDS)}"
        return
    for name in given.keys() - set(WAIVER_FIELDS):
        yield f'{where} has no field "{name}"{nearest(name, WAIVER_FIELDS)}'
    missing = [name for name in WAIVER_FIELDS if not (isinstance(given.get(name), str) and given[name].strip())]
    if missing:
        yield f"{where} needs a text for {', '.join(missing)}"
        return
    control = CONTROLS.get(given["control"])
    if control is None:
        yield f'{where}: there is no control "{given["control"]}"{nearest(given["control"], CONTROLS)}'
    elif not control.waivable:
        yield f"{where}: {control.id} takes no exceptions"
    if not given["resource"].startswith("urn:pulumi:"):
        yield f'{where}: "{given["resource"]}" is not a resource\'s URN (urn:pulumi:<stack>::<project>::<type>::<name>)'
    if ANY in Urn.parse(given["resource"]).rest:
        yield f'{where}: "{given["resource"]}": {ANY} stands in the name of the stack only'
    if _date(given["expires"]) is None:
        yield f'{where}: "{given["expires"]}" is not a date; write YYYY-MM-DD'


def _date(text: str) -> date | None:
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        return None
    return parsed if parsed.isoformat() == text else None


def _waiver(given: Mapping[str, str]) -> Waiver:
    return Waiver(
        control=given["control"],
        resource=given["resource"],
        owner=given["owner"],
        reason=given["reason"],
        expires=date.fromisoformat(given["expires"]),
    )
