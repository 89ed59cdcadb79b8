"""RDS servers together with what their stack says of them: parameter groups, security groups, instances."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.facts import (
    ClusterStandby,
    Fact,
    ProtocolVersion,
    ServerPort,
    ServerTransport,
    StackFact,
    Transport,
)
from rampart_policy.readers import transport
from rampart_policy.readers.aws import server_ports
from rampart_policy.registry import reader, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN, Field

GROUP = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
INSTANCE = "aws:rds/clusterInstance:ClusterInstance"

ENFORCED_SINCE = {"postgres": 15, "aurora-postgresql": 17}
"""The first major version of each engine that refuses plaintext by default (RDS and Aurora User Guides, "SSL/TLS")."""

MODERN_SINCE = {"mysql": 8, "aurora-mysql": 8, "mariadb": 11}
"""The first major version of each engine without TLS 1.1. RDS for PostgreSQL still lists it (RDS User Guide)."""

LATEST = 10_000
"""Stands for the major version of a server that names none."""

_VERSION = re.compile(r"^([a-z-]+?)(\d+)?(?:\..*)?$")


@reader(GROUP, CLUSTER_GROUP)
def parameters(made: Resource) -> Iterator[Fact]:
    """What a group turns off or lowers; what it leaves alone is judged with the server that uses it."""
    places = list(made.at("parameters").items())
    if (enforcing := transport.setting(places, transport.ENFORCING)) is not None:
        yield Transport(plaintext=enforcing.map(transport.is_off))
    if (minimum := transport.setting(places, transport.MINIMUM)) is not None:
        yield ProtocolVersion(minimum=minimum.map(transport.oldest))


@stack_reader("aws:rds/instance:Instance")
def server(made: Resource, stack: Stack) -> Iterator[ServerTransport | ServerPort]:
    yield from _transport(made, stack, "parameterGroupName", GROUP)
    yield from server_ports.rules(made, stack)


@stack_reader("aws:rds/cluster:Cluster")
def cluster(made: Resource, stack: Stack) -> Iterator[StackFact]:
    """A Multi-AZ cluster of RDS (`dbClusterInstanceClass`) comes with its instances."""
    yield from _transport(made, stack, "dbClusterParameterGroupName", CLUSTER_GROUP)
    yield from server_ports.rules(made, stack)
    if made.at("dbClusterInstanceClass").missing:
        certain, possible = stack.companions(made, "clusterIdentifier", INSTANCE)
        decided = len(certain) >= 2 or not possible
        servers = len(certain) if decided else UNKNOWN
        yield ClusterStandby(servers=Field(servers, "ClusterInstance with this cluster", default=True))


def _transport(made: Resource, stack: Stack, place: str, kind: str) -> Iterator[ServerTransport]:
    engine = made.at("engine").raw
    if isinstance(engine, str) and engine.startswith(("oracle", "custom-oracle", "db2")):
        return  # by option groups and listeners, not by parameters
    certain, possible = stack.named(made, place, kind)
    name = made.at(place)
    if certain:
        yield _of_group(certain[0])
    elif possible or not (name.missing or isinstance(name.raw, str)):
        yield ServerTransport(refuses_plaintext=Field(UNKNOWN, place), minimum=Field(UNKNOWN, place))
    elif name.missing:
        yield _defaults(made.at("engine").text(default=""), made.at("engineVersion").text(default=""), place)
    else:
        elsewhere = f"{name.raw}, which this stack does not declare"
        yield ServerTransport(
            refuses_plaintext=Field(False, place, source=elsewhere), minimum=Field(0.0, place, source=elsewhere)
        )


def _of_group(group: Resource) -> ServerTransport:
    places = list(group.at("parameters").items())
    default = _defaults(group.at("family").text(default=""), Field(""), "parameters")
    enforcing = transport.setting(places, transport.ENFORCING)
    refuses = default.refuses_plaintext if enforcing is None else enforcing.map(lambda text: not transport.is_off(text))
    oldest = transport.setting(places, transport.MINIMUM)
    minimum = default.minimum if oldest is None else oldest.map(transport.oldest)
    return ServerTransport(
        refuses_plaintext=replace(refuses, path=f"{group.name}.{refuses.path}"),
        minimum=replace(minimum, path=f"{group.name}.{minimum.path}"),
    )


def _defaults(engine: Field[str], version: Field[str], place: str) -> ServerTransport:
    """What an engine or a family (`postgres17`) does where no parameter says."""
    if not isinstance(engine.value, str) or not isinstance(version.value, str):
        return ServerTransport(refuses_plaintext=Field(UNKNOWN, place), minimum=Field(UNKNOWN, place))
    found = _VERSION.match(f"{engine.value}{version.value}")
    name, major = (found[1], int(found[2] or LATEST)) if found else ("", 0)
    return ServerTransport(
        refuses_plaintext=Field(major >= ENFORCED_SINCE.get(name, LATEST + 1), place, default=True),
        minimum=Field(1.2 if major >= MODERN_SINCE.get(name, LATEST + 1) else 1.1, place, default=True),
    )
