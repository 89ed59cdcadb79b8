"""Facts about what a program hands to a cluster: its secrets, and what cannot be looked into."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class SecretMarking(Fact):
    """Whether the program marks a secret's content secret, so that the state and the logs keep it so."""

    marked: Field[bool]


@fact
class SecretEnvironment(Fact):
    """Whether a container's environment takes in a whole Secret, whatever is put into it."""

    whole: Field[bool]


@fact
class OpaqueManifest(Fact):
    """Whether what is made comes from where neither the program nor this pack sees it: a chart, a repository."""

    opaque: Field[bool]
