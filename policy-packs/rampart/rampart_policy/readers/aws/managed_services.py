"""AWS services of which a property or two are a matter of security: keys, public switches, passwords, protocols.

Defaults are those of each type's page in the provider's documentation.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    CrossTenantReplication,
    DefaultOutboundAccess,
    Direction,
    DnsZone,
    Fact,
    NetworkRule,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.aws import identity_policies
from rampart_policy.readers.aws.aspects import (
    encrypted,
    exposed,
    keyed,
    own_key,
    passwords,
    public,
    scripts,
    tls_policy,
    variables,
)
from rampart_policy.readers.aws.machines import metadata, volumes
from rampart_policy.readers.aws.policies import grant, own_accounts
from rampart_policy.readers.table import (
    Aspect,
    Test,
    admits,
    always,
    both,
    customer_key,
    each,
    empty,
    exported_key,
    on,
    opaque,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
)
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node

KEYED = {
    "encryptionConfiguration.kmsKeyId": ("qbusiness/application:Application",),
    "encryptionKey": ("codeartifact/domain:Domain",),
    "encryptionKeyArn": ("bedrock/agentcoreMemory:AgentcoreMemory", "emr/studio:Studio"),
    "customerEncryptionKeyArn": ("bedrock/agentAgent:AgentAgent", "bedrock/agentFlow:AgentFlow"),
    "customModelKmsKeyId": ("bedrock/customModel:CustomModel",),
    "kmsArn": ("appflow/connectorProfile:ConnectorProfile", "appflow/flow:Flow"),
    "kmsKeyArn": (
        "amp/workspace:Workspace",
        "bedrock/guardrail:Guardrail",
        "emrcontainers/jobTemplate:JobTemplate",
        "mailmanager/archive:Archive",
    ),
    "kmsKeyId": (
        "cloudwatch/logAnomalyDetector:LogAnomalyDetector",
        "codecommit/repository:Repository",
        "finspace/kxEnvironment:KxEnvironment",
        "location/geofenceCollection:GeofenceCollection",
        "location/tracker:Tracker",
        "m2/application:Application",
        "rds/customDbEngineVersion:CustomDbEngineVersion",
        "rekognition/streamProcessor:StreamProcessor",
        "timestreamquery/scheduledQuery:ScheduledQuery",
    ),
    "kmsKeyIdentifier": ("datazone/domain:Domain",),
    "modelKmsKeyId": (
        "comprehend/documentClassifier:DocumentClassifier",
        "comprehend/entityRecognizer:EntityRecognizer",
    ),
    "serverSideEncryptionConfiguration.kmsKeyId": ("kendra/index:Index",),
}
"""Stores whose key is one property."""

for path, tokens in KEYED.items():
    service(tuple(f"aws:{token}" for token in tokens), keyed(path))

SECRET = {
    "directoryservice/directory:Directory": ("password", "connectSettings.customerPassword"),
    "directoryservice/radiusSettings:RadiusSettings": ("sharedSecret",),
    "directoryservice/trust:Trust": ("trustPassword",),
    "datasync/locationFsxWindows:LocationFsxWindows": ("password",),
    "datasync/locationSmb:LocationSmb": ("password",),
    "kms/customKeyStore:CustomKeyStore": ("keyStorePassword",),
    "redshift/hsmConfiguration:HsmConfiguration": ("hsmPartitionPassword",),
    "bedrock/agentcoreApiKeyCredentialProvider:AgentcoreApiKeyCredentialProvider": ("apiKey",),
    "workmail/user:User": ("password",),
}
"""Properties in which the program has to say a password: no service of AWS makes it."""


def _unmarked(path: str) -> Aspect:
    return lambda place: (secrets.unmarked(place.at(path)),)


for token, paths in SECRET.items():
    service(f"aws:{token}", *(set_(path, _unmarked(path)) for path in paths))

for token in (
    "grafana/workspaceApiKey:WorkspaceApiKey",
    "grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken",
):
    service(f"aws:{token}", exported_key(always))

# Applications and pipelines

service(
    ("aws:amplify/app:App", "aws:amplify/branch:Branch"),
    exposed,
    variables("environmentVariables"),
    passwords("accessToken", "oauthToken"),
)
service("aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion", scripts("content"))


def _actions(stage: Node) -> Iterator[Fact]:
    for action in stage.key("actions").items():
        yield from secrets.variables(action.key("configuration"))


service(
    "aws:codepipeline/pipeline:Pipeline",
    each("artifactStores", customer_key(own_key("encryptionKey.id"))),
    each("stages", _actions),
)
service(
    "aws:codepipeline/webhook:Webhook",
    passwords("authenticationConfiguration.secretToken"),
)
service("aws:synthetics/canary:Canary", variables("runConfig.environmentVariables"))
service("aws:sfn/stateMachine:StateMachine", scripts("definition"))
service("aws:iot/policy:Policy", also=(identity_policies.policy("policy"),))
service("aws:iot/certificate:Certificate", exported_key(empty("csr")))


service(
    (
        "aws:cloudformation/stack:Stack",
        "aws:cloudformation/stackInstances:StackInstances",
        "aws:cloudformation/stackSet:StackSet",
        "aws:cloudformation/stackSetInstance:StackSetInstance",
        "aws:cloudcontrol/resource:Resource",
        "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
        "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
    ),
    opaque(always),
)

# Images and their templates


def _metadata(place: Node) -> Iterator[Fact]:
    yield from metadata(place.key("instanceMetadataOptions"))


service("aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration", _metadata)
service("aws:imagebuilder/imageRecipe:ImageRecipe", volumes("blockDeviceMappings", "ebs"), scripts("userDataBase64"))
service("aws:imagebuilder/component:Component", scripts("data"))


@reader("aws:imagebuilder/distributionConfiguration:DistributionConfiguration")
def distribution(made: Resource) -> Iterator[Fact]:
    """Whom finished images are shared with."""
    for item in made.at("distributions").items():
        launch = item.at("amiDistributionConfiguration.launchPermission")
        for name in ("userGroups", "userIds", "organizationArns"):
            for node in launch.key(name).items():
                yield grant(node, made)


@reader("aws:dlm/lifecyclePolicy:LifecyclePolicy")
def snapshots(made: Resource) -> Iterator[Fact]:
    """Copies of snapshots are in the clear unless told otherwise; a share rule names accounts."""
    own = own_accounts(made)

    def foreign(account: str) -> bool:
        return bool(own) and account not in own

    for schedule in made.at("policyDetails.schedules").items():
        for copy in schedule.key("crossRegionCopyRules").items():
            yield from encrypted(on("encrypted"))(copy)
        for account in schedule.at("shareRule.targetAccounts").items():
            yield CrossTenantReplication(possible=account.text(default="").map(foreign))


# Networks


service(
    "aws:networkfirewall/firewallPolicy:FirewallPolicy",
    lambda place: (
        NetworkRule(
            direction=Field(Direction.EGRESS),
            allows=action.text(default="").map(lambda name: name == "aws:pass"),
            peer=addresses.everyone(action.path),
        )
        for action in place.at("firewallPolicy.statelessDefaultActions").items()
    ),
)
service("aws:vpclattice/listener:Listener", plaintext(says("protocol", "HTTP")))
service("aws:verifiedaccess/endpoint:Endpoint", exposed)
service("aws:workspaces/ipGroup:IpGroup", admits("rules", "source"))


def _map_ranges(place: Node) -> Iterator[Fact]:
    for text, node in place.entries():
        yield NetworkRule(
            direction=Field(Direction.INGRESS, node.path),
            allows=Field(True),
            peer=Field(addresses.peer(text), node.path),
        )


service("aws:quicksight/ipRestriction:IpRestriction", lambda place: _map_ranges(place.key("ipRestrictionRuleMap")))


def _public_zone(place: Node) -> Iterator[Fact]:
    yield DnsZone(public=always(place))


service(("aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", "aws:lightsail/domain:Domain"), _public_zone)
service(
    "aws:opensearchingest/pipeline:Pipeline",
    public_endpoint(empty("vpcOptions")),
    keyed("encryptionAtRestOptions.kmsKeyArn"),
)
service("aws:m2/environment:Environment", public("publiclyAccessible"), keyed("kmsKeyId"))
service("aws:grafana/workspace:Workspace", public_endpoint(empty("networkAccessControl")), keyed("kmsKeyId"))


def _reaches_out(path: str) -> Aspect:
    """Managed runtimes that are in no network of one's own reach the internet."""
    return lambda place: (DefaultOutboundAccess(enabled=says(path, "PUBLIC")(place)),)


