"""Azure role-based access control: which role, on what."""

import re
from collections.abc import Iterator

from rampart_policy.facts import Role, RoleGrant, Scope
from rampart_policy.registry import reader
from rampart_policy.resources import Resource

BROAD_ROLES = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
"""Roles on everything, or whose holder can give itself any other (Azure built-in roles, "Privileged")."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SUBSCRIPTION = re.compile(r"^/?subscriptions/[^/]+/?$", re.IGNORECASE)
_MANAGEMENT_GROUP = re.compile(r"^/?providers/microsoft\.management/managementgroups/[^/]+/?$", re.IGNORECASE)


@reader("azure-native:authorization:RoleAssignment")
def role_assignment(made: Resource) -> Iterator[RoleGrant]:
    yield RoleGrant(
        role=made.at("roleDefinitionId").text(default="").map(_role),
        scope=made.at("scope").text(default="").map(_scope),
    )


@reader("azure-native:authorization:RoleDefinition")
def role_definition(made: Resource) -> Iterator[RoleGrant]:
    """A role of one's own is as broad as its actions: `*`, or the right to give out roles."""
    scope = made.at("scope").text(default="").map(lambda text: Scope(text, broad=False))
    for permission in made.at("permissions").items():
        for kind in ("actions", "dataActions"):
            for action in permission.key(kind).items():
                yield RoleGrant(role=action.text(default="").map(_action), scope=scope)


def _role(definition: str) -> Role:
    """A role definition's id is a path that ends in a GUID, in any casing, with or without a subscription."""
    guids = _GUID.findall(definition)
    name = BROAD_ROLES.get(guids[-1].lower(), "") if guids else ""
    return Role(f"{name} ({definition})" if name else definition, broad=bool(name))


def _scope(text: str) -> Scope:
    everything = text.strip() in ("", "/") or _SUBSCRIPTION.match(text) or _MANAGEMENT_GROUP.match(text)
    return Scope(text or "the whole subscription", broad=bool(everything))


def _action(text: str) -> Role:
    action = text.lower()
    escalates = action.startswith("microsoft.authorization/") and action.endswith(("/*", "/write"))
    return Role(f"a role with the action {text}", broad=action in ("*", "*/write") or escalates)
