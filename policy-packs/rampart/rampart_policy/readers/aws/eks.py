"""Amazon EKS: clusters, who administers them, and their nodes.

EKS User Guide, "Cluster API server endpoint", "Review access policy permissions", "Encrypt Kubernetes secrets".
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AuditLog,
    Direction,
    EncryptionAtRest,
    Fact,
    NetworkRule,
    Role,
    RoleGrant,
    Scope,
    ServiceEndpoint,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.readers.aws.aspects import own_key
from rampart_policy.readers.aws.policies import grant
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine, either

LOGGED = frozenset({"audit", "authenticator"})
"""Kinds of control plane log that say who did what, and who got in."""

ADMIN = "AmazonEKSClusterAdminPolicy"
NAMESPACED = ("AmazonEKSAdminPolicy", "AmazonEKSEditPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSSecretReaderPolicy")
"""Access policies that write, or read secrets, in whatever they are scoped to."""

no_surface(
    {
        "aws:eks/capability:Capability": "runs under a role, which is judged",
        "aws:eks/fargateProfile:FargateProfile": "which pods run on Fargate; its role and subnets are judged",
        "aws:eks/identityProviderConfig:IdentityProviderConfig": "names an issuer; Kubernetes' bindings give access",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": "joins a service account with a role, which is judged",
    }
)


@reader("aws:eks/cluster:Cluster")
def cluster(made: Resource) -> Iterator[Fact]:
    """The public endpoint is on, and open to everybody, when nothing is said."""
    network = made.at("vpcConfig")
    ranges = [
        addresses.peer_field(node).map(lambda peer: peer.public) for node in network.key("publicAccessCidrs").items()
    ]
    yield ServiceEndpoint(
        public=network.key("endpointPublicAccess").flag(default=True),
        admits=either(*ranges) if ranges else Field(True, network.key("publicAccessCidrs").path, default=True),
    )
    yield EncryptionAtRest(customer_key=own_key("encryptionConfig.provider.keyArn")(made.properties))
    yield AuditLog(complete=_logged(made.at("enabledClusterLogTypes")))


def _logged(kinds: Node) -> Field[bool]:
    found = [kind.text(default="") for kind in kinds.items()]
    if not found:
        return Field(False, kinds.path, source="none")
    shown = combine(lambda *names: LOGGED.issubset(names), *found)
    return Field(shown.value, kinds.path, source=kinds.raw)


@reader("aws:eks/nodeGroup:NodeGroup")
def node_group(made: Resource) -> Iterator[Fact]:
    """With an SSH key and no security groups, port 22 is open to the internet (`NodeGroupRemoteAccess`)."""
    remote = made.at("remoteAccess")
    key, groups = remote.key("ec2SshKey"), remote.key("sourceSecurityGroupIds")
    if not (key.missing or (isinstance(groups.raw, list) and groups.raw)):
        yield NetworkRule(
            direction=Field(Direction.INGRESS),
            allows=either(key.given),
            peer=addresses.everyone(groups.path)
            if groups.missing or groups.raw == []
            else addresses.peer_field(groups),
        )


@reader("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
def access_policy(made: Resource) -> Iterator[Fact]:
    """Kubernetes' admin and edit are for namespaces; over a whole cluster they reach every secret in it, and
    AmazonEKSClusterAdminPolicy, which is cluster-admin, every right.
    """
    policy = made.at("policyArn").text(default="").map(lambda arn: arn.rpartition("/")[2])
    kind = made.at("accessScope.type").text(default="cluster")
    yield RoleGrant(
        role=combine(lambda name, over: Role(name, broad=name == ADMIN and over == "cluster"), policy, kind),
        scope=combine(lambda over, name: Scope(over, broad=over == "cluster" and name in NAMESPACED), kind, policy),
    )
    yield grant(made.at("principalArn"), made)


@reader("aws:eks/accessEntry:AccessEntry")
def access_entry(made: Resource) -> Iterator[Fact]:
    """Members of `system:masters` may do everything, past every rule."""
    yield grant(made.at("principalArn"), made)
    for group in made.at("kubernetesGroups").items():
        yield RoleGrant(
            role=group.text(default="").map(lambda name: Role(name, broad=name in ("system:masters", "cluster-admin"))),
            scope=Field(Scope("the cluster", broad=False)),
        )


@reader("aws:eks/addon:Addon")
def addon(made: Resource) -> Iterator[Fact]:
    yield secrets.script(made.at("configurationValues"))
