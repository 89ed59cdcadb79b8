"""AWS in front of services: API Gateway, AppSync, CloudFront, Cognito, Transfer Family.

API Gateway guide, "Private REST APIs", "Control access"; CloudFront guide, "Using HTTPS with CloudFront".
"""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, Fact, Principal, ProtocolVersion, ServiceEndpoint
from rampart_policy.readers.aws.aspects import encrypted, exposed, oldest, passwords, tls_policy
from rampart_policy.readers.aws.policies import policy
from rampart_policy.readers.table import (
    Aspect,
    always,
    automatic_address,
    cross_origin,
    each,
    exported_key,
    filled,
    includes,
    local_credentials,
    off,
    on,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    weak_cipher,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node, combine, either

_PART = "a part of an API, which is judged"

no_surface(
    {
        **{
            f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}": _PART
            for kind in (
                "Authorizer",
                "BasePathMapping",
                "ClientCertificate",
                "Deployment",
                "DocumentationPart",
                "DocumentationVersion",
                "DomainNameAccessAssociation",
                "Integration",
                "IntegrationResponse",
                "MethodResponse",
                "Model",
                "RequestValidator",
                "Resource",
                "Response",
                "Stage",
                "UsagePlan",
                "UsagePlanKey",
                "VpcLink",
            )
        },
        **{
            f"aws:apigatewayv2/{kind[0].lower()}{kind[1:]}:{kind}": _PART
            for kind in (
                "ApiMapping",
                "Authorizer",
                "Deployment",
                "Integration",
                "IntegrationResponse",
                "Model",
                "RouteResponse",
                "RoutingRule",
                "Stage",
                "VpcLink",
            )
        },
        "aws:apigateway/account:Account": "the role that logs are written under",
        **{
            f"aws:appsync/{kind[0].lower()}{kind[1:]}:{kind}": _PART
            for kind in (
                "ChannelNamespace",
                "DataSource",
                "DomainName",
                "DomainNameApiAssociation",
                "Function",
                "Resolver",
                "SourceApiAssociation",
                "Type",
            )
        },
        **{
            f"aws:cloudfront/{kind[0].lower()}{kind[1:]}:{kind}": "a part of a distribution, which is judged"
            for kind in (
                "AnycastIpList",
                "CachePolicy",
                "ConnectionFunction",
                "ConnectionGroup",
                "ContinuousDeploymentPolicy",
                "FieldLevelEncryptionConfig",
                "FieldLevelEncryptionProfile",
                "Function",
                "KeyGroup",
                "KeyValueStore",
                "MonitoringSubscription",
                "OriginAccessControl",
                "OriginAccessIdentity",
                "OriginRequestPolicy",
                "PublicKey",
                "RealtimeLogConfig",
                "TrustStore",
                "VpcOrigin",
            )
        },
        **{
            f"aws:cognito/{kind[0].lower()}{kind[1:]}:{kind}": "a part of a user pool, of its look or its groups"
            for kind in (
                "IdentityPoolProviderPrincipalTag",
                "IdentityProvider",
                "LogDeliveryConfiguration",
                "ManagedLoginBranding",
                "ManagedUserPoolClient",
                "ResourceServer",
                "RiskConfiguration",
                "UserGroup",
                "UserInGroup",
                "UserPoolClient",
                "UserPoolDomain",
                "UserPoolUICustomization",
            )
        },
        "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": "gives a pool roles, which are judged",
        **{
            f"aws:transfer/{kind[0].lower()}{kind[1:]}:{kind}": reason
            for kind, reason in {
                "Access": "a folder for a group, under a role, which is judged",
                "Agreement": "how messages are exchanged, under a role, which is judged",
                "Certificate": "a certificate; Pulumi keeps its key as a secret",
                "HostKey": "a server's key; Pulumi keeps it as a secret",
                "Profile": "a name of a party",
                "SshKey": "a public key",
                "Tag": "a tag",
                "User": "a user, under a role, which is judged",
                "WebAppCustomization": "how a page looks",
                "Workflow": "what happens to files that have come",
            }.items()
        },
    }
)


def _edge(place: Node) -> Iterator[Fact]:
    """APIs are on the internet, at the edge, when nothing is said."""
    private = includes("endpointConfiguration.types", "PRIVATE")(place)
    yield ServiceEndpoint(public=private.map(lambda inside: not inside), admits=Field(True))


service("aws:apigateway/restApi:RestApi", _edge, also=(policy("policy"),))
service("aws:apigateway/restApiPolicy:RestApiPolicy", also=(policy("policy"),))
service("aws:apigateway/domainName:DomainName", set_("securityPolicy", tls_policy("securityPolicy", default="")))


