"""Identities, the tokens that they trust, and the roles that they are given."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from simulator.azure.arm import (
    ASSIGNMENT,
    FACTS,
    IN_GROUP,
    LOCK,
    MET,
    PACKAGE,
    SDK,
    TIMES,
    ArmType,
    each,
    existing,
    row,
)
from simulator.cloud import Operation, Rule, Scope
from simulator.rules import rule
from simulator.state import Store
from simulator.values import Props, at

IDENTITY = f"{PACKAGE}:managedidentity:UserAssignedIdentity"
FEDERATION = f"{PACKAGE}:managedidentity:FederatedIdentityCredential"
DEFINITION = f"{PACKAGE}:authorization:RoleDefinition"
DEPLOYER = {"clientId": "00000000-0000-4000-8000-0000000c11e4", "objectId": "00000000-0000-4000-8000-00000000b1ec"}
ROLES: dict[str, str] = json.loads((Path(__file__).parent / "roles.json").read_text())


def users(operation: Operation) -> list[str]:
    """The ids of a resource's user-assigned identities."""
    given = operation.at("identity.userAssignedIdentities")
    return [id_ for one in given for id_ in ([one] if isinstance(one, str) else one)]


@dataclass(frozen=True)
class Identified(ArmType):
    """Identities go in as a list of ids or a map, and come out as a map with what each is."""

    def describe(self, operation: Operation) -> Props:
        """The outputs, with the ids of each identity."""
        described = super().describe(operation)
        if ids := users(operation):
            found = ((id_, existing(operation, IDENTITY, id_)) for id_ in ids)
            known = {i: {name: r.get(name) for name in ("principalId", "clientId")} for i, r in found if r}
            described["identity"] = {**described["identity"], "userAssignedIdentities": known}
        return described


_IDS: Props = {
    "principalId": lambda operation: str(UUID(operation.text("{hex}"))),
    "clientId": lambda operation: str(UUID(operation.text("{hex}")[::-1])),
    "tenantId": "{tenant}",
}
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_IDENTITY_ID = IN_GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
_FEDERATION_ID = _IDENTITY_ID + "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"
_AUTHORIZATION = "{scope}/providers/Microsoft.Authorization/"
_OF_GRANT: Props = {"within": "", "name": {"auto": ("", 32)}, "replace": ("principalId", "roleDefinitionId")}
TYPES = (
    row(IDENTITY, _IDENTITY_ID, 4, (".{3,128}", "InvalidResourceName", FACTS), outputs=_IDS, replace=("location",)),
    row(FEDERATION, _FEDERATION_ID, 4, (r"[\w-]{3,120}", "BadRequest", FACTS), within=IDENTITY),
    row(
        ASSIGNMENT,
        _AUTHORIZATION + "roleAssignments/{roleAssignmentName}",
        25,
        (_GUID, "InvalidRoleAssignmentId", SDK),
        **_OF_GRANT,
    ),
    row(
        DEFINITION,
        _AUTHORIZATION + "roleDefinitions/{roleDefinitionId}",
        10,
        (_GUID, "InvalidRoleDefinitionId", MET),
        within="",
        timed=TIMES,
    ),
)


def client_config(scope: Scope, arguments: Props, store: Store) -> Props:
    """The lookup get_client_config: who deploys, and where."""
    return {**DEPLOYER, "subscriptionId": scope.account, "tenantId": scope.settings["tenant"]}


def _guid(definition: Any) -> str:
    path, _, guid = str(definition).lower().rpartition("/")
    return guid if path.endswith("/providers/microsoft.authorization/roledefinitions") else ""


def holds(operation: Operation, principal: Any, roles: Collection[str], resource: str) -> bool:
    """Whether a principal was assigned one of these built-in roles on a resource, or on what it lies in."""
    mine = (r for r in operation.store.all(PACKAGE) if r.type == ASSIGNMENT and r.get("principalId") == principal)
    scopes = (str(r.get("scope")) for r in mine if ROLES.get(_guid(r.get("roleDefinitionId"))) in roles)
    return any(f"{resource}/".lower().startswith(f"{scope}/".lower()) for scope in scopes)


def granted(operation: Operation, principal: Any, role: str, resource: Any) -> str | None:
    """What is missing if the principal does not have this built-in role there."""
    return None if holds(operation, principal, (role,), str(resource)) else f"{principal} is no {role} on {resource}"


