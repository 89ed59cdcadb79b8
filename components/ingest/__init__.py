"""Ingest: the one way in for others, by private link, for named consumers alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.capability import Capability
from components.cluster import Cluster
from components.dns import Dns
from components.network import Network
from components.network.plan import Range, part
from components.site import Site

PORT = 443
"""The only port that consumers reach, TCP."""

HOST = "ingest"
"""The first label of the name; the rest is the data plane's own domain."""


@dataclass(frozen=True, kw_only=True)
class IngestArgs:
    """What a way in needs.

    network: made with `entrance`, so that its own rules let the load balancer's traffic and probes pass.
    consumers: who may connect: AWS account ids, Google Cloud project ids, Azure subscription ids. `ValueError` for
        none, and for one twice.
    visitors: private ranges of peers that may reach the entry points over the peering, without a private link.
    """

    site: Site
    network: Network
    dns: Dns
    cluster: Cluster
    consumers: tuple[str, ...]
    visitors: tuple[IPv4Network, ...] = ()

    def __post_init__(self) -> None:
        if wrong := problems(self.consumers):
            raise ValueError("; ".join(wrong))
        if not self.consumers:
            raise ValueError("no consumers: without any there is no way in to make")


def problems(consumers: Sequence[str]) -> list[str]:
    """What is wrong with a list of consumers on any cloud, a sentence each."""
    return [f"{each} is listed twice" for each in sorted({each for each in consumers if consumers.count(each) > 1})]


def quarter(cidr: IPv4Network, position: int) -> IPv4Network:
    """A quarter of the ingest range: what its subnets are on clouds where a subnet spans the zones."""
    return list(part(cidr, Range.INGEST).subnets(prefixlen_diff=2))[position]


class Ingest(Capability, token="rampart:ingest:Ingest"):
    """A private-link service in front of the data plane's entry points: TCP port 443, from named consumers, and from
    peers that may reach the entry points. Nothing of it has a public address, and only consumers open connections.

    It is made only if consumers are listed, with subnets of its own; turning it on and off replaces nothing. A listed
    consumer's connections are accepted as they are made; nobody else's are. The policy pack lets a consumer in only if
    `rampart.consumers` of its own configuration lists it too.

    - AWS: an internal Network Load Balancer in a subnet per zone, and an endpoint service whose allowed principals are
      the consumers' accounts. Who is no longer listed makes no new connections, and keeps those that were accepted:
      reject them by hand. A consumer's endpoint stands in zones that both sides have.
    - Google Cloud: a regional internal proxy Network Load Balancer, and a service attachment that accepts the listed
      projects, ten endpoints each, and propagates them to none of a consumer's hubs. Who is no longer listed is cut
      off. An endpoint in this very network is refused by Google.
    - Azure: AKS itself makes an internal Standard Load Balancer and a Private Link service, seen by and approved for
      the listed subscriptions, from `annotations` of the Kubernetes service in front of the entry points: nothing else
      can put its nodes behind one. Made here are the subnets, the address, the name, and the right of the cluster's
      identity to have Private Link services in the resource group. Consumers are still decided in the settings; but
      what opens the way is a Kubernetes service, so whoever may write services in the cluster can let in others, and
      the policy pack judges who is let in where the in-cluster program is previewed. Who is no longer listed keeps the
      connections that were approved: reject them by hand. Idle connections end after four minutes.

    **Name**: `ingest.<stack>.rampart.internal`, under the data plane's own domain, which is in no public zone. Inside,
    and for peers that ask this network's zones, it leads to the load balancer; a consumer has a private zone of that
    name, which leads to its own endpoint. The clouds can hand the name on by themselves only after its owner has been
    proved in a public zone (AWS's private DNS name, Google's domain names), so it is not asked of them.

    **Certificate**: the cloud half carries TCP only and has no certificate. TLS ends in the cluster, with a certificate
    for the name from the issuer that the in-cluster program runs, whose private key never leaves the cluster. Consumers
    trust that issuer's authority, which the in-cluster program's stack exports (project `rampart-workloads`, the same
    stack name, output `ingest_authority`: PEM). The issuer renews the certificate by itself, a third of its life
    before the end, and consumers notice nothing. When the authority itself is renewed, the output holds old and new for
    as long as either signs: consumers take all that is in it, and read it again at least once a month.

    **Targets**: the load balancer's are none to begin with, so its probes fail and nothing answers. `target` is where
    the in-cluster program puts them, and `up` leaves alone what is in it: on AWS a target group of pod addresses
    (`TargetGroupBinding` of the AWS Load Balancer Controller); on Google Cloud a backend service, to which the network
    endpoint groups of a Kubernetes service are added; on Azure a Kubernetes service of type LoadBalancer with that node
    port and `annotations`, and `id` is the Private Link service that comes of it.
    """

    name: pulumi.Output[str]
    """What consumers connect to, and what the certificate is for."""

    service: pulumi.Output[str]
    """What a consumer's endpoint names: the endpoint service's name, the service attachment's URI, the alias."""

    target: pulumi.Output[dict[str, str]]
    """Where back ends are registered: `kind` (`target-group`, `backend-service`, `service-annotations`), `id` and the
    `port` that they listen on, and are probed on."""

    annotations: pulumi.Output[dict[str, str]]
    """What the Kubernetes service in front of the entry points carries, so that the cloud brings it here: on Azure; on
    the others none."""

    consumer_needs: pulumi.Output[list[str]]
    """What a consumer must do on its side: sentences and commands, in order."""

    def told(self, consumers: Sequence[str]) -> pulumi.Output[dict[str, Any]]:
        """What others are told of it: the outputs, with the port and who the consumers are."""
        outputs = {output: getattr(self, output) for output in self.outputs}
        return pulumi.Output.all(**outputs, port=PORT, consumers=list(consumers))


NO_WAY_IN: Mapping[str, Any] = {
    **dict.fromkeys(("name", "service"), ""),
    **{"target": {}, "annotations": {}, "consumer_needs": [], "port": PORT, "consumers": []},
}
"""What others are told where there is none."""


def trust(name: str) -> str:
    """What every consumer must know of the certificate, on any cloud."""
    return (
        f"Trust the authority in the output ingest_authority of the in-cluster stack, all certificates in it, for "
        f"{name} alone; read it again at least once a month. The certificate is renewed without notice."
    )
