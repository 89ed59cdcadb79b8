"""Facts about access: who may do what, and on what."""

from dataclasses import dataclass
from enum import StrEnum

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


class Audience(StrEnum):
    """How many a principal stands for."""

    EVERYONE = "everyone"
    ORGANIZATION = "organization"
    """A whole domain, or a role's holders on a project: not one identity, and not listed anywhere."""
    OTHER_ACCOUNT = "other account"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is given access. text: as the program wrote it."""

    text: str
    audience: Audience

    def __str__(self) -> str:
        return self.text


@fact
class AccessGrant(Fact):
    """One principal that a policy, a binding or an access list lets at a resource.

    narrowed: a condition names who, or from where.
    """

    allows: Field[bool]
    principal: Field[Principal]
    narrowed: Field[bool]


@dataclass(frozen=True, slots=True)
class Role:
    """A role. broad: it may do nearly everything, or give itself more. text: as the program wrote it."""

    text: str
    broad: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role applies. broad: to far more than the resources it is meant for. text: as the program wrote it."""

    text: str
    broad: bool

    def __str__(self) -> str:
        return self.text


@fact
class RoleGrant(Fact):
    """A role given on a scope."""

    role: Field[Role]
    scope: Field[Scope]


@fact
class EndpointPolicy(Fact):
    """One statement of what a private endpoint lets through. everything: any action on anybody's resources.

    narrowed: a condition names whose resources, or which callers.
    """

    allows: Field[bool]
    everything: Field[bool]
    narrowed: Field[bool]


@fact
class AnonymousAccess(Fact):
    """A switch that decides whether a store's content can be made public."""

    possible: Field[bool]


@fact
class AccessLists(Fact):
    """Whether a store's objects carry access lists of their own, beside its policy."""

    enabled: Field[bool]


@fact
class LocalCredentials(Fact):
    """Whether a service takes keys or users of its own, which no identity provider knows."""

    accepted: Field[bool]


@fact
class Authentication(Fact):
    """Whether a service asks who is calling, of everyone who reaches it."""

    required: Field[bool]


@fact
class CrossTenantReplication(Fact):
    """Whether a store may be copied to another organisation's."""

    possible: Field[bool]


@fact
class StorePublicAccess(StackFact):
    """Whether a store's public access block exists. What the block says is judged where it is declared."""

    block: Field[bool]


@fact
class StoreAccessLists(StackFact):
    """Whether a store's ownership setting, which turns access lists off, exists."""

    ownership: Field[bool]


@fact
class Guardrail(Fact):
    """A rule of the organization about what its projects or subscriptions may do. enforced: it holds."""

    enforced: Field[bool]


@fact
class CrossOrigin(Fact):
    """Whether web pages of any site may read a service's answers (CORS)."""

    open: Field[bool]
