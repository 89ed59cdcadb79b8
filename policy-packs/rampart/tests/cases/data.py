"""Cases of the encryption, rotation, transport and recovery controls."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

BUCKET = resource("aws:s3/bucket:Bucket", {}, outputs={"id": "b-1", "arn": "arn:aws:s3:::b-1"}, name="b")
ACCOUNT = "azure-native:storage:StorageAccount"
GCS = "gcp:storage/bucket:Bucket"
VAULT = "azure-native:keyvault:Vault"


def encryption(bucket: Any = "b", *depends: Declared, **default: Any) -> Declared:
    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    rules = [{"applyServerSideEncryptionByDefault": default}]
    return resource(token, {"bucket": bucket, "rules": rules}, depends={"bucket": depends}, name="encryption")


def versioning(status: Any, bucket: Any = "b", *depends: Declared) -> Declared:
    token = "aws:s3/bucketVersioning:BucketVersioning"
    properties = {"bucket": bucket, "versioningConfiguration": {"status": status}}
    return resource(token, properties, depends={"bucket": depends}, name="versioning")


def aws_key(**properties: Any) -> Declared:
    return resource("aws:kms/key:Key", {"enableKeyRotation": True, "rotationPeriodInDays": 90, **properties})


def google_key(**properties: Any) -> Declared:
    return resource("gcp:kms/cryptoKey:CryptoKey", {"rotationPeriod": "7776000s", **properties})


def azure_key(*actions: Any, **policy: Any) -> Declared:
    properties = {"kty": "RSA", "rotationPolicy": {"lifetimeActions": list(actions), **policy}}
    return resource("azure-native:keyvault:Key", {"properties": properties})


def action(kind: Any, **trigger: Any) -> Any:
    return {"action": {"type": kind}, "trigger": trigger}


def vault(**properties: Any) -> Declared:
    return resource(VAULT, {"properties": properties})


def deny_plaintext(**changes: Any) -> Any:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    resources = ["arn:aws:s3:::b-1", "arn:aws:s3:::b-1/*"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resources, "Condition": condition}
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "1"}}, {**deny, **changes}]})


def policy(document: Any, through: str = "") -> tuple[Declared, ...]:
    """The bucket's policy, which names the bucket by way of another resource that does."""
    block = resource(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"bucket": UNKNOWN},
        depends={"bucket": BUCKET},
        name="block",
    )
    on = block if through else BUCKET
    token = "aws:s3/bucketPolicy:BucketPolicy"
    return (
        BUCKET,
        block,
        resource(token, {"bucket": UNKNOWN, "policy": document}, depends={"bucket": on}, name="policy"),
    )


KEYED = "store-uses-customer-key"
ROTATES = "key-rotates-every-90-days"
WAITS = "key-deletion-waits-30-days"
REFUSES = "bucket-refuses-plaintext"
BLOBS = "azure-native:storage:BlobServiceProperties"

