import json

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
                policy=_own_account_only(api, location.account),
                opts=self.inside,
            )
        self.domain = zone.name
        self.zones = pulumi.Output.from_input(dict[str, str]())
        self.done()


def _own_account_only(api: str, account: str) -> str:
    """An endpoint lets everything through unless told otherwise, and another account's logs are a way out."""
    condition = {"aws:ResourceAccount": account}
    if api != "sts":  # whoever exchanges a workload's token there has no account yet
        condition["aws:PrincipalAccount"] = account
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "OwnAccountOnly",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": f"{api}:*",
                    "Resource": "*",
                    "Condition": {"StringEquals": condition},
                }
            ],
        }
    )
