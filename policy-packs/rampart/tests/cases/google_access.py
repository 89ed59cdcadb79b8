"""Cases of Google Cloud's IAM: bindings of every kind, custom roles, federation, keys."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def member(prefix: str, who: Any, role: Any = "roles/viewer.none", **properties: Any) -> Declared:
    stem = prefix.rpartition("/")[2]
    title = "IAM" if stem == "iAM" else stem[0].upper() + stem[1:]
    return resource(f"gcp:{prefix}Member:{title}Member", {"member": who, "role": role, **properties})


def project(role: Any, who: str = "serviceAccount:app@example.iam.gserviceaccount.com", **properties: Any) -> Declared:
    return member("projects/iAM", who, role, **properties)


def policy(prefix: str, *bindings: Any) -> Declared:
    stem = prefix.rpartition("/")[2]
    title = "IAM" if stem == "iAM" else stem[0].upper() + stem[1:]
    return resource(f"gcp:{prefix}Policy:{title}Policy", {"policyData": json.dumps({"bindings": list(bindings)})})


def custom_role(*permissions: Any) -> Declared:
    return resource("gcp:projects/iAMCustomRole:IAMCustomRole", {"roleId": "r", "permissions": list(permissions)})


def provider(
    condition: Any = None, issuer: Any = "https://token.actions.githubusercontent.com", **mapping: str
) -> Declared:
    attributes = {f"attribute.{name}": claim for name, claim in mapping.items()}
    declared = {"oidc": {"issuerUri": issuer}, "attributeCondition": condition, "attributeMapping": attributes}
    return resource("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", declared)


def api_key(**restrictions: Any) -> Declared:
    return resource("gcp:projects/apiKey:ApiKey", {"restrictions": restrictions})


def when(expression: Any) -> dict[str, Any]:
    return {"condition": {"title": "t", "expression": expression}}


PUBLIC, BROAD, FOREIGN = "no-public-principal", "no-broad-principal", "no-foreign-principal"
ROLE, SCOPE, EXACT, EXPORTED = "no-broad-role", "no-broad-scope", "federated-trust-is-exact", "no-exported-key"
SA = "serviceAccount:app@example.iam.gserviceaccount.com"

ADMINISTRATOR = "roles/resourcemanager.projectIamAdmin"


def gives_only(*names: str) -> dict[str, Any]:
    """Under a condition that these roles only can be given."""
    listed = ", ".join(f"'{name}'" for name in names)
    return when(f"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{listed}])")


CASES = [
    violates(ROLE, project(ADMINISTRATOR, **gives_only("roles/cloudsql.instanceUser", "roles/owner")), at="role"),
    violates(ROLE, project(ADMINISTRATOR, **when("resource.name == 'x'")), at="role"),
    violates(
        ROLE,
        project(ADMINISTRATOR, **when(gives_only("roles/logging.viewer")["condition"]["expression"] + " || true")),
        at="role",
    ),
    passes(ROLE, project(ADMINISTRATOR, **gives_only("roles/cloudsql.instanceUser", "roles/logging.viewer"))),
    undecided(ROLE, project(ADMINISTRATOR, **when(UNKNOWN))),
    violates(PUBLIC, member("pubsub/topicIAM", "allUsers"), at="member"),
    violates(PUBLIC, member("cloudrunv2/serviceIam", "allUsers", "roles/run.invoker"), at="member"),
    violates(PUBLIC, member("cloudrun/iam", "AllUsers", "roles/run.invoker"), at="member"),
    violates(PUBLIC, member("secretmanager/secretIam", "allAuthenticatedUsers"), at="member"),
    violates(PUBLIC, member("artifactregistry/repositoryIam", "allUsers"), at="member"),
    violates(PUBLIC, member("compute/imageIam", "allAuthenticatedUsers"), at="member"),
    violates(PUBLIC, member("serviceaccount/iAM", "allUsers", "roles/iam.workloadIdentityUser"), at="member"),
    violates(PUBLIC, member("storage/bucketIAM", "principalSet://goog/public:all"), at="member"),
    violates(
        PUBLIC,
        resource("gcp:bigquery/datasetIamBinding:DatasetIamBinding", {"members": [SA, "allAuthenticatedUsers"]}),
        at="members[1]",
    ),
    violates(PUBLIC, policy("kms/keyRingIAM", {"role": "r", "members": [SA, "allUsers"]}), at="members[1]"),
    violates(PUBLIC, resource("gcp:storage/bucketACL:BucketACL", {"predefinedAcl": "publicRead"}), at="predefinedAcl"),
    violates(PUBLIC, resource("gcp:storage/bucketACL:BucketACL", {"defaultAcl": "authenticatedRead"}), at="defaultAcl"),
    violates(PUBLIC, project("roles/logging.viewer", "allUsers", **when("request.time < x")), at="member"),
    passes(PUBLIC, member("pubsub/topicIAM", SA)),
    passes(PUBLIC, member("cloudrun/iam", "group:allUsers@example.com", "roles/run.invoker")),
    undecided(PUBLIC, member("pubsub/topicIAM", UNKNOWN)),
    violates(BROAD, member("secretmanager/regionalSecretIam", "domain:example.com"), at="member"),
    violates(BROAD, member("bigquery/datasetIam", "projectViewer:example"), at="member"),
    violates(
        BROAD,
        member("serviceaccount/iAM", "principalSet://iam.googleapis.com/projects/1/x/attribute.repository_owner/acme"),
        at="member",
    ),
    passes(
        BROAD, member("serviceaccount/iAM", "principalSet://iam.googleapis.com/projects/1/x/attribute.repository/a/b")
    ),
    passes(BROAD, member("serviceaccount/iAM", "principal://iam.googleapis.com/projects/1/x/subject/repo:acme/shop")),
    violates(FOREIGN, project("roles/logging.viewer", "user:somebody@gmail.com"), at="member"),
    passes(FOREIGN, project("roles/logging.viewer", "user:gmail.com@example.com")),
    violates(ROLE, project("roles/owner"), at="role"),
    violates(ROLE, project("roles/viewer"), at="role"),
    violates(ROLE, project(" roles/editor "), at="role"),
    violates(ROLE, project("roles/compute.admin"), at="role"),
    violates(ROLE, project("roles/iam.securityAdmin"), at="role"),
    violates(ROLE, project("roles/compute.instanceAdmin.v1"), at="role"),
    violates(ROLE, project("roles/owner", **when('resource.name.startsWith("projects/p")')), at="role"),
    violates(ROLE, member("folder/iAM", SA, "roles/resourcemanager.folderIamAdmin"), at="role"),
    violates(ROLE, member("organizations/iAM", SA, "roles/iam.organizationRoleAdmin"), at="role"),
    violates(ROLE, member("secretmanager/secretIam", SA, "roles/secretmanager.admin"), at="role"),
    violates(ROLE, policy("projects/iAM", {"role": "roles/editor", "members": [SA]}), at="bindings[0].role"),
    violates(ROLE, custom_role("logging.logEntries.create", "iam.serviceAccounts.getAccessToken"), at="permissions[1]"),
    violates(ROLE, custom_role("resourcemanager.projects.setIamPolicy"), at="permissions[0]"),
    violates(ROLE, custom_role("storage.*"), at="permissions[0]"),
    passes(ROLE, project("roles/logging.logWriter")),
    passes(ROLE, project("roles/bigquery.jobUser")),
    passes(ROLE, project("projects/example/roles/admin")),
    passes(ROLE, member("compute/instanceIAM", SA, "roles/compute.osAdminLogin")),
    passes(ROLE, member("storage/bucketIAM", SA, "roles/storage.objectAdmin")),
    passes(ROLE, custom_role("logging.logEntries.create", "storage.objects.getIamPolicy")),
    undecided(ROLE, custom_role(UNKNOWN)),
    violates(SCOPE, project("roles/iam.serviceAccountUser"), at="role"),
    violates(SCOPE, project("roles/secretmanager.secretAccessor"), at="role"),
    violates(SCOPE, project("roles/bigquery.dataViewer"), at="role"),
    violates(SCOPE, member("folder/iAM", SA, "roles/cloudkms.cryptoKeyDecrypter"), at="role"),
    violates(SCOPE, project("roles/storage.objectViewer", **when("true")), at="role"),
    *(
        violates(SCOPE, project("roles/storage.objectViewer", **when(expression)), at="role")
        for expression in (
            "resource.name != ''",
            "resource.name.startsWith('')",
            "resource.name.startsWith('projects/')",
            "resource.name == 'projects/p'",
            "resource.type == 'storage.googleapis.com/Bucket'",
            "resource.name == 'projects/_/buckets/b' || request.time < timestamp('2030-01-01T00:00:00Z')",
            "!(resource.name == 'projects/_/buckets/b')",
        )
    ),
    *(
        passes(SCOPE, project("roles/storage.objectViewer", **when(expression)))
        for expression in (
            "resource.name == 'projects/_/buckets/a' || resource.name.startsWith('projects/_/buckets/b/objects/x')",
            "resource.type == 'x' && (resource.name == 'projects/_/buckets/a')",
            "resource.matchTag('123/team', 'shop')",
        )
    ),
    violates(SCOPE, project("roles/iap.tunnelResourceAccessor", "user:a@example.com"), at="role"),
    violates(SCOPE, project("roles/storage.objectViewer", **when('request.time < timestamp("2030-01-01")')), at="role"),
    passes(SCOPE, project("roles/storage.objectViewer", **when('resource.name.startsWith("projects/_/buckets/b")'))),
    passes(SCOPE, project("roles/monitoring.metricWriter")),
    passes(SCOPE, member("secretmanager/secretIam", SA, "roles/secretmanager.secretAccessor")),
    passes(SCOPE, member("serviceaccount/iAM", SA, "roles/iam.serviceAccountTokenCreator")),
    undecided(SCOPE, project("roles/storage.objectViewer", **when(UNKNOWN))),
    violates(EXACT, provider(), at="attributeCondition"),
    violates(EXACT, provider("true"), at="attributeCondition"),
    violates(EXACT, provider("assertion.sub != ''"), at="attributeCondition"),
    violates(EXACT, provider("assertion.repository.startsWith('')"), at="attributeCondition"),
    violates(EXACT, provider("assertion.repository_owner.startsWith('acme')"), at="attributeCondition"),
    violates(EXACT, provider("assertion.repository.contains('acme')"), at="attributeCondition"),
    violates(EXACT, provider(None, "https://gitlab.com/"), at="attributeCondition"),
    violates(EXACT, provider("assertion.sub.startsWith('repo:acme/shop:')"), at="attributeCondition"),
    violates(EXACT, provider("assertion.repository_owner == 'acme' && assertion.ref == 'm'"), at="attributeCondition"),
    violates(EXACT, provider("assertion.repository == 'a/b' || assertion.actor == 'c'"), at="attributeCondition"),
    violates(EXACT, provider("!(assertion.repository == 'a/b')"), at="attributeCondition"),
    violates(EXACT, provider("attribute.who == 'acme'", who="assertion.repository_owner"), at="attributeCondition"),
    violates(EXACT, provider("assertion.sub in ['repo:acme/shop:ref:x', '*']"), at="attributeCondition"),
    passes(EXACT, provider("assertion.repository == 'acme/shop' && assertion.ref.startsWith('refs/tags/')")),
    passes(EXACT, provider("(assertion.ref == 'a' || assertion.ref == 'b') && (assertion.repository_id == '1')")),
    passes(EXACT, provider("assertion.sub in ['repo:acme/shop:ref:refs/heads/main', 'repo:acme/web:environment:p']")),
    passes(EXACT, provider("'acme/shop' == attribute.repository", repository="assertion.repository")),
    passes(EXACT, provider("assertion['sub'] == 'repo:acme/shop:ref:refs/heads/(main)'")),
    passes(EXACT, provider("assertion.sub.startsWith('x')", "https://container.googleapis.com/v1/projects/p")),
    passes(EXACT, provider(None, "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c")),
    passes(
        EXACT,
        resource(
            "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", {"aws": {"accountId": "111122223333"}}
        ),
    ),
    undecided(EXACT, provider(UNKNOWN)),
    violates(EXPORTED, api_key(), at="restrictions.apiTargets"),
    violates(EXPORTED, resource("gcp:storage/hmacKey:HmacKey", {"serviceAccountEmail": SA}), at="type"),
    passes(EXPORTED, api_key(apiTargets=[{"service": "maps.googleapis.com"}])),
    undecided(EXPORTED, api_key(apiTargets=UNKNOWN)),
    violates("no-open-ingress", api_key(serverKeyRestrictions={"allowedIps": ["0.0.0.0/0"]}), at="allowedIps[0]"),
]
