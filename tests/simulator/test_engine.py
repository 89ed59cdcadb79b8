"""The real engine against the simulated clouds: what the protocol tests cannot show."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import simulator
import toolchain
from simulator import clock

PROGRAM = """
import os, pulumi, pulumi_aws as aws, pulumi_random as random
provider = aws.Provider("aws", region="us-east-1", allowed_account_ids=["111122223333"],
    default_tags=aws.ProviderDefaultTagsArgs(tags={"owner": "tests"}))
opts = pulumi.ResourceOptions(provider=provider)
incarnation = random.RandomId("incarnation", byte_length=4)
password = random.RandomPassword("password", length=20)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=os.environ.get("BLOCK", "10.0.0.0/24"), opts=opts)
key = aws.kms.Key("key", description=password.result, enable_key_rotation=True,
    rotation_period_in_days=90, opts=opts)
bucket = aws.s3.Bucket("bucket", bucket=pulumi.Output.concat("tests-", incarnation.hex), opts=opts)
named = {"sse_algorithm": "aws:kms", os.environ.get("KEY", "kms_master_key_id"): key.arn}
aws.s3.BucketServerSideEncryptionConfiguration("encryption", bucket=bucket.bucket,
    rules=[{"apply_server_side_encryption_by_default": named}], opts=opts)
pulumi.export("password", password.result)
"""
Pulumi = Callable[..., subprocess.CompletedProcess[str]]
UP = ("up", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def pulumi(folder: Path) -> Iterator[Pulumi]:
    """Run the engine on a small program that is up: `pulumi("up", BLOCK="10.1.0.0/24")`."""
    program, backend = folder / "program", folder / "backend"
    program.mkdir()
    backend.mkdir()
    (program / "Pulumi.yaml").write_text("name: tests\nruntime: python\n")
    (program / "__main__.py").write_text(PROGRAM)
    with simulator.start(folder / "clouds.db") as clouds:
        own = {
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": "tests",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        environment = toolchain.ensure().environment({**os.environ, **clouds.environment, **own})

        def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
            command = ["pulumi", *arguments, "--stack", "tests", "--non-interactive", "--color=never"]
            env = {**environment, **more}
            return subprocess.run(command, cwd=program, env=env, capture_output=True, text=True, check=False)

        assert run("stack", "init").returncode == 0
        assert "9 created" in _ok(run(*UP))
        yield run


def _ok(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_nothing_changes_the_second_time_nor_by_a_refresh(pulumi: Pulumi) -> None:
    assert "9 unchanged" in _ok(pulumi("preview", "--refresh", "--expect-no-changes"))


def test_what_was_deployed_takes_virtual_time_and_hides_its_secrets(pulumi: Pulumi, folder: Path) -> None:
    export = json.loads(_ok(pulumi("stack", "export")))
    assert clock.creation_time(export) == 21  # the key, then the encryption of the bucket with it
    password = _ok(pulumi("stack", "output", "password", "--show-secrets")).strip()
    assert len(password) == 20
    assert not [file for file in folder.rglob("*") if file.is_file() and password.encode() in file.read_bytes()]


def test_what_a_cloud_refuses_stops_the_engine_with_its_code_and_what_would_do(pulumi: Pulumi) -> None:
    early = pulumi("preview", KEY="kms_masterkey_id")
    assert early.returncode != 0
    assert "unknown property 'kms_masterkey_id'; did you mean 'kmsMasterKeyId'?" in early.stdout
    late = pulumi(*UP, BLOCK="10.1.0.0/24")
    assert late.returncode != 0
    assert "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid" in late.stdout


def test_down_lets_up_come_back_on_the_same_clouds(pulumi: Pulumi) -> None:
    assert "9 deleted" in _ok(pulumi("destroy", "--yes", "--skip-preview"))
    assert "9 created" in _ok(pulumi(*UP))
