"""Access: who may do what, and on what."""

import re
from collections.abc import Sequence

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AccessGrant,
    AccessLists,
    AnonymousAccess,
    Audience,
    Authentication,
    CrossOrigin,
    CrossTenantReplication,
    Guardrail,
    LocalCredentials,
    Principal,
    RoleGrant,
    StoreAccessLists,
    StorePublicAccess,
    VaultAuthorization,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict

_SEPARATORS = re.compile(r"[:/@.]")


@control(
    id="no-public-principal",
    title="Nobody is given access who is not named",
    why="Everyone means everyone: `*`, allUsers and all authenticated users are the whole internet.",
    remediation="Name the principals. Where a wildcard cannot be avoided, add a condition on the account, the "
    "organization or the private endpoint.",
    severity=Severity.CRITICAL,
    judges=AccessGrant,
    waivable=False,
)
def public_principal(grant: AccessGrant, settings: Settings) -> Verdict:
    named = grant.principal.must(lambda who: who.audience is not Audience.EVERYONE, "named principals")
    return when(grant.allows).then(named | grant.narrowed.must(bool, "a condition that names who"))


@control(
    id="no-broad-principal",
    title="Access is given to identities, not to whole domains or role holders",
    why="Whoever joins the domain, or is given the role, has the access too, and no binding says so.",
    remediation="Name the service account, user or group.",
    severity=Severity.HIGH,
    judges=AccessGrant,
)
def broad_principal(grant: AccessGrant, settings: Settings) -> Verdict:
    single = grant.principal.must(lambda who: who.audience is not Audience.ORGANIZATION, "one identity or group")
    return when(grant.allows).then(single)


@control(
    id="no-foreign-principal",
    title="No other account is let in",
    why="Whoever administers the other account decides who uses this access.",
    remediation="Name principals of the account that the provider is pinned to (allowedAccountIds). Accounts of "
    "consumers are listed in rampart.consumers of the pack's configuration.",
    severity=Severity.HIGH,
    judges=AccessGrant,
)
def foreign_principal(grant: AccessGrant, settings: Settings) -> Verdict:
    def let_in(who: Principal) -> bool:
        return who.audience is not Audience.OTHER_ACCOUNT or _is_consumer(who.text, settings.consumers)

    return when(grant.allows).then(grant.principal.must(let_in, "principals of the own account, or a listed consumer"))


def _is_consumer(principal: str, consumers: Sequence[str]) -> bool:
    """Whether a whole part of a principal's name is a consumer's id: of an ARN, an address or a path."""
    parts = {part.lower() for part in _SEPARATORS.split(principal)}
    return any(consumer.lower() in parts for consumer in consumers)


@control(
    id="no-broad-role",
    title="No role is given that may do nearly everything",
    why="Owner, Editor, Contributor and roles that give out roles turn one stolen identity into all of them.",
    remediation="Give the narrowest role that does the job, on the one resource it is for.",
    severity=Severity.CRITICAL,
    judges=RoleGrant,
)
def broad_role(grant: RoleGrant, settings: Settings) -> Verdict:
    return grant.role.must(lambda role: not role.broad, "a role for the job")


@control(
    id="no-broad-scope",
    title="Roles are given on the resource they are for",
    why="A role on a subscription, or on every key or bucket of a project, covers what is made tomorrow too.",
    remediation="Give the role on the resource itself, or on its resource group.",
    severity=Severity.HIGH,
    judges=RoleGrant,
)
def broad_scope(grant: RoleGrant, settings: Settings) -> Verdict:
    return grant.scope.must(lambda scope: not scope.broad, "the one resource")


@control(
    id="no-anonymous-access",
    title="Content cannot be made public",
    why="A switch that allows public content leaves it to every later policy not to use it.",
    remediation="Turn the switch off: all four flags of a public access block, public access prevention enforced, "
    "public blob access disallowed.",
    severity=Severity.CRITICAL,
    judges=AnonymousAccess,
    waivable=False,
)
def anonymous_access(access: AnonymousAccess, settings: Settings) -> Verdict:
    return access.possible.must_be(False, "public access ruled out")


