"""Network: private subnets that have no path to the internet."""

from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi

from components.capability import Capability
from components.site import Site

ENTRANCE_PORT = 30443
"""What stands behind the entry points listens on it, TCP. It is the same on every cloud: pods that are not root take
any port above 1023, and ports of nodes begin at 30000 (Kubernetes documentation, Service, type NodePort)."""


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What a network needs.

    cidr: the region's /16, RFC 1918. `components.network.plan` divides it; it cannot be changed later.
    reach: private ranges outside it, from which the Kubernetes API may be called: they are let through to the control
        plane's subnet, to port 443, and to nothing else.
    callers: likewise, from which private endpoints may be reached, by their own ports. On AWS the stores' security
        groups admit them; on Google Cloud nothing can.
    visitors: likewise, from which the entry points may be reached, in the ingest range, port 443. On AWS and Azure the
        entry points' own groups admit them.
    entrance: whether there are entry points (`components.ingest`), so that the network's own rules let their load
        balancer's traffic and probes through to `ENTRANCE_PORT` (on AWS security groups do). It can be changed at any
        time, and replaces nothing.
    way_out: whether the network's own rules let the egress subnets out, to TCP port 443 (on Azure its route, too). The
        way itself is `components.egress`'s. It can be changed at any time, and replaces nothing.
    """

    site: Site
    cidr: IPv4Network
    reach: tuple[IPv4Network, ...] = ()
    callers: tuple[IPv4Network, ...] = ()
    visitors: tuple[IPv4Network, ...] = ()
    entrance: bool = False
    way_out: bool = False


class Network(Capability, token="rampart:network:Network"):
    """A private network in one region, spread over the location's zones.

    Nothing in it has a route to the internet, unless the egress subnets are given one (`components.egress`), and
    nothing on the internet has a route to it:

    - AWS: no Internet gateway; route tables that hold the local route and the S3 gateway endpoint; the default
      security group emptied. A subnet lies in one zone, so there is one per zone.
    - Google Cloud: the default routes deleted; two routes, to the restricted API range 199.36.153.4/30 and its direct
      companion 34.126.0.0/18, which stay in Google's network; a firewall policy, ahead of classic rules, that denies
      all egress but to the network itself and those ranges. A subnet spans the region's zones. Endpoints of stores
      cannot be reached over VPC peering: peers come through a Network Connectivity Center hub, a VPN or an
      interconnect.
    - Azure: a route table that drops 0.0.0.0/0; default outbound access off; a security group that denies what does
      not come from or go to the network. A subnet spans the region's zones. **One exception**: a pod exchanges its
      token for a cloud identity's at the Entra login service, which has no private endpoint. The subnets that pods run
      in (workloads, egress) have one route, to the service tag `AzureActiveDirectory`, through a NAT gateway that takes
      in no connections, and one security rule, for port 443 of that tag. Nothing else on the internet can be reached.
    """

    id: pulumi.Output[str]
    """The VPC id, network self link, or virtual network id."""

    workload_subnets: pulumi.Output[list[str]]
    """Ids of the subnets for what runs: one per zone on AWS, one for all zones elsewhere."""

    endpoint_subnets: pulumi.Output[list[str]]
    """Ids of the subnets for private endpoints of cloud services and stores, likewise."""

    control_subnets: pulumi.Output[list[str]]
    """Ids of the subnets that only the Kubernetes control plane's private addresses stand in, likewise; on AWS in the
    first three zones only."""

    egress_subnets: pulumi.Output[list[str]]
    """Ids of the subnets of the egress pool, likewise: the only ones that can ever be given a way out."""

    cidr: pulumi.Output[str]
    """The region's /16."""

    callers: pulumi.Output[list[str]]
    """What may reach a private endpoint: the region's /16, and the ranges of peers that were named for it."""
