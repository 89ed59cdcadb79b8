"""Recovery carried out, as far as the simulated clouds go: keys to be deleted, and a region built elsewhere."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import boto3
import pytest
from botocore import xform_name

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet
from fleet.recovery import Ask, steps
from simulator.state import Record
from tests.conftest import Standing, by_hand, silent, update

AWS, GCP, AZURE = STACKS
KEYS = {AWS: "aws:kms/key:Key", GCP: "gcp:kms/cryptoKey:CryptoKey", AZURE: "azure-native:keyvault:Key"}
KEY = "keys-bucket-key"


def schedule(project: Project, stack: str, id_: str, *, deleted: bool) -> None:
    """Have somebody delete a key, or undo that.

    Until its time has come, a provider that reads such a key says that it is gone.
    """
    token = KEYS[stack]
    with by_hand(project) as store:
        held: Record | None = store.holder(token.partition(":")[0], token, id_)
        assert held is not None
        assert held.alive is deleted
        store.write(replace(held, alive=not deleted))


@dataclass
class Clouds:
    """The clouds' command-line programs, about one key: what they would say, and what they were told to do."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> str:
        words = " ".join(command)
        if "describe-key" in words:
            return json.dumps({"KeyMetadata": {"KeyState": "PendingDeletion"}})
        if "keys versions list" in words:
            return json.dumps([{"name": "k/cryptoKeyVersions/1", "state": "DESTROY_SCHEDULED"}])
        if "list-deleted" in words:
            return "[]"
        self.told.append(tuple(command))
        return ""


def of_key(fleet: Fleet, stack: str) -> str:
    [key] = [r for r in fleet.deployment(stack)["resources"] if r["urn"].endswith(f"::{KEY}")]
    return str(key["id"])


@pytest.mark.parametrize("stack", STACKS)
def test_a_key_that_was_to_be_deleted_comes_back_and_the_stack_is_unchanged(copied_part: Project, stack: str) -> None:
    with session(copied_part, silent) as fleet:
        id_ = of_key(fleet, stack)
    schedule(copied_part, stack, id_, deleted=True)
    clouds = Clouds()
    with session(copied_part, silent) as fleet:
        [planned] = replace(fleet, refresh=True).preview([stack], silent)
        assert planned.changed, "why one must not refresh first: the key would be made anew"
        asked = Ask(store="key/bucket", inside=True, run=clouds)
        told = fleet.recover(stack, silent, replace(asked, plan=True))
        assert (told.status, clouds.told) == ("unchanged", [])
        done = fleet.recover(stack, silent, asked)
        assert (done.status, done.errors) == ("updated", [])
        assert done.recovered == told.recovered
    assert clouds.told
    assert all(id_.rpartition("/")[2] in command for command in clouds.told)
    schedule(copied_part, stack, id_, deleted=False)
    with session(copied_part, silent) as fleet:
        [after] = replace(fleet, refresh=True).up([stack], silent)
        assert (after.status, after.errors) == ("unchanged", [])


def words(command: Sequence[str]) -> Iterator[tuple[str, str]]:
    for position, word in enumerate(command):
        if word.startswith("--"):
            yield word.removeprefix("--"), command[position + 1]


def by_boto3(command: Sequence[str]) -> str:
    """Do what the AWS CLI does with a command, through boto3."""
    given = dict(words(command))
    client: Any = boto3.client(command[1], region_name=given.pop("region"))
    given.pop("output", None)
    operation = command[2].replace("-", "_")
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
    names = {xform_name(member, "-"): member for member in shape.members}
    return json.dumps(getattr(client, operation)(**{names[name]: value for name, value in given.items()}), default=str)


