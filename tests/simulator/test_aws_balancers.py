"""AWS's load balancers and endpoint services: each rule refuses what it is about, and lets its near miss pass."""

from itertools import count
from typing import Any

import pytest

from simulator.aws.balancers import BALANCER, INGRESS, LISTENER, RECORD, SERVICE, TARGETS
from simulator.aws.dns import ZONE
from tests.simulator.aws_basis import SUBNET
from tests.simulator.aws_stage import GROUP, Case, Stage
from tests.simulator.conftest import Connect, Refused

_number = count()
ROOT = "arn:aws:iam::444455556666:root"


def balancer(s: Stage, **changes: Any) -> str:
    wanted = {"internal": True, "loadBalancerType": "network", "subnets": [s.subnet], "name": f"b{next(_number)}"}
    return s.make(BALANCER, **{**wanted, **changes})


def targets(s: Stage, **changes: Any) -> str:
    wanted = {"name": f"t{next(_number)}", "vpcId": s.vpc, "protocol": "TCP", "port": 443, "targetType": "ip"}
    return s.make(TARGETS, **{name: value for name, value in {**wanted, **changes}.items() if value is not None})


def listener(s: Stage, to: str = "", **changes: Any) -> str:
    wanted = {"protocol": "TCP", "port": 443, "defaultActions": [{"type": "forward", "targetGroupArn": to}]}
    whole = {**wanted, **changes}
    if not to:
        whole["defaultActions"] = [{"type": "forward", "targetGroupArn": targets(s)}]
    return s.make(LISTENER, **{"loadBalancerArn": changes.get("loadBalancerArn") or balancer(s), **whole})


def service(s: Stage, **changes: Any) -> str:
    arns = changes.get("networkLoadBalancerArns") or [balancer(s)]
    wanted = {"acceptanceRequired": False, "networkLoadBalancerArns": arns, "allowedPrincipals": [ROOT]}
    return s.make(SERVICE, **{**wanted, **changes})


def ingress(s: Stage, **changes: Any) -> str:
    wanted = {"securityGroupId": s.group, "cidrIpv4": "10.0.0.0/16", "ipProtocol": "tcp", "fromPort": 1, "toPort": 2}
    return s.make(INGRESS, **{name: value for name, value in {**wanted, **changes}.items() if value is not None})


def zone(s: Stage, name: str = "team.internal") -> str:
    return s.make(ZONE, name=name, vpcs=[{"vpcId": s.vpc, "vpcRegion": "us-east-1"}])


def record(s: Stage, zone_: str, name: str = "a.team.internal", **changes: Any) -> str:
    answer = changes or {"ttl": 60, "records": ["10.0.0.9"]}
    return s.make(RECORD, zoneId=zone_, name=name, type="A", **answer)


def guarded(s: Stage, *groups: str) -> str:
    return balancer(s, securityGroups=list(groups))


