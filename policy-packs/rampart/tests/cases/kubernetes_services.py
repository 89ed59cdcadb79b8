"""Cases of the controls on services, ingresses, gateways and network policies of a cluster."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

INTERNAL = "service-is-internal"
PLAIN = "no-plaintext-transport"
INGRESS = "no-open-ingress"
EGRESS = "no-open-egress"
PEERS = "network-policy-names-its-peers"
AWS = "service.beta.kubernetes.io/aws-load-balancer-"
AZURE = "service.beta.kubernetes.io/azure-load-balancer-internal"
LINK = "service.beta.kubernetes.io/azure-pls-"
FOREIGN, PUBLIC = "no-foreign-principal", "no-public-principal"
GKE = "networking.gke.io/load-balancer-type"
ALB = "alb.ingress.kubernetes.io/"


def balancer(annotations: Any = None, **spec: Any) -> Declared:
    metadata = {"name": "app", "annotations": annotations}
    return resource("kubernetes:core/v1:Service", {"metadata": metadata, "spec": {"type": "LoadBalancer", **spec}})


def linked(create: Any = "true", **said: Any) -> Declared:
    """A service that has AKS make a Private Link service for it."""
    named = {f"{LINK}{key.replace('_', '-')}": value for key, value in said.items()}
    return balancer({AZURE: "true", f"{LINK}create": create, **named})


def service(**spec: Any) -> Declared:
    return resource("kubernetes:core/v1:Service", {"spec": spec})


def ingress(annotations: Any = None, **spec: Any) -> Declared:
    metadata = {"name": "app", "annotations": annotations}
    return resource("kubernetes:networking.k8s.io/v1:Ingress", {"metadata": metadata, "spec": spec})


def gateway(*listeners: Any, **spec: Any) -> Declared:
    return resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", {"spec": {"listeners": list(listeners), **spec}})


def policy(token: str = "networking.k8s.io/v1:NetworkPolicy", **spec: Any) -> Declared:
    return resource(f"kubernetes:{token}", {"spec": {"podSelector": {}, **spec}})


def block(cidr: Any, *excepted: Any) -> dict[str, Any]:
    return {"ipBlock": {"cidr": cidr, "except": list(excepted)}}


TLS = [{"hosts": ["app.example.org"], "secretName": "tls"}]
RULE = {"host": "app.example.org"}
EVERY: dict[str, Any] = {"namespaceSelector": {}}
CILIUM = "cilium.io/v2:CiliumNetworkPolicy"
CALICO = "projectcalico.org/v3:GlobalNetworkPolicy"

CASES = [
    violates(FOREIGN, linked(visibility="subscription"), at="azure-pls-visibility"),
    violates(FOREIGN, linked(auto_approval="one other"), at="azure-pls-auto-approval"),
    violates(PUBLIC, linked(visibility="*"), at="azure-pls-visibility"),
    violates(PUBLIC, linked(visibility="one", auto_approval="one *"), at="azure-pls-auto-approval"),
    passes(FOREIGN, linked()),  # whoever has rights on the service itself
    passes(FOREIGN, linked("false", visibility="subscription")),
    passes(PUBLIC, linked(visibility="subscription", auto_approval="subscription")),
    undecided(FOREIGN, linked(visibility=UNKNOWN)),
    undecided(FOREIGN, linked(UNKNOWN, visibility="subscription")),
    violates(INTERNAL, balancer(), at="metadata.annotations"),
    violates(INTERNAL, balancer({f"{AWS}internal": "false"}), at="metadata.annotations"),
    violates(INTERNAL, balancer({f"{AWS}type": "nlb"}), at="metadata.annotations"),
    violates(INTERNAL, balancer({f"{AWS}internal": "true", f"{AWS}scheme": "internet-facing"}), at="internet-facing"),
    violates(INTERNAL, balancer({AZURE: "True"}), at="metadata.annotations"),
    violates(INTERNAL, balancer({AZURE: True}), at="metadata.annotations"),
    violates(INTERNAL, balancer({GKE: "INTERNAL"}), at="metadata.annotations"),
    violates(INTERNAL, balancer({GKE: "External", "cloud.google.com/load-balancer-type": "Internal"}), at="External"),
    violates(
        INTERNAL, balancer({"example.org/internal": "true"}, loadBalancerSourceRanges=["10.0.0.0/8"]), at="metadata"
    ),
    violates(
        INTERNAL,
        resource("kubernetes:core/v1:ServicePatch", {"spec": {"type": "LoadBalancer"}}),
        at="metadata.annotations",
    ),
    violates(INTERNAL, ingress({f"{ALB}scheme": "internet-facing"}, tls=TLS), at="internet-facing"),
    violates(INTERNAL, ingress({"kubernetes.io/ingress.class": "gce"}, tls=TLS), at="kubernetes.io/ingress.class"),
    violates(INTERNAL, ingress(ingressClassName="azure-application-gateway"), at="spec.ingressClassName"),
    violates(INTERNAL, gateway(gatewayClassName="gke-l7-global-external-managed"), at="spec.gatewayClassName"),
    violates(
        INTERNAL,
        resource("kubernetes:core/v1:ServicePatch", {"metadata": {"annotations": {f"{AWS}scheme": "internet-facing"}}}),
        at="internet-facing",
    ),
    violates(
        INTERNAL,
        resource("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", {"spec": {"scheme": "internet-facing"}}),
        at="spec.scheme",
    ),
    passes(INTERNAL, balancer({f"{AWS}internal": "true"})),
    passes(INTERNAL, balancer({f"{AWS}scheme": "internal"})),
    passes(INTERNAL, balancer(loadBalancerClass="service.k8s.aws/nlb")),
    passes(INTERNAL, balancer({GKE: "Internal"})),
    passes(INTERNAL, balancer({AZURE: "true", "other": UNKNOWN})),
    passes(INTERNAL, service(type="ClusterIP")),
    passes(INTERNAL, ingress({f"{ALB}scheme": "internal"})),
    passes(INTERNAL, ingress({"kubernetes.io/ingress.class": "gce-internal"})),
    passes(
        INTERNAL,
        ingress({"appgw.ingress.kubernetes.io/use-private-ip": "true"}, ingressClassName="azure-application-gateway"),
    ),
    passes(INTERNAL, gateway(gatewayClassName="gke-l7-rilb")),
    undecided(INTERNAL, balancer(UNKNOWN)),
    undecided(INTERNAL, balancer({AZURE: UNKNOWN})),
    undecided(INTERNAL, service(type=UNKNOWN)),
    undecided(INTERNAL, ingress(ingressClassName=UNKNOWN)),
    violates("no-node-port", service(type="NodePort", ports=[{"port": 80}]), at="spec.type"),
    passes("no-node-port", service(ports=[{"port": 80}])),
    undecided("no-node-port", service(type=UNKNOWN)),
    violates("no-external-ip", service(externalIPs=["203.0.113.7"]), at="spec.externalIPs[0]"),
    violates("no-external-ip", service(externalIPs=["10.0.0.7"]), at="spec.externalIPs[0]"),
    passes("no-external-ip", service(externalIPs=[])),
    undecided("no-external-ip", service(externalIPs=UNKNOWN)),
    violates(
        "no-external-backend", service(type="ExternalName", externalName="api.example.com"), at="spec.externalName"
    ),
    violates("no-external-backend", service(type="ExternalName", externalName="169.254.169.254"), at="externalName"),
    violates(
        "no-external-backend",
        resource("kubernetes:core/v1:Endpoints", {"subsets": [{"addresses": [{"ip": "10.0.0.1"}, {"ip": "8.8.8.8"}]}]}),
        at="subsets[0].addresses[1].ip",
    ),
    violates(
        "no-external-backend",
        resource("kubernetes:discovery.k8s.io/v1:EndpointSlice", {"endpoints": [{"addresses": ["8.8.8.8"]}]}),
        at="endpoints[0].addresses[0]",
    ),
    violates("no-external-backend", service(type="ExternalName", externalName="metadata.google.internal"), at="spec"),
    passes("no-external-backend", service(type="ExternalName", externalName="db.app.svc.cluster.local")),
    passes("no-external-backend", service(type="ExternalName", externalName="a.b.us-east-1.rds.amazonaws.com")),
    undecided("no-external-backend", service(type="ExternalName", externalName=UNKNOWN)),
    violates(PLAIN, ingress(rules=[RULE]), at="spec.tls"),
    violates(PLAIN, ingress(tls=[], rules=[RULE]), at="spec.tls"),
    violates(PLAIN, ingress(tls=TLS, rules=[RULE, {"host": "b.example.org"}]), at="spec.rules[1].host"),
    violates(PLAIN, ingress({"nginx.ingress.kubernetes.io/ssl-redirect": "false"}, tls=TLS), at="ssl-redirect"),
    violates(PLAIN, ingress({f"{ALB}listen-ports": '[{"HTTP": 80}]'}), at="listen-ports"),
    violates(PLAIN, ingress({"networking.gke.io/managed-certificates": "app"}), at="allow-http"),
    violates(PLAIN, gateway({"protocol": "HTTPS"}, {"protocol": "HTTP"}), at="spec.listeners[1].protocol"),
    violates(
        PLAIN,
        resource(
            "kubernetes:networking.istio.io/v1:Gateway",
            {"spec": {"servers": [{"port": {"number": 80, "protocol": "HTTP"}}]}},
        ),
        at="spec.servers[0].port.protocol",
    ),
    violates(
        PLAIN,
        resource("kubernetes:security.istio.io/v1:PeerAuthentication", {"spec": {"mtls": {"mode": "PERMISSIVE"}}}),
        at="spec.mtls.mode",
    ),
    violates(PLAIN, resource("kubernetes:traefik.io/v1alpha1:IngressRoute", {"spec": {"routes": []}}), at="spec.tls"),
    violates(
        PLAIN,
        resource("kubernetes:projectcontour.io/v1:HTTPProxy", {"spec": {"virtualhost": {"fqdn": "a"}}}),
        at="spec.virtualhost.tls",
    ),
    passes(PLAIN, resource("kubernetes:projectcontour.io/v1:HTTPProxy", {"spec": {"routes": []}})),
    passes(PLAIN, ingress(tls=TLS, rules=[RULE])),
    passes(PLAIN, ingress(tls=[{"hosts": ["*.example.org"]}], rules=[RULE])),
    passes(PLAIN, ingress({f"{ALB}listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]', f"{ALB}ssl-redirect": "443"})),
    passes(PLAIN, ingress({f"{ALB}certificate-arn": "arn:aws:acm:eu-west-1:1:certificate/a"})),
    passes(
        PLAIN,
        ingress({"networking.gke.io/managed-certificates": "app", "kubernetes.io/ingress.allow-http": "false"}),
    ),
    passes(PLAIN, gateway({"protocol": "HTTPS"}, {"protocol": "TLS"})),
    passes(PLAIN, resource("kubernetes:networking.k8s.io/v1:IngressPatch", {"metadata": {"labels": {}}})),
    undecided(PLAIN, ingress(tls=UNKNOWN)),
    violates(INGRESS, policy(ingress=[{"from": [block("10.0.0.0/8"), block("0.0.0.0/0")]}]), at="from[1].ipBlock.cidr"),
    violates(INGRESS, policy(ingress=[{"from": [block("0.0.0.0/0", "10.0.0.0/8")]}]), at="from[0].ipBlock.cidr"),
    violates(INGRESS, policy(ingress=[{"from": [block("0.0.0.0/1")]}, {"from": [block("::/0")]}]), at="ingress[1]"),
    violates(INGRESS, policy(ingress=[{}]), at="ingress[0].from"),
    violates(INGRESS, policy(ingress=[{"from": [], "ports": [{"port": 1, "endPort": 65535}]}]), at="ingress[0].from"),
    violates(INGRESS, policy("extensions/v1beta1:NetworkPolicy", ingress=[{}]), at="ingress[0].from"),
    violates(INGRESS, policy(CILIUM, ingress=[{"fromEntities": ["cluster", "world"]}]), at="fromEntities[1]"),
    violates(INGRESS, policy(CALICO, ingress=[{"action": "Allow"}]), at="ingress[0].source"),
    passes(INGRESS, policy(policyTypes=["Ingress"])),
    passes(INGRESS, policy(policyTypes=["Egress"], ingress=[{}])),
    passes(INGRESS, policy(ingress=[{"from": [block("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")]}])),
    passes(INGRESS, policy(ingress=[{"from": [{"podSelector": {}}, block("203.0.113.7/32")]}])),
    passes(INGRESS, policy(CALICO, ingress=[{"action": "Deny"}])),
    undecided(INGRESS, policy(ingress=UNKNOWN)),
    undecided(INGRESS, policy(ingress=[{"from": [block(UNKNOWN)]}])),
    violates(EGRESS, policy(egress=[{"to": [block("0.0.0.0/0", "169.254.169.254/32")]}]), at="to[0].ipBlock.cidr"),
    violates(EGRESS, policy(egress=[{"ports": [{"port": 443}]}]), at="egress[0].to"),
    violates(EGRESS, policy(CILIUM, egress=[{"toFQDNs": [{"matchPattern": "*"}]}]), at="toFQDNs[0].matchPattern"),
    passes(EGRESS, policy(egress=[{"to": [{**EVERY, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}]}])),
    passes(EGRESS, policy(CILIUM, egress=[{"toFQDNs": [{"matchPattern": "*.example.org"}]}])),
    undecided(EGRESS, policy(egress=[{"to": UNKNOWN}])),
    violates(PEERS, policy(ingress=[{"from": [EVERY]}]), at="from[0].namespaceSelector"),
    violates(PEERS, policy(ingress=[{"from": [{**EVERY, "podSelector": {}}]}]), at="from[0].namespaceSelector"),
    passes(PEERS, policy(ingress=[{"from": [{"podSelector": {}}]}])),
    passes(PEERS, policy(ingress=[{"from": [{**EVERY, "podSelector": {"matchLabels": {"app": "a"}}}]}])),
    undecided(PEERS, policy(ingress=[{"from": [{"namespaceSelector": UNKNOWN}]}])),
]
