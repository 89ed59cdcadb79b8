from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.network.plan import Range, part, zonal

REGION = st.integers(0, 255).map(lambda octet: IPv4Network(f"10.{octet}.0.0/16"))


@given(REGION)
def test_the_parts_lie_in_the_region_and_apart(cidr: IPv4Network) -> None:
    parts = [part(cidr, name) for name in Range]
    assert all(p.subnet_of(cidr) for p in parts)
    assert not any(a.overlaps(b) for a, b in combinations(parts, 2))


@given(REGION, st.sampled_from(Range))
def test_four_zones_divide_a_part_evenly(cidr: IPv4Network, name: Range) -> None:
    zones = [zonal(cidr, name, position) for position in range(4)]
    assert sum(zone.num_addresses for zone in zones) == part(cidr, name).num_addresses
    assert not any(a.overlaps(b) for a, b in combinations(zones, 2))


def test_the_plan_never_moves() -> None:
    """A range that moves is a subnet replaced, with all that stands in it."""
    cidr = IPv4Network("10.16.0.0/16")
    assert {str(name): str(part(cidr, name)) for name in Range} == {
        "workloads": "10.16.0.0/18",
        "pods": "10.16.64.0/18",
        "services": "10.16.128.0/20",
        "endpoints": "10.16.144.0/20",
        "egress": "10.16.160.0/20",
        "ingest": "10.16.176.0/20",
        "databases": "10.16.192.0/20",
        "control": "10.16.208.0/24",
    }


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="is a /16"):
        part(IPv4Network("10.16.0.0/20"), Range.PODS)
