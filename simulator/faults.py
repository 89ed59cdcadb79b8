"""Faults asked for by name: what goes wrong between an engine and a cloud, and when.

`STATE.faults`, beside the state file, is a JSON list, read again and counted from the start whenever it changes:

    [{"kind": "lost", "package": "aws", "operation": "Create", "at": 12}]

`package`, `operation`: `aws`, `gcp`, `azure-native`; `Create`, `Update`, `Delete`. `at`: the which-th of those, counted
over the package; `fresh`: only those on resources count that no fault has struck since the clouds were started, so that
each can be struck once. `times`: how many attempts in a row go wrong; a provider tries a throttled or transient call
again by itself, `RETRIES` times, and the engine sees only what outlasts that; unless given, it does. Each fault that
the engine has met is a line of `STATE.faults.met`, with the URN of what it struck.
"""

import contextlib
import functools
import json
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import grpc

from simulator.cloud import Refusal, Source


class Kind(NamedTuple):
    """One kind of fault. made: whether the cloud did what it was asked all the same.

    codes: each cloud's own code and message; a kind without breaks a connection instead. retried: whether providers try
    again by themselves. says: for docs/fidelity.md.
    """

    says: str
    made: bool
    codes: dict[str, tuple[str, str]]
    retried: bool = False


_LOST = "connection reset by peer"
KINDS = {
    "throttled": Kind(
        "nothing is made; the cloud wants fewer calls",
        False,
        {
            "aws": ("ThrottlingException", "Rate exceeded"),
            "gcp": ("429 rateLimitExceeded", "Rate Limit Exceeded"),
            "azure-native": ("TooManyRequests", "The request is being throttled"),
        },
        retried=True,
    ),
    "transient": Kind(
        "nothing is made; the cloud has an error of its own",
        False,
        {
            "aws": ("InternalError", "An internal error has occurred"),
            "gcp": ("503 backendError", "Backend Error"),
            "azure-native": ("InternalServerError", "An error occurred"),
        },
        retried=True,
    ),
    "quota": Kind(
        "nothing is made; the account may have no more of it",
        False,
        {
            "aws": ("LimitExceeded", "The maximum number of resources of this type has been reached"),
            "gcp": ("403 quotaExceeded", "Quota exceeded"),
            "azure-native": ("QuotaExceeded", "Operation could not be completed as it results in exceeding quota"),
        },
    ),
    "lost": Kind(
        "it is made; the provider loses the answer, and gives up with an error",
        True,
        {"aws": ("RequestError", _LOST), "gcp": ("502", _LOST), "azure-native": ("RequestFailed", _LOST)},
    ),
    "provider": Kind(
        "it is made; the provider's process dies before it tells: what else it was doing gets no answer either, and "
        "it takes no further call from that engine (one server plays all packages, so only its connection goes)",
        True,
        {},
    ),
    "engine": Kind(
        "it is made; the engine is killed (SIGKILL) before it hears of it (found through /proc, so on Linux)", True, {}
    ),
}

RETRIES = {"aws": 25, "gcp": 4, "azure-native": 3}
"""How often a provider tries again; `maxRetries` of pulumi-aws, and what Google's and Azure's clients do."""
SOURCES = (
    Source("error codes: EC2 and common AWS errors, Google Cloud API errors, Azure Resource Manager errors", "D"),
    Source("numbers of retries: the providers' defaults", "K"),
)


@dataclass(frozen=True)
class Fault:
    """One fault; see above."""

    kind: str
    package: str
    operation: str = "Create"
    at: int = 1
    times: int | None = None
    fresh: bool = False

    @property
    def seen(self) -> bool:
        """Whether the engine sees it, after what the provider does about it by itself."""
        kind = KINDS[self.kind]
        return not kind.retried or self.times is None or self.times > RETRIES[self.package]


