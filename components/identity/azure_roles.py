"""Azure's roles that Rampart gives, and how one is given: to one principal, on one resource."""

from uuid import NAMESPACE_URL, uuid5

import pulumi
import pulumi_azure_native as azure

from components.site import Site

ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
AKS_CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"  # Azure Kubernetes Service RBAC Cluster Admin
AKS_CLUSTER_USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"  # may ask for the cluster's address, and nothing inside
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"  # Key Vault Crypto User
DNS_ZONE_CONTRIBUTOR = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"  # Private DNS Zone Contributor
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"  # Key Vault Crypto Service Encryption User: wrap, unwrap, read
IDENTITY_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"  # Managed Identity Operator
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"  # Key Vault Secrets User
VAULT_CONTRIBUTOR = "f25e0fa2-a7c8-4377-a976-54943a77a395"  # Key Vault Contributor: the vault, not what is in it


def assign(
    name: str,
    site: Site,
    role: pulumi.Input[str],
    scope: pulumi.Input[str],
    principal: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
    kind: azure.authorization.PrincipalType | None = azure.authorization.PrincipalType.SERVICE_PRINCIPAL,
    description: str | None = None,
    condition: str | None = None,
) -> azure.authorization.RoleAssignment:
    """Give a role.

    role: the GUID of a built-in role (Azure documentation, built-in roles) or of one of one's own. scope: the id of the
    one resource that it is given on. principal: an object id in Entra. kind: of principal;
    said of one that is only just made, which Azure may not find yet. condition: what narrows it (Azure documentation,
    attribute-based access control).
    """
    definitions = f"/subscriptions/{site.location.account}/providers/Microsoft.Authorization/roleDefinitions/"
    definition = pulumi.Output.concat(definitions, role)
    return azure.authorization.RoleAssignment(
        name,
        role_assignment_name=pulumi.Output.all(scope, principal, definition).apply(
            lambda parts: str(uuid5(NAMESPACE_URL, "|".join(map(str, parts))))
        ),
        scope=scope,
        role_definition_id=definition,
        principal_id=principal,
        principal_type=kind,
        description=description,
        condition=condition,
        condition_version="2.0" if condition else None,
        opts=opts,
    )
