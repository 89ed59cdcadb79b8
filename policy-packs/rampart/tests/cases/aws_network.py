"""Cases of AWS load balancers, network ACLs, routes, peerings and private link."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

STRANGER = "999988887777"


def aws(kind: str, **properties: Any) -> Declared:
    module, _, name = kind.partition("/")
    return resource(f"aws:{module}/{name[0].lower()}{name[1:]}:{name}", properties)


def listener(protocol: Any = "HTTPS", action: Any = None, kind: str = "lb/Listener", **properties: Any) -> Declared:
    strict = {"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
    return aws(
        kind, **{"protocol": protocol, "defaultActions": [action or {"type": "forward"}], **strict, **properties}
    )


def redirect(protocol: Any = "HTTPS") -> Any:
    return {"type": "redirect", "redirect": {"port": "443", "protocol": protocol, "statusCode": "HTTP_301"}}


def acl(**rule: Any) -> Declared:
    return aws("ec2/NetworkAcl", ingress=[{"action": "allow", "protocol": "tcp", "cidrBlock": "0.0.0.0/0", **rule}])


def route(destination: str = "0.0.0.0/0", *depends: Declared, **properties: Any) -> Declared:
    declared = {"routeTableId": "rtb-1", "destinationCidrBlock": destination, **properties}
    origins = dict.fromkeys(("gatewayId", "natGatewayId"), depends)
    return resource("aws:ec2/route:Route", declared, depends=origins, name="route")


GATEWAY = resource("aws:ec2/internetGateway:InternetGateway", {}, outputs={"id": "igw-1"}, name="gateway")
NAT = resource("aws:ec2/natGateway:NatGateway", {}, outputs={"id": "nat-1"}, name="nat")
VPN = resource("aws:ec2/vpnGateway:VpnGateway", {}, outputs={"id": "vgw-1"}, name="vpn")
ENDPOINT, PLAIN, TLS, INGRESS = "no-public-endpoint", "no-plaintext-transport", "tls-1-2-or-later", "no-open-ingress"
ROUTE, PUBLIC, FOREIGN, RAIL = "no-internet-route", "no-public-principal", "no-foreign-principal", "guard-rail-holds"
ADDRESS = "no-automatic-public-address"

CASES = [
    violates(ENDPOINT, aws("lb/LoadBalancer", loadBalancerType="network"), at="internal"),
    violates(ENDPOINT, aws("alb/LoadBalancer", internal=False), at="internal"),
    violates(ENDPOINT, aws("elb/LoadBalancer", listeners=[]), at="internal"),
    violates(ENDPOINT, aws("globalaccelerator/Accelerator"), at="type"),
    violates(ENDPOINT, aws("ec2clientvpn/Endpoint"), at="type"),
    passes(ENDPOINT, aws("lb/LoadBalancer", internal=True)),
    passes(ENDPOINT, aws("lb/LoadBalancer", loadBalancerType="gateway")),
    undecided(ENDPOINT, aws("lb/LoadBalancer", internal=UNKNOWN)),
    violates(ADDRESS, aws("lb/LoadBalancer", internal=True, subnetMappings=[{"allocationId": "e"}]), at="allocationId"),
    passes(ADDRESS, aws("lb/LoadBalancer", internal=True, subnetMappings=[{"privateIpv4Address": "10.0.0.9"}])),
    violates(PLAIN, listener("HTTP"), at="protocol"),
    violates(PLAIN, listener(None, kind="alb/Listener"), at="protocol"),
    violates(PLAIN, listener("HTTP", redirect("#{protocol}")), at="protocol"),
    violates(PLAIN, listener("HTTP", {"type": "fixed-response"}), at="protocol"),
    violates(PLAIN, aws("elb/LoadBalancer", listeners=[{"lbProtocol": "http", "lbPort": 80}]), at="listeners[0]"),
    *(
        passes(PLAIN, made)
        for made in (listener("HTTP", redirect()), listener(), listener("TCP"), listener(None, certificateArn="a"))
    ),
    undecided(PLAIN, listener(UNKNOWN)),
    violates(TLS, listener(sslPolicy=None), at="sslPolicy"),
    violates(TLS, listener("TLS", sslPolicy="ELBSecurityPolicy-TLS13-1-0-2021-06"), at="sslPolicy"),
    violates(TLS, listener(sslPolicy="ELBSecurityPolicy-FS-2018-06"), at="sslPolicy"),
    violates(
        TLS,
        aws("elb/SslNegotiationPolicy", attributes=[{"name": "Protocol-TLSv1.1", "value": "true"}]),
        at="attributes[0].name",
    ),
    *(
        passes(TLS, listener(sslPolicy=f"ELBSecurityPolicy-{name}"))
        for name in ("TLS13-1-2-2021-06", "TLS13-1-3-2021-06", "FS-1-2-Res-2020-10", "TLS-1-2-Ext-2018-06")
    ),
    passes(TLS, listener("TCP", sslPolicy=None)),
    undecided(TLS, listener(sslPolicy=UNKNOWN)),
    violates(INGRESS, acl(fromPort=22, toPort=22), at="ingress[0].cidrBlock"),
    violates(INGRESS, acl(fromPort=0, toPort=65535), at="ingress[0].cidrBlock"),
    violates(INGRESS, acl(protocol="-1", cidrBlock=None, ipv6CidrBlock="::/0"), at="ingress[0].ipv6CidrBlock"),
    violates(
        INGRESS,
        aws("ec2/NetworkAclRule", protocol="6", ruleAction="allow", cidrBlock="0.0.0.0/1", fromPort=3389, toPort=3389),
        at="cidrBlock",
    ),
    violates(INGRESS, aws("ec2/ManagedPrefixList", entries=[{"cidr": "10.0.0.0/8"}, {"cidr": "0.0.0.0/0"}]), at="[1]"),
    violates(INGRESS, aws("ec2/ManagedPrefixListEntry", cidr="::/0"), at="cidr"),
    passes(INGRESS, acl(fromPort=1024, toPort=65535)),
    passes(INGRESS, acl(action="deny", protocol="-1")),
    passes(INGRESS, acl(protocol="-1", cidrBlock="10.0.0.0/8")),
    passes(INGRESS, acl(fromPort=443, toPort=443)),
    passes(INGRESS, aws("ec2/NetworkAclRule", egress=True, protocol="-1", ruleAction="allow", cidrBlock="0.0.0.0/0")),
    passes(INGRESS, aws("ec2/ManagedPrefixList", entries=[{"cidr": "203.0.113.0/24"}])),
    undecided(INGRESS, acl(fromPort=UNKNOWN, toPort=22)),
    violates(ROUTE, route(gatewayId="igw-1"), at="destinationCidrBlock"),
    violates(ROUTE, route("0.0.0.0/0", GATEWAY, gatewayId=UNKNOWN), GATEWAY, at="destinationCidrBlock"),
    violates(ROUTE, route("0.0.0.0/0", NAT, natGatewayId=UNKNOWN), NAT, at="destinationCidrBlock"),
    violates(ROUTE, route(networkInterfaceId="eni-1"), at="destinationCidrBlock"),
    violates(ROUTE, route(carrierGatewayId="cagw-1"), at="destinationCidrBlock"),
    violates(ROUTE, route("", destinationPrefixListId="pl-1", natGatewayId="nat-1"), at="destinationPrefixListId"),
    violates(
        ROUTE,
        resource(
            "aws:ec2/routeTable:RouteTable",
            {"routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}]},
            depends={"routes": GATEWAY},
        ),
        GATEWAY,
        at="routes[0].cidrBlock",
    ),
    violates(ROUTE, aws("ec2clientvpn/Route", destinationCidrBlock="0.0.0.0/0"), at="destinationCidrBlock"),
    passes(ROUTE, route(transitGatewayId="tgw-1")),
    passes(ROUTE, route("10.9.0.0/16", networkInterfaceId="eni-1")),
    undecided(ROUTE, route("10.9.0.0/16", VPN, gatewayId=UNKNOWN), VPN),
    undecided(ROUTE, route("10.9.0.0/16", VPN, natGatewayId=UNKNOWN), VPN),
    violates("no-internet-gateway", aws("ec2/CarrierGateway"), at="type"),
    violates("no-internet-gateway", aws("directconnect/PublicVirtualInterface"), at="type"),
    violates(PUBLIC, aws("ec2/VpcEndpointService", allowedPrincipals=["*"]), at="allowedPrincipals[0]"),
    violates(
        FOREIGN,
        aws("ec2/VpcEndpointServiceAllowedPrinciple", principalArn=f"arn:aws:iam::{STRANGER}:root"),
        at="principalArn",
    ),
    violates(FOREIGN, aws("ec2/VpcPeeringConnection", peerOwnerId=STRANGER), at="peerOwnerId"),
    violates(FOREIGN, aws("ec2transitgateway/TransitGateway", autoAcceptSharedAttachments="enable"), at="autoAccept"),
    passes(FOREIGN, aws("ec2/VpcPeeringConnection", vpcId="v"), aws("ec2transitgateway/TransitGateway")),
    violates("no-broad-principal", aws("ec2clientvpn/AuthorizationRule", authorizeAllGroups=True), at="authorizeAll"),
    passes("no-broad-principal", aws("ec2clientvpn/AuthorizationRule", accessGroupId="g")),
    violates(
        RAIL, aws("ec2/VpcBlockPublicAccessOptions", internetGatewayBlockMode="off"), at="internetGatewayBlockMode"
    ),
    passes(RAIL, aws("ec2/VpcBlockPublicAccessOptions", internetGatewayBlockMode="block-bidirectional")),
    violates("no-debug-access", aws("ec2/SerialConsoleAccess"), at="enabled"),
    violates("no-packet-forwarding", aws("ec2/NetworkInterface", sourceDestCheck=False), at="sourceDestCheck"),
    violates("no-declared-password", aws("ec2/VpnConnection", tunnel1PresharedKey="hunter2"), at="tunnel1PresharedKey"),
    violates("audit-log-is-complete", aws("lb/LoadBalancer", accessLogs={"bucket": "b"}), at="accessLogs.enabled"),
    passes("audit-log-is-complete", aws("lb/LoadBalancer"), aws("elb/LoadBalancer", accessLogs={"bucket": "b"})),
    violates(ADDRESS, aws("ec2/Subnet", assignIpv6AddressOnCreation=True), at="assignIpv6AddressOnCreation"),
    passes(ADDRESS, aws("ec2/Subnet", assignIpv6AddressOnCreation=True, ipv6Native=True)),
    violates(
        "threat-detection-is-on",
        aws("ecr/Repository", imageScanningConfiguration={"scanOnPush": False}),
        at="imageScanningConfiguration.scanOnPush",
    ),
    passes("threat-detection-is-on", aws("ecr/Repository", imageScanningConfiguration={"scanOnPush": True})),
]
