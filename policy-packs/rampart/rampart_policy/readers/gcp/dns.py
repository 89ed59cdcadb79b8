"""Google Cloud DNS: zones."""

from collections.abc import Iterator

from rampart_policy.facts import DnsZone
from rampart_policy.readers.table import audited, on, service, set_
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource

no_surface(
    {
        "gcp:dns/recordSet:RecordSet": "a name in a zone, which is judged",
        "gcp:dns/responsePolicy:ResponsePolicy": "answers names inside networks",
        "gcp:dns/responsePolicyRule:ResponsePolicyRule": "answers a name inside networks",
    }
)


service("gcp:dns/policy:Policy", set_("enableLogging", audited(on("enableLogging"))))


@reader("gcp:dns/managedZone:ManagedZone")
def zone(made: Resource) -> Iterator[DnsZone]:
    yield DnsZone(public=made.at("visibility").text(default="public").map(lambda kind: kind.lower() != "private"))
