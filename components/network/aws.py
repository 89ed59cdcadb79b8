import json
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_aws as aws

from components.network import Network, NetworkArgs
from components.network.plan import Range, zonal
from components.site import Location

EPHEMERAL = (1024, 65535)
"""The ports that answers come back to: a network ACL does not remember what they answer (VPC User Guide, network ACLs,
ephemeral ports)."""


CONTROL_ZONES = 3
"""EKS lets the subnets of a control plane change, and their zones not (AWS Containers Blog, modify subnets and security
groups in Amazon EKS): a zone that comes later is not the control plane's. Nodes may stand in any."""


class Vpc(Network):
    table: pulumi.Output[str]
    """Id of the route table of all subnets but the egress ones."""

    egress_table: pulumi.Output[str]
    """Id of the egress subnets' route table, once what may leave through it is limited."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location = args.site.location
        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=str(args.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": location.stack},
            opts=self.inside,
        )
        aws.ec2.DefaultSecurityGroup(f"{name}-default-closed", vpc_id=vpc.id, ingress=[], egress=[], opts=self.inside)

        def table(key: str) -> aws.ec2.RouteTable:
            # Its name is all that tells one from another when a creation's answer is lost.
            return aws.ec2.RouteTable(
                f"{name}-{key}", vpc_id=vpc.id, tags={"Name": f"{location.stack}-{key}"}, opts=self.inside
            )

        routes = table("routes")
        # Of their own, so that a way out can be given to them and to nothing else.
        egress_routes = table("egress-routes")

        def subnets(role: Range) -> pulumi.Output[list[str]]:
            made = []
            zones = location.zones[:CONTROL_ZONES] if role is Range.CONTROL else location.zones
            for position, zone in enumerate(zones):
                subnet = aws.ec2.Subnet(
                    f"{name}-{role}-{position}",
                    vpc_id=vpc.id,
                    cidr_block=str(zonal(args.cidr, role, position)),
                    availability_zone_id=zone,
                    map_public_ip_on_launch=False,
                    opts=self.inside,
                )
                association = aws.ec2.RouteTableAssociation(
                    f"{name}-{role}-{position}-routes",
                    subnet_id=subnet.id,
                    route_table_id=egress_routes.id if role is Range.EGRESS else routes.id,
                    opts=self.inside,
                )
                # Through the association: who gets the subnet gets it with the routes that make it private.
                made.append(association.subnet_id.apply(str))
            return pulumi.Output.all(*made).apply(list)

        gateway = aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=vpc.id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{location.region}.s3",
            route_table_ids=[routes.id, egress_routes.id],
            policy=_own_buckets_only(location),
            opts=self.inside,
        )

        def served(made: pulumi.Output[list[str]]) -> pulumi.Output[list[str]]:
            # Through the gateway: nodes without it pull no image, whose layers lie in S3.
            return pulumi.Output.all(made, gateway.id).apply(lambda ready: list(ready[0]))

        self.workload_subnets = served(subnets(Range.WORKLOADS))
        self.endpoint_subnets = subnets(Range.ENDPOINTS)
        self.control_subnets = subnets(Range.CONTROL)
        self.egress_subnets = served(subnets(Range.EGRESS))
        acl = self._filter(name, args.cidr, vpc.id) if args.way_out else vpc.id
        self.egress_table = pulumi.Output.all(egress_routes.id, acl).apply(lambda ready: str(ready[0]))
        self.table = routes.id
        self.id = vpc.id
        self.cidr = pulumi.Output.from_input(str(args.cidr))
        self.callers = pulumi.Output.from_input([str(range_) for range_ in (args.cidr, *args.callers)])
        self.done()

    def _filter(self, name: str, cidr: IPv4Network, vpc: pulumi.Output[str]) -> pulumi.Output[str]:
        """Limit the egress subnets to the network itself and to TCP port 443 outside; the id of what does it.

        A security group cannot: nodes have the cluster's, and groups only add up. The resolver, the metadata service
        and the clock are not filtered by network ACLs (VPC User Guide, network ACL basics).
        """

        def rules(ports: tuple[int, int]) -> list[dict[str, Any]]:
            inside = {"rule_no": 100, "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": str(cidr)}
            outside = {"rule_no": 200, "protocol": "6", "from_port": ports[0], "to_port": ports[1]}
            return [inside | {"action": "allow"}, outside | {"action": "allow", "cidr_block": "0.0.0.0/0"}]

        return aws.ec2.NetworkAcl(
            f"{name}-egress-acl",
            vpc_id=vpc,
            subnet_ids=self.egress_subnets,
            egress=[aws.ec2.NetworkAclEgressArgs(**rule) for rule in rules((443, 443))],
            ingress=[aws.ec2.NetworkAclIngressArgs(**rule) for rule in rules(EPHEMERAL)],
            opts=self.inside,
        ).id


def in_vpc(network: Network) -> Vpc:
    """The network as AWS has it; `TypeError` for another cloud's."""
    if not isinstance(network, Vpc):
        raise TypeError(f"{type(network).__name__} is no VPC")
    return network


def _own_buckets_only(location: Location) -> str:
    """An endpoint lets everything through unless told otherwise, and another account's bucket is a way out.

    The one exception is read only: image layers lie in a bucket of ECR's, behind addresses that ECR signs (ECR User
    Guide, interface endpoints).
    """
    own = {"aws:ResourceAccount": location.account, "aws:PrincipalAccount": location.account}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OwnBucketsOnly",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": "s3:*",
                    "Resource": "*",
                    "Condition": {"StringEquals": own},
                },
                {
                    "Sid": "ImageLayers",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::prod-{location.region}-starport-layer-bucket/*",
                },
            ],
        }
    )
