from itertools import product

import pulumi
import pulumi_azure_native as azure

from components.network import ENTRANCE_PORT, Network, NetworkArgs
from components.network.azure_entra import ENTRA, entra_path
from components.network.plan import Range, part

ROLES = (Range.ENDPOINTS, Range.CONTROL, Range.WORKLOADS, Range.EGRESS)
NODES = (Range.WORKLOADS, Range.EGRESS)
"""What pods run in, and so what may reach the Entra login service."""

ENDPOINT_PORTS = ("443", "5432", "10000")
"""What private endpoints listen on: storage, vaults and the registry; PostgreSQL; Managed Redis."""

OUTSIDE = (Range.PODS, Range.SERVICES)
"""Ranges of the plan that are Kubernetes' own. They must not lie in the network's address space (AKS documentation,
Azure CNI Overlay, IP address planning)."""


class VirtualNetwork(Network):
    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        network = azure.network.VirtualNetwork(
            f"{name}-vnet",
            resource_group_name=group,
            location=location.region,
            address_space=azure.network.AddressSpaceArgs(
                address_prefixes=[str(part(args.cidr, role)) for role in Range if role not in OUTSIDE]
            ),
            tags=location.tags,
            opts=self.inside,
        )
        entra = entra_path(name, args.site, self)
        inside = str(args.cidr)
        control, stores = str(part(args.cidr, Range.CONTROL)), str(part(args.cidr, Range.ENDPOINTS))
        # What the API server needs besides (AKS documentation, API Server VNet Integration, NSG security rules); nodes
        # call it on 443 and 4443, which is inside.
        api = [rule("ingress-probes", 1100, "Inbound", "Allow", "AzureLoadBalancer", control, "9988")]
        api += [
            rule(f"ingress-reach-{position}", 1200 + position, "Inbound", "Allow", str(peer), control, "443")
            for position, peer in enumerate(args.reach)
        ]
        callers = [
            rule(f"ingress-callers-{position}-{port}", 1200 + position, "Inbound", "Allow", str(peer), stores, port)
            for position, (peer, port) in enumerate(product(args.callers, ENDPOINT_PORTS))
        ]
        nodes, port = str(part(args.cidr, Range.WORKLOADS)), str(ENTRANCE_PORT)
        # A load balancer keeps the caller's address: what it lets through is let in where it goes to.
        entrance = [rule("ingress-probes", 1100, "Inbound", "Allow", "AzureLoadBalancer", nodes, port)]
        entrance += [
            rule(f"ingress-visitors-{position}", 1200 + position, "Inbound", "Allow", str(peer), nodes, port)
            for position, peer in enumerate(args.visitors)
        ]
        login = [rule("egress-entra", 1100, "Outbound", "Allow", inside, ENTRA, "443")]
        out = [rule("egress-https", 1200, "Outbound", "Allow", str(part(args.cidr, Range.EGRESS)), "Internet", "443")]
        dropped = azure.network.RouteArgs(name="internet-dropped", address_prefix="0.0.0.0/0", next_hop_type="None")
        # Through the NAT gateway, which a subnet has besides its routes.
        let_out = azure.network.RouteArgs(name="internet", address_prefix="0.0.0.0/0", next_hop_type="Internet")

        def group_of(key: str, rules: list[azure.network.SecurityRuleArgs]) -> pulumi.Output[str]:
            return azure.network.NetworkSecurityGroup(
                f"{name}-{key}",
                resource_group_name=group,
                location=location.region,
                security_rules=[*closed(inside), *rules],
                tags=location.tags,
                opts=self.inside,
            ).id

        def table_of(key: str, *routes: azure.network.RouteArgs) -> pulumi.Output[str]:
            return azure.network.RouteTable(
                f"{name}-{key}",
                resource_group_name=group,
                location=location.region,
                disable_bgp_route_propagation=True,
                routes=list(routes),
                tags=location.tags,
                opts=self.inside,
            ).id

        groups = {
            Range.ENDPOINTS: group_of("closed", callers),
            Range.CONTROL: group_of("api", api),
            Range.WORKLOADS: group_of("nodes", [*login, *(entrance if args.entrance else [])]),
            # The egress subnet has group and table to itself from the start: a way out changes nothing but these.
            Range.EGRESS: group_of("egress-nodes", [*login, *(out if args.way_out else [])]),
        }
        tables = {
            **dict.fromkeys((Range.ENDPOINTS, Range.CONTROL), table_of("routes", dropped)),
            Range.WORKLOADS: table_of("node-routes", dropped, entra.route),
            Range.EGRESS: table_of("egress-routes", let_out if args.way_out else dropped, entra.route),
        }
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
                network_security_group=azure.network.NetworkSecurityGroupArgs(id=groups[role]),
                route_table=azure.network.RouteTableArgs(id=tables[role]),
                nat_gateway=azure.network.SubResourceArgs(id=entra.gateway) if role in NODES else None,
                delegations=[_API_SERVER] if role is Range.CONTROL else None,
                # Writes to the subnets of one network conflict (AnotherOperationInProgress): one after the other.
                opts=pulumi.ResourceOptions(parent=self, depends_on=list(subnets.values())[-1:]),
            )

        def ids(role: Range) -> pulumi.Output[list[str]]:
            return subnets[role].id.apply(lambda subnet: [subnet])

        self.workload_subnets = ids(Range.WORKLOADS)
        self.endpoint_subnets = ids(Range.ENDPOINTS)
        self.control_subnets = ids(Range.CONTROL)
        self.egress_subnets = ids(Range.EGRESS)
        self.id = network.id
        self.cidr = pulumi.Output.from_input(str(args.cidr))
        self.callers = pulumi.Output.from_input([str(range_) for range_ in (args.cidr, *args.callers)])
        self.done()


_API_SERVER = azure.network.DelegationArgs(name="api-server", service_name="Microsoft.ContainerService/managedClusters")


def closed(inside: pulumi.Input[str]) -> list[azure.network.SecurityRuleArgs]:
    """The rules of every security group: what stays inside passes, in and out, and nothing else does."""
    return [
        rule("ingress-inside", 1000, "Inbound", "Allow", inside, inside),
        rule("ingress-denied", 4096, "Inbound", "Deny", "*", "*"),
        rule("egress-inside", 1000, "Outbound", "Allow", inside, inside),
        rule("egress-denied", 4096, "Outbound", "Deny", "*", "*"),
    ]


def rule(
    name: str,
    priority: int,
    direction: str,
    access: str,
    source: pulumi.Input[str],
    destination: pulumi.Input[str],
    port: str = "",
) -> azure.network.SecurityRuleArgs:
    """One rule of a security group; with a port, for TCP to that port alone."""
    return azure.network.SecurityRuleArgs(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        protocol="Tcp" if port else "*",
        source_address_prefix=source,
        source_port_range="*",
        destination_address_prefix=destination,
        destination_port_range=port or "*",
    )
