"""Operations whose outcome the engine never learned, and which it forgets: it keeps only what was pending at its death.

An operation that fails may have happened all the same: the answer was lost, or the provider died. Such ones are written
down at once, to be looked into before anything is made again.
"""

import json
import threading
from pathlib import Path
from typing import Any

from pulumi.automation.events import EngineEvent

from fleet.engine import SEALED

HIDDEN = "[secret]"
"""What stands for a secret in the engine's events."""

_KINDS = {"create": "creating", "create-replacement": "creating", "update": "updating"}
_KINDS |= {"delete": "deleting", "delete-replaced": "deleting"}


class Journal:
    """One stack's file of them. No secret is in it."""

    def __init__(self, path: Path) -> None:
        self.path, self._lock = path, threading.Lock()

    def take(self, event: EngineEvent) -> None:
        """Write down the operation that an event says has failed."""
        if event.res_op_failed_event is None:
            return
        step = event.res_op_failed_event.metadata
        kind, state = _KINDS.get(str(getattr(step.op, "value", step.op))), step.new or step.old
        if kind is None or state is None or not state.custom:
            return
        about = {"urn": step.urn, "type": step.type, "custom": True, "provider": state.provider}
        about |= {
            "parent": state.parent,
            "protect": bool(state.protect),
            "retainOnDelete": bool(state.retain_on_delete),
        }
        entry = {"type": kind, "resource": {**about, "inputs": _open(dict(state.inputs or {}))}}
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            known = self.entries()
            self.path.touch(mode=0o600)
            self.path.write_text(json.dumps([*known, entry], indent=1))

    def entries(self) -> list[dict[str, Any]]:
        """What is not settled, in the form of a deployment's `pending_operations`, oldest first."""
        return list(json.loads(self.path.read_text())) if self.path.exists() else []

    def clear(self) -> None:
        """All of it is settled."""
        self.path.unlink(missing_ok=True)


def _open(value: Any) -> Any:
    """The tree without its secrets: they are in the program, and will be an update.

    What lies beside a secret stays: the program may have the engine keep what the state has (`ignore_changes`). A list
    that holds one goes as a whole, for its items are known by their places.
    """
    if isinstance(value, dict):
        return {key: _open(item) for key, item in value.items() if not _hidden(item)}
    return value


def _hidden(value: Any) -> bool:
    """Whether it is a secret, or a list with one in it."""
    if isinstance(value, dict):
        return SEALED in value
    return HIDDEN in json.dumps(value)
