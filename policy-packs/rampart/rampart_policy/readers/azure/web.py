"""Azure's web applications and functions, its edge, and its API gateways."""

import re
from collections.abc import Iterator

from rampart_policy.facts import (
    CipherStrength,
    CrossOrigin,
    Direction,
    Fact,
    NetworkRule,
    ProtocolVersion,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.azure.endpoints import CLOSED
from rampart_policy.readers.table import (
    Aspect,
    always,
    at,
    authenticated,
    both,
    cross_origin,
    debug_access,
    each,
    empty,
    includes,
    local_credentials,
    off,
    oldest_tls,
    on,
    one_of,
    plain_url,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    unless,
    variables,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import UNKNOWN, Field, Node, combine

no_surface(
    {
        "azure-native:web:AppServicePlan": "machines for applications, which are judged",
        "azure-native:web:Certificate": "a certificate; its key is in a vault, or a secret of the program's",
        "azure-native:web:WebAppHostNameBinding": "a name for an application, which is judged",
        "azure-native:web:WebAppSwiftVirtualNetworkConnection": "puts an application into the own network",
        "azure-native:web:WebAppVnetConnection": "puts an application into the own network",
        "azure-native:web:WebAppSourceControl": "where an application's code comes from",
        "azure-native:web:WebAppDiagnosticLogsConfiguration": "which logs an application writes",
        "azure-native:cdn:Profile": "holds endpoints, which are judged",
        "azure-native:cdn:AFDOrigin": "what stands behind an endpoint, which is judged",
        "azure-native:cdn:AFDOriginGroup": "what stands behind an endpoint, which is judged",
        "azure-native:cdn:RuleSet": "holds rules of an endpoint, which is judged",
        "azure-native:cdn:SecurityPolicy": "joins a web firewall with an endpoint",
        "azure-native:apimanagement:ApiOperation": "a part of an API, which is judged",
        "azure-native:apimanagement:ApiVersionSet": "a name for versions",
        "azure-native:apimanagement:ProductApi": "joins a product and an API; both are judged",
        "azure-native:apimanagement:Logger": "where requests are logged",
    }
)


def restrictions(name: str) -> Aspect:
    """An application's own firewall; a service tag or a subnet is somebody in particular."""

    def aspect(place: Node) -> Iterator[NetworkRule]:
        for rule in place.key(name).items():
            allows = rule.key("action").text(default="Allow").map(lambda action: action.lower() == "allow")
            for key in ("ipAddress", "ipAddressRange"):
                node = rule.key(key)
                if not node.missing and not str(rule.key("tag").raw).lower().startswith("service"):
                    peer = addresses.peer_field(node)
                    yield NetworkRule(direction=Field(Direction.INGRESS), allows=allows, peer=peer)

    return aspect


def _connection_strings(place: Node) -> Iterator[Fact]:
    for entry in place.key("connectionStrings").items():
        yield from secrets.named(Field(CONNECTION), entry.key("connectionString"))


CONNECTION = "connection string"
"""What texts are called here that may hold a password, whatever the program calls them."""


SITE: tuple[Aspect, ...] = (
    set_("minTlsVersion", oldest_tls("minTlsVersion")),
    set_("scmMinTlsVersion", oldest_tls("scmMinTlsVersion")),
    plaintext(says("ftpsState", "AllAllowed")),
    debug_access(on("remoteDebuggingEnabled")),
    cross_origin(includes("cors.allowedOrigins", "*")),
    restrictions("ipSecurityRestrictions"),
    restrictions("scmIpSecurityRestrictions"),
    variables("appSettings"),
    _connection_strings,
)
"""`siteConfig`. New applications take TLS 1.2 and later unless told otherwise."""

PUBLIC = both(unless("publicNetworkAccess", *CLOSED), unless("siteConfig.publicNetworkAccess", *CLOSED))

service(
    ("azure-native:web:WebApp", "azure-native:web:WebAppSlot"),
    public_endpoint(PUBLIC),
    plaintext(off("httpsOnly")),
    at("siteConfig", *SITE),
)
service("azure-native:web:StaticSite", public_endpoint(unless("publicNetworkAccess", *CLOSED)))
service(
    (
        "azure-native:web:WebAppFtpAllowed",
        "azure-native:web:WebAppScmAllowed",
        "azure-native:web:WebAppFtpAllowedSlot",
        "azure-native:web:WebAppScmAllowedSlot",
    ),
    local_credentials(on("allow", default=True)),
)
service(
    ("azure-native:web:WebAppApplicationSettings", "azure-native:web:WebAppApplicationSettingsSlot"),
    variables("properties"),
)


def _named_connections(place: Node) -> Iterator[Fact]:
    properties = place.key("properties")
    for _, entry in properties.entries():
        yield from secrets.named(Field(CONNECTION), entry.key("value"))
    if not properties.given.known:
        yield from secrets.unknown(properties)


service(
    ("azure-native:web:WebAppConnectionStrings", "azure-native:web:WebAppConnectionStringsSlot"), _named_connections
)
service(
    ("azure-native:web:WebAppAuthSettings", "azure-native:web:WebAppAuthSettingsSlot"),
    authenticated(both(on("enabled"), unless("unauthenticatedClientAction", "AllowAnonymous"))),
)
service(
    ("azure-native:web:WebAppAuthSettingsV2", "azure-native:web:WebAppAuthSettingsV2Slot"),
    authenticated(
        both(
            on("globalValidation.requireAuthentication"),
            unless("globalValidation.unauthenticatedClientAction", "AllowAnonymous"),
        )
    ),
    set_("httpSettings.requireHttps", plaintext(off("httpSettings.requireHttps"))),
)
service(
    "azure-native:app:ContainerAppsAuthConfig",
    authenticated(unless("globalValidation.unauthenticatedClientAction", "AllowAnonymous")),
    set_("httpSettings.requireHttps", plaintext(off("httpSettings.requireHttps"))),
)
service(
    "azure-native:web:WebAppFunction",
    each("config.bindings", authenticated(unless("authLevel", "anonymous"))),
)
service(
    "azure-native:web:AppServiceEnvironment",
    public_endpoint(says("internalLoadBalancingMode", "None", default="None")),
)

# The edge

service("azure-native:cdn:AFDEndpoint", public_endpoint(unless("enabledState", "Disabled")))
service(
    "azure-native:cdn:Route",
    plaintext(says("forwardingProtocol", "HttpOnly")),
    where(
        one_of(includes("supportedProtocols", "Http"), empty("supportedProtocols")),
        plaintext(says("httpsRedirect", "Disabled", default="Disabled")),
    ),
)
service(
    "azure-native:cdn:AFDCustomDomain",
    set_("tlsSettings.minimumTlsVersion", oldest_tls("tlsSettings.minimumTlsVersion")),
)
service(
    "azure-native:cdn:Endpoint",
    public_endpoint(always),
    plaintext(on("isHttpAllowed", default=True)),
)
service(
    "azure-native:frontdoor:FrontDoor",
    public_endpoint(unless("enabledState", "Disabled")),
    each(
        "routingRules",
        where(
            unless("routeConfiguration.redirectProtocol", "HttpsOnly"),
            plaintext(includes("acceptedProtocols", "Http")),
        ),
    ),
)

# API gateways

PROTOCOLS = {"ssl30": 0.0, "tls10": 1.0, "tls11": 1.1}


def _gateway_protocols(place: Node) -> Iterator[Fact]:
    """Custom properties whose names end in a protocol or a cipher, of which Triple DES is one
    (`Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10`).
    """
    properties = place.key("customProperties")
    if not properties.given.known:
        yield ProtocolVersion(minimum=Field(UNKNOWN, properties.path))
        yield CipherStrength(weak=Field(UNKNOWN, properties.path))
    for name, value in properties.entries():
        on_ = value.flag(default=False)
        kind = name.lower().rpartition(".")[2]
        if kind in PROTOCOLS:
            yield ProtocolVersion(minimum=combine(_oldest, on_, Field(PROTOCOLS[kind])))
        elif "ciphers" in name.lower():
            yield CipherStrength(weak=on_)


def _oldest(used: bool, protocol: float) -> float:
    return protocol if used else 1.2


service(
    "azure-native:apimanagement:ApiManagementService",
    public_endpoint(both(unless("virtualNetworkType", "Internal"), unless("publicNetworkAccess", *CLOSED))),
    _gateway_protocols,
)
service(
    "azure-native:apimanagement:Api",
    plaintext(one_of(includes("protocols", "http", "ws"), plain_url("serviceUrl"))),
    set_("subscriptionRequired", authenticated(on("subscriptionRequired"))),
)
service(
    "azure-native:apimanagement:Product",
    set_("subscriptionRequired", authenticated(on("subscriptionRequired"))),
)
service(
    "azure-native:apimanagement:Backend",
    plaintext(plain_url("url")),
    set_("tls.validateCertificateChain", plaintext(off("tls.validateCertificateChain"))),
    set_("tls.validateCertificateName", plaintext(off("tls.validateCertificateName"))),
)


def _policy(place: Node) -> Iterator[CrossOrigin]:
    """A policy is XML; its `cors` element lists origins."""
    text = place.key("value").text(default="")
    yield CrossOrigin(open=text.map(lambda xml: "<origin>*</origin>" in re.sub(r"\s", "", xml)))


service(
    (
        "azure-native:apimanagement:Policy",
        "azure-native:apimanagement:ApiPolicy",
        "azure-native:apimanagement:ApiOperationPolicy",
        "azure-native:apimanagement:ProductPolicy",
    ),
    _policy,
)


def _named_value(place: Node) -> Iterator[Fact]:
    if place.key("secret").flag(default=False).value is not True:
        yield from secrets.named(place.key("displayName").text(default=""), place.key("value"))


service("azure-native:apimanagement:NamedValue", _named_value)
