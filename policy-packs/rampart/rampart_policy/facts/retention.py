"""Facts about deletion: what stands in its way, and what is left after it."""

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@fact
class DeletionProtection(Fact):
    """Whether the cloud, or its provider, refuses to delete a store or key until a switch is turned off."""

    enabled: Field[bool]


@fact
class KeyRetention(Fact):
    """Whether the provider refuses to delete a key until it is told otherwise, where the cloud only waits."""

    prevented: Field[bool]


@fact
class DeletionLock(StackFact):
    """Whether a lock, which is another resource, holds a store back from deletion."""

    locked: Field[bool]


@fact
class StateProtection(Fact):
    """Whether Pulumi refuses to delete or replace a store or key (the resource option `protect`)."""

    enabled: Field[bool]


@fact
class FinalBackup(Fact):
    """Whether a backup outlives the database that is deleted all the same."""

    kept: Field[bool]


@fact
class ForcedDeletion(Fact):
    """Whether deleting a bucket deletes what is in it, instead of failing."""

    allowed: Field[bool]
