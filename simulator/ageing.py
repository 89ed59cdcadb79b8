"""Time passing in the simulated clouds: keys that rotate by themselves have done so.

`python -m simulator.ageing FILE DAYS` ages the clouds kept in a state file that no server has open. Only keys age: what
uses them stays as it was, as in the real clouds, until it is told or looks for itself.
"""

import fcntl
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from simulator.client import beside
from simulator.state import Record, Store
from simulator.values import Props, at

DAY = 86_400


def _versions(record: Record, periods: int) -> Props:
    """The primary version of a CryptoKey has a number that goes up (`gcp.kms.CryptoKey`, primaries)."""
    name, _, number = str(record.outputs["primaries"][0]["name"]).rpartition("/")
    return {"primaries": [{"name": f"{name}/{int(number) + periods}", "state": "ENABLED"}]}


def _uri(record: Record, periods: int) -> Props:
    """A Key Vault key's current version is another 32 digits (`azure_native.keyvault.Key`, key_uri_with_version)."""
    key, _, version = str(record.outputs["keyUriWithVersion"]).rpartition("/")
    return {"keyUriWithVersion": f"{key}/{(int(version, 16) + periods) % 16**32:032x}"}


def _seconds(record: Record) -> float | None:
    period = re.fullmatch(r"([\d.]+)s", str(record.inputs.get("rotationPeriod")))
    return float(period[1]) if period else None


def _days(record: Record) -> float | None:
    actions = at(record.inputs, "properties.rotationPolicy.lifetimeActions")
    rotate = [action for action in actions if "rotate" in at(action, "action.type")]
    found = [
        re.fullmatch(r"P(\d+)D", str(after)) for action in rotate for after in at(action, "trigger.timeAfterCreate")
    ]
    return float(found[0][1]) * DAY if found and found[0] else None


KEYS: dict[str, tuple[Callable[[Record], float | None], Callable[[Record, int], Props]]] = {
    "gcp:kms/cryptoKey:CryptoKey": (_seconds, _versions),
    "azure-native:keyvault:Key": (_days, _uri),
}
"""How often a key of each type rotates, in seconds, and what that changes in it. AWS shows nothing of it: the material
changes behind the same ARN."""


def _had(file: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _has_client(state: Path) -> bool:
    """Whether a client shares the lease: nobody does when it can be had alone, or when the server has it alone."""
    with beside(state, "lease").open("a") as lease:
        return not _had(lease, fcntl.LOCK_EX) and _had(lease, fcntl.LOCK_SH)


def age(state: Path, days: int) -> list[str]:
    """Let days pass; the ids of the keys that have rotated. `SystemExit` while a client holds the clouds open."""
    with beside(state, "lock").open("a") as lock:
        if not _had(lock, fcntl.LOCK_EX) and _has_client(state) and not _had(lock, fcntl.LOCK_EX):
            raise SystemExit(f"{state} is in use by the simulated clouds; end what runs against them first")
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits for a server that is leaving to be gone
        store = Store(state)
        rotated = []
        for record in (record for package in ("gcp", "azure-native") for record in store.all(package)):
            if record.type in KEYS:
                period, change = KEYS[record.type]
                every = period(record)
                if every and (periods := int(days * DAY // every)):
                    store.write(replace(record, outputs=record.outputs | change(record, periods)))
                    rotated.append(record.id)
        store.close()
    return rotated


if __name__ == "__main__":
    print(*age(Path(sys.argv[1]).resolve(), int(sys.argv[2])), sep="\n")
