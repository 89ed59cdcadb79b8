"""AWS queues, topics, streams and brokers: SQS, SNS, EventBridge, Kinesis, Firehose, MSK, Amazon MQ, Airflow."""

from collections.abc import Iterator

from rampart_policy.facts import AnonymousAccess, Fact, StorageEncryption
from rampart_policy.readers import secrets
from rampart_policy.readers.aws.aspects import (
    encrypted,
    given,
    keyed,
    own_key,
    passwords,
    public,
    variables,
)
from rampart_policy.readers.aws.policies import policy
from rampart_policy.readers.table import (
    anonymous,
    audited,
    both,
    customer_key,
    each,
    negated,
    off,
    on,
    one_of,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Node, combine

_RULE = "when something is called; what is called, and its role, are judged"

no_surface(
    {
        "aws:cloudwatch/eventApiDestination:EventApiDestination": "an address over HTTPS that events go to",
        "aws:cloudwatch/eventEndpoint:EventEndpoint": "in which region events are taken",
        "aws:cloudwatch/eventRule:EventRule": _RULE,
        "aws:cloudwatch/eventTarget:EventTarget": _RULE,
        "aws:kinesis/accountSettings:AccountSettings": "how capacity is paid for",
        "aws:kinesis/streamConsumer:StreamConsumer": "a name for who reads a stream; policies let readers in",
        "aws:mq/configuration:Configuration": "settings of a broker, which is judged",
        "aws:msk/configuration:Configuration": "settings of a cluster, which is judged",
        "aws:msk/scramSecretAssociation:ScramSecretAssociation": "names secrets, which are judged",
        "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation": "names a secret, which is judged",
        "aws:msk/topic:Topic": "a part of a cluster, which is judged",
        "aws:msk/vpcConnection:VpcConnection": "a private connection to a cluster",
        "aws:mskconnect/customPlugin:CustomPlugin": "code from a bucket, which is judged",
        "aws:mskconnect/workerConfiguration:WorkerConfiguration": "settings of workers",
        "aws:scheduler/scheduleGroup:ScheduleGroup": "a name for schedules",
        "aws:sns/dataProtectionPolicy:DataProtectionPolicy": "masks and stops what it finds; lets nobody in",
        "aws:kinesis/analyticsApplication:AnalyticsApplication": "queries of streams, which are judged",
        "aws:msk/replicator:Replicator": "copies between clusters, which are judged",
        "aws:msk/serverlessCluster:ServerlessCluster": "inside the network, under TLS and IAM always",
        "aws:sns/platformApplication:PlatformApplication": "a push service; its credential is a Pulumi secret",
        "aws:sns/smsPreferences:SmsPreferences": "how messages to phones are sent",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "which queues may use one for failures",
        "aws:sqs/redrivePolicy:RedrivePolicy": "which queue failures go to",
    }
)


def _queue(place: Node) -> Iterator[Fact]:
    """SQS encrypts with its own key when nothing is said, and can be told not to."""
    yield StorageEncryption(
        enabled=combine(
            lambda own, key: own or bool(key),
            place.key("sqsManagedSseEnabled").flag(default=True),
            place.key("kmsMasterKeyId").text(default=""),
        )
    )


service("aws:sqs/queue:Queue", _queue, keyed("kmsMasterKeyId"), also=(policy("policy"),))
service(
    "aws:sns/topic:Topic",
    encrypted(lambda place: place.at("kmsMasterKeyId").text(default="").map(bool)),
    keyed("kmsMasterKeyId"),
    also=(policy("policy"),),
)
service("aws:sns/topicSubscription:TopicSubscription", plaintext(says("protocol", "http")))
service(
    (
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        "aws:kinesis/resourcePolicy:ResourcePolicy",
        "aws:msk/clusterPolicy:ClusterPolicy",
    ),
    also=(policy("policy"),),
)
service(("aws:cloudwatch/eventBus:EventBus", "aws:cloudwatch/eventArchive:EventArchive"), keyed("kmsKeyIdentifier"))
service(
    "aws:cloudwatch/eventConnection:EventConnection",
    keyed("kmsKeyIdentifier"),
    passwords(
        "authParameters.basic.password",
        "authParameters.apiKey.value",
        "authParameters.oauth.clientParameters.clientSecret",
    ),
)
service("aws:scheduler/schedule:Schedule", keyed("kmsKeyArn"))
service("aws:pipes/pipe:Pipe", keyed("kmsKeyIdentifier"))
service(
    "aws:kinesis/stream:Stream",
    encrypted(says("encryptionType", "KMS", default="NONE")),
    customer_key(both(says("encryptionType", "KMS", default="NONE"), own_key("kmsKeyId"))),
)
service("aws:kinesis/videoStream:VideoStream", keyed("kmsKeyId"))

service(
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    where(
        both(negated(given("kinesisSourceConfiguration")), negated(given("mskSourceConfiguration"))),
        encrypted(on("serverSideEncryption.enabled")),
        customer_key(
            both(says("serverSideEncryption.keyType", "CUSTOMER_MANAGED_CMK"), own_key("serverSideEncryption.keyArn"))
        ),
    ),
    set_("extendedS3Configuration", keyed("extendedS3Configuration.kmsKeyArn")),
    passwords(
        "redshiftConfiguration.password",
        "splunkConfiguration.hecToken",
        "httpEndpointConfiguration.accessKey",
        "snowflakeConfiguration.privateKey",
    ),
    set_(
        "httpEndpointConfiguration",
        plaintext(
            lambda place: (
                place.at("httpEndpointConfiguration.url")
                .text(default="")
                .map(lambda url: url.lower().startswith("http:"))
            )
        ),
    ),
)


def _unauthenticated(place: Node) -> Iterator[Fact]:
    """With no kind of login, a cluster takes whoever reaches it (MSK guide, "Authentication")."""
    block = place.key("clientAuthentication")
    yield AnonymousAccess(possible=block.key("unauthenticated").flag(default=block.missing))


service(
    "aws:msk/cluster:Cluster",
    keyed("encryptionInfo.encryptionAtRestKmsKeyArn"),
    plaintext(unless("encryptionInfo.encryptionInTransit.clientBroker", "TLS", default="TLS")),
    plaintext(off("encryptionInfo.encryptionInTransit.inCluster", default=True)),
    _unauthenticated,
    public_endpoint(
        says("brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS", default="DISABLED")
    ),
)
service(
    "aws:mskconnect/connector:Connector",
    plaintext(unless("kafkaClusterEncryptionInTransit.encryptionType", "TLS", default="PLAINTEXT")),
    anonymous(unless("kafkaClusterClientAuthentication.authenticationType", "IAM", default="NONE")),
    variables("connectorConfiguration"),
)
service(
    "aws:mq/broker:Broker",
    public("publiclyAccessible"),
    customer_key(both(off("encryptionOptions.useAwsOwnedKey", default=True), own_key("encryptionOptions.kmsKeyId"))),
    each("users", lambda place: (secrets.unmarked(place.key("password")),)),
    passwords("ldapServerMetadata.serviceAccountPassword"),
    set_("logs", audited(one_of(on("logs.general"), on("logs.audit")))),
)
service(
    "aws:mwaa/environment:Environment",
    public_endpoint(unless("webserverAccessMode", "PRIVATE_ONLY", default="PRIVATE_ONLY")),
    keyed("kmsKey"),
    variables("airflowConfigurationOptions", marks=False),
)
