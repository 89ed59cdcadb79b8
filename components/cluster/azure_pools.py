"""AKS's pools of nodes: what every node is like, and what a role adds."""

from typing import Any

import pulumi
import pulumi_azure_native as azure

from components.cluster import POOLS, ClusterArgs, Pool, Role, Size

LABEL = "rampart.dev/pool"
MACHINES = {Size.SMALL: "Standard_D2s_v5", Size.MEDIUM: "Standard_D4s_v5", Size.LARGE: "Standard_D8s_v5"}
"""Generation 2, with nested virtualization, and without a temporary disk, which no key of ours would encrypt."""

TAINTS = {
    # The taint that AKS's own add-ons tolerate: with another they would find no node.
    Role.SYSTEM: ["CriticalAddonsOnly=true:NoSchedule"],
    Role.WORKLOADS: [],
}


class NodePool(Pool):
    """The system pool is made with its cluster, which cannot be without one: here it only has its name."""

    def __init__(
        self,
        name: str,
        args: ClusterArgs,
        role: Role,
        cluster: azure.containerservice.ManagedCluster,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(name, opts)
        if role is Role.SYSTEM:
            self.id = pulumi.Output.concat(cluster.id, "/agentPools/", role)
        else:
            self.id = azure.containerservice.AgentPool(
                f"{name}-nodes",
                agent_pool_name=_called(role, args.pool(role).size),
                resource_name_=cluster.name,
                resource_group_name=args.site.scope,
                **shape(args, role),
                # The autoscaler counts.
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=["count"]),
            ).id
        self.done()


def _called(role: Role, size: Size) -> str:
    """What a pool is called in AKS, which never changes the machines of one: those of another size are another pool,
    made before the old one goes.
    """
    return str(role) if size is POOLS[role].size else f"{role}{size[0]}"


def shape(args: ClusterArgs, role: Role) -> dict[str, Any]:
    """What a pool is made from, inside its cluster or beside it: both take the same arguments."""
    pool, sandboxed = args.pool(role), role is Role.SANDBOXES
    subnets = args.network.egress_subnets if role is Role.EGRESS else args.network.workload_subnets
    return {
        "mode": azure.containerservice.AgentPoolMode.SYSTEM
        if role is Role.SYSTEM
        else azure.containerservice.AgentPoolMode.USER,
        "type": azure.containerservice.AgentPoolType.VIRTUAL_MACHINE_SCALE_SETS,
        "orchestrator_version": args.version,
        "vm_size": MACHINES[pool.size],
        "availability_zones": list(args.site.location.zones),
        "vnet_subnet_id": subnets.apply(lambda ids: ids[0]),
        "enable_node_public_ip": False,
        "enable_auto_scaling": True,
        "count": pool.least,
        "min_count": pool.least,
        "max_count": pool.most,
        "max_pods": 110,
        "os_type": azure.containerservice.OSType.LINUX,
        "os_sku": azure.containerservice.OSSKU.AZURE_LINUX,
        # An ephemeral disk would be under Azure's own key.
        "os_disk_type": azure.containerservice.OSDiskType.MANAGED,
        "os_disk_size_gb": 128,
        "enable_encryption_at_host": True,
        # AKS has no trusted launch for pools with pod sandboxing (AKS documentation, trusted launch, limitations).
        "security_profile": azure.containerservice.AgentPoolSecurityProfileArgs(
            enable_secure_boot=not sandboxed,
            enable_vtpm=not sandboxed,
            ssh_access=azure.containerservice.AgentPoolSSHAccess.DISABLED,
        ),
        "workload_runtime": azure.containerservice.WorkloadRuntime.KATA_VM_ISOLATION
        if sandboxed
        else azure.containerservice.WorkloadRuntime.OCI_CONTAINER,
        "node_labels": {LABEL: str(role)},
        "node_taints": TAINTS.get(role, [f"{LABEL}={role}:NoSchedule"]),
        "upgrade_settings": azure.containerservice.AgentPoolUpgradeSettingsArgs(max_surge="33%"),
        "tags": args.site.location.tags,
    }
