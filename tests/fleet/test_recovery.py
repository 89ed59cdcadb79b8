"""What brings a store back: the table, the commands for each store of the stacks that stand, and what they name."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from components.keys import DATA_PLANE, DELETION_DAYS, VAULT_DAYS
from components.postgres import LOG_DAYS, Capacity
from components.recovery import RECOVERIES, Kind, Loss, Way
from components.secrets import RECOVERY_DAYS
from demo.project import STACKS
from fleet.recovery import COMMANDS, Ask, RecoveryError, Step, steps, stores
from fleet.recovery.objects import Version, back
from tests.conftest import Standing

AWS, GCP, AZURE = STACKS
THEN = datetime(2026, 1, 31, 12, tzinfo=UTC)
BEFORE, AFTER = "2026-01-30T03:00:00+00:00", "2026-02-01T03:00:00+00:00"

SAID: dict[str, Any] = {
    "elasticache describe-snapshots": {
        "Snapshots": [
            {
                "SnapshotName": name,
                "SnapshotStatus": "available",
                "NodeSnapshots": [{"SnapshotCreateTime": when}],
            }
            for name, when in (("automatic.1", BEFORE), ("automatic.2", AFTER))
        ]
    },
    "s3api list-object-versions": {
        "Versions": [{"Key": "a b", "VersionId": "v1", "LastModified": BEFORE, "IsLatest": False, "Size": 7}],
        "DeleteMarkers": [{"Key": "a b", "VersionId": "m1", "LastModified": AFTER, "IsLatest": True}],
    },
    "secretsmanager describe-secret": {"DeletedDate": AFTER},
    "secretsmanager list-secret-version-ids": {
        "Versions": [
            {"VersionId": "old", "CreatedDate": BEFORE, "VersionStages": ["AWSPREVIOUS"]},
            {"VersionId": "new", "CreatedDate": AFTER, "VersionStages": ["AWSCURRENT"]},
        ]
    },
    "kms describe-key": {"KeyMetadata": {"KeyState": "PendingDeletion"}},
    "storage ls": [
        {"metadata": {"name": "a", "generation": "1", "timeCreated": BEFORE, "timeDeleted": AFTER}},
        {"metadata": {"name": "b", "generation": "2", "timeCreated": BEFORE}},
    ],
    "secrets versions list": [
        {"name": "projects/1/secrets/s/versions/2", "state": "DISABLED", "scheduledDestroyTime": AFTER},
        {"name": "projects/1/secrets/s/versions/1", "state": "ENABLED"},
    ],
    "kms keys versions list": [
        {"name": "k/cryptoKeyVersions/1", "state": "DESTROY_SCHEDULED"},
        {"name": "k/cryptoKeyVersions/2", "state": "ENABLED"},
    ],
    "keyvault list-deleted": [],
    "storage blob list": [
        {"name": "a", "versionId": "2026-01-30T03:00:00.1234567Z"},
        {"name": "b", "versionId": "2026-01-30T03:00:00.1234567Z"},
        {"name": "b", "versionId": "2026-02-01T03:00:00.1234567Z", "isCurrentVersion": True},
    ],
}
"""What each cloud's program says when it is asked, by the command."""


def said(command: Sequence[str]) -> str:
    [answer] = [answer for about, answer in SAID.items() if " ".join(command[1:]).startswith(about)]
    return json.dumps(answer)


def made(standing: Standing, stack: str, store: str, **more: Any) -> list[Step]:
    ask = replace(Ask(store=store, at=THEN, inside=True, run=said), **more)
    return list(steps(stack.partition("-")[0], ask.of(standing.resources[stack])))


def texts(value: Any) -> set[str]:
    """Every text in a state."""
    if isinstance(value, dict):
        return {text for item in value.values() for text in texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in texts(item)}
    return {value} if isinstance(value, str) else set()


def option(step: Step, name: str) -> str:
    return step.command[step.command.index(name) + 1]


# The table


def test_every_store_has_its_word_on_every_cloud_for_every_loss() -> None:
    assert set(RECOVERIES) == set(Kind)
    for kind, clouds in RECOVERIES.items():
        assert set(clouds) == {"aws", "gcp", "azure"}, kind
        for losses in clouds.values():
            assert set(losses) == set(Loss)
            assert all(about.how for about in losses.values())
    assert {about.way for clouds in RECOVERIES.values() for losses in clouds.values() for about in losses.values()} == {
        *Way
    }


def test_what_the_table_calls_a_command_is_one_and_nothing_else_is() -> None:
    told = {
        (kind, cloud)
        for kind, clouds in RECOVERIES.items()
        for cloud, losses in clouds.items()
        if any(about.way is Way.COMMAND for about in losses.values())
    }
    assert told == {(kind, cloud) for kind, clouds in COMMANDS.items() for cloud in clouds}


@pytest.mark.parametrize("stack", STACKS)
def test_every_store_of_a_stack_is_in_the_table(standing: Standing, stack: str) -> None:
    named = stores(standing.resources[stack])
    assert set(named.values()) == set(Kind)
    assert set(named) >= {"postgres", "cache", "traces", "archive", "registry", "cluster", "volumes", "secret/signing"}
    assert {name for name in named if name.startswith("key/")} == {f"key/{purpose}" for purpose in DATA_PLANE}


