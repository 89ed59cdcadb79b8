import pulumi
import pulumi_azure_native as azure

from components.cache import Cache, CacheArgs, Size
from components.dns.azure import private_endpoint
from components.keys import Key

SKUS = {
    Size.SMALL: azure.redisenterprise.SkuName.BALANCED_B3,
    Size.MEDIUM: azure.redisenterprise.SkuName.BALANCED_B5,
    Size.LARGE: azure.redisenterprise.SkuName.BALANCED_B10,
}
PORT = 10000


class ManagedRedis(Cache):
    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        cluster = azure.redisenterprise.RedisEnterprise(
            f"{name}-cluster",
            cluster_name=site.physical(name),
            resource_group_name=site.scope,
            location=location.region,
            sku=azure.redisenterprise.SkuArgs(name=SKUS[args.size]),
            # With it, the replica stands in another zone wherever the region has some.
            high_availability=azure.redisenterprise.HighAvailability.ENABLED,
            public_network_access=azure.redisenterprise.PublicNetworkAccess.DISABLED,
            minimum_tls_version=azure.redisenterprise.TlsVersion.TLS_VERSION_1_2,
            identity=_identity(args.key) if args.key else None,
            encryption=_encryption(args.key) if args.key else None,
            tags=location.tags,
            opts=location.guarded(self),
        )
        database = azure.redisenterprise.Database(
            f"{name}-database",
            cluster_name=cluster.name,
            database_name="default",
            resource_group_name=site.scope,
            port=PORT,
            client_protocol=azure.redisenterprise.Protocol.ENCRYPTED,
            access_keys_authentication=azure.redisenterprise.AccessKeysAuthentication.DISABLED,
            # One address and one port, as on the other clouds: with OSSCluster clients are sent on to the ports of
            # single nodes. NoCluster would be closer still, but is in preview and ends at 25 GB. It cannot be changed
            # later without losing what is in it.
            clustering_policy=azure.redisenterprise.ClusteringPolicy.ENTERPRISE_CLUSTER,
            eviction_policy=azure.redisenterprise.EvictionPolicy.VOLATILE_LRU,
            opts=location.guarded(self),
        )
        # No lock: it would keep a workload's login from being taken away too, and what a cache holds can be made again.
        endpoint = private_endpoint(
            f"{name}-private", site, args.network, args.dns, cluster.id, "redisEnterprise", "redis", self.inside
        )
        self.id = database.id
        self.name = cluster.name
        # Through the endpoint: a name that leads nowhere yet is no use.
        self.host = pulumi.Output.all(cluster.host_name, endpoint.id).apply(lambda values: str(values[0]))
        self.port = pulumi.Output.from_input(PORT)
        self.certificate = pulumi.Output.from_input("")
        self.done()


def _identity(key: Key) -> azure.redisenterprise.ManagedServiceIdentityArgs:
    return azure.redisenterprise.ManagedServiceIdentityArgs(
        type=azure.redisenterprise.ManagedServiceIdentityType.USER_ASSIGNED,
        user_assigned_identities=key.user.apply(lambda identity: [identity]),
    )


def _encryption(key: Key) -> azure.redisenterprise.ClusterPropertiesEncryptionArgs:
    return azure.redisenterprise.ClusterPropertiesEncryptionArgs(
        customer_managed_key_encryption=azure.redisenterprise.ClusterPropertiesCustomerManagedKeyEncryptionArgs(
            key_encryption_key_url=key.version,  # it takes no key without a version
            key_encryption_key_identity=azure.redisenterprise.ClusterPropertiesKeyEncryptionKeyIdentityArgs(
                identity_type=azure.redisenterprise.CmkIdentityType.USER_ASSIGNED_IDENTITY,
                user_assigned_identity_resource_id=key.user,
            ),
        )
    )
