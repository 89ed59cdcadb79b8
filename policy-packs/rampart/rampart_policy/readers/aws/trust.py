"""Who may act as an AWS role: services, and logins of identity providers.

IAM User Guide, "The confused deputy problem", "Create a role for OpenID Connect federation", "SAML federation".
"""

import re
from collections.abc import Callable, Iterator

from rampart_policy.facts import FederatedTrust, ServiceTrust
from rampart_policy.readers.aws.actions import has_wildcard
from rampart_policy.readers.aws.policies import Statement, statements
from rampart_policy.values import Field, Node, Unknown, either, every

DEPUTIES = re.compile(
    r"(?:vpc-flow-logs|monitoring\.rds|scheduler|pipes|states|ssm|transfer|bedrock|logs(?:\.[a-z0-9-]+)?)"
    r"\.amazonaws\.com"
)
"""Services that act for every customer and say for whose resource, as each one's guide has it. EC2, Lambda and EKS say
nothing of the kind."""

EXACT_OPERATORS = frozenset({"stringequals", "stringlike", "stringequalsignorecase"})
"""Operators that hold only where the token has the claim; `ForAllValues` and `IfExists` hold without it too."""

COGNITO = "cognito-identity.amazonaws.com"


def trust(document: Node) -> Iterator[ServiceTrust | FederatedTrust]:
    """What a role's trust policy says of services and of identity providers."""
    for statement in statements(document):
        principal = statement.node.key("Principal")
        if isinstance(principal.raw, Unknown):
            unknown: Field[bool] = Field(principal.raw, principal.path)
            yield ServiceTrust(allows=statement.allows, deputy=unknown, scoped=statement.narrowed)
            yield FederatedTrust(allows=unknown, exact=unknown)
        if not isinstance(principal.raw, dict):
            continue
        for service in principal.key("Service").items():
            deputy = service.text(default="").map(lambda name: bool(DEPUTIES.fullmatch(name)))
            yield ServiceTrust(allows=statement.allows, deputy=deputy, scoped=statement.narrowed)
        for provider in principal.key("Federated").items():
            yield _federated(statement, provider)


def _federated(statement: Statement, provider: Node) -> FederatedTrust:
    """By the kind of provider: SAML names its audience, a Cognito pool itself and who has logged in, all others the
    subject and the audience.
    """
    name = provider.raw if isinstance(provider.raw, str) else ""
    issuer = name.rpartition("oidc-provider/")[2].lower()
    if ":saml-provider/" in name:
        exact = _claim(statement, lambda key: key == "saml:aud", _is_exact)
        return FederatedTrust(allows=statement.allows, exact=exact)
    if name == COGNITO:
        pool = _claim(statement, lambda key: key == f"{COGNITO}:aud", _is_exact)
        login = _claim(statement, lambda key: key == f"{COGNITO}:amr", lambda text: text != "unauthenticated")
        return FederatedTrust(allows=statement.allows, exact=login, audience=pool)
    prefix = f"{issuer}:" if issuer else ""
    subject = _claim(statement, lambda key: key.startswith(prefix) and key.endswith(":sub"), _is_exact)
    known = Field(provider.raw if isinstance(provider.raw, Unknown) else True, provider.path)
    return FederatedTrust(
        allows=statement.allows,
        exact=every(subject, known),
        audience=_claim(statement, lambda key: key.startswith(prefix) and key.endswith(":aud"), _is_exact),
    )


def _is_exact(text: str) -> bool:
    return bool(text) and not has_wildcard(text)


def _claim(statement: Statement, wanted: Callable[[str], bool], good: Callable[[str], bool]) -> Field[bool]:
    """Whether a condition on a claim lists values in full. Conditions hold together: one that does is enough."""
    found = [
        every(*(item.text(default="*").map(good) for item in value.items()))
        for operator, key, value in statement.conditions
        if wanted(key) and operator.removeprefix("foranyvalue:") in EXACT_OPERATORS and not value.missing
    ]
    if found:
        return either(*found)
    place = statement.node.key("Condition")
    return Field(place.raw if isinstance(place.raw, Unknown) else False, place.path)