CASES: dict[str, Case] = {
    "LoadBalancer-name-form": (
        "ValidationError",
        lambda s: balancer(s, name="a-"),
        lambda s: balancer(s, name="a-b"),
    ),
    "LoadBalancer-name-taken": (
        "DuplicateLoadBalancerName",
        lambda s: [balancer(s, name="same") for _ in "ab"],
        lambda s: [s.drop(BALANCER, balancer(s, name="again")) for _ in "ab"],
    ),
    "LoadBalancer-subnets": ("SubnetNotFound", lambda s: balancer(s, subnets=["subnet-0"]), balancer),
    "Subnet-of-LoadBalancer": (
        "is in use by LoadBalancer",
        lambda s: (balancer(s), s.drop(SUBNET, s.subnet)),
        lambda s: (balancer(s, subnets=s.subnets), s.drop(SUBNET, s.subnet)),
    ),
    "LoadBalancer-securityGroups": (
        "InvalidSecurityGroup",
        lambda s: guarded(s, "sg-0"),
        lambda s: guarded(s, s.group),
    ),
    "SecurityGroup-of-LoadBalancer": (
        "is in use by LoadBalancer",
        lambda s: (guarded(s, s.group), s.drop(GROUP, s.group)),
        lambda s: (balancer(s), s.drop(GROUP, s.group)),
    ),
    "LoadBalancer-zones": (
        "InvalidConfigurationRequest",
        lambda s: balancer(s, subnets=[s.subnet_in("10.0.7.0/24", 1), s.subnet_in("10.0.8.0/24", 1)]),
        lambda s: balancer(s, subnets=s.subnets),
    ),
    "LoadBalancer-loadBalancerType-choice": (
        "ValidationError",
        lambda s: balancer(s, loadBalancerType="classic"),
        lambda s: balancer(s, loadBalancerType="application"),
    ),
    "TargetGroup-name-form": ("ValidationError", lambda s: targets(s, name="a_b"), targets),
    "TargetGroup-name-taken": (
        "DuplicateTargetGroupName",
        lambda s: [targets(s, name="same") for _ in "ab"],
        lambda s: [s.drop(TARGETS, targets(s, name="again")) for _ in "ab"],
    ),
    "TargetGroup-vpcId": ("InvalidVpcID.NotFound", lambda s: targets(s, vpcId="vpc-0"), targets),
    "TargetGroup-whole": (
        "`port` is missing",
        lambda s: targets(s, port=None),
        lambda s: targets(s, port=None, protocol=None, vpcId=None, targetType="lambda"),
    ),
    "Listener-loadBalancerArn": ("LoadBalancerNotFound", lambda s: listener(s, loadBalancerArn="arn"), listener),
    "Listener-defaultActions.targetGroupArn": (
        "TargetGroupNotFound",
        lambda s: listener(s, "arn"),
        lambda s: listener(s, targets(s)),
    ),
    "TargetGroup-of-Listener": (
        "ResourceInUse",
        lambda s: (own := targets(s), listener(s, own), s.drop(TARGETS, own)),
        lambda s: (listener(s), s.drop(TARGETS, targets(s))),
    ),
    "Listener-port": (
        "DuplicateListener",
        lambda s: (own := balancer(s), [listener(s, loadBalancerArn=own) for _ in "ab"]),
        lambda s: (own := balancer(s), [listener(s, loadBalancerArn=own, port=port) for port in (443, 444)]),
    ),
    "VpcEndpointService-networkLoadBalancerArns": (
        "'arn' (`networkLoadBalancerArns`)",
        lambda s: service(s, networkLoadBalancerArns=["arn"]),
        service,
    ),
    "LoadBalancer-of-VpcEndpointService": (
        "ResourceInUse",
        lambda s: (own := balancer(s), service(s, networkLoadBalancerArns=[own]), s.drop(BALANCER, own)),
        lambda s: (own := balancer(s), service(s), s.drop(BALANCER, own)),
    ),
    "VpcEndpointService-alone": (
        "has the service vpce-svc-",
        lambda s: (own := balancer(s), [service(s, networkLoadBalancerArns=[own]) for _ in "ab"]),
        lambda s: [service(s) for _ in "ab"],
    ),
    "VpcEndpointService-principals": (
        "InvalidPrincipal",
        lambda s: service(s, allowedPrincipals=["arn:aws:iam::444455556666:role/path/reader"]),
        lambda s: service(s, allowedPrincipals=["arn:aws:iam::444455556666:role/reader", "*"]),
    ),
    "SecurityGroupIngressRule-referencedSecurityGroupId": (
        "'sg-0' (`referencedSecurityGroupId`)",
        lambda s: ingress(s, cidrIpv4=None, referencedSecurityGroupId="sg-0"),
        lambda s: ingress(s, cidrIpv4=None, referencedSecurityGroupId=s.put(GROUP)),
    ),
    "SecurityGroup-of-SecurityGroupIngressRule": (
        "is in use by SecurityGroupIngressRule",
        lambda s: (
            other := s.put(GROUP),
            ingress(s, cidrIpv4=None, referencedSecurityGroupId=other),
            s.drop(GROUP, other),
        ),
        lambda s: (other := s.put(GROUP), ingress(s), s.drop(GROUP, other)),
    ),
    "SecurityGroupIngressRule-source": (
        "it has no source",
        lambda s: ingress(s, cidrIpv4=None),
        lambda s: ingress(s, ipProtocol="-1", fromPort=None, toPort=None),
    ),
    "SecurityGroupIngressRule-group": (
        "the security group 'sg-0' does not exist",
        lambda s: ingress(s, securityGroupId="sg-0"),
        ingress,
    ),
    "SecurityGroupIngressRule-again": (
        "InvalidPermission.Duplicate",
        lambda s: [ingress(s) for _ in "ab"],
        lambda s: [ingress(s, toPort=port) for port in (443, 444)],
    ),
    "Record-name-taken": (
        "InvalidChangeBatch",
        lambda s: (own := zone(s), [record(s, own) for _ in "ab"]),
        lambda s: (own := zone(s), [record(s, own, f"{name}.team.internal") for name in "ab"]),
    ),
    "Record-zoneId": ("NoSuchHostedZone", lambda s: record(s, "Z0"), lambda s: record(s, zone(s))),
    "Zone-of-Record": (
        "HostedZoneNotEmpty",
        lambda s: (own := zone(s), record(s, own), s.drop(ZONE, own)),
        lambda s: (own := zone(s), s.drop(RECORD, record(s, own)), s.drop(ZONE, own)),
    ),
    "Record-answer": (
        "or neither",
        lambda s: record(s, zone(s), aliases=[{"name": "n", "zoneId": "Z", "evaluateTargetHealth": False}], ttl=60),
        lambda s: record(s, zone(s), aliases=[{"name": "n", "zoneId": "Z", "evaluateTargetHealth": False}]),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_refuses_what_the_rule_names_and_lets_the_near_miss_pass(connect: Connect, rule: str) -> None:
    code, refused_act, allowed_act = CASES[rule]
    with pytest.raises(Refused) as refused:
        refused_act(Stage(connect))
    assert code in str(refused.value)
    allowed_act(Stage(connect))
