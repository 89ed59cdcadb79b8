"""For those who write controls: declare resources with plain, secret and unknown values, and see what the pack says.

    from rampart_policy.testing import UNKNOWN, judge, resource

    key = resource("aws:kms/key:Key", {"enableKeyRotation": UNKNOWN})
    assert judge(key).undetermined == {"key-rotates-every-90-days"}

`judge` sends the engine's own messages to the analyzer that the engine talks to, so that a control that works in its
test works under the engine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb

from rampart_policy import wire
from rampart_policy.analyzer import Analyzer
from rampart_policy.configuration import PACK, UNDETERMINED, ConfigurationError
from rampart_policy.registry import CONTROLS, Level
from rampart_policy.values import UNKNOWN, Secret

__all__ = [
    "UNKNOWN",
    "Case",
    "Declared",
    "Diagnostic",
    "Kind",
    "Report",
    "analyzer",
    "judge",
    "load_cases",
    "passes",
    "resource",
    "secret",
    "undecided",
    "violates",
]

STACK, PROJECT = "test", "tests"

LEVELS = {pb.ADVISORY: "advisory", pb.MANDATORY: "mandatory", pb.DISABLED: "disabled"}
PACKAGES = {"aws": {"allowedAccountIds": '["111122223333"]'}, "gcp": {"project": "example"}}


@dataclass(frozen=True)
class Declared:
    """A resource of a program under test. Compared by what it is, referred to by its URN."""

    type: str
    properties: Mapping[str, Any]
    name: str
    outputs: Mapping[str, Any]
    depends: Mapping[str, Sequence["Declared"]]
    provider: Mapping[str, Any] | None
    protect: bool = False

    @property
    def urn(self) -> str:
        return f"urn:pulumi:{STACK}::{PROJECT}::{self.type}::{self.name}"


def resource(
    type: str,
    properties: Mapping[str, Any] | None = None,
    *,
    name: str = "subject",
    outputs: Mapping[str, Any] | None = None,
    depends: Mapping[str, Declared | Sequence[Declared]] | None = None,
    provider: Mapping[str, Any] | None = None,
    component: bool = False,
    protect: bool = False,
) -> Declared:
    """Declare a resource.

    type: as the engine says it, API version and all. properties: inputs, named as on the wire (camelCase). outputs:
    what the provider adds. depends: what the values of single properties were built from. provider: the provider's
    configuration; some that pins it to an account unless said otherwise. component: has no provider. protect: the
    resource option.
    """
    package = type.partition(":")[0]
    providerless = component or package == "pulumi"
    return Declared(
        type=type,
        properties=properties or {},
        name=name,
        outputs=outputs or {},
        depends={key: [on] if isinstance(on, Declared) else list(on) for key, on in (depends or {}).items()},
        provider=None if providerless else PACKAGES.get(package, {}) if provider is None else provider,
        protect=protect,
    )


def secret(value: Any) -> Secret:
    """A value that the program marked secret."""
    return Secret(value)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What the engine would show: of a control, or of the pack itself."""

    control: str
    level: str
    urn: str
    message: str


@dataclass(frozen=True)
class Report:
    """What a run said. violations: of controls, and of the pack's own entry. notes: the text of what is left open."""

    violations: list[Diagnostic] = field(default_factory=list)
    undetermined: set[str] = field(default_factory=set)
    notes: str = ""

    @property
    def failed(self) -> set[str]:
        """The ids of the controls that are violated, at any level."""
        return {violation.control for violation in self.violations}

    def message(self, control: str) -> str:
        """The text of the one violation of a control; `AssertionError` if there is not exactly one."""
        [found] = [violation.message for violation in self.violations if violation.control == control]
        return found


def analyzer(*, config: Mapping[str, Any] | None = None, preview: bool = True, today: date | None = None) -> Analyzer:
    """An analyzer, configured as the engine would: defaults of every control, then the configuration file's entries.

    config: as in the file given to `--policy-pack-config`. today: for exceptions. Raises `ConfigurationError`.
    """
    made = Analyzer(today=lambda: today or date(2030, 1, 1))
    entries = {name: pb.PolicyConfig(enforcementLevel=level) for name, level in _defaults().items()}
    numbers = {name: number for number, name in LEVELS.items()}
    for name, given in (config or {}).items():
        entry = entries.setdefault(name, pb.PolicyConfig())
        options = {"enforcementLevel": given} if isinstance(given, str) else dict(given)
        if (level := options.pop("enforcementLevel", None)) is not None:
            entry.enforcementLevel = numbers[level]
        entry.properties.update(options)
    made.ConfigureStack(pb.AnalyzerStackConfigureRequest(stack=STACK, project=PROJECT, dry_run=preview), None)
    made.Configure(pb.ConfigureAnalyzerRequest(policyConfig=entries), _Refusal())  # type: ignore[arg-type]  # aborts only
    return made


