"""Cases of the egress controls."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def group(*blocks: Any) -> Declared:
    return resource("aws:ec2/securityGroup:SecurityGroup", {"egress": list(blocks)})


def rule(action: str = "allow", **match: Any) -> Declared:
    return resource(
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        {"action": action, "direction": "EGRESS", "match": match},
    )


def nsg(**properties: Any) -> Declared:
    outbound = {"direction": "Outbound", "access": "Allow", "sourceAddressPrefix": "*", **properties}
    return resource("azure-native:network:NetworkSecurityGroup", {"securityRules": [outbound]})


def table(**route: Any) -> Declared:
    return resource("aws:ec2/routeTable:RouteTable", {"routes": [route]})


def google_route(range_: Any, **hop: Any) -> Declared:
    return resource("gcp:compute/route:Route", {"destRange": range_, **hop})


def azure_route(hop: Any, prefix: Any = "0.0.0.0/0") -> Declared:
    route = {"name": "out", "addressPrefix": prefix, "nextHopType": hop}
    return resource("azure-native:network:RouteTable", {"routes": [route]})


def endpoint(*statements: Any, **properties: Any) -> Declared:
    document = {"policy": json.dumps({"Statement": list(statements)})} if statements else {}
    return resource("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway", **document, **properties})


def everything(**extra: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **extra}


def subnet(**properties: Any) -> Declared:
    return resource("azure-native:network:Subnet", properties)


OUT = "default-internet-gateway"
NARROW = "endpoint-policy-is-narrow"
OWN_ACCOUNT = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
NETWORK = "gcp:compute/network:Network"
ROUTER_NAT = "gcp:compute/routerNat:RouterNat"

CASES = [
    violates("no-open-egress", group({"cidrBlocks": ["0.0.0.0/0"]}), at="egress[0].cidrBlocks[0]"),
    violates(
        "no-open-egress",
        resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {"cidrIpv4": "0.0.0.0/1"}),
        at="cidrIpv4",
    ),
    violates("no-open-egress", rule(destIpRanges=["10.0.0.0/8", "::/0"]), at="match.destIpRanges[1]"),
    violates("no-open-egress", rule(), at="match.destIpRanges"),
    violates(
        "no-open-egress", nsg(destinationAddressPrefix="Internet"), at="securityRules[0].destinationAddressPrefix"
    ),
    passes("no-open-egress", group({"prefixListIds": ["pl-63a5400a"], "cidrBlocks": ["10.0.0.0/16"]})),
    passes("no-open-egress", rule("deny", destIpRanges=["0.0.0.0/0"])),
    passes("no-open-egress", rule(destIpRanges=["199.36.153.4/30", "34.126.0.0/18"])),
    passes("no-open-egress", rule(destFqdns=["api.example.com"])),
    passes("no-open-egress", nsg(destinationAddressPrefix="AzureActiveDirectory")),
    undecided("no-open-egress", group({"cidrBlocks": UNKNOWN})),
    violates("no-internet-route", table(cidrBlock="0.0.0.0/0", gatewayId="igw-1"), at="routes[0].cidrBlock"),
    violates(
        "no-internet-route", table(ipv6CidrBlock="::/0", egressOnlyGatewayId=UNKNOWN, natGatewayId="nat-1"), at="ipv6"
    ),
    violates(
        "no-internet-route",
        resource("aws:ec2/route:Route", {"destinationCidrBlock": "8.8.8.8/32", "natGatewayId": "nat-1"}),
        at="destinationCidrBlock",
    ),
    violates("no-internet-route", google_route("0.0.0.0/0", nextHopGateway=OUT), at="destRange"),
    violates(
        "no-internet-route", google_route("199.36.0.0/16", nextHopGateway=f"global/gateways/{OUT}"), at="destRange"
    ),
    violates("no-internet-route", azure_route("Internet"), at="routes[0].addressPrefix"),
    violates(
        "no-internet-route",
        resource("azure-native:network:Route", {"addressPrefix": "20.0.0.0/8", "nextHopType": "internet"}),
        at="addressPrefix",
    ),
    passes("no-internet-route", table(cidrBlock="0.0.0.0/0", transitGatewayId="tgw-1")),
    passes("no-internet-route", table(cidrBlock="10.9.0.0/16", gatewayId="vgw-1")),
    passes("no-internet-route", google_route("199.36.153.4/30", nextHopGateway=OUT)),
    passes("no-internet-route", google_route("0.0.0.0/0", nextHopIlb="10.0.0.9")),
    passes("no-internet-route", azure_route("None")),
    undecided("no-internet-route", table(cidrBlock="0.0.0.0/0", gatewayId=UNKNOWN)),
    undecided("no-internet-route", google_route(UNKNOWN, nextHopGateway=OUT)),
    violates(
        "no-default-routes", resource(NETWORK, {"autoCreateSubnetworks": False}), at="deleteDefaultRoutesOnCreate"
    ),
    passes("no-default-routes", resource(NETWORK, {"deleteDefaultRoutesOnCreate": True})),
    undecided("no-default-routes", resource(NETWORK, {"deleteDefaultRoutesOnCreate": UNKNOWN})),
    violates("no-network-address-translation", resource(ROUTER_NAT, {"natIpAllocateOption": "AUTO_ONLY"}), at="type"),
    violates("no-network-address-translation", resource("aws:ec2/natGateway:NatGateway"), at="connectivityType"),
    violates("no-network-address-translation", resource("azure-native:network:NatGateway"), at="type"),
    violates(
        "no-network-address-translation",
        resource(ROUTER_NAT, {"sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES"}),
        at="type",
    ),
    passes("no-network-address-translation", resource(ROUTER_NAT, {"type": "PRIVATE"})),
    passes(
        "no-network-address-translation",
        resource(ROUTER_NAT, {"sourceSubnetworkIpRangesToNat": "LIST_OF_SUBNETWORKS"}),
    ),
    passes(
        "no-network-address-translation", resource("aws:ec2/natGateway:NatGateway", {"connectivityType": "private"})
    ),
    undecided("no-network-address-translation", resource(ROUTER_NAT, {"type": UNKNOWN})),
    violates("no-default-outbound-access", subnet(), at="defaultOutboundAccess"),
    violates(
        "no-default-outbound-access",
        resource("azure-native:network:VirtualNetwork", {"subnets": [{"defaultOutboundAccess": True}]}),
        at="subnets[0].defaultOutboundAccess",
    ),
    passes("no-default-outbound-access", subnet(defaultOutboundAccess=False)),
    passes("no-default-outbound-access", subnet(subnetName="AzureFirewallSubnet")),
    violates(
        "no-default-outbound-access", subnet(subnetName="GatewaySubnet", defaultOutboundAccess=True), at="default"
    ),
    undecided("no-default-outbound-access", subnet(defaultOutboundAccess=UNKNOWN)),
    violates("subnet-has-route-table", subnet(subnetName="workloads"), at="routeTable"),
    passes("subnet-has-route-table", subnet(routeTable={"id": UNKNOWN})),
    passes("subnet-has-route-table", subnet(subnetName="AzureBastionSubnet")),
    undecided("subnet-has-route-table", subnet(routeTable=UNKNOWN)),
    violates(NARROW, endpoint(), at="policy"),
    violates(NARROW, endpoint(everything()), at="policy"),
    violates(NARROW, endpoint(everything(Action=["s3:GetObject", "s3:*"], Resource="arn:aws:s3:::*")), at="policy"),
    violates(NARROW, endpoint({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}), at="policy"),
    violates(NARROW, endpoint(everything(Condition={"StringNotEquals": {"aws:ResourceAccount": "1"}})), at="policy"),
    violates(NARROW, endpoint(everything(Condition={"StringLike": {"aws:PrincipalOrgID": "*"}})), at="policy"),
    passes(NARROW, endpoint(everything(Condition=OWN_ACCOUNT))),
    passes(NARROW, endpoint(everything(Resource=["arn:aws:s3:::own", "arn:aws:s3:::own/*"]))),
    passes(NARROW, endpoint(everything(Effect="Deny"))),
    passes(NARROW, endpoint(vpcEndpointType="GatewayLoadBalancer")),
    undecided(NARROW, endpoint(policy=UNKNOWN)),
    undecided(NARROW, endpoint(vpcEndpointType=UNKNOWN)),
]
