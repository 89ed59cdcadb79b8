from functools import partial
from ipaddress import IPv4Network

import pulumi
import pulumi_azure_native as azure

from components.ingest import HOST, PORT, Ingest, IngestArgs, quarter, trust
from components.network import ENTRANCE_PORT
from components.network.azure import closed, rule

FRONT, CONSUMERS = 0, 2
"""Which quarters of the ingest range the load balancer's address and the addresses lent to consumers are in."""

IDLE_MINUTES = 4
"""Private Link services end what is idle for longer, four to five minutes (Private Link documentation)."""


class PrivateLink(Ingest):
    def __init__(self, name: str, args: IngestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        front, lent = self._subnets(name, args)
        address = args.network.cidr.apply(lambda cidr: str(quarter(IPv4Network(cidr), FRONT)[10]))
        balancer = self._balancer(name, args, front, address)
        listed = list(args.consumers)
        service = azure.network.PrivateLinkService(
            f"{name}-service",
            resource_group_name=group,
            location=location.region,
            load_balancer_frontend_ip_configurations=[
                azure.network.FrontendIPConfigurationArgs(
                    id=pulumi.Output.concat(balancer.id, "/frontendIPConfigurations/front")
                )
            ],
            ip_configurations=[
                azure.network.PrivateLinkServiceIpConfigurationArgs(
                    name="lent",
                    primary=True,
                    private_ip_allocation_method=azure.network.IPAllocationMethod.DYNAMIC,
                    private_ip_address_version=azure.network.IPVersion.I_PV4,
                    subnet=azure.network.SubnetArgs(id=lent),
                )
            ],
            visibility=azure.network.PrivateLinkServicePropertiesVisibilityArgs(subscriptions=listed),
            auto_approval=azure.network.PrivateLinkServicePropertiesAutoApprovalArgs(subscriptions=listed),
            enable_proxy_protocol=False,
            tags=location.tags,
            opts=self.inside,
        )
        record = azure.privatedns.PrivateRecordSet(
            f"{name}-name",
            resource_group_name=group,
            private_zone_name=args.dns.domain,
            record_type="A",
            relative_record_set_name=HOST,
            ttl=300,
            a_records=[azure.privatedns.ARecordArgs(ipv4_address=address)],
            opts=self.inside,
        )
        self.name = pulumi.Output.all(args.dns.domain, record.id).apply(lambda known: f"{HOST}.{known[0]}")
        self.service = service.alias
        pool = pulumi.Output.concat(balancer.id, "/backendAddressPools/targets")
        self.target = pulumi.Output.all(kind="backend-pool", id=pool, port=str(ENTRANCE_PORT))
        self.consumer_needs = pulumi.Output.all(service.alias, self.name).apply(_needs)
        self.done()

    def _subnets(self, name: str, args: IngestArgs) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """The load balancer's, and the one whose addresses are lent to consumers; both as closed as the network's."""
        location, group, inside = args.site.location, args.site.scope, args.network.cidr
        range_ = inside.apply(partial(_quarter, FRONT))
        callers = [
            rule(f"ingress-visitors-{position}", 1200 + position, "Inbound", "Allow", str(peer), range_, str(PORT))
            for position, peer in enumerate(args.visitors)
        ]
        guard = azure.network.NetworkSecurityGroup(
            f"{name}-callers",
            resource_group_name=group,
            location=location.region,
            security_rules=[*closed(inside), *callers],
            tags=location.tags,
            opts=self.inside,
        )
        routes = azure.network.RouteTable(
            f"{name}-routes",
            resource_group_name=group,
            location=location.region,
            disable_bgp_route_propagation=True,
            routes=[azure.network.RouteArgs(name="internet-dropped", address_prefix="0.0.0.0/0", next_hop_type="None")],
            tags=location.tags,
            opts=self.inside,
        )
        # Through the network's last subnet: writes to the subnets of one network conflict.
        vnet = pulumi.Output.all(args.network.id, args.network.egress_subnets).apply(
            lambda known: str(known[0]).rpartition("/")[2]
        )
        made: list[azure.network.Subnet] = []
        for key, position in (("front", FRONT), ("consumers", CONSUMERS)):
            made.append(
                azure.network.Subnet(
                    f"{name}-{key}",
                    resource_group_name=group,
                    virtual_network_name=vnet,
                    subnet_name=f"ingest-{key}",
                    address_prefix=inside.apply(partial(_quarter, position)),
                    default_outbound_access=False,
                    private_endpoint_network_policies="Enabled",
                    # A Private Link service takes its addresses from a subnet without them only.
                    private_link_service_network_policies="Disabled" if position == CONSUMERS else "Enabled",
                    network_security_group=azure.network.NetworkSecurityGroupArgs(id=guard.id),
                    route_table=azure.network.RouteTableArgs(id=routes.id),
                    opts=pulumi.ResourceOptions(parent=self, depends_on=made[-1:]),
                )
            )
        return made[0].id, made[1].id

    def _balancer(
        self, name: str, args: IngestArgs, front: pulumi.Output[str], address: pulumi.Output[str]
    ) -> azure.network.LoadBalancer:
        location, group = args.site.location, args.site.scope
        called = f"rampart-{location.stack}-ingest"

        def own(kind: str, key: str) -> azure.network.SubResourceArgs:
            """A part of the load balancer, which is named before it is there."""
            path = f"/providers/Microsoft.Network/loadBalancers/{called}/{kind}/{key}"
            scope = f"/subscriptions/{location.account}/resourceGroups/"
            return azure.network.SubResourceArgs(id=pulumi.Output.concat(scope, group, path))

        return azure.network.LoadBalancer(
            f"{name}-balancer",
            load_balancer_name=called,
            resource_group_name=group,
            location=location.region,
            sku=azure.network.LoadBalancerSkuArgs(name=azure.network.LoadBalancerSkuName.STANDARD),
            frontend_ip_configurations=[
                azure.network.FrontendIPConfigurationArgs(
                    name="front",
                    subnet=azure.network.SubnetArgs(id=front),
                    private_ip_allocation_method=azure.network.IPAllocationMethod.STATIC,
                    private_ip_address=address,
                    private_ip_address_version=azure.network.IPVersion.I_PV4,
                    zones=list(location.zones),
                )
            ],
            backend_address_pools=[azure.network.BackendAddressPoolArgs(name="targets")],
            probes=[
                azure.network.ProbeArgs(
                    name="answers", protocol="Tcp", port=ENTRANCE_PORT, interval_in_seconds=5, probe_threshold=2
                )
            ],
            load_balancing_rules=[
                azure.network.LoadBalancingRuleArgs(
                    name="tls",
                    protocol="Tcp",
                    frontend_port=PORT,
                    backend_port=ENTRANCE_PORT,
                    frontend_ip_configuration=own("frontendIPConfigurations", "front"),
                    backend_address_pools=[own("backendAddressPools", "targets")],
                    probe=own("probes", "answers"),
                    enable_tcp_reset=True,
                    idle_timeout_in_minutes=IDLE_MINUTES,
                    # What stands behind it gets no way out by it.
                    disable_outbound_snat=True,
                )
            ],
            tags=location.tags,
            opts=self.inside,
        )


def _quarter(position: int, cidr: str) -> str:
    return str(quarter(IPv4Network(cidr), position))


def _needs(known: list[str]) -> list[str]:
    alias, name = known
    return [
        "Make an endpoint, in any region: az network private-endpoint create --name rampart --resource-group <group> "
        "--vnet-name <network> --subnet <subnet> --connection-name rampart --manual-request true --request-message "
        f"ingest --private-connection-resource-id {alias}. It is approved at once.",
        f"Let clients reach the endpoint's address, TCP {PORT}; keep connections busy, idle ones end after "
        f"{IDLE_MINUTES} minutes.",
        f"Make a private DNS zone {name}, linked to that network, with an A record @: the endpoint's address.",
        trust(name),
    ]
