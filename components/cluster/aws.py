import json
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.cluster import Cluster, ClusterArgs, Role
from components.cluster import aws_roles as roles
from components.cluster.aws_access import let_in
from components.cluster.aws_pool import NodeGroup, PoolSite
from components.keys import Key
from components.logs.aws import CLUSTER

SERVICES = (IPv4Network("172.20.0.0/16"), IPv4Network("10.100.0.0/16"))
"""The range of Kubernetes services: EKS refuses one inside the VPC's, so it is none of the plan's. It is seen nowhere
outside the cluster. The first that is not the region's own."""

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
ON_SYSTEM = {
    "nodeSelector": {"rampart.dev/pool": str(Role.SYSTEM)},
    "tolerations": [{"key": "rampart.dev/pool", "value": str(Role.SYSTEM), "effect": "NoSchedule"}],
}


class EksCluster(Cluster):
    group: pulumi.Output[str]
    """Id of the security group that EKS makes, which the control plane, the nodes and their pods are in."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._location = args.site.location
        cluster = self._control_plane(name, args)
        self.issuer = cluster.identities.apply(_issuer)
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-issuer", url=self.issuer, client_id_lists=["sts.amazonaws.com"], opts=self.inside
        )
        self.trust = provider.arn

        network = self._addon(
            name,
            "vpc-cni",
            args.version,
            cluster.name,
            {"enableNetworkPolicy": "true"},
            self._service_role(f"{name}-cni", "aws-node", "gives pods their addresses", roles.CNI),
        )
        proxy = self._addon(name, "kube-proxy", args.version, cluster.name)
        # Through all: a node is not ready, and its pool not made, before it has them and reaches what it asks.
        joinable = pulumi.Output.all(network, proxy, args.dns.domain).apply(lambda ready: str(ready[0]))
        self.group = cluster.vpc_config.apply(lambda config: str(config.cluster_security_group_id))
        site = PoolSite(
            args=args,
            cluster=joinable,
            group=self.group,
            identity=roles.role(
                f"{name}-node",
                args.site.location,
                "Nodes: join the cluster, pull images",
                roles.service_trust("ec2"),
                roles.NODES,
                None,
                self.inside,
            ),
        )
        pools = {role: NodeGroup(f"{name}-{role}", role, site, self.inside) for role in Role}
        names = self._addon(name, "coredns", args.version, pools[Role.SYSTEM].cluster, ON_SYSTEM)
        volumes = self._addon(
            name,
            "aws-ebs-csi-driver",
            args.version,
            pools[Role.SYSTEM].cluster,
            {"controller": ON_SYSTEM},
            self._service_role(
                f"{name}-volumes",
                "ebs-csi-controller-sa",
                "makes persistent volumes",
                roles.VOLUMES,
                args.volumes_key.id.apply(roles.volumes_key) if args.volumes_key else None,
            ),
        )
        self.autoscaler = self._service_role(
            f"{name}-scaling",
            "cluster-autoscaler",
            "changes the sizes of the pools",
            (),
            cluster.name.apply(lambda called: roles.scaling(called, name, args.site.location)),
        )
        let_in(name, cluster.name, args, self.inside)

        self.id = cluster.arn
        ready = (names, volumes, *(pool.cluster for pool in pools.values()))
        self.name = pulumi.Output.all(*ready).apply(lambda known: str(known[0]))
        self.endpoint = cluster.endpoint
        self.certificate = cluster.certificate_authority.apply(lambda authority: str(authority.data))
        self.storage_class = _storage_class(args.volumes_key)
        self.runtime_class = pulumi.Output.from_input("")
        self.done()

    def _control_plane(self, name: str, args: ClusterArgs) -> aws.eks.Cluster:
        site, location, key = args.site, args.site.location, args.secrets_key
        # Through the logs: EKS makes a log group without a key where it finds none.
        called = pulumi.Output.all(site.physical(CLUSTER), args.logs.id).apply(lambda known: str(known[0]))
        own = pulumi.Output.concat(f"arn:aws:eks:{location.region}:{location.account}:cluster/", site.physical(CLUSTER))
        identity = roles.role(
            f"{name}-control",
            location,
            "The cluster's control plane",
            own.apply(lambda arn: roles.service_trust("eks", {"ArnLike": {"aws:SourceArn": arn}})),
            roles.CONTROL_PLANE,
            None,
            self.inside,
        )
        callers = [args.network.cidr, *(pulumi.Output.from_input(str(block)) for block in args.reach)]
        group = aws.ec2.SecurityGroup(
            f"{name}-callers",
            description="The Kubernetes API from inside the network and from named peers",
            vpc_id=args.network.id,
            egress=[],
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    protocol="tcp",
                    from_port=443,
                    to_port=443,
                    cidr_blocks=callers,
                    description="The Kubernetes API",
                )
            ],
            opts=self.inside,
        )
        return aws.eks.Cluster(
            f"{name}-control-plane",
            name=called,
            role_arn=identity,
            version=args.version,
            bootstrap_self_managed_addons=False,
            deletion_protection=location.protected,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            enabled_cluster_log_types=list(LOG_TYPES),
            access_config=aws.eks.ClusterAccessConfigArgs(
                authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
            ),
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                subnet_ids=args.network.control_subnets,
                security_group_ids=[group.id],
                endpoint_private_access=True,
                endpoint_public_access=False,
            ),
            kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                ip_family="ipv4", service_ipv4_cidr=args.network.cidr.apply(_services)
            ),
            encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=self._granted(name, identity, key)),
                resources=["secrets"],
            )
            if key
            else None,
            # EKS takes another key without a word, and keeps the one it has (API reference, UpdateClusterConfig).
            opts=pulumi.ResourceOptions.merge(
                location.guarded(self),
                pulumi.ResourceOptions(replace_on_changes=["encryptionConfig.provider.keyArn"]),
            ),
        )

    def _granted(self, name: str, identity: pulumi.Output[str], key: Key) -> pulumi.Output[str]:
        """The key's ARN, known once the control plane may use it.

        The role's own ARN does not wait for that: EKS takes a key later too, and no other role, ever.
        """
        policy = aws.iam.RolePolicy(
            f"{name}-control-policy",
            role=identity.apply(lambda arn: arn.rpartition("/")[2]),
            policy=key.id.apply(roles.secrets_key),
            opts=self.inside,
        )
        return pulumi.Output.all(key.id, policy.id).apply(lambda known: str(known[0]))

    def _addon(
        self,
        name: str,
        addon: str,
        version: str,
        cluster: pulumi.Output[str],
        values: Mapping[str, object] | None = None,
        identity: pulumi.Output[str] | None = None,
    ) -> pulumi.Output[str]:
        """An add-on of EKS's; the cluster's name, known once the add-on runs.

        Its version is the one that EKS gives by default, asked for at each run: otherwise it would stay for ever what
        it was when the cluster was made.
        """
        default = aws.eks.get_addon_version_output(
            addon_name=addon, kubernetes_version=version, opts=pulumi.InvokeOptions(parent=self)
        )
        made = aws.eks.Addon(
            f"{name}-{addon}",
            cluster_name=cluster,
            addon_name=addon,
            addon_version=default.version,
            configuration_values=json.dumps(values, sort_keys=True) if values else None,
            service_account_role_arn=identity,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            opts=self.inside,
        )
        return made.cluster_name

    def _service_role(
        self,
        name: str,
        account: str,
        does: str,
        managed: tuple[str, ...],
        inline: pulumi.Output[str] | None = None,
    ) -> pulumi.Output[str]:
        """The role of one service account of the cluster's own namespace."""
        trust = roles.account_trust(self.trust, self.issuer, "kube-system", account)
        return roles.role(name, self._location, f"kube-system/{account}: {does}", trust, managed, inline, self.inside)


def in_eks(cluster: Cluster) -> EksCluster:
    """The cluster as AWS has it; `TypeError` for another cloud's."""
    if not isinstance(cluster, EksCluster):
        raise TypeError(f"{type(cluster).__name__} is not of EKS")
    return cluster


def _issuer(identities: Sequence[aws.eks.outputs.ClusterIdentity]) -> str:
    return str(next(oidc.issuer for identity in identities for oidc in identity.oidcs or ()))


def _services(cidr: str) -> str:
    return str(next(block for block in SERVICES if not block.overlaps(IPv4Network(cidr))))


def _storage_class(key: Key | None) -> pulumi.Output[dict[str, str]]:
    plain = {"provisioner": "ebs.csi.aws.com", "type": "gp3", "encrypted": "true"}
    return key.id.apply(lambda arn: plain | {"kmsKeyId": arn}) if key else pulumi.Output.from_input(plain)