CASES = [
    violates(KEYED, encryption(sseAlgorithm="AES256"), at="applyServerSideEncryptionByDefault.sseAlgorithm"),
    violates(KEYED, encryption(sseAlgorithm="aws:kms"), at="sseAlgorithm"),
    violates(
        KEYED, encryption(sseAlgorithm="aws:kms", kmsMasterKeyId="arn:aws:kms:us-east-1:1:alias/aws/s3"), at="aws:kms"
    ),
    violates(KEYED, resource(GCS), at="encryption.defaultKmsKeyName"),
    violates(KEYED, resource(ACCOUNT, {"encryption": {"keySource": "Microsoft.Storage"}}), at="encryption.keySource"),
    violates(
        KEYED,
        resource(
            "aws:s3/bucket:Bucket",
            {
                "serverSideEncryptionConfiguration": {
                    "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
                }
            },
        ),
        at="serverSideEncryptionConfiguration",
    ),
    violates(KEYED, resource(GCS), at="encryption", plan="managed", plans={"test": "enterprise"}),
    passes(KEYED, encryption(sseAlgorithm="aws:kms:dsse", kmsMasterKeyId="arn:aws:kms:us-east-1:1:key/k")),
    passes(KEYED, encryption(sseAlgorithm="AES256"), plan="managed"),
    passes(KEYED, resource(GCS), plans={"tests/test": "managed"}),
    passes(KEYED, resource(ACCOUNT, {"encryption": {"keySource": "microsoft.keyvault"}})),
    undecided(KEYED, encryption(sseAlgorithm="aws:kms", kmsMasterKeyId=UNKNOWN)),
    violates("bucket-has-encryption-configuration", BUCKET, at="serverSideEncryptionConfiguration"),
    passes("bucket-has-encryption-configuration", BUCKET, encryption(UNKNOWN, BUCKET, sseAlgorithm="aws:kms")),
    undecided("bucket-has-encryption-configuration", BUCKET, encryption(UNKNOWN, sseAlgorithm="aws:kms")),
    violates(ROTATES, aws_key(enableKeyRotation=None), at="enableKeyRotation"),
    violates(ROTATES, aws_key(rotationPeriodInDays=None), at="rotationPeriodInDays"),
    violates(ROTATES, aws_key(rotationPeriodInDays=91), at="91"),
    violates(ROTATES, google_key(rotationPeriod=None), at="rotationPeriod"),
    violates(ROTATES, google_key(rotationPeriod="31536000s"), at="rotationPeriod"),
    violates(ROTATES, azure_key(), at="properties.rotationPolicy"),
    violates(ROTATES, azure_key(action("notify", timeBeforeExpiry="P30D")), at="lifetimeActions[0].action.type"),
    violates(ROTATES, azure_key(action("Rotate", timeAfterCreate="P1Y")), at="timeAfterCreate"),
    violates(
        ROTATES, azure_key(action("rotate", timeBeforeExpiry="P7D"), attributes={"expiryTime": "P1Y"}), at="expiryTime"
    ),
    violates(ROTATES, resource("aws:kms/externalKey:ExternalKey"), at="type"),
    passes(ROTATES, aws_key()),
    passes(ROTATES, resource("aws:kms/key:Key", {"keyUsage": "SIGN_VERIFY", "customerMasterKeySpec": "RSA_4096"})),
    passes(ROTATES, google_key(rotationPeriod="2592000.5s")),
    passes(ROTATES, google_key(purpose="ASYMMETRIC_SIGN", rotationPeriod=None)),
    passes(ROTATES, azure_key(action("notify", timeBeforeExpiry="P30D"), action("rotate", timeAfterCreate="P90D"))),
    passes(
        ROTATES,
        azure_key(action("rotate", timeBeforeExpiry="P30D"), attributes={"expiryTime": "P120D"}),
        plan="managed",
    ),
    undecided(ROTATES, aws_key(enableKeyRotation=UNKNOWN)),
    undecided(ROTATES, google_key(rotationPeriod=UNKNOWN)),
    undecided(ROTATES, azure_key(action("rotate", timeAfterCreate=UNKNOWN))),
    violates(WAITS, aws_key(deletionWindowInDays=7), at="deletionWindowInDays"),
    violates(WAITS, google_key(destroyScheduledDuration="86400s"), at="destroyScheduledDuration"),
    violates(WAITS, vault(softDeleteRetentionInDays=7), at="properties.softDeleteRetentionInDays"),
    passes(WAITS, aws_key()),
    passes(WAITS, google_key(destroyScheduledDuration="2592000s")),
    undecided(WAITS, aws_key(deletionWindowInDays=UNKNOWN)),
    violates("vault-has-purge-protection", vault(enableSoftDelete=True), at="properties.enablePurgeProtection"),
    passes("vault-has-purge-protection", vault(enablePurgeProtection=True)),
    undecided("vault-has-purge-protection", vault(enablePurgeProtection=UNKNOWN)),
    violates(
        "no-plaintext-transport", resource(ACCOUNT, {"enableHttpsTrafficOnly": False}), at="enableHttpsTrafficOnly"
    ),
    passes("no-plaintext-transport", resource(ACCOUNT)),
    undecided("no-plaintext-transport", resource(ACCOUNT, {"enableHttpsTrafficOnly": UNKNOWN})),
    violates("tls-1-2-or-later", resource(ACCOUNT), at="minimumTlsVersion"),
    violates("tls-1-2-or-later", resource(ACCOUNT, {"minimumTlsVersion": "TLS1_1"}), at="minimumTlsVersion"),
    passes("tls-1-2-or-later", resource(ACCOUNT, {"minimumTlsVersion": "TLS1_2"})),
    undecided("tls-1-2-or-later", resource(ACCOUNT, {"minimumTlsVersion": UNKNOWN})),
    violates(REFUSES, BUCKET, at="Deny of plain HTTP"),
    violates(REFUSES, *policy(deny_plaintext(Principal={"AWS": "111122223333"})), at="Deny of plain HTTP"),
    violates(REFUSES, *policy(deny_plaintext(Action="s3:GetObject")), at="Deny of plain HTTP"),
    violates(REFUSES, *policy(deny_plaintext(Resource="arn:aws:s3:::b-1")), at="Deny of plain HTTP"),
    violates(
        REFUSES, *policy(deny_plaintext(Condition={"Bool": {"aws:SecureTransport": "true"}})), at="Deny of plain HTTP"
    ),
    violates(
        REFUSES,
        *policy(
            deny_plaintext(Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "v"}})
        ),
        at="Deny of plain HTTP",
    ),
    passes(REFUSES, *policy(deny_plaintext())),
    passes(REFUSES, *policy(deny_plaintext(Action=["s3:*"], Principal={"AWS": "*"}), through="the block")),
    undecided(REFUSES, *policy(UNKNOWN, through="the block")),
    violates("store-keeps-versions", versioning("Suspended"), at="versioningConfiguration.status"),
    violates("store-keeps-versions", resource(GCS, {"versioning": {"enabled": False}}), at="versioning.enabled"),
    violates(
        "store-keeps-versions", resource(BLOBS, {"isVersioningEnabled": True}), at="deleteRetentionPolicy.enabled"
    ),
    passes("store-keeps-versions", versioning("Enabled")),
    passes(
        "store-keeps-versions",
        resource(BLOBS, {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 7}}),
    ),
    undecided("store-keeps-versions", versioning(UNKNOWN)),
    violates("bucket-has-versioning", BUCKET, at="versioning"),
    violates("bucket-has-versioning", resource(ACCOUNT, {"accountName": "a"}), at="BlobServiceProperties"),
    passes("bucket-has-versioning", BUCKET, versioning("Enabled", UNKNOWN, BUCKET)),
    passes(
        "bucket-has-versioning",
        resource(ACCOUNT, {"accountName": "a"}),
        resource(BLOBS, {"accountName": "a"}, name="blobs"),
    ),
    undecided("bucket-has-versioning", BUCKET, versioning("Enabled", UNKNOWN)),
]
