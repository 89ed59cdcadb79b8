"""A small evaluator of Azure's role-based access control: who may do what on which resource, in a deployed stack.

An assignment allows the actions of its role, less those that the role takes out, on its scope and everything in it. An
action is on one type of resource: the rest of it, without its last word, is that type (Azure documentation, Azure role
definitions, and the permissions of Storage, Key Vault, Container Registry).
"""

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
CONTAINERS = BLOBS.removesuffix("/blobs")
KEYS, SECRETS = "Microsoft.KeyVault/vaults/keys", "Microsoft.KeyVault/vaults/secrets"
REGISTRIES = "Microsoft.ContainerRegistry/registries"

BUILT_IN: dict[str, tuple[str, ...]] = {
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": (  # Storage Blob Data Reader
        f"{CONTAINERS}/read",
        "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        f"{BLOBS}/read",
    ),
    "4633458b-17de-408a-b874-0445c86b69e6": (  # Key Vault Secrets User
        f"{SECRETS}/getSecret/action",
        f"{SECRETS}/readMetadata/action",
    ),
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": (  # Key Vault Crypto Service Encryption User
        *(f"{KEYS}/read", f"{KEYS}/wrap/action", f"{KEYS}/unwrap/action"),
        *(f"Microsoft.EventGrid/eventSubscriptions/{verb}" for verb in ("write", "read", "delete")),
    ),
    "12338af0-0e69-4776-bea7-57ae8d297424": (  # Key Vault Crypto User
        f"{KEYS}/read",
        *(
            f"{KEYS}/{use}/action"
            for use in ("update", "backup", "encrypt", "decrypt", "wrap", "unwrap", "sign", "verify")
        ),
    ),
    "f25e0fa2-a7c8-4377-a976-54943a77a395": (  # Key Vault Contributor, on a vault: nothing of what is in it
        *(f"Microsoft.KeyVault/vaults/{verb}" for verb in ("read", "write", "delete")),
    ),
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": (f"{REGISTRIES}/pull/read",),  # AcrPull
    "4d97b98b-1d4f-4787-a291-c67834d212e7": ("Microsoft.Network/*",),  # Network Contributor
    "b12aa53e-6015-4669-85d0-8515ebb3ae7f": ("Microsoft.Network/privateDnsZones/*",),  # Private DNS Zone Contributor
    "f1a07417-d97a-45cb-824c-7a7467783830": (  # Managed Identity Operator
        "Microsoft.ManagedIdentity/userAssignedIdentities/read",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    ),
    # Azure Kubernetes Service RBAC Cluster Admin, and Cluster User: of operators
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": ("Microsoft.ContainerService/managedClusters/*",),
    "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": (
        "Microsoft.ContainerService/managedClusters/read",
        "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    ),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": ("*/read",),  # Reader: of management, not of data
}
"""What the built-in roles in use allow, as far as a resource of the stack could be concerned."""

PROBES = frozenset(
    {
        *(f"{BLOBS}/{verb}" for verb in ("read", "write", "delete", "add/action", "deleteBlobVersion/action")),
        *(f"{CONTAINERS}/{verb}" for verb in ("read", "write", "delete")),
        "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        "Microsoft.Storage/storageAccounts/listKeys/action",
        *(
            f"{KEYS}/{use}/action"
            for use in ("encrypt", "decrypt", "wrap", "unwrap", "sign", "verify", "purge", "rotate")
        ),
        *(f"{KEYS}/{verb}" for verb in ("read", "write", "delete", "update/action", "backup/action")),
        *(f"{SECRETS}/{use}/action" for use in ("getSecret", "setSecret", "readMetadata", "purge", "backup")),
        f"{SECRETS}/delete",
        *(f"Microsoft.KeyVault/vaults/{verb}" for verb in ("read", "write", "delete")),
        *(f"{REGISTRIES}/{verb}" for verb in ("pull/read", "push/write", "delete")),
        *(f"Microsoft.Network/virtualNetworks/subnets/{verb}" for verb in ("read", "write", "join/action")),
        *(f"Microsoft.ManagedIdentity/userAssignedIdentities/{verb}" for verb in ("read", "write", "assign/action")),
    }
)
"""What is asked for: everything that could be done to what the stacks hold."""


@dataclass(frozen=True)
class Assignment:
    """One role assignment, with the actions that its role allows."""

    principal: str
    scope: str
    allows: tuple[str, ...]
    role: str

    def covers(self, action: str, resource: str) -> bool:
        inside = f"{resource}/".lower().startswith(f"{self.scope}/".lower())
        return inside and any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in self.allows)


def kind(resource: str) -> str:
    """The type of a resource, from its id: the namespace and every other word after it."""
    namespace, *rest = resource.rpartition("/providers/")[2].split("/")
    return "/".join([namespace, *rest[::2]])


def concerns(action: str, resource: str) -> bool:
    """Whether an action is one on this type of resource."""
    words = action.removesuffix("/action").split("/")
    return "/".join(words[:-1]).lower() in (kind(resource).lower(), f"{kind(resource)}/pull".lower())


@dataclass(frozen=True)
class Policy:
    """Every role assignment of a stack."""

    assignments: tuple[Assignment, ...]

    def may(self, principal: str, action: str, resource: str) -> bool:
        """Whether a principal, by its object id, may do this there."""
        mine = (given for given in self.assignments if given.principal == principal)
        return concerns(action, resource) and any(given.covers(action, resource) for given in mine)

    def everything(self, principal: str, resources: Iterable[str]) -> set[tuple[str, str]]:
        """All that it may do to any of these."""
        return {(action, r) for r in resources for action in PROBES if self.may(principal, action, r)}


def deployed(resources: list[dict[str, Any]]) -> Policy:
    """The assignments of a stack's state. `KeyError` for a built-in role that the table above does not have."""
    own = {
        r["inputs"]["roleDefinitionId"]: tuple(
            action
            for permission in r["inputs"]["permissions"]
            for action in (*permission.get("actions", ()), *permission.get("dataActions", ()))
        )
        for r in resources
        if r["type"] == "azure-native:authorization:RoleDefinition"
    }
    found = []
    for resource in resources:
        if resource["type"] == "azure-native:authorization:RoleAssignment":
            given = resource["outputs"]
            role = given["roleDefinitionId"].rpartition("/")[2]
            assert not given.get("condition"), "this evaluator knows no conditions"
            found.append(Assignment(given["principalId"], given["scope"], {**BUILT_IN, **own}[role], role))
    return Policy(tuple(found))
