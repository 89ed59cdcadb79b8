import pulumi
import pulumi_azure_native as azure

from components.dns.azure import private_endpoint
from components.keys import Key
from components.postgres import PORT, VERSION, Postgres, PostgresArgs, Size

SKUS = {Size.SMALL: "Standard_D2ds_v5", Size.MEDIUM: "Standard_D4ds_v5", Size.LARGE: "Standard_D8ds_v5"}

_PROVIDERS_KEY = azure.dbforpostgresql.DataEncryptionArgs(type=azure.dbforpostgresql.DataEncryptionType.SYSTEM_ASSIGNED)
"""Said, though it is the default: so the preview knows that going to a key of ours is another server. Azure refuses the
change of one that stands only when it is made."""

PARAMETERS = {"require_secure_transport": "on", "ssl_min_protocol_version": "TLSv1.2"}


class FlexiblePostgres(Postgres):
    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location, group = args.site, args.site.location, args.site.scope
        tenant = azure.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self)).tenant_id
        server = azure.dbforpostgresql.Server(
            f"{name}-server",
            server_name=site.physical(name),
            resource_group_name=group,
            location=location.region,
            version=VERSION,
            sku=azure.dbforpostgresql.SkuArgs(
                name=SKUS[args.capacity.size], tier=azure.dbforpostgresql.SkuTier.GENERAL_PURPOSE
            ),
            storage=azure.dbforpostgresql.StorageArgs(
                storage_size_gb=_storage(args.capacity.storage_gib),
                auto_grow=azure.dbforpostgresql.StorageAutoGrow.ENABLED,
            ),
            availability_zone=location.zones[0],
            high_availability=azure.dbforpostgresql.HighAvailabilityArgs(
                mode=azure.dbforpostgresql.PostgreSqlFlexibleServerHighAvailabilityMode.ZONE_REDUNDANT,
                standby_availability_zone=location.zones[1],
            ),
            backup=azure.dbforpostgresql.BackupArgs(
                backup_retention_days=args.capacity.backup_days,
                geo_redundant_backup=azure.dbforpostgresql.GeographicallyRedundantBackup.DISABLED,
            ),
            network=azure.dbforpostgresql.NetworkArgs(
                public_network_access=azure.dbforpostgresql.ServerPublicNetworkAccessState.DISABLED
            ),
            auth_config=azure.dbforpostgresql.AuthConfigArgs(
                active_directory_auth=azure.dbforpostgresql.MicrosoftEntraAuth.ENABLED,
                password_auth=azure.dbforpostgresql.PasswordBasedAuth.DISABLED,
                tenant_id=tenant,
            ),
            identity=_identity(args.key) if args.key else None,
            data_encryption=_encryption(args.key) if args.key else _PROVIDERS_KEY,
            tags=location.tags,
            opts=pulumi.ResourceOptions.merge(
                site.location.guarded(self), pulumi.ResourceOptions(replace_on_changes=["dataEncryption.type"])
            ),
        )
        before: list[pulumi.Resource] = []
        for parameter, value in PARAMETERS.items():
            configuration = azure.dbforpostgresql.Configuration(
                f"{name}-{parameter.replace('_', '-')}",
                configuration_name=parameter,
                server_name=server.name,
                resource_group_name=group,
                source="user-override",
                value=value,
                # The server takes one change at a time.
                opts=pulumi.ResourceOptions(parent=self, depends_on=before[-1:]),
            )
            before.append(configuration)
        identity = azure.managedidentity.UserAssignedIdentity(
            f"{name}-administrator",
            resource_name_=site.physical(f"{name}-administrator"),
            resource_group_name=group,
            location=location.region,
            tags=location.tags,
            opts=self.inside,
        )
        administrator = azure.dbforpostgresql.AdministratorsMicrosoftEntra(
            f"{name}-administrator-user",
            server_name=server.name,
            resource_group_name=group,
            object_id=identity.principal_id,
            principal_name=identity.name,
            principal_type=azure.dbforpostgresql.PrincipalType.SERVICE_PRINCIPAL,
            tenant_id=tenant,
            opts=pulumi.ResourceOptions(parent=self, depends_on=before),
        )
        endpoint = private_endpoint(
            f"{name}-private", site, args.network, args.dns, server.id, "postgresqlServer", "postgres", self.inside
        )
        if site.location.protected:
            azure.authorization.ManagementLockByScope(
                f"{name}-lock",
                scope=server.id,
                level=azure.authorization.LockLevel.CAN_NOT_DELETE,
                lock_name=f"{name}-holds-data",
                notes="protection: production",
                opts=self.inside,
            )
        self.id = server.id
        # Through the endpoint: a name that leads nowhere yet is no use.
        ready = pulumi.Output.all(server.fully_qualified_domain_name, endpoint.id)
        self.host = ready.apply(lambda values: str(values[0]))
        self.port = pulumi.Output.from_input(PORT)
        self.administrator = pulumi.Output.all(identity.client_id, administrator.id).apply(lambda ids: str(ids[0]))
        self.done()


def _storage(gib: int) -> int:
    """Flexible servers come in powers of two; the next one up."""
    return 1 << (gib - 1).bit_length()


def _identity(key: Key) -> azure.dbforpostgresql.UserAssignedIdentityArgs:
    return azure.dbforpostgresql.UserAssignedIdentityArgs(
        type=azure.dbforpostgresql.IdentityType.USER_ASSIGNED,
        user_assigned_identities=key.user.apply(lambda identity: {identity: azure.dbforpostgresql.UserIdentityArgs()}),
    )


def _encryption(key: Key) -> azure.dbforpostgresql.DataEncryptionArgs:
    return azure.dbforpostgresql.DataEncryptionArgs(
        type=azure.dbforpostgresql.DataEncryptionType.AZURE_KEY_VAULT,
        # Without a version: the server follows every rotation.
        primary_key_uri=key.id,
        primary_user_assigned_identity_id=key.user,
    )
