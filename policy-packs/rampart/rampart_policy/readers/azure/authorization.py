"""Azure role-based access control: which role, on what; who logs in from outside; which policies hold."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    FederatedTrust,
    Guardrail,
    Permission,
    Principal,
    Role,
    RoleGrant,
    Scope,
)
from rampart_policy.readers.table import guard_rail, service, unless
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, combine, every

BROAD_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": "Key Vault Administrator",
    "8b54135c-b56d-4d72-a534-26097cfdc8d8": "Key Vault Data Access Administrator",
    "f25e0fa2-a7c8-4377-a976-54943a77a395": "Key Vault Contributor",
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": "Azure Kubernetes Service RBAC Cluster Admin",
    "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8": "Azure Kubernetes Service Cluster Admin Role",
    "a8889054-8d42-49c9-bc1c-52486c10e7cd": "Reservations Administrator",
}
"""Roles on everything, or whose holder can give itself any other, or hands out the keys of what it is on (Azure
built-in roles, "Privileged", "Security", "Storage", "Containers")."""

DELEGATING = frozenset({"f58310d9-a9f6-439a-9e8d-f62e7b41a168", "8b54135c-b56d-4d72-a534-26097cfdc8d8"})
"""Roles that give out roles, and that a condition limits to some (`condition`)."""

OF_A_VAULT = frozenset({"f25e0fa2-a7c8-4377-a976-54943a77a395"})
"""Roles that are narrow on one key vault: what is in it stays closed to them while it has role-based access control,
which its own control sees to, and a private key service of AKS needs one (AKS documentation, KMS)."""

STEPPING_STONES = (
    "/assign/action",
    "/elevateaccess/action",
    "/extensions/write",
    "/listclusteradmincredential/action",
    "/listkeys/action",
    "/regeneratekey/action",
    "/runcommand/action",
    "/runcommands/write",
    "/vaults/accesspolicies/write",
)
"""How actions end that run code as another identity, or hand out a key that has every right."""

AUDIENCE = "api://azureadtokenexchange"
"""The one audience that Entra exchanges tokens of (workload identity federation)."""

_LISTED = re.compile(r"roleassignments:roledefinitionid\]\s+(?:foranyofanyvalues:)?guidequals\s*\{[^}]+\}")
"""A condition that lists which roles can be given. One that lists which cannot be leaves what is made tomorrow."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ONE_VAULT = re.compile(r".+/providers/microsoft\.keyvault/vaults/[^/]+/?", re.IGNORECASE)
_SUBSCRIPTION = re.compile(r"^/?subscriptions/[^/]+/?$", re.IGNORECASE)
_MANAGEMENT_GROUP = re.compile(r"^/?providers/microsoft\.management/managementgroups/[^/]+/?$", re.IGNORECASE)

no_surface(
    {
        "azure-native:authorization:PolicyDefinition": "the text of a rule; whether it holds is its assignment's",
        "azure-native:authorization:PolicyDefinitionAtManagementGroup": "the text of a rule; whether it holds is its "
        "assignment's",
        "azure-native:authorization:PolicySetDefinition": "the text of rules; whether they hold is their assignment's",
        "azure-native:authorization:PolicySetDefinitionAtManagementGroup": "the text of rules; whether they hold is "
        "their assignment's",
        "azure-native:managedservices:RegistrationAssignment": "says where a delegation, which is judged, holds",
        "azure-native:authorization:DenyAssignment": "forbids, whatever is allowed elsewhere",
        "azure-native:authorization:ManagementLockAtResourceGroupLevel": "holds others back from deletion",
        "azure-native:authorization:ManagementLockAtResourceLevel": "holds others back from deletion",
        "azure-native:authorization:ManagementLockAtSubscriptionLevel": "holds others back from deletion",
        "azure-native:authorization:RoleManagementPolicy": "how a role is asked for",
        "azure-native:authorization:RoleManagementPolicyAssignment": "how a role is asked for",
    }
)


@reader("azure-native:authorization:RoleAssignment", "azure-native:authorization:PimRoleEligibilitySchedule")
def role_assignment(made: Resource) -> Iterator[RoleGrant]:
    condition = made.at("condition").text(default="")
    definition, scope = made.at("roleDefinitionId").text(default=""), made.at("scope").text(default="")
    role = combine(_role, definition, condition)
    if any(guid in str(definition.value).lower() for guid in OF_A_VAULT):
        role = combine(_on_one_vault, role, scope)
    yield RoleGrant(
        role=replace(role, source=None),
        scope=scope.map(_scope),
    )


