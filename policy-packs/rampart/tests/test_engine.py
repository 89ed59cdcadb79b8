"""The pack under the real engine: real SDK classes, and a provider that accepts anything."""

import json
import os
import subprocess
import textwrap
from collections.abc import Iterator
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rampart_policy.testing import UNKNOWN
from rampart_policy.wire import properties, struct
from toolchain import ensure

PACK = Path(__file__).parents[1]
SHIPPED = PACK.parent / "rampart.config.json"

HEADER = """
    import pulumi
    import pulumi_aws as aws
    import pulumi_random as random

    account = aws.Provider("aws", region="us-east-1", allowed_account_ids=["111122223333"])
    own = pulumi.ResourceOptions(provider=account)
    kept = pulumi.ResourceOptions(provider=account, protect=True)
"""
GOOD_KEY = (
    HEADER
    + """
    aws.kms.Key("key", enable_key_rotation=True, rotation_period_in_days=90, opts=kept)
"""
)
SLOW_KEY = (
    HEADER
    + """
    aws.kms.Key("key", enable_key_rotation=True, rotation_period_in_days=365, opts=kept)
"""
)
KEY_KNOWN_LATER = (
    HEADER
    + """
    days = random.RandomInteger(
        "days", min=365, max=365, opts=pulumi.ResourceOptions(provider=random.Provider("random"))
    )
    aws.kms.Key("key", enable_key_rotation=True, rotation_period_in_days=days.result, opts=kept)
"""
)
PROVIDER_KEY = (
    HEADER
    + """
    aws.s3.BucketServerSideEncryptionConfiguration(
        "encryption",
        bucket="elsewhere",
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        opts=own,
    )
"""
)
VPC = (
    HEADER
    + """
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=own)
    aws.ec2.FlowLog(
        "flows", vpc_id=vpc.id, traffic_type="ALL", log_destination="arn:aws:s3:::flow-logs",
        log_destination_type="s3", opts=own,
    )
"""
)
CLOSED_VPC = (
    VPC
    + """
    aws.ec2.DefaultSecurityGroup("closed", vpc_id=vpc.id, ingress=[], egress=[], opts=own)
"""
)
HIDDEN_POD = """
    import pulumi

    cluster = pulumi.ProviderResource("kubernetes", "cluster", {"context": "production"})
    pulumi.CustomResource(
        "kubernetes:argoproj.io/v1alpha1:Rollout",
        "hidden",
        {"spec": {"template": {"spec": {"hostNetwork": True, "containers": [{"name": "app", "image": "app:1"}]}}}},
        pulumi.ResourceOptions(provider=cluster),
    )
"""


