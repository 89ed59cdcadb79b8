"""How AWS networks are joined with others: peerings, transit gateways, VPNs, private link, guard rails over it all.

VPC User Guide, "Block public access to VPCs and subnets"; AWS PrivateLink guide, "Share your services".
"""

from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, Fact, InternetGateway, NetworkRoute, Principal
from rampart_policy.readers import addresses
from rampart_policy.readers.aws.aspects import exposed, passwords
from rampart_policy.readers.aws.policies import shared
from rampart_policy.readers.table import (
    always,
    audited,
    automatic_address,
    debug_access,
    empty,
    forwards_packets,
    guard_rail,
    off,
    on,
    service,
    set_,
    unless,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

_NAMED = "joins networks that are named"

no_surface(
    {
        "aws:ec2/customerGateway:CustomerGateway": "the address of the other end of a VPN",
        "aws:ec2/keyPair:KeyPair": "a public key",
        "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment": "joins an interface with a machine",
        "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment": "joins an interface "
        "with a security group, which is judged",
        "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": "whether names of the other side are found",
        "aws:ec2/securityGroupAssociation:SecurityGroupAssociation": "joins an endpoint with a group, which is judged",
        "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": "joins a network with name servers",
        "aws:ec2/defaultVpcDhcpOptions:DefaultVpcDhcpOptions": "name servers and domain names",
        "aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter": "accepts one consumer of a service",
        "aws:ec2/vpcEndpointConnectionNotification:VpcEndpointConnectionNotification": "news of who connects",
        "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": "puts a private endpoint into a subnet",
        "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": "another range of a network",
        "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation": "another range of a network",
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": _NAMED,
        "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive": "names rules, which are judged",
        "aws:ec2/vpnConnectionRoute:VpnConnectionRoute": "a route to the other end of a VPN",
        "aws:ec2/vpnGateway:VpnGateway": "the own end of a VPN",
        "aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment": "joins a VPN with a network",
        "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": "routes to the other end of a VPN",
        "aws:ec2clientvpn/networkAssociation:NetworkAssociation": "joins a VPN with a subnet",
        "aws:vpc/endpointPrivateDns:EndpointPrivateDns": "whether a private endpoint has the service's name",
        "aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification": "proof of a name",
        "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation": "joins a network with a group",
    }
)

service("aws:ec2/vpcEndpointService:VpcEndpointService", also=(shared("allowedPrincipals"),))
service("aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple", also=(shared("principalArn"),))
service("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", also=(shared("peerOwnerId"),))
service("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", also=(shared("peerAccountId"),))
service("aws:ec2/networkInterfacePermission:NetworkInterfacePermission", also=(shared("awsAccountId"),))


def _accepts_all(place: Node) -> Iterator[Fact]:
    """Whoever the gateway is shared with attaches a network unasked."""
    accepts = place.key("autoAcceptSharedAttachments").text(default="disable")
    yield AccessGrant(
        allows=accepts.map(lambda word: word == "enable"),
        principal=accepts.map(lambda _: Principal("every account it is shared with", Audience.OTHER_ACCOUNT)),
        narrowed=Field(False),
    )


service("aws:ec2transitgateway/transitGateway:TransitGateway", _accepts_all)
service("aws:ec2/vpnConnection:VpnConnection", passwords("tunnel1PresharedKey", "tunnel2PresharedKey"))
service("aws:ec2/networkInterface:NetworkInterface", forwards_packets(off("sourceDestCheck", default=True)))
service("aws:ec2clientvpn/endpoint:Endpoint", exposed, audited(on("connectionLogOptions.enabled")))


def _everybody(place: Node) -> Iterator[Fact]:
    allowed = place.key("authorizeAllGroups").flag(default=False)
    yield AccessGrant(
        allows=allowed,
        principal=allowed.map(lambda _: Principal("all groups", Audience.ORGANIZATION)),
        narrowed=Field(False),
    )


service("aws:ec2clientvpn/authorizationRule:AuthorizationRule", _everybody)


def _way_out(place: Node) -> Iterator[Fact]:
    destination = addresses.peer_field(place.key("destinationCidrBlock"))
    yield NetworkRoute(destination=destination, leads_out=destination.map(lambda peer: peer.public))


service("aws:ec2clientvpn/route:Route", _way_out)


def _public_line(place: Node) -> Iterator[Fact]:
    """A public interface of Direct Connect leads to AWS's public addresses, past the network's own routes."""
    yield InternetGateway(public=always(place))


service(
    (
        "aws:directconnect/publicVirtualInterface:PublicVirtualInterface",
        "aws:directconnect/hostedPublicVirtualInterface:HostedPublicVirtualInterface",
    ),
    _public_line,
)
service(
    "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
    guard_rail(unless("internetGatewayBlockMode", "off")),
)
service(
    "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
    guard_rail(lambda place: Field(False, "type")),
)
service("aws:ec2/allowedImagesSettings:AllowedImagesSettings", guard_rail(unless("state", "disabled")))
service(
    "aws:emr/blockPublicAccessConfiguration:BlockPublicAccessConfiguration",
    guard_rail(on("blockPublicSecurityGroupRules")),
    set_(
        "permittedPublicSecurityGroupRuleRanges",
        guard_rail(empty("permittedPublicSecurityGroupRuleRanges")),
    ),
)
service("aws:ec2/serialConsoleAccess:SerialConsoleAccess", debug_access(on("enabled", default=True)))
service(
    (
        "aws:globalaccelerator/accelerator:Accelerator",
        "aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator",
    ),
    exposed,
)
service("aws:globalaccelerator/crossAccountAttachment:CrossAccountAttachment", also=(shared("principals"),))
service(
    "aws:drs/replicationConfigurationTemplate:ReplicationConfigurationTemplate", automatic_address(on("createPublicIp"))
)
