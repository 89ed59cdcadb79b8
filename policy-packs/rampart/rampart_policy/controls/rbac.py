"""Role-based access control in a cluster: who may do what through its API."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import ApiWildcard, ClusterSubject, RoleAggregation, SecretAccess, SensitiveAccess
from rampart_policy.registry import Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict


@control(
    id="no-wildcard-in-role",
    title="Roles name verbs, resources and API groups",
    why="A wildcard takes in what is installed tomorrow, and subresources such as exec and proxy today.",
    remediation="List the verbs, resources, API groups and paths that the job needs.",
    severity=Severity.HIGH,
    judges=ApiWildcard,
)
def wildcard(word: ApiWildcard, settings: Settings) -> Verdict:
    return word.wildcard.must(lambda wild: not wild, "names")


@control(
    id="no-escalating-right",
    title="Roles give no right that leads to others",
    why="Who may exec into pods, impersonate, bind roles, make tokens or change admission has more rights than the "
    "role says.",
    remediation="Remove the verb, or name the objects (resourceNames) that it is for.",
    severity=Severity.CRITICAL,
    judges=SensitiveAccess,
)
def escalating(access: SensitiveAccess, settings: Settings) -> Verdict:
    return when(access.sensitive).then(
        access.sensitive.must_be(False, "rights that lead to no others") | access.named.must_exist("resourceNames")
    )


@control(
    id="no-access-to-every-secret",
    title="Roles read the secrets that they name",
    why="To list secrets is to read them all: those of other workloads, and the tokens of their accounts.",
    remediation="Name the secrets (resourceNames) with the verb get, in a Role of the namespace they are in.",
    severity=Severity.HIGH,
    judges=SecretAccess,
)
def every_secret(access: SecretAccess, settings: Settings) -> Verdict:
    return when(access.reads).then(
        access.reads.must_be(False, "named secrets only") | access.named.must_exist("resourceNames")
    )


@control(
    id="no-role-of-all-roles",
    title="An aggregated role says whose rules it takes in",
    why="A selector that asks for nothing makes the role the sum of all others, cluster-admin among them.",
    remediation="Give every selector of the aggregation rule a label.",
    severity=Severity.CRITICAL,
    judges=RoleAggregation,
)
def aggregation(role: RoleAggregation, settings: Settings) -> Verdict:
    return role.everything.must_be(False, "a selector with a label")


@control(
    id="no-superuser-group",
    title="No binding names a group that no role limits",
    why="Members of system:masters pass every check, and no change of roles takes that back.",
    remediation="Bind a role for the job to a group of the identity provider.",
    severity=Severity.CRITICAL,
    judges=ClusterSubject,
)
def superuser(subject: ClusterSubject, settings: Settings) -> Verdict:
    return subject.superuser.must(lambda is_one: not is_one, "a group of the identity provider")


@control(
    id="default-service-account-has-no-rights",
    title="No role is bound to a default service account",
    why="Every pod of the namespace that names no account has the rights then, whoever put it there.",
    remediation="Make a ServiceAccount for the workload, and bind the role to that.",
    severity=Severity.HIGH,
    judges=ClusterSubject,
)
def default_account(subject: ClusterSubject, settings: Settings) -> Verdict:
    return subject.default_account.must(lambda is_one: not is_one, "a service account of the workload")
