"""Google Cloud load balancing: what forwarding rules listen on."""

from collections.abc import Iterator

from rampart_policy.facts import PublicAddress
from rampart_policy.registry import stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field


@stack_reader(
    "gcp:compute/forwardingRule:ForwardingRule",
    "gcp:compute/globalForwardingRule:GlobalForwardingRule",
)
def forwarding_rule(made: Resource, stack: Stack) -> Iterator[PublicAddress]:
    """External unless said otherwise. With an empty scheme it is the consumer's end of Private Service Connect."""
    scheme = made.at("loadBalancingScheme").text(default="EXTERNAL")
    yield PublicAddress(public=scheme.map(lambda name: name.startswith("EXTERNAL")), outbound_only=Field(False))
