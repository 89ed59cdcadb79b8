"""Services of a cluster: who reaches them, and where they lead."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import ExternalAddress, ExternalBackend, NodePort, PolicyPeer, ServiceExposure
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import Verdict


@control(
    id="service-is-internal",
    title="Load balancers of services and ingresses are internal",
    why="A load balancer is public unless it is told otherwise, in words that each cloud has its own for.",
    remediation="Annotate it: service.beta.kubernetes.io/aws-load-balancer-scheme internal, "
    "networking.gke.io/load-balancer-type Internal, service.beta.kubernetes.io/azure-load-balancer-internal true (as "
    "texts); for ingresses alb.ingress.kubernetes.io/scheme internal, the class gce-internal, "
    "appgw.ingress.kubernetes.io/use-private-ip true.",
    severity=Severity.CRITICAL,
    judges=ServiceExposure,
)
def internal(service: ServiceExposure, settings: Settings) -> Verdict:
    return service.public.must(lambda public: not public, "an internal load balancer")


@control(
    id="no-node-port",
    title="Services take no port of the nodes",
    why="The port is open on every node, to whoever reaches one of them.",
    remediation="Use ClusterIP, or an internal load balancer.",
    severity=Severity.HIGH,
    judges=NodePort,
)
def node_port(service: NodePort, settings: Settings) -> Verdict:
    return service.taken.must_be(False, "ClusterIP, or an internal LoadBalancer")


@control(
    id="no-external-ip",
    title="Services answer on the cluster's own addresses",
    why="With externalIPs a service takes over traffic for any address, also one that is somebody else's "
    "(CVE-2020-8554).",
    remediation="Remove externalIPs.",
    severity=Severity.HIGH,
    judges=ExternalAddress,
)
def external_address(service: ExternalAddress, settings: Settings) -> Verdict:
    return service.address.must(lambda _: False, "none")


@control(
    id="no-external-backend",
    title="No service leads out of the private network",
    why="Clients take the service for one of the cluster's own, and talk to whoever has the name or address today.",
    remediation="Name the outside address where it is used, and let it through in an egress policy.",
    severity=Severity.MEDIUM,
    judges=ExternalBackend,
)
def external_backend(service: ExternalBackend, settings: Settings) -> Verdict:
    return service.private.must(bool, "a private name or address")


@control(
    id="network-policy-names-its-peers",
    title="Network policies name the namespaces that they let in",
    why="A selector without labels is every pod of every namespace, also of those that come later.",
    remediation="Give the namespace selector a label (kubernetes.io/metadata.name), or select pods.",
    severity=Severity.MEDIUM,
    judges=PolicyPeer,
)
def named_peers(peer: PolicyPeer, settings: Settings) -> Verdict:
    return peer.everything.must(lambda everything: not everything, "a selector with labels")
