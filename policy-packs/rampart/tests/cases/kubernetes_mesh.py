"""Cases of a mesh's rules, and of kinds whose spec is free settings."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def custom(kind: str, **spec: Any) -> Declared:
    return resource(f"kubernetes:{kind}", {"metadata": {"name": "a", "namespace": "b"}, "spec": spec})


def policy(*rules: Any, **spec: Any) -> Declared:
    return custom("security.istio.io/v1:AuthorizationPolicy", rules=list(rules), **spec)


def source(**named: Any) -> dict[str, Any]:
    return {"from": [{"source": named}]}


def entry(*hosts: Any) -> Declared:
    return custom("networking.istio.io/v1:ServiceEntry", hosts=list(hosts), location="MESH_EXTERNAL")


def rule(**traffic: Any) -> Declared:
    return custom("networking.istio.io/v1:DestinationRule", host="a", **traffic)


def nodes(**spec: Any) -> Declared:
    return custom("karpenter.k8s.aws/v1:EC2NodeClass", **spec)


PUBLIC, EGRESS, PLAIN, CLEAR = (
    "no-public-principal",
    "no-open-egress",
    "no-plaintext-transport",
    "no-clear-text-secret",
)
KEY = "AKIA" + "IOSFODNN7EXAMPLE"
DISABLED = {"tls": {"mode": "DISABLE"}}

CASES = [
    violates(PUBLIC, policy({}), at="spec.rules[0]"),
    violates(PUBLIC, policy(source(principals=["*"])), at="principals[0]"),
    violates(PUBLIC, policy(source(notPrincipals=["a"])), at="from[0].source"),
    passes(PUBLIC, policy(source(principals=["cluster.local/ns/a/sa/b"]))),
    passes(PUBLIC, policy({}, action="DENY"), custom("security.istio.io/v1:AuthorizationPolicy")),
    passes(PUBLIC, policy({"to": [{"operation": {"paths": ["/healthz"]}}]})),
    undecided(PUBLIC, policy(source(principals=[UNKNOWN]))),
    undecided(PUBLIC, policy({"from": [{"source": UNKNOWN}]})),
    violates(EGRESS, entry("*"), at="spec.hosts[0]"),
    violates(EGRESS, entry("api.example.org", "*.com"), at="spec.hosts[1]"),
    violates(EGRESS, custom("networking.istio.io/v1:Sidecar", outboundTrafficPolicy={"mode": "ALLOW_ANY"}), at="mode"),
    passes(EGRESS, entry("api.example.org", "*.example.org")),
    undecided(EGRESS, entry(UNKNOWN)),
    violates(PLAIN, rule(subsets=[{"name": "a", "trafficPolicy": DISABLED}]), at="subsets[0].trafficPolicy.tls.mode"),
    violates(PLAIN, rule(trafficPolicy={"portLevelSettings": [DISABLED]}), at="portLevelSettings[0].tls.mode"),
    passes(PLAIN, rule(trafficPolicy={"tls": {"mode": "ISTIO_MUTUAL"}})),
    violates("certificates-are-checked", rule(trafficPolicy={"tls": {"insecureSkipVerify": True}}), at="trafficPolicy"),
    violates(
        CLEAR,
        custom("cert-manager.io/v1:ClusterIssuer", acme={"solvers": [{"dns01": {"route53": {"accessKeyID": KEY}}}]}),
        at="route53.accessKeyID",
    ),
    violates(CLEAR, custom("example.org/v1:Database", password="hunter2hunter2"), at="spec.password"),
    violates(
        "no-plaintext-connection",
        custom("external-secrets.io/v1:SecretStore", provider={"vault": {"server": "http://vault.example.org"}}),
        at="vault.server",
    ),
    passes(CLEAR, custom("example.org/v1:Database", passwordSecretRef={"name": "db-login", "key": "password"})),
    violates("metadata-service-is-guarded", nodes(metadataOptions={"httpTokens": "optional"}), at="httpTokens"),
    violates("no-automatic-public-address", nodes(associatePublicIPAddress=True), at="associatePublicIPAddress"),
    violates("store-is-encrypted", nodes(blockDeviceMappings=[{"ebs": {"encrypted": False}}]), at="ebs.encrypted"),
    passes("metadata-service-is-guarded", nodes(metadataOptions={"httpTokens": "required"})),
]
