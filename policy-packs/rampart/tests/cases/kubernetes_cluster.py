"""Cases of what a cluster refuses, of its volumes, and of what cannot be looked into."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

LABEL = "pod-security.kubernetes.io/"
SECURITY = "namespace-enforces-pod-security"
CLOSED = "admission-fails-closed"
NARROW = "webhook-is-narrow"
DENIES = "admission-policy-denies"
POLICY = "pod-policy-is-restrictive"
OPAQUE = "no-opaque-manifest"
ADMISSION = "admissionregistration.k8s.io"
EVERYTHING = {"apiGroups": ["*"], "resources": ["*"], "operations": ["*"]}


def namespace(**labels: Any) -> Declared:
    named = {f"{LABEL}{key}": value for key, value in labels.items()}
    return resource("kubernetes:core/v1:Namespace", {"metadata": {"name": "app", "labels": named}})


def webhook(version: str = "v1", **webhook: Any) -> Declared:
    properties = {"apiVersion": f"{ADMISSION}/{version}", "webhooks": [{"name": "a.example.org", **webhook}]}
    return resource(f"kubernetes:{ADMISSION}/{version}:ValidatingWebhookConfiguration", properties)


def deny(*actions: Any) -> Declared:
    return resource(
        f"kubernetes:{ADMISSION}/v1:ValidatingAdmissionPolicyBinding", {"spec": {"validationActions": [*actions]}}
    )


def pod_policy(**spec: Any) -> Declared:
    closed = {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "requiredDropCapabilities": ["ALL"],
        "runAsUser": {"rule": "MustRunAsNonRoot"},
    }
    return resource("kubernetes:policy/v1beta1:PodSecurityPolicy", {"spec": {**closed, **spec}})


def constraints(**properties: Any) -> Declared:
    closed = {"allowPrivilegeEscalation": False, "runAsUser": {"type": "MustRunAsRange"}}
    return resource("kubernetes:security.openshift.io/v1:SecurityContextConstraints", {**closed, **properties})


def kyverno(**spec: Any) -> Declared:
    return resource("kubernetes:kyverno.io/v1:ClusterPolicy", {"spec": {"rules": [{"validate": {}}], **spec}})


def gatekeeper(action: Any) -> Declared:
    return resource(
        "kubernetes:constraints.gatekeeper.sh/v1beta1:K8sAllowedRepos", {"spec": {"enforcementAction": action}}
    )


def storage(provisioner: Any, **parameters: Any) -> Declared:
    properties = {"provisioner": provisioner, "parameters": parameters}
    return resource("kubernetes:storage.k8s.io/v1:StorageClass", properties)


EBS = "ebs.csi.aws.com"
HOSTS = {"min": 0, "max": 65535}

CASES = [
    violates(SECURITY, namespace(), at=f"metadata.labels.{LABEL}enforce"),
    violates(SECURITY, namespace(enforce="privileged"), at=f"{LABEL}enforce"),
    violates(SECURITY, namespace(warn="restricted", audit="restricted"), at=f"{LABEL}enforce"),
    violates(SECURITY, namespace(enforce="Restricted"), at=f"{LABEL}enforce"),
    passes(SECURITY, namespace(enforce="restricted")),
    passes(SECURITY, resource("kubernetes:core/v1:NamespacePatch", {"metadata": {"labels": {"team": "a"}}})),
    undecided(SECURITY, namespace(enforce=UNKNOWN)),
    violates(CLOSED, webhook(failurePolicy="Ignore"), at="webhooks[0].failurePolicy"),
    violates(CLOSED, webhook("v1beta1"), at="webhooks[0].failurePolicy"),
    violates(
        CLOSED,
        resource(f"kubernetes:{ADMISSION}/v1:ValidatingAdmissionPolicy", {"spec": {"failurePolicy": "Ignore"}}),
        at="spec.failurePolicy",
    ),
    passes(CLOSED, webhook()),
    passes(CLOSED, kyverno(validationFailureAction="Enforce")),
    undecided(CLOSED, webhook(failurePolicy=UNKNOWN)),
    violates(NARROW, webhook(rules=[{"apiGroups": ["apps"]}, EVERYTHING]), at="webhooks[0].rules[1]"),
    violates(NARROW, webhook(rules=[{**EVERYTHING, "resources": ["*/*"]}], namespaceSelector={}), at="rules[0]"),
    passes(NARROW, webhook(rules=[EVERYTHING], namespaceSelector={"matchLabels": {"a": "b"}})),
    passes(NARROW, webhook(rules=[{"apiGroups": [""], "resources": ["pods"]}])),
    undecided(NARROW, webhook(rules=[EVERYTHING], namespaceSelector=UNKNOWN)),
    violates(
        "webhook-stays-in-cluster",
        webhook(clientConfig={"url": "https://hooks.example.com/check"}),
        at="webhooks[0].clientConfig.url",
    ),
    passes("webhook-stays-in-cluster", webhook(clientConfig={"url": "https://hook.app.svc:443/check"})),
    passes("webhook-stays-in-cluster", webhook(clientConfig={"service": {"name": "hook"}})),
    undecided("webhook-stays-in-cluster", webhook(clientConfig={"url": UNKNOWN})),
    violates(DENIES, deny("Warn", "Audit"), at="spec.validationActions"),
    violates(DENIES, deny(), at="spec.validationActions"),
    violates(DENIES, kyverno(validationFailureAction="audit"), at="spec.validationFailureAction"),
    violates(DENIES, kyverno(), at="spec.validationFailureAction"),
    violates(DENIES, gatekeeper("dryrun"), at="spec.enforcementAction"),
    passes(DENIES, gatekeeper(None)),
    passes(DENIES, deny("Deny", "Audit")),
    passes(DENIES, kyverno(rules=[{"validate": {"failureAction": "Enforce"}}, {"mutate": {}}])),
    undecided(DENIES, deny("Warn", UNKNOWN)),
    violates(POLICY, pod_policy(privileged=True), at="spec.privileged"),
    violates(POLICY, pod_policy(hostPID=True), at="spec.hostPID"),
    violates(POLICY, pod_policy(allowPrivilegeEscalation=None), at="spec.allowPrivilegeEscalation"),
    violates(POLICY, pod_policy(volumes=["secret", "*"]), at="spec.volumes[1]"),
    violates(POLICY, pod_policy(allowedCapabilities=["*"]), at="spec.allowedCapabilities[0]"),
    violates(POLICY, pod_policy(hostPorts=[HOSTS]), at="spec.hostPorts[0]"),
    violates(POLICY, pod_policy(runAsUser={"rule": "RunAsAny"}), at="spec.runAsUser.rule"),
    violates(POLICY, pod_policy(runAsUser={"rule": "MustRunAs", "ranges": [{"min": 0, "max": 9}]}), at="ranges[0].min"),
    violates(POLICY, pod_policy(requiredDropCapabilities=["NET_RAW"]), at="requiredDropCapabilities"),
    violates(POLICY, constraints(allowHostDirVolumePlugin=True), at="allowHostDirVolumePlugin"),
    passes(POLICY, pod_policy(volumes=["secret", "emptyDir"], fsGroup={"rule": "MustRunAs", "ranges": [{"min": 1}]})),
    passes(POLICY, constraints(allowPrivilegedContainer=False)),
    undecided(POLICY, pod_policy(privileged=UNKNOWN)),
    undecided(POLICY, pod_policy(requiredDropCapabilities=[UNKNOWN])),
    violates(OPAQUE, resource("kubernetes:helm.sh/v3:Release", {"chart": "./charts/app"}), at="type"),
    violates(OPAQUE, resource("kubernetes:helm.sh/v4:Chart", {"chart": "oci://registry.example.org/app"}), at="chart"),
    violates(OPAQUE, resource("kubernetes:helm.sh/v4:Chart", {"chart": "app"}, component=True), at="chart"),
    violates(OPAQUE, resource("kubernetes:helm.sh/v3:Chart", component=True), at="type"),
    violates(OPAQUE, resource("kubernetes:yaml:ConfigFile", {"file": "https://example.org/a.yaml"}), at="file"),
    violates(OPAQUE, resource("kubernetes:yaml:ConfigFile", name="https://example.org/a.yaml"), at="name"),
    violates(OPAQUE, resource("kubernetes:yaml/v2:ConfigGroup", {"files": ["a.yaml", "http://b/c"]}), at="files[1]"),
    violates(OPAQUE, resource("kubernetes:kustomize/v2:Directory", {"directory": "github.com/a/b//c"}), at="directory"),
    violates(OPAQUE, resource("kubernetes:argoproj.io/v1alpha1:Application", {"spec": {}}), at="kind"),
    violates(
        OPAQUE,
        resource("kubernetes:core/v1:List", {"items": [{"apiVersion": "acme.example/v1", "kind": "Thing"}]}),
        at="items[0].kind",
    ),
    passes(OPAQUE, resource("kubernetes:helm.sh/v4:Chart", {"chart": "./charts/app"}, component=True)),
    passes(OPAQUE, resource("kubernetes:yaml/v2:ConfigFile", {"file": "manifests/app.yaml"}, component=True)),
    passes(OPAQUE, resource("kubernetes:kustomize:Directory", {"directory": "./overlays/test"}, component=True)),
    passes(
        OPAQUE, resource("kubernetes:yaml/v2:ConfigGroup", {"yaml": "kind: Lease\napiVersion: coordination.k8s.io/v1"})
    ),
    undecided(OPAQUE, resource("kubernetes:yaml/v2:ConfigGroup", {"yaml": UNKNOWN})),
    undecided(OPAQUE, resource("kubernetes:helm.sh/v4:Chart", {"chart": UNKNOWN})),
    violates("unreviewed-type", resource("kubernetes:acme.example/v1:Thing", {"spec": {"size": 3}}), at="kind"),
    passes("unreviewed-type", resource("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {"spec": {}})),
    violates("store-is-encrypted", storage(EBS, type="gp3"), at="parameters.encrypted"),
    violates("store-is-encrypted", storage(EBS, encrypted="True"), at="parameters.encrypted"),
    violates("store-is-encrypted", storage("kubernetes.io/aws-ebs", encrypted="false"), at="parameters.encrypted"),
    passes("store-is-encrypted", storage(EBS, Encrypted="true")),
    passes("store-is-encrypted", storage("efs.csi.aws.com")),
    undecided("store-is-encrypted", storage(EBS, encrypted=UNKNOWN)),
    undecided("store-is-encrypted", storage(UNKNOWN)),
    violates("store-uses-customer-key", storage(EBS, encrypted="true"), at="parameters.kmskeyid"),
    violates("store-uses-customer-key", storage("disk.csi.azure.com"), at="parameters.diskencryptionsetid"),
    passes("store-uses-customer-key", storage("pd.csi.storage.gke.io", **{"disk-encryption-kms-key": "projects/a"})),
    passes("store-uses-customer-key", storage(EBS, kmsKeyId="arn:aws:kms:eu-west-1:1:key/a")),
    passes("store-uses-customer-key", storage(EBS, encrypted="true"), plan="managed"),
    undecided("store-uses-customer-key", storage(EBS, kmsKeyId=UNKNOWN)),
    violates(
        "provider-is-pinned",
        resource("pulumi:providers:kubernetes", {"namespace": "app"}, name="cluster"),
        at="kubeconfig",
    ),
    passes("provider-is-pinned", resource("pulumi:providers:kubernetes", {"context": "production"}, name="cluster")),
]
