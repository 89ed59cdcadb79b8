"""Bringing back what a store held: the commands of a cloud's own program, told from the stack's state.

`components.recovery` says for every store and cloud what can be recovered; docs/recover.md what to do around it.
What is restored is made beside what is there: nothing here deletes, and nothing is taken into the program.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from components.recovery import RECOVERIES, Kind, Loss
from fleet.recovery import aws, azure, gcp
from fleet.recovery.wanted import Ask, RecoveryError, Step, Wanted, stores

__all__ = ["COMMANDS", "Ask", "RecoveryError", "Step", "Wanted", "kind_of", "steps", "stores"]

COMMANDS: Mapping[Kind, Mapping[str, Callable[[Wanted], Iterator[Step]]]] = {
    Kind.POSTGRES: {"aws": aws.postgres, "gcp": gcp.postgres, "azure": azure.postgres},
    Kind.CACHE: {"aws": aws.cache},
    Kind.BUCKET: {"aws": aws.bucket, "gcp": gcp.bucket, "azure": azure.bucket},
    Kind.SECRET: {"aws": aws.secret, "gcp": gcp.secret, "azure": azure.secret},
    Kind.KEY: {"aws": aws.key, "gcp": gcp.key, "azure": azure.key},
}


def kind_of(store: str, resources: Sequence[Mapping[str, Any]]) -> Kind:
    """The kind of one of a stack's stores. Raises `RecoveryError` for one that it does not have."""
    there = stores(resources)
    if store not in there:
        raise RecoveryError(f"there is no store {store!r} in the state; there are {', '.join(there) or 'none'}")
    return there[store]


def steps(cloud: str, wanted: Wanted) -> Iterator[Step]:
    """What brings the store back, in order. Raises `RecoveryError` where that is no command, and says what is."""
    kind = kind_of(wanted.store, wanted.resources)
    found = COMMANDS.get(kind, {}).get(cloud)
    if found is None:
        ways = RECOVERIES[kind][cloud]
        told = "; ".join(f"{loss}: {about.way}, {about.how}" for loss, about in ways.items() if loss != Loss.REGION)
        raise RecoveryError(f"{wanted.store} is not brought back by a command. {told} (docs/recover.md)")
    yield from found(wanted)
