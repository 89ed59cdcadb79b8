import pulumi
import pulumi_gcp as gcp

from components.egress import Egress, EgressArgs
from components.network.gcp import EGRESS_PODS, EGRESS_TAG


class RouterEgress(Egress):
    def __init__(self, name: str, args: EgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        network, scope, region = args.network, args.site.scope, args.site.location.region
        router = gcp.compute.Router(
            f"{name}-router", project=scope, region=region, network=network.id, opts=self.inside
        )
        nat = gcp.compute.RouterNat(
            f"{name}-nat",
            project=scope,
            region=region,
            router=router.name,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                gcp.compute.RouterNatSubnetworkArgs(
                    name=network.egress_subnets.apply(lambda subnets: subnets[0]),
                    source_ip_ranges_to_nats=["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"],
                    secondary_ip_range_names=[EGRESS_PODS],
                )
            ],
            log_config=gcp.compute.RouterNatLogConfigArgs(enable=True, filter="ALL"),
            opts=self.inside,
        )
        route = gcp.compute.Route(
            f"{name}-route",
            project=scope,
            network=network.id,
            dest_range="0.0.0.0/0",
            next_hop_gateway="default-internet-gateway",
            # Binds machines with this tag only: to all others the route does not exist.
            tags=[EGRESS_TAG],
            opts=self.inside,
        )
        self.domains = pulumi.Output.all(nat.id, route.id).apply(lambda _: list(args.domains))
        self.subnets = network.egress_subnets
        self.done()
