"""Cases of what concerns databases: reach, encryption, transport, recovery, logins."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
GROUP, CLUSTER_GROUP = "aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"


def rds(**properties: Any) -> Declared:
    encrypted = {"storageEncrypted": True, "kmsKeyId": KEY}
    return resource("aws:rds/instance:Instance", {"engine": "postgres", **encrypted, **properties}, name="db")


def aurora(**properties: Any) -> Declared:
    declared = {"engine": "aurora-postgresql", "clusterIdentifier": "c", **properties}
    return resource("aws:rds/cluster:Cluster", declared, outputs={"id": "c"}, name="cluster")


def member(name: str, cluster: Any = "c", *depends: Declared, **properties: Any) -> Declared:
    token = "aws:rds/clusterInstance:ClusterInstance"
    return resource(
        token, {"clusterIdentifier": cluster, **properties}, name=name, depends={"clusterIdentifier": depends}
    )


def cloud_sql(settings: Any = None, **properties: Any) -> Declared:
    declared = {"databaseVersion": "POSTGRES_17", "settings": settings or {}, **properties}
    return resource("gcp:sql/databaseInstance:DatabaseInstance", declared, name="db", provider={"project": "own"})


def network(**properties: Any) -> Declared:
    return cloud_sql({"ipConfiguration": {"ipv4Enabled": False, "sslMode": "ENCRYPTED_ONLY", **properties}})


def backup(**properties: Any) -> Declared:
    return cloud_sql({"backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True, **properties}})


def flags(**values: Any) -> Declared:
    listed = [{"name": name.replace("__", "."), "value": value} for name, value in values.items()]
    return cloud_sql({"databaseFlags": listed})


def flexible(**properties: Any) -> Declared:
    return resource("azure-native:dbforpostgresql:Server", {"serverName": "db", **properties}, name="db")


def configuration(name: Any, value: Any) -> Declared:
    declared = {"configurationName": name, "value": value}
    return resource("azure-native:dbforpostgresql:Configuration", declared)


def firewall_rule(first: Any, last: Any) -> Declared:
    declared = {"startIpAddress": first, "endIpAddress": last}
    return resource("azure-native:dbforpostgresql:FirewallRule", declared)


def parameters(token: str = GROUP, family: Any = "postgres17", **values: Any) -> Declared:
    listed = [{"name": name.replace("__", "."), "value": value} for name, value in values.items()]
    return resource(
        token, {"name": "pg", "family": family, "parameters": listed}, outputs={"id": "pg"}, name="parameters"
    )


def clients(*rules: Any) -> Declared:
    token = "aws:ec2/securityGroup:SecurityGroup"
    return resource(token, {"ingress": list(rules)}, outputs={"id": "sg-1"}, name="clients")


def rule(protocol: Any = "tcp", first: Any = 5432, last: Any = 5432) -> Any:
    return {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": ["10.0.0.0/16"]}


def behind(group: Declared, **properties: Any) -> tuple[Declared, Declared]:
    server = resource(
        "aws:rds/instance:Instance",
        {"engine": "postgres", "vpcSecurityGroupIds": [UNKNOWN], **properties},
        depends={"vpcSecurityGroupIds": group},
        name="db",
    )
    return group, server


def using(group: Declared, **properties: Any) -> tuple[Declared, Declared]:
    """A server that names the parameter group, whose name is not known yet."""
    server = resource(
        "aws:rds/instance:Instance",
        {"engine": "postgres", "parameterGroupName": UNKNOWN, **properties},
        depends={"parameterGroupName": group},
        name="db",
    )
    return group, server


ENDPOINT, FIREWALL = "no-public-endpoint", "no-open-ingress"
KEYED, ENCRYPTED = "store-uses-customer-key", "store-is-encrypted"
TLS, PLAIN, OLDEST = "database-enforces-tls", "no-plaintext-transport", "tls-1-2-or-later"
BACKUPS, MOMENT, ZONES = "backups-kept-7-days", "database-restores-to-any-moment", "database-survives-a-zone"
LOGIN, LOCAL, PASSWORD = "database-takes-identities", "no-local-credentials", "no-declared-password"
STANDBY, PORT, API = "database-cluster-has-standby", "database-admits-its-port-only", "no-data-api"
STRICT: dict[str, Any] = {"rds__force_ssl": "1", "ssl_min_protocol_version": "TLSv1.2"}
USER = "gcp:sql/user:User"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

CASES = [
    violates(ENDPOINT, rds(publiclyAccessible=True), at="publiclyAccessible"),
    violates(ENDPOINT, member("m", publiclyAccessible="true"), at="publiclyAccessible"),
    violates(ENDPOINT, aurora(dbClusterInstanceClass="db.m7g.large"), at="publiclyAccessible"),
    violates(ENDPOINT, cloud_sql({"ipConfiguration": {"privateNetwork": "n"}}), at="settings.ipConfiguration.ipv4"),
    violates(ENDPOINT, flexible(), at="network.publicNetworkAccess"),
    passes(ENDPOINT, rds()),
    passes(ENDPOINT, aurora(dbClusterInstanceClass="db.m7g.large", dbSubnetGroupName="private")),
    passes(ENDPOINT, network()),
    passes(ENDPOINT, flexible(network={"delegatedSubnetResourceId": "/subscriptions/s/subnets/db"})),
    passes(ENDPOINT, flexible(network={"publicNetworkAccess": "Disabled"})),
    undecided(ENDPOINT, flexible(network={"delegatedSubnetResourceId": UNKNOWN})),
    undecided(ENDPOINT, network(ipv4Enabled=UNKNOWN)),
    violates(FIREWALL, network(authorizedNetworks=[{"value": "10.0.0.0/8"}, {"value": "0.0.0.0/0"}]), at="works[1]"),
    violates(FIREWALL, firewall_rule("0.0.0.0", "255.255.255.255"), at="startIpAddress"),
    violates(FIREWALL, firewall_rule("0.0.0.0", "0.0.0.0"), at="every machine in Azure"),
    passes(FIREWALL, firewall_rule("198.51.100.1", "198.51.100.9")),
    passes(FIREWALL, network(authorizedNetworks=[{"value": "198.51.100.0/24"}])),
    undecided(FIREWALL, firewall_rule("0.0.0.0", UNKNOWN)),
    violates(
        "no-foreign-principal", network(pscConfigs=[{"allowedConsumerProjects": ["own", "other"]}]), at="jects[1]"
    ),
    passes("no-foreign-principal", network(pscConfigs=[{"allowedConsumerProjects": ["own", "424242424242"]}])),
    undecided("no-foreign-principal", network(pscConfigs=[{"allowedConsumerProjects": [UNKNOWN]}])),
    violates(API, cloud_sql({"dataApiAccess": "ALLOW_DATA_API"}), at="settings.dataApiAccess"),
    violates(API, aurora(enableHttpEndpoint=True), at="enableHttpEndpoint"),
    passes(API, cloud_sql({"dataApiAccess": "DISALLOW_DATA_API"})),
    passes(API, cloud_sql()),
    undecided(API, cloud_sql({"dataApiAccess": UNKNOWN})),
    violates(PORT, *behind(clients(rule(), rule("-1", 0, 0))), at="clients.ingress[1]"),
    violates(PORT, *behind(clients(rule(last=5433))), at="tcp 5432 to 5433"),
    violates(PORT, *behind(clients(rule()), port=5433), at="clients.ingress[0]"),
    violates(
        PORT,
        *behind(clients()),
        resource(
            INGRESS_RULE,
            {"securityGroupId": UNKNOWN, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/16"},
            depends={"securityGroupId": clients()},
            name="rule",
        ),
        at="clients is",
    ),
    passes(PORT, *behind(clients(rule(), rule("TCP")))),
    passes(PORT, *behind(clients(rule("6", 3306, 3306)), engine="mysql")),
    passes(PORT, *behind(clients(rule("-1", 0, 0)), engine="oracle-ee")),
    undecided(PORT, *behind(clients(rule(first=UNKNOWN)))),
    undecided(PORT, clients(), rds(vpcSecurityGroupIds=[UNKNOWN])),
    violates(ENCRYPTED, rds(storageEncrypted=None), at="storageEncrypted"),
    violates(ENCRYPTED, aurora(), at="storageEncrypted", plan="managed"),
    passes(ENCRYPTED, rds(kmsKeyId=None)),
    passes(ENCRYPTED, aurora(engineMode="serverless")),
    passes(ENCRYPTED, rds(storageEncrypted=None, kmsKeyId=None, replicateSourceDb="other")),
    undecided(ENCRYPTED, rds(storageEncrypted=UNKNOWN)),
    violates(KEYED, rds(kmsKeyId=None), at="kmsKeyId"),
    violates(KEYED, rds(kmsKeyId="arn:aws:kms:us-east-1:111122223333:alias/aws/rds"), at="kmsKeyId"),
    violates(KEYED, rds(manageMasterUserPassword=True), at="masterUserSecretKmsKeyId"),
    violates(KEYED, rds(performanceInsightsEnabled=True), at="performanceInsightsKmsKeyId"),
    violates(KEYED, cloud_sql(), at="encryptionKeyName"),
    violates(KEYED, flexible(), at="dataEncryption.type"),
    violates(
        KEYED,
        flexible(dataEncryption={"type": "AzureKeyVault"}, backup={"geoRedundantBackup": "Enabled"}),
        at="dataEncryption.geoBackupKeyURI",
    ),
    passes(KEYED, rds(performanceInsightsEnabled=False)),
    passes(KEYED, rds(kmsKeyId=None, manageMasterUserPassword=True), plan="managed"),
    passes(KEYED, cloud_sql(encryptionKeyName="k")),
    passes(KEYED, cloud_sql(masterInstanceName="db")),
    passes(KEYED, flexible(dataEncryption={"type": "AzureKeyVault"})),
    undecided(KEYED, rds(kmsKeyId=UNKNOWN)),
    undecided(KEYED, rds(performanceInsightsEnabled=UNKNOWN)),
    violates(TLS, rds(parameterGroupName="other"), at="which this stack does not declare"),
    violates(TLS, rds(engineVersion="14.9"), at="parameterGroupName is false (not set: the default)"),
    violates(TLS, rds(engineVersion="17"), at="parameterGroupName is 1.1 (not set: the default)"),
    violates(TLS, *using(parameters(**{**STRICT, "rds__force_ssl": "0"})), at="parameters.parameters[0].value"),
    violates(TLS, *using(parameters(rds__force_ssl="1")), at="parameters.parameters is 1.1"),
    violates(TLS, *using(parameters(family="postgres14", ssl_min_protocol_version="TLSv1.2")), at="is false (not set"),
    violates(TLS, *using(parameters(family="mysql8.0"), engine="mysql"), at="parameters.parameters is false"),
    violates(TLS, aurora(engineVersion="16.4"), at="dbClusterParameterGroupName"),
    passes(TLS, *using(parameters(**STRICT))),
    passes(TLS, *using(parameters(ssl_min_protocol_version="TLSv1.3"))),
    passes(TLS, *using(parameters(family="mysql8.4", require_secure_transport="ON"), engine="mysql")),
    passes(TLS, parameters(**STRICT), rds(parameterGroupName="pg")),
    passes(TLS, rds(engine="oracle-ee")),
    passes(
        TLS,
        parameters(CLUSTER_GROUP, "aurora-postgresql16", **STRICT),
        aurora(dbClusterParameterGroupName="pg"),
    ),
    undecided(TLS, *using(parameters(**{**STRICT, "rds__force_ssl": UNKNOWN}))),
    undecided(TLS, parameters(**STRICT), rds(parameterGroupName=UNKNOWN)),
    undecided(TLS, rds(parameterGroupName=UNKNOWN)),
    violates(PLAIN, parameters(rds__force_ssl="0"), at="parameters[0].value"),
    violates(PLAIN, network(sslMode="ALLOW_UNENCRYPTED_AND_ENCRYPTED"), at="sslMode"),
    violates(PLAIN, cloud_sql(), at="settings.ipConfiguration.sslMode"),
    violates(PLAIN, configuration("require_secure_transport", "OFF"), at="value"),
    passes(PLAIN, parameters()),
    passes(PLAIN, network(sslMode="TRUSTED_CLIENT_CERTIFICATE_REQUIRED")),
    passes(PLAIN, configuration("require_secure_transport", "on")),
    passes(PLAIN, configuration("log_connections", "off")),
    undecided(PLAIN, configuration("require_secure_transport", UNKNOWN)),
    undecided(PLAIN, configuration(UNKNOWN, "off")),
    violates("audit-log-is-complete", flags(log_connections="off"), at="settings.databaseFlags[0].value"),
    violates("audit-log-is-complete", configuration("log_disconnections", "OFF"), at="value"),
    passes("audit-log-is-complete", configuration("log_connections", "on")),
    violates("no-debug-access", flags(local_infile="on"), at="settings.databaseFlags[0].value"),
    passes("no-debug-access", flags(local_infile="off")),
    violates(OLDEST, parameters(ssl_min_protocol_version="TLSv1.1"), at="parameters[0].value"),
    violates(OLDEST, parameters(tls_version="TLSv1.1,TLSv1.2"), at="parameters[0].value"),
    violates(OLDEST, flags(ssl_min_protocol_version="TLSv1"), at="settings.databaseFlags[0].value"),
    violates(OLDEST, configuration("ssl_min_protocol_version", "TLSv1.1"), at="value"),
    passes(OLDEST, parameters(tls_version="TLSv1.3,TLSv1.2")),
    passes(OLDEST, cloud_sql()),
    passes(OLDEST, configuration("ssl_min_protocol_version", "TLSv1.3")),
    undecided(OLDEST, parameters(ssl_min_protocol_version=UNKNOWN)),
    violates(BACKUPS, rds(), at="backupRetentionPeriod"),
    violates(BACKUPS, aurora(), at="backupRetentionPeriod"),
    violates(BACKUPS, cloud_sql(), at="settings.backupConfiguration.enabled"),
    violates(BACKUPS, backup(backupRetentionSettings={"retainedBackups": 3}), at="retainedBackups"),
    violates(BACKUPS, flexible(backup={"backupRetentionDays": 6}), at="backup.backupRetentionDays"),
    passes(BACKUPS, rds(backupRetentionPeriod=7)),
    passes(BACKUPS, rds(replicateSourceDb="other")),
    passes(BACKUPS, backup()),
    passes(BACKUPS, flexible()),
    passes(BACKUPS, flexible(createMode="Replica", backup={"backupRetentionDays": 1})),
    undecided(BACKUPS, rds(backupRetentionPeriod=UNKNOWN)),
    undecided(BACKUPS, backup(enabled=UNKNOWN)),
    violates(MOMENT, backup(pointInTimeRecoveryEnabled=False), at="pointInTimeRecoveryEnabled"),
    violates(MOMENT, backup(transactionLogRetentionDays=3), at="transactionLogRetentionDays"),
    violates(MOMENT, rds(backupRetentionPeriod=1), at="backupRetentionPeriod"),
    passes(MOMENT, backup()),
    passes(MOMENT, backup(pointInTimeRecoveryEnabled=None, binaryLogEnabled=True)),
    undecided(MOMENT, backup(pointInTimeRecoveryEnabled=UNKNOWN)),
    violates(ZONES, rds(), at="multiAz"),
    violates(ZONES, cloud_sql({"availabilityType": "ZONAL"}), at="settings.availabilityType"),
    violates(ZONES, flexible(highAvailability={"mode": "SameZone"}), at="highAvailability.mode"),
    passes(ZONES, rds(multiAz=True)),
    passes(ZONES, cloud_sql({"availabilityType": "REGIONAL"})),
    passes(ZONES, flexible(highAvailability={"mode": "ZoneRedundant"})),
    undecided(ZONES, rds(multiAz=UNKNOWN)),
    violates(STANDBY, aurora(), member("a"), at="ClusterInstance with this cluster is 1"),
    violates(STANDBY, aurora(), member("a"), member("b", "other"), at="ClusterInstance"),
    passes(STANDBY, aurora(), member("a"), member("b", UNKNOWN, aurora())),
    passes(STANDBY, aurora(dbClusterInstanceClass="db.m7g.large")),
    undecided(STANDBY, aurora(), member("a"), member("b", UNKNOWN)),
    violates(LOGIN, rds(), at="iamDatabaseAuthenticationEnabled"),
    violates(LOGIN, aurora(), at="iamDatabaseAuthenticationEnabled"),
    violates(LOGIN, cloud_sql(), at="settings.databaseFlags"),
    violates(LOGIN, flags(cloudsql__iam_authentication="off"), at="settings.databaseFlags[0].value"),
    violates(LOGIN, flexible(authConfig={"passwordAuth": "Disabled"}), at="authConfig.activeDirectoryAuth"),
    passes(LOGIN, rds(iamDatabaseAuthenticationEnabled=True)),
    passes(LOGIN, rds(engine="sqlserver-se")),
    passes(LOGIN, flags(cloudsql__iam_authentication="on")),
    passes(LOGIN, cloud_sql(databaseVersion="SQLSERVER_2022_STANDARD")),
    passes(LOGIN, flexible(authConfig={"activeDirectoryAuth": "Enabled"})),
    undecided(LOGIN, rds(iamDatabaseAuthenticationEnabled=UNKNOWN)),
    undecided(LOGIN, cloud_sql({"databaseFlags": UNKNOWN})),
    violates(LOCAL, flexible(), at="authConfig.passwordAuth"),
    violates(LOCAL, resource(USER, {"name": "app"}), at="type"),
    passes(LOCAL, flexible(authConfig={"passwordAuth": "Disabled"})),
    passes(LOCAL, resource(USER, {"type": "CLOUD_IAM_SERVICE_ACCOUNT"})),
    undecided(LOCAL, flexible(authConfig={"passwordAuth": UNKNOWN})),
    violates(PASSWORD, rds(password=secret("hunter2")), at="password is [secret]"),
    violates(PASSWORD, aurora(masterPassword="hunter2"), at="masterPassword"),
    violates(PASSWORD, cloud_sql(rootPassword="hunter2"), at="rootPassword"),
    violates(PASSWORD, resource(USER, {"password": secret("hunter2")}), at="password"),
    violates(PASSWORD, flexible(administratorLoginPassword="hunter2"), at="administratorLoginPassword"),
    passes(PASSWORD, rds(manageMasterUserPassword=True)),
    passes(PASSWORD, rds(passwordWo=secret("hunter2"), passwordWoVersion=1)),
    undecided(PASSWORD, rds(password=UNKNOWN)),
]
