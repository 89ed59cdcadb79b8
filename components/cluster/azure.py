from ipaddress import IPv4Network

import pulumi
import pulumi_azure_native as azure

from components.cluster import Cluster, ClusterArgs, Role
from components.cluster.azure_access import Access, administrators
from components.cluster.azure_pools import NodePool, shape
from components.keys import Key
from components.keys.azure import in_vault
from components.network.plan import Range, part

LOGS = ("kube-audit", "guard", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
"""What the control plane tells: who called the API, whom Entra and Azure's roles let in, and what it did itself."""

WINDOWS = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
"""The names under which AKS looks for the hours of its upgrades: of Kubernetes, of node images."""


class AksCluster(Cluster):
    """principal: the object id in Entra of what the control plane acts as.

    What cannot be changed once the cluster stands is the same for every cluster, and not a setting:

    - the API server stands in the control subnet (API Server VNet Integration): it cannot be turned off later, and a
      key vault without public access can only be used through it;
    - its name is in a zone of ours, because the public name is off, and AKS then wants a private one;
    - pods have addresses of their own (overlay) behind Cilium, which enforces network policies;
    - no way out is set up by AKS (`none`), and images come from our own registry: what makes nodes boot without one;
    - secrets are encrypted by the key service plugin (`azureKeyVaultKms`), whose vault is private. The successor, which
      follows rotations by itself, is in preview, and cannot be turned off either.
    """

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, location = args.site, args.site.location
        disks = self._disks(name, args, args.volumes_key) if args.volumes_key else None
        access = Access(name, args, disks, self)
        tenant = azure.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self)).tenant_id
        cluster = azure.containerservice.ManagedCluster(
            f"{name}-kubernetes",
            resource_name_=f"rampart-{location.stack}",
            resource_group_name=site.scope,
            location=location.region,
            sku=azure.containerservice.ManagedClusterSKUArgs(
                name=azure.containerservice.ManagedClusterSKUName.BASE,
                tier=azure.containerservice.ManagedClusterSKUTier.STANDARD,
            ),
            kubernetes_version=args.version,
            fqdn_subdomain=f"rampart-{location.stack}",
            node_resource_group=f"rampart-{location.stack}-nodes",
            node_resource_group_profile=azure.containerservice.ManagedClusterNodeResourceGroupProfileArgs(
                restriction_level=azure.containerservice.RestrictionLevel.READ_ONLY
            ),
            identity=azure.containerservice.ManagedClusterIdentityArgs(
                type=azure.containerservice.ResourceIdentityType.USER_ASSIGNED,
                user_assigned_identities=access.cluster.apply(lambda identity: [identity]),
            ),
            identity_profile={"kubeletidentity": access.kubelet},
            public_network_access=azure.containerservice.PublicNetworkAccess.DISABLED,
            api_server_access_profile=azure.containerservice.ManagedClusterAPIServerAccessProfileArgs(
                enable_private_cluster=True,
                enable_private_cluster_public_fqdn=False,
                enable_vnet_integration=True,
                subnet_id=args.network.control_subnets.apply(lambda subnets: subnets[0]),
                private_dns_zone=args.dns.zones.apply(lambda zones: zones["kubernetes"]),
                disable_run_command=True,
            ),
            network_profile=_network(args),
            bootstrap_profile=azure.containerservice.ManagedClusterBootstrapProfileArgs(
                artifact_source=azure.containerservice.ArtifactSource.CACHE, container_registry_id=args.registry.id
            ),
            enable_rbac=True,
            disable_local_accounts=True,
            # No group of administrators: who is one has a role on the cluster, which Azure's own log tells of.
            aad_profile=azure.containerservice.ManagedClusterAADProfileArgs(
                managed=True, enable_azure_rbac=True, tenant_id=tenant
            ),
            oidc_issuer_profile=azure.containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            security_profile=_security(args.secrets_key),
            disk_encryption_set_id=disks,
            storage_profile=azure.containerservice.ManagedClusterStorageProfileArgs(
                disk_csi_driver=azure.containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
                # Shares and blobs would be kept outside the volumes' key.
                file_csi_driver=azure.containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=False),
                blob_csi_driver=azure.containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(enabled=False),
                snapshot_controller=azure.containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(
                    enabled=True
                ),
            ),
            auto_upgrade_profile=azure.containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel=azure.containerservice.UpgradeChannel.PATCH,
                # The one channel that needs no package mirror.
                node_os_upgrade_channel=azure.containerservice.NodeOSUpgradeChannel.NODE_IMAGE,
            ),
            agent_pool_profiles=[
                azure.containerservice.ManagedClusterAgentPoolProfileArgs(
                    name=str(Role.SYSTEM), **shape(args, Role.SYSTEM)
                )
            ],
            tags=location.tags,
            opts=pulumi.ResourceOptions.merge(
                location.guarded(self),
                # The autoscaler counts. Names are our own, so that a second one cannot stand beside it. No lock: it
                # would keep operators' roles from being taken away, and pools from being replaced.
                pulumi.ResourceOptions(
                    ignore_changes=["agentPoolProfiles[0].count"],
                    # What AKS refuses to change, and only at the update: so the preview says it, and protection holds.
                    replace_on_changes=["diskEncryptionSetID", "agentPoolProfiles[0].vmSize"],
                    delete_before_replace=True,
                ),
            ),
        )
        self._windows(name, args, cluster)
        azure.monitor.DiagnosticSetting(
            f"{name}-audit",
            name="audit",
            resource_uri=cluster.id,
            storage_account_id=args.logs.id,
            logs=[azure.monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in LOGS],
            opts=self.inside,
        )
        administrators(name, args, cluster.id, self.inside)
        pools = {role: NodePool(f"{name}-{role}", args, role, cluster, self.inside) for role in Role}

        self.principal = access.principal
        self.id = cluster.id
        ready = pulumi.Output.all(cluster.name, pools[Role.WORKLOADS].id)
        self.name = ready.apply(lambda values: str(values[0]))
        self.endpoint = pulumi.Output.concat("https://", cluster.private_fqdn)
        self.certificate = pulumi.Output.from_input("")
        self.issuer = cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else "")
        self.trust = self.issuer
        self.storage_class = _storage_class(disks)
        self.autoscaler = pulumi.Output.from_input("")
        self.runtime_class = pulumi.Output.from_input("kata-vm-isolation")
        self.done()

    def _disks(self, name: str, args: ClusterArgs, key: Key) -> pulumi.Output[str]:
        """What puts the disks of nodes and volumes under the key; its id."""
        return azure.compute.DiskEncryptionSet(
            f"{name}-disks",
            disk_encryption_set_name=args.site.physical("disks"),
            resource_group_name=args.site.scope,
            location=args.site.location.region,
            encryption_type=azure.compute.DiskEncryptionSetType.ENCRYPTION_AT_REST_WITH_CUSTOMER_KEY,
            identity=azure.compute.EncryptionSetIdentityArgs(
                type=azure.compute.DiskEncryptionSetIdentityType.USER_ASSIGNED,
                user_assigned_identities=key.user.apply(lambda identity: [identity]),
            ),
            active_key=azure.compute.KeyForDiskEncryptionSetArgs(key_url=key.version),
            # It wants a version all the same, and then changes that by itself.
            rotation_to_latest_key_version_enabled=True,
            tags=args.site.location.tags,
            opts=pulumi.ResourceOptions.merge(
                args.site.location.guarded(self), pulumi.ResourceOptions(ignore_changes=["activeKey.keyUrl"])
            ),
        ).id

    def _windows(self, name: str, args: ClusterArgs, cluster: azure.containerservice.ManagedCluster) -> None:
        window, before = args.window, list[pulumi.Resource]()
        for config in WINDOWS:
            made = azure.containerservice.MaintenanceConfiguration(
                f"{name}-{'images' if 'NodeOS' in config else 'upgrades'}-window",
                config_name=config,
                resource_name_=cluster.name,
                resource_group_name=args.site.scope,
                maintenance_window=azure.containerservice.MaintenanceWindowArgs(
                    schedule=azure.containerservice.ScheduleArgs(
                        weekly=azure.containerservice.WeeklyScheduleArgs(
                            day_of_week=window.day.capitalize(), interval_weeks=1
                        )
                    ),
                    start_time=f"{window.hour:02}:00",
                    duration_hours=window.hours,
                    utc_offset="+00:00",
                ),
                # A cluster takes one change at a time.
                opts=pulumi.ResourceOptions(parent=self, depends_on=before[-1:]),
            )
            before.append(made)


