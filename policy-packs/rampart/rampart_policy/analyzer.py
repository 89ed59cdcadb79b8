"""The engine's side of the pack: Pulumi's Analyzer protocol (`proto/pulumi/analyzer.proto`), and nothing else.

The policy SDK is not used: see docs/decisions/0003. Each call is translated, handed to a `Session`, and its answer
translated back.
"""
# ruff: noqa: N802 - the methods are named by the protocol

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

import rampart_policy.controls  # noqa: F401 - declares them
from rampart_policy import __version__, wire
from rampart_policy.configuration import PACK, SCHEMA, UNDETERMINED, ConfigurationError, Settings, read
from rampart_policy.registry import CONTROLS, Control, Level, Mode, Severity
from rampart_policy.resources import Resource, canonical
from rampart_policy.session import Session, Violation

NAME = "rampart"

_LEVELS = {Level.ADVISORY: pb.ADVISORY, Level.MANDATORY: pb.MANDATORY, Level.DISABLED: pb.DISABLED}
_SEVERITIES = {
    Severity.LOW: pb.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: pb.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: pb.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: pb.POLICY_SEVERITY_CRITICAL,
}
_TYPES = {Mode.PREVENTIVE: pb.POLICY_TYPE_RESOURCE, Mode.DETECTIVE: pb.POLICY_TYPE_STACK}


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """One run of the pack. The engine starts a process for each preview, update and analysis of a stack.

    today: decides which exceptions have expired.
    """

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self._today = today
        self._settings = Settings()
        self._preview = False  # the engine says so before a preview; `pulumi policy analyze` says nothing
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The judging, begun with the settings at hand when the first resource arrives."""
        if self._session is None:
            self._session = Session(self._settings, self._today(), self._preview)
        return self._session

    def Handshake(self, request: pb.AnalyzerHandshakeRequest, context: Any) -> pb.AnalyzerHandshakeResponse:
        return pb.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=__version__)

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: Any) -> pb.AnalyzerInfo:
        """The controls, and two entries of the pack's own: its configuration, and what it could not judge."""
        return pb.AnalyzerInfo(
            name=NAME,
            displayName="Rampart",
            version=__version__,
            description="Private, encrypted, least-privilege infrastructure on AWS, Google Cloud and Azure.",
            supportsConfig=True,
            policies=[_configuration_info(), _undetermined_info(), *map(_control_info, CONTROLS.values())],
        )

    def ConfigureStack(
        self, request: pb.AnalyzerStackConfigureRequest, context: Any
    ) -> pb.AnalyzerStackConfigureResponse:
        """Whether this is a preview. The stack's own settings are left alone: they must not relax the pack."""
        self._preview = request.dry_run
        self._session = None
        return pb.AnalyzerStackConfigureResponse()

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """The pack's configuration. An error here ends the engine's run before anything is planned."""
        entries = {
            name: (_level(entry.enforcementLevel), json_format.MessageToDict(entry.properties))
            for name, entry in request.policyConfig.items()
        }
        try:
            self._settings = read(entries)
        except ConfigurationError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        self._session = None
        return empty_pb2.Empty()

    def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse:
        """Judge one resource by its inputs: before it is created or changed, and while previewing that."""
        provider = request.provider if request.HasField("provider") else None
        resource = _resource(request, provider, {})
        return _response(self.session.resource(resource))

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: Any) -> pb.AnalyzeResponse:
        """Judge the whole stack by its outputs: after a preview or an update, if that succeeded."""
        resources = [
            _resource(
                resource,
                resource.provider if resource.HasField("provider") else None,
                {name: list(found.urns) for name, found in resource.propertyDependencies.items()},
            )
            for resource in request.resources
        ]
        return _response(self.session.stack(resources))

    def Remediate(self, request: pb.AnalyzeRequest, context: Any) -> pb.RemediateResponse:
        """Nothing: a control says what to change, and a person changes the program."""
        return pb.RemediateResponse()

    def Cancel(self, request: empty_pb2.Empty, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def _resource(
    message: pb.AnalyzeRequest | pb.AnalyzerResource | pb.AnalyzerProviderResource,
    provider: pb.AnalyzerProviderResource | None,
    dependencies: Mapping[str, list[str]],
) -> Resource:
    def load(struct: struct_pb2.Struct = message.properties) -> Mapping[str, Any]:
        return wire.properties(struct)

    return Resource(
        urn=message.urn,
        type=canonical(message.type),
        name=message.name,
        load=load,
        provider=_resource(provider, None, {}) if provider is not None else None,
        protect=not isinstance(message, pb.AnalyzerProviderResource) and message.options.protect,
        dependencies=dependencies,
    )


def _response(violations: list[Violation]) -> pb.AnalyzeResponse:
    return pb.AnalyzeResponse(
        diagnostics=[
            pb.AnalyzeDiagnostic(
                policyName=violation.control,
                policyPackName=NAME,
                policyPackVersion=__version__,
                description=CONTROLS[violation.control].title if violation.control in CONTROLS else "",
                message=violation.message,
                enforcementLevel=_LEVELS[violation.level],
                severity=_SEVERITIES[violation.severity],
                urn=violation.urn,
            )
            for violation in violations
        ]
    )


def _level(value: pb.EnforcementLevel.ValueType) -> Level:
    if value == pb.REMEDIATE:  # nothing is remediated: as the engine does, treat what is left as mandatory
        return Level.MANDATORY
    return {number: level for level, number in _LEVELS.items()}[value]


def _control_info(control: Control) -> pb.PolicyInfo:
    info = pb.PolicyInfo(
        name=control.id,
        displayName=control.title,
        description=f"{control.title}. {control.why}",
        enforcementLevel=_LEVELS[control.level],
        policy_type=_TYPES[control.mode],
        severity=_SEVERITIES[control.severity],
        tags=[control.group, str(control.mode)],
        remediation_steps=control.remediation,
    )
    for reference in control.references[:1]:  # the protocol has room for one framework
        info.framework.name = reference.framework
        info.framework.version = reference.version
        info.framework.reference = ", ".join(reference.items)
    return info


def _configuration_info() -> pb.PolicyInfo:
    info = pb.PolicyInfo(
        name=PACK,
        displayName="Configuration of the pack",
        description="The pack's options; reports exceptions that expired or name a resource that does not exist.",
        enforcementLevel=pb.MANDATORY,
        policy_type=pb.POLICY_TYPE_STACK,
        severity=pb.POLICY_SEVERITY_HIGH,
    )
    info.configSchema.properties.update(SCHEMA)
    return info


def _undetermined_info() -> pb.PolicyInfo:
    return pb.PolicyInfo(
        name=UNDETERMINED,
        displayName="What could not be judged yet",
        description="Judgements that wait for values known only after the update, and exceptions in force.",
        enforcementLevel=pb.ADVISORY,
        policy_type=pb.POLICY_TYPE_STACK,
        severity=pb.POLICY_SEVERITY_LOW,
    )
