"""AWS networks: VPC User Guide, route tables, network ACLs and security groups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rampart_policy.reach.model import Filter, Hop, Kind, Place, Route, Rule
from rampart_policy.reach.spans import ALL, ANYWHERE, Spans, ports
from rampart_policy.reach.survey import Survey, standing_in
from rampart_policy.resources import Resource
from rampart_policy.values import Node

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
TABLES = ("aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable")
ACLS = ("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl")
GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

HOPS = {
    "natGatewayId": Hop.NAT,
    "egressOnlyGatewayId": Hop.NAT,
    "networkInterfaceId": Hop.NAT,  # a machine that forwards
    "carrierGatewayId": Hop.INTERNET,
    "vpcPeeringConnectionId": Hop.PEER,
    "transitGatewayId": Hop.PEER,
    "vpcEndpointId": Hop.SERVICE,
}
"""Where a route leads, by which of its properties names the next hop; `gatewayId` takes several kinds."""

GATEWAYS = {"igw": Hop.INTERNET, "vgw": Hop.PEER, "local": Hop.LOCAL, "vpce": Hop.SERVICE}


@dataclass(frozen=True)
class Member:
    """Where a type has its security groups, subnets, port, and what puts it on the internet (a value of a property)."""

    groups: str
    subnets: str = ""
    subnet_group: str = ""
    port: str = ""
    default_port: int | None = None
    public: tuple[str, str] = ("", "")


MEMBERS = {
    "aws:rds/instance:Instance": Member(
        "vpcSecurityGroupIds", subnet_group="dbSubnetGroupName", port="port", public=("publiclyAccessible", "true")
    ),
    "aws:rds/cluster:Cluster": Member("vpcSecurityGroupIds", subnet_group="dbSubnetGroupName", port="port"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Member(
        "securityGroupIds", subnet_group="subnetGroupName", port="port", default_port=6379
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Member("securityGroupIds", "subnetIds", default_port=443),
    "aws:eks/cluster:Cluster": Member("vpcConfig.securityGroupIds", "vpcConfig.subnetIds", default_port=443),
    "aws:lb/loadBalancer:LoadBalancer": Member("securityGroups", "subnets", public=("internal", "false")),
    "aws:ec2/instance:Instance": Member("vpcSecurityGroupIds", "subnetId", public=("associatePublicIpAddress", "true")),
}

SUBNET_GROUPS = ("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup")


def read(survey: Survey) -> None:
    """Add a stack's VPCs. Between subnets of one VPC it is security groups that decide, so those pairs are left out."""
    vpcs = {survey.identity(vpc): vpc for vpc in survey.of(VPC)}
    if not vpcs:
        return
    survey.topology.members_decide = True
    tables = _tables(survey, vpcs)
    acls = _acls(survey)
    subnets = {survey.identity(made): _subnet(survey, made, vpcs, tables, acls) for made in survey.of(SUBNET)}
    groups = {survey.identity(made): _group(survey, made) for made in survey.of(*GROUPS)}
    survey.add(subnets.values())
    survey.add(_members(survey, subnets, groups))
    survey.add(
        Place(name=place.name, kind=Kind.GROUP, urn=place.urn, spans=survey.topology.names.point(id_), out=place.out)
        for id_, place in groups.items()
        if id_
    )
    survey.add(_endpoints(survey))
    survey.add(_peers(survey, tables))


