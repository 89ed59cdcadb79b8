import pulumi

from components.egress import Egress, EgressArgs


class NatEgress(Egress):
    """The way is the network's: tables and groups hold their routes and rules themselves, so that what somebody adds by
    hand is seen, and taken away.
    """

    def __init__(self, name: str, args: EgressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.domains = args.network.egress_subnets.apply(lambda _: list(args.domains))
        self.subnets = args.network.egress_subnets
        self.done()