def outputs(standing: Standing, stack: str, token: str) -> Mapping[str, Any]:
    return dict(standing.of_type(stack, token)[0]["outputs"])


def test_windows_are_what_is_deployed(standing: Standing) -> None:
    def window(kind: Kind, cloud: str, loss: Loss = Loss.STORE) -> int:
        return int(re.findall(r"\d+", RECOVERIES[kind][cloud][loss].window)[0])

    server = outputs(standing, AWS, "aws:rds/instance:Instance")
    assert window(Kind.POSTGRES, "aws") == Capacity().backup_days == server["backupRetentionPeriod"]
    server = outputs(standing, AZURE, "azure-native:dbforpostgresql:Server")
    assert window(Kind.POSTGRES, "azure", Loss.CONTENT) == server["backup"]["backupRetentionDays"]
    backups = outputs(standing, GCP, "gcp:sql/databaseInstance:DatabaseInstance")["settings"]["backupConfiguration"]
    assert window(Kind.POSTGRES, "gcp", Loss.CONTENT) == LOG_DAYS == backups["transactionLogRetentionDays"]
    assert window(Kind.POSTGRES, "gcp") == backups["backupRetentionSettings"]["retainedBackups"]
    caches = outputs(standing, AWS, "aws:elasticache/replicationGroup:ReplicationGroup")
    assert window(Kind.CACHE, "aws", Loss.CONTENT) == caches["snapshotRetentionLimit"]
    key = outputs(standing, GCP, "gcp:kms/cryptoKey:CryptoKey")
    assert f"{DELETION_DAYS * 86_400}s" == key["destroyScheduledDuration"]
    assert window(Kind.KEY, "gcp") == window(Kind.KEY, "aws") == DELETION_DAYS
    vaults = standing.of_type(AZURE, "azure-native:keyvault:Vault")
    kept = {vault["outputs"]["properties"]["softDeleteRetentionInDays"] for vault in vaults}
    assert kept == {VAULT_DAYS, RECOVERY_DAYS} == {window(Kind.KEY, "azure"), window(Kind.SECRET, "azure")}
    secret = outputs(standing, AWS, "aws:secretsmanager/secret:Secret")
    assert window(Kind.SECRET, "aws") == secret["recoveryWindowInDays"]


# The commands


@pytest.mark.parametrize("stack", STACKS)
def test_commands_name_what_exists(standing: Standing, stack: str) -> None:
    """Each id, address or physical name in a command is in the state; what is new is named after what is there."""
    there = texts(standing.resources[stack])
    names = {text for text in there if re.search(r"[0-9a-f]{7,}", text)}
    for store, kind in stores(standing.resources[stack]).items():
        if stack.partition("-")[0] not in COMMANDS.get(kind, {}):
            continue
        found = made(standing, stack, store)
        assert found, store
        for step in found:
            assert any(word in names or any(name in word for name in names) for word in step.command), step
            for word in step.command:
                if word.startswith(("arn:", "/subscriptions/", "sg-", "https://keys", "rampart-demo", "projects/")):
                    assert word in there, step


def test_aws_takes_every_option(standing: Standing) -> None:
    """The AWS CLI's options are the parameters of the API's own model (botocore), and none that is required lacks."""
    session, seen = botocore.session.get_session(), set()
    for store in ("postgres", "cache", "traces", "secret/signing", "key/postgres"):
        for step in made(standing, AWS, store):
            service, operation = step.command[1].removesuffix("api"), step.command[2]
            seen.add(operation)
            model = session.get_service_model(service)
            if operation == "wait":
                assert xform_name(step.command[3], "-") == "db-instance-available"
                operation = "describe-db-instances"
            [name] = [name for name in model.operation_names if xform_name(name, "-") == operation]
            shape = model.operation_model(name).input_shape
            assert shape is not None
            takes = {xform_name(member, "-"): member for member in shape.members}
            given = [word.removeprefix("--") for word in step.command if word.startswith("--")]
            used = {takes.get(word) or takes[word.removeprefix("no-")] for word in given if word != "region"}
            assert used >= set(shape.required_members)
            assert option(step, "--region") == "us-east-1"
    assert seen == {
        *("restore-db-instance-to-point-in-time", "wait", "modify-db-instance", "create-replication-group"),
        *("copy-object", "restore-secret", "update-secret-version-stage", "cancel-key-deletion", "enable-key"),
    }