class AcceptsAnything(provider_pb2_grpc.ResourceProviderServicer):
    """Every resource is what it is declared to be, with an id; outputs are unknown until then."""

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="7.51.1")

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    def Create(self, request: provider_pb2.CreateRequest, context: Any) -> provider_pb2.CreateResponse:
        declared = properties(request.properties)
        computed = {"arn": f"arn:{request.name}", "result": declared.get("max", "")}
        if request.preview:
            return provider_pb2.CreateResponse(properties=struct({**declared, **dict.fromkeys(computed, UNKNOWN)}))
        return provider_pb2.CreateResponse(id=f"id-{request.name}", properties=struct({**declared, **computed}))

    def Delete(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


@dataclass
class Result:
    code: int
    output: str


@dataclass
class Project:
    """A Pulumi project in a folder of its own."""

    folder: Path
    environment: dict[str, str]

    def write(self, program: str) -> None:
        (self.folder / "__main__.py").write_text(textwrap.dedent(program))

    def pulumi(self, *arguments: str) -> Result:
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout)

    def run(
        self, command: str, *arguments: str, config: dict[str, Any] | Path | None = None, stack: str = "dev"
    ) -> Result:
        """A command with the pack in force."""
        pack = ["--policy-pack", str(PACK)]
        if isinstance(config, dict):
            path = self.folder / "pack.json"
            path.write_text(json.dumps(config))
            config = path
        if config:
            pack += ["--policy-pack-config", str(config)]
        return self.pulumi(*command.split(), *pack, *arguments, "--stack", stack)

    def resources(self) -> set[str]:
        """The names of what was made."""
        state = self.folder / "backend" / ".pulumi" / "stacks" / "judged" / "dev.json"
        latest = json.loads(state.read_text())["checkpoint"]["latest"]
        return {found["urn"].rpartition("::")[2] for found in latest["resources"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    server = grpc.server(futures.ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AcceptsAnything(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(0)


@pytest.fixture
def project(tmp_path: Path, provider: int) -> Project:
    (tmp_path / "Pulumi.yaml").write_text("name: judged\nruntime: python\n")
    (tmp_path / "backend").mkdir()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    environment = {
        **ensure().environment(inherited),
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DEBUG_PROVIDERS": f"aws:{provider},random:{provider},kubernetes:{provider}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    made = Project(tmp_path, environment)
    assert made.pulumi("stack", "init", "dev").code == 0
    return made


def test_violations_stop_the_preview_and_an_advisory_does_not(project: Project) -> None:
    """Of one resource; of the whole stack, where ids are not known yet; of a pod that hides in a custom resource."""
    project.write(SLOW_KEY + VPC.removeprefix(HEADER) + HIDDEN_POD)
    stopped = project.run("preview", config=SHIPPED)
    assert stopped.code != 0
    assert "[mandatory] [severity: high]  key-rotates-every-90-days  (aws:kms:Key: key)" in stopped.output
    assert "rotationPeriodInDays is 365; wanted: 90 days or less" in stopped.output
    assert "default-security-group-is-adopted  (aws:ec2:Vpc: vpc)" in stopped.output
    assert "no-host-namespace  (kubernetes:argoproj.io/v1alpha1:Rollout: hidden)" in stopped.output
    assert "spec.template.spec.hostNetwork is true; wanted: false" in stopped.output
    project.write(SLOW_KEY)
    shown = project.run("preview", config={"key-rotates-every-90-days": "advisory"})
    assert shown.code == 0
    assert "[advisory] [severity: high]  key-rotates-every-90-days" in shown.output


def test_what_is_unknown_at_preview_is_counted_and_judged_before_it_is_made(project: Project) -> None:
    project.write(KEY_KNOWN_LATER)
    preview = project.run("preview", config=SHIPPED)
    assert preview.code == 0
    assert "1 undetermined on 1 resource(s)" in preview.output
    assert "key-rotates-every-90-days: aws:kms/key:Key key (rotationPeriodInDays)" in preview.output
    update = project.run("up --yes --skip-preview", config=SHIPPED)
    assert update.code != 0
    assert "rotationPeriodInDays is 365" in update.output
    assert "days" in project.resources()
    assert "key" not in project.resources()


def test_deployed_state_is_judged_again_on_request(project: Project) -> None:
    project.write(CLOSED_VPC)
    assert project.run("up --yes", config=SHIPPED).code == 0
    project.write(VPC)
    assert project.pulumi("up", "--yes", "--skip-preview", "--stack", "dev").code == 0
    judged = project.run("policy analyze", config=SHIPPED)
    assert judged.code != 0
    assert "default-security-group-is-adopted" in judged.output


def test_two_stacks_of_one_program_are_each_judged_by_their_plan(project: Project) -> None:
    project.write(PROVIDER_KEY)
    assert project.pulumi("stack", "init", "lab").code == 0
    config = {"rampart": {"plans": {"lab": "managed"}}}
    assert project.run("preview", config=config, stack="lab").code == 0
    stopped = project.run("preview", config=config, stack="dev")
    assert stopped.code != 0
    assert "store-uses-customer-key" in stopped.output


def test_a_configuration_with_a_mistake_stops_everything(project: Project) -> None:
    project.write(GOOD_KEY)
    stopped = project.run("preview", config={"key-rotates-every-90-day": "advisory"})
    assert stopped.code != 0
    assert 'no control "key-rotates-every-90-day"; did you mean key-rotates-every-90-days?' in stopped.output
    assert "create" not in stopped.output
