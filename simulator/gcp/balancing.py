"""Compute Engine's internal proxy load balancers, and the service attachments in front of them."""

from simulator.cloud import Operation, Ref
from simulator.gcp.network import FORMS, LOWER, NETWORK, SUBNET
from simulator.gcp.resource import MET, SDK, never, row, tokens
from simulator.rules import one_of, rule
from simulator.values import Props, at

HEALTH, BACKEND, PROXY = tokens("compute", "RegionHealthCheck", "RegionBackendService", "RegionTargetTcpProxy")
ATTACHMENT, RULE = tokens("compute", "ServiceAttachment", "ForwardingRule")
_INVALID, _ABSENT, _IN_USE = "400 invalid", "404 notFound", "400 resourceInUseByAnotherResource"
_PROXIES, _LENT = "REGIONAL_MANAGED_PROXY", "PRIVATE_SERVICE_CONNECT"
_CHECKED = Ref("healthChecks", HEALTH, _ABSENT, MET, _IN_USE, FORMS)
_SENDS = Ref("backendService", BACKEND, _ABSENT, MET, _IN_USE, FORMS)
_FROM = Ref("natSubnets", SUBNET, _ABSENT, MET, _IN_USE, FORMS)
_PUBLISHED = Ref("targetService", RULE, _ABSENT, MET, _IN_USE, FORMS)
_NAMED: Props = {"name": LOWER}
_BACKEND: Props = {**_NAMED, "refs": (_CHECKED,), "defaults": {"loadBalancingScheme": "INTERNAL", "timeoutSec": 30}}
_SELECTORS = ("projectIdOrNum", "networkUrl", "endpointUrl")
TYPES = (
    row(HEALTH, 10, "regions/{region}/healthChecks/{name}", **_NAMED, defaults={"checkIntervalSec": 5}),
    row(BACKEND, 20, "regions/{region}/backendServices/{name}", "loadBalancingScheme network", **_BACKEND),
    row(PROXY, 15, "regions/{region}/targetTcpProxies/{name}", "backendService proxyBind", **_NAMED, refs=(_SENDS,)),
    row(
        *(ATTACHMENT, 30, "regions/{region}/serviceAttachments/{name}", "domainNames"),
        **_NAMED,
        refs=(_FROM, _PUBLISHED),
        outputs={"fingerprint": "{hex:.12}", "connectedEndpoints": []},
    ),
)


@rule(RULE, _INVALID, MET, "create", fix="make a subnet of that purpose first")
def _proxies(operation: Operation) -> str | None:
    """An INTERNAL_MANAGED rule's network has a subnet for proxies in the region."""
    if operation.one("loadBalancingScheme") != "INTERNAL_MANAGED":
        return None
    own = operation.find(NETWORK, operation.one("network"), FORMS)
    near = (s for s in operation.others(SUBNET) if s.region == operation.region and s.get("purpose") == _PROXIES)
    there = any(operation.find(NETWORK, subnet.inputs["network"], FORMS) is own for subnet in near)
    return None if there else f"there is no subnet of purpose {_PROXIES} in {operation.region}"


@rule(ATTACHMENT, _INVALID, SDK, property_="natSubnets")
def _lent(operation: Operation) -> str | None:
    """Its subnets are of purpose PRIVATE_SERVICE_CONNECT, and no other attachment's."""
    for value in operation.at("natSubnets"):
        subnet = operation.find(SUBNET, value, FORMS)
        if subnet and subnet.get("purpose") != _LENT:
            return f"{value} is of purpose {subnet.get('purpose') or 'PRIVATE'}"
        taken = (o for o in operation.others(ATTACHMENT) for used in at(o.inputs, "natSubnets") if subnet)
        for other in taken:
            if operation.find(SUBNET, at(other.inputs, "natSubnets")[0], FORMS) is subnet:
                return f"{value} is used by {other.id}"
    return None


def _several(operation: Operation) -> bool:
    lists = operation.inputs.get("consumerAcceptLists") or ()
    return any(sum(bool(each.get(name)) for name in _SELECTORS) != 1 for each in lists if isinstance(each, dict))


def _roleless(subnet: Operation) -> bool:
    return subnet.one("role") is not None and subnet.one("purpose") != _PROXIES


def _logged(subnet: Operation) -> bool:
    return bool(subnet.one("logConfig")) and subnet.one("purpose") in (_PROXIES, "GLOBAL_MANAGED_PROXY")


_PURPOSES = ("PRIVATE", _PROXIES, "GLOBAL_MANAGED_PROXY", _LENT, "PEER_MIGRATION", "PRIVATE_NAT")
RULES = (
    *(_proxies, _lent),
    *never(
        *(SUBNET, _INVALID, SDK),
        ("role", f"only a subnet of purpose {_PROXIES} has a role", _roleless, "check"),
        ("logConfig", "a subnet for proxies has no flow logs", _logged, "check"),
    ),
    *never(
        *(ATTACHMENT, _INVALID, SDK),
        ("consumerAcceptLists", "an entry names one project, network or endpoint", _several, "check"),
    ),
    one_of(SUBNET, "purpose", _PURPOSES, _INVALID, SDK),
    one_of(ATTACHMENT, "connectionPreference", ("ACCEPT_AUTOMATIC", "ACCEPT_MANUAL"), _INVALID, SDK),
)
