"""Which regions and zones exist: the catalogue that the product itself keeps."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

_CATALOGUE = Path(__file__).parent.parent / "infra" / "catalogue" / "regions.json"


@functools.cache
def regions(cloud: str) -> Mapping[str, tuple[str, ...]]:
    """The regions of `aws`, `gcp` or `azure`, with the names of their zones."""
    entries = json.loads(_CATALOGUE.read_text())
    return {entry["region"]: tuple(entry["zones"]) for entry in entries if entry["cloud"] == cloud}


@functools.cache
def opt_in(region: str) -> bool:
    """Whether an AWS account must enable the region first."""
    entries = json.loads(_CATALOGUE.read_text())
    return any(entry["opt_in"] for entry in entries if (entry["cloud"], entry["region"]) == ("aws", region))