service(
    "aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime",
    _reaches_out("networkConfiguration.networkMode"),
    variables("environmentVariables"),
)
service(
    (
        "aws:bedrock/agentcoreBrowser:AgentcoreBrowser",
        "aws:bedrock/agentcoreCodeInterpreter:AgentcoreCodeInterpreter",
    ),
    _reaches_out("networkConfiguration.networkMode"),
)

# Copies and mails

service("aws:datasync/efsLocation:EfsLocation", plaintext(unless("inTransitEncryption", "TLS1_2", default="NONE")))
service(
    "aws:datasync/locationObjectStorage:LocationObjectStorage",
    plaintext(says("serverProtocol", "HTTP", default="HTTPS")),
    passwords("secretKey"),
)
service(
    "aws:quicksight/dataSource:DataSource",
    plaintext(on("sslProperties.disableSsl")),
    passwords("credentials.credentialPair.password"),
)


def _optional_tls(test: Test) -> Aspect:
    return set_("deliveryOptions.tlsPolicy", plaintext(test))


service(
    ("aws:ses/configurationSet:ConfigurationSet", "aws:sesv2/configurationSet:ConfigurationSet"),
    _optional_tls(unless("deliveryOptions.tlsPolicy", "Require")),
)
service("aws:ses/receiptRule:ReceiptRule", set_("tlsPolicy", plaintext(unless("tlsPolicy", "Require"))))
service(
    "aws:workspaces/workspace:Workspace",
    encrypted(both(on("rootVolumeEncryptionEnabled"), on("userVolumeEncryptionEnabled"))),
    keyed("volumeEncryptionKey"),
)
service(
    "aws:xray/encryptionConfig:EncryptionConfig",
    customer_key(both(says("type", "KMS", default="NONE"), own_key("keyId"))),
)
service(
    "aws:iot/domainConfiguration:DomainConfiguration",
    tls_policy("tlsConfig.securityPolicy", default="IoTSecurityPolicy_TLS12_1_2_2022_10"),
)


@reader(
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "aws:cloudwatch/logAccountPolicy:LogAccountPolicy"
)
def log_copy(made: Resource) -> Iterator[Fact]:
    """A log that goes to another account is that account's to read."""
    own = own_accounts(made)
    arn = made.at("destinationArn").text(default="")
    yield CrossTenantReplication(
        possible=arn.map(lambda name: bool(own) and name.count(":") > 4 and name.split(":")[4] not in ("", *own))
    )
