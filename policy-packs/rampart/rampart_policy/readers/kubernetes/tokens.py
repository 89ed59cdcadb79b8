"""Tokens for the cluster's API: which pods get one, and which outlive the pod.

https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
"""

from collections.abc import Iterator

from rampart_policy.facts import ExportedKey, Fact, TokenMount
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.readers.kubernetes.pod_shapes import Pod
from rampart_policy.readers.kubernetes.pods import WHERE, pods
from rampart_policy.registry import stack_fallback, stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN, Field, Node, Unknown

ACCOUNT = "kubernetes:core:ServiceAccount"
MOUNT = "automountServiceAccountToken"


@stack_reader(*(f"kubernetes:{kind}" for kind in WHERE))
@stack_fallback("kubernetes")
def pod_tokens(made: Resource, stack: Stack) -> Iterator[TokenMount]:
    kind = made.type.partition(":")[2]
    if kind.endswith("Patch"):
        return
    for pod in pods(Manifest(made.properties, kind)):
        yield TokenMount(mounted=_mounted(pod, made, stack))


def _mounted(pod: Pod, made: Resource, stack: Stack) -> Field[bool]:
    own = pod.spec.key(MOUNT)
    if not own.missing:
        return own.flag(default=True)
    answers = [account.at(MOUNT).flag(default=True) for account in _accounts(pod, made, stack)]
    if not answers:
        named = pod.spec.key("serviceAccountName").text(default="default")
        maybe = not named.known and any(stack.of(ACCOUNT))
        return Field(UNKNOWN, named.path) if maybe else own.flag(default=True)
    if len({answer.value for answer in answers}) > 1:
        return Field(UNKNOWN, own.path)
    return Field(answers[0].value, own.path, source=f"{answers[0].shown} on its service account")


def _accounts(pod: Pod, made: Resource, stack: Stack) -> list[Resource]:
    """The stack's accounts that the pod may run as: by name, or by what its spec was built from."""
    name = pod.spec.key("serviceAccountName").text(default="default").value
    if isinstance(name, Unknown):
        built_from = stack.origins(made, "spec", ACCOUNT)
        return [account for account in stack.of(ACCOUNT) if account.urn in built_from]
    space = _namespace(made.properties)
    return [
        account
        for account in stack.of(ACCOUNT)
        if account.at("metadata.name").raw == name
        and (space is None or _namespace(account.properties) in (None, space))
    ]


def _namespace(root: Node) -> str | None:
    """Where an object is; `None` where that is not known."""
    found = root.at("metadata.namespace").text(default="default").value
    return found if isinstance(found, str) else None


@stack_reader(ACCOUNT)
def account(made: Resource, stack: Stack) -> Iterator[TokenMount]:
    """An account that says so has its token in every pod; the namespace's own has, unless it says no."""
    place = made.at(MOUNT)
    if not place.missing or made.at("metadata.name").raw == "default":
        yield TokenMount(mounted=place.flag(default=True))


@manifest("core:ServiceAccount")
def service_account(made: Manifest) -> Iterator[Fact]:
    """Judged with its stack: what counts is whether a pod gets its token."""
    yield from ()


@manifest("authentication.k8s.io:TokenRequest")
def token_request(made: Manifest) -> Iterator[ExportedKey]:
    yield ExportedKey(exported=Field(True, made.at("kind").path, source="a token request"))


SIGNERS = ("kubernetes.io/kube-apiserver-client", "kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/legacy")


@manifest("certificates.k8s.io:CertificateSigningRequest")
def signing_request(made: Manifest) -> Iterator[ExportedKey]:
    """A client certificate is a login that nobody can take back before it expires."""
    signer = made.at("spec.signerName").text(default="kubernetes.io/legacy")
    yield ExportedKey(exported=signer.map(lambda name: name.startswith(SIGNERS)))
