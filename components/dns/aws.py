import pulumi
import pulumi_aws as aws

from components.dns import Dns, DnsArgs

APIS = ("kms", "logs", "sts")
"""What runs inside calls these: decryption, log delivery, the exchange of a workload's token."""


class Route53Dns(Dns):
    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, network = args.site.location, args.network
        domain = f"{location.stack}.rampart.internal"
        zone = aws.route53.Zone(
            f"{name}-zone",
            name=domain,
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=network.id, vpc_region=location.region)],
            opts=self.inside,
        )
        group = aws.ec2.SecurityGroup(
            f"{name}-endpoints",
            description="Private endpoints: TLS from inside the network",
            vpc_id=network.id,
            egress=[],
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    protocol="tcp",
                    from_port=443,
                    to_port=443,
                    cidr_blocks=[network.cidr],
                    description="TLS from inside the network",
                )
            ],
            opts=self.inside,
        )
        for api in APIS:
            aws.ec2.VpcEndpoint(
                f"{name}-{api}",
                vpc_id=network.id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{location.region}.{api}",
                subnet_ids=network.endpoint_subnets,
                security_group_ids=[group.id],
                private_dns_enabled=True,
                opts=self.inside,
            )
        self.domain = zone.name
        self.zones = pulumi.Output.from_input(dict[str, str]())
        self.done()
