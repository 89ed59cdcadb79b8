import pulumi
import pulumi_azure_native as azure

from components.network import Network, NetworkArgs
from components.network.plan import Range, part

ROLES = (Range.WORKLOADS, Range.ENDPOINTS)


class VirtualNetwork(Network):
    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        network = azure.network.VirtualNetwork(
            f"{name}-vnet",
            resource_group_name=group,
            location=location.region,
            address_space=azure.network.AddressSpaceArgs(address_prefixes=[str(args.cidr)]),
            tags=location.tags,
            opts=self.inside,
        )
        routes = azure.network.RouteTable(
            f"{name}-routes",
            resource_group_name=group,
            location=location.region,
            disable_bgp_route_propagation=True,
            routes=[
                azure.network.RouteArgs(name="internet-dropped", address_prefix="0.0.0.0/0", next_hop_type="None"),
            ],
            tags=location.tags,
            opts=self.inside,
        )
        inside = str(args.cidr)
        closed = azure.network.NetworkSecurityGroup(
            f"{name}-closed",
            resource_group_name=group,
            location=location.region,
            security_rules=[
                _rule("ingress-inside", 1000, "Inbound", "Allow", inside, inside),
                _rule("ingress-denied", 4096, "Inbound", "Deny", "*", "*"),
                _rule("egress-inside", 1000, "Outbound", "Allow", inside, inside),
                _rule("egress-denied", 4096, "Outbound", "Deny", "*", "*"),
            ],
            tags=location.tags,
            opts=self.inside,
        )
        subnets: dict[Range, azure.network.Subnet] = {}
        for role in ROLES:
            subnets[role] = azure.network.Subnet(
                f"{name}-{role}",
                resource_group_name=group,
                virtual_network_name=network.name,
                subnet_name=str(role),
                address_prefix=str(part(args.cidr, role)),
                default_outbound_access=False,
                # Without it, security groups and routes do not bind on private endpoints.
                private_endpoint_network_policies="Enabled",
                network_security_group=azure.network.NetworkSecurityGroupArgs(id=closed.id),
                route_table=azure.network.RouteTableArgs(id=routes.id),
                # Writes to the subnets of one network conflict (AnotherOperationInProgress): one after the other.
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(subnets.values())[-1:]),
            )
        self.workload_subnets = subnets[Range.WORKLOADS].id.apply(lambda subnet: [subnet])
        self.endpoint_subnets = subnets[Range.ENDPOINTS].id.apply(lambda subnet: [subnet])
        self.id = network.id
        self.cidr = pulumi.Output.from_input(str(args.cidr))
        self.done()


def _rule(
    name: str, priority: int, direction: str, access: str, source: str, destination: str
) -> azure.network.SecurityRuleArgs:
    return azure.network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        protocol="*",
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix=destination,
        destination_port_range="*",
    )
