"""What finds what exists: the EC2 data sources that filter, a private zone by name, anything by its tags."""

from collections.abc import Callable, Iterator

from simulator.aws import balancers, dns, keys, logs, network, peering, ways
from simulator.cloud import Refusal, Scope
from simulator.state import Record, Store
from simulator.values import Props

_FILTERS = {"vpc-id": "vpcId", "cidr-block": "cidrBlock", "cidr": "cidrBlock", "group-name": "name"}
_FILTERS |= {"group-id": "securityGroupId"}
_FILTERS |= {"requester-vpc-info.vpc-id": "vpcId", "accepter-vpc-info.vpc-id": "peerVpcId"}
_TAGGED = {"kms:key": keys.KEY, "ec2:vpc-flow-log": logs.FLOWS}
_TAGGED |= {"ec2:vpc-endpoint-service": balancers.SERVICE}
"""Type of the tagging API, and ours."""


def _here(scope: Scope, store: Store, token: str) -> Iterator[Record]:
    for record in store.all("aws", scope.account):
        if record.type == token and record.region == scope.region:
            yield record


def _has(record: Record, tags: Props) -> bool:
    return (record.get("tagsAll") or {}).items() >= tags.items()


def _filtered(token: str) -> Callable[[Scope, Props, Store], Props]:
    """The ids of all of a type that fit the filters and tags; none is not an error."""

    def find(scope: Scope, given: Props, store: Store) -> Props:
        # What was deleted is not kept here.
        filters = (each for each in given.get("filters") or [] if each["name"] not in ("state", "status-code"))
        wanted = {_known(each["name"]): each["values"] for each in filters}
        if given.get("vpcId"):
            wanted["vpcId"] = [given["vpcId"]]
        fits = (
            record.id
            for record in _here(scope, store, token)
            if _has(record, given.get("tags") or {}) and all(record.get(name) in wanted[name] for name in wanted)
        )
        return {"ids": list(fits)}

    return find


def _known(name: str) -> str:
    if name not in _FILTERS:
        raise Refusal("InvalidParameterValue", f"the filter {name!r} is not simulated")
    return _FILTERS[name]


def _only(found: list[Record], what: str) -> Record:
    """The one that there is: a data source of one thing fails if there is none, or several."""
    if len(found) != 1:
        raise Refusal("lookup", f"no matching {what} found" if not found else f"multiple {what}s matched")
    return found[0]


def _endpoint(scope: Scope, given: Props, store: Store) -> Props:
    same = (record for record in _here(scope, store, network.ENDPOINT) if record.get("vpcId") == given["vpcId"])
    found = [record for record in same if record.get("serviceName") == given["serviceName"]]
    return {"id": _only(found, "EC2 VPC Endpoint").id}


def _gateway(scope: Scope, given: Props, store: Store) -> Props:
    [wanted] = [each["values"] for each in given["filters"] if each["name"] == "attachment.vpc-id"]
    found = [record for record in _here(scope, store, ways.GATEWAY) if record.get("vpcId") in wanted]
    return {"internetGatewayId": _only(found, "EC2 Internet Gateway").id}


def _zone(scope: Scope, given: Props, store: Store) -> Props:
    name = given["name"].rstrip(".")
    zones = [record for record in store.all("aws", scope.account) if record.type == dns.ZONE]
    zones = [zone for zone in zones if str(zone.get("name")).rstrip(".") == name]
    if given.get("vpcId"):
        zones = [zone for zone in zones if given["vpcId"] in [vpc["vpcId"] for vpc in zone.get("vpcs") or []]]
    return {"zoneId": _only(zones, "Route 53 Hosted Zone").id}


def _listener(scope: Scope, given: Props, store: Store) -> Props:
    same = (r for r in _here(scope, store, balancers.LISTENER) if r.get("loadBalancerArn") == given["loadBalancerArn"])
    return {"arn": _only([record for record in same if record.get("port") == given["port"]], "Listener").id}


def _by_tags(scope: Scope, given: Props, store: Store) -> Props:
    tags = {each["key"]: each["values"][0] for each in given.get("tagFilters") or []}
    tokens = [_TAGGED[name] for name in given.get("resourceTypeFilters") or _TAGGED if name in _TAGGED]
    found = (record for token in tokens for record in _here(scope, store, token) if _has(record, tags))
    return {"resourceTagMappingLists": [{"resourceArn": record.get("arn")} for record in found]}


def _named(token: str, by: str, gives: str, what: str) -> Callable[[Scope, Props, Store], Props]:
    """The one thing of a type that has the name."""

    def find(scope: Scope, given: Props, store: Store) -> Props:
        found = [record for record in _here(scope, store, token) if record.get(by) == given[by]]
        return {gives: _only(found, what).get(gives)}

    return find


LOOKUPS = {
    "aws:ec2/getLaunchTemplate:getLaunchTemplate": _named(
        "aws:ec2/launchTemplate:LaunchTemplate", "name", "id", "EC2 Launch Template"
    ),
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": _named(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "url", "arn", "IAM OIDC Provider"
    ),
    "aws:secretsmanager/getSecret:getSecret": _named(
        "aws:secretsmanager/secret:Secret", "name", "arn", "Secrets Manager Secret"
    ),
    "aws:sns/getTopic:getTopic": _named("aws:sns/topic:Topic", "name", "arn", "SNS Topic"),
    "aws:lb/getLoadBalancer:getLoadBalancer": _named(balancers.BALANCER, "name", "arn", "Load Balancer"),
    "aws:lb/getTargetGroup:getTargetGroup": _named(balancers.TARGETS, "name", "arn", "Target Group"),
    "aws:lb/getListener:getListener": _listener,
    "aws:vpc/getSecurityGroupRules:getSecurityGroupRules": _filtered(balancers.INGRESS),
    "aws:ec2/getVpcs:getVpcs": _filtered(network.VPC),
    "aws:ec2/getSubnets:getSubnets": _filtered(network.SUBNET),
    "aws:ec2/getSecurityGroups:getSecurityGroups": _filtered(network.GROUP),
    "aws:ec2/getRouteTables:getRouteTables": _filtered(network.ROUTES),
    "aws:ec2/getInternetGateway:getInternetGateway": _gateway,
    "aws:ec2/getNatGateways:getNatGateways": _filtered(ways.NAT),
    "aws:ec2/getNetworkAcls:getNetworkAcls": _filtered(ways.ACL),
    "aws:ec2/getVpcPeeringConnections:getVpcPeeringConnections": _filtered(peering.PEERING),
    "aws:ec2/getVpcEndpoint:getVpcEndpoint": _endpoint,
    "aws:route53/getZone:getZone": _zone,
    "aws:resourcegroupstaggingapi/getResources:getResources": _by_tags,
}