def test_kms_does_what_the_commands_say(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "simulated")
    [key] = [r["id"] for r in standing.of_type(AWS, KEYS[AWS]) if r["urn"].endswith(f"::{KEY}")]
    kms = boto3.client("kms", region_name="us-east-1")

    def state() -> str:
        return str(kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"])

    wanted = Ask(store="key/bucket", run=by_boto3).of(standing.resources[AWS])
    assert list(steps("aws", wanted)) == []
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    assert state() == "PendingDeletion"
    for step in list(steps("aws", wanted)):
        by_boto3(step.command)
    assert state() == "Enabled"
    kms.disable_key(KeyId=key)
    [enabled] = steps("aws", wanted)
    by_boto3(enabled.command)
    assert state() == "Enabled"


def test_a_region_is_built_elsewhere_when_its_stack_is_gone(copied_part: Project) -> None:
    elsewhere = "gcp-europe-west3"
    with session(copied_part, silent) as fleet:
        [gone] = fleet.down([GCP], silent)
        assert (gone.status, gone.errors) == ("destroyed", [])
        made = update(fleet, elsewhere)
        assert (made.status, made.errors, made.violations) == ("updated", [], [])
        regions = {r["outputs"].get("region") for r in fleet.deployment(elsewhere)["resources"] if r.get("outputs")}
    assert "europe-west3" in regions
    assert "us-east4" not in regions


SERVERS = {
    AWS: ("aws:rds/instance:Instance", "identifier", "db-RESTORED"),
    GCP: ("gcp:sql/databaseInstance:DatabaseInstance", "name", "postgres-server-restored"),
}


def elsewhere(old: Record, name: str) -> dict[str, str]:
    """What a clone has of its own on Google Cloud: names, and the way to it."""
    texts = {key: str(old.outputs[key]) for key in ("connectionName", "selfLink")}
    return {"name": name} | {
        **{key: text.replace(old.id, name) for key, text in texts.items()},
        **{"dnsName": f"restored-{old.outputs['dnsName']}"},
        **{"pscServiceAttachmentLink": f"{old.outputs['pscServiceAttachmentLink']}-restored"},
    }


def restore(project: Project, stack: str) -> str:
    """Make the server that a restore makes, and on AWS have it and the old one change names; its id."""
    token, name, id_ = SERVERS[stack]
    with by_hand(project) as store:
        [old] = [record for record in store.all(token.partition(":")[0]) if record.type == token]
        own = {"id": id_} | ({"resourceId": id_} if stack == AWS else elsewhere(old, id_))
        new = replace(old, id=id_, key=f"{old.key}-restored", outputs=old.outputs | own, seq=0)
        if stack == AWS:
            before = {name: f"{old.inputs[name]}-before"}
            store.write(replace(old, key=f"{old.key}-before", inputs=old.inputs | before, outputs=old.outputs | before))
        else:
            new = replace(new, inputs=new.inputs | {"name": id_})
        store.write(new)
    return id_


@pytest.mark.parametrize("stack", SERVERS)
def test_a_restored_server_is_taken_and_no_store_is_replaced(copied: Project, stack: str) -> None:
    id_ = restore(copied, stack)
    with session(copied, silent) as fleet:
        stranger = fleet.take(stack, silent, "db-NONE")
        assert (stranger.status, stranger.errors) == ("failed", ["there is no server 'db-NONE': nothing was changed"])
        [untouched] = fleet.preview([stack], silent)
        assert untouched.status == "unchanged"
        assert fleet.take(stack, silent, id_).status == "updated"
        assert fleet.take(stack, silent, id_).status == "unchanged"
        taken = update(fleet, stack)
        assert (taken.status, taken.errors, taken.violations) == ("updated", [], [])
        assert {step.name for step in taken.replaced} == REPLACED[stack]
        [server] = [r for r in fleet.deployment(stack)["resources"] if r["type"] == SERVERS[stack][0]]
        assert server["id"] == id_


REPLACED = {
    AWS: set[str](),
    GCP: {
        *("postgres-private", "postgres-name"),
        *("postgres-administrator-user", "query-postgres-user", "query-postgres-instanceuser"),
    },
}
"""What is bound to one server: on Google Cloud the way to it, its name, and who may log in."""


def test_a_server_of_azure_is_not_taken_so(copied: Project) -> None:
    with session(copied, silent) as fleet:
        [error] = fleet.take(AZURE, silent, "x").errors
    assert "azure-eastus2 has no server that can be taken so" in error
