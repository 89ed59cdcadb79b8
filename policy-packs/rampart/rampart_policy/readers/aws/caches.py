"""AWS in-memory stores and search: ElastiCache, MemoryDB, OpenSearch and its forerunner.

ElastiCache User Guide, "In-transit encryption", "Role-Based Access Control"; OpenSearch Service guide, "Security".
"""

from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    Authentication,
    DeclaredPassword,
    EncryptionAtRest,
    Fact,
    IdentityLogin,
    Principal,
    Role,
    RoleGrant,
    Scope,
    ServiceEndpoint,
    StorageEncryption,
    Transport,
)
from rampart_policy.readers import secrets
from rampart_policy.readers.aws.aspects import (
    across_zones,
    backed_up,
    document,
    given,
    is_own,
    keyed,
    passwords,
    stored,
    tls_policy,
)
from rampart_policy.readers.aws.policies import grant, policy
from rampart_policy.readers.table import (
    anonymous,
    both,
    identity_login,
    local_credentials,
    off,
    on,
    one_of,
    patched,
    plaintext,
    says,
    service,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine, either

no_surface(
    {
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": "joins groups, which are judged",
        "aws:elasticache/parameterGroup:ParameterGroup": "memory and timeouts",
        "aws:elasticache/reservedCacheNode:ReservedCacheNode": "a price",
        "aws:elasticache/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:elasticache/userGroup:UserGroup": "names users, which are judged",
        "aws:elasticache/userGroupAssociation:UserGroupAssociation": "puts a user into a group; users are judged",
        "aws:elasticsearch/domainSamlOptions:DomainSamlOptions": "whom a dashboard asks who somebody is",
        "aws:memorydb/acl:Acl": "names users, which are judged",
        "aws:memorydb/multiRegionCluster:MultiRegionCluster": "joins clusters, which are judged",
        "aws:memorydb/parameterGroup:ParameterGroup": "memory and timeouts",
        "aws:memorydb/subnetGroup:SubnetGroup": "names subnets, which are judged",
        "aws:opensearch/domainSamlOptions:DomainSamlOptions": "whom a dashboard asks who somebody is",
        "aws:opensearch/inboundConnectionAccepter:InboundConnectionAccepter": "accepts a search from a named domain",
        "aws:opensearch/outboundConnection:OutboundConnection": "searches a named domain",
        "aws:opensearch/package:Package": "a dictionary or plugin",
        "aws:opensearch/packageAssociation:PackageAssociation": "gives a domain a dictionary or plugin",
        "aws:opensearch/serverlessCollectionGroup:ServerlessCollectionGroup": "shares capacity",
        "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy": "when data goes, not who reads it",
        "aws:opensearch/serverlessSecurityConfig:ServerlessSecurityConfig": "whom a dashboard asks who somebody is",
        "aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint": "a private endpoint; its groups are judged",
        "aws:opensearch/vpcEndpoint:VpcEndpoint": "a private endpoint; its groups are judged",
        "aws:elasticsearch/vpcEndpoint:VpcEndpoint": "a private endpoint; its groups are judged",
    }
)

AT_REST = ("valkey",)
"""Engines that encrypt at rest when nothing is said."""


def _at_rest(place: Node) -> Iterator[Fact]:
    default = place.key("engine").raw in AT_REST
    yield StorageEncryption(enabled=on("atRestEncryptionEnabled", default)(place))
    yield from keyed("kmsKeyId")(place)


def _users(place: Node) -> Iterator[Fact]:
    """Users by identity, or one token for all, which the cloud neither makes nor rotates: the program has to say it."""
    groups, token = place.key("userGroupIds"), place.key("authToken")
    by_identity = groups.any().map(bool)
    yield IdentityLogin(enabled=replace(by_identity, default=groups.missing))
    yield Authentication(required=either(by_identity, token.given))
    if not token.missing:
        yield secrets.unmarked(token)


service(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    _at_rest,
    plaintext(one_of(off("transitEncryptionEnabled"), says("transitEncryptionMode", "preferred"))),
    _users,
    across_zones(both(on("multiAzEnabled"), on("automaticFailoverEnabled"))),
    patched(on("autoMinorVersionUpgrade", default=True)),
)


def _cluster(place: Node) -> Iterator[Fact]:
    """Members of a replication group are what the group is. Redis alone is never encrypted at rest."""
    if not place.key("replicationGroupId").missing:
        return
    yield Transport(plaintext=off("transitEncryptionEnabled")(place))
    if place.key("engine").raw != "memcached":
        yield StorageEncryption(enabled=place.key("engine").given.map(lambda _: False))


service("aws:elasticache/cluster:Cluster", _cluster)
service("aws:elasticache/serverlessCache:ServerlessCache", keyed("kmsKeyId"), identity_login(given("userGroupId")))


def _commands(place: Node) -> Iterator[Fact]:
    """Whether a user may run every command on every key (Redis, "ACL"). Users that are off may do nothing."""
    access = place.key("accessString").text(default="")
    yield RoleGrant(
        role=access.map(lambda text: Role(text, broad=_is_broad(text))), scope=Field(Scope("the cache", broad=False))
    )


def _is_broad(access: str) -> bool:
    rules = access.lower().split()
    everything = bool({"+@all", "allcommands"} & set(rules)) and not any(rule.startswith("-@") for rule in rules)
    return everything and "off" not in rules and bool({"~*", "allkeys"} & set(rules))


def _user(place: Node) -> Iterator[Fact]:
    if "off" in str(place.key("accessString").raw).lower().split():
        return
    kind = place.at("authenticationMode.type").text(default="password")
    nobody_asks = place.key("noPasswordRequired").flag(default=False)
    yield IdentityLogin(enabled=combine(lambda mode, open_: mode.lower() == "iam" and not open_, kind, nobody_asks))
    for path in ("passwords", "authenticationMode.passwords"):
        yield DeclaredPassword(declared=place.at(path).given)


service(("aws:elasticache/user:User", "aws:memorydb/user:User"), _commands, _user)


def _open_access(place: Node) -> Iterator[Fact]:
    """`open-access` is the list that lets everybody in without a password (MemoryDB guide, "ACLs")."""
    named = place.key("aclName").text(default="")
    who = named.map(lambda name: Principal(name, Audience.EVERYONE if name == "open-access" else Audience.NAMED))
    yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False))


