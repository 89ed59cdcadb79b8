"""What must be true of every data plane, read off the deployed stacks: the policy pack is not asked here."""

import json
import re
from typing import Any

import pytest

from components.keys import ROTATION_DAYS
from demo.project import STACKS
from tests.conftest import Standing

pytestmark = pytest.mark.xdist_group("standing")

AWS, GCP, AZURE = STACKS


def outputs(standing: Standing, stack: str, token: str) -> list[dict[str, Any]]:
    found = [resource["outputs"] for resource in standing.of_type(stack, token)]
    assert found, f"{stack} has no {token}"
    return found


def test_every_key_rotates_by_itself_within_90_days(standing: Standing) -> None:
    for key in outputs(standing, AWS, "aws:kms/key:Key"):
        assert key["enableKeyRotation"] is True
        assert key["rotationPeriodInDays"] == ROTATION_DAYS == 90
    for key in outputs(standing, GCP, "gcp:kms/cryptoKey:CryptoKey"):
        assert key["rotationPeriod"] == f"{90 * 24 * 3600}s"
    for key in outputs(standing, AZURE, "azure-native:keyvault:Key"):
        [action] = key["rotationPolicy"]["lifetimeActions"]
        assert (action["action"]["type"], action["trigger"]["timeAfterCreate"]) == ("rotate", "P90D")


def test_every_bucket_is_encrypted_under_the_buckets_key(standing: Standing) -> None:
    key = {stack: only(outputs(standing, stack, "rampart:keys:Key"))["id"] for stack in STACKS}
    for rule in outputs(
        standing, AWS, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ):
        default = only(rule["rules"])["applyServerSideEncryptionByDefault"]
        assert (default["sseAlgorithm"], default["kmsMasterKeyId"]) == ("aws:kms", key[AWS])
    for bucket in outputs(standing, GCP, "gcp:storage/bucket:Bucket"):
        assert bucket["encryption"]["defaultKmsKeyName"] == key[GCP]
    for account in outputs(standing, AZURE, "azure-native:storage:StorageAccount"):
        vault = account["encryption"]["keyVaultProperties"]
        assert f"{vault['keyVaultUri'].rstrip('/')}/keys/{vault['keyName']}" == key[AZURE]
        assert not vault.get("keyVersion")


def test_on_azure_the_key_may_be_used_by_its_one_identity_and_for_the_key_alone(standing: Standing) -> None:
    [grant] = outputs(standing, AZURE, "azure-native:authorization:RoleAssignment")
    [identity] = outputs(standing, AZURE, "azure-native:managedidentity:UserAssignedIdentity")
    assert grant["principalId"] == identity["principalId"]
    assert re.search(r"/vaults/[^/]+/keys/bucket$", grant["scope"])


def test_on_google_cloud_the_key_may_be_used_by_the_storage_service_agent_alone(standing: Standing) -> None:
    [member] = outputs(standing, GCP, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
    assert member["role"] == "roles/cloudkms.cryptoKeyEncrypterDecrypter"
    assert member["member"].endswith("@gs-project-accounts.iam.gserviceaccount.com")


def test_on_aws_nothing_routes_out(standing: Standing) -> None:
    assert not any(table["routes"] for table in outputs(standing, AWS, "aws:ec2/routeTable:RouteTable"))
    assert not standing.of_type(AWS, "aws:ec2/internetGateway:InternetGateway")
    routed = {a["subnetId"] for a in outputs(standing, AWS, "aws:ec2/routeTableAssociation:RouteTableAssociation")}
    assert routed == {subnet["id"] for subnet in standing.of_type(AWS, "aws:ec2/subnet:Subnet")}


def test_on_google_cloud_the_one_route_goes_to_the_restricted_apis(standing: Standing) -> None:
    [route] = outputs(standing, GCP, "gcp:compute/route:Route")
    assert route["destRange"] == "199.36.153.4/30"
    [network] = outputs(standing, GCP, "gcp:compute/network:Network")
    assert network["deleteDefaultRoutesOnCreate"] is True


def test_on_azure_every_subnet_drops_what_would_leave(standing: Standing) -> None:
    [table] = outputs(standing, AZURE, "azure-native:network:RouteTable")
    assert [(r["addressPrefix"], r["nextHopType"]) for r in table["routes"]] == [("0.0.0.0/0", "None")]
    for subnet in outputs(standing, AZURE, "azure-native:network:Subnet"):
        assert subnet["routeTable"]["id"] == table["id"]
        assert subnet["defaultOutboundAccess"] is False


def test_aws_buckets_refuse_plaintext_old_tls_and_another_key(standing: Standing) -> None:
    for resource in standing.of_type(AWS, "aws:s3/bucketPolicy:BucketPolicy"):
        statements = {s["Sid"]: s for s in json.loads(resource["outputs"]["policy"])["Statement"]}
        assert statements["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert statements["Tls12OrHigher"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
        assert set(statements) == {"TlsOnly", "Tls12OrHigher", "OwnKeyOnly"}
        assert {s["Effect"] for s in statements.values()} == {"Deny"}


@pytest.mark.parametrize("stack", STACKS)
def test_everything_that_takes_tags_says_whose_it_is(standing: Standing, stack: str) -> None:
    told = [labels(r["outputs"]) for r in standing.resources[stack] if labels(r.get("outputs", {})) is not None]
    assert len(told) >= 3
    for tags in told:
        assert tags is not None
        assert {k: tags.get(k) for k in ("stack", "owner", "data-class")} == {
            "stack": stack,
            "owner": "platform",
            "data-class": "synthetic",
        }


def labels(found: dict[str, Any]) -> dict[str, str] | None:
    tags = next((found[key] for key in ("tagsAll", "effectiveLabels", "tags") if key in found), None)
    # Google Cloud's provider marks the labels it adds up as a secret.
    return json.loads(tags["plaintext"]) if tags and "plaintext" in tags else tags


def only(found: list[dict[str, Any]]) -> dict[str, Any]:
    [one] = found
    return one
