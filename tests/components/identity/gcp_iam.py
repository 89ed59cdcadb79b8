"""A small evaluator of Google Cloud's IAM: who may do what on which resource, from the bindings that were deployed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PERMISSIONS = {
    "roles/storage.objectViewer": "storage.objects.get storage.objects.list",
    "roles/storage.objectCreator": "storage.objects.create",
    "roles/storage.objectUser": "storage.objects.get storage.objects.list storage.objects.create "
    "storage.objects.delete storage.objects.update storage.objects.restore",
    "roles/cloudkms.cryptoKeyEncrypter": "cloudkms.cryptoKeyVersions.useToEncrypt",
    "roles/cloudkms.cryptoKeyDecrypter": "cloudkms.cryptoKeyVersions.useToDecrypt",
    "roles/cloudkms.cryptoKeyEncrypterDecrypter": "cloudkms.cryptoKeyVersions.useToEncrypt "
    "cloudkms.cryptoKeyVersions.useToDecrypt",
    "roles/secretmanager.secretAccessor": "secretmanager.versions.access",
    "roles/secretmanager.secretVersionAdder": "secretmanager.versions.add",
    "roles/cloudsql.instanceUser": "cloudsql.instances.login cloudsql.instances.get",
    "roles/memorystore.dbConnectionUser": "memorystore.instances.connect",
    "roles/iam.workloadIdentityUser": "iam.serviceAccounts.getAccessToken iam.serviceAccounts.getOpenIdToken",
    "roles/artifactregistry.reader": "artifactregistry.repositories.downloadArtifacts",
    "roles/container.defaultNodeServiceAccount": "logging.logEntries.create monitoring.timeSeries.create "
    "monitoring.metricDescriptors.create autoscaling.sites.writeMetrics",
    "roles/container.admin": "container.clusters.get container.clusters.update container.pods.create",
}
"""What the roles in use hold of what matters here (IAM documentation, roles and permissions of each service). A role
that is not in here is an error: nobody knows what it would let through."""

RESOURCES = {
    "gcp:storage/bucketIAMMember:BucketIAMMember": "projects/_/buckets/{bucket}",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "{cryptoKeyId}",
    "gcp:secretmanager/secretIamMember:SecretIamMember": "projects/{project}/secrets/{secretId}",
    "gcp:serviceaccount/iAMMember:IAMMember": "{serviceAccountId}",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": "projects/{project}/locations/{location}"
    "/repositories/{repository}",
    "gcp:projects/iAMMember:IAMMember": "projects/{project}",
}
"""Types of bindings, and the full name of the resource that each is on."""


@dataclass(frozen=True)
class Binding:
    """One member's role on a resource and all that is under it, where the condition holds."""

    member: str
    role: str
    resource: str
    condition: str = ""

    def allows(self, permission: str, resource: str, now: datetime) -> bool:
        """Whether it gives the permission on the resource of this full name."""
        # A bucket's name has no project in it; in the tests all buckets are the project's.
        under = resource == self.resource or resource.startswith(f"{self.resource}/")
        under = under or (self.resource.count("/") == 1 and resource.startswith("projects/_/buckets/"))
        return under and permission in PERMISSIONS[self.role].split() and holds(self.condition, resource, now)


@dataclass(frozen=True)
class Policy:
    """All bindings of a project."""

    bindings: tuple[Binding, ...]

    def may(self, member: str, permission: str, resource: str, now: datetime | None = None) -> bool:
        """Whether the member has the permission on the resource."""
        now = now or datetime.now(UTC)
        return any(b.member == member and b.allows(permission, resource, now) for b in self.bindings)

    def everything(self, member: str, resources: Iterable[str]) -> set[tuple[str, str]]:
        """Every permission that the member has on any of the resources."""
        known = {permission for text in PERMISSIONS.values() for permission in text.split()}
        return {(p, resource) for resource in resources for p in known if self.may(member, p, resource)}


def holds(condition: str, resource: str, now: datetime) -> bool:
    """Whether a condition holds; `ValueError` for one that this evaluator cannot read."""
    if " || " in condition:
        return any(holds(part, resource, now) for part in condition.split(" || "))
    for term in condition.split(" && ") if condition else ():
        if start := re.fullmatch(r'(!?)resource\.name\.startsWith\("([^"]+)"\)', term):
            if resource.startswith(start[2]) is bool(start[1]):
                return False
        elif name := re.fullmatch(r'resource\.name == "([^"]+)"', term):
            if name[1] != resource:
                return False
        elif time := re.fullmatch(r'request\.time < timestamp\("([^"]+)"\)', term):
            if now >= datetime.fromisoformat(time[1]):
                return False
        else:
            raise ValueError(f"{term!r}: not a condition that is in use")
    return True


def deployed(resources: list[dict[str, Any]]) -> Policy:
    """The policy that a stack's resources make."""

    def bindings() -> Iterator[Binding]:
        for resource in resources:
            if template := RESOURCES.get(resource["type"]):
                made = resource["outputs"]
                condition = (made.get("condition") or {}).get("expression", "")
                yield Binding(made["member"], made["role"], template.format_map(made), condition)

    return Policy(tuple(bindings()))
