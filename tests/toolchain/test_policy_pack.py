"""Policy packs through the language host: they get the stack's configuration, and the engine gets their verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, language_pb2

from tests.toolchain.support.host import HostProcess, info

PACK = """
import os
import pulumi
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def judge(args, report):
    if args.name == "broken":
        raise RuntimeError("the control is broken")
    report("|".join([
        pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), str(pulumi.runtime.is_dry_run()),
        pulumi.Config("tiny").require("color"), os.getcwd(), os.environ["GIVEN"], args.stack_tags.get("team", "none"),
    ]))

PolicyPack("tiny", enforcement_level=EnforcementLevel.MANDATORY, policies=[
    ResourceValidationPolicy(name="known", description="Report what is known.", validate=judge),
])
"""

CONFIGURATION = analyzer_pb2.AnalyzerStackConfigureRequest(
    organization="acme", project="tiny", stack="dev", dry_run=True, config={"tiny:color": "blue"}, tags={"team": "core"}
)


@dataclass
class Session:
    """An engine's side of a running pack: the stream of its output, and the calls to it."""

    stream: Iterator[language_pb2.RunPluginResponse]
    calls: analyzer_pb2_grpc.AnalyzerStub


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\nname: tiny\nversion: 0.0.1\n")
    (tmp_path / "__main__.py").write_text(PACK)
    return tmp_path


@pytest.fixture
def session(host: HostProcess, pack: Path) -> Iterator[Session]:
    request = language_pb2.RunPluginRequest(
        kind="analyzer", pwd="/", info=info(pack), args=["127.0.0.1:1"], env=["GIVEN=yes"]
    )
    stream = host.calls.RunPlugin(request)
    port = int(next(stream).stdout)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Session(stream, analyzer_pb2_grpc.AnalyzerStub(channel))
    stream.cancel()


def test_a_pack_knows_the_stack_from_its_first_line_on(session: Session, pack: Path) -> None:
    session.calls.Handshake(analyzer_pb2.AnalyzerHandshakeRequest())
    session.calls.ConfigureStack(CONFIGURATION)
    assert session.calls.GetAnalyzerInfo(empty_pb2.Empty()).name == "tiny"
    verdict = session.calls.Analyze(analyzer_pb2.AnalyzeRequest(type="a:b:C", urn="urn:x", name="x"))
    assert [diagnostic.message for diagnostic in verdict.diagnostics] == [
        f"Report what is known.\nacme|tiny|dev|True|blue|{pack}|yes|core"
    ]


def test_without_a_stack_a_pack_runs_all_the_same(session: Session) -> None:
    info = session.calls.GetAnalyzerInfo(empty_pb2.Empty())
    assert [policy.name for policy in info.policies] == ["known"]


def test_an_error_of_the_pack_reaches_the_engine_as_it_is(session: Session) -> None:
    session.calls.ConfigureStack(CONFIGURATION)
    with pytest.raises(grpc.RpcError) as error:
        session.calls.Analyze(analyzer_pb2.AnalyzeRequest(type="a:b:C", urn="urn:x", name="broken"))
    assert error.value.code() == grpc.StatusCode.UNKNOWN
    assert "the control is broken" in str(error.value.details())


def test_a_pack_that_does_not_start_is_an_error_with_its_output(session: Session, pack: Path) -> None:
    (pack / "__main__.py").write_text("import sys; sys.exit('this pack is broken')")
    session.calls.ConfigureStack(CONFIGURATION)
    with pytest.raises(grpc.RpcError) as error:
        session.calls.GetAnalyzerInfo(empty_pb2.Empty())
    assert error.value.details() == "the policy pack did not start"
    messages = list(session.stream)
    assert b"this pack is broken" in b"".join(message.stderr for message in messages)
    assert messages[-1].exitcode == 1


def test_a_pack_that_writes_something_else_than_its_port_is_named(session: Session, pack: Path) -> None:
    (pack / "__main__.py").write_text("print('hello', flush=True)")
    with pytest.raises(grpc.RpcError) as error:
        session.calls.GetAnalyzerInfo(empty_pb2.Empty())
    assert error.value.details() == "the policy pack did not start: it wrote 'hello\\n' where its port should be"


def test_an_option_that_is_not_honoured_is_refused_before_the_pack_is_served(host: HostProcess, pack: Path) -> None:
    stream = host.calls.RunPlugin(language_pb2.RunPluginRequest(kind="analyzer", info=info(pack, toolchain="uv")))
    with pytest.raises(grpc.RpcError) as error:
        next(stream)
    assert "runtime option 'toolchain' is 'uv'" in str(error.value.details())


def test_a_pack_that_was_never_asked_for_ends_with_the_call(session: Session) -> None:
    session.stream.cancel()  # type: ignore[attr-defined]  # the stub's type is an Iterator alone
    with pytest.raises(grpc.RpcError):
        session.calls.GetAnalyzerInfo(empty_pb2.Empty())
