"""Facts about who the program itself acts as, and what it makes up."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class CloudLogin(Fact):
    """A provider instance. default: nobody declared it. pinned: it works in one named account only."""

    default: Field[bool]
    pinned: Field[bool]


@fact
class VaultAuthorization(Fact):
    """Whether a vault asks the cloud's role-based access control, rather than policies of its own."""

    role_based: Field[bool]


@fact
class GeneratedPassword(Fact):
    """A random password. entropy: bits, from its length and the characters it is made of."""

    entropy: Field[float]


@fact
class GeneratedSecret(Fact):
    """Something random that is called a secret. marked: its provider gives it out as one."""

    marked: Field[bool]


@fact
class Review(Fact):
    """Whether this pack knows the resource's type: it has a reader, or a stated reason to need none."""

    reviewed: Field[bool]


@fact
class ClearTextSecret(Fact):
    """Whether a secret stands where whoever may look at a resource's configuration reads it."""

    present: Field[bool]