class Faults:
    """The faults of one state file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._lock = path, threading.Lock()
        self._read, self._asked = 0, list[Fault]()
        self._counted: Counter[tuple[str, str, bool]] = Counter()
        self._struck = set[str]()
        self._dead: set[str] = set()

    def due(self, package: str, operation: str, urn: str) -> Fault | None:
        """The fault that this operation meets, if any; counts the operation."""
        with self._lock:
            self._refresh()
            for fresh in (False, True) if urn not in self._struck else (False,):
                self._counted[package, operation, fresh] += 1
            for fault in self._asked:
                counted = self._counted[package, operation, fault.fresh]
                due = (fault.package, fault.operation, fault.at) == (package, operation, counted)
                if due and fault.seen and not (fault.fresh and urn in self._struck):
                    self._struck.add(urn)
                    return fault
            return None

    def _refresh(self) -> None:
        changed = self._path.stat().st_mtime_ns if self._path and self._path.exists() else 0
        if changed != self._read:
            self._read, self._counted = changed, Counter()
            text = self._path.read_text() if self._path and changed else "[]"
            self._asked = [Fault(**fault) for fault in json.loads(text)]

    @contextlib.contextmanager
    def around(self, package: str, operation: str, urn: str, context: grpc.ServicerContext) -> Iterator[None]:
        """Do what is inside, and meet the fault that is due. Raises Refusal, or breaks the connection."""
        fault = self.due(package, operation, urn)
        if fault and self._path:
            with self._path.with_name(f"{self._path.name}.met").open("a") as met:
                print(json.dumps({**asdict(fault), "urn": urn}), file=met)
        kind = KINDS[fault.kind] if fault else None
        if kind and not kind.made:
            raise Refusal(*kind.codes[package])
        yield
        if kind and kind.codes:
            raise Refusal(*kind.codes[package])
        if fault and fault.kind == "engine":
            os.kill(_process(context.peer()), signal.SIGKILL)
        elif fault:
            self._dead.add(context.peer())

    def alive(self, context: grpc.ServicerContext) -> None:
        """Answer nothing more to an engine whose provider has died."""
        if context.peer() in self._dead:
            context.abort(grpc.StatusCode.UNAVAILABLE, "error reading from server: EOF")

    def revive(self, context: grpc.ServicerContext) -> None:
        """Another engine has come, perhaps to a port that was had before."""
        self._dead.discard(context.peer())


def answering(method: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    """Send a refusal as the one line that the engine shows; a call that changes something may meet a fault."""
    changes = method.__name__ in ("Create", "Update", "Delete")

    @functools.wraps(method)
    def call(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        faults: Faults = self.faults
        faults.alive(context)
        due = changes and not getattr(request, "preview", False)
        try:
            around = faults.around(self.package, method.__name__, request.urn, context) if due else None
            with around or contextlib.nullcontext():
                answer = method(self, request, context)
        except Refusal as refusal:
            line = self.cloud.error.format(code=refusal.code, message=" ".join(refusal.message.split()))
            context.abort(grpc.StatusCode.UNKNOWN, line)
        faults.alive(context)
        return answer

    return call


def _process(peer: str) -> int:
    """The process at the other end of a connection of this one's on loopback.

    Its port alone does not tell: others may have the same one, for connections to elsewhere.
    """
    theirs, own = int(peer.rpartition(":")[2]), _sockets("/proc/self")
    ends = list(_connections())
    ours = {local for local, remote, inode in ends if remote == theirs and inode in own}
    for local, remote, inode in ends:
        if local == theirs and remote in ours and inode not in own:
            return _holder(inode)
    raise LookupError(f"no process at {peer}")


def _connections() -> Iterator[tuple[int, int, str]]:
    """Each socket's own port, the port that it is connected to, and its inode, which is 0 once nobody has it."""
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            fields = line.split()
            local, remote = (int(fields[end].rpartition(":")[2], 16) for end in (1, 2))
            if int(fields[9]):
                yield local, remote, fields[9]


def _holder(inode: str) -> int:
    for process in Path("/proc").glob("[0-9]*"):
        if inode in _sockets(str(process)):
            return int(process.name)
    raise LookupError(f"nobody has socket {inode}")


def _sockets(process: str) -> set[str]:
    """The inodes of the sockets that a process has open: none of one that is another's, or gone."""
    found = set()
    with contextlib.suppress(OSError):
        for entry in list(Path(process, "fd").iterdir()):
            with contextlib.suppress(OSError):
                found.update(re.findall(r"^socket:\[(\d+)\]$", str(entry.readlink())))
    return found
