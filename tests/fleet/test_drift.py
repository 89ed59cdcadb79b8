"""Changes made by hand: found, what they mean, and what an update does about them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pulumi import automation

from demo.project import REPOSITORY, STACKS, Project
from demo.session import session
from fleet.drift import differences
from fleet.outcome import Drift, Outcome
from tests.conftest import by_hand, silent

AWS, GCP, AZURE = STACKS
Props = dict[str, Any]


def changed(project: Project, token: str, id_: str, change: Callable[[Props], None]) -> None:
    """Change something behind Pulumi's back.

    What the program did not set does not become an input by being read (Pulumi Terraform Bridge, extractInputs).
    """
    package = token.partition(":")[0]
    with by_hand(project) as store:
        [record] = [
            record for record in store.all(package) if (record.type, record.id) == (token, id_) and record.alive
        ]
        outputs: Props = json.loads(json.dumps(record.outputs))
        change(outputs)
        inputs = {key: outputs.get(key, value) for key, value in record.inputs.items()}
        store.write(replace(record, inputs=inputs, outputs=outputs))


def open_group(props: Props) -> None:
    rule = {"cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 0, "toPort": 65535}
    props["ingress"] = [*props["ingress"], rule]


def let_out(props: Props) -> None:
    for route in props["routes"]:
        route["nextHopType"] = "Internet"


def allow_out(props: Props) -> None:
    for rule in props["securityRules"]:
        if rule["name"] == "egress-denied":
            rule["access"] = "Allow"


def stop_rotating(props: Props) -> None:
    props["enableKeyRotation"] = False


def route_out(props: Props) -> None:
    props["routes"] = [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]


HANDS: list[tuple[str, str, str, Callable[[Props], None]]] = [
    (AWS, "aws:ec2/securityGroup:SecurityGroup", "postgres-clients", open_group),
    (AWS, "aws:kms/key:Key", "keys-postgres-key", stop_rotating),
    (AWS, "aws:ec2/routeTable:RouteTable", "network-routes", route_out),
    (AZURE, "azure-native:network:RouteTable", "network-node-routes", let_out),
    (AZURE, "azure-native:network:NetworkSecurityGroup", "network-nodes", allow_out),
]


def looked_at(project: Project, stack: str) -> Outcome:
    with session(project, silent) as fleet:
        [outcome] = fleet.drift([stack], silent)
    assert outcome.errors == []
    return outcome


def ids(project: Project, stack: str) -> dict[tuple[str, str], str]:
    with session(project, silent) as fleet:
        resources = fleet.deployment(stack)["resources"]
    return {(r["type"], r["urn"].rpartition("::")[2]): r["id"] for r in resources if r.get("custom")}


def test_what_was_opened_on_aws_is_found_and_undone(copied: Project) -> None:
    assert looked_at(copied, AWS).status == "unchanged"
    made = ids(copied, AWS)
    for stack, token, name, change in HANDS:
        if stack == AWS:
            changed(copied, token, made[token, name], change)
    outcome = looked_at(copied, AWS)
    assert outcome.status == "drifted"
    found = outcome.drift
    assert isinstance(found, Drift)
    changes = {change.urn.rpartition("::")[2]: change for change in found.changes}
    assert changes.keys() == {"postgres-clients", "keys-postgres-key", "network-routes"}
    assert changes["postgres-clients"].keys == ("ingress[1]",)
    assert changes["keys-postgres-key"].keys == ("enableKeyRotation",)
    assert changes["postgres-clients"].undone == changes["keys-postgres-key"].undone == "update"
    # The program says nothing about routes in the table, so that it would never take this one away.
    assert changes["network-routes"].undone == ""
    assert "network-workloads-0 -> internet (anywhere): everything, through network-routes" in found.opened
    broken = {(violation.control, violation.urn.rpartition("::")[2]) for violation in found.violations}
    assert {
        ("no-open-ingress", "postgres-clients"),
        ("key-rotates-every-90-days", "keys-postgres-key"),
        ("subnet-has-no-way-out", "network-workloads-0"),
    } <= broken
    with session(copied, silent) as fleet:
        [undone] = replace(fleet, refresh=True, pack_config=without_way_out(fleet.pack_config, copied)).up(
            [AWS], silent
        )
        assert (undone.status, undone.errors) == ("updated", [])
    left = looked_at(copied, AWS).drift
    assert left is None, "the state knows the route now, and the policy pack refuses it at every update"


def without_way_out(config: Any, project: Project) -> Any:
    """The pack's configuration, but for what refuses the route that `up` leaves."""
    path = project.home / "relaxed.config.json"
    levels = {"subnet-has-no-way-out": "disabled", "subnet-has-no-way-in": "disabled", "no-internet-route": "disabled"}
    path.write_text(json.dumps(json.loads(config.read_text()) | levels))
    return path


