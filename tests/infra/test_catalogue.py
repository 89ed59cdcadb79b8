from itertools import combinations

import pytest

from infra.catalogue import regions

EVERY = [row for cloud in ("aws", "gcp", "azure") for row in regions(cloud).values()]


def test_no_two_regions_share_addresses() -> None:
    assert not [(a.region, b.region) for a, b in combinations(EVERY, 2) if a.cidr.overlaps(b.cidr)]


def test_every_range_is_a_private_16() -> None:
    assert all(row.cidr.prefixlen == 16 and row.cidr.is_private for row in EVERY)


@pytest.mark.parametrize("row", EVERY, ids=lambda row: f"{row.cloud}-{row.region}")
def test_a_region_names_its_source_and_no_zone_twice(row) -> None:  # type: ignore[no-untyped-def] # parametrized
    assert row.source
    assert len(set(row.zones)) == len(row.zones)


def test_the_ranges_once_given_stay() -> None:
    """A network cannot change its range: these are in use."""
    given = {"us-east-1": "10.16.0.0/16", "us-east4": "10.22.0.0/16", "eastus2": "10.28.0.0/16"}
    assert {row.region: str(row.cidr) for row in EVERY if row.region in given} == given
