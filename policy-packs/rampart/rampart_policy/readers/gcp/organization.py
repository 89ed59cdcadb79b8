"""Google Cloud organizations: guard rails, audit logs, perimeters, and what projects come with."""

from collections.abc import Iterator

from rampart_policy.facts import AuditLog, DefaultNetworking
from rampart_policy.readers.table import (
    Aspect,
    both,
    each,
    empty,
    filled,
    guard_rail,
    includes,
    negated,
    off,
    on,
    service,
    set_,
    unless,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field

WIDE = ("0.0.0.0/0", "::/0", "under:*", "*")

no_surface(
    {
        "gcp:organizations/folder:Folder": "a folder; who may use it is IAM's",
        "gcp:organizations/policy:Policy": "replaced by orgpolicy; its constraints are judged there",
        "gcp:organizations/serviceIdentity:ServiceIdentity": "an identity of Google's; what it may do is judged",
        "gcp:organizations/accessApprovalSettings:AccessApprovalSettings": "asks before Google's people look",
        "gcp:projects/accessApprovalSettings:AccessApprovalSettings": "asks before Google's people look",
        "gcp:folder/accessApprovalSettings:AccessApprovalSettings": "asks before Google's people look",
        "gcp:folder/serviceIdentity:ServiceIdentity": "an identity of Google's; what it may do is judged where given",
        "gcp:orgpolicy/customConstraint:CustomConstraint": "the text of a rule; whether it holds is its policy's",
        "gcp:projects/defaultServiceAccounts:DefaultServiceAccounts": "takes the default identities' roles away",
        "gcp:projects/usageExportBucket:UsageExportBucket": "writes usage figures to a bucket, which is judged",
        "gcp:resourcemanager/lien:Lien": "holds a project back from deletion",
        "gcp:accesscontextmanager/accessPolicy:AccessPolicy": "holds levels and perimeters, which are judged",
        "gcp:accesscontextmanager/servicePerimeterResource:ServicePerimeterResource": "puts a project inside",
        "gcp:accesscontextmanager/accessLevelCondition:AccessLevelCondition": "narrows a level",
        "gcp:tags/tagKey:TagKey": "a label",
        "gcp:tags/tagValue:TagValue": "a label",
        "gcp:tags/tagBinding:TagBinding": "puts a label on a resource",
        "gcp:tags/locationTagBinding:LocationTagBinding": "puts a label on a resource",
        "gcp:billing/budget:Budget": "says when costs are reported",
        "gcp:billing/projectInfo:ProjectInfo": "who pays",
        "gcp:essentialcontacts/contact:Contact": "whom Google tells",
    }
)


@reader(
    "gcp:projects/iAMAuditConfig:IAMAuditConfig",
    "gcp:folder/iamAuditConfig:IamAuditConfig",
    "gcp:organizations/iamAuditConfig:IamAuditConfig",
)
def audit_config(made: Resource) -> Iterator[AuditLog]:
    """Whoever is exempted from one kind of log (`auditLogConfigs[].exemptedMembers`)."""
    for config in made.at("auditLogConfigs").items():
        yield AuditLog(complete=config.key("exemptedMembers").any().map(lambda members: not members))


@reader("gcp:organizations/project:Project")
def project(made: Resource) -> Iterator[DefaultNetworking]:
    """A new project gets a default network, with a subnet in each region and rules for SSH and RDP from everywhere."""
    made_network = made.at("autoCreateNetwork").flag(default=True)
    yield DefaultNetworking(subnets=made_network, routes=Field(False))


RULE: tuple[Aspect, ...] = (
    guard_rail(unless("enforce", "false")),
    guard_rail(unless("allowAll", "true")),
    guard_rail(negated(includes("values.allowedValues", *WIDE))),
)
"""A rule of a policy that lets everything through takes the constraint down, if only under its condition."""


service(
    "gcp:orgpolicy/policy:Policy",
    each("spec.rules", *RULE),
    guard_rail(off("spec.reset")),
    where(both(empty("spec"), filled("dryRunSpec")), guard_rail(filled("spec"))),
)
service(
    ("gcp:projects/organizationPolicy:OrganizationPolicy", "gcp:folder/organizationPolicy:OrganizationPolicy"),
    set_("booleanPolicy", guard_rail(on("booleanPolicy.enforced"))),
    guard_rail(off("listPolicy.allow.all")),
    guard_rail(off("restorePolicy.default")),
    guard_rail(negated(includes("listPolicy.allow.values", *WIDE))),
)


PERIMETER: tuple[Aspect, ...] = (
    guard_rail(unless("ingressFrom.identityType", "ANY_IDENTITY")),
    guard_rail(unless("egressFrom.identityType", "ANY_IDENTITY")),
    each("ingressFrom.sources", guard_rail(unless("accessLevel", "*"))),
)
"""What opens a perimeter to whoever comes, or from wherever."""

service(
    "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter",
    where(unless("perimeterType", "PERIMETER_TYPE_BRIDGE"), guard_rail(filled("status.restrictedServices"))),
    each("status.ingressPolicies", *PERIMETER),
    each("status.egressPolicies", *PERIMETER),
)
service(
    (
        "gcp:accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy",
        "gcp:accesscontextmanager/servicePerimeterEgressPolicy:ServicePerimeterEgressPolicy",
    ),
    *PERIMETER,
)
service(
    "gcp:accesscontextmanager/accessLevel:AccessLevel",
    each("basic.conditions", guard_rail(negated(includes("ipSubnetworks", "0.0.0.0/0", "::/0")))),
)
