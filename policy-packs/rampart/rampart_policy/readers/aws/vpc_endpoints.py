"""AWS VPC endpoints: what they let through. An endpoint with no policy lets everything through (VPC User Guide)."""

from collections.abc import Iterator

from rampart_policy.facts import EndpointPolicy
from rampart_policy.readers.aws.policies import statements
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, every

POLICED = ("Gateway", "Interface")
"""The kinds of endpoint that have a policy (Gateway Load Balancer endpoints have none)."""

ANY_ACTION = r"\*|[a-z0-9-]+:\*"
ANY_RESOURCE = r"\*|arn:[^:]*:[a-z0-9-]*:[^:]*:[^:]*:\*"


@reader("aws:ec2/vpcEndpoint:VpcEndpoint")
def endpoint(made: Resource) -> Iterator[EndpointPolicy]:
    policy = made.at("policy")
    if not policy.missing:
        yield from _statements(policy)
        return
    kind = made.at("vpcEndpointType").text(default="Gateway").map(lambda name: name in POLICED)
    yield EndpointPolicy(allows=kind, everything=Field(True, "policy", default=True), narrowed=Field(False, "policy"))


@reader("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy")
def endpoint_policy(made: Resource) -> Iterator[EndpointPolicy]:
    yield from _statements(made.at("policy"))


def _statements(policy: Node) -> Iterator[EndpointPolicy]:
    for statement in statements(policy):
        yield EndpointPolicy(
            allows=statement.allows,
            everything=every(statement.all_of("Action", ANY_ACTION), statement.all_of("Resource", ANY_RESOURCE)),
            narrowed=statement.narrowed,
        )