service(
    "aws:memorydb/cluster:Cluster",
    keyed("kmsKeyArn"),
    plaintext(off("tlsEnabled", default=True)),
    backed_up("snapshotRetentionLimit", default=0, any_moment=False),
    _open_access,
)
service("aws:memorydb/snapshot:Snapshot", keyed("kmsKeyArn"))


def _endpoint(place: Node) -> Iterator[Fact]:
    """A domain without subnets is on the internet."""
    yield ServiceEndpoint(public=place.at("vpcOptions.subnetIds").any().map(lambda ids: not ids), admits=Field(True))


service(
    ("aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"),
    _endpoint,
    stored("encryptAtRest.enabled", "encryptAtRest.kmsKeyId"),
    plaintext(off("nodeToNodeEncryption.enabled")),
    plaintext(off("domainEndpointOptions.enforceHttps")),
    tls_policy("domainEndpointOptions.tlsSecurityPolicy", default="Policy-Min-TLS-1-0-2019-07"),
    anonymous(on("advancedSecurityOptions.anonymousAuthEnabled")),
    local_credentials(on("advancedSecurityOptions.internalUserDatabaseEnabled")),
    passwords("advancedSecurityOptions.masterUserOptions.masterUserPassword"),
    also=(policy("accessPolicies"),),
)
service(
    ("aws:opensearch/domainPolicy:DomainPolicy", "aws:elasticsearch/domainPolicy:DomainPolicy"),
    also=(policy("accessPolicies"),),
)


@reader("aws:opensearch/authorizeVpcEndpointAccess:AuthorizeVpcEndpointAccess")
def endpoint_access(made: Resource) -> Iterator[Fact]:
    yield grant(made.at("account"), made)


def _collection(place: Node) -> Iterator[Fact]:
    """A collection's key is its own, or that of the encryption policy that its name matches, which is judged."""
    for block in place.key("encryptionConfigs").items():
        yield EncryptionAtRest(customer_key=block.key("kmsKeyArn").text(default="").map(is_own))


service("aws:opensearch/serverlessCollection:ServerlessCollection", _collection)
service("aws:opensearch/application:Application", keyed("kmsKeyArn"))


@reader("aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy")
def security_policy(made: Resource) -> Iterator[Fact]:
    """Of the two kinds of policy, one names the key, the other says whether collections are public."""
    rules = document(made.at("policy"))
    kind = made.at("type").raw
    if kind != "network":
        yield EncryptionAtRest(customer_key=rules.key("KmsARN").text(default="").map(is_own))
    if kind != "encryption":
        for rule in rules.items():
            yield ServiceEndpoint(public=rule.key("AllowFromPublic").flag(default=False), admits=Field(True))


@reader("aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy")
def access_policy(made: Resource) -> Iterator[Fact]:
    for rule in document(made.at("policy")).items():
        for who in rule.key("Principal").items():
            yield grant(who, made)
