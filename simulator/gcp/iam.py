"""IAM: who has which role, on a project or one resource of it, and what is audited."""

import re

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.bucket import BUCKET
from simulator.gcp.cluster import CLUSTER
from simulator.gcp.identity import ACCOUNT, MEMBERS
from simulator.gcp.registry import REPOSITORY
from simulator.gcp.resource import MET, SDK, Adopted, GcpType, row, tokens
from simulator.gcp.secrets import SECRET
from simulator.rules import matches, one_of, rule
from simulator.values import Props

ON_PROJECT, ON_ACCOUNT, ON_BUCKET, ON_SECRET, ON_REPOSITORY = MEMBERS[1:]
(AUDIT,) = tokens("projects", "IAMAuditConfig")
_INVALID, _ABSENT, _NAMED = "400 INVALID_ARGUMENT", "404 NOT_FOUND", ("id", "name")
_WHO = "allUsers|allAuthenticatedUsers|(user|serviceAccount|group|domain|principal|principalSet):.+"
_ROLE = "((projects|organizations)/[^/]+/)?roles/.+"
_POOL = r"serviceAccount:(?P<pool>.+\.svc\.id\.goog)\[[^/\]]+/[^/\]]+\]"
# What takes bindings of its own: by which input, in which forms, and the roles that it takes.
_RESOURCES = {
    ON_ACCOUNT: ("serviceAccountId", ACCOUNT, _NAMED, "iam"),
    ON_BUCKET: ("bucket", BUCKET, ("name",), "storage"),
    ON_SECRET: ("secretId", SECRET, ("id", "secretId"), "secretmanager"),
    ON_REPOSITORY: ("repository", REPOSITORY, ("id", "repositoryId"), "artifactregistry"),
}


class _Member(GcpType):
    def create(self, operation: Operation) -> Props:
        """The condition is part of what the binding is."""
        outputs = super().create(operation)
        operation.id += "".join(f"/{title}" for title in operation.at("condition.title"))
        return outputs


TYPES = (
    row(ON_PROJECT, 8, "{project}/{role}/{member}", "condition", _Member),
    *(
        row(
            token,
            5,
            f"{{{path}}}/{{role}}/{{member}}",
            "condition",
            _Member,
            refs=(Ref(path, to, _ABSENT, SDK, by=by),),
        )
        for token, (path, to, by, _) in _RESOURCES.items()
    ),
    row(AUDIT, 8, "{project}/audit_config/{service}", "", Adopted, name=Name("service", SDK, auto=None)),
)


@rule(ON_ACCOUNT, _INVALID, MET, "create", "member", "make a cluster with workload identity first")
def _pool(operation: Operation) -> str | None:
    """A project's workload identity pool is there once a first cluster has it."""
    found = re.fullmatch(_POOL, str(operation.one("member")))
    pools = [
        (record.inputs.get("workloadIdentityConfig") or {}).get("workloadPool") for record in operation.others(CLUSTER)
    ]
    return f"identity pool {found['pool']} does not exist" if found and found["pool"] not in pools else None


RULES = (
    _pool,
    matches(MEMBERS, "member", _WHO, _INVALID, SDK),
    matches(MEMBERS, "role", _ROLE, _INVALID, SDK),
    *(
        matches(token, "role", f"(projects|organizations)/.+|roles/{service}\\..+", _INVALID, MET)
        for token, (_, _, _, service) in _RESOURCES.items()
    ),
    matches(ON_PROJECT, "condition.title", ".{1,100}", _INVALID, MET),
    matches(ON_PROJECT, "condition.expression", "(?s).+", _INVALID, SDK),
    one_of(AUDIT, "auditLogConfigs.logType", ("DATA_READ", "DATA_WRITE", "ADMIN_READ"), _INVALID, SDK),
)
