"""Azure management locks, and what they hold back from deletion."""

from rampart_policy.facts import DeletionLock
from rampart_policy.registry import no_surface
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import Field, either

LOCK = "azure-native:authorization:ManagementLockByScope"
GROUP = "azure-native:resources:ResourceGroup"

HOLDING = frozenset({"cannotdelete", "readonly"})
"""Levels of a lock that refuse deletion (`ManagementLockByScope.level`)."""

no_surface({LOCK: "holds others back from deletion; judged with what it locks"})


def lock_on(made: Resource, stack: Stack) -> DeletionLock:
    """Whether a lock is on the resource, or on its resource group: groups hand theirs down."""
    groups, _ = stack.named(made, "resourceGroupName", GROUP)
    locks = [lock for place in (made, *groups) for lock in stack.companions(place, "scope", LOCK)[0]]
    holding = [lock.at("level").text(default="").map(lambda level: level.lower() in HOLDING) for lock in locks]
    more = stack.has_companion(made, "scope", LOCK).map(lambda _: False)
    return DeletionLock(locked=Field(either(*holding, more).value, "ManagementLockByScope with this scope"))