def test_a_server_is_restored_beside_the_old_one_private_and_under_the_same_key(standing: Standing) -> None:
    had = outputs(standing, AWS, "aws:rds/instance:Instance")
    restored, _, managed = made(standing, AWS, "postgres")
    assert option(restored, "--target-db-instance-identifier") == f"{had['identifier']}-202601311200"
    assert option(restored, "--source-dbi-resource-id") == had["resourceId"]
    assert option(restored, "--restore-time") == "2026-01-31T12:00:00Z"
    assert "--no-publicly-accessible" in restored.command
    assert option(restored, "--vpc-security-group-ids") == had["vpcSecurityGroupIds"][0]
    assert option(restored, "--db-parameter-group-name") == had["parameterGroupName"]
    assert option(managed, "--master-user-secret-kms-key-id") == had["kmsKeyId"]
    had = outputs(standing, GCP, "gcp:sql/databaseInstance:DatabaseInstance")
    [cloned] = made(standing, GCP, "postgres")
    assert str(cloned) == (
        f"gcloud sql instances clone {had['name']} {had['name']}-202601311200 "
        "--point-in-time 2026-01-31T12:00:00Z --project rampart-demo --quiet"
    )
    had = outputs(standing, AZURE, "azure-native:dbforpostgresql:Server")
    restored, closed = made(standing, AZURE, "postgres")
    assert option(restored, "--source-server") == had["id"]
    assert option(restored, "--byok-key") == had["dataEncryption"]["primaryKeyURI"]
    assert option(restored, "--byok-identity") == had["dataEncryption"]["primaryUserAssignedIdentityId"]
    assert option(closed, "--public-access") == "Disabled"
    assert option(closed, "--name") == option(restored, "--name") != had["name"]


@pytest.mark.parametrize("stack", STACKS)
def test_without_a_time_it_is_the_newest_there_is(standing: Standing, stack: str) -> None:
    restored = made(standing, stack, "postgres", at=None)[0]
    assert not {"--restore-time", "--point-in-time"} & set(restored.command)
    assert any(word.endswith("-restored") for word in restored.command)
    assert ("--use-latest-restorable-time" in restored.command) == (stack == AWS)


def test_a_cache_comes_from_the_last_snapshot_before_the_time(standing: Standing) -> None:
    [restored] = made(standing, AWS, "cache")
    assert option(restored, "--snapshot-name") == "automatic.1"
    [newest] = made(standing, AWS, "cache", at=None)
    assert option(newest, "--snapshot-name") == "automatic.2"
    with pytest.raises(RecoveryError, match=f"no snapshot from then or before; there are {re.escape(BEFORE)}"):
        made(standing, AWS, "cache", at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("stack", [GCP, AZURE])
def test_a_store_that_keeps_nothing_says_so(standing: Standing, stack: str) -> None:
    with pytest.raises(RecoveryError, match=r"cache is not brought back by a command.*not kept, no snapshots are kept"):
        made(standing, stack, "cache")
    with pytest.raises(RecoveryError, match=r"there is no store 'trace' in the state; there are .*traces"):
        made(standing, stack, "trace")


def test_objects_come_back_as_copies_on_top(standing: Standing) -> None:
    [copied] = made(standing, AWS, "traces", at=None)
    assert re.fullmatch(r"rampart-traces-\w+/a%20b\?versionId=v1", option(copied, "--copy-source"))
    [copied] = made(standing, GCP, "traces")
    assert re.fullmatch(r"gcloud storage cp '(gs://rampart-traces-\w+/a)#1' \1 --project rampart-demo", str(copied))
    first, second = made(standing, AZURE, "traces")
    assert option(first, "--source-uri").endswith("/traces/a?versionid=2026-01-30T03:00:00.1234567Z")
    assert option(second, "--destination-blob") == "b"
    assert [option(step, "--destination-blob") for step in made(standing, AZURE, "traces", at=None)] == ["a"]
    with pytest.raises(RecoveryError, match="from inside the network only"):
        made(standing, AZURE, "traces", inside=False)


def test_which_versions_are_brought_back() -> None:
    def moment(day: int) -> datetime:
        return datetime(2026, 1, day, tzinfo=UTC)

    history = [
        Version("deleted", moment(1), "1"),
        Version("deleted", moment(5), None),
        Version("overwritten", moment(1), "2"),
        Version("overwritten", moment(5), "3"),
        Version("new", moment(5), "4"),
        Version("untouched", moment(1), "5"),
        Version("gone before", moment(1), "6"),
        Version("gone before", moment(2), None),
        # Overwritten within one second: what comes later in the list came later.
        Version("twice", moment(5), None),
        Version("twice", moment(5), "7"),
    ]
    assert {version.id for version in back(history, moment(3))} == {"1", "2"}
    assert {version.id for version in back(history, None)} == {"1", "6"}
    assert list(back(history, moment(6))) == []


def test_a_deleted_vault_comes_back_whole(standing: Standing) -> None:
    keys = [key["outputs"]["id"] for key in standing.of_type(AZURE, "azure-native:keyvault:Key")]
    [vault] = [id_.split("/")[8] for id_ in keys if id_.endswith("/cluster")]
    [one] = made(standing, AZURE, "key/cluster")
    assert one.inside
    assert one.command[:4] == ("az", "keyvault", "key", "recover")

    def deleted(_: Sequence[str]) -> str:
        return json.dumps([{"name": "other"}, {"name": vault, "properties": {"location": "eastus2"}}])

    [whole] = made(standing, AZURE, "key/cluster", run=deleted)
    assert not whole.inside
    assert whole.command[:5] == ("az", "keyvault", "recover", "--name", vault)