def _local(survey: Survey, vpc: Resource) -> Spans:
    more = survey.of("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
    id_ = survey.identity(vpc)
    mine = (made.outputs.key("cidrBlock") for made in more if survey.text(made.outputs.key("vpcId")) == id_)
    return survey.ranges(vpc.outputs.key("cidrBlock"), vpc.outputs.key("ipv6CidrBlock"), *mine)


def _tables(survey: Survey, vpcs: Mapping[str, Resource]) -> dict[str, tuple[Route, ...]]:
    """Routes by table, and by VPC for the main table of each."""
    found: dict[str, list[Route]] = {}
    for made in survey.of(*TABLES):
        routes = found.setdefault(survey.identity(made), [])
        local = vpcs.get(survey.text(made.outputs.key("vpcId")))
        if local is not None:
            routes.append(Route("", _local(survey, local), Hop.LOCAL))
        for node in made.outputs.key("routes").items():
            routes += _route(survey, made.urn, node, "cidrBlock", "ipv6CidrBlock")
    for made in survey.of("aws:ec2/route:Route"):
        table = found.setdefault(survey.text(made.outputs.key("routeTableId")), [])
        table += _route(survey, made.urn, made.outputs, "destinationCidrBlock", "destinationIpv6CidrBlock")
    for made in survey.of("aws:ec2/vpcEndpoint:VpcEndpoint"):
        service = survey.topology.names.point(survey.text(made.outputs.key("serviceName")))
        for table_id in survey.texts(made.outputs.key("routeTableIds")):
            found.setdefault(table_id, []).append(Route(made.urn, service, Hop.SERVICE))
    for id_, vpc in vpcs.items():
        main = found.get(survey.text(vpc.outputs.key("mainRouteTableId")), [])
        found[id_] = [*main, Route("", _local(survey, vpc), Hop.LOCAL)]
    for made in survey.of("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"):
        chosen = found.get(survey.text(made.outputs.key("routeTableId")))
        if chosen is not None:
            found[survey.text(made.outputs.key("vpcId"))] = chosen
    return {id_: tuple(routes) for id_, routes in found.items()}


def _route(survey: Survey, urn: str, node: Node, *ranges: str) -> Iterator[Route]:
    target = survey.ranges(*(node.key(name) for name in (*ranges, "destinationPrefixListId")))
    if not target:
        return
    gateway = survey.text(node.key("gatewayId"))
    hops = [GATEWAYS.get(gateway.partition("-")[0], Hop.DROP)] if gateway else []
    for name, hop in HOPS.items():
        if survey.text(node.key(name)):
            hops.append(_nat(survey, survey.text(node.key(name))) if name == "natGatewayId" else hop)
    for hop in hops:
        yield Route(urn, target, hop)


def _nat(survey: Survey, id_: str) -> Hop:
    """A private NAT gateway leads to other networks only (EC2 API reference, CreateNatGateway, ConnectivityType)."""
    for made in survey.of("aws:ec2/natGateway:NatGateway"):
        if survey.identity(made) == id_ and survey.text(made.outputs.key("connectivityType")) == "private":
            return Hop.PEER
    return Hop.NAT


def _acls(survey: Survey) -> dict[str, tuple[Filter, Filter]]:
    """Filters out of and into each subnet that has an ACL of this stack's: what AWS starts with lets everything by."""
    found: dict[str, tuple[Filter, Filter]] = {}
    for made in survey.of(*ACLS):
        id_ = survey.identity(made)
        rules: dict[bool, list[Rule]] = {True: [], False: []}
        for egress, place in ((True, "egress"), (False, "ingress")):
            for node in made.outputs.key(place).items():
                rules[egress].append(_acl_rule(survey, made.urn, node, egress, "action", "ruleNo"))
        for rule in survey.of("aws:ec2/networkAclRule:NetworkAclRule"):
            if survey.text(rule.outputs.key("networkAclId")) == id_:
                egress = survey.flag(rule.outputs.key("egress"))
                rules[egress].append(_acl_rule(survey, rule.urn, rule.outputs, egress, "ruleAction", "ruleNumber"))
        filters = Filter(tuple(rules[True]), default=False), Filter(tuple(rules[False]), default=False)
        subnets = survey.texts(made.outputs.key("subnetIds"))
        for joined in survey.of("aws:ec2/networkAclAssociation:NetworkAclAssociation"):
            if survey.text(joined.outputs.key("networkAclId")) == id_:
                subnets += survey.texts(joined.outputs.key("subnetId"))
        found |= dict.fromkeys(subnets, filters)
    return found


def _acl_rule(survey: Survey, urn: str, node: Node, egress: bool, action: str, number: str) -> Rule:
    peer = survey.ranges(node.key("cidrBlock"), node.key("ipv6CidrBlock"))
    traffic = _traffic(survey, node)
    return Rule(
        urn,
        survey.text(node.key(action)).lower() == "allow",
        ANYWHERE if egress else peer,
        peer if egress else ANYWHERE,
        traffic,
        survey.number(node.key(number), 32_767),
    )


def _traffic(survey: Survey, node: Node) -> Spans:
    protocol = survey.text(node.key("protocol")) or survey.text(node.key("ipProtocol"))
    first, last = survey.number(node.key("fromPort"), 0), survey.number(node.key("toPort"), 65_535)
    if protocol.lower() in ("-1", "all") or (first, last) in ((-1, -1), (0, 0)):
        return ports(protocol)
    return ports(protocol, (first, last))


def _subnet(
    survey: Survey,
    made: Resource,
    vpcs: Mapping[str, Resource],
    tables: Mapping[str, tuple[Route, ...]],
    acls: Mapping[str, tuple[Filter, Filter]],
) -> Place:
    id_ = survey.identity(made)
    table = survey.text(made.outputs.key("vpcId"))
    for joined in survey.of("aws:ec2/routeTableAssociation:RouteTableAssociation"):
        if survey.text(joined.outputs.key("subnetId")) == id_:
            table = survey.text(joined.outputs.key("routeTableId"))
    routes = tables.get(table, ())
    out, into = acls.get(id_, (None, None))
    return Place(
        name=made.name,
        kind=Kind.SUBNET,
        urn=made.urn,
        spans=survey.ranges(made.outputs.key("cidrBlock"), made.outputs.key("ipv6CidrBlock")),
        routes=routes,
        out=(out,) if out else (),
        into=(into,) if into else (),
        # A public address is one call away where there is a route to an Internet gateway.
        addressed=any(route.hop is Hop.INTERNET for route in routes),
    )


def _group(survey: Survey, made: Resource) -> Place:
    """A security group: what may leave and enter those who have it."""
    rules: dict[bool, list[Rule]] = {True: [], False: []}
    id_ = survey.identity(made)
    for egress, place in ((True, "egress"), (False, "ingress")):
        for node in made.outputs.key(place).items():
            peer = survey.ranges(*(node.key(name) for name in ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds")))
            peer |= survey.ranges(node.key("securityGroups"))
            if survey.flag(node.key("self")):
                peer |= survey.range(id_)
            rules[egress].append(_group_rule(made.urn, peer, _traffic(survey, node), egress))
    for rule in survey.of("aws:ec2/securityGroupRule:SecurityGroupRule"):
        if survey.text(rule.outputs.key("securityGroupId")) == id_:
            names = ("cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId")
            peer = survey.ranges(*(rule.outputs.key(name) for name in names))
            egress = survey.text(rule.outputs.key("type")) == "egress"
            rules[egress].append(_group_rule(rule.urn, peer, _traffic(survey, rule.outputs), egress))
    for egress, kind in ((True, "Egress"), (False, "Ingress")):
        for rule in survey.of(f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule"):
            if survey.text(rule.outputs.key("securityGroupId")) == id_:
                names = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
                peer = survey.ranges(*(rule.outputs.key(name) for name in names))
                rules[egress].append(_group_rule(rule.urn, peer, _traffic(survey, rule.outputs), egress))
    out, into = (Filter(tuple(rules[egress]), default=False) for egress in (True, False))
    return Place(name=made.name, kind=Kind.GROUP, urn=made.urn, spans=Spans(), out=(out,), into=(into,))


def _group_rule(urn: str, peer: Spans, traffic: Spans, egress: bool) -> Rule:
    return Rule(urn, True, ANYWHERE if egress else peer, peer if egress else ANYWHERE, traffic)


def _members(survey: Survey, subnets: Mapping[str, Place], groups: Mapping[str, Place]) -> Iterator[Place]:
    """What has security groups: any of them may let in."""
    held = {
        survey.text(g.outputs.key("name")): survey.texts(g.outputs.key("subnetIds")) for g in survey.of(*SUBNET_GROUPS)
    }
    for token, member in MEMBERS.items():
        for made in survey.of(token):
            ids = held.get(survey.text(made.outputs.at(member.subnet_group)), []) if member.subnet_group else []
            ids = ids or (survey.texts(made.outputs.at(member.subnets)) if member.subnets else [])
            inside = [subnets[id_] for id_ in ids if id_ in subnets]
            if not inside:
                continue
            rules = [
                rule
                for id_ in survey.texts(made.outputs.at(member.groups))
                for filter_ in (groups[id_].into if id_ in groups else ())
                for rule in filter_.rules
            ]
            port = survey.number(made.outputs.at(member.port), member.default_port or 0) if member.port else None
            port = port or member.default_port
            place, value = member.public
            spans = Spans()
            for subnet in inside:
                spans |= subnet.spans
            yield standing_in(
                Place(
                    name=made.name,
                    kind=Kind.STORE,
                    urn=made.urn,
                    spans=spans,
                    into=(Filter(tuple(rules), default=False),),
                    addressed=bool(place) and survey.text(made.outputs.at(place)).lower() == value,
                    listens=ports("tcp", (port, port)) if port else ALL,
                ),
                *inside,
            )


def _endpoints(survey: Survey) -> Iterator[Place]:
    """Services behind gateway endpoints."""
    for made in survey.of("aws:ec2/vpcEndpoint:VpcEndpoint"):
        if survey.texts(made.outputs.key("routeTableIds")):
            name = survey.text(made.outputs.key("serviceName"))
            yield Place(name=made.name, kind=Kind.SERVICE, urn=made.urn, spans=survey.topology.names.point(name))


def _peers(survey: Survey, tables: Mapping[str, tuple[Route, ...]]) -> Iterator[Place]:
    """Whoever a route leads to that is another network."""
    spans: dict[str, Spans] = {}
    for routes in tables.values():
        for route in routes:
            if route.hop is Hop.PEER:
                spans[route.urn] = spans.get(route.urn, Spans()) | route.target
    for urn, target in spans.items():
        yield Place(name=f"peer by {urn.rpartition('::')[2]}", kind=Kind.PEER, spans=target)
