"""AWS containers beside EKS: ECS, Batch, App Runner, Lightsail, Elastic Beanstalk, and the builds of CodeBuild.

ECS guide, "Task definition parameters"; App Runner guide, "Enabling private endpoints".
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AddedCapability,
    ContainerPrivileges,
    ContainerUser,
    Direction,
    Fact,
    NetworkRule,
    PodSharing,
    PodVolume,
    RootFilesystem,
    ServiceEndpoint,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.aws.aspects import document, encrypted, keyed, passwords, variables
from rampart_policy.readers.table import (
    Aspect,
    always,
    anonymous,
    audited,
    automatic_address,
    debug_access,
    each,
    exported_key,
    filled,
    off,
    on,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

no_surface(
    {
        "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion": "how many run",
        "aws:apprunner/connection:Connection": "joins a service with a code host",
        "aws:apprunner/customDomainAssociation:CustomDomainAssociation": "a name of a service, which is judged",
        "aws:apprunner/defaultAutoScalingConfigurationVersion:DefaultAutoScalingConfigurationVersion": "how many run",
        "aws:apprunner/deployment:Deployment": "one deployment",
        "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration": "traces of a service",
        "aws:apprunner/vpcConnector:VpcConnector": "how a service reaches a network; its groups are judged",
        "aws:apprunner/vpcIngressConnection:VpcIngressConnection": "a private way to a service",
        "aws:batch/computeEnvironment:ComputeEnvironment": "machines for jobs; template, groups and role are judged",
        "aws:batch/jobQueue:JobQueue": "in which order jobs run",
        "aws:batch/schedulingPolicy:SchedulingPolicy": "in which order jobs run",
        "aws:codebuild/fleet:Fleet": "machines for builds",
        "aws:codebuild/reportGroup:ReportGroup": "reports of tests",
        "aws:codebuild/webhook:Webhook": "what starts a build",
        "aws:ecs/accountSettingDefault:AccountSettingDefault": "the form of names",
        "aws:ecs/capacityProvider:CapacityProvider": "machines for tasks; their template is judged",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": "names capacity providers",
        "aws:ecs/daemon:Daemon": "runs a task definition, which is judged",
        "aws:ecs/tag:Tag": "a tag",
        "aws:elasticbeanstalk/application:Application": "a name for environments, which are judged",
        "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": "code from a bucket, which is judged",
        "aws:lightsail/bucketResourceAccess:BucketResourceAccess": "lets a machine at a bucket",
        "aws:lightsail/certificate:Certificate": "a certificate",
        "aws:lightsail/disk_attachment:Disk_attachment": "joins a disk with a machine",
        "aws:lightsail/domainEntry:DomainEntry": "a name in a zone, which is judged",
        "aws:lightsail/keyPair:KeyPair": "a key to log in with; Pulumi keeps it as a secret",
        "aws:lightsail/lbAttachment:LbAttachment": "puts a machine behind a balancer",
        "aws:lightsail/lbCertificate:LbCertificate": "a certificate",
        "aws:lightsail/lbCertificateAttachment:LbCertificateAttachment": "gives a balancer a certificate",
        "aws:lightsail/lbStickinessPolicy:LbStickinessPolicy": "which machine a client stays with",
        "aws:lightsail/staticIpAttachment:StaticIpAttachment": "joins an address, which is judged, with a machine",
    }
)


def _container(item: Node) -> Iterator[Fact]:
    """A container of a task or job. Who it runs as, when nothing is said, is its image's to say."""
    yield ContainerPrivileges(
        privileged=item.key("privileged").flag(default=False),
        escalation=Field(False),
        windows_host=Field(False),
        proc_mount=Field("Default"),
    )
    user = item.key("user")
    if not user.missing:
        name = user.text(default="").map(lambda text: text.partition(":")[0])
        root = name.map(lambda text: "0" if text == "root" else text)
        yield ContainerUser(non_root=Field(True), user=root, root_group=Field(False))
    yield RootFilesystem(read_only=item.key("readonlyRootFilesystem").flag(default=False))
    for capability in item.at("linuxParameters.capabilities.add").items():
        name = capability.text(default="").map(lambda text: text.upper().removeprefix("CAP_"))
        yield AddedCapability(name=name)
    yield from secrets.variables(item.key("environment"))
    for word in item.key("command").items():
        yield secrets.script(word)


def _volume(item: Node) -> Iterator[Fact]:
    """A folder of the machine, or a file system that is mounted without TLS."""
    for place in (item.key("hostPath"), item.at("host.sourcePath")):
        if not place.missing:
            yield PodVolume(kind=place.text(default="").map(lambda path: "hostPath" if path else "emptyDir"))
    if not item.key("efsVolumeConfiguration").missing:
        tls = says("efsVolumeConfiguration.transitEncryption", "ENABLED", default="DISABLED")
        yield from plaintext(lambda place: tls(place).map(lambda enabled: not enabled))(item)


def _sharing(place: Node) -> Iterator[Fact]:
    modes = [place.key(name).text(default="").map(lambda mode: mode == "host") for name in MODES]
    yield PodSharing(network=modes[0], processes=modes[1], ipc=modes[2], siblings=Field(False))


