"""Google Cloud types that have little to judge, and those that have nothing."""

from collections.abc import Iterator, Mapping

from rampart_policy.facts import AccessGrant, Authentication, FlowLogging, Permission, Role, RoleGrant, Scope
from rampart_policy.readers.gcp import roles
from rampart_policy.readers.gcp.iam import grant
from rampart_policy.readers.gcp.identities import said_identity
from rampart_policy.readers.gcp.machines import metadata
from rampart_policy.readers.table import (
    always,
    at,
    automatic_address,
    customer_key,
    declared_password,
    each,
    filled,
    forwards_packets,
    guard_rail,
    includes,
    local_credentials,
    negated,
    on,
    opaque,
    plaintext,
    public_endpoint,
    says,
    service,
    set_,
    variables,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

NOTHING: Mapping[str, str] = {
    "a name, a label or a description": "apphub/Application apphub/Service apphub/ServiceProjectAttachment "
    "apphub/Workload datacatalog/Entry datacatalog/EntryGroup datacatalog/Tag datacatalog/TagTemplate "
    "dataplex/AspectType dataplex/Entry dataplex/EntryGroup dataplex/EntryLink dataplex/EntryType dataplex/Glossary "
    "dataplex/GlossaryCategory dataplex/GlossaryTerm tags/TagBindingCollection containeranalysis/Note "
    "binaryauthorization/Attestor bigtable/SchemaBundle kms/ProjectKajPolicyConfig kms/FolderKajPolicyConfig "
    "kms/OrganizationKajPolicyConfig",
    "capacity, billing or quotas": "billing/SubAccount cloudquota/SQuotaAdjusterSettings cloudquota/SQuotaPreference "
    "serviceusage/ConsumerQuotaOverride compute/RegionCommitment compute/FutureReservation compute/StoragePool "
    "compute/ResizeRequest compute/RegionResizeRequest bigquery/ReservationGroup pubsub/LiteReservation "
    "spanner/InstanceConfig spanner/InstancePartition",
    "part of a group of machines, which are judged": "compute/PerInstanceConfig compute/RegionPerInstanceConfig "
    "compute/BulkPerInstanceConfig compute/InstanceGroupMembership compute/ResourcePolicyAttachment",
    "looks for what is wrong, and tells of it": "cloudasset/ProjectFeed cloudasset/FolderFeed "
    "cloudasset/OrganizationFeed dataloss/PreventionDeidentifyTemplate dataloss/PreventionInspectTemplate "
    "dataloss/PreventionJobTrigger dataloss/PreventionStoredInfoType dataloss/PreventionDiscoveryConfig "
    "securitycenter/Source securitycenter/FolderNotificationConfig securitycenter/V2ProjectNotificationConfig "
    "securitycenter/V2FolderNotificationConfig securitycenter/V2OrganizationNotificationConfig "
    "securitycenter/V2OrganizationSource securitycenter/EventThreatDetectionCustomModule "
    "securitycenter/ProjectCustomModule securitycenter/FolderCustomModule securitycenter/OrganizationCustomModule "
    "securityposture/Posture securityposture/PostureDeployment compute/SecurityScanConfig dataplex/Datascan "
    "networksecurity/DnsThreatDetector modelarmor/Template modelarmor/Floorsetting",
    "routes requests inside a mesh; its listeners are judged": "networkservices/Mesh networkservices/GrpcRoute "
    "networkservices/HttpRoute networkservices/TcpRoute networkservices/TlsRoute networkservices/ServiceBinding "
    "networkservices/ServiceLbPolicies networkservices/EndpointPolicy networkservices/EdgeCacheOrigin "
    "networkservices/EdgeCacheKeyset networksecurity/UrlList networksecurity/GatewaySecurityPolicy "
    "networksecurity/ClientTlsPolicy networksecurity/BackendAuthenticationConfig",
    "limits what principals reach": "iam/AccessBoundaryPolicy",
    "a schedule or a plan of copies": "backupdisasterrecovery/BackupPlan backupdisasterrecovery/BackupPlanAssociation "
    "backupdisasterrecovery/BackupVault netapp/BackupPolicy netapp/Backup dataform/RepositoryWorkflowConfig",
    "a public key of one person, under that person's identity": "oslogin/SshPublicKey",
    "joins private networks; their rules are judged": "vmwareengine/Network vmwareengine/NetworkPeering "
    "vmwareengine/Subnet oracledatabase/OdbNetwork oracledatabase/OdbSubnet compute/OrganizationSecurityPolicy "
    "compute/OrganizationSecurityPolicyAssociation integrationconnectors/ManagedZone apigee/DnsZone",
}
"""Reasons to need no reader, and the types that each holds for."""

no_surface(
    {
        f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}": reason
        for reason, types in NOTHING.items()
        for module, _, name in (token.partition("/") for token in types.split())
    }
)


