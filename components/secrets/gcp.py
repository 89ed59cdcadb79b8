import pulumi
import pulumi_gcp as gcp

from components.secrets import RECOVERY_DAYS, Secret, Secrets, SecretsArgs

DAY = 86_400


class ManagerSecrets(Secrets):
    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.hold({secret: ManagerSecret(f"{name}-{secret}", args, secret, self.inside) for secret in args.names})


class ManagerSecret(Secret):
    """Not a regional secret: those have an endpoint of their own, which the restricted API range does not serve.

    This one is replicated to the region alone, so that what is in it lies there, under the region's key.
    """

    def __init__(self, name: str, args: SecretsArgs, secret: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, opts)
        site, api = args.site, gcp.secretmanager
        encryption = api.SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgs
        replica = api.SecretReplicationUserManagedReplicaArgs(
            location=site.location.region,
            customer_managed_encryption=encryption(kms_key_name=args.key.id) if args.key else None,
        )
        made = api.Secret(
            f"{name}-secret",
            project=site.scope,
            secret_id=site.physical(secret),
            replication=api.SecretReplicationArgs(
                user_managed=api.SecretReplicationUserManagedArgs(replicas=[replica])
            ),
            version_destroy_ttl=f"{RECOVERY_DAYS * DAY}s",
            deletion_protection=site.location.protected,
            opts=site.location.guarded(self),
        )
        self.id = made.secret_id
        self.done()