def _callers(kind: str, *, free: str) -> Aspect:
    """A method or route that asks nobody who they are. free: the one that browsers must be able to ask."""

    def aspect(place: Node) -> Iterator[Fact]:
        word = place.key(kind).text(default="NONE")
        preflight = (
            place.key(free)
            .text(default="")
            .map(lambda name: name == "OPTIONS" or name.startswith(("OPTIONS ", "$dis")))
        )
        key = place.key("apiKeyRequired").flag(default=False)
        yield AccessGrant(
            allows=combine(
                lambda name, exempt, asked: name == "NONE" and not exempt and not asked, word, preflight, key
            ),
            principal=word.map(lambda _: Principal("authorization NONE", Audience.EVERYONE)),
            narrowed=Field(False),
        )

    return aspect


service("aws:apigateway/method:Method", _callers("authorization", free="httpMethod"))
service(
    "aws:apigateway/methodSettings:MethodSettings",
    where(on("settings.cachingEnabled"), encrypted(on("settings.cacheDataEncrypted"))),
)
service("aws:apigateway/apiKey:ApiKey", passwords("value"))
service("aws:apigatewayv2/api:Api", exposed, cross_origin(includes("corsConfiguration.allowOrigins", "*")))
service("aws:apigatewayv2/route:Route", _callers("authorizationType", free="routeKey"))
service(
    "aws:apigatewayv2/domainName:DomainName",
    set_("domainNameConfiguration.securityPolicy", tls_policy("domainNameConfiguration.securityPolicy", default="")),
)


def _api_keys(place: Node) -> Iterator[Fact]:
    kinds = [
        place.key("authenticationType"),
        *(item.key("authenticationType") for item in place.key("additionalAuthenticationProviders").items()),
    ]
    found = [kind.text(default="").map(lambda name: name == "API_KEY") for kind in kinds]
    yield from local_credentials(lambda _: either(*found))(place)


service(
    "aws:appsync/graphQLApi:GraphQLApi", public_endpoint(unless("visibility", "PRIVATE", default="GLOBAL")), _api_keys
)
service("aws:appsync/api:Api", exposed)
service("aws:appsync/apiKey:ApiKey", exported_key(always))
service(
    "aws:appsync/apiCache:ApiCache",
    encrypted(on("atRestEncryptionEnabled")),
    plaintext(off("transitEncryptionEnabled")),
)


def _behaviour(path: str) -> Aspect:
    return each(path, plaintext(says("viewerProtocolPolicy", "allow-all")))


def _origin(item: Node) -> Iterator[Fact]:
    """How CloudFront asks the server behind it. `match-viewer` is HTTP for whoever comes by HTTP."""
    if item.key("customOriginConfig").missing:
        return
    yield from plaintext(unless("customOriginConfig.originProtocolPolicy", "https-only"))(item)
    for protocol in item.at("customOriginConfig.originSslProtocols").items():
        yield ProtocolVersion(minimum=protocol.text(default="").map(oldest))


service(
    ("aws:cloudfront/distribution:Distribution", "aws:cloudfront/multitenantDistribution:MultitenantDistribution"),
    exposed,
    tls_policy("viewerCertificate.minimumProtocolVersion", default="TLSv1"),
    _behaviour("defaultCacheBehavior"),
    _behaviour("orderedCacheBehaviors"),
    each("origins", _origin),
)
service("aws:cloudfront/distributionTenant:DistributionTenant", exposed)


def _headers(place: Node) -> Iterator[Fact]:
    yield from cross_origin(includes("corsConfig.accessControlAllowOrigins.items", "*"))(place)


service("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", _headers)


def _guests(place: Node) -> Iterator[Fact]:
    allowed = place.key("allowUnauthenticatedIdentities").flag(default=False)
    yield AccessGrant(
        allows=allowed,
        principal=allowed.map(lambda _: Principal("identities that have not logged in", Audience.EVERYONE)),
        narrowed=Field(False),
    )


service("aws:cognito/identityPool:IdentityPool", _guests)
service("aws:cognito/user:User", passwords("password"))

WEAK_POLICIES = (
    "TransferSecurityPolicy-2018-11",
    "TransferSecurityPolicy-2020-06",
    "TransferSecurityPolicy-FIPS-2020-06",
)
"""Security policies with SHA-1 and CBC in them (Transfer Family guide, "Security policies")."""

service(
    "aws:transfer/server:Server",
    public_endpoint(says("endpointType", "PUBLIC", default="PUBLIC")),
    automatic_address(filled("endpointDetails.addressAllocationIds")),
    plaintext(includes("protocols", "FTP")),
    weak_cipher(says("securityPolicyName", *WEAK_POLICIES, default=WEAK_POLICIES[0])),
)
service(
    "aws:transfer/connector:Connector",
    plaintext(lambda place: place.key("url").text(default="").map(lambda url: url.startswith("http:"))),
)
service("aws:transfer/webApp:WebApp", exposed)
