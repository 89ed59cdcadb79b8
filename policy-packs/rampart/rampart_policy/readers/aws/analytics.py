"""AWS analytics and machine learning: Glue, Athena, EMR, DMS, Lake Formation, SageMaker, Bedrock.

Defaults are those of each type's page in the provider's documentation.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    AuditLog,
    DefaultOutboundAccess,
    Fact,
    MetadataService,
    Principal,
    Role,
    RoleGrant,
    Scope,
    StorageEncryption,
    Transport,
)
from rampart_policy.readers.aws.aspects import document, encrypted, keyed, own_key, passwords, public, variables
from rampart_policy.readers.aws.policies import policy
from rampart_policy.readers.table import (
    Aspect,
    Test,
    automatic_address,
    both,
    customer_key,
    each,
    empty,
    guard_rail,
    on,
    patched,
    says,
    service,
    set_,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node, combine

RELATIONAL = frozenset(
    {"aurora", "aurora-postgresql", "azuredb", "db2", "docdb", "mariadb", "mongodb", "mysql", "oracle", "postgres"}
    | {"sqlserver", "sybase", "redshift"}
)
"""Engines that DMS reaches over a connection that may be plaintext."""


def _kms(mode: str, key: str, *modes: str) -> Test:
    """Whether something is encrypted in one of the modes that use KMS, under a key of the customer's."""
    return both(says(mode, *modes), own_key(key))


_SECURITY = "encryptionConfiguration"

service(
    "aws:glue/securityConfiguration:SecurityConfiguration",
    customer_key(_kms(f"{_SECURITY}.s3Encryption.s3EncryptionMode", f"{_SECURITY}.s3Encryption.kmsKeyArn", "SSE-KMS")),
    customer_key(
        _kms(
            f"{_SECURITY}.cloudwatchEncryption.cloudwatchEncryptionMode",
            f"{_SECURITY}.cloudwatchEncryption.kmsKeyArn",
            "SSE-KMS",
        )
    ),
    customer_key(
        _kms(
            f"{_SECURITY}.jobBookmarksEncryption.jobBookmarksEncryptionMode",
            f"{_SECURITY}.jobBookmarksEncryption.kmsKeyArn",
            "CSE-KMS",
        )
    ),
)

_CATALOG = "dataCatalogEncryptionSettings"

service(
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    customer_key(
        _kms(
            f"{_CATALOG}.encryptionAtRest.catalogEncryptionMode",
            f"{_CATALOG}.encryptionAtRest.sseAwsKmsKeyId",
            "SSE-KMS",
            "SSE-KMS-WITH-SERVICE-ROLE",
        )
    ),
    encrypted(on(f"{_CATALOG}.connectionPasswordEncryption.returnConnectionPasswordEncrypted")),
)


def _connection(place: Node) -> Iterator[Fact]:
    """A connection by JDBC is plaintext unless told otherwise (Glue guide, "Connection properties")."""
    kind = place.key("connectionType").text(default="JDBC")
    if kind.value == "JDBC":
        enforced = place.at("connectionProperties.JDBC_ENFORCE_SSL").flag(default=False)
        yield Transport(plaintext=enforced.map(lambda on: not on))


service("aws:glue/connection:Connection", _connection, variables("connectionProperties", marks=False))
service("aws:glue/job:Job", variables("defaultArguments"), variables("nonOverridableArguments"))
service("aws:glue/devEndpoint:DevEndpoint", automatic_address(empty("subnetId")))
service("aws:glue/resourcePolicy:ResourcePolicy", also=(policy("policy"),))


def _results(block: str) -> Aspect:
    """Results of queries in a bucket, under the bucket's own encryption when nothing is said."""
    key = f"{block}.encryptionConfiguration"
    return customer_key(_kms(f"{key}.encryptionOption", f"{key}.kmsKeyArn", "SSE_KMS", "CSE_KMS"))


service(
    "aws:athena/workgroup:Workgroup",
    _results("configuration.resultConfiguration"),
    guard_rail(on("configuration.enforceWorkgroupConfiguration", default=True)),
)
service(
    "aws:athena/database:Database",
    set_(
        "bucket",
        customer_key(
            _kms("encryptionConfiguration.encryptionOption", "encryptionConfiguration.kmsKey", "SSE_KMS", "CSE_KMS")
        ),
    ),
)


