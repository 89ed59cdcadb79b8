"""Settings that have parts: the components' own arguments, read as strictly as the rest, in camel case too."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from pydantic import ConfigDict, with_config
from pydantic.alias_generators import to_camel

from components.cache import Size as CacheSize
from components.cluster import BreakGlass, PoolArgs, Window
from components.dataplane import KubernetesArgs
from components.peering import Peer
from components.postgres import Capacity

NAMES = ConfigDict(extra="forbid", alias_generator=to_camel)


@dataclass(frozen=True)
class CacheCapacity:
    """How much of a cache it is."""

    size: CacheSize = CacheSize.SMALL


@dataclass(frozen=True)
class WayOut:
    """What may be reached from the egress pool (`components.egress.EgressArgs`). No domains: nothing can leave."""

    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class WayIn:
    """Who may reach the entry points by private link (`components.ingest.IngestArgs`). No consumers: there are none."""

    consumers: tuple[str, ...] = ()


_PARTS: dict[tuple[str, ...], type] = {
    ("postgres",): Capacity,
    ("cache",): CacheCapacity,
    ("egress",): WayOut,
    ("ingest",): WayIn,
    ("peers", "*"): Peer,
    ("kubernetes",): KubernetesArgs,
    ("kubernetes", "window"): Window,
    ("kubernetes", "breakGlass"): BreakGlass,
    ("kubernetes", "pools", "*"): PoolArgs,
}

for part in _PARTS.values():
    with_config(NAMES)(part)


def names(path: Sequence[str]) -> list[str]:
    """What may be set in the part that `path` leads to, by its names in files; nothing for what has no parts."""
    for known, part in _PARTS.items():
        if len(known) == len(path) and all(a in (b, "*") for a, b in zip(known, path, strict=True)):
            return [to_camel(field.name) for field in fields(part)]
    return []
