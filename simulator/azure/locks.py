"""Management locks: what they keep from being deleted, or changed."""

from functools import partial

from simulator.azure.arm import FACTS, GROUP, LOCK, row
from simulator.azure.keys import KEY, SECRET
from simulator.azure.postgres import PARAMETER
from simulator.cloud import Operation, Rule

TYPES = (row(LOCK, "{scope}/providers/Microsoft.Authorization/locks/{lockName}", 2, within=""),)


def _locked(levels: tuple[str, ...], operation: Operation) -> str | None:
    id_ = (operation.id or operation.text(operation.type.id)).lower()
    for lock in operation.others(LOCK):
        scope = str(lock.get("scope")).lower()
        inside = operation.type.token == GROUP and scope.startswith(f"{id_}/")
        if str(lock.get("level")).lower() in levels and (inside or f"{id_}/".startswith(f"{scope}/")):
            return f"{operation.id or id_!r} is locked ({lock.get('level')}): remove {lock.id} first"
    return None


def rules(tokens: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of locks on these types: of a scope, of all in it, and of the group that a locked resource is in.

    Keys and secrets are deleted over the vault's data plane, and a server's parameter is set back: no deletions to ARM.
    """
    writes = tuple(token for token in tokens if token != LOCK)
    deletes = tuple(token for token in writes if token not in (KEY, SECRET, PARAMETER))
    kept, frozen = partial(_locked, ("cannotdelete", "readonly")), partial(_locked, ("readonly",))
    return (
        Rule(
            "ManagementLockByScope-deletes", deletes, "a lock keeps from deletion", "ScopeLocked", FACTS, kept, "delete"
        ),
        Rule("ManagementLockByScope-writes", writes, "a ReadOnly lock keeps from change", "ScopeLocked", FACTS, frozen),
    )
