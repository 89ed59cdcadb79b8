"""What exists in the simulated clouds: one SQLite file, one transaction per operation.

Secrets are stored as a keyed digest (HMAC-SHA256 under a random key made with the file): enough to see whether a value
changed, useless for reading it.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from simulator.values import Props, Secret, mapped, plain

_SEALED = "$sealed"


@dataclass(frozen=True)
class Record:
    """One thing that exists, or whose name is still taken after its deletion (`alive` False).

    key: what no second resource of this type may have (a global name, an ARM id). seed: what its ids were made from.
    seq: the order of creation.
    """

    package: str
    account: str
    region: str
    type: str
    id: str
    key: str
    inputs: Props
    outputs: Props
    seed: int
    alive: bool = True
    seq: int = 0

    def get(self, name: str) -> Any:
        """A property: `id`, else the output, else the input of that name, else None."""
        return self.id if name == "id" else self.outputs.get(name, self.inputs.get(name))


class Store:
    """The records of one state file, mirrored in memory; `lock` is held for the length of an operation."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises sqlite3.DatabaseError if it is something else."""
        self.lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # In WAL mode a commit is in the kernel's hands: a killed process loses nothing, a power cut may.
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS record (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);"
        )
        self._database.execute("INSERT OR IGNORE INTO meta VALUES ('digest key', ?)", [secrets.token_hex(32)])
        self._key = bytes.fromhex(self._database.execute("SELECT value FROM meta").fetchone()[0])
        rows = self._database.execute("SELECT seq, body FROM record ORDER BY seq")
        self._records = {seq: Record(**{**json.loads(body), "seq": seq}) for seq, body in rows}

    def close(self) -> None:
        """Close the file; everything acknowledged is already in it."""
        self._database.close()

    def all(self, package: str, account: str | None = None) -> Iterator[Record]:
        """What exists of a package, in order of creation."""
        for record in list(self._records.values()):
            if record.alive and record.package == package and account in (None, record.account):
                yield record

    def holder(self, package: str, type_: str, key: str) -> Record | None:
        """Who has, or still blocks, this key among the resources of this type."""
        wanted = (package, type_, key)
        return next((r for r in self._records.values() if (r.package, r.type, r.key) == wanted), None)

    def insert(self, record: Record) -> None:
        """Write a new record, whatever `seq` it has."""
        self.write(replace(record, seq=0))

    def write(self, record: Record) -> None:
        """Write what has become of a record, its secrets sealed."""
        record = replace(record, inputs=self.seal(record.inputs), outputs=self.seal(record.outputs))
        row = [record.seq or None, json.dumps(asdict(record))]
        made = self._database.execute("INSERT OR REPLACE INTO record (seq, body) VALUES (?, ?)", row)
        seq = record.seq or made.lastrowid or 0
        self._records[seq] = replace(record, seq=seq)

    def remove(self, record: Record) -> None:
        """Take a record out, its key free again."""
        self._database.execute("DELETE FROM record WHERE seq = ?", [record.seq])
        del self._records[record.seq]

    def seal(self, value: Any) -> Any:
        """The tree with every `Secret` replaced by its digest."""

        def sealed(leaf: Any) -> Any:
            text = json.dumps(plain(leaf), sort_keys=True, default=str).encode()
            return {_SEALED: hmac.digest(self._key, text, hashlib.sha256).hex()} if isinstance(leaf, Secret) else leaf

        return mapped(value, sealed)

    def unseal(self, value: Any, given: Any) -> Any:
        """The stored tree with digests replaced by the values the caller already has, if they are still the same.

        A secret that the caller does not have, or that has changed since, reads as a text that says so.
        """
        given = given.value if isinstance(given, Secret) else given
        if isinstance(value, dict) and _SEALED in value:
            same = self.seal(Secret(given)) == value
            return Secret(plain(given) if same else "[secret, not kept by the simulated cloud]")
        if isinstance(value, dict):
            theirs = given if isinstance(given, dict) else {}
            return {key: self.unseal(item, theirs.get(key)) for key, item in value.items()}
        if isinstance(value, list):
            padded = [*(given if isinstance(given, list) else []), *[None] * len(value)]
            return [self.unseal(item, padded[index]) for index, item in enumerate(value)]
        return value
