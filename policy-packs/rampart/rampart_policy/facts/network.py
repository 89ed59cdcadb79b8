"""Facts about networks: who can reach what, and by which way."""

from dataclasses import dataclass
from enum import StrEnum

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a network rule, or the destination of a route.

    text: as the program wrote it. public: it takes in more of the internet than any one named party has.
    """

    text: str
    public: bool

    def __str__(self) -> str:
        return self.text


class Direction(StrEnum):
    INGRESS = "ingress"
    EGRESS = "egress"


@fact
class NetworkRule(Fact):
    """One peer of one rule of a security group or firewall: a rule with three ranges is three facts."""

    direction: Field[Direction]
    allows: Field[bool]
    peer: Field[Peer]


@fact
class NetworkRoute(Fact):
    """One route. leads_out: its next hop is the internet, or a gateway to it."""

    destination: Field[Peer]
    leads_out: Field[bool]


@fact
class InternetGateway(Fact):
    """A gateway that connects a network with the internet. public: it really does."""

    public: Field[bool]


@fact
class NetworkAddressTranslation(Fact):
    """A NAT. public: it translates to public addresses, which is a way out and none in."""

    public: Field[bool]


@fact
class AutomaticAddressing(Fact):
    """Whether what is placed here is given a public address without asking for one."""

    public: Field[bool]


@fact
class DefaultNetworking(Fact):
    """What a new network comes with. subnets: made by the cloud, in every region. routes: to the internet."""

    subnets: Field[bool]
    routes: Field[bool]


@fact
class DefaultOutboundAccess(Fact):
    """Whether machines in a subnet reach the internet through addresses that the cloud lends them."""

    enabled: Field[bool]


@fact
class SubnetGuards(Fact):
    """What is attached to a subnet on clouds where that is the subnet's own property."""

    security_group: Field[bool]
    route_table: Field[bool]


@fact
class DefaultSecurityGroup(Fact):
    """The security group that everything without one gets. rules: it has some."""

    rules: Field[bool]


@dataclass(frozen=True, slots=True)
class Way:
    """What gets from a subnet to the internet, or the other way. to: the addresses, in words. traffic: likewise."""

    to: tuple[str, ...]
    traffic: str

    def __str__(self) -> str:
        return f"{self.traffic} to {', '.join(self.to)}" if self.to else self.traffic


@fact
class WaysOut(StackFact):
    """What a subnet reaches on the internet by all routes and rules of the stack together."""

    ways: Field[tuple[Way, ...]]


@fact
class WaysIn(StackFact):
    """What the internet reaches in a subnet by all routes, rules and public addresses of the stack together."""

    ways: Field[tuple[Way, ...]]


@fact
class ServiceEndpoint(Fact):
    """Where a managed service listens.

    public: on the internet. admits: whom its own firewall lets through when no rule says so: everyone, or nobody.
    """

    public: Field[bool]
    admits: Field[bool]


@fact
class PublicAddress(StackFact):
    """A public address that is reserved. outbound_only: nothing but a NAT uses it."""

    public: Field[bool]
    outbound_only: Field[bool]


@fact
class DefaultSecurityGroupAdoption(StackFact):
    """Whether the program takes charge of the default security group of a network that it makes."""

    adopted: Field[bool]


@fact
class DnsZone(Fact):
    """A DNS zone. public: the internet can ask it."""

    public: Field[bool]


@fact
class EndpointNames(StackFact):
    """A private endpoint. serves: it leads to one of the cloud's services, whose name clients use. zoned: a private
    zone gives that name the endpoint's address.
    """

    serves: Field[bool]
    zoned: Field[bool]
