"""Cases of services off the beaten track, on Google Cloud and Azure."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

RULES = "rules_version = '2'; service cloud.firestore {{ match /{{d=**}} {{ allow {} }} }}"
WALL, GATE = "gcp:networksecurity/authorizationPolicy:AuthorizationPolicy", "gcp:firebaserules/ruleset:Ruleset"
PROXY = "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def rules(statement: Any) -> Declared:
    content = RULES.format(statement) if isinstance(statement, str) else statement
    return resource(GATE, {"source": {"files": [{"name": "firestore.rules", "content": content}]}})


def wall(*rules_: Any, action: str = "ALLOW") -> Declared:
    return resource(WALL, {"action": action, "rules": list(rules_)})


def vmware(**properties: Any) -> Declared:
    return resource("gcp:vmwareengine/externalAccessRule:ExternalAccessRule", {"action": "ALLOW", **properties})


def delegation(role: Any) -> Declared:
    declared = {"managedByTenantId": "t", "authorizations": [{"principalId": "p", "roleDefinitionId": role}]}
    return resource("azure-native:managedservices:RegistrationDefinition", {"properties": declared})


PUBLIC, FOREIGN, INGRESS, EGRESS = "no-public-principal", "no-foreign-principal", "no-open-ingress", "no-open-egress"

CASES = [
    violates(PUBLIC, rules("read, write: if true;"), at="source.files[0].content"),
    violates(PUBLIC, rules("read;"), at="source.files[0].content"),
    passes(PUBLIC, rules("read: if request.auth != null;")),
    passes(PUBLIC, rules("read: if false; // allow read: if true;")),
    undecided(PUBLIC, rules(UNKNOWN)),
    violates(PUBLIC, wall(), at="rules"),
    violates(PUBLIC, wall({"sources": [{"principals": ["a", "*"]}]}), at="rules[0].sources[0].principals[1]"),
    passes(PUBLIC, wall({"sources": [{"principals": ["namespace/web"]}]})),
    passes(PUBLIC, wall(action="DENY")),
    violates(INGRESS, vmware(sourceIpRanges=[{"ipAddressRange": "0.0.0.0/0"}]), at="sourceIpRanges[0].ipAddressRange"),
    passes(INGRESS, vmware(sourceIpRanges=[{"ipAddress": "203.0.113.7"}])),
    violates(
        EGRESS,
        resource(PROXY, {"enabled": True, "basicProfile": "ALLOW", "sessionMatcher": "true"}),
        at="sessionMatcher",
    ),
    passes(
        EGRESS,
        resource(PROXY, {"enabled": True, "basicProfile": "ALLOW", "sessionMatcher": "host() == 'api.example.com'"}),
    ),
    violates(FOREIGN, delegation("acdd72a7-3385-48ef-bd42-f606fba81ae7"), at="properties.managedByTenantId"),
    violates("no-broad-role", delegation(OWNER), at="Owner ("),
    violates(
        "no-open-cross-origin",
        resource(
            "azure-native:apimanagement:Policy",
            {"value": "<inbound><cors><allowed-origins> <origin>*</origin></allowed-origins></cors></inbound>"},
        ),
        at="value",
    ),
    violates(
        "no-public-endpoint",
        resource("gcp:securesourcemanager/instance:Instance", {"kmsKey": "k"}),
        at="privateConfig.isPrivate",
    ),
    violates("store-uses-customer-key", resource("gcp:apigee/instance:Instance"), at="diskEncryptionKeyName"),
    violates(
        "no-clear-text-secret",
        resource("gcp:runtimeconfig/variable:Variable", {"name": "db_password", "text": "hunter22"}),
        at="text",
    ),
    violates(
        INGRESS,
        resource("azure-native:eventhub:NamespaceIpFilterRule", {"action": "Accept", "ipMask": "0.0.0.0/0"}),
        at="ipMask",
    ),
    passes(
        INGRESS,
        resource("azure-native:servicebus:NamespaceIpFilterRule", {"action": "Reject", "ipMask": "0.0.0.0/0"}),
    ),
    violates(
        INGRESS,
        resource("azure-native:network:NspAccessRule", {"direction": "Inbound", "addressPrefixes": ["0.0.0.0/0"]}),
        at="addressPrefixes[0]",
    ),
    violates(
        INGRESS,
        resource(
            "azure-native:security:JitNetworkAccessPolicy",
            {"virtualMachines": [{"ports": [{"number": 22, "allowedSourceAddressPrefix": "*"}]}]},
        ),
        at="virtualMachines[0].ports[0].allowedSourceAddressPrefix",
    ),
    violates(
        "guard-rail-holds",
        resource("azure-native:network:NetworkSecurityPerimeterAssociation", {"accessMode": "Learning"}),
        at="accessMode",
    ),
    passes("guard-rail-holds", resource("azure-native:network:NspAssociation", {"accessMode": "Enforced"})),
    violates(
        "no-unauthenticated-access",
        resource("azure-native:cosmosdb:CassandraCluster", {"properties": {"authenticationMethod": "None"}}),
        at="properties.authenticationMethod",
    ),
    violates(
        "no-unauthenticated-access",
        resource("gcp:memorystore/aclPolicy:AclPolicy", {"rules": [{"username": "u", "rule": "on nopass ~* +get"}]}),
        at="rules[0].rule",
    ),
    violates(
        "no-wildcard-action", resource("azure-native:redis:AccessPolicy", {"permissions": "+@all allkeys"}), at="perm"
    ),
    violates(
        "no-broad-role",
        resource("gcp:gkehub/scopeRbacRoleBinding:ScopeRbacRoleBinding", {"role": {"predefinedRole": "ADMIN"}}),
        at="role.predefinedRole",
    ),
    violates(
        "flow-log-is-complete",
        resource("gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig", {"state": "DISABLED"}),
        at="state",
    ),
    violates("no-public-endpoint", resource("gcp:firebase/hostingSite:HostingSite", {"siteId": "s"}), at="type"),
]
