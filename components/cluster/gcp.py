from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.cluster import BreakGlass, Cluster, ClusterArgs, Role, Window
from components.cluster.gcp_pools import GkePool, NodeIdentity, hardened
from components.identity.gcp_conditions import only
from components.network.gcp import EGRESS_PODS, PODS, SERVICES

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
"""Some Monday, long ago: when windows and exclusions began. GKE looks at the time of day and the recurrence."""

CONTROL_PLANE_LOGS = ("SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER")
"""What is logged besides the audit log, which is always on. What containers print is the in-cluster program's."""


class GkeCluster(Cluster):
    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        nodes = NodeIdentity(name, args, self.inside)
        cluster = gcp.container.Cluster(
            f"{name}-cluster",
            project=site.scope,
            location=location.region,
            node_locations=list(location.zones),
            min_master_version=args.version,
            **_network(args),
            **_access(args),
            **_encryption(args),
            **_upkeep(args.window),
            # The first pool goes as soon as it is there, but its disk and its nodes are real for some minutes.
            remove_default_node_pool=True,
            initial_node_count=1,
            node_config=gcp.container.ClusterNodeConfigArgs(**hardened(args, nodes)),
            logging_config=gcp.container.ClusterLoggingConfigArgs(enable_components=list(CONTROL_PLANE_LOGS)),
            monitoring_config=gcp.container.ClusterMonitoringConfigArgs(enable_components=["SYSTEM_COMPONENTS"]),
            security_posture_config=gcp.container.ClusterSecurityPostureConfigArgs(
                mode="BASIC", vulnerability_mode="VULNERABILITY_DISABLED"
            ),
            deletion_protection=location.protected,
            opts=pulumi.ResourceOptions.merge(
                location.guarded(self), pulumi.ResourceOptions(ignore_changes=["nodeConfig"])
            ),
        )
        pools = [GkePool(f"{name}-{role}", args, cluster, nodes, role, self.inside) for role in Role]
        path = pulumi.Output.concat("projects/", site.scope, f"/locations/{location.region}/clusters/", cluster.name)
        self._operators(name, args, path)
        self.id = cluster.id
        self.name = pulumi.Output.all(cluster.name, *(pool.id for pool in pools)).apply(lambda values: str(values[0]))
        self.endpoint = pulumi.Output.concat("https://", cluster.private_cluster_config.private_endpoint)
        self.certificate = cluster.master_auth.cluster_ca_certificate.apply(str)
        self.issuer = pulumi.Output.concat("https://container.googleapis.com/v1/", path)
        self.trust = cluster.workload_identity_config.workload_pool.apply(str)
        self.storage_class = pulumi.Output.all(
            provisioner="pd.csi.storage.gke.io",
            type="pd-balanced",
            **({"disk-encryption-kms-key": args.volumes_key.id} if args.volumes_key else {}),
        )
        self.autoscaler = pulumi.Output.from_input("")
        self.runtime_class = pulumi.Output.from_input("gvisor")
        self.done()

    def _operators(self, name: str, args: ClusterArgs, path: pulumi.Output[str]) -> None:
        """Full access to this one cluster: GKE has no bindings of its own, so a condition on the project's names it."""

        def admin(key: str, member: str, title: str, glass: BreakGlass | None = None) -> None:
            expires = glass.expires if glass else None
            gcp.projects.IAMMember(
                f"{name}-{key}",
                project=args.site.scope,
                role="roles/container.admin",
                member=member,
                condition=gcp.projects.IAMMemberConditionArgs(
                    title=title,
                    description=glass.reason if glass else None,
                    expression=path.apply(lambda cluster: only(cluster, expires)),
                ),
                opts=self.inside,
            )

        for member in args.operators:
            admin(f"operator-{''.join(c if c.isalnum() else '-' for c in member.lower())}", member, "this cluster only")
        if args.break_glass:
            admin("break-glass", args.break_glass.principal, "break glass", args.break_glass)


