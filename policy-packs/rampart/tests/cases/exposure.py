"""Cases of the exposure controls."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates


def group(**lists: Any) -> Declared:
    return resource("aws:ec2/securityGroup:SecurityGroup", lists)


def firewall(**properties: Any) -> Declared:
    return resource("gcp:compute/firewall:Firewall", {"allows": [{"protocol": "tcp", "ports": ["22"]}], **properties})


def policy_rule(action: Any = "allow", direction: str = "INGRESS", **match: Any) -> Declared:
    return resource(
        "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
        {"action": action, "direction": direction, "match": {"layer4Configs": [{"ipProtocol": "all"}], **match}},
    )


def nsg(token: str = "azure-native:network:NetworkSecurityGroup", **rule: Any) -> Declared:
    inbound = {"direction": "Inbound", "access": "Allow", "protocol": "*", "destinationAddressPrefix": "*"}
    return resource(token, {"securityRules": [{**inbound, **rule}]})


def subnet(**properties: Any) -> Declared:
    return resource("azure-native:network:Subnet", {"subnetName": "workloads", **properties})


EIP = resource("aws:ec2/eip:Eip", {"domain": "vpc"}, outputs={"allocationId": "eipalloc-1"})
NAT = "aws:ec2/natGateway:NatGateway"
VPC = resource("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, outputs={"id": "vpc-1"}, name="vpc")
OTHER_VPC = resource("aws:ec2/vpc:Vpc", {"cidrBlock": "10.1.0.0/16"}, outputs={"id": "vpc-2"}, name="other")
VAULT = "azure-native:keyvault:Vault"
ACCOUNT = "azure-native:storage:StorageAccount"


def default_group(vpc: Any, *depends: Declared, **lists: Any) -> Declared:
    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    return resource(token, {"vpcId": vpc, **lists}, depends={"vpcId": depends}, name="closed")


INGRESS = "no-open-ingress"
CASES = [
    violates(INGRESS, group(ingress=[{"cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"]}]), at="ingress[0].cidrBlocks[1]"),
    violates(INGRESS, group(ingress=[{"cidrBlocks": [UNKNOWN]}, {"ipv6CidrBlocks": ["::/0"]}]), at="ingress[1].ipv6"),
    violates(INGRESS, group(ingress=[{"cidrBlocks": ["128.0.0.0/1"]}]), at="128.0.0.0/1"),
    violates(INGRESS, group(ingress=[{"cidrBlocks": ["3.0.0.0/15"]}]), at="3.0.0.0/15"),
    violates(INGRESS, group(ingress=[{"cidrBlocks": [secret("0.0.0.0/0")]}]), at="[secret]"),
    violates(
        INGRESS,
        resource(
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            {"type": "ingress", "cidrBlocks": ["0.0.0.0/0"], "fromPort": 443},
        ),
        at="cidrBlocks[0]",
    ),
    violates(
        INGRESS,
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"cidrIpv6": "2000::/3"}),
        at="cidrIpv6",
    ),
    violates(INGRESS, firewall(), at="sourceRanges"),
    violates(INGRESS, firewall(sourceRanges=["0.0.0.0/0"], direction="INGRESS"), at="sourceRanges[0]"),
    violates(INGRESS, policy_rule(srcIpRanges=["0.0.0.0/0"]), at="match.srcIpRanges[0]"),
    violates(INGRESS, policy_rule(srcRegionCodes=["US"]), at="match.srcRegionCodes[0]"),
    violates(INGRESS, policy_rule(), at="match.srcIpRanges"),
    violates(INGRESS, nsg(sourceAddressPrefix="*"), at="securityRules[0].sourceAddressPrefix"),
    violates(INGRESS, nsg(sourceAddressPrefix="Internet"), at="Internet"),
    violates(INGRESS, nsg(sourceAddressPrefixes=["10.0.0.0/8", "AzureCloud.eastus2"]), at="sourceAddressPrefixes[1]"),
    violates(
        INGRESS,
        nsg("azure-native:network/v20240501:NetworkSecurityGroup", sourceAddressPrefix="0.0.0.0/0"),
        at="securityRules[0]",
    ),
    violates(
        INGRESS,
        resource(
            "azure-native_network_v20240501:network:SecurityRule",
            {"direction": "inbound", "access": "allow", "sourceAddressPrefix": "0.0.0.0/0"},
        ),
        at="sourceAddressPrefix",
    ),
    passes(INGRESS, group(ingress=[{"cidrBlocks": ["10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10"]}])),
    passes(INGRESS, group(ingress=[{"cidrBlocks": ["35.191.0.0/16", "203.0.113.7/32"], "prefixListIds": ["pl-1"]}])),
    passes(INGRESS, group(egress=[{"cidrBlocks": ["0.0.0.0/0"]}], ingress=[{"self": True}])),
    passes(INGRESS, firewall(sourceTags=["bastion"])),
    passes(INGRESS, firewall(allows=None, denies=[{"protocol": "all"}], sourceRanges=["0.0.0.0/0"])),
    passes(INGRESS, policy_rule("deny", srcIpRanges=["0.0.0.0/0"])),
    passes(INGRESS, policy_rule(srcSecureTags=[{"name": "tagValues/1"}])),
    passes(INGRESS, policy_rule(srcNetworkContext="VPC_NETWORKS")),
    passes(INGRESS, nsg(access="Deny", sourceAddressPrefix="*")),
    passes(INGRESS, nsg(sourceAddressPrefix="AzureLoadBalancer")),
    undecided(INGRESS, group(ingress=UNKNOWN)),
    undecided(INGRESS, policy_rule(UNKNOWN, srcIpRanges=["0.0.0.0/0"])),
    undecided(INGRESS, nsg(sourceAddressPrefix=UNKNOWN)),
    violates("no-public-address", EIP, at="type"),
    violates(
        "no-public-address",
        resource("aws:ec2/eip:Eip", {"instance": "i-1"}, outputs={"allocationId": "eipalloc-1"}),
        resource(NAT, {"allocationId": "eipalloc-2"}, name="nat"),
        at="type",
    ),
    violates("no-public-address", resource("gcp:compute/address:Address"), at="addressType"),
    violates("no-public-address", resource("gcp:compute/globalAddress:GlobalAddress"), at="addressType"),
    violates(
        "no-public-address", resource("azure-native:network:PublicIPAddress", {"sku": {"name": "Standard"}}), at="type"
    ),
    passes(
        "no-public-address", EIP, resource(NAT, {"allocationId": UNKNOWN}, depends={"allocationId": EIP}, name="nat")
    ),
    passes("no-public-address", resource("gcp:compute/address:Address", {"addressType": "INTERNAL"})),
    undecided("no-public-address", EIP, resource(NAT, {"allocationId": UNKNOWN}, name="nat")),
    undecided("no-public-address", resource("gcp:compute/address:Address", {"addressType": UNKNOWN})),
    violates(
        "no-automatic-public-address",
        resource("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": True}),
        at="mapPublicIpOnLaunch",
    ),
    violates(
        "no-automatic-public-address",
        resource("aws:ec2/eipAssociation:EipAssociation", {"instanceId": "i-1"}),
        at="type",
    ),
    violates(
        "no-automatic-public-address",
        resource("gcp:compute/subnetwork:Subnetwork", {"ipv6AccessType": "EXTERNAL"}),
        at="ipv6AccessType",
    ),
    passes("no-automatic-public-address", resource("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": False})),
    passes(
        "no-automatic-public-address", resource("gcp:compute/subnetwork:Subnetwork", {"ipv6AccessType": "INTERNAL"})
    ),
    undecided("no-automatic-public-address", resource("aws:ec2/subnet:Subnet", {"mapPublicIpOnLaunch": UNKNOWN})),
    violates("no-internet-gateway", resource("aws:ec2/internetGateway:InternetGateway", {"vpcId": UNKNOWN}), at="type"),
    violates("no-internet-gateway", resource("azure-native:network:VirtualNetworkGateway"), at="gatewayType"),
    passes(
        "no-internet-gateway",
        resource("azure-native:network:VirtualNetworkGateway", {"gatewayType": "ExpressRoute"}),
    ),
    undecided("no-internet-gateway", resource("azure-native:network:VirtualNetworkGateway", {"gatewayType": UNKNOWN})),
    violates("no-public-endpoint", resource(VAULT, {"properties": {}}), at="properties.publicNetworkAccess"),
    violates("no-public-endpoint", resource(ACCOUNT, {"publicNetworkAccess": "Enabled"}), at="publicNetworkAccess"),
    passes("no-public-endpoint", resource(VAULT, {"properties": {"publicNetworkAccess": "disabled"}})),
    passes("no-public-endpoint", resource(ACCOUNT, {"publicNetworkAccess": "SecuredByPerimeter"})),
    undecided("no-public-endpoint", resource(VAULT, {"properties": UNKNOWN})),
    violates(
        "service-firewall-denies-by-default",
        resource(ACCOUNT, {"networkRuleSet": {"bypass": "AzureServices"}}),
        at="networkRuleSet.defaultAction",
    ),
    passes(
        "service-firewall-denies-by-default",
        resource(VAULT, {"properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Deny"}}}),
    ),
    passes("service-firewall-denies-by-default", resource(ACCOUNT, {"publicNetworkAccess": "Disabled"})),
    undecided(
        "service-firewall-denies-by-default",
        resource(ACCOUNT, {"publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": UNKNOWN}}),
    ),
    violates("default-security-group-is-empty", default_group("vpc-1", ingress=[{"self": True}]), at="ingress"),
    passes("default-security-group-is-empty", default_group("vpc-1", ingress=[], egress=[])),
    undecided("default-security-group-is-empty", default_group("vpc-1", egress=UNKNOWN)),
    violates("default-security-group-is-adopted", VPC, at="DefaultSecurityGroup"),
    violates(
        "default-security-group-is-adopted",
        VPC,
        OTHER_VPC,
        default_group(UNKNOWN, OTHER_VPC),
        at="DefaultSecurityGroup",
    ),
    passes("default-security-group-is-adopted", VPC, default_group(UNKNOWN, VPC)),
    undecided("default-security-group-is-adopted", VPC, default_group(UNKNOWN)),
    violates("no-default-network", resource("gcp:compute/network:Network"), at="autoCreateSubnetworks"),
    violates("no-default-network", resource("aws:ec2/defaultVpc:DefaultVpc"), at="type"),
    passes("no-default-network", resource("gcp:compute/network:Network", {"autoCreateSubnetworks": False})),
    undecided("no-default-network", resource("gcp:compute/network:Network", {"autoCreateSubnetworks": UNKNOWN})),
    violates("subnet-has-security-group", subnet(), at="networkSecurityGroup"),
    violates(
        "subnet-has-security-group",
        resource("azure-native:network:VirtualNetwork", {"subnets": [{"name": "a", "networkSecurityGroup": None}]}),
        at="subnets[0].networkSecurityGroup",
    ),
    passes("subnet-has-security-group", subnet(networkSecurityGroup={"id": UNKNOWN})),
    passes("subnet-has-security-group", subnet(subnetName="GatewaySubnet")),
    undecided("subnet-has-security-group", subnet(networkSecurityGroup=UNKNOWN)),
]
