"""The catalogue of regions: one row per region of each cloud, with its zones, its network range and its quirks.

`regions.json` is the one home of these facts. A region's `cidr` never changes once given.
"""

import json
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region.

    zones: what a data plane can be spread over, in the order it takes them: AWS zone ids without those that EKS
        refuses, Google Cloud zone names, Azure logical zone numbers.
    status: `available`, or why not: `restricted`, `disrupted`, `coming-soon`.
    missing: services that the region lacks.
    opt_in: whether an account must enable it first.
    source: where the row's facts were read.
    """

    cloud: str
    region: str
    name: str
    geography: str
    status: str
    cidr: IPv4Network
    zones: tuple[str, ...]
    missing: tuple[str, ...]
    opt_in: bool
    notes: str
    source: str


@cache
def regions(cloud: str) -> dict[str, Region]:
    """The regions of `aws`, `gcp` or `azure`, by the cloud's own name of the region; empty for any other word."""
    rows: list[dict[str, Any]] = json.loads((Path(__file__).parent / "regions.json").read_text())
    return {
        row["region"]: Region(
            **row | {"cidr": IPv4Network(row["cidr"]), "zones": tuple(row["zones"]), "missing": tuple(row["missing"])}
        )
        for row in rows
        if row["cloud"] == cloud
    }