@control(
    id="bucket-has-public-access-block",
    title="Every bucket has a public access block",
    why="Without it, a policy or an access list can make the bucket public.",
    remediation="Declare a BucketPublicAccessBlock for the bucket, with all four flags true.",
    severity=Severity.HIGH,
    judges=StorePublicAccess,
    omission=Level.ADVISORY,
)
def public_access_block(store: StorePublicAccess, settings: Settings) -> Verdict:
    return store.block.must_exist("a BucketPublicAccessBlock for this bucket")


@control(
    id="no-access-lists",
    title="Access is decided in one place, not by access lists",
    why="Access lists on objects let in what no policy shows.",
    remediation="Turn access lists off: BucketOwnerEnforced on S3, uniform bucket-level access on Google Cloud.",
    severity=Severity.MEDIUM,
    judges=AccessLists,
)
def access_lists(lists: AccessLists, settings: Settings) -> Verdict:
    return lists.enabled.must_be(False, "access lists turned off")


@control(
    id="bucket-has-ownership-controls",
    title="Every bucket says who owns its objects",
    why="The setting that turns access lists off is another resource, and older buckets have them on.",
    remediation="Declare BucketOwnershipControls for the bucket, with BucketOwnerEnforced.",
    severity=Severity.MEDIUM,
    judges=StoreAccessLists,
    omission=Level.DISABLED,
)
def ownership_controls(store: StoreAccessLists, settings: Settings) -> Verdict:
    return store.ownership.must_exist("BucketOwnershipControls for this bucket")


@control(
    id="no-local-credentials",
    title="Services take identities, not keys and users of their own",
    why="A shared key has every right, no owner and no expiry, and no log says who used it.",
    remediation="Turn shared keys, local users, SFTP and passwords off; use the cloud's identities.",
    severity=Severity.HIGH,
    judges=LocalCredentials,
)
def local_credentials(credentials: LocalCredentials, settings: Settings) -> Verdict:
    return credentials.accepted.must_be(False)


@control(
    id="no-unauthenticated-access",
    title="Services ask who is calling",
    why="A network that everyone trusts is one pod, one laptop or one forged request away from everybody.",
    remediation="Turn authentication on: IAM or Entra identities where the service takes them, a password elsewhere.",
    severity=Severity.CRITICAL,
    judges=Authentication,
)
def unauthenticated_access(authentication: Authentication, settings: Settings) -> Verdict:
    return authentication.required.must_be(True, "authentication of every caller")


@control(
    id="vault-uses-role-based-access",
    title="Vaults use role-based access control",
    why="A vault's own access policies are for the whole vault, and whoever may change the vault may change them.",
    remediation="Set enableRbacAuthorization to true, and give roles on single keys.",
    severity=Severity.MEDIUM,
    judges=VaultAuthorization,
)
def vault_authorization(vault: VaultAuthorization, settings: Settings) -> Verdict:
    return vault.role_based.must_be(True)


@control(
    id="no-cross-tenant-replication",
    title="Stores are not copied to other organisations",
    why="Object replication to another tenant is a copy that no network rule sees.",
    remediation="Set allowCrossTenantReplication to false.",
    severity=Severity.HIGH,
    judges=CrossTenantReplication,
)
def cross_tenant_replication(replication: CrossTenantReplication, settings: Settings) -> Verdict:
    return replication.possible.must_be(False)


@control(
    id="guard-rail-holds",
    title="The organization's guard rails are not taken down",
    why="A rule that is switched off, or that somebody is exempt from, protects nobody, and everyone believes it does.",
    remediation="Enforce the rule; narrow what it forbids instead of lifting it.",
    severity=Severity.HIGH,
    judges=Guardrail,
)
def guardrail(rail: Guardrail, settings: Settings) -> Verdict:
    return rail.enforced.must_be(True, "a rule that is enforced")


@control(
    id="no-open-cross-origin",
    title="Web pages of other sites cannot read answers",
    why="With an open CORS rule, any page that a user visits reads in that user's name.",
    remediation="List the origins.",
    severity=Severity.MEDIUM,
    judges=CrossOrigin,
)
def cross_origin(origin: CrossOrigin, settings: Settings) -> Verdict:
    return origin.open.must_be(False, "named origins")
