from ipaddress import IPv4Network

import pulumi
import pulumi_gcp as gcp

from components.network import ENTRANCE_PORT, Network, NetworkArgs
from components.network.plan import Range, part

RESTRICTED_APIS = "199.36.153.4/30"
"""restricted.googleapis.com, the APIs that VPC Service Controls supports (VPC documentation, Private Google Access)."""

DIRECT_APIS = "34.126.0.0/18"
"""Where clients of some of those APIs (Cloud Storage, Bigtable) connect directly; VPC Service Controls covers it."""

PROBERS = ("35.191.0.0/16", "130.211.0.0/22")
"""Where Google's health checks of load balancers come from (Cloud Load Balancing documentation, firewall rules)."""

PODS, SERVICES, EGRESS_PODS = "pods", "services", "egress-pods"
"""Names of the secondary ranges: the workload subnet has the first two, the egress subnet the third."""

EGRESS_TAG = "egress"
"""The network tag of the egress pool's nodes, whether there is a way out or not: routes know classic tags only, and
another tag would be another pool."""


class VpcNetwork(Network):
    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        region, scope = args.site.location.region, args.site.scope
        network = gcp.compute.Network(
            f"{name}-vpc",
            project=scope,
            auto_create_subnetworks=False,
            routing_mode="REGIONAL",
            delete_default_routes_on_create=True,
            network_firewall_policy_enforcement_order="BEFORE_CLASSIC_FIREWALL",
            opts=self.inside,
        )
        routes = [
            gcp.compute.Route(
                f"{name}-{key}",
                project=scope,
                network=network.id,
                dest_range=range_,
                # The name of the hop notwithstanding, traffic to these ranges stays in Google's network.
                next_hop_gateway="default-internet-gateway",
                opts=self.inside,
            ).id
            for key, range_ in (("restricted-apis", RESTRICTED_APIS), ("direct-apis", DIRECT_APIS))
        ]
        closed = self._close(name, args, network)

        def subnet(
            role: Range, cidr: IPv4Network, secondary: dict[str, IPv4Network] | None = None
        ) -> pulumi.Output[list[str]]:
            made = gcp.compute.Subnetwork(
                f"{name}-{role}",
                project=scope,
                region=region,
                network=network.id,
                ip_cidr_range=str(cidr),
                private_ip_google_access=True,
                log_config=gcp.compute.SubnetworkLogConfigArgs(
                    aggregation_interval="INTERVAL_1_MIN", flow_sampling=1.0, metadata="INCLUDE_ALL_METADATA"
                ),
                secondary_ip_ranges=[
                    gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=key, ip_cidr_range=str(range_))
                    for key, range_ in (secondary or {}).items()
                ],
                opts=self.inside,
            )
            # Through policy and routes: who gets the subnet gets it behind the firewall, with the APIs in reach.
            return pulumi.Output.all(made.id, closed, *routes).apply(lambda ids: [str(ids[0])])

        ranges = {role: part(args.cidr, role) for role in Range}
        kubernetes = {PODS: ranges[Range.PODS], SERVICES: ranges[Range.SERVICES]}
        self.workload_subnets = subnet(Range.WORKLOADS, ranges[Range.WORKLOADS], kubernetes)
        self.endpoint_subnets = subnet(Range.ENDPOINTS, ranges[Range.ENDPOINTS])
        self.control_subnets = subnet(Range.CONTROL, ranges[Range.CONTROL])
        # A way out is by subnet, so the egress pool's pods have a range of their own, in a subnet of their own.
        nodes, pods = ranges[Range.EGRESS].subnets()
        self.egress_subnets = subnet(Range.EGRESS, nodes, {EGRESS_PODS: pods})
        self.id = network.self_link
        self.cidr = pulumi.Output.from_input(str(args.cidr))
        self.callers = pulumi.Output.from_input([str(range_) for range_ in (args.cidr, *args.callers)])
        self.done()

    def _close(self, name: str, args: NetworkArgs, network: gcp.compute.Network) -> pulumi.Output[str]:
        """Deny all egress but to the network and the restricted APIs, all ingress but from the network.

        The network's /16 holds nodes, pods, services, the control plane's address and the endpoints of stores.
        """
        scope = args.site.scope
        policy = gcp.compute.NetworkFirewallPolicy(
            f"{name}-firewall", project=scope, description="No way in, no way out", opts=self.inside
        )

        def rule(
            key: str,
            priority: int,
            direction: str,
            action: str,
            protocol: str,
            ranges: list[str],
            own: list[str] | None = None,
            port: int = 443,
        ) -> pulumi.Output[str]:
            """ranges: the other end. own: this end, the whole network where not given. port: of TCP."""
            match = gcp.compute.NetworkFirewallPolicyRuleMatchArgs(
                layer4_configs=[
                    gcp.compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs(
                        ip_protocol=protocol, ports=[str(port)] if protocol == "tcp" else None
                    )
                ],
                dest_ip_ranges=ranges if direction == "EGRESS" else own,
                src_ip_ranges=ranges if direction == "INGRESS" else own,
            )
            return gcp.compute.NetworkFirewallPolicyRule(
                f"{name}-{key}",
                project=scope,
                firewall_policy=policy.name,
                priority=priority,
                direction=direction,
                action=action,
                match=match,
                enable_logging=action == "deny",
                opts=self.inside,
            ).id

        # A priority names its rule: each is used once in the policy, whatever the direction.
        inside, everywhere = [str(args.cidr)], ["0.0.0.0/0"]
        rules = [
            rule("egress-inside", 1000, "EGRESS", "allow", "all", inside),
            rule("egress-restricted-apis", 1100, "EGRESS", "allow", "tcp", [RESTRICTED_APIS]),
            rule("egress-direct-apis", 1200, "EGRESS", "allow", "tcp", [DIRECT_APIS]),
            rule("egress-denied", 65000, "EGRESS", "deny", "all", everywhere),
            rule("ingress-inside", 2000, "INGRESS", "allow", "all", inside),
            rule("ingress-denied", 65001, "INGRESS", "deny", "all", everywhere),
        ]
        # Nobody waits for what may come later: a subnet whose id were not known until then would be replaced.
        if args.reach:
            reach, control = [str(range_) for range_ in args.reach], [str(part(args.cidr, Range.CONTROL))]
            rule("ingress-reach", 2100, "INGRESS", "allow", "tcp", reach, control)
        if args.visitors:
            visitors, entry = [str(range_) for range_ in args.visitors], [str(part(args.cidr, Range.INGEST))]
            rule("ingress-visitors", 2200, "INGRESS", "allow", "tcp", visitors, entry)
        if args.entrance:
            pods = [str(part(args.cidr, Range.PODS))]
            rule("ingress-probes", 2300, "INGRESS", "allow", "tcp", list(PROBERS), pods, ENTRANCE_PORT)
        if args.way_out:
            rule("egress-https", 1300, "EGRESS", "allow", "tcp", everywhere, [str(part(args.cidr, Range.EGRESS))])
        association = gcp.compute.NetworkFirewallPolicyAssociation(
            f"{name}-firewall-network",
            project=scope,
            firewall_policy=policy.name,
            attachment_target=network.id,
            opts=self.inside,
        )
        return pulumi.Output.all(association.id, *rules).apply(lambda ids: str(ids[0]))
