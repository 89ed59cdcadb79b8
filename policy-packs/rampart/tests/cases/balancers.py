"""Cases of load balancers and private connections."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

PROXY, URL_MAP = "gcp:compute/targetHttpProxy:TargetHttpProxy", "gcp:compute/uRLMap:URLMap"
POLICY = "gcp:compute/sSLPolicy:SSLPolicy"
ATTACHMENT, TUNNEL = "gcp:compute/serviceAttachment:ServiceAttachment", "gcp:compute/vPNTunnel:VPNTunnel"
VPN = "gcp:compute/haVpnGateway:HaVpnGateway"


def url_map(**properties: Any) -> Declared:
    return resource(URL_MAP, properties, outputs={"id": "maps/m", "selfLink": "https://maps/m"}, name="map")


def proxied(on: Declared, token: str = PROXY, url: Any = UNKNOWN) -> tuple[Declared, Declared]:
    return on, resource(token, {"urlMap": url}, depends={"urlMap": on}, name="proxy")


def ssl(**properties: Any) -> Declared:
    return resource(POLICY, {"profile": "MODERN", "minTlsVersion": "TLS_1_2", **properties})


LISTENER, CIPHER, OLDEST = "no-plaintext-listener", "no-weak-cipher", "tls-1-2-or-later"
CORS, PUBLIC, GATEWAY = "no-open-cross-origin", "no-public-principal", "no-internet-gateway"
REDIRECT = {"defaultUrlRedirect": {"httpsRedirect": True, "stripQuery": False}}

BACKEND = "gcp:compute/regionBackendService:RegionBackendService"

CASES = [
    violates("no-plaintext-transport", resource(BACKEND, {"protocol": "HTTP"}), at="protocol"),
    passes("no-plaintext-transport", resource(BACKEND, {"protocol": "HTTPS"}), resource(BACKEND, name="tcp")),
    violates(LISTENER, *proxied(url_map(defaultService="backend")), at="urlMap"),
    violates(LISTENER, resource(PROXY, {"urlMap": "elsewhere"}), at="urlMap"),
    violates(
        LISTENER,
        *proxied(
            url_map(**REDIRECT, pathMatchers=[{"name": "p", "defaultService": "backend"}]),
        ),
        at="urlMap",
    ),
    passes(LISTENER, *proxied(url_map(**REDIRECT))),
    passes(
        LISTENER,
        url_map(defaultService="backend"),
        resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", {"urlMap": "maps/m"}),
    ),
    undecided(LISTENER, *proxied(url_map(defaultUrlRedirect={"httpsRedirect": UNKNOWN}))),
    undecided(LISTENER, resource(PROXY, {"urlMap": UNKNOWN})),
    violates(CIPHER, ssl(profile=None), at="profile"),
    violates(CIPHER, ssl(profile="COMPATIBLE"), at="profile"),
    violates(CIPHER, ssl(profile="CUSTOM", customFeatures=["TLS_RSA_WITH_AES_128_CBC_SHA"]), at="profile"),
    violates(CIPHER, resource(TUNNEL, {"ikeVersion": 1}), at="ikeVersion"),
    passes(CIPHER, ssl()),
    passes(CIPHER, ssl(profile="CUSTOM", customFeatures=["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"])),
    passes(CIPHER, resource(TUNNEL, {"ikeVersion": 2})),
    undecided(CIPHER, ssl(profile=UNKNOWN)),
    violates(OLDEST, ssl(minTlsVersion=None), at="minTlsVersion"),
    violates(OLDEST, resource("gcp:compute/regionSslPolicy:RegionSslPolicy", {"minTlsVersion": "TLS_1_1"}), at="1_1"),
    violates(OLDEST, resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", {"urlMap": "m"}), at="sslPolicy"),
    passes(OLDEST, resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", {"sslPolicy": "p"})),
    undecided(OLDEST, resource("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", {"sslPolicy": UNKNOWN})),
    passes(OLDEST, ssl()),
    violates(
        CORS, url_map(defaultRouteAction={"corsPolicy": {"allowOrigins": ["https://a.example", "*"]}}), at="Origins[1]"
    ),
    passes(CORS, url_map(defaultRouteAction={"corsPolicy": {"allowOrigins": ["https://a.example"]}})),
    undecided(CORS, url_map(defaultRouteAction={"corsPolicy": {"allowOrigins": [UNKNOWN]}})),
    violates(PUBLIC, resource(ATTACHMENT, {"connectionPreference": "ACCEPT_AUTOMATIC"}), at="connectionPreference"),
    passes(PUBLIC, resource(ATTACHMENT, {"connectionPreference": "ACCEPT_MANUAL"})),
    undecided(PUBLIC, resource(ATTACHMENT, {"connectionPreference": UNKNOWN})),
    violates(GATEWAY, resource(VPN, {"network": "n"}), at="vpnInterfaces"),
    violates(GATEWAY, resource("gcp:compute/vPNGateway:VPNGateway"), at="type"),
    passes(GATEWAY, resource(VPN, {"vpnInterfaces": [{"id": 0, "interconnectAttachment": "a"}]})),
    violates("no-clear-text-secret", resource(TUNNEL, {"sharedSecret": "hunter22"}), at="sharedSecret"),
    passes("no-clear-text-secret", resource(TUNNEL, {"sharedSecretWo": "hunter22"})),
    violates(
        "no-public-endpoint", resource("gcp:compute/backendBucket:BackendBucket", {"bucketName": "b"}), at="Scheme"
    ),
    passes(
        "no-public-endpoint",
        resource("gcp:compute/backendBucket:BackendBucket", {"loadBalancingScheme": "INTERNAL_MANAGED"}),
    ),
    violates(
        "no-open-ingress",
        resource(
            "gcp:compute/organizationSecurityPolicyRule:OrganizationSecurityPolicyRule",
            {"action": "allow", "direction": "INGRESS", "match": {"config": {"srcIpRanges": ["0.0.0.0/0"]}}},
        ),
        at="match.config.srcIpRanges[0]",
    ),
]
