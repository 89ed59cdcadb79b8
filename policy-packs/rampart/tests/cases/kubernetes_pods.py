"""Cases of the controls on pods: what they share with their node, and where they hide."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates
from rampart_policy.testing_pods import deployment, pod, pod_spec

TEMPLATE = "spec.template.spec"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"


def volumes(*volumes: Any) -> Declared:
    return deployment(volumes=list(volumes))


def mounts(**mount: Any) -> Declared:
    return deployment({"volumeMounts": [{"name": "data", "mountPath": "/data", **mount}]})


def account(name: Any, **properties: Any) -> Declared:
    return resource(ACCOUNT, {"metadata": {"name": name}, **properties}, name="account")


def custom(token: str, spec: Any) -> Declared:
    return resource(f"kubernetes:{token}", {"spec": spec})


HOST = "no-host-namespace"
OPEN = pod_spec(hostNetwork=True)
SILENT = deployment(automountServiceAccountToken=None)

CASES = [
    violates(HOST, deployment(hostNetwork=True), at=f"{TEMPLATE}.hostNetwork is true"),
    violates(HOST, deployment(hostPID=True), at="hostPID"),
    violates(HOST, pod(hostIPC="true"), at="spec.hostIPC"),
    violates(HOST, deployment(hostNetwork=UNKNOWN, hostPID=True), at="hostPID"),
    *(
        violates(HOST, deployment(type=f"kubernetes:{token}", hostNetwork=True), at=f"{TEMPLATE}.hostNetwork")
        for token in (
            "apps/v1:DaemonSet",
            "apps/v1beta1:StatefulSet",
            "apps/v1:ReplicaSet",
            "apps/v1:DeploymentPatch",
            "batch/v1:Job",
            "core/v1:ReplicationController",
            "extensions/v1beta1:Deployment",
            "extensions/v1beta1:DaemonSetPatch",
            "argoproj.io/v1alpha1:Rollout",
            "serving.knative.dev/v1:Service",
            "apps.kruise.io/v1alpha1:CloneSet",
            "acme.example/v1:Unheard",
        )
    ),
    violates(
        HOST,
        resource("kubernetes:batch/v1:CronJob", {"spec": {"jobTemplate": {"spec": {"template": {"spec": OPEN}}}}}),
        at="spec.jobTemplate.spec.template.spec.hostNetwork",
    ),
    violates(
        HOST, resource("kubernetes:core/v1:PodTemplate", {"template": {"spec": OPEN}}), at="template.spec.hostNetwork"
    ),
    violates(
        HOST,
        resource("kubernetes:core/v1:PodList", {"items": [{"spec": pod_spec()}, {"spec": OPEN}]}),
        at="items[1].spec",
    ),
    violates(
        HOST,
        resource(
            "kubernetes:core/v1:List",
            {
                "items": [
                    {
                        "apiVersion": "v1",
                        "kind": "List",
                        "items": [
                            {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": OPEN}}}
                        ],
                    }
                ]
            },
        ),
        at="items[0].items[0].spec.template.spec.hostNetwork",
    ),
    violates(
        HOST,
        custom("keda.sh/v1alpha1:ScaledJob", {"jobTargetRef": {"template": {"spec": OPEN}}}),
        at="spec.jobTargetRef.template.spec.hostNetwork",
    ),
    violates(
        HOST,
        custom("ray.io/v1:RayCluster", {"workerGroupSpecs": [{"template": {"spec": OPEN}}]}),
        at="spec.workerGroupSpecs[0].template.spec.hostNetwork",
    ),
    violates(
        HOST,
        custom("argoproj.io/v1alpha1:Workflow", {"hostNetwork": True, "templates": [{"container": {"image": "a:1"}}]}),
        at="spec.hostNetwork",
    ),
    passes(HOST, deployment(hostNetwork=False, hostPID=None)),
    passes(HOST, custom("argoproj.io/v1alpha1:Rollout", {"template": {"spec": pod_spec()}})),
    passes(HOST, resource("kubernetes:apps/v1:DeploymentPatch", {"spec": {"replicas": 3}})),
    undecided(HOST, deployment(hostIPC=UNKNOWN)),
    undecided(HOST, custom("argoproj.io/v1alpha1:Rollout", UNKNOWN)),
    undecided(HOST, custom("argoproj.io/v1alpha1:Rollout", {"template": {"spec": UNKNOWN}})),
    undecided(HOST, resource("kubernetes:apps/v1:Deployment", {"spec": UNKNOWN})),
    violates("no-shared-process-namespace", deployment(shareProcessNamespace=True), at="shareProcessNamespace"),
    passes("no-shared-process-namespace", deployment(shareProcessNamespace=False)),
    undecided("no-shared-process-namespace", deployment(shareProcessNamespace=UNKNOWN)),
    violates("no-host-port", deployment({"ports": [{"containerPort": 80, "hostPort": 80}]}), at="ports[0].hostPort"),
    violates(
        "no-host-port",
        deployment({"ports": [{"containerPort": 1}, {"containerPort": 2, "hostPort": "8080"}]}),
        at="ports[1].hostPort",
    ),
    violates(
        "no-host-port",
        deployment(initContainers=[{"name": "a", "ports": [{"hostPort": 9}]}]),
        at="initContainers[0].ports[0].hostPort",
    ),
    passes("no-host-port", deployment({"ports": [{"containerPort": 8080, "hostPort": 0}]})),
    undecided("no-host-port", deployment({"ports": [{"hostPort": UNKNOWN}]})),
    violates("no-host-path", volumes({"name": "a", "hostPath": {"path": "/var/run/docker.sock"}}), at="docker.sock"),
    violates("no-host-path", volumes({"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {}}), at="volumes[1]"),
    violates(
        "no-host-path",
        resource("kubernetes:core/v1:PersistentVolume", {"spec": {"hostPath": {"path": "/data"}}}),
        at="spec.hostPath",
    ),
    passes("no-host-path", volumes({"name": "a", "emptyDir": {}}, {"name": "b", "secret": {"secretName": "s"}})),
    passes("no-host-path", resource("kubernetes:core/v1:PersistentVolume", {"spec": {"csi": {"driver": "ebs"}}})),
    undecided("no-host-path", volumes(UNKNOWN)),
    undecided("no-host-path", deployment(volumes=UNKNOWN)),
    violates("volume-kind-is-restricted", volumes({"name": "a", "nfs": {"server": "s"}}), at="volumes[0].nfs"),
    violates("volume-kind-is-restricted", volumes({"name": "a", "gitRepo": {"repository": "r"}}), at="gitRepo"),
    violates("volume-kind-is-restricted", volumes({"name": "a", "flexVolume": {"driver": "d"}}), at="flexVolume"),
    passes(
        "volume-kind-is-restricted", volumes({"name": "a"}, {"name": "b", "nfs": None, "projected": {"sources": []}})
    ),
    undecided("volume-kind-is-restricted", volumes(UNKNOWN)),
    violates("no-bidirectional-mount", mounts(mountPropagation="Bidirectional"), at="mountPropagation"),
    passes("no-bidirectional-mount", mounts(mountPropagation="HostToContainer")),
    undecided("no-bidirectional-mount", mounts(mountPropagation=UNKNOWN)),
    violates(
        "no-unsafe-sysctl",
        deployment(securityContext={"sysctls": [{"name": "net.ipv4.tcp_syncookies"}, {"name": "kernel.msgmax"}]}),
        at="securityContext.sysctls[1].name",
    ),
    passes("no-unsafe-sysctl", deployment(securityContext={"sysctls": [{"name": "net/ipv4/tcp_syncookies"}]})),
    undecided("no-unsafe-sysctl", deployment(securityContext={"sysctls": [{"name": UNKNOWN}]})),
    violates("no-default-service-account", deployment(serviceAccountName="default"), at="serviceAccountName"),
    violates(
        "no-default-service-account",
        deployment(serviceAccountName=None, automountServiceAccountToken=True),
        at="serviceAccountName",
    ),
    violates(
        "no-default-service-account",
        deployment(serviceAccountName=None, serviceAccount="default"),
        at="serviceAccount ",
    ),
    passes("no-default-service-account", deployment(serviceAccountName=None)),
    passes("no-default-service-account", deployment(serviceAccountName="default-reader")),
    undecided("no-default-service-account", deployment(serviceAccountName=UNKNOWN)),
    violates(
        "no-mounted-token", deployment(automountServiceAccountToken=True), at="automountServiceAccountToken is true"
    ),
    violates("no-mounted-token", SILENT, at=f"{TEMPLATE}.automountServiceAccountToken"),
    violates("no-mounted-token", SILENT, account("other", automountServiceAccountToken=False), at="automount"),
    violates("no-mounted-token", account("default"), at="automountServiceAccountToken"),
    violates("no-mounted-token", account("app", automountServiceAccountToken=True), at="automountServiceAccountToken"),
    violates(
        "no-mounted-token",
        custom("serving.knative.dev/v1:Service", {"template": {"spec": pod_spec(automountServiceAccountToken=True)}}),
        at=f"{TEMPLATE}.automountServiceAccountToken",
    ),
    passes("no-mounted-token", deployment(automountServiceAccountToken=False)),
    passes("no-mounted-token", SILENT, account("app", automountServiceAccountToken=False)),
    passes("no-mounted-token", account("app")),
    passes("no-mounted-token", resource("kubernetes:apps/v1:DeploymentPatch", {"spec": {"template": {"spec": {}}}})),
    undecided("no-mounted-token", deployment(automountServiceAccountToken=UNKNOWN)),
    undecided("no-mounted-token", SILENT, account("app", automountServiceAccountToken=UNKNOWN)),
    violates(
        "no-default-namespace",
        resource("kubernetes:core/v1:Pod", {"metadata": {"namespace": "default"}, "spec": pod_spec()}),
        at="metadata.namespace",
    ),
    passes("no-default-namespace", deployment()),
    passes("no-default-namespace", resource("kubernetes:core/v1:Pod", {"metadata": {"namespace": "defaults"}})),
    undecided("no-default-namespace", resource("kubernetes:core/v1:Pod", {"metadata": UNKNOWN, "spec": pod_spec()})),
]
