"""What `protection: production` keeps, tried on every store of every cloud."""

import pytest
from pulumi import automation

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet
from tests.conftest import silent

STORES = {
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "azure-native:compute:DiskEncryptionSet",
    "azure-native:containerregistry:Registry",
    "azure-native:containerservice:ManagedCluster",
    "azure-native:dbforpostgresql:Server",
    "azure-native:resources:ResourceGroup",  # it goes with all that is in it
    "azure-native:keyvault:Key",
    "azure-native:keyvault:Secret",
    "azure-native:keyvault:Vault",
    "azure-native:redisenterprise:Database",
    "azure-native:redisenterprise:RedisEnterprise",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:StorageAccount",
    "gcp:artifactregistry/repository:Repository",
    "gcp:container/cluster:Cluster",
    "gcp:kms/cryptoKey:CryptoKey",
    "gcp:kms/keyRing:KeyRing",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig",
    "gcp:memorystore/instance:Instance",
    "gcp:secretmanager/secret:Secret",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:storage/bucket:Bucket",
}
"""Everything that holds data or keys, on any cloud."""


def protect(fleet: Fleet, stack: str, protection: str) -> None:
    path = fleet.project / "stacks" / f"Pulumi.{stack}.yaml"
    kept = (
        [line for line in path.read_text().splitlines() if line.startswith("encryptionsalt")] if path.exists() else []
    )
    path.write_text("\n".join([*kept, f"config: {{rampart:protection: {protection}}}", ""]))


@pytest.mark.parametrize("stack", STACKS)
def test_production_keeps_every_store_and_key_until_a_setting_lets_them_go(copied: Project, stack: str) -> None:
    with session(copied, silent) as fleet:
        protect(fleet, stack, "production")
        [up] = fleet.up([stack], silent)
        assert (up.status, up.errors) == ("updated", [])

        resources = fleet.deployment(stack)["resources"]
        stores = {r["urn"]: r["urn"].rpartition("::")[2] for r in resources if r["type"] in STORES}
        assert {r["type"] for r in resources if r.get("protect")} == {r["type"] for r in resources} & STORES
        assert {r["urn"] for r in resources if r.get("protect")} == set(stores)
        assert len(stores) >= 5

        [down] = fleet.down([stack], silent)
        assert down.status == "failed"
        assert "set protection to development" in down.errors[0]
        assert all(name in down.errors[0] for name in stores.values())

        byhand = automation.select_stack(stack, work_dir=str(fleet.project))
        with pytest.raises(automation.CommandError, match=r"protected|ScopeLocked"):
            byhand.destroy(target=list(stores), target_dependents=True)
        with pytest.raises(automation.CommandError, match="protect"):
            byhand.preview(replace=list(stores))
        assert {r["urn"] for r in fleet.deployment(stack)["resources"]} >= set(stores)

        protect(fleet, stack, "development")
        assert [outcome.status for outcome in fleet.up([stack], silent)] == ["updated"]
        assert [(outcome.status, outcome.errors) for outcome in fleet.down([stack], silent)] == [("destroyed", [])]
