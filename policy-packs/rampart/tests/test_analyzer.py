"""The engine's protocol: what the pack says of itself, and what it makes of each call."""

import grpc
import pytest
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2 as pb

from rampart_policy import __version__
from rampart_policy.analyzer import Analyzer
from rampart_policy.registry import CONTROLS
from rampart_policy.testing import UNKNOWN, judge, resource
from rampart_policy.wire import struct

NOTHING = empty_pb2.Empty()


def info() -> pb.AnalyzerInfo:
    return Analyzer().GetAnalyzerInfo(NOTHING, None)


def test_there_is_one_policy_per_control_and_two_of_the_packs_own() -> None:
    assert {policy.name for policy in info().policies} == {*CONTROLS, "rampart", "undetermined"}
    assert info().supportsConfig


def test_a_policy_says_what_the_control_says() -> None:
    [policy] = [policy for policy in info().policies if policy.name == "key-rotates-every-90-days"]
    assert policy.enforcementLevel == pb.MANDATORY
    assert policy.severity == pb.POLICY_SEVERITY_HIGH
    assert policy.policy_type == pb.POLICY_TYPE_RESOURCE
    assert list(policy.tags) == ["rotation", "preventive"]
    assert policy.remediation_steps == CONTROLS[policy.name].remediation
    assert (policy.framework.name, policy.framework.reference) == ("NIST SP 800-53", "SC-12")


def test_the_packs_options_have_a_schema() -> None:
    [policy] = [policy for policy in info().policies if policy.name == "rampart"]
    schema = json_format.MessageToDict(policy.configSchema.properties)
    assert schema["plan"]["enum"] == ["enterprise", "managed"]
    assert set(schema) == {
        "plan",
        "plans",
        "protection",
        "protections",
        "registries",
        "consumers",
        "omissions",
        "exceptions",
    }


def test_the_version_is_the_one_that_is_published() -> None:
    from pathlib import Path

    manifest = (Path(__file__).parents[1] / "PulumiPolicy.yaml").read_text()
    assert f"\nversion: {__version__}\n" in manifest
    assert Analyzer().GetPluginInfo(NOTHING, None).version == __version__


def test_remediation_changes_nothing() -> None:
    request = pb.AnalyzeRequest(type="aws:kms/key:Key", properties=struct({"enableKeyRotation": False}))
    assert Analyzer().Remediate(request, None) == pb.RemediateResponse()


def test_a_level_of_remediate_is_mandatory() -> None:
    made = Analyzer()
    entries = {"no-open-ingress": pb.PolicyConfig(enforcementLevel=pb.REMEDIATE)}
    made.Configure(pb.ConfigureAnalyzerRequest(policyConfig=entries), None)  # type: ignore[arg-type]  # never refuses
    rules = {"ingress": [{"cidrBlocks": ["0.0.0.0/0"]}]}
    request = pb.AnalyzeRequest(type="aws:ec2/securityGroup:SecurityGroup", properties=struct(rules))
    [diagnostic] = made.Analyze(request, None).diagnostics
    assert diagnostic.enforcementLevel == pb.MANDATORY


def test_a_configuration_that_cannot_be_used_aborts_the_call() -> None:
    class Context:
        def abort(self, code: grpc.StatusCode, details: str) -> None:
            raise RuntimeError(f"{code.name}: {details}")

    entries = {"no-open-ingres": pb.PolicyConfig(enforcementLevel=pb.ADVISORY)}
    with pytest.raises(RuntimeError, match=r"INVALID_ARGUMENT: (?s:.*)did you mean no-open-ingress\?"):
        Analyzer().Configure(pb.ConfigureAnalyzerRequest(policyConfig=entries), Context())  # type: ignore[arg-type]


def test_deployed_state_is_judged_without_being_told_of_a_stack() -> None:
    """`pulumi policy analyze` sends no ConfigureStack: nothing may stay undetermined then."""
    made = Analyzer()
    declared = resource("aws:ec2/securityGroup:SecurityGroup", {"ingress": UNKNOWN})
    properties = struct(declared.properties)
    request = pb.AnalyzeRequest(urn=declared.urn, type=declared.type, name=declared.name, properties=properties)
    assert not made.Analyze(request, None).diagnostics
    whole = pb.AnalyzeStackRequest(
        resources=[pb.AnalyzerResource(urn=declared.urn, type=declared.type, name=declared.name, properties=properties)]
    )
    assert [found.policyName for found in made.AnalyzeStack(whole, None).diagnostics] == ["no-open-ingress"]


def test_components_and_the_stack_itself_are_not_types_to_review() -> None:
    component = resource("rampart:keys:Keys", component=True)
    assert judge(component, resource("pulumi:pulumi:Stack")).violations == []
