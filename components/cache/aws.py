import pulumi
import pulumi_aws as aws

from components.cache import SNAPSHOT_DAYS, Cache, CacheArgs, Size

ENGINE = "valkey"
VERSION = "8.0"
PORT = 6379

NODES = {Size.SMALL: "cache.m7g.large", Size.MEDIUM: "cache.r7g.large", Size.LARGE: "cache.r7g.xlarge"}
"""6.4, 13.1 and 26.3 GiB, of which ElastiCache reserves a quarter (ElastiCache User Guide, reserved memory)."""


class ElastiCacheValkey(Cache):
    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site = args.site
        subnets = aws.elasticache.SubnetGroup(
            f"{name}-subnets", subnet_ids=args.network.endpoint_subnets, opts=self.inside
        )
        group = aws.ec2.SecurityGroup(
            f"{name}-clients",
            description="Valkey from inside the network",
            vpc_id=args.network.id,
            egress=[],
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    cidr_blocks=args.network.callers,
                    description="Valkey from inside the network",
                )
            ],
            opts=self.inside,
        )
        users = aws.elasticache.UserGroup(
            f"{name}-users",
            engine=ENGINE,
            # As the cache itself, so that an identity that knows the one knows the other.
            user_group_id=site.physical(name),
            # Each identity puts its own user in.
            opts=self.inside.merge(pulumi.ResourceOptions(ignore_changes=["userIds"])),
        )
        cache = aws.elasticache.ReplicationGroup(
            f"{name}-nodes",
            replication_group_id=site.physical(name),
            description=f"{site.location.stack}: {name}",
            engine=ENGINE,
            engine_version=VERSION,
            node_type=NODES[args.size],
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            port=PORT,
            subnet_group_name=subnets.name,
            security_group_ids=[group.id],
            at_rest_encryption_enabled=True,
            kms_key_id=args.key.id if args.key else None,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            # A group without users lets nobody in, and none takes the place of a password.
            user_group_ids=[users.user_group_id],
            auto_minor_version_upgrade=True,
            apply_immediately=False,
            snapshot_retention_limit=SNAPSHOT_DAYS,
            final_snapshot_identifier=pulumi.Output.concat(site.physical(name), "-final")
            if site.location.protected
            else None,
            opts=site.location.guarded(self),
        )
        self.id = cache.arn
        self.name = users.user_group_id
        self.host = cache.primary_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.certificate = pulumi.Output.from_input("")
        self.done()
