from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from components.cache import Cache, CacheArgs, Size

NODE_TYPES = {Size.SMALL: "STANDARD_SMALL", Size.MEDIUM: "HIGHMEM_MEDIUM", Size.LARGE: "HIGHMEM_XLARGE"}
"""6.5, 13 and 58 GB, of which four fifths are for data (Memorystore documentation, Instance and node specification)."""

PORT = 6379


class MemorystoreCache(Cache):
    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, region = args.site, args.site.location.region
        network = args.network.id.apply(lambda link: link[link.index("projects/") :])
        # Lets the service make the endpoints; without it for this very network no instance comes up.
        policy = gcp.networkconnectivity.ServiceConnectionPolicy(
            f"{name}-connections",
            project=site.scope,
            location=region,
            network=network,
            service_class="gcp-memorystore",
            psc_config=gcp.networkconnectivity.ServiceConnectionPolicyPscConfigArgs(
                subnetworks=args.network.endpoint_subnets
            ),
            opts=self.inside,
        )
        instance = gcp.memorystore.Instance(
            f"{name}-instance",
            project=site.scope,
            location=region,
            instance_id=site.physical(name),
            engine_version="VALKEY_8_0",
            mode="CLUSTER_DISABLED",
            shard_count=1,
            replica_count=1,
            node_type=NODE_TYPES[args.size],
            zone_distribution_config=gcp.memorystore.InstanceZoneDistributionConfigArgs(mode="MULTI_ZONE"),
            authorization_mode="IAM_AUTH",
            transit_encryption_mode="SERVER_AUTHENTICATION",
            kms_key=args.key.id if args.key else None,
            desired_auto_created_endpoints=[
                gcp.memorystore.InstanceDesiredAutoCreatedEndpointArgs(
                    # Through the policy's id, and not its own word for the network: the API gives that in another form
                    # than it takes, and the difference would replace the instance whenever the policy changes.
                    network=pulumi.Output.all(network, policy.id).apply(lambda known: str(known[0])),
                    project_id=site.scope,
                )
            ],
            deletion_protection_enabled=site.location.protected,
            opts=pulumi.ResourceOptions.merge(
                site.location.guarded(self),
                pulumi.ResourceOptions(
                    custom_timeouts=pulumi.CustomTimeouts(create="60m"),
                    # Its one network is never another; only the form of its name may be, and would replace it.
                    ignore_changes=["desiredAutoCreatedEndpoints"],
                ),
            ),
        )
        self.id = pulumi.Output.concat("projects/", site.scope, f"/locations/{region}/instances/", instance.instance_id)
        self.name = instance.instance_id
        self.host = instance.endpoints.apply(_primary)
        self.port = pulumi.Output.from_input(PORT)
        self.certificate = instance.managed_server_cas.apply(_authorities)
        self.done()


def _primary(endpoints: Sequence[gcp.memorystore.outputs.InstanceEndpoint]) -> str:
    """Where writes go; the service makes another endpoint for reading from the replica."""
    connections = [one.psc_auto_connection for endpoint in endpoints for one in endpoint.connections or ()]
    return next(str(one.ip_address) for one in connections if one and one.connection_type == "CONNECTION_TYPE_PRIMARY")


def _authorities(made: Sequence[gcp.memorystore.outputs.InstanceManagedServerCa] | None) -> str:
    """All of them: while one takes over from another there are two."""
    chains = [chain for authority in made or () for chain in authority.ca_certs or ()]
    return "".join(f"{text.strip()}\n" for chain in chains for text in chain.certificates or ())