MODES = ("networkMode", "pidMode", "ipcMode")


def _containers(path: str) -> Aspect:
    """The containers of a document in JSON: a list of them, or one."""
    return lambda place: (
        fact for item in document(place.at(path)).items() for fact in _container(item) if not place.at(path).missing
    )


service(
    ("aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition"),
    _containers("containerDefinitions"),
    _sharing,
    each("volumes", _volume),
)
service(
    ("aws:ecs/service:Service", "aws:ecs/taskSet:TaskSet"),
    automatic_address(on("networkConfiguration.assignPublicIp")),
    debug_access(on("enableExecuteCommand")),
)
service(
    "aws:ecs/cluster:Cluster",
    set_(
        "configuration.executeCommandConfiguration",
        audited(unless("configuration.executeCommandConfiguration.logging", "NONE", default="DEFAULT")),
    ),
)
service("aws:ecs/expressGatewayService:ExpressGatewayService", public_endpoint(always))


def _job(place: Node) -> Iterator[Fact]:
    job = document(place.key("containerProperties"))
    if not place.key("containerProperties").missing:
        yield from _container(job)
        for item in job.key("volumes").items():
            yield from _volume(item)
        yield from automatic_address(says("networkConfiguration.assignPublicIp", "ENABLED"))(job)


service("aws:batch/jobDefinition:JobDefinition", _job)

_SOURCES = (
    "sourceConfiguration.imageRepository.imageConfiguration",
    "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues",
)

service(
    "aws:apprunner/service:Service",
    public_endpoint(on("networkConfiguration.ingressConfiguration.isPubliclyAccessible", default=True)),
    keyed("encryptionConfiguration.kmsKey"),
    *(variables(f"{source}.runtimeEnvironmentVariables") for source in _SOURCES),
)


def _option(item: Node) -> Iterator[Fact]:
    """One option of a Beanstalk environment: a variable, or a way to be public."""
    space, name = item.key("namespace").text(default=""), item.key("name").text(default="")
    if space.value == "aws:elasticbeanstalk:application:environment":
        yield from secrets.named(name, item.key("value"))
    elif not (space.known and name.known):
        yield from secrets.unknown(item)
    if name.value == "AssociatePublicIpAddress":
        yield from automatic_address(on("value"))(item)
    if name.value == "ELBScheme":
        yield from public_endpoint(unless("value", "internal"))(item)


service(
    (
        "aws:elasticbeanstalk/environment:Environment",
        "aws:elasticbeanstalk/configurationTemplate:ConfigurationTemplate",
    ),
    each("settings", _option),
)


def _builds(place: Node) -> Iterator[Fact]:
    for item in place.at("environment.environmentVariables").items():
        kind_place = item.key("type")
        kind = kind_place.text(default="PLAINTEXT")
        if kind.value == "PLAINTEXT":
            yield from secrets.named(item.key("name").text(default=""), item.key("value"))
        elif not kind.known:
            yield from secrets.unknown(kind_place)
    yield ContainerPrivileges(
        privileged=place.at("environment.privilegedMode").flag(default=False),
        escalation=Field(False),
        windows_host=Field(False),
        proc_mount=Field("Default"),
    )
    if not place.at("artifacts.encryptionDisabled").missing:
        yield from encrypted(off("artifacts.encryptionDisabled"))(place)


service(
    "aws:codebuild/project:Project", _builds, anonymous(says("projectVisibility", "PUBLIC_READ", default="PRIVATE"))
)
service("aws:codebuild/sourceCredential:SourceCredential", passwords("token"))

# Lightsail: machines and services that are on the internet from the start.

service(("aws:lightsail/instance:Instance", "aws:lightsail/staticIp:StaticIp"), automatic_address(always))
service(("aws:lightsail/lb:Lb", "aws:lightsail/distribution:Distribution"), public_endpoint(always))
service("aws:lightsail/bucketAccessKey:BucketAccessKey", exported_key(always))
service("aws:lightsail/bucket:Bucket", encrypted(always))


def _port(item: Node) -> Iterator[Fact]:
    """Ports with no ranges are open to everybody."""
    lists = [*item.key("cidrs").items(), *item.key("ipv6Cidrs").items()]
    peers = [addresses.peer_field(node) for node in lists]
    if not lists and item.key("cidrListAliases").missing:
        peers = [addresses.everyone(item.key("cidrs").path)]
    for peer in peers:
        yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=peer)


service("aws:lightsail/instancePublicPorts:InstancePublicPorts", each("portInfos", _port))


def _deployment(place: Node) -> Iterator[Fact]:
    if not place.key("publicEndpoint").missing:
        yield ServiceEndpoint(public=place.key("publicEndpoint").given, admits=Field(True))
    for item in place.key("containers").items():
        yield from secrets.variables(item.key("environment"))


service("aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion", _deployment)
service("aws:lightsail/containerService:ContainerService", public_endpoint(filled("publicDomainNames")))
service("aws:cloud9/environmentEC2:EnvironmentEC2", automatic_address(unless("connectionType", "CONNECT_SSM")))
