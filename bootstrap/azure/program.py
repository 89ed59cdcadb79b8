from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

import pulumi
import pulumi_azure_native as azure

from bootstrap import OWN, RECOVERY_DAYS, BootstrapArgs
from bootstrap import Bootstrap as Contract
from bootstrap.azure.permissions import (
    DECRYPT,
    ENCRYPT,
    IDENTITIES,
    LOOK,
    MAKE,
    RBAC_ADMINISTRATOR,
    STATE,
    Row,
    condition,
)
from components.bucket.azure_account import keep_versions, private_container, storage_account
from components.identity.azure_roles import BLOB_READER, assign
from components.keys import VAULT_DAYS, Purpose
from components.keys.azure import VaultKey
from components.keys.azure_vault import vault
from components.logs import RETENTION_DAYS
from components.logs.azure import expire
from components.prerequisites.azure import SubscriptionPrerequisites

AUDIENCE = "api://AzureADTokenExchange"


class Bootstrap(Contract):
    def __init__(self, name: str, args: BootstrapArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args.location, opts)
        location = args.location
        self._site = site = self.site(SubscriptionPrerequisites(f"{name}-group", location, self.inside).scope)
        # Storage's own service uses two of the keys, and reaches the vault as one of Azure's.
        keeper = vault(name, site, VAULT_DAYS, "AzureServices", self, args.reach)
        keys = {
            purpose: VaultKey(f"{name}-{purpose}", site, keeper, purpose, self.inside)
            for purpose in (Purpose.AUDIT, Purpose.STATE, Purpose.STATE_SECRETS)
        }
        none = azure.storage.Bypass.NONE
        account = storage_account(f"{name}-state", site, "state", keys[Purpose.STATE], none, self, args.reach)
        versions = keep_versions(f"{name}-state", site, account, RECOVERY_DAYS, self)
        state = private_container(f"{name}-state-objects", "state", site, account, versions, self)
        private_container(f"{name}-own-objects", OWN, site, account, versions, self)
        self._logged(name, keys[Purpose.AUDIT], keeper.id, versions.id)

        preview = self._identity(f"{name}-preview", args.pipeline.issuer, args.pipeline.preview)
        deploy = self._identity(f"{name}-deploy", args.pipeline.issuer, args.pipeline.deploy)
        group = pulumi.Output.concat(f"/subscriptions/{location.account}/resourceGroups/", site.scope)
        whole = pulumi.Output.from_input(f"/subscriptions/{location.account}")
        key = keys[Purpose.STATE_SECRETS].resource_id
        look = self._define(f"{name}-look", whole, "looks at how things are set", actions=LOOK)
        make = self._define(f"{name}-make", whole, "makes data planes", actions=(*LOOK, *_actions(MAKE)))
        identities = self._define(f"{name}-identities", whole, "uses identities, roles", actions=_actions(IDENTITIES))
        reader = pulumi.Output.from_input(BLOB_READER)
        writer = self._define(f"{name}-writer", group, "reads and writes Pulumi's state", data=STATE)
        decrypt = self._define(f"{name}-decrypt", group, "decrypts secrets in Pulumi's state", data=DECRYPT)
        encrypt = self._define(f"{name}-encrypt", group, "encrypts secrets in Pulumi's state", data=ENCRYPT)
        administrator = pulumi.Output.from_input(RBAC_ADMINISTRATOR)
        self.preview = self._give(
            f"{name}-preview",
            preview,
            {"look": (look, whole), "state": (reader, state.id), "secrets": (decrypt, key)},
        )
        self.deploy = self._give(
            f"{name}-deploy",
            deploy,
            {
                "make": (make, whole),
                "identities": (identities, whole),
                "grants": (administrator, whole),
                "state": (writer, state.id),
                "secrets": (encrypt, key),
            },
        )

        place = pulumi.Output.concat("?storage_account=", account.name)
        self.backend = pulumi.Output.concat("azblob://", state.name, place)
        self.own_backend = pulumi.Output.concat(f"azblob://{OWN}", place)
        # With its version: without one Pulumi decrypts with the newest, which did not encrypt.
        self.secrets_provider = keys[Purpose.STATE_SECRETS].version.apply(_provider)
        asked = pulumi.InvokeOutputOptions(parent=self)
        self.variables = pulumi.Output.all(
            AZURE_BACKEND=self.backend,
            AZURE_SECRETS_PROVIDER=self.secrets_provider,
            AZURE_PREVIEW_CLIENT=self.preview,
            AZURE_DEPLOY_CLIENT=self.deploy,
            AZURE_TENANT=azure.authorization.get_client_config_output(opts=asked).tenant_id,
            AZURE_SUBSCRIPTION=location.account,
        )
        self.team = pulumi.Output.all(secretsProvider=self.secrets_provider)
        self.done()

    def _logged(self, name: str, key: VaultKey, keeper: pulumi.Output[str], blobs: pulumi.Output[str]) -> None:
        """Log every use of the keys, and every read and write of the state, where only Azure itself writes."""
        bypass = azure.storage.Bypass.AZURE_SERVICES
        account = storage_account(f"{name}-audit", self._site, "audit", key, bypass, self)
        azure.storage.ManagementPolicy(
            f"{name}-audit-retention",
            account_name=account.name,
            management_policy_name="default",
            resource_group_name=self._site.scope,
            policy=expire(RETENTION_DAYS),
            opts=self.inside,
        )
        categories = {"keys": ("AuditEvent",), "state": ("StorageRead", "StorageWrite", "StorageDelete")}
        for part, of in (("keys", keeper), ("state", blobs)):
            azure.monitor.DiagnosticSetting(
                f"{name}-audit-{part}",
                name="audit",
                resource_uri=of,
                storage_account_id=account.id,
                logs=[
                    azure.monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True)
                    for category in categories[part]
                ],
                opts=self.inside,
            )

    def _identity(self, name: str, issuer: str, subject: str) -> azure.managedidentity.UserAssignedIdentity:
        """An identity that one subject's tokens are exchanged for."""
        site = self._site
        identity = azure.managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=site.physical(name),
            resource_group_name=site.scope,
            location=site.location.region,
            tags=site.location.tags,
            opts=self.inside,
        )
        azure.managedidentity.FederatedIdentityCredential(
            f"{name}-federation",
            federated_identity_credential_resource_name="pipeline",
            resource_name_=identity.name,
            resource_group_name=site.scope,
            issuer=issuer,
            subject=subject,
            audiences=[AUDIENCE],
            opts=self.inside,
        )
        return identity

    def _define(
        self,
        name: str,
        scope: pulumi.Output[str],
        does: str,
        actions: Sequence[str] = (),
        data: Sequence[str] = (),
    ) -> pulumi.Output[str]:
        """Define a role that can be given in a scope; its GUID."""
        title = self._site.physical(name)  # a tenant has one role of a name
        return azure.authorization.RoleDefinition(
            f"{name}-role",
            role_definition_id=title.apply(lambda text: str(uuid5(NAMESPACE_URL, text))),
            role_name=title,
            role_type="CustomRole",
            description=f"Rampart: {does}",
            scope=scope,
            assignable_scopes=[scope],
            permissions=[azure.authorization.PermissionArgs(actions=sorted(set(actions)), data_actions=list(data))],
            opts=self.inside,
        ).name

    def _give(
        self,
        name: str,
        identity: azure.managedidentity.UserAssignedIdentity,
        roles: dict[str, tuple[pulumi.Output[str], pulumi.Output[str]]],
    ) -> pulumi.Output[str]:
        """Give roles, each on its scope; the identity's client id, known once it has them."""
        given = [
            assign(
                f"{name}-{part}",
                self._site,
                role,
                scope,
                identity.principal_id,
                self.inside,
                condition=condition() if part == "grants" else None,
            ).id
            for part, (role, scope) in roles.items()
        ]
        return pulumi.Output.all(identity.client_id, *given).apply(lambda ready: str(ready[0]))


def _actions(rows: Sequence[Row]) -> list[str]:
    return [action for row in rows for action in row.actions()]


def _provider(version: str) -> str:
    return version.replace("https://", "azurekeyvault://", 1)
