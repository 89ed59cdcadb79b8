"""Amazon Route 53: zones."""

from collections.abc import Iterator

from rampart_policy.facts import DnsZone
from rampart_policy.readers.table import guard_rail, service, unless
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource

no_surface(
    {
        "aws:route53/record:Record": "a name in a zone, which is judged",
        "aws:route53/zoneAssociation:ZoneAssociation": "lets another network of the account ask a private zone",
    }
)


@reader("aws:route53/zone:Zone")
def zone(made: Resource) -> Iterator[DnsZone]:
    """A zone is private if it was made with a network, and cannot become so later (`aws.route53.Zone.vpcs`)."""
    yield DnsZone(public=made.at("vpcs").any().map(lambda networks: not networks))


service("aws:route53/resolverFirewallConfig:ResolverFirewallConfig", guard_rail(unless("firewallFailOpen", "ENABLED")))
