"""Who may do what: user-assigned identities, and role assignments, whose role must be in roles.json.

Not modelled: the minutes that an assignment takes to work, conditions, principals other than user-assigned identities
and the deployer, management groups.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from simulator.azure.arm import ARM, IN_GROUP, PACKAGE, SDK, Guid, row, rule
from simulator.cloud import Operation, Source
from simulator.values import Props

IDENTITY = f"{PACKAGE}:managedidentity:UserAssignedIdentity"
ASSIGNMENT = f"{PACKAGE}:authorization:RoleAssignment"
DEPLOYER = {"clientId": "00000000-0000-4000-8000-0000000c11e4", "objectId": "00000000-0000-4000-8000-00000000b1ec"}
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ROLES: dict[str, str] = json.loads((Path(__file__).parent / "roles.json").read_text())
_ROLE_IDS = "/providers/microsoft.authorization/roledefinitions"
_FACTS = Source("role table of the facts", "D")


def _principal(operation: Operation) -> str:
    return str(UUID(operation.text("{hex}")))


TYPES = (
    row(
        IDENTITY,
        f"{IN_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}",
        4,
        name={"pattern": ".{3,128}", "invalid": "InvalidResourceName"},
        outputs={
            "principalId": _principal,
            "clientId": lambda operation: str(uuid5(UUID(_principal(operation)), "client")),
            "tenantId": "{tenant}",
        },
        replace=("location",),
    ),
    row(
        ASSIGNMENT,
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        25,
        "",
        naming=Guid,
        name={"pattern": _GUID, "invalid": "InvalidRoleAssignmentId", "source": SDK, "auto": ("", 32)},
        replace=("principalId", "roleDefinitionId", "principalType"),
    ),
)


def _role(definition: Any) -> str:
    path, _, guid = str(definition).lower().rpartition("/")
    return _ROLES.get(guid, "") if path.endswith(_ROLE_IDS) else ""


def holds(operation: Operation, principal: Any, roles: Collection[str], resource: str) -> bool:
    """Whether a principal was assigned one of these roles on a resource, or on what it lies in."""
    mine = (r for r in operation.store.all(PACKAGE) if r.type == ASSIGNMENT and r.get("principalId") == principal)
    scopes = (str(record.get("scope")) for record in mine if _role(record.get("roleDefinitionId")) in roles)
    return any(f"{resource}/".lower().startswith(f"{scope}/".lower()) for scope in scopes)


@rule(ASSIGNMENT, "RoleDefinitionDoesNotExist", _FACTS, "check", "roleDefinitionId")
def _role_exists(operation: Operation) -> str | None:
    """The role definition is one of the built-in roles that the facts list."""
    unknown = (given for given in operation.at("roleDefinitionId") if not _role(given))
    return next((f"the role definition {given!r} does not exist" for given in unknown), None)


@rule(ASSIGNMENT, "PrincipalNotFound", ARM, "create", "principalId")
def _principal_exists(operation: Operation) -> str | None:
    """The principal is the deployer or a user-assigned identity that exists."""
    given, everyone = operation.one("principalId"), operation.store.all(PACKAGE)
    found = given == DEPLOYER["objectId"] or any(r.type == IDENTITY and r.get("principalId") == given for r in everyone)
    return None if found else f"principal {given!r} does not exist in the directory"


@rule(ASSIGNMENT, "ResourceNotFound", ARM, "create", "scope")
def _scope_exists(operation: Operation) -> str | None:
    """The scope is the subscription, or a resource or group that exists."""
    given, own = str(operation.one("scope")).lower(), operation.text("/subscriptions/{account}").lower()
    found = given == own or any(record.id.lower() == given for record in operation.store.all(PACKAGE))
    return None if found else f"the scope {operation.one('scope')!r} was not found"


@rule(ASSIGNMENT, "RoleAssignmentExists", ARM, "create")
def _assigned(operation: Operation) -> str | None:
    """A principal has a role on a scope only once, whatever the assignment is called."""

    def meant(props: Props) -> tuple[str, ...]:
        return (*(str(props.get(name)).lower() for name in ("principalId", "scope")), _role(props["roleDefinitionId"]))

    same = (r.id for r in operation.others(ASSIGNMENT) if meant(r.inputs) == meant(operation.inputs))
    return next((f"the role assignment already exists as {id_}" for id_ in same), None)


RULES = (_role_exists, _principal_exists, _scope_exists, _assigned)
