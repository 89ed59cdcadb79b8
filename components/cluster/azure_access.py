"""Who may do what around an AKS cluster: its own identity, its nodes', and people."""

import pulumi
import pulumi_azure_native as azure

from components.cluster import ClusterArgs
from components.identity.azure_roles import (
    ACR_PULL,
    AKS_CLUSTER_ADMIN,
    AKS_CLUSTER_USER,
    DNS_ZONE_CONTRIBUTOR,
    IDENTITY_OPERATOR,
    NETWORK_CONTRIBUTOR,
    READER,
    assign,
)
from components.keys.azure import in_vault


class Access:
    """The two identities of a cluster, with their roles. Neither is anything that a pod can take on but the nodes', by
    asking the node for its token: it may pull images, and nothing else.

    cluster: the id of the identity that the control plane acts as, known once it may; principal: its object id in
    Entra. kubelet: that of the nodes, likewise.
    """

    def __init__(
        self, name: str, args: ClusterArgs, disks: pulumi.Output[str] | None, parent: pulumi.ComponentResource
    ) -> None:
        options = pulumi.ResourceOptions(parent=parent)
        # The key's user is the cluster itself: its encryption provider has no other identity.
        own = in_vault(args.secrets_key).identity if args.secrets_key else None
        control = own or _identity(f"{name}-control", args, "cluster", options)
        nodes = _identity(f"{name}-nodes", args, "nodes", options)
        zone = args.dns.zones.apply(lambda zones: zones["kubernetes"])
        scopes: dict[str, tuple[str, pulumi.Output[str]]] = {
            # AKS documentation, private clusters with a DNS zone of one's own: both. The network's subnets are in it.
            "network": (NETWORK_CONTRIBUTOR, args.network.id),
            "zone": (DNS_ZONE_CONTRIBUTOR, zone),
            "nodes": (IDENTITY_OPERATOR, nodes.id),
        }
        if disks is not None:
            scopes["disks"] = (READER, disks)
        grants = [
            assign(f"{name}-may-{what}", args.site, role, scope, control.principal_id, options).id
            for what, (role, scope) in scopes.items()
        ]
        pull = assign(f"{name}-may-pull", args.site, ACR_PULL, args.registry.id, nodes.principal_id, options)
        self.principal = control.principal_id
        self.cluster = pulumi.Output.all(control.id, *grants).apply(lambda ready: str(ready[0]))
        self.kubelet = azure.containerservice.UserAssignedIdentityArgs(
            resource_id=pulumi.Output.all(nodes.id, pull.id).apply(lambda ready: str(ready[0])),
            client_id=nodes.client_id,
            object_id=nodes.principal_id,
        )


def _identity(
    name: str, args: ClusterArgs, physical: str, options: pulumi.ResourceOptions
) -> azure.managedidentity.UserAssignedIdentity:
    return azure.managedidentity.UserAssignedIdentity(
        name,
        resource_name_=args.site.physical(physical),
        resource_group_name=args.site.scope,
        location=args.site.location.region,
        tags=args.site.location.tags,
        opts=options,
    )


def administrators(name: str, args: ClusterArgs, cluster: pulumi.Output[str], options: pulumi.ResourceOptions) -> None:
    """Roles on this one cluster for the operators, and, while it is asked for, for who breaks the glass.

    A role assignment does not expire (Entra's Privileged Identity Management has ones that do, which not every tenant
    has): it is this program that takes it away, and that refuses to run while an expired one is asked for.
    """
    people = {f"operator-{principal}": (principal, "operator") for principal in args.operators}
    glass = args.break_glass
    if glass and glass.principal not in args.operators:  # who is given a role twice is refused
        reason = f"break glass until {glass.expires:%Y-%m-%d %H:%M %Z}: {glass.reason}"
        people["break-glass"] = (glass.principal, reason)
    for key, (principal, reason) in people.items():
        for short, role in (("", AKS_CLUSTER_ADMIN), ("-address", AKS_CLUSTER_USER)):
            assign(
                f"{name}-{key}{short}",
                args.site,
                role,
                cluster,
                principal,
                options,
                kind=None,  # a group, or a pipeline's service principal: Azure looks
                description=reason,
            )
