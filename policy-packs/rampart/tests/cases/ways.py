"""Cases of the controls that judge where routes and rules lead together."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

OUT, IN = "subnet-has-no-way-out", "subnet-has-no-way-in"

VPC = resource("aws:ec2/vpc:Vpc", {"id": "vpc-1", "cidrBlock": "10.0.0.0/16"}, name="vpc")
SUBNET = resource(
    "aws:ec2/subnet:Subnet", {"id": "subnet-1", "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"}, name="subnet"
)
JOINED = resource(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    {"id": "rtbassoc-1", "subnetId": "subnet-1", "routeTableId": "rtb-1"},
    name="joined",
)


def table(*routes: dict[str, Any]) -> Declared:
    return resource(
        "aws:ec2/routeTable:RouteTable", {"id": "rtb-1", "vpcId": "vpc-1", "routes": list(routes)}, name="table"
    )


def aws(*routes: dict[str, Any]) -> tuple[Declared, ...]:
    return VPC, SUBNET, JOINED, table(*routes)


def route(target: str, **hop: Any) -> dict[str, Any]:
    return {"cidrBlock": target, **hop}


NETWORK = "projects/p/global/networks/n"


def google(*rules: Declared, default_route: bool = True, public: bool = False) -> tuple[Declared, ...]:
    made = [
        resource(
            "gcp:compute/network:Network",
            {"id": NETWORK, "name": "n", "deleteDefaultRoutesOnCreate": not default_route},
            name="network",
        ),
        resource(
            "gcp:compute/subnetwork:Subnetwork",
            {"id": "projects/p/regions/r/subnetworks/s", "name": "s", "network": NETWORK, "ipCidrRange": "10.0.0.0/20"},
            name="subnet",
        ),
    ]
    access: dict[str, Any] = {"accessConfigs": [{}]} if public else {}
    interface = {"subnetwork": "projects/p/regions/r/subnetworks/s", **access}
    made.append(resource("gcp:compute/instance:Instance", {"networkInterfaces": [interface]}, name="machine"))
    return (*made, *rules)


def firewall(direction: str, *, deny: bool = False, priority: int = 1000, **more: Any) -> Declared:
    what = [{"protocol": "tcp", "ports": ["443"]}] if not deny else [{"protocol": "all"}]
    return resource(
        "gcp:compute/firewall:Firewall",
        {
            "network": NETWORK,
            "direction": direction,
            "denies" if deny else "allows": what,
            "priority": priority,
            **more,
        },
        name=f"{direction}-{priority}",
    )


def azure(prefix: Any, hop: str, target: str, port: str, **subnet: Any) -> tuple[Declared, ...]:
    vnet = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v"
    rule = {
        **{"name": "out", "priority": 100, "direction": "Outbound", "access": "Allow", "protocol": "Tcp"},
        **{"sourceAddressPrefix": "*", "destinationAddressPrefix": target, "destinationPortRange": port},
    }
    denied = rule | {"name": "denied", "priority": 4096, "access": "Deny", "protocol": "*"}
    denied |= {"destinationAddressPrefix": "*", "destinationPortRange": "*"}
    dropped = {"name": "dropped", "addressPrefix": "0.0.0.0/0", "nextHopType": "None"}
    routes = [{"name": "out", "addressPrefix": prefix, "nextHopType": hop}]
    routes += [] if prefix == dropped["addressPrefix"] else [dropped]
    return (
        resource(
            "azure-native:network:VirtualNetwork",
            {"id": vnet, "name": "v", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}},
            name="network",
        ),
        resource(
            "azure-native:network:NetworkSecurityGroup",
            {"id": "/nsg", "name": "nsg", "securityRules": [rule, denied]},
            name="group",
        ),
        resource("azure-native:network:RouteTable", {"id": "/rt", "name": "rt", "routes": routes}, name="table"),
        resource(
            "azure-native:network:Subnet",
            {
                "id": f"{vnet}/subnets/s",
                "addressPrefix": "10.0.0.0/24",
                "networkSecurityGroup": {"id": "/nsg"},
                "routeTable": {"id": "/rt"},
                **subnet,
            },
            name="subnet",
        ),
    )


ENTRA = "AzureActiveDirectory"

CASES = [
    violates(OUT, *aws(route("0.0.0.0/0", natGatewayId="nat-1")), at="ways out"),
    violates(OUT, *aws(route("0.0.0.0/1", gatewayId="igw-1"), route("128.0.0.0/1", gatewayId="igw-1")), at="ways out"),
    violates(OUT, *aws({"ipv6CidrBlock": "::/0", "egressOnlyGatewayId": "eigw-1"}), at="ways out"),
    passes(OUT, *aws(route("10.1.0.0/16", vpcPeeringConnectionId="pcx-1"))),
    passes(OUT, *aws(route("0.0.0.0/0", transitGatewayId="tgw-1"))),
    undecided(OUT, VPC, SUBNET, JOINED, table(route("0.0.0.0/0", gatewayId=UNKNOWN))),
    violates(OUT, *google(), at="ways out"),
    violates(
        OUT,
        *google(firewall("EGRESS", deny=True, priority=65000), firewall("EGRESS", destinationRanges=["34.0.0.0/8"])),
        at="ways out",
    ),
    passes(OUT, *google(firewall("EGRESS", deny=True, priority=65000))),
    passes(OUT, *google(default_route=False)),
    violates(OUT, *azure("0.0.0.0/0", "Internet", "Internet", "443"), at="ways out"),
    violates(OUT, *azure(ENTRA, "Internet", ENTRA, "*"), at="ways out"),
    violates(OUT, *azure("AzureCloud", "Internet", "AzureCloud", "443"), at="ways out"),
    passes(OUT, *azure(ENTRA, "Internet", ENTRA, "443")),
    passes(OUT, *azure(ENTRA, "Internet", "Internet", "443")),
    undecided(OUT, *azure(UNKNOWN, "Internet", "Internet", "443")),
    violates(IN, *aws(route("0.0.0.0/0", gatewayId="igw-1")), at="ways in"),
    passes(IN, *aws(route("0.0.0.0/0", natGatewayId="nat-1"))),
    undecided(IN, VPC, SUBNET, JOINED, table(route("0.0.0.0/0", gatewayId=UNKNOWN))),
    violates(IN, *google(firewall("INGRESS", sourceRanges=["0.0.0.0/0"]), public=True), at="ways in"),
    passes(IN, *google(firewall("INGRESS", sourceRanges=["0.0.0.0/0"]))),
    passes(IN, *google(firewall("INGRESS", sourceRanges=["10.0.0.0/8"]), public=True)),
]
