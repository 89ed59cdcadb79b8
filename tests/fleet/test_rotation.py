"""What is done after a key's rotation, told from a stack's state; and that Azure's keys in the simulated clouds age."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from components.keys import Purpose
from components.keys.rotation import ROTATIONS, Following
from demo.project import Project
from demo.session import session
from fleet import rotation
from fleet.commands import CloudCommandError, run
from simulator.ageing import age
from tests.conftest import Standing, silent

SERVER = {
    "type": "gcp:sql/databaseInstance:DatabaseInstance",
    "outputs": {"name": "postgres-1", "project": "p", "encryptionKeyName": "k"},
}
GKE = {
    "type": "gcp:container/cluster:Cluster",
    "outputs": {
        "name": "c",
        "project": "p",
        "location": "us-east4",
        "databaseEncryption": {"keyName": "secrets-key"},
        "nodeConfig": {"bootDiskKmsKey": "volumes-key"},
    },
}
DISKS = [{"name": "a", "zone": "https://z/us-east4-a"}, {"name": "b", "region": "https://r/us-east4"}]


def listed(command: Sequence[str]) -> str:
    assert command[:4] == ("gcloud", "compute", "disks", "list")
    assert "diskEncryptionKey.kmsKeyName~^volumes-key(/|$)" in command
    return json.dumps(DISKS)


def test_every_store_on_every_cloud_has_its_word_and_reason() -> None:
    assert set(ROTATIONS) == set(Purpose)
    for purpose, clouds in ROTATIONS.items():
        assert set(clouds) == {"aws", "gcp", "azure"}, purpose
        assert all(about.how for about in clouds.values())
    assert {about.following for clouds in ROTATIONS.values() for about in clouds.values()} == set(Following)


def test_a_server_is_reencrypted_and_one_under_the_providers_key_is_not() -> None:
    [task] = rotation.tasks([SERVER], listed)
    assert str(task) == "gcloud sql instances reencrypt postgres-1 --project p --quiet"
    managed = {**SERVER, "outputs": {**SERVER["outputs"], "encryptionKeyName": None}}  # type: ignore[dict-item]
    assert not list(rotation.tasks([managed], listed))


def test_a_clusters_secrets_are_written_anew_and_its_volumes_go_over_one_by_one() -> None:
    secrets, *disks = map(str, rotation.tasks([GKE], listed))
    assert "--database-encryption-key secrets-key" in secrets
    assert disks == [
        "gcloud compute disks update-kms-key a --zone us-east4-a --project p --quiet",
        "gcloud compute disks update-kms-key b --region us-east4 --project p --quiet",
    ]


def test_what_reaches_into_the_cluster_is_not_run_from_outside() -> None:
    aks = {
        "type": "azure-native:containerservice:ManagedCluster",
        "outputs": {"securityProfile": {"azureKeyVaultKms": {"enabled": True}}},
    }
    [task] = rotation.tasks([aks], listed)
    assert task.inside


def test_a_command_that_is_missing_or_fails_says_which() -> None:
    with pytest.raises(CloudCommandError, match="no-such-command is not installed here"):
        run(("no-such-command", "x"))
    with pytest.raises(CloudCommandError, match="sh -c echo no"):
        run(("sh", "-c", "echo no >&2; exit 3"))


def versions(resources: list[dict[str, Any]]) -> dict[str, str]:
    """Which version of its key each store names, by the store's name."""
    named = {}
    for resource in resources:
        outputs = resource.get("outputs") or {}
        if resource["type"] == "azure-native:redisenterprise:RedisEnterprise":
            named["cache"] = outputs["encryption"]["customerManagedKeyEncryption"]["keyEncryptionKeyUrl"]
        if resource["type"] == "azure-native:containerservice:ManagedCluster":
            named["cluster"] = outputs["securityProfile"]["azureKeyVaultKms"]["keyId"]
    return named


def test_a_rotated_key_reaches_what_names_its_version(copied: Project, standing: Standing) -> None:
    stack = "azure-eastus2"
    before = versions(standing.resources[stack])
    assert not age(copied.clouds, 89)
    assert age(copied.clouds, 90)
    with session(copied, silent) as fleet:
        [unseen] = fleet.preview([stack], silent)
        assert unseen.status == "unchanged"
        [planned] = fleet.rotate([stack], silent, plan=True)
        assert (planned.status, bool(planned.left)) == ("unchanged", True)
        [rotated] = fleet.rotate([stack], silent)
        assert rotated.status == "updated", rotated.errors or rotated.violations
        assert not rotated.replaced
        after = versions(fleet.deployment(stack)["resources"])
        [again] = fleet.rotate([stack], silent)
        assert again.status == "unchanged"
    assert set(before) == {"cache", "cluster"}
    for store, version in after.items():
        assert version != before[store]
        assert version.rpartition("/")[0] == before[store].rpartition("/")[0], "another version of the same key"
