"""GKE's nodes: who they are, how they are hardened, and the pools of them."""

from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.cluster import ClusterArgs, Pool, Role, Size
from components.network.gcp import EGRESS_PODS, EGRESS_TAG, PODS
from components.registry import MIRRORED

MACHINE_TYPES = {Size.SMALL: "n2-standard-2", Size.MEDIUM: "n2-standard-4", Size.LARGE: "n2-standard-8"}

DISK_GB = 100

SHORT_OF_PODS = 32
"""Pods on a node of the egress pool, whose range holds 2048 addresses: two per pod make 32 nodes."""


class NodeIdentity:
    """What nodes act as: they write logs and metrics, and pull from the data plane's own repositories."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions) -> None:
        site, registry = args.site, args.registry
        account = gcp.serviceaccount.Account(
            f"{name}-nodes",
            project=site.scope,
            account_id=pulumi.Output.concat(name, "-nodes-", site.incarnation),
            display_name=f"{site.location.stack}: nodes",
            opts=opts,
        )
        # Telemetry belongs to the project: there is no narrower resource to give this on.
        telemetry = gcp.projects.IAMMember(
            f"{name}-nodes-telemetry",
            project=site.scope,
            role="roles/container.defaultNodeServiceAccount",
            member=account.member,
            opts=opts,
        )
        repositories = {"images": registry.id}
        for upstream in MIRRORED:
            host = registry.mirrors[upstream]
            repositories[upstream.replace(".", "-")] = host.apply(lambda text: text.rpartition("/")[2])
        pulls = [
            gcp.artifactregistry.RepositoryIamMember(
                f"{name}-nodes-pull-{key}",
                project=site.scope,
                location=site.location.region,
                repository=repository,
                role="roles/artifactregistry.reader",
                member=account.member,
                opts=opts,
            ).id
            for key, repository in repositories.items()
        ]
        self.first = pulumi.Output.all(account.email, telemetry.id).apply(lambda values: str(values[0]))
        """E-mail, once it may do what a node must to register."""
        self.ready = pulumi.Output.all(self.first, *pulls).apply(lambda values: str(values[0]))
        """E-mail, once it may pull as well."""


def hardened(args: ClusterArgs, nodes: NodeIdentity) -> dict[str, Any]:
    """What every node has; as keywords, because the cluster's first pool has a type of its own for the same."""
    return {
        "image_type": "COS_CONTAINERD",
        "service_account": nodes.first,
        # What the account may do is IAM's; scopes are the legacy way, and this one leaves it to IAM.
        "oauth_scopes": ["https://www.googleapis.com/auth/cloud-platform"],
        "metadata": {"disable-legacy-endpoints": "true"},
        "boot_disk_kms_key": args.volumes_key.id if args.volumes_key else None,
        "disk_type": "pd-balanced",
        "disk_size_gb": DISK_GB,
        "resource_labels": args.site.location.tags,
        "shielded_instance_config": {"enable_secure_boot": True, "enable_integrity_monitoring": True},
        "workload_metadata_config": {"mode": "GKE_METADATA"},
        "kubelet_config": {"insecure_kubelet_readonly_port_enabled": "FALSE"},
    }


class GkePool(Pool):
    def __init__(
        self,
        name: str,
        args: ClusterArgs,
        cluster: gcp.container.Cluster,
        nodes: NodeIdentity,
        role: Role,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(name, opts)
        api, size, egress = gcp.container, args.pool(role), role is Role.EGRESS
        pool = api.NodePool(
            f"{name}-nodes",
            project=args.site.scope,
            location=args.site.location.region,
            cluster=cluster.name,
            node_locations=list(args.site.location.zones),
            # One in each zone to begin with; the autoscaler has it from there, and `least` can change in place.
            initial_node_count=1,
            autoscaling=api.NodePoolAutoscalingArgs(
                total_min_node_count=size.least, total_max_node_count=size.most, location_policy="BALANCED"
            ),
            max_pods_per_node=SHORT_OF_PODS if egress else None,
            network_config=api.NodePoolNetworkConfigArgs(
                enable_private_nodes=True,
                create_pod_range=False,
                pod_range=EGRESS_PODS if egress else PODS,
                subnetwork=args.network.egress_subnets.apply(lambda subnets: subnets[0]) if egress else None,
            ),
            management=api.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            upgrade_settings=api.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0),
            node_config=api.NodePoolNodeConfigArgs(
                **hardened(args, nodes) | {"service_account": nodes.ready},
                machine_type=MACHINE_TYPES[size.size],
                labels={"rampart.dev/pool": str(role)},
                tags=[EGRESS_TAG] if egress else None,
                taints=[api.NodePoolNodeConfigTaintArgs(**taint) for taint in _taints(role)] or None,
                sandbox_config=api.NodePoolNodeConfigSandboxConfigArgs(type="GVISOR")
                if role is Role.SANDBOXES
                else None,
            ),
            opts=self.inside,
        )
        self.id = pool.id
        self.done()


def _taints(role: Role) -> list[dict[str, str]]:
    """The system pool has the one that GKE's own components tolerate, so that they leave the others alone."""
    if role is Role.SYSTEM:
        return [{"key": "components.gke.io/gke-managed-components", "value": "true", "effect": "NO_SCHEDULE"}]
    return (
        [{"key": "rampart.dev/pool", "value": str(role), "effect": "NO_SCHEDULE"}] if role is not Role.WORKLOADS else []
    )