@reader("azure-native:authorization:RoleDefinition")
def role_definition(made: Resource) -> Iterator[RoleGrant | Permission]:
    """A role of one's own is as broad as its actions: `*`, or the right to give out roles. What is taken away again
    (`notActions`) does not name what is left.
    """
    scope = made.at("scope").text(default="").map(lambda text: Scope(text, broad=False))
    for permission in made.at("permissions").items():
        for kind in ("actions", "dataActions"):
            for node in permission.key(kind).items():
                action = node.text(default="")
                yield RoleGrant(role=action.map(_action), scope=scope)
                yield Permission(
                    allows=Field(True),
                    every_action=action.map(_is_pattern),
                    every_resource=Field(False),
                    narrowed=Field(False),
                )
    for node in made.at("assignableScopes").items():
        root = node.text(default="").map(lambda text: Scope(text, broad=text.strip() in ("/", "*")))
        yield RoleGrant(role=Field(Role("a role of the program's own", broad=False), node.path), scope=root)


@reader("azure-native:managedservices:RegistrationDefinition")
def delegation(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    """Gives another organization's people roles here (Azure Lighthouse)."""
    tenant = made.at("properties.managedByTenantId").text(default="")
    who = tenant.map(lambda text: Principal(f"tenant {text}", Audience.OTHER_ACCOUNT))
    yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False))
    for kind in ("authorizations", "eligibleAuthorizations"):
        for place in made.at(f"properties.{kind}").items():
            role = combine(_role, place.key("roleDefinitionId").text(default=""), Field(""))
            scope = Field(Scope("what is delegated", broad=False), place.path)
            yield RoleGrant(role=replace(role, source=None), scope=scope)


@reader("azure-native:managedidentity:FederatedIdentityCredential")
def federated_credential(made: Resource) -> Iterator[FederatedTrust]:
    """One issuer, one subject, one audience; none of them may be a pattern."""
    named = [made.at(name).text(default="").map(_is_exact) for name in ("issuer", "subject")]
    audiences = [
        node.text(default="").map(lambda text: text.lower() == AUDIENCE) for node in made.at("audiences").items()
    ]
    yield FederatedTrust(allows=Field(True), exact=every(*named, *audiences))


service(
    "azure-native:authorization:PolicyAssignment",
    guard_rail(unless("enforcementMode", "DoNotEnforce")),
)


@reader("azure-native:authorization:PolicyExemption")
def policy_exemption(made: Resource) -> Iterator[Guardrail]:
    """An exemption that ends is an exception; one that does not takes the rule away."""
    yield Guardrail(enforced=made.at("expiresOn").text(default="").map(bool))


def _on_one_vault(role: Role, scope: str) -> Role:
    return replace(role, broad=not _ONE_VAULT.fullmatch(scope))


def _role(definition: str, condition: str) -> Role:
    """A role definition's id is a path that ends in a GUID, in any casing, with or without a subscription."""
    guids = _GUID.findall(definition)
    guid = guids[-1].lower() if guids else ""
    name = BROAD_ROLES.get(guid, "")
    limited = guid in DELEGATING and bool(_LISTED.search(condition.lower()))
    return Role(f"{name} ({definition})" if name else definition, broad=bool(name) and not limited)


def _scope(text: str) -> Scope:
    path = text.strip()
    everything = path in ("", "/") or _SUBSCRIPTION.match(path) or _MANAGEMENT_GROUP.match(path)
    return Scope(text or "the whole subscription", broad=bool(everything))


def _action(text: str) -> Role:
    action = text.strip().lower()
    escalates = action.startswith("microsoft.authorization/") and action.endswith(("/*", "/write", "/action"))
    everything = action in ("*", "*/write", "*/action", "*/*") or action.endswith(STEPPING_STONES)
    return Role(f"a role with the action {text}", broad=everything or escalates)


def _is_pattern(text: str) -> bool:
    """`*`, `Microsoft.Compute/*`, `Microsoft.Storage/*/write`: what a service learns next year is in it. Reading is not
    worth a list.
    """
    action = text.strip().lower()
    return "*" in action and not action.endswith("/read")


def _is_exact(text: str) -> bool:
    return bool(text.strip()) and "*" not in text
