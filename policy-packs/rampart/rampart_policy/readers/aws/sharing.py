"""What AWS accounts share with others, and who watches them: RAM, snapshots, event buses, organizations, detectors."""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, AuditLog, Fact, Principal
from rampart_policy.readers.aws.aspects import keyed
from rampart_policy.readers.aws.policies import grant, narrows, policy, shared
from rampart_policy.readers.table import audited, on, says, service, threat_detection
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node


def _outside(place: Node) -> Iterator[Fact]:
    allowed = place.key("allowExternalPrincipals").flag(default=False)
    yield AccessGrant(
        allows=allowed,
        principal=allowed.map(lambda _: Principal("accounts outside the organization", Audience.OTHER_ACCOUNT)),
        narrowed=Field(False),
    )


service("aws:ram/resourceShare:ResourceShare", _outside)
service("aws:ram/principalAssociation:PrincipalAssociation", also=(shared("principal"),))
service("aws:ram/resourceShareAssociationsExclusive:ResourceShareAssociationsExclusive", also=(shared("principals"),))
service("aws:licensemanager/licenseGrant:LicenseGrant", also=(shared("principal"),))
service("aws:signer/signingProfilePermission:SigningProfilePermission", also=(shared("principal"),))
service("aws:servicecatalog/portfolioShare:PortfolioShare", also=(shared("principalId"),))
service(
    "aws:servicecatalog/principalPortfolioAssociation:PrincipalPortfolioAssociation", also=(shared("principalArn"),)
)
service("aws:cfg/aggregateAuthorization:AggregateAuthorization", also=(shared("authorizedAccountId"),))


@reader("aws:cloudwatch/eventPermission:EventPermission")
def event_permission(made: Resource) -> Iterator[Fact]:
    """Everybody in an organization, where the condition names it; everybody else too where it does not."""
    condition = made.at("condition.value")
    yield grant(made.at("principal"), made, Field(False, "condition") if condition.missing else narrows(condition))


service(
    (
        "aws:amp/resourcePolicy:ResourcePolicy",
        "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        "aws:codeartifact/domainPermissions:DomainPermissions",
        "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy",
        "aws:xray/resourcePolicy:ResourcePolicy",
    ),
    also=(policy("policyDocument"),),
)
service("aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy", also=(policy("accessPolicy"),))
service(
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy",
    also=(policy("deliveryDestinationPolicy"),),
)
service("aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy", also=(policy("accessPolicy"),))
service("aws:organizations/resourcePolicy:ResourcePolicy", also=(policy("content"),))
service(
    (
        "aws:codebuild/resourcePolicy:ResourcePolicy",
        "aws:mediastore/containerPolicy:ContainerPolicy",
        "aws:networkfirewall/resourcePolicy:ResourcePolicy",
        "aws:oam/sinkPolicy:SinkPolicy",
        "aws:opensearchingest/resourcePolicy:ResourcePolicy",
        "aws:schemas/registryPolicy:RegistryPolicy",
        "aws:ses/identityPolicy:IdentityPolicy",
        "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
        "aws:vpclattice/resourcePolicy:ResourcePolicy",
        "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy",
    ),
    also=(policy("policy"),),
)


def _lattice(place: Node) -> Iterator[Fact]:
    """A service or service network without a login takes whoever is in its networks."""
    kind = place.key("authType").text(default="NONE")
    yield AccessGrant(
        allows=kind.map(lambda name: name != "AWS_IAM"),
        principal=kind.map(lambda _: Principal("authType NONE", Audience.EVERYONE)),
        narrowed=Field(False),
    )


service(("aws:vpclattice/service:Service", "aws:vpclattice/serviceNetwork:ServiceNetwork"), _lattice)
service("aws:vpclattice/authPolicy:AuthPolicy", also=(policy("policy"),))


def _recorder(place: Node) -> Iterator[Fact]:
    """A recorder of some types, or without those that are in no region, misses what it was not told of."""
    group = place.key("recordingGroup")
    if not group.missing:
        yield AuditLog(complete=group.key("allSupported").flag(default=True))
        yield AuditLog(complete=group.key("includeGlobalResourceTypes").flag(default=True))


service("aws:cfg/recorder:Recorder", _recorder)
service("aws:cfg/recorderStatus:RecorderStatus", audited(on("isEnabled")))
service("aws:guardduty/detector:Detector", threat_detection(on("enable", default=True)))
service("aws:guardduty/detectorFeature:DetectorFeature", threat_detection(says("status", "ENABLED")))
service("aws:macie2/account:Account", threat_detection(says("status", "ENABLED", default="ENABLED")))
service("aws:guardduty/publishingDestination:PublishingDestination", keyed("kmsKeyArn"))

no_surface(
    {
        "aws:guardduty/filter:Filter": "which findings are shown",
        "aws:guardduty/iPSet:IPSet": "addresses that are trusted or not",
        "aws:guardduty/member:Member": "another account that is watched",
        "aws:guardduty/organizationConfiguration:OrganizationConfiguration": "which accounts are watched",
        "aws:guardduty/organizationAdminAccount:OrganizationAdminAccount": "which account watches",
        "aws:guardduty/threatIntelSet:ThreatIntelSet": "addresses that are known to be bad",
        "aws:ram/permission:Permission": "what may be shared how; whom with is judged",
        "aws:ram/resourceAssociation:ResourceAssociation": "what is shared; whom with is judged",
        "aws:ram/resourceShareAccepter:ResourceShareAccepter": "accepts what others share",
        "aws:ram/sharingWithOrganization:SharingWithOrganization": "whether the organization shares within itself",
        "aws:route53/vpcAssociationAuthorization:VpcAssociationAuthorization": "lets a named network ask a zone",
    }
)
