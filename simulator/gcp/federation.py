"""Who logs in from outside: pools of identities, their issuers, and roles of one's own."""

import re

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.identity import MEMBERS
from simulator.gcp.resource import FACTS, MET, SDK, row, tokens
from simulator.rules import matches, rule
from simulator.values import Props

POOL, PROVIDER = tokens("iam", "WorkloadIdentityPool", "WorkloadIdentityPoolProvider")
ROLE = "gcp:projects/iAMCustomRole:IAMCustomRole"
_INVALID, _TAKEN, _ABSENT = "400 INVALID_ARGUMENT", "409 ALREADY_EXISTS", "404 NOT_FOUND"
_POOLS, _ID = "locations/global/workloadIdentityPools", "(?!gcp-)[a-z0-9-]{4,32}"
_SHARED = ("token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io")
_PRINCIPAL = r"principal(Set)?://iam\.googleapis\.com/(?P<pool>projects/[^/]+/locations/global/[^/]+/[^/]+)/.+"


def _named(property_: str, pattern: str) -> Name:
    return Name(property_, SDK, pattern, _INVALID, taken=_TAKEN, auto=None)


def _number(operation: Operation) -> str:
    return str(operation.scope.settings["number"])


def _pool(operation: Operation) -> str:
    return f"projects/{_number(operation)}/{_POOLS}/{operation.one('workloadIdentityPoolId')}"


def _provider(operation: Operation) -> str:
    return f"{_pool(operation)}/providers/{operation.one('workloadIdentityPoolProviderId')}"


_GONE = "soft-deleted for 30 days"
_OF_POOL: Props = {"name": _named("workloadIdentityPoolId", _ID), "outputs": {"name": _pool, "state": "ACTIVE"}}
_OF_PROVIDER: Props = {
    "name": _named("workloadIdentityPoolProviderId", _ID),
    "outputs": {"name": _provider, "state": "ACTIVE"},
    "refs": (Ref("workloadIdentityPoolId", POOL, _ABSENT, SDK, by=("workloadIdentityPoolId",)),),
}
TYPES = (
    row(POOL, 5, f"{_POOLS}/{{workloadIdentityPoolId}}", keeps_name=_GONE, **_OF_POOL),
    row(
        PROVIDER,
        5,
        f"{_POOLS}/{{workloadIdentityPoolId}}/providers/{{workloadIdentityPoolProviderId}}",
        keeps_name=_GONE,
        **_OF_PROVIDER,
    ),
    row(
        ROLE,
        5,
        "projects/{account}/roles/{roleId}",
        "roleId project",
        name=_named("roleId", "[a-zA-Z0-9_.]{3,64}"),
        keeps_name="deleted for 7 days, and then taken for 30 more",
        outputs={"name": "{id}", "stage": "GA", "deleted": False},
    ),
)


@rule(PROVIDER, _INVALID, FACTS, property_="attributeCondition")
def _condition(operation: Operation) -> str | None:
    """An issuer that signs for others too wants a condition on one of the token's claims."""
    issuer, condition = str(operation.one("oidc.issuerUri")), str(operation.one("attributeCondition") or "")
    shared = any(f"//{name}" in issuer for name in _SHARED)
    says = "the attribute condition must reference one of the provider's claims"
    return says if shared and not re.search(r"\b(assertion|attribute|google)\.", condition) else None


@rule(PROVIDER, _INVALID, SDK, property_="attributeMapping", fix="map google.subject to assertion.sub")
def _subject(operation: Operation) -> str | None:
    """`attributeMapping` says what the subject is."""
    mapping = operation.inputs.get("attributeMapping")
    return "google.subject is not mapped" if isinstance(mapping, dict) and "google.subject" not in mapping else None


@rule(MEMBERS, _INVALID, MET, "create", "member", "make the pool first")
def _federated(operation: Operation) -> str | None:
    """The pool of a federated principal exists."""
    found = re.fullmatch(_PRINCIPAL, str(operation.one("member")))
    absent = found and not operation.find(POOL, found["pool"], ("name",))
    return f"identity pool {found['pool']} does not exist" if found and absent else None


@rule(MEMBERS, _INVALID, MET, "create", "role", "make it first")
def _own_role(operation: Operation) -> str | None:
    """A role of the project's own exists."""
    role = str(operation.one("role"))
    own = role.startswith(f"projects/{operation.account}/roles/")
    return f"role {role} does not exist" if own and not operation.find(ROLE, role) else None


RULES = (
    _condition,
    _subject,
    _federated,
    _own_role,
    matches(ROLE, "permissions", r"[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+", _INVALID, SDK),
)