def test_what_is_gone_on_google_cloud_is_found_and_would_be_made_again(copied: Project) -> None:
    made = ids(copied, GCP)
    token = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule"
    with by_hand(copied) as store:
        [rule] = [record for record in store.all("gcp") if record.id == made[token, "network-egress-denied"]]
        store.remove(rule)
    found = looked_at(copied, GCP).drift
    assert found
    [change] = found.changes
    assert (change.urn.rpartition("::")[2], change.keys, change.undone) == ("network-egress-denied", (), "create")


def test_two_halves_of_a_hole_are_found_together_on_azure(copied: Project) -> None:
    made = ids(copied, AZURE)
    for stack, token, name, change in HANDS:
        if stack == AZURE:
            changed(copied, token, made[token, name], change)
    run = drift(copied, AZURE)
    assert run.returncode == 6, run.stderr
    assert "opens: network-workloads -> internet (AzureActiveDirectory, anywhere): everything" in " ".join(
        run.stderr.split()
    )
    assert "up --refresh: update" in run.stderr
    [stack] = json.loads(run.stdout)["stacks"]
    assert stack["drift"]["changes"]


def drift(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    with session(project, silent):
        return typed(project, "drift", *arguments, "--json")


def typed(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fleet", *arguments, "--project", str(project.folder)]
    variables = dict(os.environ) | project.policy | environment
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, env=variables)


def test_reach_tells_the_paths_from_and_to_the_internet_and_says_when_it_cannot(copied: Project) -> None:
    with session(copied, silent):
        run = typed(copied, "reach", AWS, AZURE)
        every = typed(copied, "reach", AWS, "--all")
        other = typed(copied, "reach", AWS, PULUMI_OPTION_POLICY_PACK=str(copied.home))
    assert run.returncode == every.returncode == 0
    aws, *azure = run.stdout.splitlines()
    assert aws == f"{AWS}: no path from or to the internet"
    assert {line.partition(": tcp 443, ")[0] for line in azure} == {
        f"{AZURE}: network-{subnet} -> internet (AzureActiveDirectory)" for subnet in ("workloads", "egress")
    }
    assert "network-workloads-0 -> postgres-server: tcp 5432" in every.stdout
    assert (other.returncode, other.stdout) == (2, "")
    assert "does not work out who reaches what" in " ".join(other.stderr.split())


@pytest.mark.parametrize(
    ("had", "has", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2, "b": 1}, ["a", "b"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}, 3]}, ["a[0].b", "a[1]"]),
        ({"a": {"b": None}}, {"a": {}}, []),
        ({"a": [1]}, {"a": {"b": 1}}, ["a"]),
    ],
)
def test_differences_are_told_by_their_paths(had: Any, has: Any, paths: list[str]) -> None:
    assert list(differences(had, has)) == paths


def test_a_stack_that_was_never_up_is_said_to_be_so_and_is_not_made(project: Project) -> None:
    with session(project, silent) as fleet:
        told = {command: typed(project, command, AWS) for command in ("reach", "drift", "rotate", "down")}
        recovered = typed(project, "recover", AWS, "postgres")
        with pytest.raises(automation.StackNotFoundError):
            automation.select_stack(AWS, work_dir=str(fleet.project))
    assert {command: run.returncode for command, run in told.items()} == dict.fromkeys(told, 0)
    assert told["reach"].stdout == f"{AWS}: is not up\n"
    assert f"{AWS}: is not up" in told["drift"].stderr
    assert all("absent" in told[command].stderr for command in ("rotate", "down"))
    assert recovered.returncode == 2
    assert f"there is no stack {AWS}: fleet up {AWS} makes it" in recovered.stderr
