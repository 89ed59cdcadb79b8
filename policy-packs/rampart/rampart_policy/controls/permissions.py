"""Permissions: what identities may do, who may act as them, and with which credentials."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    DeclaredPassword,
    Escalation,
    ExportedKey,
    FederatedTrust,
    IdentityLogin,
    Permission,
    ServiceTrust,
)
from rampart_policy.registry import Level, Severity, control
from rampart_policy.values import when
from rampart_policy.verdicts import Verdict


@control(
    id="no-wildcard-action",
    title="Permissions name the actions",
    why="A wildcard allows what the service learns to do next year, and mostly to give permissions too.",
    remediation="List the actions that the job needs; NotAction in an Allow is everything else there is.",
    severity=Severity.HIGH,
    judges=Permission,
)
def wildcard_action(permission: Permission, settings: Settings) -> Verdict:
    return when(permission.allows).then(permission.every_action.must(lambda every: not every, "named actions"))


@control(
    id="no-wildcard-resource",
    title="Permissions name the resources",
    why="With every resource, the identity reaches what was never meant for it, and what is made tomorrow.",
    remediation="Name the resources by ARN. Actions that take none stand in a statement of their own, or under a "
    "condition that says on what (aws:ResourceTag, kms:ViaService, cloudwatch:namespace).",
    severity=Severity.HIGH,
    judges=Permission,
)
def wildcard_resource(permission: Permission, settings: Settings) -> Verdict:
    named = permission.every_resource.must(lambda every: not every, "named resources")
    return when(permission.allows).then(named | permission.narrowed.must_exist("a condition that says on what"))


@control(
    id="no-confused-deputy",
    title="A service acts as a role for the own account only",
    why="The service acts for every customer: another one can name this role, and have it write or read here.",
    remediation="Add a condition on aws:SourceAccount or aws:SourceArn to the role's trust policy.",
    severity=Severity.MEDIUM,
    judges=ServiceTrust,
)
def confused_deputy(trust: ServiceTrust, settings: Settings) -> Verdict:
    scoped = trust.scoped.must_exist("a condition on aws:SourceAccount or aws:SourceArn")
    return when(trust.allows, trust.deputy).then(scoped)


@control(
    id="federated-trust-is-exact",
    title="Federated logins are trusted by their exact subject and audience",
    why="An issuer's logins are everybody's: without the subject, or with a wildcard, any pipeline or pod gets in.",
    remediation="Add StringEquals conditions on the issuer's `:sub` with the full subject, and on its `:aud` with the "
    "audience that the token is made out to (sts.amazonaws.com).",
    severity=Severity.CRITICAL,
    judges=FederatedTrust,
)
def exact_federation(trust: FederatedTrust, settings: Settings) -> Verdict:
    subject = trust.exact.must(bool, "a StringEquals condition on :sub")
    return when(trust.allows).then(subject & trust.audience.must(bool, "a StringEquals condition on :aud"))


@control(
    id="no-exported-key",
    title="Keys of identities do not leave the cloud",
    why="A key in a file works for whoever copied it, from anywhere, until somebody notices.",
    remediation="Remove the key; use workload identity federation, or the identity of the machine or pod.",
    severity=Severity.CRITICAL,
    judges=ExportedKey,
)
def exported_key(key: ExportedKey, settings: Settings) -> Verdict:
    return key.exported.must_be(False, "no key")


@control(
    id="no-declared-password",
    title="No program says a database's password",
    why="What a program says, the state keeps, and so does whoever can read the state.",
    remediation="Have the cloud make and rotate it (manageMasterUserPassword), give it as a write-only argument "
    "(passwordWo), or use identities only.",
    severity=Severity.HIGH,
    judges=DeclaredPassword,
)
def declared_password(password: DeclaredPassword, settings: Settings) -> Verdict:
    return password.declared.must_be(False, "not set")


@control(
    id="database-takes-identities",
    title="Databases take the cloud's identities",
    why="With passwords only, whoever has one is whoever they say, for as long as nobody changes it.",
    remediation="Turn on iamDatabaseAuthenticationEnabled, the flag cloudsql.iam_authentication, or "
    "authConfig.activeDirectoryAuth.",
    severity=Severity.HIGH,
    judges=IdentityLogin,
    omission=Level.DISABLED,
)
def identity_login(login: IdentityLogin, settings: Settings) -> Verdict:
    return login.enabled.must_be(True, "login by cloud identity")


@control(
    id="no-privilege-escalation",
    title="Nobody can give themselves more than they have",
    why="Whoever may write policies, or become and hand on any role, has every permission that there is.",
    remediation="Name the identities that may be changed or passed on, or add a condition that limits what they can be "
    "given: iam:PermissionsBoundary, iam:PolicyARN.",
    severity=Severity.CRITICAL,
    judges=Escalation,
)
def escalation(escalation: Escalation, settings: Settings) -> Verdict:
    contained = escalation.possible.must_be(False, "identities named one by one")
    return when(escalation.allows).then(contained | escalation.bounded.must_exist("a permissions boundary"))
