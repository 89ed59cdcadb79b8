from collections.abc import Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

import pulumi
import pulumi_azure_native as azure

from components.bucket import Bucket
from components.cache import Cache
from components.capability import Capability
from components.identity import Access, Grant, Identity, IdentityArgs
from components.identity.azure_roles import BLOB_READER, SECRETS_USER, assign
from components.keys import Key
from components.keys.azure import in_vault
from components.postgres import Postgres
from components.secrets import Secret

AUDIENCE = "api://AzureADTokenExchange"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
KEYS = "Microsoft.KeyVault/vaults/keys"
SECRETS = "Microsoft.KeyVault/vaults/secrets"


@dataclass(frozen=True)
class Own:
    """A role of our own, of data actions alone. why: what is too broad about the narrowest built-in one."""

    why: str
    actions: tuple[str, ...]


PERMISSIONS: Mapping[tuple[type[Capability], Access], str | Own] = {
    (Bucket, Access.READ): BLOB_READER,
    (Bucket, Access.WRITE): Own(
        "Storage Blob Data Contributor deletes, blobs and the whole container",
        (f"{BLOBS}/read", f"{BLOBS}/add/action", f"{BLOBS}/write"),
    ),
    (Bucket, Access.ADMIN): Own(
        "Storage Blob Data Contributor deletes the whole container too",
        (f"{BLOBS}/read", f"{BLOBS}/add/action", f"{BLOBS}/write", f"{BLOBS}/delete"),
    ),
    (Key, Access.ENCRYPT): Own(
        "Key Vault Crypto Service Encryption User unwraps too", (f"{KEYS}/read", f"{KEYS}/wrap/action")
    ),
    (Key, Access.DECRYPT): Own(
        "Key Vault Crypto Service Encryption User wraps too", (f"{KEYS}/read", f"{KEYS}/unwrap/action")
    ),
    (Secret, Access.READ): SECRETS_USER,
    (Secret, Access.WRITE): Own(
        "Key Vault Secrets Officer reads and deletes too",
        (f"{SECRETS}/readMetadata/action", f"{SECRETS}/setSecret/action"),
    ),
}
"""What a grant becomes: the GUID of a built-in role (Azure documentation, built-in roles) or a role of our own (Azure
permissions for Storage and for Security), given on the one container, key or secret. `connect` becomes no role: a cache
has access policies (of which this API has one, `default`: every command and key, but those of administration), and a
database has users of its own."""


class ManagedIdentity(Identity):
    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site = args.site
        identity = azure.managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=site.physical(name),
            resource_group_name=site.scope,
            location=site.location.region,
            tags=site.location.tags,
            opts=self.inside,
        )
        # One a identity: Azure takes 20, and one write at a time. Subject and audience are compared letter by letter.
        credential = azure.managedidentity.FederatedIdentityCredential(
            f"{name}-federation",
            federated_identity_credential_resource_name="kubernetes",
            resource_name_=identity.name,
            resource_group_name=site.scope,
            issuer=args.cluster.issuer,
            subject=f"system:serviceaccount:{args.namespace}:{args.service_account}",
            audiences=[AUDIENCE],
            opts=self.inside,
        )
        self._own: dict[Own, pulumi.Output[str]] = {}
        given = [
            self._give(name, args, grant, identity.principal_id)
            for grant in args.grants
            if not isinstance(grant.store, Postgres)
        ]
        self.principal = pulumi.Output.all(identity.client_id, credential.id, *given).apply(lambda ready: str(ready[0]))
        self.annotations = self.principal.apply(lambda client: {"azure.workload.identity/client-id": client})
        self.labels = pulumi.Output.from_input({"azure.workload.identity/use": "true"})
        logins = [_login(grant.store, identity) for grant in args.grants if isinstance(grant.store, Postgres | Cache)]
        self.logins = pulumi.Output.all(*logins).apply(list)
        self.done()

    def _give(self, name: str, args: IdentityArgs, grant: Grant, principal: pulumi.Output[str]) -> pulumi.Output[str]:
        """Put a grant in force; the id of what does."""
        store, key = grant.store, f"{name}-{grant.store.pulumi_resource_name}-{grant.access}"
        if isinstance(store, Cache):
            return azure.redisenterprise.AccessPolicyAssignment(
                key,
                access_policy_assignment_name=name.replace("-", ""),
                access_policy_name="default",
                cluster_name=store.name,
                database_name=store.id.apply(lambda id_: id_.rpartition("/")[2]),
                resource_group_name=args.site.scope,
                user=azure.redisenterprise.AccessPolicyAssignmentPropertiesUserArgs(object_id=principal),
                opts=self.inside,
            ).id
        kind = next(kind for kind in (Bucket, Key, Secret) if isinstance(store, kind))
        permission = PERMISSIONS[kind, grant.access]
        role = self._role(name, args, kind, grant.access, permission) if isinstance(permission, Own) else permission
        scope = in_vault(store).resource_id if isinstance(store, Key) else store.id
        return assign(key, args.site, role, scope, principal, self.inside).id

    def _role(
        self, name: str, args: IdentityArgs, kind: type[Capability], access: Access, permission: Own
    ) -> pulumi.Output[str]:
        """Define a role once for this identity; its GUID. It can be given on what is in the resource group alone."""
        if permission not in self._own:
            key, site = f"{name}-{kind.__name__.lower()}-{access}", args.site
            group = pulumi.Output.concat(f"/subscriptions/{site.location.account}/resourceGroups/", site.scope)
            title = site.physical(key)  # a tenant has one role of a name
            self._own[permission] = azure.authorization.RoleDefinition(
                f"{key}-role",
                role_definition_id=title.apply(lambda text: str(uuid5(NAMESPACE_URL, text))),
                role_name=title,
                role_type="CustomRole",
                description=f"{site.location.stack}: {access} for {name}. {permission.why}.",
                scope=group,
                assignable_scopes=[group],
                permissions=[azure.authorization.PermissionArgs(actions=[], data_actions=list(permission.actions))],
                opts=self.inside,
            ).name
        return self._own[permission]


def _login(
    store: Postgres | Cache, identity: azure.managedidentity.UserAssignedIdentity
) -> pulumi.Output[dict[str, str]]:
    if isinstance(store, Cache):
        # The user's name is the identity's object id (Azure Managed Redis documentation, Entra authentication).
        return pulumi.Output.all(host=store.host, user=identity.principal_id).apply(
            lambda parts: {"store": "cache", "method": "entra", "sql": "", **parts}
        )
    return pulumi.Output.all(host=store.host, user=identity.name, principal=identity.principal_id).apply(
        lambda parts: {
            "store": "postgres",
            "method": "entra",
            "host": parts["host"],
            "user": parts["user"],
            # By object id: names of identities are not unique in a tenant. Neither administrator nor multi-factor.
            "sql": f"SELECT pgaadauth_create_principal_with_oid('{parts['user']}', '{parts['principal']}', "
            "'service', false, false);",
        }
    )