def in_aks(cluster: Cluster) -> AksCluster:
    """The cluster as Azure has it; `TypeError` for another cloud's."""
    if not isinstance(cluster, AksCluster):
        raise TypeError(f"{type(cluster).__name__} is not of AKS")
    return cluster


def _network(args: ClusterArgs) -> azure.containerservice.ContainerServiceNetworkProfileArgs:
    def ranges(name: Range) -> pulumi.Output[IPv4Network]:
        return args.network.cidr.apply(lambda cidr: part(IPv4Network(cidr), name))

    return azure.containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin=azure.containerservice.NetworkPlugin.AZURE,
        network_plugin_mode=azure.containerservice.NetworkPluginMode.OVERLAY,
        network_dataplane=azure.containerservice.NetworkDataplane.CILIUM,
        network_policy=azure.containerservice.NetworkPolicy.CILIUM,
        outbound_type=azure.containerservice.OutboundType.NONE,
        load_balancer_sku=azure.containerservice.LoadBalancerSku.STANDARD,
        pod_cidr=ranges(Range.PODS).apply(str),
        service_cidr=ranges(Range.SERVICES).apply(str),
        dns_service_ip=ranges(Range.SERVICES).apply(lambda block: str(block[10])),
    )


def _security(key: Key | None) -> azure.containerservice.ManagedClusterSecurityProfileArgs:
    return azure.containerservice.ManagedClusterSecurityProfileArgs(
        workload_identity=azure.containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        azure_key_vault_kms=azure.containerservice.AzureKeyVaultKmsArgs(
            enabled=True,
            key_id=key.version,  # it takes no key without a version
            key_vault_network_access=azure.containerservice.KeyVaultNetworkAccessTypes.PRIVATE,
            key_vault_resource_id=in_vault(key).vault.id,
        )
        if key
        else None,
    )


def _storage_class(disks: pulumi.Output[str] | None) -> pulumi.Output[dict[str, str]]:
    """Azure documentation, Azure Disks CSI driver. A disk is attached, and never handed out over the network."""
    fixed = {"provisioner": "disk.csi.azure.com", "skuName": "Premium_ZRS", "networkAccessPolicy": "DenyAll"}
    if disks is None:
        return pulumi.Output.from_input(fixed)
    return disks.apply(lambda id_: fixed | {"diskEncryptionSetID": id_})
