"""Cases of AWS databases, caches and search."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

KEY = "arn:aws:kms:us-east-1:111122223333:key/k"


def aws(kind: str, **properties: Any) -> Declared:
    """A resource by the short form of its type: `docdb/Cluster` for `aws:docdb/cluster:Cluster`."""
    module, _, name = kind.partition("/")
    return resource(f"aws:{module}/{name[0].lower()}{name[1:]}:{name}", properties)


def domain(**properties: Any) -> Declared:
    hardened = {
        "vpcOptions": {"subnetIds": ["s"]},
        "encryptAtRest": {"enabled": True, "kmsKeyId": KEY},
        "nodeToNodeEncryption": {"enabled": True},
        "domainEndpointOptions": {"enforceHttps": True, "tlsSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
    }
    return aws("opensearch/Domain", **{**hardened, **properties})


def group(**properties: Any) -> Declared:
    hardened = {"engine": "valkey", "kmsKeyId": KEY, "transitEncryptionEnabled": True, "userGroupIds": ["u"]}
    zones = {"multiAzEnabled": True, "automaticFailoverEnabled": True}
    return aws("elasticache/ReplicationGroup", **{**hardened, **zones, **properties})


def user(access: Any = "on ~app:* +@read", **mode: Any) -> Declared:
    return aws("elasticache/User", accessString=access, authenticationMode={"type": "iam", **mode})


def collection_policy(kind: str, document: Any) -> Declared:
    return aws("opensearch/ServerlessSecurityPolicy", type=kind, policy=json.dumps(document))


ENCRYPTED, KEYED, ENDPOINT = "store-is-encrypted", "store-uses-customer-key", "no-public-endpoint"
PLAIN, TLS, PASSWORD = "no-plaintext-transport", "tls-1-2-or-later", "no-declared-password"
MOMENT, KEPT, PROTECTED, LAST = (
    "database-restores-to-any-moment",
    "backups-kept-7-days",
    "deletion-protection-is-on",
    "database-leaves-a-backup",
)
IDENTITIES, PUBLIC = "database-takes-identities", "no-public-principal"

CASES = [
    *(violates(ENCRYPTED, aws(kind), at="storageEncrypted") for kind in ("docdb/Cluster", "neptune/Cluster")),
    violates(ENCRYPTED, aws("redshift/Cluster", encrypted="false"), at="encrypted"),
    violates(ENCRYPTED, aws("elasticache/ReplicationGroup", engine="redis"), at="atRestEncryptionEnabled"),
    violates(ENCRYPTED, aws("elasticache/Cluster", engine="redis"), at="engine"),
    violates(ENCRYPTED, aws("dax/Cluster"), at="serverSideEncryption.enabled"),
    passes(ENCRYPTED, aws("redshift/Cluster"), group(), aws("elasticache/Cluster", engine="memcached")),
    passes(ENCRYPTED, domain(), aws("docdb/Cluster", storageEncrypted=True)),
    undecided(ENCRYPTED, domain(encryptAtRest=UNKNOWN)),
    *(
        violates(KEYED, aws(kind, **properties), at=path)
        for kind, path, properties in (
            ("docdb/Cluster", "kmsKeyId", {"storageEncrypted": True}),
            ("docdb/ElasticCluster", "kmsKeyId", {}),
            ("neptune/Cluster", "kmsKeyArn", {"kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:alias/aws/rds"}),
            ("redshift/Cluster", "kmsKeyId", {}),
            ("redshiftserverless/Namespace", "kmsKeyId", {}),
            ("dynamodb/Table", "serverSideEncryption.enabled", {}),
            ("dynamodb/Table", "serverSideEncryption", {"serverSideEncryption": {"enabled": True}}),
            ("keyspaces/Table", "encryptionSpecification.type", {}),
            ("timestreamwrite/Database", "kmsKeyId", {}),
            ("dsql/Cluster", "kmsEncryptionKey", {"kmsEncryptionKey": "AWS_OWNED_KMS_KEY"}),
            ("memorydb/Cluster", "kmsKeyArn", {}),
            ("elasticache/ServerlessCache", "kmsKeyId", {}),
            ("neptunegraph/Graph", "kmsKeyIdentifier", {}),
        )
    ),
    violates(KEYED, collection_policy("encryption", {"Rules": [], "AWSOwnedKey": True}), at="policy.KmsARN"),
    passes(KEYED, collection_policy("encryption", {"Rules": [], "KmsARN": KEY}), domain(), group()),
    passes(KEYED, aws("dynamodb/Table", serverSideEncryption={"enabled": True, "kmsKeyArn": KEY})),
    passes(KEYED, aws("dynamodb/Table"), plan="managed"),
    undecided(KEYED, aws("dynamodb/Table", serverSideEncryption={"enabled": True, "kmsKeyArn": UNKNOWN})),
    *(
        violates(ENDPOINT, aws(kind, publiclyAccessible=True), at="publiclyAccessible")
        for kind in (
            "redshift/Cluster",
            "redshiftserverless/Workgroup",
            "neptune/ClusterInstance",
            "timestreaminfluxdb/DbInstance",
            "lightsail/Database",
        )
    ),
    violates(ENDPOINT, aws("neptunegraph/Graph", publicConnectivity=True), at="publicConnectivity"),
    violates(ENDPOINT, domain(vpcOptions=None), at="vpcOptions.subnetIds"),
    violates(ENDPOINT, collection_policy("network", [{"AllowFromPublic": True}]), at="policy[0].AllowFromPublic"),
    passes(ENDPOINT, collection_policy("network", [{"AllowFromPublic": False, "SourceVPCEs": ["v"]}])),
    passes(ENDPOINT, aws("redshift/Cluster", publiclyAccessible=False), domain()),
    undecided(ENDPOINT, aws("redshift/Cluster", publiclyAccessible=UNKNOWN)),
    violates(PLAIN, group(transitEncryptionEnabled=None), at="transitEncryptionEnabled"),
    violates(PLAIN, group(transitEncryptionMode="preferred"), at="transitEncryptionMode"),
    violates(PLAIN, aws("elasticache/Cluster", engine="memcached"), at="transitEncryptionEnabled"),
    violates(PLAIN, aws("memorydb/Cluster", tlsEnabled=False), at="tlsEnabled"),
    violates(PLAIN, aws("dax/Cluster"), at="clusterEndpointEncryptionType"),
    violates(PLAIN, domain(nodeToNodeEncryption=None), at="nodeToNodeEncryption"),
    violates(PLAIN, domain(domainEndpointOptions={}), at="enforceHttps"),
    violates(
        PLAIN,
        aws("docdb/ClusterParameterGroup", parameters=[{"name": "tls", "value": "disabled"}]),
        at="parameters[0].value",
    ),
    violates(PLAIN, aws("redshift/ParameterGroup", family="redshift-1.0"), at="parameters"),
    violates(
        PLAIN,
        aws(
            "redshiftserverless/Workgroup",
            configParameters=[{"parameterKey": "require_ssl", "parameterValue": "false"}],
        ),
        at="configParameters[0]",
    ),
    passes(PLAIN, group(transitEncryptionMode="required"), domain(), aws("memorydb/Cluster")),
    passes(
        PLAIN,
        aws("redshift/ParameterGroup", family="redshift-1.0", parameters=[{"name": "require_ssl", "value": "true"}]),
        aws("docdb/ClusterParameterGroup", parameters=[{"name": "tls", "value": "tls1.2+"}]),
    ),
    undecided(PLAIN, group(transitEncryptionEnabled=UNKNOWN)),
    violates(TLS, domain(domainEndpointOptions={"enforceHttps": True}), at="tlsSecurityPolicy"),
    violates(TLS, domain(domainEndpointOptions={"tlsSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}), at="TLS-1-0"),
    passes(TLS, domain()),
    *(
        violates(PASSWORD, aws(kind, **{path: "hunter2"}), at=path)
        for kind, path in (
            ("docdb/Cluster", "masterPassword"),
            ("docdb/ElasticCluster", "adminUserPassword"),
            ("redshift/Cluster", "masterPassword"),
            ("redshiftserverless/Namespace", "adminUserPassword"),
            ("timestreaminfluxdb/DbInstance", "password"),
        )
    ),
    violates(PASSWORD, aws("elasticache/User", passwords=["hunter2hunter2hunter2"]), at="passwords"),
    passes(PASSWORD, aws("redshift/Cluster", manageMasterPassword=True, masterPasswordWo="x"), group(), user()),
    violates(MOMENT, aws("dynamodb/Table"), at="pointInTimeRecovery.enabled"),
    violates(MOMENT, aws("keyspaces/Table"), at="pointInTimeRecovery.status"),
    passes(MOMENT, aws("dynamodb/Table", pointInTimeRecovery={"enabled": True})),
    undecided(MOMENT, aws("dynamodb/Table", pointInTimeRecovery={"enabled": UNKNOWN})),
    violates(KEPT, aws("docdb/Cluster", backupRetentionPeriod=1), at="backupRetentionPeriod"),
    violates(KEPT, aws("memorydb/Cluster"), at="snapshotRetentionLimit"),
    violates(KEPT, aws("redshift/Cluster", automatedSnapshotRetentionPeriod=0), at="automatedSnapshotRetentionPeriod"),
    passes(KEPT, aws("docdb/Cluster", backupRetentionPeriod=14), aws("dynamodb/Table")),
    violates(PROTECTED, aws("dynamodb/Table"), at="deletionProtectionEnabled"),
    violates(PROTECTED, aws("neptune/Cluster", deletionProtection=False), at="deletionProtection"),
    violates(PROTECTED, aws("qldb/Ledger", deletionProtection=False), at="deletionProtection"),
    passes(PROTECTED, aws("dynamodb/Table"), protection="development"),
    passes(PROTECTED, aws("qldb/Ledger"), aws("dynamodb/Table", deletionProtectionEnabled=True)),
    violates(LAST, aws("redshift/Cluster", skipFinalSnapshot=True), at="skipFinalSnapshot"),
    violates(IDENTITIES, aws("neptune/Cluster"), at="iamDatabaseAuthenticationEnabled"),
    violates(IDENTITIES, group(userGroupIds=None), at="userGroupIds"),
    violates("no-unauthenticated-access", group(userGroupIds=None), at="userGroupIds"),
    passes("no-unauthenticated-access", group(userGroupIds=None, authToken=secret("a-token-of-the-program"))),
    undecided("no-unauthenticated-access", group(userGroupIds=None, authToken=UNKNOWN)),
    violates("no-clear-text-secret", group(authToken="a-token-of-the-program"), at="authToken"),
    passes("no-clear-text-secret", group(authToken=secret("a-token-of-the-program"))),
    violates(IDENTITIES, user(type="password"), at="authenticationMode.type"),
    violates(IDENTITIES, aws("elasticache/User", accessString="on ~* +@read", noPasswordRequired=True), at="type"),
    passes(IDENTITIES, group(), user()),
    passes(IDENTITIES, aws("elasticache/User", accessString="off -@all", noPasswordRequired=True)),
    undecided(IDENTITIES, group(userGroupIds=UNKNOWN)),
    violates("no-broad-role", user("on ~* &* +@all"), at="accessString"),
    passes("no-broad-role", user("on ~app:* +@all -@dangerous")),
    passes("no-broad-role", user("off ~* +@all")),
    violates("no-broad-role", aws("qldb/Ledger", permissionsMode="ALLOW_ALL"), at="permissionsMode"),
    violates(PUBLIC, aws("memorydb/Cluster", aclName="open-access"), at="aclName"),
    passes(PUBLIC, aws("memorydb/Cluster", aclName="app")),
    violates(
        PUBLIC,
        domain(
            accessPolicies=json.dumps(
                {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "es:ESHttpGet"}]}
            )
        ),
        at="accessPolicies.Statement[0].Principal.AWS",
    ),
    violates(
        PUBLIC,
        aws("opensearch/ServerlessAccessPolicy", policy=json.dumps([{"Rules": [], "Principal": ["*"]}])),
        at="policy[0].Principal[0]",
    ),
    violates(
        "no-local-credentials",
        domain(advancedSecurityOptions={"enabled": True, "internalUserDatabaseEnabled": True}),
        at="internalUserDatabaseEnabled",
    ),
    violates("no-anonymous-access", domain(advancedSecurityOptions={"anonymousAuthEnabled": True}), at="anonymousAuth"),
    violates("database-survives-a-zone", group(multiAzEnabled=False), at="multiAzEnabled"),
    passes("database-survives-a-zone", group()),
    violates("patches-are-automatic", aws("neptune/ClusterInstance", autoMinorVersionUpgrade=False), at="autoMinor"),
]
