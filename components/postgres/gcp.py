import pulumi
import pulumi_gcp as gcp

from components.postgres import LOG_DAYS, PORT, VERSION, Postgres, PostgresArgs, Size

TIERS = {Size.SMALL: "db-custom-2-8192", Size.MEDIUM: "db-custom-4-16384", Size.LARGE: "db-custom-8-32768"}


class CloudSqlPostgres(Postgres):
    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, scope = args.site, args.site.scope
        server = gcp.sql.DatabaseInstance(
            f"{name}-server",
            # Pulumi names it: a deleted server's name stays taken for a week, so a replacement needs another.
            project=scope,
            region=site.location.region,
            database_version=f"POSTGRES_{VERSION}",
            encryption_key_name=args.key.id if args.key else None,
            deletion_protection=site.location.protected,
            settings=_settings(args),
            opts=site.location.guarded(self),
        )
        address = gcp.compute.Address(
            f"{name}-address",
            project=scope,
            region=site.location.region,
            address_type="INTERNAL",
            subnetwork=args.network.endpoint_subnets.apply(lambda subnets: subnets[0]),
            opts=self.inside,
        )
        endpoint = gcp.compute.ForwardingRule(
            f"{name}-private",
            project=scope,
            region=site.location.region,
            network=args.network.id,
            ip_address=address.id,
            target=server.psc_service_attachment_link,
            load_balancing_scheme="",
            # The old endpoint of a replaced server goes first: an address serves one.
            opts=pulumi.ResourceOptions.merge(self.inside, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        record = gcp.dns.RecordSet(
            f"{name}-name",
            project=scope,
            managed_zone=args.dns.zones.apply(lambda zones: zones["postgres"]),
            name=server.dns_name,
            type="A",
            ttl=300,
            rrdatas=[address.address],
            opts=self.inside,
        )
        administrator = gcp.serviceaccount.Account(
            f"{name}-administrator",
            project=scope,
            account_id=pulumi.Output.concat(name, "-admin-", site.incarnation),
            display_name=f"{site.location.stack}: makes the roles in {name}",
            opts=self.inside,
        )
        gcp.sql.User(
            f"{name}-administrator-user",
            project=scope,
            instance=server.name,
            type="CLOUD_IAM_SERVICE_ACCOUNT",
            # Cloud SQL wants a service account without its suffix (gcp.sql.User, name).
            name=administrator.email.apply(lambda email: email.removesuffix(".gserviceaccount.com")),
            database_roles=["cloudsqlsuperuser"],
            opts=self.inside,
        )
        self.id = server.connection_name
        # Through the endpoint and the record: a name that leads nowhere yet is no use.
        ready = pulumi.Output.all(record.name, endpoint.id)
        self.host = ready.apply(lambda values: str(values[0]).rstrip("."))
        self.port = pulumi.Output.from_input(PORT)
        self.administrator = administrator.email
        self.done()


def _settings(args: PostgresArgs) -> gcp.sql.DatabaseInstanceSettingsArgs:
    scope = args.site.scope
    return gcp.sql.DatabaseInstanceSettingsArgs(
        tier=TIERS[args.capacity.size],
        # PostgreSQL 16 and later default to Enterprise Plus, which takes none of the custom tiers.
        edition="ENTERPRISE",
        availability_type="REGIONAL",
        disk_type="PD_SSD",
        disk_size=args.capacity.storage_gib,
        disk_autoresize=True,
        deletion_protection_enabled=args.site.location.protected,
        retain_backups_on_delete=args.site.location.protected,
        # SQL from the public internet, even to a private server, unless it is refused here.
        data_api_access="DISALLOW_DATA_API",
        user_labels=args.site.location.tags,
        database_flags=[
            gcp.sql.DatabaseInstanceSettingsDatabaseFlagArgs(name="cloudsql.iam_authentication", value="on"),
        ],
        ip_configuration=gcp.sql.DatabaseInstanceSettingsIpConfigurationArgs(
            ipv4_enabled=False,
            ssl_mode="ENCRYPTED_ONLY",
            # A certificate with a name in it, so that clients can verify whom they talk to.
            server_ca_mode="GOOGLE_MANAGED_CAS_CA",
            psc_configs=[
                gcp.sql.DatabaseInstanceSettingsIpConfigurationPscConfigArgs(
                    psc_enabled=True,
                    allowed_consumer_projects=pulumi.Output.from_input(scope).apply(lambda project: [project]),
                )
            ],
        ),
        backup_configuration=gcp.sql.DatabaseInstanceSettingsBackupConfigurationArgs(
            enabled=True,
            point_in_time_recovery_enabled=True,
            transaction_log_retention_days=LOG_DAYS,
            location=args.site.location.region,
            backup_retention_settings=(
                gcp.sql.DatabaseInstanceSettingsBackupConfigurationBackupRetentionSettingsArgs(
                    retained_backups=args.capacity.backup_days, retention_unit="COUNT"
                )
            ),
        ),
    )
