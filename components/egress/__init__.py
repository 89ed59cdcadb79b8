"""Egress: the one way out, for the egress pool alone, to listed domains."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.egress.domains import problem
from components.network import Network
from components.site import Site

PORT = 443
"""The only port that is let out, TCP."""


@dataclass(frozen=True, kw_only=True)
class EgressArgs:
    """What a way out needs.

    network: made with `way_out`, so that its own rules let the egress subnets' traffic pass.
    domains: what may be reached: exact host names, and `*.example.com` for all names below one. `ValueError` for none,
        a name twice, or what `components.egress.domains` refuses.
    """

    site: Site
    network: Network
    domains: tuple[str, ...]

    def __post_init__(self) -> None:
        if wrong := problems(self.domains):
            raise ValueError("; ".join(wrong))
        if not self.domains:
            raise ValueError("no domains: without any there is no way out to make")


def problems(domains: tuple[str, ...]) -> list[str]:
    """What is wrong with a list of domains, a sentence each."""
    twice = sorted({domain for domain in domains if domains.count(domain) > 1})
    return [*filter(None, map(problem, domains)), *(f"{domain!r} is listed twice" for domain in twice)]


class Egress(Capability, token="rampart:egress:Egress"):
    """A way out of the egress subnets, and of no other, to TCP port 443, that takes in no connections.

    It is made only if domains are listed; without it nothing can leave (but to the Entra login service on Azure, see
    `components.network`). Turning it on and off makes and takes away what is listed here, and replaces nothing:

    - AWS: an Internet gateway, a regional NAT gateway, which stands in no subnet, and the default route of the egress
      subnets' own table. The gateway's own table, which AWS makes, is the only one that leads to the Internet gateway:
      no subnet is public. A network ACL on the egress subnets lets out port 443 only. AWS gives the NAT its addresses,
      another with each zone: they are not fixed.
    - Google Cloud: a Cloud Router whose NAT serves the egress subnet's two ranges; a default route that binds machines
      with the network tag `egress`, which nodes of the egress pool always carry; one firewall rule ahead of the denial,
      from the egress subnet's ranges to port 443. Google gives the NAT its addresses: they are not fixed. What leaves
      is logged.
    - Azure: nothing of its own. The egress subnet's route table and security group, which nothing else uses, are
      changed in place: 0.0.0.0/0 leads to the internet instead of nowhere, and one rule lets out port 443. The NAT
      gateway is the one that the Entra path has, so both leave from **one address**, which is fixed: who admits that
      address admits the egress pool, and not the workloads, which can reach the login service only.

    **What the cloud enforces is the port and the subnet, not the names**: whatever runs in the egress subnets can open
    connections to port 443 of any address. The names are enforced by the filtering proxy, which the in-cluster program
    runs in the egress pool and nowhere else, and by network policies that let other pods reach the internet by it only:
    it reads `domains` from the stack's exports. Not done are the clouds' own filters of names (Route 53 Resolver DNS
    Firewall, Cloud DNS response policies, Azure DNS security policies): they act on lookups, not on connections, and
    for a whole network. So a lookup of a foreign name still leaves through the cloud's resolver, from every subnet.
    """

    domains: pulumi.Output[list[str]]
    """What may be reached; known once the way is there."""

    subnets: pulumi.Output[list[str]]
    """Ids of the subnets that have the way out."""
