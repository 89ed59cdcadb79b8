import pulumi
import pulumi_aws as aws

from components.postgres import PORT, VERSION, Postgres, PostgresArgs, Size

CLASSES = {Size.SMALL: "db.m7g.large", Size.MEDIUM: "db.m7g.xlarge", Size.LARGE: "db.m7g.2xlarge"}

PARAMETERS = {"rds.force_ssl": "1", "ssl_min_protocol_version": "TLSv1.2"}
"""RDS still lists TLS 1.1 as supported (RDS User Guide, SSL with PostgreSQL)."""


class RdsPostgres(Postgres):
    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, key = args.site, args.key.id if args.key else None
        subnets = aws.rds.SubnetGroup(f"{name}-subnets", subnet_ids=args.network.endpoint_subnets, opts=self.inside)
        group = aws.ec2.SecurityGroup(
            f"{name}-clients",
            description="PostgreSQL from inside the network",
            vpc_id=args.network.id,
            egress=[],
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    cidr_blocks=args.network.callers,
                    description="PostgreSQL from inside the network",
                )
            ],
            opts=self.inside,
        )
        parameters = aws.rds.ParameterGroup(
            f"{name}-parameters",
            family=f"postgres{VERSION}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=parameter, value=value, apply_method="pending-reboot")
                for parameter, value in PARAMETERS.items()
            ],
            opts=self.inside,
        )
        server = aws.rds.Instance(
            f"{name}-server",
            identifier=site.physical(name),
            engine="postgres",
            engine_version=VERSION,
            instance_class=CLASSES[args.capacity.size],
            storage_type="gp3",
            allocated_storage=args.capacity.storage_gib,
            # RDS wants a tenth more at least.
            max_allocated_storage=max(16_384, args.capacity.storage_gib * 11 // 10 + 1),
            storage_encrypted=True,
            kms_key_id=key,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[group.id],
            publicly_accessible=False,
            port=PORT,
            multi_az=True,
            parameter_group_name=parameters.name,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            iam_database_authentication_enabled=True,
            username="rampart",
            manage_master_user_password=True,
            master_user_secret_kms_key_id=key,
            backup_retention_period=args.capacity.backup_days,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not site.location.protected,
            auto_minor_version_upgrade=True,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key,
            deletion_protection=site.location.protected,
            skip_final_snapshot=not site.location.protected,
            final_snapshot_identifier=pulumi.Output.concat(site.physical(name), "-final")
            if site.location.protected
            else None,
            opts=site.location.guarded(self),
        )
        self.id = server.resource_id
        self.host = server.address
        self.port = server.port
        self.administrator = server.master_user_secrets.apply(lambda secrets: str(secrets[0].secret_arn))
        self.done()
