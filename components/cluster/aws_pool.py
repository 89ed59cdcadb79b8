"""The nodes of a cluster."""

import base64
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.cluster import ClusterArgs, Pool, Role, Size

INSTANCES = {Size.SMALL: "m6i.large", Size.MEDIUM: "m6i.xlarge", Size.LARGE: "m6i.2xlarge"}

IMAGE = "BOTTLEROCKET_x86_64"
"""An immutable root under dm-verity, SELinux enforcing, no shell and no SSH, UEFI Secure Boot (Bottlerocket, security
features)."""

DISKS = {"/dev/xvda": 4, "/dev/xvdb": 64}
"""GiB, by device: Bottlerocket's own, and the one for images, logs and scratch."""

SETTINGS = """\
[settings.host-containers.admin]
enabled = false
[settings.host-containers.control]
enabled = false
[settings.kernel]
lockdown = "integrity"
"""
"""What Bottlerocket is told besides what EKS tells it: the ways in that it has are closed."""


@dataclass(frozen=True, kw_only=True)
class PoolSite:
    """What the pools of one cluster share.

    cluster: its name, known once nodes can join: network and proxy are there. group: its security group.
    identity: ARN of the nodes' role.
    """

    args: ClusterArgs
    cluster: pulumi.Output[str]
    group: pulumi.Output[str]
    identity: pulumi.Output[str]


class NodeGroup(Pool):
    cluster: pulumi.Output[str]
    """The cluster's name, known once this pool's nodes have joined it."""

    def __init__(self, name: str, role: Role, site: PoolSite, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, opts)
        args, pool = site.args, site.args.pool(role)
        label = {"rampart.dev/pool": str(role)}
        template = self._template(name, role, site)
        group = aws.eks.NodeGroup(
            f"{name}-nodes",
            cluster_name=site.cluster,
            node_role_arn=site.identity,
            subnet_ids=args.network.egress_subnets if role is Role.EGRESS else args.network.workload_subnets,
            version=args.version,
            ami_type=IMAGE,
            capacity_type="ON_DEMAND",
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=pool.least, max_size=pool.most, desired_size=pool.least
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
            labels=label,
            taints=[
                aws.eks.NodeGroupTaintArgs(key=key, value=value, effect="NO_SCHEDULE") for key, value in label.items()
            ]
            if role is not Role.WORKLOADS
            else None,
            # How many there are at the moment is the autoscaler's to say.
            opts=self.inside.merge(pulumi.ResourceOptions(ignore_changes=["scalingConfig.desiredSize"])),
        )
        self.id = group.arn
        self.cluster = group.cluster_name
        self.done()

    def _template(self, name: str, role: Role, site: PoolSite) -> aws.ec2.LaunchTemplate:
        args, location = site.args, site.args.site.location
        return aws.ec2.LaunchTemplate(
            f"{name}-template",
            description=f"{location.stack}: nodes of {role}",
            update_default_version=True,
            # Here and not in the group, where another type would replace the group.
            instance_type=INSTANCES[args.pool(role).size],
            user_data=base64.b64encode(SETTINGS.encode()).decode(),
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # One hop: no pod but those on the host's own network gets the node's identity.
                http_put_response_hop_limit=1,
                instance_metadata_tags="disabled",
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=device,
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_type="gp3",
                        volume_size=size,
                        encrypted="true",
                        kms_key_id=args.volumes_key.id if args.volumes_key else None,
                        delete_on_termination="true",
                    ),
                )
                for device, size in DISKS.items()
            ],
            network_interfaces=[
                aws.ec2.LaunchTemplateNetworkInterfaceArgs(
                    device_index=0,
                    associate_public_ip_address="false",
                    security_groups=[site.group],
                    delete_on_termination="true",
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=what, tags=location.tags)
                for what in ("instance", "network-interface", "volume")
            ],
            opts=self.inside,
        )
