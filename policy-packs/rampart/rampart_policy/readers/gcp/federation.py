"""Google Cloud: who may become one of the project's identities from outside, and keys that leave it."""

import re
from collections.abc import Iterator

from rampart_policy.facts import ExportedKey, FederatedTrust, Transport
from rampart_policy.readers.table import (
    admits,
    always,
    at,
    exported_key,
    filled,
    includes,
    negated,
    off,
    one_of,
    plain_url,
    secret_in_clear,
    service,
    set_,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import combine

SHARED_ISSUERS = (
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "app.terraform.io",
    "api.pulumi.com",
    "accounts.google.com",
    "oidc.circleci.com",
    "agent.buildkite.com",
    "api.bitbucket.org",
    "oidc.vercel.com",
    "auth.spacelift.io",
)
"""Issuers that sign for whoever has an account there (IAM documentation, "Best practices for Workload Identity
Federation": attribute conditions)."""

_PREFIX = re.compile(r"(?:contains|startsWith)\s*\(\s*['\"](?P<text>[^'\"]*)['\"]", re.IGNORECASE)
"""A part of a name is a name that others may take too, unless it ends where a name's part does."""

_COMPARES = re.compile(r"==|\bin\b|\bstartsWith\s*\(|\bmatches\s*\(", re.IGNORECASE)
_TRIVIAL = re.compile(
    r"^(?:true|1\s*==\s*1)$|startsWith\s*\(\s*['\"]{2}\s*\)|matches\s*\(\s*['\"]\.\*['\"]", re.IGNORECASE
)

no_surface(
    {
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": "holds providers, which are judged",
        "gcp:iam/workloadIdentityPoolNamespace:WorkloadIdentityPoolNamespace": "a folder of managed identities",
        "gcp:iam/workforcePool:WorkforcePool": "holds providers of the organization's own people",
        "gcp:iam/oauthClient:OauthClient": "an application that asks people to sign in",
    }
)


@reader("gcp:serviceaccount/key:Key")
def service_account_key(made: Resource) -> Iterator[ExportedKey]:
    """With a public key of the program's own (`public_key_data`), the private one is not Google's to hand out."""
    yield ExportedKey(exported=made.at("publicKeyData").given.map(lambda own: not own))


@reader("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider")
def pool_provider(made: Resource) -> Iterator[FederatedTrust | Transport]:
    """An issuer that others use too must be narrowed by a condition; one of the own cluster or account says by itself
    whose it is.
    """
    issuer = made.at("oidc.issuerUri").text(default="")
    shared = issuer.map(lambda text: any(name in text.lower() for name in SHARED_ISSUERS))
    on = made.at("disabled").flag(default=False).map(lambda off_: not off_)
    condition = made.at("attributeCondition").text(default="")
    exact = combine(lambda text, others: _narrows(text) or not (others or text), condition, shared)
    yield FederatedTrust(allows=on, exact=exact)
    for audience in made.at("oidc.allowedAudiences").items():
        yield FederatedTrust(allows=on, exact=audience.text(default="").map(lambda text: "*" not in text))
    yield Transport(plaintext=plain_url("oidc.issuerUri")(made.properties))


service(
    "gcp:projects/apiKey:ApiKey",
    exported_key(negated(filled("restrictions.apiTargets"))),
    at("restrictions.serverKeyRestrictions", admits("allowedIps")),
    set_(
        "restrictions.browserKeyRestrictions",
        exported_key(includes("restrictions.browserKeyRestrictions.allowedReferrers", "*")),
    ),
)
service("gcp:storage/hmacKey:HmacKey", exported_key(always))
service("gcp:iam/oauthClientCredential:OauthClientCredential", exported_key(off("disabled")))
service("gcp:iam/workforcePoolProviderScimToken:WorkforcePoolProviderScimToken", exported_key(always))
service(
    "gcp:iam/workforcePoolProvider:WorkforcePoolProvider",
    secret_in_clear(
        one_of(
            filled("oidc.clientSecret.value.plainText"),
            filled("extraAttributesOauth2Client.clientSecret.value.plainText"),
        )
    ),
)


def _narrows(condition: str) -> bool:
    loose = any(not found["text"].endswith(("/", ":")) for found in _PREFIX.finditer(condition))
    return bool(_COMPARES.search(condition)) and not loose and not _TRIVIAL.search(condition.strip())
