"""Cases of Azure's roles, federation, policies, logs and threat detection."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def of(token: str, **properties: Any) -> Declared:
    return resource(f"azure-native:{token}", properties)


def role(*actions: Any, **properties: Any) -> Declared:
    return of("authorization:RoleDefinition", permissions=[{"actions": list(actions)}], **properties)


def assignment(guid: str, **properties: Any) -> Declared:
    path = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    return of(
        "authorization:RoleAssignment", roleDefinitionId=path, scope="/subscriptions/s/resourceGroups/g", **properties
    )


def federated(**properties: Any) -> Declared:
    hardened = {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:acme/shop:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }
    return of("managedidentity:FederatedIdentityCredential", **{**hardened, **properties})


ROLE, SCOPE, ACTION, EXACT, RAIL = (
    "no-broad-role",
    "no-broad-scope",
    "no-wildcard-action",
    "federated-trust-is-exact",
    "guard-rail-holds",
)
AUDIT, KEPT, THREATS = "audit-log-is-complete", "logs-kept-365-days", "threat-detection-is-on"
ADMINISTRATOR, RBAC_ADMIN = "00482A5A-887F-4FB3-B363-3B7FE8E74483", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
LIMIT = "(@Request[Microsoft.Authorization/roleAssignments:roleDefinitionId] ForAnyOfAnyValues:GuidEquals {x})"

CASES = [
    violates(ROLE, assignment(ADMINISTRATOR), at="Key Vault Administrator"),
    violates(ROLE, assignment(RBAC_ADMIN), at="Role Based Access Control Administrator"),
    violates(
        ROLE, assignment(RBAC_ADMIN, condition=LIMIT.replace("GuidEquals", "GuidNotEquals")), at="roleDefinitionId"
    ),
    passes(ROLE, assignment(RBAC_ADMIN, condition=LIMIT.replace("roleD", "RoleD"))),
    passes(ROLE, assignment(RBAC_ADMIN, condition=LIMIT, conditionVersion="2.0")),
    violates(SCOPE, role("Microsoft.Storage/storageAccounts/read", assignableScopes=["/"]), at="assignableScopes[0]"),
    passes(SCOPE, role("Microsoft.Storage/storageAccounts/read", assignableScopes=["/subscriptions/s"])),
    violates(ROLE, role("Microsoft.Compute/virtualMachines/runCommand/action"), at="permissions[0].actions[0]"),
    violates(ROLE, role("Microsoft.Storage/storageAccounts/listKeys/action"), at="permissions[0].actions[0]"),
    violates(ACTION, role("Microsoft.Compute/*"), at="permissions[0].actions[0]"),
    violates(ACTION, role("Microsoft.Storage/*/write"), at="permissions[0].actions[0]"),
    violates(
        ACTION,
        of("authorization:RoleDefinition", permissions=[{"dataActions": ["Microsoft.KeyVault/vaults/secrets/*"]}]),
        at="permissions[0].dataActions[0]",
    ),
    passes(ACTION, role("Microsoft.Storage/storageAccounts/read", "*/read")),
    undecided(ACTION, role(UNKNOWN)),
    violates(EXACT, federated(subject="repo:acme/*"), at="subject"),
    violates(EXACT, federated(audiences=["*"]), at="audiences[0]"),
    passes(EXACT, federated()),
    undecided(EXACT, federated(subject=UNKNOWN)),
    violates(RAIL, of("authorization:PolicyAssignment", enforcementMode="DoNotEnforce"), at="enforcementMode"),
    violates(RAIL, of("authorization:PolicyExemption", exemptionCategory="Waiver"), at="expiresOn"),
    passes(RAIL, of("authorization:PolicyExemption", expiresOn="2030-01-31T00:00:00Z")),
    violates(AUDIT, of("monitor:DiagnosticSetting", metrics=[{"enabled": True}]), at="logs"),
    violates(AUDIT, of("monitor:DiagnosticSetting", logs=[{"category": "AuditEvent", "enabled": False}]), at="logs[0]"),
    violates(AUDIT, of("monitor:ActivityLogAlert", enabled=False), at="enabled"),
    passes(AUDIT, of("monitor:DiagnosticSetting", logs=[{"categoryGroup": "allLogs", "enabled": True}])),
    violates(KEPT, of("operationalinsights:Workspace", retentionInDays=90), at="retentionInDays"),
    passes(KEPT, of("operationalinsights:Workspace", retentionInDays=365)),
    violates(THREATS, of("security:Pricing", pricingTier="Free"), at="pricingTier"),
]
