"""Google Cloud: who may become one of the project's identities from outside, and keys that leave it."""

from collections.abc import Iterator
from dataclasses import replace

from rampart_policy.facts import ExportedKey, FederatedTrust, Transport
from rampart_policy.readers.gcp import subjects
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
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine

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
    """An issuer that others use too must be narrowed by a condition to subjects that it names; one of the own cluster
    or account says by itself whose it is.
    """
    issuer = made.at("oidc.issuerUri").text(default="")
    shared = issuer.map(lambda text: any(name in text.lower() for name in SHARED_ISSUERS))
    on = made.at("disabled").flag(default=False).map(lambda off_: not off_)
    condition = made.at("attributeCondition").text(default="")
    mapping = _mapping(made.at("attributeMapping"))
    exact = combine(
        lambda text, others, claims: not others or subjects.is_exact(text, claims), condition, shared, mapping
    )
    yield FederatedTrust(allows=on, exact=replace(exact, value=True) if shared.value is False else exact)
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


def _mapping(place: Node) -> Field[dict[str, str]]:
    """The claim that each attribute is made of."""
    claims = {name: value.text(default="") for name, value in place.entries()}
    unknown = next((claim.value for claim in claims.values() if isinstance(claim.value, Unknown)), None)
    if isinstance(place.raw, Unknown) or unknown:
        return Field(UNKNOWN, place.path)
    return Field({name: claim.value for name, claim in claims.items() if isinstance(claim.value, str)}, place.path)
