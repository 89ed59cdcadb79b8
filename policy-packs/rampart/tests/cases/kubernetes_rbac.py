"""Cases of the controls on roles and bindings in a cluster."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

WILDCARD = "no-wildcard-in-role"
ESCALATES = "no-escalating-right"
SECRETS = "no-access-to-every-secret"
RBAC = "rbac.authorization.k8s.io"


def role(*rules: Any, kind: str = "ClusterRole", **properties: Any) -> Declared:
    return resource(f"kubernetes:{RBAC}/v1:{kind}", {"rules": list(rules), **properties})


def rule(resources: Any, verbs: Any, groups: Any = ("",), **more: Any) -> dict[str, Any]:
    lists = {"resources": resources, "verbs": verbs, "apiGroups": groups}
    return {key: [value] if isinstance(value, str) else value for key, value in lists.items()} | more


def aggregated(*selectors: Any) -> Declared:
    return role(aggregationRule={"clusterRoleSelectors": list(selectors)})


def binding(name: Any, *subjects: Any, kind: str = "ClusterRoleBinding") -> Declared:
    return resource(
        f"kubernetes:{RBAC}/v1:{kind}", {"roleRef": {"kind": "ClusterRole", "name": name}, "subjects": list(subjects)}
    )


def group(name: Any) -> dict[str, Any]:
    return {"kind": "Group", "name": name}


def account(name: Any) -> dict[str, Any]:
    return {"kind": "ServiceAccount", "name": name, "namespace": "app"}


APP = account("app")

CASES = [
    violates(WILDCARD, role(rule("pods", ["get", "*"])), at="rules[0].verbs[1]"),
    violates(WILDCARD, role(rule(["pods"], ["get"]), rule(["configmaps", "*"], ["get"])), at="rules[1].resources[1]"),
    violates(WILDCARD, role(rule("pods", "get", ["apps", "*"]), kind="Role"), at="rules[0].apiGroups[1]"),
    violates(WILDCARD, role(rule("pods/*", "get")), at="rules[0].resources[0]"),
    violates(WILDCARD, role(rule("*/scale", "update", "apps")), at="resources[0]"),
    violates(WILDCARD, role({"nonResourceURLs": ["/healthz", "*"], "verbs": ["get"]}), at="nonResourceURLs[1]"),
    violates(WILDCARD, role(rule([UNKNOWN, "*"], "get")), at="resources[1]"),
    violates(
        WILDCARD,
        resource(f"kubernetes:{RBAC}/v1beta1:ClusterRoleList", {"items": [{"rules": [rule("*", "list")]}]}),
        at="items[0].rules[0].resources[0]",
    ),
    violates(
        WILDCARD,
        resource(
            "kubernetes:yaml/v2:ConfigGroup",
            {"objs": [{"kind": "Role", "apiVersion": f"{RBAC}/v1", "rules": [rule("*", "get")]}]},
        ),
        at="objs[0].rules[0].resources[0]",
    ),
    passes(WILDCARD, role(rule(["pods", "pods/log"], ["get", "list", "watch"]))),
    passes(WILDCARD, role({"nonResourceURLs": ["/healthz/*", "/metrics"], "verbs": ["get"]})),
    undecided(WILDCARD, role(rule("pods", [UNKNOWN]))),
    undecided(WILDCARD, role(UNKNOWN)),
    *(
        violates(ESCALATES, role(rule(kind, verb, of)), at="rules[0].resources[0]")
        for kind, verb, of in (
            ("pods/exec", "create", ""),
            ("pods/exec", "get", ""),
            ("pods/attach", "*", ""),
            ("pods/ephemeralcontainers", "patch", ""),
            ("nodes/proxy", "get", ""),
            ("serviceaccounts/token", "create", ""),
            ("serviceaccounts", "impersonate", "*"),
            ("groups", "impersonate", ""),
            ("userextras/scopes", "impersonate", "authentication.k8s.io"),
            ("clusterroles", "bind", RBAC),
            ("roles", "escalate", RBAC),
            ("clusterrolebindings", "create", RBAC),
            ("certificatesigningrequests/approval", "update", "certificates.k8s.io"),
            ("mutatingwebhookconfigurations", "patch", "admissionregistration.k8s.io"),
            ("namespaces", "patch", ""),
            ("persistentvolumes", "create", ""),
        )
    ),
    violates(ESCALATES, role(rule("clusterroles", "bind", RBAC, resourceNames=["cluster-admin"])), at="clusterroles"),
    passes(ESCALATES, role(rule("clusterroles", "bind", RBAC, resourceNames=["view"]))),
    passes(ESCALATES, role(rule(["pods", "pods/log"], ["get", "list"]), rule("namespaces", ["get", "list"]))),
    passes(ESCALATES, role(rule("users", "impersonate", "acme.example"))),
    passes(ESCALATES, role(rule("serviceaccounts", ["get", "create"]))),
    undecided(ESCALATES, role(rule("pods/exec", [UNKNOWN]))),
    undecided(ESCALATES, role(rule("pods/exec", "create", resourceNames=UNKNOWN))),
    violates(SECRETS, role(rule(["configmaps", "secrets"], ["get"])), at='rules[0].resources[1] is "get secrets"'),
    violates(SECRETS, role(rule("secrets", "watch", "*"), kind="Role"), at="watch secrets"),
    violates(SECRETS, role(rule("secrets", ["create", "*"])), at="* secrets"),
    passes(SECRETS, role(rule("secrets", "get", resourceNames=["app-tls"]), kind="Role")),
    passes(SECRETS, role(rule("secrets", ["create", "delete"]))),
    passes(SECRETS, role(rule("secrets", "get", "acme.example"))),
    undecided(SECRETS, role(rule("secrets", "get", resourceNames=UNKNOWN))),
    undecided(SECRETS, role(rule(UNKNOWN, "get"))),
    violates("no-role-of-all-roles", aggregated({"matchLabels": {}}), at="clusterRoleSelectors[0]"),
    violates("no-role-of-all-roles", aggregated({}), at="clusterRoleSelectors[0]"),
    passes("no-role-of-all-roles", aggregated({"matchLabels": {"example.org/aggregate": "true"}})),
    undecided("no-role-of-all-roles", aggregated(UNKNOWN)),
    violates("no-superuser-group", binding("view", APP, group("system:masters")), at="subjects[1].name"),
    passes("no-superuser-group", binding("view", group("platform"))),
    undecided("no-superuser-group", binding("view", group(UNKNOWN))),
    violates("default-service-account-has-no-rights", binding("view", account("default")), at="subjects[0].name"),
    violates(
        "default-service-account-has-no-rights",
        binding("view", {"kind": "User", "name": "system:serviceaccount:app:default"}, kind="RoleBinding"),
        at="subjects[0].name",
    ),
    passes("default-service-account-has-no-rights", binding("view", account("default-reader"))),
    passes("default-service-account-has-no-rights", binding("view", {"kind": "User", "name": "default"})),
    undecided("default-service-account-has-no-rights", binding("view", account(UNKNOWN))),
    violates("no-broad-role", binding("cluster-admin", APP), at="roleRef.name"),
    violates("no-broad-role", binding("cluster-admin", APP, kind="RoleBinding"), at="roleRef.name"),
    violates("no-broad-role", binding("edit", APP), at="roleRef.name"),
    passes("no-broad-role", binding("edit", APP, kind="RoleBinding")),
    passes("no-broad-role", binding("view", APP)),
    undecided("no-broad-role", binding(UNKNOWN, APP)),
    violates("no-public-principal", binding("app", group("system:unauthenticated")), at="subjects[0].name"),
    violates(
        "no-public-principal", binding("app", {"kind": "User", "name": "system:anonymous"}), at="subjects[0].name"
    ),
    violates("no-public-principal", binding("app", APP, group("system:authenticated")), at="subjects[1].name"),
    passes("no-public-principal", binding("system:public-info-viewer", group("system:unauthenticated"))),
    undecided("no-public-principal", binding("app", group(UNKNOWN))),
    violates("no-broad-principal", binding("app", group("system:serviceaccounts")), at="subjects[0].name"),
    violates("no-broad-principal", binding("app", group("system:serviceaccounts:app")), at="subjects[0].name"),
    passes("no-broad-principal", binding("app", group("team-app"))),
    violates(
        "no-exported-key",
        resource("kubernetes:core/v1:Secret", {"type": "kubernetes.io/service-account-token"}),
        at="type",
    ),
    violates(
        "no-exported-key",
        resource(
            "kubernetes:certificates.k8s.io/v1:CertificateSigningRequest",
            {"spec": {"signerName": "kubernetes.io/kube-apiserver-client"}},
        ),
        at="spec.signerName",
    ),
    passes("no-exported-key", resource("kubernetes:core/v1:Secret", {"type": "kubernetes.io/tls"})),
]
