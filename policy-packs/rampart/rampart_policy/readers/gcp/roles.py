"""Google Cloud's roles and permissions: which of them are nearly everything, or lead to it."""

from rampart_policy.facts import Role

BASIC = frozenset({"roles/owner", "roles/editor", "roles/viewer", "roles/browser"})
"""Roles on everything in a project (IAM documentation, "Basic roles")."""

ESCALATING = frozenset(
    {
        "roles/storage.legacyBucketOwner",
        "roles/storage.legacyObjectOwner",
        "roles/bigquery.dataOwner",
        "roles/iam.organizationRoleAdmin",
        "roles/iam.roleAdmin",
        "roles/iam.securityAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.workforcePoolAdmin",
        "roles/iam.workloadIdentityPoolAdmin",
        "roles/iam.denyAdmin",
        "roles/iam.principalAccessBoundaryAdmin",
        "roles/accesscontextmanager.policyAdmin",
        "roles/orgpolicy.policyAdmin",
        "roles/privilegedaccessmanager.projectServiceAgent",
        "roles/resourcemanager.folderAdmin",
        "roles/resourcemanager.folderIamAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectIamAdmin",
        "roles/resourcemanager.tagAdmin",
    }
)
"""Roles whose holder can give access, to itself and to others. So can those that end in `.admin`."""

STEPPING_STONES = frozenset(
    {
        "roles/cloudbuild.builds.editor",
        "roles/cloudfunctions.developer",
        "roles/compute.instanceAdmin",
        "roles/compute.instanceAdmin.v1",
        "roles/compute.osAdminLogin",
        "roles/compute.networkAdmin",
        "roles/compute.securityAdmin",
        "roles/compute.orgFirewallPolicyAdmin",
        "roles/compute.xpnAdmin",
        "roles/container.clusterAdmin",
        "roles/dataproc.editor",
        "roles/deploymentmanager.editor",
        "roles/resourcemanager.projectDeleter",
        "roles/resourcemanager.projectMover",
        "roles/resourcemanager.folderEditor",
        "roles/serviceusage.apiKeysAdmin",
        "roles/serviceusage.serviceUsageAdmin",
        "roles/storage.hmacKeyAdmin",
    }
)
"""Roles that on a whole project lead to everything in it: they run code as any of its service accounts, take its
network rules down, or make credentials."""

ON_ONE_RESOURCE = (
    "roles/artifactregistry.writer",
    "roles/artifactregistry.repoAdmin",
    "roles/bigquery.data",
    "roles/bigtable.reader",
    "roles/bigtable.user",
    "roles/cloudfunctions.invoker",
    "roles/cloudkms.",
    "roles/iam.serviceAccountOpenIdTokenCreator",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountUser",
    "roles/iam.workloadIdentityUser",
    "roles/iap.",
    "roles/pubsub.editor",
    "roles/pubsub.publisher",
    "roles/pubsub.subscriber",
    "roles/run.invoker",
    "roles/secretmanager.secret",
    "roles/spanner.database",
    "roles/storage.",
)
"""Services whose resources take bindings of their own: a binding on the project is on every one of them."""

DELEGATING = frozenset({"roles/resourcemanager.projectIamAdmin"})
"""Roles that give out roles, and that a condition limits to some (IAM documentation, "Set limits on granting
roles")."""

NAMED_ALONE = frozenset({"roles/container.admin"})
"""Full access to what takes no bindings of its own: under a condition that names one of it, there is none narrower."""

PERMISSIONS = frozenset(
    {
        "cloudbuild.builds.create",
        "cloudfunctions.functions.create",
        "compute.instances.setMetadata",
        "compute.projects.setCommonInstanceMetadata",
        "deploymentmanager.deployments.create",
        "deploymentmanager.deployments.update",
        "iam.roles.create",
        "iam.roles.update",
        "iam.serviceAccountKeys.create",
        "iam.serviceAccounts.actAs",
        "iam.serviceAccounts.getAccessToken",
        "iam.serviceAccounts.getOpenIdToken",
        "iam.serviceAccounts.implicitDelegation",
        "iam.serviceAccounts.signBlob",
        "iam.serviceAccounts.signJwt",
        "orgpolicy.policy.set",
        "run.services.create",
        "serviceusage.apiKeys.create",
        "storage.hmacKeys.create",
    }
)
"""Permissions that lead to others', by acting as a service account or making its credentials. So does every
`setIamPolicy`."""


def role(name: str, whole: bool, one: bool = False) -> Role:
    """A predefined role, or one of the program's own, whose permissions are judged where it is made. whole: it is given
    on a whole project, folder or organization. one: under a condition that names one resource.
    """
    name = name.strip()
    broad = name in BASIC or name in ESCALATING or name.endswith(".admin") or (whole and name in STEPPING_STONES)
    return Role(name, broad=name.startswith("roles/") and broad and not (one and name in NAMED_ALONE))


def permission(name: str) -> Role:
    """A permission of a role that the program makes."""
    broad = name in PERMISSIONS or name.endswith(".setIamPolicy") or "*" in name
    return Role(f"a role with the permission {name}", broad=broad)
