"""The server process: leases, restarts, kills, and what is in its file."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import simulator
from simulator.client import BUSY, beside
from simulator.state import Store
from simulator.values import Props, Secret
from tests.simulator.conftest import Engine

VPC, SUBNET, KEY = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:kms/key:Key"
CIDR: Props = {"cidrBlock": "10.9.0.0/16"}
BUCKET, GROUP = "aws:s3/bucket:Bucket", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _engine(clouds: simulator.Clouds, package: str = "aws") -> Engine:
    ports = dict(pair.split(":") for pair in clouds.environment["PULUMI_DEBUG_PROVIDERS"].split(","))
    return Engine(f"127.0.0.1:{ports[package]}", package)


def _server(state: Path) -> int:
    return int(json.loads(beside(state, "server").read_text())["pid"])


def _wait_until_gone(state: Path) -> None:
    import fcntl

    with beside(state, "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)  # the server holds it for as long as it lives


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "clouds.db"


def test_two_clients_share_one_server_which_leaves_with_the_last(state: Path) -> None:
    with simulator.start(state) as first:
        with simulator.start(state) as second:
            assert first.environment == second.environment
        assert _engine(first).check(BUCKET, "b", {})
    _wait_until_gone(state)


def test_the_server_leaves_when_its_only_client_is_killed(state: Path) -> None:
    code = (
        "import simulator, sys, pathlib\nwith simulator.start(pathlib.Path(sys.argv[1])): print(1, flush=True); input()"
    )
    run = [sys.executable, "-c", code, str(state)]
    client = subprocess.Popen(
        run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(simulator.__file__).parents[1]
    )
    assert client.stdout
    assert client.stdout.readline() == b"1\n"
    client.kill()
    client.communicate()
    _wait_until_gone(state)


def test_clients_that_start_at_once_get_one_server(state: Path) -> None:
    environments: list[dict[str, str]] = []
    everyone = threading.Barrier(4)

    def client() -> None:
        with simulator.start(state) as clouds:
            environments.append(clouds.environment)
            everyone.wait(timeout=30)

    threads = [threading.Thread(target=client) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(environments) == 4
    assert len({json.dumps(environment) for environment in environments}) == 1


def test_a_second_server_on_one_state_file_is_impossible(state: Path) -> None:
    with simulator.start(state):
        run = [sys.executable, "-m", "simulator", "--state", str(state)]
        assert subprocess.run(run, cwd=Path(simulator.__file__).parents[1], check=False).returncode == BUSY


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_leaves_at_once_when_told_to(state: Path, number: int) -> None:
    with simulator.start(state):
        os.kill(_server(state), number)
        _wait_until_gone(state)
    with simulator.start(state) as clouds:
        assert _engine(clouds).check(BUCKET, "b", {})


def test_a_file_that_is_no_state_is_one_clear_error(state: Path) -> None:
    state.write_text("this is not a database, and long enough to be seen as none" * 40)
    with pytest.raises(RuntimeError, match=r"do not start; .*clouds\.db\.log says why"), simulator.start(state):
        pass
    assert "file is not a database" in state.with_name("clouds.db.log").read_text()


def test_what_a_dead_server_left_behind_is_not_used(state: Path) -> None:
    with simulator.start(state) as clouds:
        os.kill(_server(state), signal.SIGKILL)
        _wait_until_gone(state)
        with simulator.start(state) as again:
            assert again.environment != clouds.environment
            assert _engine(again).check(BUCKET, "b", {})


def _populate(engine: Engine) -> dict[str, tuple[str, Props]]:
    vpc = engine.create(VPC, "v", {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}})
    made = {VPC: vpc, BUCKET: engine.create(BUCKET, "b", {}), KEY: engine.create(KEY, "k", {"description": "first"})}
    made[GROUP] = engine.create(GROUP, "g", {"vpcId": vpc[0], "ingress": [], "egress": []})
    made[SUBNET] = engine.create(SUBNET, "s", {"vpcId": vpc[0], "cidrBlock": "10.0.0.0/24"})
    return made


@contextlib.contextmanager
def _boto(clouds: simulator.Clouds, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "simulated")
    monkeypatch.setenv("AWS_ENDPOINT_URL", clouds.environment["AWS_ENDPOINT_URL"])
    yield


def test_a_restart_keeps_everything_and_moto_makes_the_same_ids(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    # As in a shell that looks at simulated clouds already: their own clients must not be led there.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with simulator.start(state) as clouds:
        engine = _engine(clouds)
        gone = {
            token: engine.create(token, "gone", inputs)[0] for token, inputs in ((VPC, CIDR), (BUCKET, {}), (KEY, {}))
        }
        made = _populate(engine)
        table, association = (
            f"aws:ec2/{name[0].lower()}{name[1:]}:{name}" for name in ("RouteTable", "RouteTableAssociation")
        )
        first, newer = engine.create(table, "t", {"vpcId": made[VPC][0]})[0], {"subnetId": made[SUBNET][0]}
        made[association] = engine.create(association, "a", {**newer, "routeTableId": first})
        newer["routeTableId"] = engine.create(table, "t", {"vpcId": made[VPC][0]})[0]
        made[association] = made[association][0], engine.update(association, made[association][0], {}, newer)
        engine.delete(table, first)
        for token, id_ in gone.items():
            engine.delete(token, id_)
        engine.update(VPC, made[VPC][0], made[VPC][1], {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": True})
    _wait_until_gone(state)
    with simulator.start(state) as clouds, _boto(clouds, monkeypatch):
        engine = _engine(clouds)
        for token, (id_, outputs) in made.items():
            if token != VPC:
                assert engine.read(token, id_, outputs)[0] == outputs
        later, _ = engine.create(SUBNET, "later", {"vpcId": made[VPC][0], "cidrBlock": "10.0.1.0/24"})
        ec2 = boto3.client("ec2", region_name="us-east-1")
        found = {vpc["VpcId"]: vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]}
        assert list(found) == [made[VPC][0]]
        assert found[made[VPC][0]]["OwnerId"] == "111122223333"
        inside = [{"Name": "vpc-id", "Values": [made[VPC][0]]}]
        subnets = {subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=inside)["Subnets"]}
        assert subnets == {made[SUBNET][0], later}
        names = ec2.describe_vpc_attribute(VpcId=made[VPC][0], Attribute="enableDnsHostnames")["EnableDnsHostnames"]
        assert names["Value"] is True
        buckets = boto3.client("s3", region_name="us-east-1").list_buckets()["Buckets"]
        assert [bucket["Name"] for bucket in buckets] == [made[BUCKET][0]]
        keys = boto3.client("kms", region_name="us-east-1").list_keys()["Keys"]
        assert [key["KeyId"] for key in keys] == [made[KEY][0]]


def test_a_killed_server_loses_nothing_that_it_acknowledged(state: Path) -> None:
    network, service = "gcp:compute/network:Network", {"service": "compute.googleapis.com"}
    with simulator.start(state) as clouds:
        engine = _engine(clouds, "gcp")
        engine.create("gcp:projects/service:Service", "s", service)
        inputs = {"autoCreateSubnetworks": False}
        made = dict(engine.create(network, f"n{number}", inputs) for number in range(50))
        os.kill(_server(state), signal.SIGKILL)
        _wait_until_gone(state)
    with simulator.start(state) as clouds:
        engine = _engine(clouds, "gcp")
        assert {id_: engine.read(network, id_)[0] for id_ in made} == made


def test_no_secret_is_in_the_files_nor_in_an_answer_in_clear(state: Path) -> None:
    hidden = "correct-horse-battery"
    with simulator.start(state) as clouds:
        engine = _engine(clouds)
        inputs = {"description": Secret(hidden), "tags": {"a": Secret(hidden + "-tag"), "b": "open"}}
        id_, outputs = engine.create(KEY, "k", inputs)
        assert outputs["description"] == Secret(hidden)
        assert outputs["tags"] == {"a": Secret(hidden + "-tag"), "b": "open"}
        assert outputs["tagsAll"] == {"a": Secret(hidden + "-tag"), "b": "open"}
        checked = engine.check(KEY, "k", inputs)
        assert engine.read(KEY, id_, outputs, checked) == (outputs, checked)
        changed = {**outputs, "description": Secret("another")}
        assert engine.read(KEY, id_, changed)[0]["description"] == Secret("[secret, not kept by the simulated cloud]")
        password = _engine(clouds, "random").create("random:index/randomPassword:RandomPassword", "p", {"length": 30})
    for file in state.parent.iterdir():
        content = file.read_bytes()
        assert hidden.encode() not in content, file
        assert password[1]["result"].value.encode() not in content, file


def test_a_refusal_does_not_repeat_a_secret(state: Path, tmp_path: Path) -> None:
    from tests.simulator.conftest import Refused, serving

    store = Store(state)
    with serving(store, "aws") as address, pytest.raises(Refused) as refused:
        Engine(address, "aws").create(BUCKET, "b", {"bucket": Secret("My_Hidden_Name")})
    store.close()
    assert "'[secret]' (`bucket`) is not valid" in str(refused.value)
    assert "Hidden" not in str(refused.value)
