from functools import partial
from ipaddress import IPv4Network
from uuid import NAMESPACE_URL, uuid5

import pulumi
import pulumi_azure_native as azure

from components.cluster.azure import in_aks
from components.identity.azure_roles import assign
from components.ingest import HOST, PORT, Ingest, IngestArgs, quarter, trust
from components.network import ENTRANCE_PORT
from components.network.azure import closed, rule

FRONT, CONSUMERS = 0, 2
"""Which quarters of the ingest range the load balancer's address and the addresses lent to consumers are in."""

IDLE_MINUTES = 4
"""Private Link services end what is idle for longer, four to five minutes (Private Link documentation)."""

MAY = [
    *(f"Microsoft.Network/privateLinkServices/{action}" for action in ("read", "write", "delete")),
    *(f"Microsoft.Network/privateLinkServices/privateEndpointConnections/{action}" for action in ("read", "delete")),
]
"""What AKS does with a Private Link service (cloud-provider-azure, Private Link Service Integration)."""

ANNOTATION = "service.beta.kubernetes.io/azure-"


class PrivateLink(Ingest):
    def __init__(self, name: str, args: IngestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, group = args.site.location, args.site.scope
        front, lent = self._subnets(name, args)
        address = args.network.cidr.apply(lambda cidr: str(quarter(IPv4Network(cidr), FRONT)[10]))
        called = f"rampart-{location.stack}-ingest"
        scope = pulumi.Output.concat(f"/subscriptions/{location.account}/resourceGroups/", group)
        may = self._may(name, args, scope)
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
        self.service = pulumi.Output.concat(scope, f"/providers/Microsoft.Network/privateLinkServices/{called}")
        self.target = pulumi.Output.all(kind="service-annotations", id=self.service, port=str(ENTRANCE_PORT))
        listed = " ".join(args.consumers)
        # Once the cluster may do it, and there is somewhere to do it in.
        self.annotations = pulumi.Output.all(address, group, front, lent, may).apply(
            lambda known: {
                f"{ANNOTATION}{key}": value
                for key, value in {
                    "load-balancer-internal": "true",
                    "load-balancer-internal-subnet": known[2].rpartition("/")[2],
                    "load-balancer-ipv4": known[0],
                    "load-balancer-tcp-idle-timeout": str(IDLE_MINUTES),
                    # So that packets come to the node's own address and the service's node port.
                    "disable-load-balancer-floating-ip": "true",
                    "pls-create": "true",
                    "pls-name": called,
                    # In the cluster's own, which is locked, nobody could reject a consumer.
                    "pls-resource-group": known[1],
                    "pls-ip-configuration-subnet": known[3].rpartition("/")[2],
                    "pls-ip-configuration-ip-address-count": "1",
                    "pls-proxy-protocol": "false",
                    "pls-visibility": listed,
                    "pls-auto-approval": listed,
                }.items()
            }
        )
        self.consumer_needs = pulumi.Output.all(self.service, self.name).apply(_needs)
        self.done()

    def _may(self, name: str, args: IngestArgs, scope: pulumi.Output[str]) -> pulumi.Output[str]:
        """Let the cluster make Private Link services in the resource group, and nothing else that it may not now."""
        title = args.site.physical(name)  # a tenant has one role of a name
        role = azure.authorization.RoleDefinition(
            f"{name}-role",
            role_definition_id=title.apply(lambda text: str(uuid5(NAMESPACE_URL, text))),
            role_name=title,
            role_type="CustomRole",
            description=f"{args.site.location.stack}: the private-link service in front of the entry points.",
            scope=scope,
            assignable_scopes=[scope],
            permissions=[azure.authorization.PermissionArgs(actions=MAY, data_actions=[])],
            opts=self.inside,
        )
        control = in_aks(args.cluster).principal
        return assign(f"{name}-may-link", args.site, role.name, scope, control, self.inside).id

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


def _quarter(position: int, cidr: str) -> str:
    return str(quarter(IPv4Network(cidr), position))


def _needs(known: list[str]) -> list[str]:
    service, name = known
    return [
        "Make an endpoint, in any region: az network private-endpoint create --name rampart --resource-group <group> "
        "--vnet-name <network> --subnet <subnet> --connection-name rampart --manual-request true --request-message "
        f"ingest --private-connection-resource-id {service}. It is approved at once.",
        f"Let clients reach the endpoint's address, TCP {PORT}; keep connections busy, idle ones end after "
        f"{IDLE_MINUTES} minutes.",
        f"Make a private DNS zone {name}, linked to that network, with an A record @: the endpoint's address.",
        trust(name),
    ]
