from ipaddress import IPv4Network

import pulumi
import pulumi_gcp as gcp

from components.network import Network, NetworkArgs
from components.network.plan import Range, part

RESTRICTED_APIS = "199.36.153.4/30"
"""restricted.googleapis.com, the APIs that VPC Service Controls supports (VPC documentation, Private Google Access)."""


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
        gcp.compute.Route(
            f"{name}-restricted-apis",
            project=scope,
            network=network.id,
            dest_range=RESTRICTED_APIS,
            # The name of the hop notwithstanding, traffic to this range stays in Google's network.
            next_hop_gateway="default-internet-gateway",
            opts=self.inside,
        )
        closed = self._close(name, args, network)

        def subnet(role: Range, secondary: dict[str, IPv4Network] | None = None) -> pulumi.Output[list[str]]:
            made = gcp.compute.Subnetwork(
                f"{name}-{role}",
                project=scope,
                region=region,
                network=network.id,
                ip_cidr_range=str(part(args.cidr, role)),
                private_ip_google_access=True,
                log_config=gcp.compute.SubnetworkLogConfigArgs(
                    aggregation_interval="INTERVAL_1_MIN", flow_sampling=1.0, metadata="INCLUDE_ALL_METADATA"
                ),
                secondary_ip_ranges=[
                    gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=key, ip_cidr_range=str(cidr))
                    for key, cidr in (secondary or {}).items()
                ],
                opts=self.inside,
            )
            # Through the policy: who gets the subnet gets it behind the firewall.
            return pulumi.Output.all(made.id, closed).apply(lambda ids: [str(ids[0])])

        kubernetes = {str(role): part(args.cidr, role) for role in (Range.PODS, Range.SERVICES)}
        self.workload_subnets = subnet(Range.WORKLOADS, kubernetes)
        self.endpoint_subnets = subnet(Range.ENDPOINTS)
        self.id = network.self_link
        self.cidr = pulumi.Output.from_input(str(args.cidr))
        self.done()

    def _close(self, name: str, args: NetworkArgs, network: gcp.compute.Network) -> pulumi.Output[str]:
        """Deny all egress but to the network and the restricted APIs, all ingress but from the network."""
        scope = args.site.scope
        policy = gcp.compute.NetworkFirewallPolicy(
            f"{name}-firewall", project=scope, description="No way in, no way out", opts=self.inside
        )

        def rule(
            key: str, priority: int, direction: str, action: str, protocol: str, ranges: list[str]
        ) -> pulumi.Output[str]:
            match = gcp.compute.NetworkFirewallPolicyRuleMatchArgs(
                layer4_configs=[
                    gcp.compute.NetworkFirewallPolicyRuleMatchLayer4ConfigArgs(
                        ip_protocol=protocol, ports=["443"] if protocol == "tcp" else None
                    )
                ],
                dest_ip_ranges=ranges if direction == "EGRESS" else None,
                src_ip_ranges=ranges if direction == "INGRESS" else None,
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
            rule("egress-denied", 65000, "EGRESS", "deny", "all", everywhere),
            rule("ingress-inside", 2000, "INGRESS", "allow", "all", inside),
            rule("ingress-denied", 65001, "INGRESS", "deny", "all", everywhere),
        ]
        association = gcp.compute.NetworkFirewallPolicyAssociation(
            f"{name}-firewall-network",
            project=scope,
            firewall_policy=policy.name,
            attachment_target=network.id,
            opts=self.inside,
        )
        return pulumi.Output.all(association.id, *rules).apply(lambda ids: str(ids[0]))
