from functools import partial
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.cluster.aws import in_eks
from components.dns.aws import in_route53
from components.ingest import HOST, PORT, Ingest, IngestArgs, trust
from components.network import ENTRANCE_PORT
from components.network.aws import in_vpc
from components.network.plan import Range, zonal


class EndpointService(Ingest):
    def __init__(self, name: str, args: IngestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        network = in_vpc(args.network)
        group = self._group(name, args)
        balancer = aws.lb.LoadBalancer(
            f"{name}-balancer",
            internal=True,
            load_balancer_type="network",
            ip_address_type="ipv4",
            subnets=self._subnets(name, args),
            security_groups=[group],
            # The group is for peers: consumers' addresses are their own business, and allowed principals decide.
            enforce_security_group_inbound_rules_on_private_link_traffic="off",
            enable_cross_zone_load_balancing=True,
            opts=self.inside,
        )
        targets = aws.lb.TargetGroup(
            f"{name}-targets",
            vpc_id=network.id,
            target_type="ip",
            protocol="TCP",
            port=ENTRANCE_PORT,
            health_check=aws.lb.TargetGroupHealthCheckArgs(protocol="TCP", port="traffic-port"),
            opts=self.inside,
        )
        listener = aws.lb.Listener(
            f"{name}-listener",
            load_balancer_arn=balancer.arn,
            protocol="TCP",
            port=PORT,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=targets.arn)],
            opts=self.inside,
        )
        service = aws.ec2.VpcEndpointService(
            f"{name}-service",
            # Through the listener: a consumer that connects finds one.
            network_load_balancer_arns=[pulumi.Output.all(balancer.arn, listener.id).apply(lambda made: str(made[0]))],
            acceptance_required=False,
            allowed_principals=[f"arn:aws:iam::{account}:root" for account in args.consumers],
            supported_ip_address_types=["ipv4"],
            opts=self.inside,
        )
        record = aws.route53.Record(
            f"{name}-name",
            zone_id=in_route53(args.dns).zone,
            name=args.dns.domain.apply(lambda domain: f"{HOST}.{domain}"),
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=balancer.dns_name, zone_id=balancer.zone_id, evaluate_target_health=False
                )
            ],
            opts=self.inside,
        )
        self.name = record.name
        self.service = service.service_name
        self.target = pulumi.Output.all(kind="target-group", id=targets.arn, port=str(ENTRANCE_PORT))
        self.annotations = pulumi.Output.from_input(dict[str, str]())
        self.consumer_needs = pulumi.Output.all(service.service_name, record.name, args.site.location.region).apply(
            _needs
        )
        self.done()

    def _subnets(self, name: str, args: IngestArgs) -> list[pulumi.Output[str]]:
        network, made = in_vpc(args.network), []
        for position, zone in enumerate(args.site.location.zones):
            subnet = aws.ec2.Subnet(
                f"{name}-{position}",
                vpc_id=network.id,
                cidr_block=network.cidr.apply(partial(_zonal, position)),
                availability_zone_id=zone,
                map_public_ip_on_launch=False,
                opts=self.inside,
            )
            association = aws.ec2.RouteTableAssociation(
                f"{name}-{position}-routes", subnet_id=subnet.id, route_table_id=network.table, opts=self.inside
            )
            made.append(association.subnet_id.apply(str))
        return made

    def _group(self, name: str, args: IngestArgs) -> pulumi.Output[str]:
        """The load balancer's security group; its id, once the cluster's lets it through to the pods."""
        network, words = args.network, "The entry points"
        group = aws.ec2.SecurityGroup(
            f"{name}-callers",
            description="The entry points from inside the network and from named peers",
            vpc_id=network.id,
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    cidr_blocks=[network.cidr, *map(str, args.visitors)],
                    description=words,
                )
            ],
            egress=[
                aws.ec2.SecurityGroupEgressArgs(
                    protocol="tcp",
                    from_port=ENTRANCE_PORT,
                    to_port=ENTRANCE_PORT,
                    cidr_blocks=[network.cidr],
                    description=words,
                )
            ],
            opts=self.inside,
        )
        passed = aws.vpc.SecurityGroupIngressRule(
            f"{name}-to-pods",
            security_group_id=in_eks(args.cluster).group,
            referenced_security_group_id=group.id,
            ip_protocol="tcp",
            from_port=ENTRANCE_PORT,
            to_port=ENTRANCE_PORT,
            description=words,
            opts=self.inside,
        )
        return pulumi.Output.all(group.id, passed.id).apply(lambda made: str(made[0]))


def _zonal(position: int, cidr: str) -> str:
    return str(zonal(IPv4Network(cidr), Range.INGEST, position))


def _needs(known: list[str]) -> list[str]:
    service, name, region = known
    return [
        "Make an endpoint, in subnets of zones that the service has (zone ids, not names): aws ec2 create-vpc-endpoint "
        f"--vpc-endpoint-type Interface --service-name {service} --region {region} --no-private-dns-enabled "
        "--vpc-id <vpc> --subnet-ids <subnets> --security-group-ids <group>. From another region, make it in a VPC of "
        f"{region} and peer with that.",
        f"Let clients reach the endpoint: TCP {PORT} in its security group.",
        f"Make a private hosted zone {name} for that VPC, with an alias record at its top to the endpoint's DNS name.",
        trust(name),
    ]