def _cluster(place: Node) -> Iterator[Fact]:
    """Without a security configuration nothing is encrypted, on disk or on the way."""
    yield StorageEncryption(enabled=place.key("securityConfiguration").given)
    yield from passwords("kerberosAttributes.kdcAdminPassword", "kerberosAttributes.adDomainJoinPassword")(place)


service("aws:emr/cluster:Cluster", _cluster)


def _emr_security(place: Node) -> Iterator[Fact]:
    block = document(place.key("configuration")).key("EncryptionConfiguration")
    yield StorageEncryption(enabled=block.key("EnableAtRestEncryption").flag(default=False))
    yield Transport(plaintext=block.key("EnableInTransitEncryption").flag(default=False).map(lambda on: not on))


service("aws:emr/securityConfiguration:SecurityConfiguration", _emr_security)
service(
    "aws:dms/replicationInstance:ReplicationInstance",
    public("publiclyAccessible"),
    keyed("kmsKeyArn"),
    set_("autoMinorVersionUpgrade", patched(on("autoMinorVersionUpgrade"))),
)
service("aws:dms/instanceProfile:InstanceProfile", public("publiclyAccessible"), keyed("kmsKeyArn"))


def _dms_endpoint(place: Node) -> Iterator[Fact]:
    relational = place.key("engineName").text(default="").map(lambda name: name in RELATIONAL)
    mode = place.key("sslMode").text(default="none").map(lambda name: name == "none")
    if relational.value is not False:
        yield Transport(plaintext=combine(lambda plain, judged: plain and judged, mode, relational))


_DMS = ("password", "mongodbSettings.password", "redisSettings.authPassword", "kafkaSettings.saslPassword")

service("aws:dms/endpoint:Endpoint", _dms_endpoint, passwords(*_DMS), keyed("kmsKeyArn"))
service(
    "aws:dms/s3Endpoint:S3Endpoint",
    customer_key(_kms("encryptionMode", "serverSideEncryptionKmsKeyId", "SSE_KMS")),
)


def _everybody(who: Field[str]) -> AccessGrant:
    """`IAM_ALLOWED_PRINCIPALS` are all that IAM lets at the catalog, whatever Lake Formation says."""
    named = who.map(
        lambda name: Principal(name, Audience.ORGANIZATION if name == "IAM_ALLOWED_PRINCIPALS" else Audience.NAMED)
    )
    return AccessGrant(allows=Field(True), principal=named, narrowed=Field(False))


def _lake_grant(place: Node) -> Iterator[Fact]:
    yield _everybody(place.key("principal").text(default=""))
    for word in (*place.key("permissions").items(), *place.key("permissionsWithGrantOptions").items()):
        role = word.text(default="").map(lambda name: Role(name, broad=name in ("ALL", "SUPER")))
        yield RoleGrant(role=role, scope=Field(Scope("what the grant names", broad=False)))


def _lake_defaults(place: Node) -> Iterator[Fact]:
    for kind in ("createDatabaseDefaultPermissions", "createTableDefaultPermissions"):
        for item in place.key(kind).items():
            yield _everybody(item.key("principal").text(default=""))


service("aws:lakeformation/permissions:Permissions", _lake_grant)
service("aws:lakeformation/dataLakeSettings:DataLakeSettings", _lake_defaults)


def _notebook(place: Node) -> Iterator[Fact]:
    """A notebook reaches the internet by SageMaker's own network, and its user is root, when nothing is said."""
    internet = place.key("directInternetAccess").text(default="Enabled").map(lambda word: word == "Enabled")
    yield DefaultOutboundAccess(enabled=internet)
    root = place.key("rootAccess").text(default="Enabled")
    yield RoleGrant(
        role=root.map(lambda word: Role(f"root access {word}", broad=word == "Enabled")),
        scope=Field(Scope("the notebook", broad=False)),
    )
    version = place.at("instanceMetadataServiceConfiguration.minimumInstanceMetadataServiceVersion").text(default="1")
    yield MetadataService(guarded=version.map(lambda text: text == "2"))


service("aws:sagemaker/notebookInstance:NotebookInstance", _notebook, keyed("kmsKeyId"))