def _network(args: ClusterArgs) -> dict[str, Any]:
    network, api = args.network, gcp.container

    def first(subnets: pulumi.Output[list[str]]) -> pulumi.Output[str]:
        return subnets.apply(lambda ids: ids[0])

    return {
        # Through the names: nodes that cannot find the APIs do not register, and the cluster fails with them.
        "network": pulumi.Output.all(network.id, args.dns.domain).apply(lambda values: str(values[0])),
        "subnetwork": first(network.workload_subnets),
        "networking_mode": "VPC_NATIVE",
        "ip_allocation_policy": api.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=PODS,
            services_secondary_range_name=SERVICES,
            additional_ip_ranges_configs=[
                api.ClusterIpAllocationPolicyAdditionalIpRangesConfigArgs(
                    subnetwork=first(network.egress_subnets), pod_ipv4_range_names=[EGRESS_PODS]
                )
            ],
        ),
        "private_cluster_config": api.ClusterPrivateClusterConfigArgs(
            enable_private_nodes=True,
            enable_private_endpoint=True,
            private_endpoint_subnetwork=first(network.control_subnets),
            master_global_access_config=api.ClusterPrivateClusterConfigMasterGlobalAccessConfigArgs(enabled=False),
        ),
        "control_plane_endpoints_config": api.ClusterControlPlaneEndpointsConfigArgs(
            # Only IAM would stand between this name and the world.
            dns_endpoint_config=api.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                allow_external_traffic=False
            ),
            ip_endpoints_config=api.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(enabled=True),
        ),
        "master_authorized_networks_config": api.ClusterMasterAuthorizedNetworksConfigArgs(
            cidr_blocks=[
                api.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=network.cidr, display_name="network"),
                *(
                    api.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(cidr_block=str(cidr), display_name="reach")
                    for cidr in args.reach
                ),
            ],
            gcp_public_cidrs_access_enabled=False,
            private_endpoint_enforcement_enabled=True,
        ),
        "datapath_provider": "ADVANCED_DATAPATH",
        "in_transit_encryption_config": "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
        # Flows between pods of one node are logged too.
        "enable_intranode_visibility": True,
        "service_external_ips_config": api.ClusterServiceExternalIpsConfigArgs(enabled=False),
    }


def _access(args: ClusterArgs) -> dict[str, Any]:
    api = gcp.container
    return {
        "workload_identity_config": api.ClusterWorkloadIdentityConfigArgs(
            workload_pool=pulumi.Output.concat(args.site.scope, ".svc.id.goog")
        ),
        "enable_legacy_abac": False,
        "enable_shielded_nodes": True,
        "master_auth": api.ClusterMasterAuthArgs(
            client_certificate_config=api.ClusterMasterAuthClientCertificateConfigArgs(issue_client_certificate=False)
        ),
        "anonymous_authentication_config": api.ClusterAnonymousAuthenticationConfigArgs(mode="LIMITED"),
        "rbac_binding_config": api.ClusterRbacBindingConfigArgs(
            enable_insecure_binding_system_authenticated=False, enable_insecure_binding_system_unauthenticated=False
        ),
    }


def _encryption(args: ClusterArgs) -> dict[str, Any]:
    if not args.secrets_key:
        return {}
    key = gcp.container.ClusterDatabaseEncryptionArgs(state="ENCRYPTED", key_name=args.secrets_key.id)
    return {"database_encryption": key}


def _upkeep(window: Window) -> dict[str, Any]:
    """Patches come by themselves, in the window; a minor version comes when the settings say so."""
    api, start = gcp.container, MONDAY + timedelta(days=DAYS.index(window.day), hours=window.hour)
    end, form = start + timedelta(hours=window.hours), "%Y-%m-%dT%H:%M:%SZ"
    return {
        "release_channel": api.ClusterReleaseChannelArgs(channel="REGULAR"),
        "maintenance_policy": api.ClusterMaintenancePolicyArgs(
            recurring_window=api.ClusterMaintenancePolicyRecurringWindowArgs(
                start_time=f"{start:{form}}",
                end_time=f"{end:{form}}",
                recurrence=f"FREQ=WEEKLY;BYDAY={window.day[:2].upper()}",
            ),
            maintenance_exclusions=[
                api.ClusterMaintenancePolicyMaintenanceExclusionArgs(
                    exclusion_name="minor-versions",
                    start_time=f"{MONDAY:{form}}",
                    exclusion_options=api.ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgs(
                        scope="NO_MINOR_UPGRADES", end_time_behavior="UNTIL_END_OF_SUPPORT"
                    ),
                )
            ],
        ),
    }
