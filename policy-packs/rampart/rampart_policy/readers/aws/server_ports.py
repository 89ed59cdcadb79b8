"""The security groups of a database: which ports they admit."""

from collections.abc import Iterator

from rampart_policy.facts import ServerPort
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN, Field, Node, combine

PORTS = {"postgres": 5432, "aurora-postgresql": 5432, "mysql": 3306, "mariadb": 3306, "aurora-mysql": 3306}
"""The port of each engine when nothing is said (`aws.rds.Instance.port`)."""

GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def rules(made: Resource, stack: Stack) -> Iterator[ServerPort]:
    """One fact per ingress rule of the groups that the server names. Engines without a known port are left alone."""
    engine = made.at("engine").raw
    default = PORTS.get(engine) if isinstance(engine, str) else None
    if default is None and made.at("port").missing:
        return
    port = made.at("port").number(default=default or 0)
    certain, possible = stack.named(made, "vpcSecurityGroupIds", GROUP)
    if possible:
        yield ServerPort(own=Field(UNKNOWN, "vpcSecurityGroupIds"))
    for group in certain:
        for place in _of_group(group, stack):
            yield ServerPort(own=_only(place, port, group.name))


def _of_group(group: Resource, stack: Stack) -> Iterator[Node]:
    yield from group.at("ingress").items()
    for rule in stack.companions(group, "securityGroupId", RULE)[0]:
        if rule.at("type").raw != "egress":
            yield rule.properties
    for rule in stack.companions(group, "securityGroupId", INGRESS)[0]:
        yield rule.properties


def _only(place: Node, port: Field[float], group: str) -> Field[bool]:
    protocol = place.key("protocol")
    found = combine(
        lambda kind, first, last, own: kind.lower() in ("tcp", "6") and first == last == own,
        (place.key("ipProtocol") if protocol.missing else protocol).text(default="-1"),
        place.key("fromPort").number(default=0),
        place.key("toPort").number(default=65_535),
        port,
    )
    shown = f"{place.key('ipProtocol').raw or protocol.raw} {place.key('fromPort').raw} to {place.key('toPort').raw}"
    where = f"{group}.{place.path}" if place.path else group
    return Field(found.value, where if found.known else f"{group}.{found.path}", source=shown)
