"""Hardened Kubernetes code is silent: no control says anything, at preview or after."""

from typing import Any

import pytest

from rampart_policy.testing import Declared, judge, resource, secret
from rampart_policy.testing_pods import CONTAINER, SPEC, deployment, merged, pod, pod_spec

PREFIX = "service.beta.kubernetes.io/"
TEMPLATE = {"metadata": {"labels": {"app": "a"}}, "spec": pod_spec()}


def kubernetes(token: str, **properties: Any) -> Declared:
    return resource(f"kubernetes:{token}", {"metadata": {"name": "app", "namespace": "app"}, **properties})


def rbac(kind: str, **properties: Any) -> Declared:
    return kubernetes(f"rbac.authorization.k8s.io/v1:{kind}", **properties)


HARDENED = [
    deployment(),
    deployment(type="kubernetes:apps/v1:StatefulSet", volumes=[{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}]),
    deployment(type="kubernetes:batch/v1:Job", container={"livenessProbe": None, "readinessProbe": None}),
    deployment(type="kubernetes:apps/v1:DaemonSet", hostUsers=False),
    deployment(initContainers=[merged(CONTAINER, {"name": "first"})], runtimeClassName="gvisor"),
    deployment(
        {"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, "privileged": False}}
    ),
    deployment(volumes=[{"name": "token", "projected": {"sources": [{"serviceAccountToken": {"audience": "vault"}}]}}]),
    deployment({"env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "PASSWORD_FILE", "value": "/run/s/p"}]}),
    deployment({"envFrom": [{"configMapRef": {"name": "settings"}}], "args": ["--listen", ":8080", "--tls-key=/k"]}),
    pod(annotations={"container.apparmor.security.beta.kubernetes.io/app": "runtime/default"}, restartPolicy="Never"),
    kubernetes("batch/v1:CronJob", spec={"jobTemplate": {"spec": {"template": TEMPLATE}}}),
    kubernetes("argoproj.io/v1alpha1:Rollout", spec={"replicas": 2, "template": TEMPLATE}),
    kubernetes("serving.knative.dev/v1:Service", spec={"template": TEMPLATE}),
    kubernetes(
        "argoproj.io/v1alpha1:Workflow",
        spec={**SPEC, "entrypoint": "main", "templates": [{"name": "main", "container": CONTAINER}]},
    ),
    kubernetes(
        "tekton.dev/v1:Task",
        spec={"stepTemplate": {"securityContext": {"runAsNonRoot": True}}, **SPEC, "steps": [CONTAINER]},
    ),
    kubernetes("core/v1:PodList", items=[{"spec": pod_spec()}]),
    kubernetes("apps/v1:DeploymentPatch", spec={"template": {"spec": {"containers": [{"name": "app"}]}}}),
    kubernetes("core/v1:ServiceAccount", automountServiceAccountToken=False),
    kubernetes("core/v1:Service", spec={"type": "ClusterIP", "ports": [{"port": 443}]}),
    kubernetes("core/v1:Service", spec={"clusterIP": "None", "selector": {"app": "a"}}),
    *(
        resource(
            "kubernetes:core/v1:Service", {"metadata": {"annotations": annotations}, "spec": {"type": "LoadBalancer"}}
        )
        for annotations in (
            {f"{PREFIX}aws-load-balancer-scheme": "internal", f"{PREFIX}aws-load-balancer-type": "external"},
            {f"{PREFIX}aws-load-balancer-internal": "true"},
            {"networking.gke.io/load-balancer-type": "Internal"},
            {f"{PREFIX}azure-load-balancer-internal": "true"},
        )
    ),
    kubernetes("networking.k8s.io/v1:NetworkPolicy", spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}),
    kubernetes(
        "networking.k8s.io/v1:NetworkPolicy",
        spec={
            "podSelector": {"matchLabels": {"app": "a"}},
            "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "web"}}}]}],
            "egress": [
                {
                    "to": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
                    "ports": [{"port": 53, "protocol": "UDP"}],
                },
                {"to": [{"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.0.9.0/24"]}}]},
            ],
        },
    ),
    kubernetes(
        "networking.k8s.io/v1:Ingress",
        spec={
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["a.example.org"], "secretName": "tls"}],
            "rules": [{"host": "a.example.org"}],
        },
    ),
    resource(
        "kubernetes:core/v1:Namespace",
        {"metadata": {"name": "app", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
    ),
    kubernetes("core/v1:Secret", stringData=secret({"password": "hunter2"})),
    kubernetes("core/v1:ConfigMap", data={"app.yaml": "log: info\ntoken_ttl: 3600\nurl: https://a.internal/token\n"}),
    rbac("Role", rules=[{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list", "watch"]}]),
    rbac("Role", rules=[{"apiGroups": [""], "resources": ["secrets"], "resourceNames": ["tls"], "verbs": ["get"]}]),
    rbac("ClusterRole", rules=[{"nonResourceURLs": ["/metrics", "/healthz/*"], "verbs": ["get"]}]),
    rbac("ClusterRole", aggregationRule={"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}, rules=[]),
    rbac(
        "RoleBinding",
        roleRef={"kind": "Role", "name": "reader"},
        subjects=[{"kind": "ServiceAccount", "name": "app", "namespace": "app"}],
    ),
    rbac(
        "ClusterRoleBinding",
        roleRef={"kind": "ClusterRole", "name": "view"},
        subjects=[{"kind": "Group", "name": "platform-team"}],
    ),
    kubernetes(
        "storage.k8s.io/v1:StorageClass",
        provisioner="ebs.csi.aws.com",
        parameters={"encrypted": "true", "kmsKeyId": "arn:aws:kms:eu-west-1:1:key/a"},
    ),
    kubernetes("storage.k8s.io/v1:StorageClass", provisioner="efs.csi.aws.com"),
    kubernetes("core/v1:PersistentVolumeClaim", spec={"storageClassName": "encrypted"}),
    kubernetes(
        "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
        webhooks=[{"rules": [{"apiGroups": [""], "resources": ["pods"]}], "clientConfig": {"service": {"name": "w"}}}],
    ),
    kubernetes("policy/v1:PodDisruptionBudget", spec={"minAvailable": 1}),
    kubernetes("autoscaling/v2:HorizontalPodAutoscaler", spec={"maxReplicas": 3}),
    kubernetes("cert-manager.io/v1:Certificate", spec={"secretName": "tls", "dnsNames": ["a.example.org"]}),
    kubernetes("monitoring.coreos.com/v1:ServiceMonitor", spec={"endpoints": [{"port": "metrics"}]}),
]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.parametrize("declared", HARDENED, ids=lambda declared: declared.type)
def test_hardened_code_is_silent(declared: Declared, preview: bool) -> None:
    report = judge(declared, preview=preview)
    assert report.violations == []
    assert report.notes == ""
