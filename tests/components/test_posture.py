"""What must be true of every data plane, read off the deployed stacks: the policy pack is not asked here."""

import json
from typing import Any

import pytest

from components.keys import DATA_PLANE, ROTATION_DAYS, Purpose
from demo.project import STACKS
from tests.conftest import Standing

AWS, GCP, AZURE = STACKS

IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
AGENTS = (
    *("gs-project-accounts", "gcp-sa-logging", "gcp-sa-cloud-sql", "gcp-sa-memorystore", "gcp-sa-secretmanager"),
    *("gcp-sa-artifactregistry", "container-engine-robot", "compute-system"),
)


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
    key = {stack: key_of(standing, stack, "bucket")["id"] for stack in STACKS}
    for rule in outputs(
        standing, AWS, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ):
        default = only(rule["rules"])["applyServerSideEncryptionByDefault"]
        assert (default["sseAlgorithm"], default["kmsMasterKeyId"]) == ("aws:kms", key[AWS])
    for bucket in outputs(standing, GCP, "gcp:storage/bucket:Bucket"):
        assert bucket["encryption"]["defaultKmsKeyName"] == key[GCP]
    for account in standing.of_type(AZURE, "azure-native:storage:StorageAccount"):
        purpose = "logs" if account["urn"].endswith("::logs-account") else "bucket"
        vault = account["outputs"]["encryption"]["keyVaultProperties"]
        uri = f"{vault['keyVaultUri'].rstrip('/')}/keys/{vault['keyName']}"
        assert uri == key_of(standing, AZURE, purpose)["id"]
        assert not vault.get("keyVersion")


def test_the_database_is_private_encrypted_and_refuses_plaintext(standing: Standing) -> None:
    key = {stack: key_of(standing, stack, "postgres")["id"] for stack in STACKS}
    aws = only(outputs(standing, AWS, "aws:rds/instance:Instance"))
    assert (aws["publiclyAccessible"], aws["storageEncrypted"], aws["kmsKeyId"]) == (False, True, key[AWS])
    parameters = only(outputs(standing, AWS, "aws:rds/parameterGroup:ParameterGroup"))
    assert {p["name"]: p["value"] for p in parameters["parameters"]} == {
        "rds.force_ssl": "1",
        "ssl_min_protocol_version": "TLSv1.2",
    }
    assert aws["parameterGroupName"] == parameters["name"]
    gcp = only(outputs(standing, GCP, "gcp:sql/databaseInstance:DatabaseInstance"))
    address = gcp["settings"]["ipConfiguration"]
    assert (address["ipv4Enabled"], address["sslMode"], gcp["encryptionKeyName"]) == (False, "ENCRYPTED_ONLY", key[GCP])
    azure = only(outputs(standing, AZURE, "azure-native:dbforpostgresql:Server"))
    assert azure["network"]["publicNetworkAccess"] == "Disabled"
    assert azure["dataEncryption"]["primaryKeyURI"] == key[AZURE]
    found = [r["outputs"] for r in standing.of_type(AZURE, "azure-native:dbforpostgresql:Configuration")]
    assert {f["name"]: f["value"] for f in found} == {
        "require_secure_transport": "on",
        "ssl_min_protocol_version": "TLSv1.2",
    }


def test_on_azure_each_key_may_be_used_by_its_one_identity_and_for_the_key_alone(standing: Standing) -> None:
    scopes = set()
    identities = {r["id"]: r["outputs"] for r in standing.of_type(AZURE, IDENTITY)}
    for grant in standing.of_type(AZURE, "azure-native:authorization:RoleAssignment"):
        name = grant["urn"].rpartition("::")[2]
        if name.startswith("keys-") and name.endswith("-grant"):
            user = key_of(standing, AZURE, name.removeprefix("keys-").removesuffix("-grant"))["user"]
            assert grant["outputs"]["principalId"] == identities[user]["principalId"]
            scopes.add(grant["outputs"]["scope"].partition("/vaults/")[2].partition("/")[2])
    # Whoever is granted it uses `fields`; Azure takes no key for `secrets`.
    assert scopes == {f"keys/{purpose}" for purpose in set(DATA_PLANE) - {Purpose.FIELDS, Purpose.SECRETS}}


def test_on_google_cloud_each_key_may_be_used_by_its_services_agent_alone(standing: Standing) -> None:
    members = [
        member
        for member in outputs(standing, GCP, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
        if "/cryptoKeys/keys-fields-" not in member["cryptoKeyId"]  # granted to workloads
    ]
    assert {member["role"] for member in members} == {"roles/cloudkms.cryptoKeyEncrypterDecrypter"}
    agents = {member["member"].partition("@")[2] for member in members}
    assert agents == {f"{agent}.iam.gserviceaccount.com" for agent in AGENTS}
    assert len(members) == len(AGENTS)


def test_on_aws_nothing_routes_out(standing: Standing) -> None:
    assert not any(table["routes"] for table in outputs(standing, AWS, "aws:ec2/routeTable:RouteTable"))
    assert not standing.of_type(AWS, "aws:ec2/internetGateway:InternetGateway")
    routed = {a["subnetId"] for a in outputs(standing, AWS, "aws:ec2/routeTableAssociation:RouteTableAssociation")}
    assert routed == {subnet["id"] for subnet in standing.of_type(AWS, "aws:ec2/subnet:Subnet")}


def test_on_google_cloud_the_routes_go_to_the_restricted_apis(standing: Standing) -> None:
    routes = outputs(standing, GCP, "gcp:compute/route:Route")
    assert {route["destRange"] for route in routes} == {"199.36.153.4/30", "34.126.0.0/18"}
    [network] = outputs(standing, GCP, "gcp:compute/network:Network")
    assert network["deleteDefaultRoutesOnCreate"] is True


def test_on_azure_every_subnet_drops_what_would_leave(standing: Standing) -> None:
    tables = {r["id"]: r["outputs"]["routes"] for r in standing.of_type(AZURE, "azure-native:network:RouteTable")}
    assert all((r[0]["addressPrefix"], r[0]["nextHopType"]) == ("0.0.0.0/0", "None") for r in tables.values())
    for subnet in outputs(standing, AZURE, "azure-native:network:Subnet"):
        assert subnet["routeTable"]["id"] in tables
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


def key_of(standing: Standing, stack: str, purpose: str) -> dict[str, Any]:
    keys = [r["outputs"] for r in standing.of_type(stack, "rampart:keys:Key") if r["urn"].endswith(f"::keys-{purpose}")]
    return only(keys)


def only(found: list[dict[str, Any]]) -> dict[str, Any]:
    [one] = found
    return one
