import json

import pulumi
import pulumi_aws as aws

from components.dns import Dns, DnsArgs
from components.site import Location

APIS = ("autoscaling", "ec2", "ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "sts")
"""What runs inside calls these (EKS User Guide, private clusters): nodes join and get addresses and volumes (`ec2`),
pools grow (`autoscaling`), images are pulled (`ecr.*`, layers through S3), secrets are read, fields decrypted, logs
delivered, workloads' tokens exchanged (`sts`).

Not `eks`: managed nodes are given what they would ask for, and with that endpoint the name of the cluster's OIDC issuer
stops resolving inside. Not `eks-auth`: workloads use IRSA, not the Pod Identity agent."""

EKS_IMAGES = ("amazon/*", "amazon-k8s-cni*", "eks/*")
"""Repositories of the images of nodes and add-ons, which are in accounts of AWS's, another per region (EKS User Guide,
container image registries for add-ons)."""


class Route53Dns(Dns):
    zone: pulumi.Output[str]
    """Id of the zone of the data plane's own names."""

    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location, network = args.site.location, args.network
        domain = f"{location.stack}.rampart.internal"
        zone = aws.route53.Zone(
            f"{name}-zone",
            name=domain,
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=network.id, vpc_region=location.region)],
            # Peers associate their own networks, once they are allowed to (`components.peering`).
            opts=self.inside.merge(pulumi.ResourceOptions(ignore_changes=["vpcs"])),
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
        endpoints = [
            aws.ec2.VpcEndpoint(
                f"{name}-{api.replace('.', '-')}",
                vpc_id=network.id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{location.region}.{api}",
                subnet_ids=network.endpoint_subnets,
                security_group_ids=[group.id],
                private_dns_enabled=True,
                policy=_own_account_only(api, location),
                opts=self.inside,
            ).id
            for api in APIS
        ]
        # Through the endpoints: nodes that start before them never join.
        self.domain = pulumi.Output.all(zone.name, *endpoints).apply(lambda ready: str(ready[0]))
        self.zones = pulumi.Output.from_input(dict[str, str]())
        self.zone = zone.zone_id
        self.done()


def in_route53(dns: Dns) -> Route53Dns:
    """The names as AWS has them; `TypeError` for another cloud's."""
    if not isinstance(dns, Route53Dns):
        raise TypeError(f"{type(dns).__name__} is not in Route 53")
    return dns


def _own_account_only(api: str, location: Location) -> str:
    """An endpoint lets everything through unless told otherwise, and another account's logs are a way out."""
    service = api.partition(".")[0]
    own = {"aws:ResourceAccount": location.account}
    caller = {"aws:PrincipalAccount": location.account}

    def allow(sid: str, actions: list[str], resources: list[str], condition: dict[str, str]) -> dict[str, object]:
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": actions,
            "Resource": resources,
            "Condition": {"StringEquals": condition},
        }

    # Whoever exchanges a workload's token at STS has no account yet.
    statements = [allow("OwnAccountOnly", [f"{service}:*"], ["*"], own if api == "sts" else own | caller)]
    if service == "ecr":
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        images = [f"arn:aws:ecr:{location.region}:*:repository/{repository}" for repository in EKS_IMAGES]
        statements.append(allow("PullImagesOfEks", pull, images, caller))
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