def judge(
    *resources: Declared,
    config: Mapping[str, Any] | None = None,
    preview: bool = True,
    today: date | None = None,
    known: Iterable[Declared] = (),
) -> Report:
    """Run the pack over a program: each resource, then the whole stack.

    known: resources of the stack that the program only reads. The other arguments are those of `analyzer`.
    """
    made = analyzer(config=config, preview=preview, today=today)
    diagnostics = [
        diagnostic for declared in resources for diagnostic in made.Analyze(_request(declared), None).diagnostics
    ]
    whole = pb.AnalyzeStackRequest(resources=[_deployed(declared, preview) for declared in (*resources, *known)])
    diagnostics += made.AnalyzeStack(whole, None).diagnostics
    found = [Diagnostic(d.policyName, LEVELS[d.enforcementLevel], d.urn, d.message) for d in diagnostics]
    return Report(
        violations=[diagnostic for diagnostic in found if diagnostic.control != UNDETERMINED],
        undetermined={control for control, _ in made.session.undetermined},
        notes="\n".join(diagnostic.message for diagnostic in found if diagnostic.control == UNDETERMINED),
    )


class Kind(StrEnum):
    """What a case shows. Every control has one of each."""

    VIOLATING = "violating"
    PASSING = "passing"
    """As close to a violation as may be, and none."""
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Case:
    """A program that shows what a control says. at: the path that a violation's message names."""

    control: str
    kind: Kind
    program: tuple[Declared, ...]
    at: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Mapping[str, Any]:
        """The pack's options, with silence as bad as what is said; and the control's level if it is off by default."""
        off = CONTROLS[self.control].level is Level.DISABLED
        level = {self.control: str(Level.MANDATORY)} if off else {}
        return {PACK: {"omissions": "mandatory", **self.options}, **level}

    def __str__(self) -> str:
        return f"{self.control}-{self.kind}"


def violates(control: str, *program: Declared, at: str, **options: Any) -> Case:
    """A program that violates a control, at a property path. options: of the pack as a whole (`plan="managed"`)."""
    return Case(control, Kind.VIOLATING, program, at, options)


def passes(control: str, *program: Declared, **options: Any) -> Case:
    """A program that nearly violates a control."""
    return Case(control, Kind.PASSING, program, options=options)


def undecided(control: str, *program: Declared, **options: Any) -> Case:
    """A program whose unknown values decide whether it violates a control."""
    return Case(control, Kind.UNDECIDED, program, options=options)


def load_cases(folder: Path) -> list[Case]:
    """The cases of a folder: of each of its modules, the list `CASES`."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.py")):
        spec = spec_from_file_location(f"cases_{path.stem}", path)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        cases += module.CASES
    return cases


@cache
def _defaults() -> Mapping[str, pb.EnforcementLevel.ValueType]:
    info = Analyzer().GetAnalyzerInfo(empty_pb2.Empty(), None)
    return {policy.name: policy.enforcementLevel for policy in info.policies}


def _request(declared: Declared) -> pb.AnalyzeRequest:
    return pb.AnalyzeRequest(
        urn=declared.urn,
        type=declared.type,
        name=declared.name,
        properties=wire.struct(declared.properties),
        options=pb.AnalyzerResourceOptions(protect=declared.protect),
        provider=_provider(declared),
    )


def _deployed(declared: Declared, preview: bool) -> pb.AnalyzerResource:
    outputs = dict.fromkeys(declared.outputs, UNKNOWN) if preview else declared.outputs
    return pb.AnalyzerResource(
        urn=declared.urn,
        type=declared.type,
        name=declared.name,
        properties=wire.struct({**declared.properties, **outputs}),
        options=pb.AnalyzerResourceOptions(protect=declared.protect),
        provider=_provider(declared),
        propertyDependencies={
            key: pb.AnalyzerPropertyDependencies(urns=[named.urn for named in others])
            for key, others in declared.depends.items()
        },
    )


def _provider(declared: Declared) -> pb.AnalyzerProviderResource | None:
    if declared.provider is None:
        return None
    package = declared.type.partition(":")[0]
    return pb.AnalyzerProviderResource(
        urn=f"urn:pulumi:{STACK}::{PROJECT}::pulumi:providers:{package}::{package}",
        type=f"pulumi:providers:{package}",
        name=package,
        properties=wire.struct(declared.provider),
    )


class _Refusal:
    """The part of gRPC's context by which the analyzer refuses a configuration."""

    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise ConfigurationError(details)