def _acl_rule(place: Node) -> Iterator[Permission | Authentication]:
    """One user of a cache, as its own access lists write it (`on >password ~* +@all`)."""
    rule = place.key("rule").text(default="")
    yield Authentication(required=rule.map(lambda text: "nopass" not in text.lower().split()))
    yield Permission(
        allows=Field(True),
        every_action=rule.map(lambda text: "+@all" in text.lower() or "allcommands" in text.lower()),
        every_resource=Field(False),
        narrowed=Field(False),
    )


def _fleet_role(place: Node) -> Iterator[RoleGrant]:
    name = place.at("role.predefinedRole").text(default="")
    role = name.map(lambda text: Role(f"{text} of clusters", broad=text.upper() == "ADMIN"))
    yield RoleGrant(role=role, scope=Field(Scope("clusters of a fleet", broad=False), name.path))


def _entitlement(place: Node) -> Iterator[RoleGrant | AccessGrant]:
    """Roles that some may take for a while."""
    for binding in place.at("privilegedAccess.gcpIamAccess.roleBindings").items():
        role = binding.key("role").text(default="").map(lambda name: roles.role(name, whole=True))
        yield RoleGrant(role=role, scope=Field(Scope("for a while", broad=False), binding.path))
    for users in place.key("eligibleUsers").items():
        for node in users.key("principals").items():
            yield grant(node)


def _flow_config(place: Node) -> Iterator[FlowLogging]:
    on_ = place.key("state").text(default="ENABLED").map(lambda state: state.upper() == "ENABLED")
    share = place.key("flowSampling").number(default=1.0)
    yield FlowLogging(complete=on_)
    yield FlowLogging(complete=share.map(lambda sampled: sampled >= 1))


service(
    ("gcp:redis/clusterAclPolicy:ClusterAclPolicy", "gcp:memorystore/aclPolicy:AclPolicy"), each("rules", _acl_rule)
)
service(
    (
        "gcp:gkehub/membershipRbacRoleBinding:MembershipRbacRoleBinding",
        "gcp:gkehub/scopeRbacRoleBinding:ScopeRbacRoleBinding",
    ),
    _fleet_role,
)
service("gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig", _flow_config)
service("gcp:compute/instanceSettings:InstanceSettings", at("metadata.items", metadata))
service("gcp:compute/interconnectAttachment:InterconnectAttachment", plaintext(says("encryption", "NONE")))
service("gcp:firebase/hostingSite:HostingSite", public_endpoint(always))
service(
    "gcp:networkservices/edgeCacheService:EdgeCacheService",
    public_endpoint(always),
    plaintext(negated(on("requireTls"))),
)
service("gcp:storage/ftpUser:FtpUser", local_credentials(always))
service("gcp:sql/sourceRepresentationInstance:SourceRepresentationInstance", declared_password(filled("password")))
service(
    "gcp:databasemigrationservice/connectionProfile:ConnectionProfile",
    *(declared_password(filled(f"{kind}.password")) for kind in ("mysql", "oracle", "postgresql")),
)
service("gcp:parametermanager/regionalParameter:RegionalParameter", customer_key(filled("kmsKey")))
service(
    "gcp:dataproc/batch:Batch",
    set_("environmentConfig.executionConfig.kmsKey", customer_key(filled("environmentConfig.executionConfig.kmsKey"))),
    said_identity("environmentConfig.executionConfig.serviceAccount"),
    variables("runtimeConfig.properties"),
)
service(
    "gcp:tpu/v2QueuedResource:V2QueuedResource",
    each(
        "tpu.nodeSpecs",
        automatic_address(on("node.networkConfig.enableExternalIps")),
        forwards_packets(on("node.networkConfig.canIpForward")),
    ),
)
service(
    "gcp:accesscontextmanager/accessLevels:AccessLevels",
    each(
        "accessLevels",
        each("basic.conditions", guard_rail(negated(includes("ipSubnetworks", "0.0.0.0/0", "::/0")))),
    ),
)
service("gcp:privilegedaccessmanager/entitlement:entitlement", _entitlement)
service(
    ("gcp:deploymentmanager/deployment:Deployment", "gcp:configdeployment/deployment:Deployment"),
    opaque(always),
)
