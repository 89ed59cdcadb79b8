"""Admission: what a cluster refuses by itself."""

from rampart_policy.configuration import Settings
from rampart_policy.facts import (
    AdmissionAction,
    AdmissionFailure,
    AdmissionScope,
    AdmissionTarget,
    NamespaceAdmission,
    PodAllowance,
)
from rampart_policy.registry import Severity, control
from rampart_policy.verdicts import Verdict

LEVELS = frozenset({"restricted", "baseline"})


@control(
    id="namespace-enforces-pod-security",
    title="Namespaces enforce a Pod Security profile",
    why="Without the label, or with privileged, the namespace takes any pod, from anybody who may make one.",
    remediation="Label the namespace pod-security.kubernetes.io/enforce: restricted (warn and audit refuse nothing).",
    severity=Severity.HIGH,
    judges=NamespaceAdmission,
)
def pod_security(namespace: NamespaceAdmission, settings: Settings) -> Verdict:
    return namespace.level.must(lambda level: level in LEVELS, "restricted, or at least baseline")


@control(
    id="admission-fails-closed",
    title="When an admission check fails, nothing is admitted",
    why="With Ignore, whoever can make the webhook slow or unreachable has turned it off.",
    remediation="Set failurePolicy to Fail, and exclude by selector what must come up without it.",
    severity=Severity.HIGH,
    judges=AdmissionFailure,
)
def fails_closed(check: AdmissionFailure, settings: Settings) -> Verdict:
    return check.ignored.must_be(False, "Fail")


@control(
    id="webhook-is-narrow",
    title="Webhooks are shown the objects that they are for",
    why="A webhook for everything sees every secret, can stop or change whatever is made, and the cluster with it.",
    remediation="Name resources and API groups in its rules, or exclude namespaces with a selector.",
    severity=Severity.MEDIUM,
    judges=AdmissionScope,
)
def narrow(webhook: AdmissionScope, settings: Settings) -> Verdict:
    return webhook.everything.must(lambda everything: not everything, "named resources, or a selector")


@control(
    id="webhook-stays-in-cluster",
    title="Webhooks are answered inside the cluster",
    why="The API server sends whole objects to the address, secrets among them.",
    remediation="Name a service of the cluster in clientConfig.service.",
    severity=Severity.MEDIUM,
    judges=AdmissionTarget,
)
def inside(webhook: AdmissionTarget, settings: Settings) -> Verdict:
    return webhook.outside.must_be(False, "a service of the cluster")


@control(
    id="admission-policy-denies",
    title="Admission policies refuse what they find",
    why="A policy that warns or audits is read by few, and by nobody before the pod runs.",
    remediation="Put Deny into validationActions; Enforce for Kyverno.",
    severity=Severity.MEDIUM,
    judges=AdmissionAction,
)
def denies(policy: AdmissionAction, settings: Settings) -> Verdict:
    return policy.denies.must(bool, "Deny (Kyverno: Enforce)")


@control(
    id="pod-policy-is-restrictive",
    title="Policies on pods let none have what the Restricted profile refuses",
    why="A policy is as good as what it lets through: one permissive policy that a pod may use is used.",
    remediation="Turn it off or leave it out: privileged, host namespaces, ports and paths, all volumes, added "
    "capabilities, escalation, any user.",
    severity=Severity.HIGH,
    judges=PodAllowance,
)
def pod_policy(policy: PodAllowance, settings: Settings) -> Verdict:
    return policy.allowed.must(lambda allowed: not allowed, "what the Restricted profile allows")
