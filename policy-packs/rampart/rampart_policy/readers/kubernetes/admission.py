"""What a cluster refuses: namespaces' Pod Security, webhooks, admission policies, and the policies on pods of old.

`admissionregistration.k8s.io`; Pod Security Admission; `policy/v1beta1` PodSecurityPolicy; OpenShift
SecurityContextConstraints.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    AdmissionAction,
    AdmissionFailure,
    AdmissionScope,
    AdmissionTarget,
    CertificateCheck,
    Fact,
    NamespaceAdmission,
)
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine, every

ENFORCE = "pod-security.kubernetes.io/enforce"


@manifest("core:Namespace")
def namespace(made: Manifest) -> Iterator[NamespaceAdmission]:
    level = made.label(ENFORCE)
    if not (made.partial and level.missing):
        yield NamespaceAdmission(level=level.text(default=""))


@manifest(
    "admissionregistration.k8s.io:ValidatingWebhookConfiguration",
    "admissionregistration.k8s.io:MutatingWebhookConfiguration",
)
def webhooks(made: Manifest) -> Iterator[Fact]:
    version = made.at("apiVersion").text(default="admissionregistration.k8s.io/v1").value
    beta = isinstance(version, str) and version.endswith("v1beta1")  # whose default was to ignore
    for webhook in made.at("webhooks").items():
        policy = webhook.key("failurePolicy").text(default="Ignore" if beta and not made.partial else "Fail")
        yield AdmissionFailure(ignored=policy.map(lambda text: text == "Ignore"))
        yield AdmissionScope(everything=_everything(webhook))
        url = webhook.at("clientConfig.url")
        if not url.missing:
            yield AdmissionTarget(outside=url.text(default="").map(_leaves))


def _leaves(url: str) -> bool:
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    return not host.endswith((".svc", ".svc.cluster.local", "localhost"))


def _everything(webhook: Node) -> Field[bool]:
    """Every resource of every group, in every namespace."""
    if isinstance(webhook.raw, Unknown):
        return Field(UNKNOWN, webhook.path)
    for key in ("namespaceSelector", "objectSelector", "matchConditions"):
        selector = webhook.key(key)
        if isinstance(selector.raw, Unknown):
            return Field(UNKNOWN, selector.path)
        if isinstance(selector.raw, list) and selector.raw:
            return Field(False, selector.path)
        if isinstance(selector.raw, dict) and any(
            selector.raw.get(part) for part in ("matchLabels", "matchExpressions")
        ):
            return Field(False, selector.path)
    for rule in webhook.key("rules").items():
        wide = every(_has_star(rule.key("apiGroups")), _has_star(rule.key("resources")))
        if wide.value is not False:
            return Field(wide.value, rule.path, source="every resource of every API group, in every namespace")
    return Field(False, webhook.key("rules").path)


def _has_star(words: Node) -> Field[bool]:
    texts = [item.text(default="").value for item in words.items()]
    if any(text in ("*", "*/*") for text in texts):
        return Field(True, words.path)
    return Field(UNKNOWN if any(isinstance(text, Unknown) for text in texts) else False, words.path)


@manifest(
    "admissionregistration.k8s.io:ValidatingAdmissionPolicy", "admissionregistration.k8s.io:MutatingAdmissionPolicy"
)
def policy(made: Manifest) -> Iterator[AdmissionFailure]:
    failure = made.at("spec.failurePolicy").text(default="Fail")
    yield AdmissionFailure(ignored=failure.map(lambda text: text == "Ignore"))


@manifest("admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding")
def binding(made: Manifest) -> Iterator[AdmissionAction]:
    actions = made.at("spec.validationActions")
    if actions.missing and made.partial:
        return
    words = [item.text(default="") for item in actions.items()]
    denies = any(word.value == "Deny" for word in words)
    unknown = any(not word.known for word in words) and not denies
    yield AdmissionAction(denies=Field(UNKNOWN if unknown else denies, actions.path, source=actions.raw or "nothing"))


@manifest("apiregistration.k8s.io:APIService")
def api_service(made: Manifest) -> Iterator[CertificateCheck]:
    yield CertificateCheck(skipped=made.at("spec.insecureSkipTLSVerify").flag(default=False))


@manifest("kyverno.io:ClusterPolicy", "kyverno.io:Policy")
def kyverno(made: Manifest) -> Iterator[Fact]:
    """A Kyverno policy that only audits refuses nothing; rules may say so one by one."""
    whole = made.at("spec.validationFailureAction")
    for rule in made.at("spec.rules").items():
        if rule.key("validate").missing:
            continue
        own = rule.at("validate.failureAction")
        place = whole if own.missing else own
        yield AdmissionAction(denies=place.text(default=made.unset("Audit", "Enforce")).map(_enforces))
    failure = made.at("spec.failurePolicy").text(default="Fail")
    yield AdmissionFailure(ignored=failure.map(lambda text: text == "Ignore"))


def _enforces(text: str) -> bool:
    return text.lower() == "enforce"


@manifest("kyverno.io:PolicyException")
def kyverno_exception(made: Manifest) -> Iterator[AdmissionAction]:
    """An exception for every object is the policy's end."""
    wide = combine(lambda kinds: "*" not in kinds, Field(_kinds(made), made.at("spec.match").path))
    yield AdmissionAction(denies=wide)


def _kinds(made: Manifest) -> frozenset[str]:
    places = [*made.at("spec.match.any").items(), *made.at("spec.match.all").items()]
    return frozenset(
        text for place in places for kind in place.at("resources.kinds").items() if isinstance(text := kind.raw, str)
    )
