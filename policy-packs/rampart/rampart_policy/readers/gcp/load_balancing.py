"""Google Cloud load balancing: what listens, in which protocol, and what stands behind it."""

from collections.abc import Iterator

from rampart_policy.facts import ListenerTransport, ProtocolVersion, PublicAddress
from rampart_policy.readers.table import (
    audited,
    both,
    cross_origin,
    each,
    includes,
    negated,
    oldest_tls,
    on,
    one_of,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    weak_cipher,
)
from rampart_policy.registry import no_surface, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN, Field, every

URL_MAPS = ("gcp:compute/uRLMap:URLMap", "gcp:compute/regionUrlMap:RegionUrlMap")

STATIC_RSA = (
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
)
"""Suites that a SSL policy's custom profile should leave out (CIS benchmark, 3.9)."""

no_surface(
    {
        "gcp:compute/targetGrpcProxy:TargetGrpcProxy": "joins a mesh with a URL map",
        "gcp:compute/targetTCPProxy:TargetTCPProxy": "joins a listener with a backend; the listener is judged",
        "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy": "likewise",
        "gcp:compute/targetSSLProxy:TargetSSLProxy": "joins a listener with a backend and a SSL policy; all are judged",
        "gcp:compute/targetInstance:TargetInstance": "joins a forwarding rule with a machine; both are judged",
        "gcp:compute/targetPool:TargetPool": "joins a forwarding rule with machines; all are judged",
        "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": "lists addresses inside a network",
        "gcp:compute/networkEndpoint:NetworkEndpoint": "an address inside a network",
        "gcp:compute/networkEndpointList:NetworkEndpointList": "addresses inside a network",
        "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup": "names a service, which is judged",
        "gcp:compute/regionNetworkEndpoint:RegionNetworkEndpoint": "an address; who may reach it is the listener's",
        "gcp:compute/managedSslCertificate:ManagedSslCertificate": "a certificate that Google makes and renews",
        "gcp:compute/mangedSslCertificate:MangedSslCertificate": "a certificate that Google makes and renews",
        "gcp:compute/sSLCertificate:SSLCertificate": "a certificate; its key is a secret of the provider's",
        "gcp:compute/regionSslCertificate:RegionSslCertificate": "a certificate; its key is a secret of the provider's",
        "gcp:compute/securityPolicy:SecurityPolicy": "narrows what a listener lets in; the listener is judged",
        "gcp:compute/securityPolicyRule:SecurityPolicyRule": "narrows what a listener lets in; the listener is judged",
        "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": "narrows what a listener lets in; that is judged",
        "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule": "narrows what a listener lets in; that is "
        "judged",
        "gcp:compute/networkEdgeSecurityService:NetworkEdgeSecurityService": "joins a policy with a region",
        "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint": "an address that a listener passes on to",
        "gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup": "addresses that a listener passes on to",
        "gcp:compute/httpHealthCheck:HttpHealthCheck": "asks whether a backend answers",
        "gcp:compute/httpsHealthCheck:HttpsHealthCheck": "asks whether a backend answers",
        "gcp:compute/backendBucketSignedUrlKey:BackendBucketSignedUrlKey": "signs addresses of a cache; a secret of "
        "the provider",
        "gcp:compute/backendServiceSignedUrlKey:BackendServiceSignedUrlKey": "signs addresses of a cache; a secret of "
        "the provider",
    }
)


@stack_reader(
    "gcp:compute/forwardingRule:ForwardingRule",
    "gcp:compute/globalForwardingRule:GlobalForwardingRule",
)
def forwarding_rule(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    """External unless said otherwise. With an empty scheme it is the consumer's end of Private Service Connect."""
    scheme = made.at("loadBalancingScheme").text(default="EXTERNAL")
    yield PublicAddress(public=scheme.map(lambda name: name.startswith("EXTERNAL")), outbound_only=Field(False))


@stack_reader(
    "gcp:compute/targetHttpProxy:TargetHttpProxy",
    "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy",
)
def http_proxy(made: Resource, stack: Stack) -> Iterator[ListenerTransport]:
    """Plain HTTP, unless all that its URL map does is to redirect."""
    certain, possible = stack.named(made, "urlMap", *URL_MAPS)
    redirects = [_redirects(url_map) for url_map in (*certain, *possible)]
    place = made.at("urlMap")
    answer = every(*redirects).value if redirects else (False if place.given.known else UNKNOWN)
    if possible and answer is not True:
        answer = UNKNOWN
    plain = Field(answer, place.path, source="plain HTTP").map(lambda redirected: not redirected)
    yield ListenerTransport(plaintext=plain)


def _default_policy(policy: object) -> float:
    """Without a SSL policy, a proxy takes TLS 1.0 and later; a policy is judged where it is declared."""
    return 1.2 if policy else 1.0


def _redirects(url_map: Resource) -> Field[bool]:
    default = url_map.at("defaultUrlRedirect.httpsRedirect").flag(default=False)
    paths = [
        matcher.at("defaultUrlRedirect.httpsRedirect").flag(default=False)
        for matcher in url_map.at("pathMatchers").items()
    ]
    return every(default, *paths)


service(
    ("gcp:compute/sSLPolicy:SSLPolicy", "gcp:compute/regionSslPolicy:RegionSslPolicy"),
    oldest_tls("minTlsVersion", default="TLS_1_0"),
    weak_cipher(
        one_of(
            says("profile", "COMPATIBLE", default="COMPATIBLE"),
            both(says("profile", "CUSTOM"), includes("customFeatures", *STATIC_RSA)),
        )
    ),
)
service(
    ("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy"),
    lambda place: (ProtocolVersion(minimum=place.key("sslPolicy").any().map(_default_policy)),),
)
service(
    ("gcp:compute/backendService:BackendService", "gcp:compute/regionBackendService:RegionBackendService"),
    set_("logConfig.enable", audited(on("logConfig.enable"))),
    plaintext(says("protocol", "HTTP")),
)
service(
    URL_MAPS,
    cross_origin(includes("defaultRouteAction.corsPolicy.allowOrigins", "*")),
    each("pathMatchers", cross_origin(includes("defaultRouteAction.corsPolicy.allowOrigins", "*"))),
)
service(
    ("gcp:compute/backendBucket:BackendBucket", "gcp:compute/regionBackendBucket:RegionBackendBucket"),
    public_endpoint(negated(says("loadBalancingScheme", "INTERNAL_MANAGED"))),
)
