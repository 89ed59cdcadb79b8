"""Facts about who the program itself acts as, and what it makes up."""

from dataclasses import dataclass

from rampart_policy.facts.base import Fact
from rampart_policy.values import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudLogin(Fact):
    """A provider instance. default: nobody declared it. pinned: it works in one named account only."""

    default: Field[bool]
    pinned: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultAuthorization(Fact):
    """Whether a vault asks the cloud's role-based access control, rather than policies of its own."""

    role_based: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedPassword(Fact):
    """A random password. entropy: bits, from its length and the characters it is made of."""

    entropy: Field[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Fact):
    """Whether this pack knows the resource's type: it has a reader, or a stated reason to need none."""

    reviewed: Field[bool]