def _studio(place: Node) -> Iterator[Fact]:
    kind = place.key("appNetworkAccessType").text(default="PublicInternetOnly")
    yield DefaultOutboundAccess(enabled=kind.map(lambda name: name == "PublicInternetOnly"))


service("aws:sagemaker/domain:Domain", _studio, keyed("kmsKeyId"))
service("aws:sagemaker/endpointConfiguration:EndpointConfiguration", keyed("kmsKeyArn"))


def _model(place: Node) -> Iterator[Fact]:
    """A model reaches the internet unless it is isolated, or placed in a network."""
    isolated = place.key("enableNetworkIsolation").flag(default=False)
    if place.key("vpcConfig").missing:
        yield DefaultOutboundAccess(enabled=isolated.map(lambda alone: not alone))


service(
    "aws:sagemaker/model:Model",
    _model,
    variables("primaryContainer.environment"),
    each("containers", variables("environment")),
)
service("aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy", also=(policy("resourcePolicy"),))
service(
    "aws:sagemaker/featureGroup:FeatureGroup",
    set_("onlineStoreConfig", keyed("onlineStoreConfig.securityConfig.kmsKeyId")),
    set_("offlineStoreConfig", keyed("offlineStoreConfig.s3StorageConfig.kmsKeyId")),
)


def _invocations(place: Node) -> Iterator[Fact]:
    yield AuditLog(complete=place.at("loggingConfig.textDataDeliveryEnabled").flag(default=True))


service("aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration", _invocations)
service(
    ("aws:appstream/fleet:Fleet", "aws:appstream/imageBuilder:ImageBuilder"),
    where(
        on("enableDefaultInternetAccess"),
        lambda place: (DefaultOutboundAccess(enabled=on("enableDefaultInternetAccess")(place)),),
    ),
)

no_surface(
    {
        "aws:athena/capacityReservation:CapacityReservation": "capacity for queries",
        "aws:athena/dataCatalog:DataCatalog": "names a catalog",
        "aws:athena/namedQuery:NamedQuery": "a query",
        "aws:athena/preparedStatement:PreparedStatement": "a query",
        "aws:dms/certificate:Certificate": "a certificate; Pulumi keeps it as a secret",
        "aws:dms/dataProvider:DataProvider": "the address of a database; who logs in is in Secrets Manager",
        "aws:dms/eventSubscription:EventSubscription": "news of replication; the topic is judged",
        "aws:dms/migrationProject:MigrationProject": "joins providers and profiles, which are judged",
        "aws:dms/replicationConfig:ReplicationConfig": "joins endpoints, which are judged",
        "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": "names subnets, which are judged",
        "aws:dms/replicationTask:ReplicationTask": "joins endpoints, which are judged",
        "aws:emr/instanceFleet:InstanceFleet": "machines of a cluster, which is judged",
        "aws:emr/instanceGroup:InstanceGroup": "machines of a cluster, which is judged",
        "aws:emr/managedScalingPolicy:ManagedScalingPolicy": "how many machines a cluster has",
        "aws:emrcontainers/virtualCluster:VirtualCluster": "a namespace of a cluster, which is judged",
        "aws:emrserverless/application:Application": "runs jobs under roles, which are judged",
        "aws:glue/catalog:Catalog": "a catalog, under the account's encryption settings",
        "aws:glue/catalogDatabase:CatalogDatabase": "what a catalog says of data",
        "aws:glue/catalogTable:CatalogTable": "what a catalog says of data",
        "aws:glue/catalogTableOptimizer:CatalogTableOptimizer": "how files are laid out",
        "aws:glue/classifier:Classifier": "how files are read",
        "aws:glue/crawler:Crawler": "reads under a role, which is judged",
        "aws:glue/dataQualityRuleset:DataQualityRuleset": "checks data",
        "aws:glue/mLTransform:MLTransform": "compares data, under a role, which is judged",
        "aws:glue/partition:Partition": "what a catalog says of data",
        "aws:glue/partitionIndex:PartitionIndex": "what a catalog says of data",
        "aws:glue/registry:Registry": "a name for schemas",
        "aws:glue/schema:Schema": "what data looks like",
        "aws:glue/trigger:Trigger": "when a job runs",
        "aws:glue/userDefinedFunction:UserDefinedFunction": "a name of code",
        "aws:glue/workflow:Workflow": "in which order jobs run",
    }
)