def principal_exists(operation: Operation) -> str | None:
    """What is wrong with the principal that is given a role, in Azure, in a database or in a cache."""
    given = next((v for path in ("principalId", "objectId", "user.objectId") for v in operation.at(path)), None)
    if operation.type.token == ASSIGNMENT and operation.one("principalType") != "ServicePrincipal":
        return None  # people, their groups and pipelines are nothing that a stack makes
    everyone = operation.store.all(PACKAGE)
    found = given == DEPLOYER["objectId"] or any(r.type == IDENTITY and r.get("principalId") == given for r in everyone)
    return None if found else f"principal {given!r} does not exist in the directory"


def scope_exists(operation: Operation, path: str) -> str | None:
    """What is wrong with what a rule, a role or an alarm is about: a resource, a group or the subscription."""
    own, everything = operation.text("/subscriptions/{account}").lower(), operation.store.all(PACKAGE)
    known = {own, *(record.id.lower() for record in everything)}
    return next((f"the scope {s!r} was not found" for s in operation.at(path) if str(s).lower() not in known), None)


@rule(ASSIGNMENT, "RoleDefinitionDoesNotExist", FACTS, "create")
def _role(operation: Operation) -> str | None:
    """The role is one that the facts list, or of one's own, and may be given there."""
    guid, scope = _guid(operation.one("roleDefinitionId")), f"{operation.one('scope')}/".lower()
    own = [r for r in operation.others(DEFINITION) if str(r.get("roleDefinitionId")).lower() == guid]
    places = [str(place).lower() for role in own for place in at(role.inputs, "assignableScopes")]
    right = guid in ROLES or any(scope.startswith(f"{place}/") for place in places)
    return None if right else f"{operation.one('roleDefinitionId')!r} is no role, or none for {scope}"


@rule(ASSIGNMENT, "RoleAssignmentExists", MET, "create")
def _once(operation: Operation) -> str | None:
    """No grant is made twice."""

    def meant(given: Props) -> tuple[str, str, str]:
        return str(given["principalId"]), str(given["scope"]).lower(), _guid(given["roleDefinitionId"])

    same = (r.id for r in operation.others(ASSIGNMENT) if meant(r.inputs) == meant(operation.inputs))
    return next((f"it exists as {id_}" for id_ in same), None)


@rule(ASSIGNMENT, "PrincipalNotFound", MET, "create")
def _principal(operation: Operation) -> str | None:
    """The principal exists."""
    return principal_exists(operation)


@rule((ASSIGNMENT, LOCK, DEFINITION), "ResourceNotFound", MET, "create")
def _scope(operation: Operation) -> str | None:
    """The scope exists."""
    return scope_exists(operation, "scope")


@rule(DEFINITION, "RoleDefinitionWithSameNameExists", MET)
def _titled(operation: Operation) -> str | None:
    """A role's name is had once in a tenant, and is no built-in one's."""
    title = operation.one("roleName")
    others = (r.get("roleName") for r in operation.store.all(PACKAGE) if r.type == DEFINITION and r != operation.record)
    return f"{title!r} is had" if title in (*others, *ROLES.values()) else None


@rule(DEFINITION, "RoleDefinitionHasAssignments", MET, "delete")
def _given(operation: Operation) -> str | None:
    """A role that somebody has is not deleted."""
    own = operation.id.rpartition("/")[2].lower()
    given = (r.id for r in operation.others(ASSIGNMENT) if _guid(r.get("roleDefinitionId")) == own)
    return next((f"it is given by {id_}" for id_ in given), None)


@rule(FEDERATION, "BadRequest", FACTS)
def _federated(operation: Operation) -> str | None:
    """An identity trusts 20 credentials at most, none of the same issuer and subject, for one audience each."""
    near = f"{operation.text(_IDENTITY_ID)}/".lower()
    others = [r for r in operation.others(FEDERATION) if r.id.lower().startswith(near)]
    pair = (operation.one("issuer"), operation.one("subject"))
    if len(others) >= 20 or len(operation.inputs.get("audiences", "")) != 1:
        return f"{len(others)} exist, and this one has the audiences {operation.at('audiences')}"
    same = (r.id for r in others if (r.get("issuer"), r.get("subject")) == pair)
    return next((f"{id_} trusts the same" for id_ in same), None)


RULES = (
    *(_role, _principal, _scope, _once, _titled, _given, _federated),
    each(FEDERATION, "issuer", lambda url: str(url).startswith("https://"), "BadRequest", FACTS, "it is a URL"),
)


def identities_exist(token: str) -> Rule:
    """The rule that what a resource names as its identities is there."""

    @rule(token, "FailedIdentityOperation", SDK)
    def identities(operation: Operation) -> str | None:
        """Its identities exist."""
        gone = (id_ for id_ in users(operation) if existing(operation, IDENTITY, id_) is None)
        return next((f"the identity {id_!r} does not exist" for id_ in gone), None)

    return identities
