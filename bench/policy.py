"""What the policy pack costs: a preview with it beside one with a trivial pack, and how soon it starts.

`python -m bench.policy [runs] [resources]` prints CPU and wall seconds, medians and all runs, one pack after the other,
so that what else the machine does falls on all alike. CPU is that of the engine and all its plugins.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from toolchain import ensure

PACK = Path(__file__).resolve().parent.parent / "policy-packs" / "rampart"

PROGRAM = """
    import json

    import pulumi
    import pulumi_aws as aws

    account = aws.Provider("aws", region="us-east-1", allowed_account_ids=["111122223333"])
    own, kept = pulumi.ResourceOptions(provider=account), pulumi.ResourceOptions(provider=account, protect=True)
    refusal = json.dumps({{"Version": "2012-10-17", "Statement": [{{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
        "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}},
    }}]}})
    for number in range({resources} // 8):
        key = aws.kms.Key(f"key-{{number}}", enable_key_rotation=True, rotation_period_in_days=90, opts=kept)
        bucket = aws.s3.Bucket(f"bucket-{{number}}", opts=kept)
        aws.s3.BucketPublicAccessBlock(
            f"block-{{number}}", bucket=bucket.id, block_public_acls=True, block_public_policy=True,
            ignore_public_acls=True, restrict_public_buckets=True, opts=own,
        )
        aws.s3.BucketVersioning(
            f"versions-{{number}}", bucket=bucket.id, versioning_configuration={{"status": "Enabled"}}, opts=own
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"encryption-{{number}}", bucket=bucket.id, opts=own,
            rules=[{{"apply_server_side_encryption_by_default": {{
                "sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}}}],
        )
        aws.s3.BucketOwnershipControls(
            f"owner-{{number}}", bucket=bucket.id, rule={{"object_ownership": "BucketOwnerEnforced"}}, opts=own
        )
        aws.s3.BucketPolicy(f"policy-{{number}}", bucket=bucket.id, policy=refusal, opts=own)
        aws.ec2.SecurityGroup(
            f"group-{{number}}", vpc_id="vpc-1", opts=own,
            ingress=[{{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}}],
        )
"""

TRIVIAL = """
    from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

    policy = ResourceValidationPolicy("nothing", "Says nothing", lambda args, report: None)
    PolicyPack("trivial", policies=[policy], enforcement_level=EnforcementLevel.ADVISORY)
"""

CROWDED = """
    import sys

    sys.path.insert(0, {pack!r})
    from rampart_policy.facts import Fact
    from rampart_policy.facts.base import fact
    from rampart_policy.registry import Severity, control
    from rampart_policy.server import serve
    from rampart_policy.verdicts import PASS


    @fact
    class Unheard(Fact):
        pass


    for number in range(400):
        control(
            id=f"unheard-{{number}}", title="T", why="W.", remediation="R.", severity=Severity.LOW, judges=Unheard
        )(lambda fact, settings: PASS)
    serve()
"""


class Cost(NamedTuple):
    """Seconds."""

    cpu: float
    wall: float


class AcceptsAnything(provider_pb2_grpc.ResourceProviderServicer):
    """Every resource is what it is declared to be, and costs nothing."""

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802 - named by the protocol, as below
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()

    def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: N802
        return plugin_pb2.PluginInfo(version="7.51.1")

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:  # noqa: N802
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:  # noqa: N802
        return provider_pb2.CreateResponse(properties=request.properties)


@contextmanager
def provider() -> Iterator[int]:
    """The port of a provider for the program."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AcceptsAnything(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(0)


def pack(folder: Path, source: str) -> Path:
    """A pack of one file."""
    folder.mkdir()
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(textwrap.dedent(source))
    return folder


def measured(run: Callable[[], None]) -> Cost:
    """What a run costs, with all the processes that it starts and waits for."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run()
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended - started)


def preview(folder: Path, environment: Mapping[str, str], chosen: Path | None) -> None:
    flags = ["--policy-pack", str(chosen)] if chosen else []
    command = ["pulumi", "preview", "--stack", "dev", "--non-interactive", "--suppress-progress", *flags]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def start(chosen: Path) -> None:
    """Until the pack has said its port, as the engine starts it."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(chosen)], stdout=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.readline()
    process.terminate()
    process.stdout.close()
    process.wait()


def main(runs: int, resources: int) -> None:
    with tempfile.TemporaryDirectory() as name, provider() as port:
        folder = Path(name)
        packs = {
            "no pack": None,
            "a trivial pack of the SDK": pack(folder / "trivial", TRIVIAL),
            "this pack": PACK,
            "this pack and 400 controls for no type": pack(folder / "crowded", CROWDED.format(pack=str(PACK))),
        }
        project, environment = prepared(folder, port, resources)
        report(
            f"preview of {resources} resources",
            runs,
            {label: partial(preview, project, environment, chosen) for label, chosen in packs.items()},
        )
        report(
            "from start to port",
            runs * 2,
            {label: partial(start, chosen) for label, chosen in packs.items() if chosen},
        )


def prepared(folder: Path, port: int, resources: int) -> tuple[Path, Mapping[str, str]]:
    """A project with a stack, and the environment for it."""
    project = folder / "project"
    (project / "backend").mkdir(parents=True)
    (project / "Pulumi.yaml").write_text("name: measured\nruntime: python\n")
    (project / "__main__.py").write_text(textwrap.dedent(PROGRAM.format(resources=resources)))
    # With bytecode kept, as Python does unless told otherwise: compiling the pack is not part of starting it.
    left_out = ("PULUMI_", "PYTHONDONTWRITEBYTECODE")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    environment = {
        **ensure().environment(inherited),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{project / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "measured",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DEBUG_PROVIDERS": f"aws:{port}",
    }
    command = [shutil.which("pulumi", path=environment["PATH"]) or "pulumi", "stack", "init", "dev"]
    subprocess.run(command, cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    return project, environment


def report(title: str, runs: int, subjects: Mapping[str, Callable[[], None]]) -> None:
    """Runs the subjects in turn, and prints what they cost."""
    found: dict[str, list[Cost]] = {label: [] for label in subjects}
    for run in subjects.values():
        run()  # warm
    for _ in range(runs):
        for label, run in subjects.items():
            found[label].append(measured(run))
    print(f"{title}, {runs} runs in turn\n")
    print("| pack | CPU, median | wall, median | CPU, all |\n|---|---|---|---|")
    for label, costs in found.items():
        cpu, wall = (statistics.median(cost[place] for cost in costs) for place in (0, 1))
        print(f"| {label} | {cpu:.2f} | {wall:.2f} | {' '.join(f'{cost.cpu:.2f}' for cost in costs)} |")
    print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, int(sys.argv[2]) if len(sys.argv) > 2 else 300)
