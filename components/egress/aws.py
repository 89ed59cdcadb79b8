import pulumi
import pulumi_aws as aws

from components.egress import Egress, EgressArgs
from components.network.aws import in_vpc


class RegionalNat(Egress):
    def __init__(self, name: str, args: EgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        network = in_vpc(args.network)
        gateway = aws.ec2.InternetGateway(f"{name}-gateway", vpc_id=network.id, opts=self.inside)
        nat = aws.ec2.NatGateway(
            f"{name}-nat",
            # Through the gateway: the table that AWS makes for this NAT leads to it.
            vpc_id=pulumi.Output.all(network.id, gateway.id).apply(lambda ready: str(ready[0])),
            availability_mode="regional",
            connectivity_type="public",
            opts=self.inside,
        )
        route = aws.ec2.Route(
            f"{name}-route",
            route_table_id=network.egress_table,
            destination_cidr_block="0.0.0.0/0",
            nat_gateway_id=nat.id,
            opts=self.inside,
        )
        self.domains = route.id.apply(lambda _: list(args.domains))
        self.subnets = network.egress_subnets
        self.done()
