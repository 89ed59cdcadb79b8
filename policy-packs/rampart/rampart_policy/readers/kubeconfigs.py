"""The provider of a cluster: which cluster it is, and how it logs in."""

import re
from collections.abc import Iterator

from rampart_policy.facts import CertificateCheck, ClearTextSecret, Fact
from rampart_policy.readers import kinds
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown, either

_LOGIN = re.compile(r"""["']?(?:client-key-data|token|password)["']?\s*:\s*["']?[^\s"'{}]""")
_UNCHECKED = re.compile(r"""["']?insecure-skip-tls-verify["']?\s*:\s*["']?true""")


@reader("pulumi:providers:kubernetes")
def provider(made: Resource) -> Iterator[Fact]:
    """A provider without a kubeconfig or context works in whatever cluster the environment happens to hold."""
    kubeconfig = made.at("kubeconfig")
    named = [made.at(name).given for name in ("kubeconfig", "context", "cluster")]
    yield kinds.login(made, either(*named))
    if not kubeconfig.missing:
        yield ClearTextSecret(
            present=_holds(kubeconfig, _LOGIN, "a kubeconfig with a login in it").map(lambda found: found)
        )
        yield CertificateCheck(skipped=_holds(kubeconfig, _UNCHECKED, "insecure-skip-tls-verify: true", secret=True))


def _holds(text: Node, pattern: re.Pattern[str], shown: str, secret: bool = False) -> Field[bool]:
    """Whether a text has something in it. What is marked secret may hold a login."""
    raw = text.raw
    if text.secret and not secret:
        return Field(False, text.path)
    if isinstance(raw, Unknown):
        return Field(raw, text.path)
    return Field(isinstance(raw, str) and bool(pattern.search(raw)), text.path, source=shown)
