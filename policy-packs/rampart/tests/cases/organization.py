"""Cases of guard rails, audit logs, threat detection, and what comes with a project."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def org_policy(*rules: Any, **spec: Any) -> Declared:
    return resource("gcp:orgpolicy/policy:Policy", {"parent": "projects/p", "spec": {"rules": list(rules), **spec}})


def audit_config(members: Any = None) -> Declared:
    configs = [{"logType": "ADMIN_READ"}, {"logType": "DATA_READ", "exemptedMembers": members}]
    token = "gcp:projects/iAMAuditConfig:IAMAuditConfig"
    return resource(token, {"service": "allServices", "auditLogConfigs": configs})


def sink(*filters: Any, **properties: Any) -> Declared:
    exclusions = [{"name": "e", "filter": text} for text in filters]
    return resource("gcp:logging/projectSink:ProjectSink", {"exclusions": exclusions, **properties})


def exclusion(text: Any, token: str = "gcp:logging/projectExclusion:ProjectExclusion", **properties: Any) -> Declared:
    return resource(token, {"filter": text, **properties})


def gke(**properties: Any) -> Declared:
    return resource("gcp:container/cluster:Cluster", properties)


RAIL, AUDIT, THREATS, KEPT = "guard-rail-holds", "audit-log-is-complete", "threat-detection-is-on", "logs-kept-365-days"
LEGACY = "gcp:projects/organizationPolicy:OrganizationPolicy"
LEVEL = "gcp:accesscontextmanager/accessLevel:AccessLevel"
PERIMETER = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter"
BINAUTHZ = "gcp:binaryauthorization/policy:Policy"
FOLDER_BUCKET = "gcp:logging/folderBucketConfig:FolderBucketConfig"

CASES = [
    violates(RAIL, org_policy({"enforce": "FALSE"}), at="spec.rules[0].enforce"),
    violates(RAIL, org_policy({"allowAll": "TRUE"}), at="spec.rules[0].allowAll"),
    violates(RAIL, org_policy({"denyAll": "TRUE"}, {"values": {"allowedValues": ["0.0.0.0/0"]}}), at="spec.rules[1]"),
    violates(RAIL, org_policy(reset=True), at="spec.reset"),
    violates(
        RAIL,
        resource("gcp:orgpolicy/policy:Policy", {"dryRunSpec": {"rules": [{"enforce": "TRUE"}]}}),
        at="spec",
    ),
    violates(RAIL, resource(LEGACY, {"booleanPolicy": {"enforced": False}}), at="booleanPolicy.enforced"),
    violates(RAIL, resource(LEGACY, {"listPolicy": {"allow": {"all": True}}}), at="listPolicy.allow.all"),
    violates(RAIL, resource(LEGACY, {"restorePolicy": {"default": True}}), at="restorePolicy.default"),
    violates(
        RAIL,
        resource(
            "azure-native:containerservice:ManagedCluster", {"addonProfiles": {"azurepolicy": {"enabled": False}}}
        ),
        at="addonProfiles.azurepolicy.enabled",
    ),
    violates(RAIL, gke(binaryAuthorization={"evaluationMode": "DISABLED"}), at="binaryAuthorization.evaluationMode"),
    violates(
        RAIL, resource(BINAUTHZ, {"defaultAdmissionRule": {"evaluationMode": "ALWAYS_ALLOW"}}), at="evaluationMode"
    ),
    violates(
        RAIL, resource(LEVEL, {"basic": {"conditions": [{"ipSubnetworks": ["0.0.0.0/0"]}]}}), at="conditions[0].ipSub"
    ),
    violates(
        RAIL,
        resource(PERIMETER, {"status": {"ingressPolicies": [{"ingressFrom": {"identityType": "ANY_IDENTITY"}}]}}),
        at="ingressFrom.identityType",
    ),
    violates(RAIL, resource(PERIMETER, {"status": {"resources": ["projects/1"]}}), at="status.restrictedServices"),
    passes(RAIL, resource(PERIMETER, {"status": {"restrictedServices": ["storage.googleapis.com"]}})),
    passes(RAIL, resource(PERIMETER, {"perimeterType": "PERIMETER_TYPE_BRIDGE", "status": {"resources": []}})),
    passes(RAIL, org_policy({"enforce": "TRUE"}, {"denyAll": "TRUE"})),
    passes(RAIL, org_policy({"values": {"allowedValues": ["in:us-locations"]}})),
    passes(RAIL, resource(LEGACY, {"listPolicy": {"deny": {"all": True}}})),
    passes(RAIL, gke(binaryAuthorization={"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"})),
    passes(RAIL, resource(LEVEL, {"basic": {"conditions": [{"ipSubnetworks": ["203.0.113.0/24"]}]}})),
    undecided(RAIL, org_policy({"enforce": UNKNOWN})),
    violates(AUDIT, audit_config(["user:a@example.com"]), at="auditLogConfigs[1].exemptedMembers"),
    violates(AUDIT, sink('logName:"cloudaudit.googleapis.com"'), at="exclusions[0].filter"),
    violates(AUDIT, sink(disabled=True), at="disabled"),
    violates(AUDIT, exclusion("severity>=DEFAULT"), at="filter"),
    violates(AUDIT, exclusion('protoPayload.methodName="SetIamPolicy"'), at="filter"),
    violates(
        AUDIT,
        exclusion(
            'log_id("cloudaudit.googleapis.com/data_access")', "gcp:logging/organizationExclusion:OrganizationExclusion"
        ),
        at="filter",
    ),
    violates(AUDIT, gke(loggingService="none"), at="loggingService"),
    violates(AUDIT, gke(loggingConfig={"enableComponents": []}), at="loggingConfig.enableComponents"),
    violates(AUDIT, resource("gcp:monitoring/alertPolicy:AlertPolicy", {"enabled": False}), at="enabled"),
    violates(AUDIT, gke(monitoringService="none"), at="monitoringService"),
    violates(AUDIT, resource("gcp:dns/policy:Policy", {"enableLogging": False}), at="enableLogging"),
    passes(AUDIT, resource("gcp:dns/policy:Policy", {"enableLogging": True})),
    passes(AUDIT, audit_config()),
    passes(AUDIT, sink('resource.type="http_load_balancer" AND httpRequest.requestUrl:"/healthz"')),
    passes(AUDIT, exclusion('NOT logName:"cloudaudit.googleapis.com" AND severity<ERROR')),
    passes(AUDIT, exclusion("severity>=DEFAULT", disabled=True)),
    passes(AUDIT, gke(loggingConfig={"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]})),
    undecided(AUDIT, audit_config(UNKNOWN)),
    undecided(AUDIT, sink(disabled=UNKNOWN)),
    violates(THREATS, gke(securityPostureConfig={"mode": "DISABLED"}), at="securityPostureConfig.mode"),
    passes(THREATS, gke(securityPostureConfig={"mode": "BASIC"})),
    undecided(THREATS, gke(securityPostureConfig={"mode": UNKNOWN})),
    violates(KEPT, resource(FOLDER_BUCKET, {"bucketId": "_Default"}), at="retentionDays"),
    passes(KEPT, resource(FOLDER_BUCKET, {"retentionDays": 400})),
    violates("no-default-network", resource("gcp:organizations/project:Project"), at="autoCreateNetwork"),
    passes("no-default-network", resource("gcp:organizations/project:Project", {"autoCreateNetwork": False})),
]
